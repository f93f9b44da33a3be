"""What differs between two versions of an instrument, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.instrument import (
    Basis,
    Direction,
    Domain,
    Instrument,
    Limit,
    Question,
    Scale,
)
from assessment.level_rules import Condition, RuleKind, Subject, Table
from assessment.numbers import number_text

Piece = dict[str, str]
Pieces = dict[tuple[str, str], Piece]
"""The parts of an instrument by kind and name, each with its fields in words."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: added, removed, changed or moved; "" where nothing stands."""

    kind: str
    place: str
    what: str
    before: str
    after: str


def difference(old: Instrument, new: Instrument) -> tuple[Change, ...]:
    """Return every change from the old to the new, in the new one's reading order."""
    return (*_changes(dict(_pieces(old)), dict(_pieces(new))), *_moves(old, new))


def _changes(old: Pieces, new: Pieces) -> Iterator[Change]:
    for key, piece in new.items():
        place = _place(*key)
        if key in old:
            yield from _field_changes(place, old[key], piece)
        else:
            yield Change("added", place, "", "", _told(piece))
    for key, piece in old.items():
        if key not in new:
            yield Change("removed", _place(*key), "", _told(piece), "")


def _field_changes(place: str, old: Piece, new: Piece) -> Iterator[Change]:
    for what in dict.fromkeys((*new, *old)):
        before, after = old.get(what, ""), new.get(what, "")
        if before != after:
            yield Change("changed", place, what, before, after)


def _place(kind: str, name: str) -> str:
    return f"{kind} ”{name}”" if name else kind


def _told(piece: Piece) -> str:
    return "; ".join(f"{what}: {text}" for what, text in piece.items() if text)


def _moves(old: Instrument, new: Instrument) -> Iterator[Change]:
    """Name the lists whose remaining parts stand in another order."""
    orders = dict(_orders(old))
    for place, after in _orders(new):
        before = orders.get(place, after)
        kept = [name for name in before if name in after]
        now = [name for name in after if name in before]
        if kept != now:
            yield Change("moved", place, "ordning", ", ".join(kept), ", ".join(now))


def _orders(instrument: Instrument) -> Iterator[tuple[str, Sequence[str]]]:
    yield "områden", [domain.id for domain in instrument.domains]
    yield "frågor", [question.id for question in instrument.questions()]
    yield "skalor", [scale.id for scale in instrument.scales]
    for scale in instrument.scales:
        yield _place("skalan", scale.id), [step.code for step in scale.steps]
    yield "nivåer", [level.label for level in instrument.levels]
    yield "gränser", [limit.level for limit in instrument.limits]
    yield "regler", [rule.id for rule in instrument.rules]
    yield "beslut", [decision.id for decision in instrument.decisions]
    yield "tabeller", [table.id for table in instrument.tables]
    for table in instrument.tables:
        rows = [", ".join(row.bands) for row in table.rows]
        yield _place("tabellen", table.id), rows


def _pieces(instrument: Instrument) -> Iterator[tuple[tuple[str, str], Piece]]:
    yield ("instrumentet", ""), _head(instrument)
    for domain in instrument.domains:
        yield ("området", domain.id), {"titel": domain.title, "text": domain.text}
        for question in domain.questions:
            yield ("frågan", question.id), _question(domain, question)
    for scale in instrument.scales:
        yield ("skalan", scale.id), _scale(scale)
    for level in instrument.levels:
        yield (
            ("nivån", level.label),
            {"prisnivå": level.price_level, "betyder": level.text},
        )
    for limit in instrument.limits:
        yield ("gränsen för nivå", limit.level), {"poäng": _limit(limit)}
    yield from _rules(instrument)


def _head(instrument: Instrument) -> Piece:
    descending = instrument.direction is Direction.DESCENDING
    share = instrument.basis is Basis.SHARE
    return {
        "namn": instrument.id,
        "version": instrument.version,
        "titel": instrument.title,
        "källa": instrument.source,
        "text": instrument.text,
        "riktning": "fler poäng är "
        + ("mindre behov" if descending else "större behov"),
        "gränserna gäller": "procent av det högsta" if share else "poäng",
        "ej relevant sänker det högsta": _yes(instrument.irrelevant_lowers_maximum),
    }


def _question(domain: Domain, question: Question) -> Piece:
    described = {
        f"beskrivning av svaret ”{code}”": text for code, text in question.descriptions
    }
    return {
        "område": domain.id,
        "text": question.text,
        "skala": question.scale,
        "vikt": _number(question.weight),
        "måste besvaras": _yes(question.required),
        "kan vara ej relevant": _yes(question.may_be_irrelevant),
        "ställs när": _when(question.shown_when),
        **described,
    }


def _scale(scale: Scale) -> Piece:
    return {
        f"svaret ”{step.code}”": f"{_number(step.points)} poäng, {step.label}"
        for step in scale.steps
    }


def _limit(limit: Limit) -> str:
    parts = []
    if limit.low is not None:
        word = "från och med" if limit.low_included else "över"
        parts.append(f"{word} {_number(limit.low)}")
    if limit.high is not None:
        word = "till och med" if limit.high_included else "under"
        parts.append(f"{word} {_number(limit.high)}")
    return " ".join(parts) or "alla"


def _rules(instrument: Instrument) -> Iterator[tuple[tuple[str, str], Piece]]:
    for rule in instrument.rules:
        lifts = rule.kind is RuleKind.FLOOR
        yield (
            ("regeln", rule.id),
            {
                "text": rule.text,
                "när": _when(rule.when),
                "ger": f"{'minst ' if lifts else ''}nivå {rule.level}",
            },
        )
    for decision in instrument.decisions:
        yield (
            ("beslutet", decision.id),
            {
                "text": decision.text,
                "när": _when(decision.when) or "annars",
                "ger": f"nivå {decision.level}",
            },
        )
    for table in instrument.tables:
        yield ("tabellen", table.id), _table(table)
    for interval in instrument.reassessment:
        yield (
            ("ny bedömning från åldern", str(interval.from_age)),
            {"månader": str(interval.months)},
        )


def _table(table: Table) -> Piece:
    keys = {
        f"nyckel {number}, {subject_words(key)}": ", ".join(
            f"{band.label} ({_bounds(band.at_least, band.at_most)})"
            for band in key.bands
        )
        for number, key in enumerate(table.keys, 1)
    }
    rows = {f"rad {', '.join(row.bands)}": f"nivå {row.level}" for row in table.rows}
    return {"text": table.text, **keys, **rows}


def _when(conditions: tuple[Condition, ...]) -> str:
    return " och ".join(condition_words(condition) for condition in conditions)


def condition_words(condition: Condition) -> str:
    """Say a condition as people do.

    >>> condition_words(Condition("resa", at_least=Decimal(2)))
    'frågan ”resa” ger minst 2'
    """
    bounds = _bounds(condition.at_least, condition.at_most)
    return f"{subject_words(condition)} ger {bounds}"


def subject_words(subject: Subject) -> str:
    match subject.named:
        case "total":
            return "summan"
        case "domain":
            return f"området ”{subject.domain}”"
    return f"frågan ”{subject.question}”"


def _bounds(least: Decimal | None, most: Decimal | None) -> str:
    parts = []
    if least is not None:
        parts.append(f"minst {_number(least)}")
    if most is not None:
        parts.append(f"högst {_number(most)}")
    return " och ".join(parts) or "vad som helst"


def _number(number: Decimal) -> str:
    return number_text(number).replace(".", ",")


def _yes(value: bool) -> str:  # noqa: FBT001 - one word for one value
    return "ja" if value else "nej"
