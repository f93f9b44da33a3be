"""A rule set in plain Swedish, section by section; what differs between two."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lovdv.formats import day as day_text
from lovdv.payment_rules.sections import BY_NAME, SECTIONS, Section
from payments import RuleSet, shown
from payments.calendar import NAMES
from payments.rule_rows import (
    WHOLE,
    AbsenceRule,
    EndRule,
    PauseRule,
    Range,
    SupplementRule,
    number,
)

MEASURED = {
    "planned_days_a_week": "planerade dagar i veckan",
    "planned_hours_a_week": "planerade timmar i veckan",
    "planned_hours_a_day": "planerade timmar den dagen",
    "counted_hours_a_day": "räknade timmar den dagen",
}
BASES = {
    "day": "Priset är per dag.",
    "month": "Priset är per månad.",
    "hour": "Priset är per timme.",
    "bundled": "Priset är per dag, och en dags timmar räknas om till delar av en dag.",
}
COUNTED = {
    "planned_less_unpaid_absence": "Planerade dagar betalas, utom frånvaro som är "
    "obetald.",
    "ordered_time": "Beställd tid betalas, oavsett närvaro.",
    "attended": "Dagar med närvaro betalas.",
}
PRORATION = {
    "calendar_days": "efter kalenderdagar",
    "weekdays": "efter vardagar, måndag till fredag",
    "planned_days": "efter planerade dagar",
}
NOT_REPORTED = {
    "waits": "Det som inte är rapporterat väntar; andra betalas.",
    "plan_is_paid": "Det som inte är rapporterat betalas som planerat och stäms av "
    "senare.",
    "not_needed": "Närvaron behöver inte rapporteras för ersättningen.",
}
CONCURRENT = {
    "own": "Varje placering har sin egen omfattningsklass.",
    "total": "Klassen sätts av all planerad tid tillsammans, och priset delas mellan "
    "placeringarna efter tid.",
    "main": "Bara huvudplaceringen betalas.",
}
SAME_HOURS = {
    "held": "Samma timmar på två placeringar hålls inne.",
    "paid": "Samma timmar på två placeringar betalas, och listas i en kontroll.",
}
STEPS = {1: "hela ören", 100: "hela kronor"}
REGIS = {"extern": "externa utförare", "intern": "egen regi", "alla": "alla"}
PER = {"day": "per dag", "month": "per månad", "once": "en gång"}


@dataclass(frozen=True)
class Told:
    """What a rule set says in one section."""

    section: Section
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """A section where two rule sets say different things."""

    section: Section
    before: tuple[str, ...]
    after: tuple[str, ...]


def told(rules: RuleSet, reasons: Mapping[str, str]) -> list[Told]:
    """Every section that has something to say."""
    found = [Told(one, sentences(one, rules, reasons)) for one in SECTIONS]
    return [one for one in found if one.sentences]


def changed(
    before: RuleSet, after: RuleSet, reasons: Mapping[str, str]
) -> list[Changed]:
    """Section by section: the sentences that only one of the two says."""
    pairs = [
        (one, sentences(one, before, reasons), sentences(one, after, reasons))
        for one in SECTIONS
    ]
    return [
        Changed(section, _only(old, new), _only(new, old))
        for section, old, new in pairs
        if old != new
    ]


def _only(mine: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in mine if text not in other)


def sentences(
    section: Section, rules: RuleSet, reasons: Mapping[str, str]
) -> tuple[str, ...]:
    """What a rule set says in one section."""
    if section.key == "slut":
        return tuple(_after_end(one, reasons) for one in rules.after_end)
    return tuple(WORDS[section.key](rules))


def _basis(rules: RuleSet) -> list[str]:
    return [_price(rules), COUNTED[rules.counted]]


def _price(rules: RuleSet) -> str:
    if rules.basis != "schablon_days" or rules.factor is None:
        return BASES[rules.basis]
    return (
        f"Priset är dagspriset × {number(rules.factor)} × planerade dagar i veckan, "
        "per månad."
    )


def _classes(rules: RuleSet) -> list[str]:
    what = MEASURED[rules.measure]
    return [
        f"{one.name.capitalize()}: {_range(one, what)}."
        for one in sorted(rules.classes, key=lambda one: one.lower.value)
    ]


def _range(one: Range, what: str) -> str:
    if one.upper is not None and one.upper.value == one.lower.value:
        return f"{number(one.lower.value)} {what}"
    return one.in_words(what)


def _absences(rules: RuleSet) -> list[str]:
    """What is counted together is told together, in the order of the file."""
    groups: dict[str, list[AbsenceRule]] = {}
    for one in rules.absences:
        if one.effect != "attended" or one.share < WHOLE:
            groups.setdefault(one.group, []).append(one)
    alone = [rows[0] for rows in groups.values() if _is_alone(rows)]
    told = [
        text for rows in groups.values() if not _is_alone(rows) for text in _group(rows)
    ]
    shares = dict.fromkeys(one.share for one in alone)
    told += [_group_sentence(_effects(alone, n), _share(n), ()) for n in shares]
    return [*told, *([_notice(rules)] if rules.notice else [])]


def _is_alone(rows: Sequence[AbsenceRule]) -> bool:
    """One row that counts no days: always paid the same."""
    return len(rows) == 1 and not rows[0].counts


def _effects(rows: Sequence[AbsenceRule], share: int) -> list[str]:
    return [NAMES[one.effect] for one in rows if one.share == share]


def _group(rows: Sequence[AbsenceRule]) -> list[str]:
    """One sentence for the effects that are paid alike."""
    effects: dict[str, list[AbsenceRule]] = {}
    for one in rows:
        effects.setdefault(one.effect, []).append(one)
    alike: dict[str, list[str]] = {}
    for effect, own in effects.items():
        alike.setdefault(_paid(own), []).append(NAMES[effect])
    return [_group_sentence(names, paid, rows) for paid, names in alike.items()]


def _group_sentence(
    names: Sequence[str], paid: str, rows: Sequence[AbsenceRule]
) -> str:
    who = _joined(names)
    if not any(one.counts for one in rows):
        return f"{who[:1].upper()}{who[1:]}: {paid}."
    first = rows[0]
    days = "planerade dagar" if first.counting == "planned_days" else "kalenderdagar"
    again = {"attended": "i rad", "month": "i månaden", "calendar_year": "under året"}
    together = ", räknade ihop" if len({one.effect for one in rows}) > 1 else ""
    how = f"{days} {again[first.restart]}{together}"
    return f"{who[:1].upper()}{who[1:]} ({how}): {paid}."


def _paid(rows: Sequence[AbsenceRule]) -> str:
    ordered = sorted(rows, key=lambda one: one.first)
    if not any(one.counts for one in ordered):
        return _share(ordered[0].share)
    return ", ".join(
        f"{_span(one.first, one.last)} {_share(one.share)}" for one in ordered
    )


def _share(share: int) -> str:
    return "betalas inte" if share == 0 else f"betalas med {share} %"


def _joined(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} och {last}" if most else last


def _span(first: int, last: int | None) -> str:
    if last is None:
        return f"från dag {first}"
    return f"dag {first}" if first == last else f"dag {first} till {last}"


def _notice(rules: RuleSet) -> str:
    notice = rules.notice
    if notice is None:
        return ""
    if notice.days is None or notice.by is None:
        return f"Anmäld i tid är det som anmäls minst {notice.hours} timmar före."
    clock = f"{notice.by // 60}.{notice.by % 60:02}"
    return f"Anmäld i tid är det som anmäls senast {clock}, {notice.days} dagar före."


def _parts(rules: RuleSet) -> list[str]:
    by_minutes = "En del av en dag räknas efter minuter."
    whole = "Dagar räknas hela, aldrig i delar."
    first = by_minutes if rules.part_days == "by_minutes" else whole
    return [first, *(f"{str(one).capitalize()}." for one in rules.bundles)]


def _month(rules: RuleSet) -> list[str]:
    change = rules.change_weeks
    weeks = f"En ändrad omfattning gäller senast {change} veckor efter beställningen."
    told_weeks = [weeks] if change else []
    if not rules.is_monthly:
        return told_weeks
    start = PRORATION.get(rules.proration)
    at_start = f"räknas {start}" if start else "betalas hel"
    at_change = PRORATION.get(rules.at_change)
    words = f"räknas {at_change}" if at_change else "följer det som gällde först"
    return [
        f"En månad där något börjar eller slutar {at_start}.",
        f"En månad där något ändras {words}.",
        *told_weeks,
    ]


def _pauses(rules: RuleSet) -> list[str]:
    if not rules.pauses:
        return [f"Under ett uppehåll betalas {rules.pause_share} %."]
    return [_pause(one) for one in rules.pauses]


def _pause(one: PauseRule) -> str:
    places = {True: " när platsen behålls", False: " när platsen lämnas", None: ""}
    return f"Uppehåll {_span(one.first, one.last)}{places[one.kept]}: {one.share} %."


def _after_end(one: EndRule, reasons: Mapping[str, str]) -> str:
    reason = reasons.get(one.reason, one.reason)
    since = "slutet" if one.since == "end" else "dagen då det meddelades"
    far = f"{one.days} dagar från {since}" if one.days else f"månaden ut från {since}"
    return f"Efter slut med skälet ”{reason}” betalas {one.share} % i {far}."


def _together(rules: RuleSet) -> list[str]:
    return [CONCURRENT[rules.concurrent], SAME_HOURS[rules.same_hours]]


def _reporting(rules: RuleSet) -> list[str]:
    limit = rules.late_months
    late = f"Närvaro får komma högst {limit} månader efter sin månad."
    return [NOT_REPORTED[rules.not_reported], *([late] if limit else [])]


def _supplements(rules: RuleSet) -> list[str]:
    return [_supplement(one) for one in rules.supplements]


def _supplement(one: SupplementRule) -> str:
    amounts = [f"{shown(amount)} från {_day(day)}" for day, amount in one.amounts]
    much = ", ".join(amounts) or "individuellt belopp"
    days = f", {_label('supplements', 'counted', one.counted)}"
    counted = days if one.per == "day" else ""
    proof = " Underlag behövs." if one.needs_proof else ""
    return f"{one.name} ({PER[one.per]}{counted}): {much}.{proof}"


def _label(field: str, part: str, value: str) -> str:
    parts = {one.name: one for one in BY_NAME[field].fields}
    return dict(parts[part].choices).get(value, value)


def _day(day: date) -> str:
    return str(day_text(day))


def _vat(rules: RuleSet) -> list[str]:
    vat = rules.vat
    if vat is None or vat.kind == "none":
        return ["Ingen momskompensation."]
    whose = REGIS[vat.regi]
    if vat.kind == "included":
        return [f"Priset till {whose} innehåller {vat.percent} % momskompensation."]
    return [f"{vat.percent} % momskompensation läggs till för {whose}, på egen rad."]


def _rounding(rules: RuleSet) -> list[str]:
    rate = f"Priset avrundas först till {STEPS[rules.rate_rounding]}."
    first = [rate] if rules.rate_rounding > 1 else []
    return [*first, f"Varje rad avrundas en gång, till {STEPS[rules.rounding]}."]


WORDS: Mapping[str, Callable[[RuleSet], list[str]]] = MappingProxyType(
    {
        "grund": _basis,
        "omfattning": _classes,
        "franvaro": _absences,
        "delar": _parts,
        "manad": _month,
        "uppehall": _pauses,
        "samtidigt": _together,
        "rapportering": _reporting,
        "tillagg": _supplements,
        "moms": _vat,
        "avrundning": _rounding,
    }
)
