"""Faults in conditions, rules, decisions, tables and intervals."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from assessment.errors import Fault
from assessment.instrument import Instrument, Scale
from assessment.level_rules import Band, Condition, Subject, Table, TableKey
from assessment.reach import span, summed

Scales = dict[str, Scale | None]


def repeated(place: str, names: Iterable[str]) -> Iterator[Fault]:
    for name, times in Counter(name for name in names if name).items():
        if times > 1:
            yield Fault(
                place,
                f"”{name}” finns {times} gånger.",
                "Ge varje del ett eget namn.",
            )


def unknown(place: str, what: str, name: str) -> Fault:
    return Fault(
        place,
        f"{what} ”{name}” finns inte i instrumentet.",
        "Rätta namnet, eller lägg till delen.",
    )


def faults_in_rules(instrument: Instrument) -> Iterator[Fault]:
    """Yield what is wrong with what gives or changes a level beside the limits."""
    yield from repeated(
        "regler, beslut och tabeller",
        (
            *(rule.id for rule in instrument.rules),
            *(decision.id for decision in instrument.decisions),
            *(table.id for table in instrument.tables),
        ),
    )
    for number, rule in enumerate(instrument.rules, 1):
        yield from _giving_faults(instrument, f"regel {number}", rule.level, rule.when)
    for number, row in enumerate(instrument.decisions, 1):
        yield from _giving_faults(instrument, f"beslut {number}", row.level, row.when)
    for number, table in enumerate(instrument.tables, 1):
        yield from _table_faults(instrument, f"tabell {number}", table)
    yield from _interval_faults(instrument)


def _giving_faults(
    instrument: Instrument, place: str, level: str, when: tuple[Condition, ...]
) -> Iterator[Fault]:
    yield from _level_faults(instrument, place, level)
    scales = {scale.id: scale for scale in instrument.scales}
    known: Scales = {
        question.id: scales.get(question.scale) for question in instrument.questions()
    }
    for number, condition in enumerate(when, 1):
        yield from condition_faults(
            instrument, f"{place}, fältet when, villkor {number}", condition, known
        )


def _level_faults(instrument: Instrument, place: str, level: str) -> Iterator[Fault]:
    if level and level not in {item.label for item in instrument.levels}:
        yield unknown(f"{place}, fältet level", "Nivån", level)


def earlier_faults(
    instrument: Instrument,
    place: str,
    conditions: tuple[Condition, ...],
    before: Scales,
) -> Iterator[Fault]:
    """Yield faults in what shows a question: earlier questions only."""
    for number, condition in enumerate(conditions, 1):
        where = f"{place}, villkor {number}"
        if condition.named != "question":
            yield Fault(
                where,
                "Vad som visar en fråga kan inte hänga på en summa.",
                "Hänvisa till en fråga som står tidigare.",
            )
        else:
            yield from condition_faults(
                instrument, where, condition, before, earlier=True
            )


def condition_faults(
    instrument: Instrument,
    place: str,
    condition: Condition,
    known: Scales,
    *,
    earlier: bool = False,
) -> Iterator[Fault]:
    yield from _subject_faults(instrument, place, condition, known, earlier=earlier)
    bounds = (condition.at_least, condition.at_most)
    if bounds == (None, None):
        yield Fault(
            place,
            "Villkoret har ingen gräns.",
            "Ange at_least, at_most eller båda.",
        )
    elif not can_fall(instrument, condition, condition, known):
        yield Fault(
            place,
            "Inget svar i frågans skala kan uppfylla villkoret."
            if condition.named == "question"
            else "Ingen summa som kan bli uppfyller villkoret.",
            "Ändra gränsen så att minst ett svar når den.",
        )


def _subject_faults(
    instrument: Instrument,
    place: str,
    subject: Subject,
    known: Scales,
    *,
    earlier: bool = False,
) -> Iterator[Fault]:
    if subject.question and subject.question not in known:
        yield Fault(
            place,
            f"Frågan ”{subject.question}” finns inte"
            + (" före den här frågan." if earlier else " i instrumentet."),
            "Hänvisa till en fråga som står tidigare."
            if earlier
            else "Rätta frågans namn.",
        )
    if subject.domain and all(
        subject.domain != domain.id for domain in instrument.domains
    ):
        yield unknown(place, "Området", subject.domain)


def can_fall(
    instrument: Instrument, subject: Subject, bounds: Condition | Band, known: Scales
) -> bool:
    """Tell whether some answers may put the subject's points within the bounds."""
    least, most = bounds.at_least, bounds.at_most
    if any(bound is not None and bound.is_nan() for bound in (least, most)):
        return True
    if subject.named == "question":
        scale = known.get(subject.question)
        points = [] if scale is None else [step.points for step in scale.steps]
        return (
            not points
            or any(point.is_nan() for point in points)
            or any(bounds.holds(point) for point in points)
        )
    questions = summed(instrument, subject)
    reached = span(instrument, questions)
    return not questions or reached is None or _meet(reached, least, most)


def _meet(
    reached: tuple[Decimal, Decimal], least: Decimal | None, most: Decimal | None
) -> bool:
    low = reached[0] if least is None else max(reached[0], least)
    high = reached[1] if most is None else min(reached[1], most)
    return low <= high


def _table_faults(instrument: Instrument, place: str, table: Table) -> Iterator[Fault]:
    scales = {scale.id: scale for scale in instrument.scales}
    known: Scales = {
        question.id: scales.get(question.scale) for question in instrument.questions()
    }
    for number, key in enumerate(table.keys, 1):
        where = f"{place}, nyckel {number}"
        yield from _subject_faults(instrument, where, key, known)
        yield from repeated(where, (band.label for band in key.bands))
        for count, band in enumerate(key.bands, 1):
            if not can_fall(instrument, key, band, known):
                yield Fault(
                    f"{where}, band {count}",
                    f"Inga poäng kan hamna i ”{band.label}”.",
                    "Ändra bandets gränser, eller ta bort bandet.",
                )
        yield from _overlaps(where, key)
    yield from _row_faults(instrument, place, table)


def _overlaps(place: str, key: TableKey) -> Iterator[Fault]:
    if any(
        bound is not None and bound.is_nan()
        for band in key.bands
        for bound in (band.at_least, band.at_most)
    ):
        return
    for one, other in pairwise(in_order(key.bands)):
        if one.at_most is None or other.at_least is None:
            overlap = True
        else:
            overlap = one.at_most >= other.at_least
        if overlap:
            yield Fault(
                place,
                f"Banden ”{one.label}” och ”{other.label}” överlappar varandra.",
                "Ändra det enas gränser så att varje poäng får ett band.",
            )


def in_order(bands: tuple[Band, ...]) -> list[Band]:
    """Sort by the low bound; a band without one comes first."""
    return sorted(
        bands, key=lambda band: (band.at_least is not None, band.at_least or 0)
    )


def _row_faults(instrument: Instrument, place: str, table: Table) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(table.rows, 1):
        where = f"{place}, rad {number}"
        yield from _level_faults(instrument, where, row.level)
        if len(row.bands) != len(table.keys):
            if row.bands and table.keys:
                yield Fault(
                    f"{where}, fältet bands",
                    f"Raden har {len(row.bands)} band men tabellen "
                    f"{len(table.keys)} nycklar.",
                    "Skriv ett band för varje nyckel, i samma ordning.",
                )
            continue
        for key, label in zip(table.keys, row.bands, strict=True):
            if label and label not in {band.label for band in key.bands}:
                yield unknown(f"{where}, fältet bands", "Bandet", label)
        if row.bands in seen:
            yield Fault(
                where,
                f"Raden {', '.join(row.bands)} finns redan.",
                "Låt varje kombination stå en gång.",
            )
        seen.add(row.bands)


def _interval_faults(instrument: Instrument) -> Iterator[Fault]:
    for number, (one, other) in enumerate(pairwise(instrument.reassessment), 2):
        if other.from_age <= one.from_age:
            yield Fault(
                f"intervall {number}, fältet from_age",
                f"Åldern {other.from_age} kommer efter {one.from_age}.",
                "Skriv åldrarna i stigande ordning, var och en en gång.",
            )
