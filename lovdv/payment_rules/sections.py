"""The parts that a rule set is edited in, and the faults of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from payments import FIELDS, RuleSet, read_rules, written
from payments.errors import BadRule
from payments.fields import Field
from payments.rulesets import shipped

BY_NAME: Mapping[str, Field] = MappingProxyType({one.name: one for one in FIELDS})
DECIDED = MappingProxyType(
    {
        "first_day": "2000-01-01",
        "revision": "1",
        "decided_at": "2000-01-01T00:00:00+00:00",
    }
)
"""What is said when a rule set is decided, and stands in for it until then."""

BASE: Mapping[str, object] = MappingProxyType(written(shipped("tyreso-2020")))
"""A whole rule set, to read a part of another one within."""


@dataclass(frozen=True)
class Section:
    """Some fields of a rule set that belong together, with a page of their own."""

    key: str
    title: str
    lead: str
    names: tuple[str, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(BY_NAME[name] for name in self.names)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a rule set, and in which part of it."""

    where: str
    why: str

    @property
    def section(self) -> Section | None:
        name = PARTS.get(self.where, self.where)
        return next((one for one in SECTIONS if name in one.names), None)


SECTIONS = (
    Section(
        "grund",
        "Vad som betalas",
        "Det viktigaste: vad priset gäller, och vilka dagar eller timmar som räknas.",
        ("name", "source", "basis", "counted", "schablon_factor"),
    ),
    Section(
        "omfattning",
        "Omfattningsklasser",
        "En rad för varje klass. Skriv antingen ”från och med” eller ”över”, och "
        "antingen ”till och med” eller ”under”. Det som inte ligger i någon klass "
        "betalas inte utan visas för er.",
        ("extent",),
    ),
    Section(
        "franvaro",
        "Frånvaro och stängda dagar",
        "En rad för varje sorts dag och hur mycket av dagen som betalas. Flera rader "
        "för samma sort går från dag 1 och framåt utan glapp. Det som inte har en rad "
        "följer vad som räknas: närvaro betalas. Anmälan i tid anges som timmar före, "
        "eller som dagar före och ett klockslag.",
        ("absence", "notice"),
    ),
    Section(
        "delar",
        "Delar av dagar",
        "Om en del av en dag räknas för sig, och vad en dags timmar räknas som.",
        ("part_days", "bundles"),
    ),
    Section(
        "manad",
        "Del av månad",
        "Vad som betalas när något börjar, slutar eller ändras inne i månaden.",
        ("proration", "proration_change", "change_weeks"),
    ),
    Section(
        "uppehall",
        "Uppehåll",
        "Vad som betalas medan en placering vilar, till exempel vid en längre "
        "sjukhusvistelse.",
        ("pause_share", "pause"),
    ),
    Section(
        "slut",
        "Efter slutet",
        "Vad som betalas efter ett slut: uppsägningstid vid omval, dagar efter ett "
        "dödsfall. En rad för varje skäl. Utan rad betalas ingenting.",
        ("after_end",),
    ),
    Section(
        "samtidigt",
        "Flera placeringar samtidigt",
        "Vad som gäller den som är på två ställen.",
        ("concurrent", "same_hours"),
    ),
    Section(
        "rapportering",
        "Rapportering",
        "Vad som händer när närvaron inte är rapporterad, och hur sent den får komma.",
        ("not_reported", "late_months"),
    ),
    Section(
        "tillagg",
        "Tillägg",
        "Extra belopp som finns. Vem som har dem registreras för varje placering. Utan "
        "belopp är tillägget individuellt och beloppet skrivs då. Skriv ett belopp på "
        "varje rad, efter dagen det gäller från: 2026-01-01 9,00.",
        ("supplements",),
    ),
    Section(
        "moms",
        "Momskompensation",
        "Om priset till externa utförare innehåller ersättning för moms, eller om den "
        "läggs till.",
        ("vat",),
    ),
    Section(
        "avrundning",
        "Avrundning",
        "Varje rad avrundas en gång, halva uppåt. Priset kan avrundas för sig först.",
        ("rounding", "rate_rounding"),
    ),
)
BY_KEY: Mapping[str, Section] = MappingProxyType({one.key: one for one in SECTIONS})
PARTS: Mapping[str, str] = MappingProxyType(
    {"measure": "extent", "classes": "extent", "hours": "notice", "by": "notice"}
    | {"percent": "vat", "kind": "vat", "regi": "vat", "days": "notice"}
    | dict.fromkeys(("effect", "counting", "restart", "group", "share"), "absence")
    | dict.fromkeys(("reason", "until"), "after_end")
    | dict.fromkeys(("code", "per", "amounts", "amount", "proof"), "supplements")
    | {"units": "bundles", "place": "pause"}
)
"""The field that a part of it stands in, where the reader names the part."""


def rules_of(content: Mapping[str, object]) -> RuleSet:
    """The rule set of a draft, or the fault that stops it."""
    return read_rules({**content, **DECIDED})


def part_of(section: Section, content: Mapping[str, object]) -> RuleSet:
    """A rule set that says what a draft says in one section, and is whole around it.

    What is paid and counted comes from the draft too, since much depends on it.
    """
    names = (*section.names, "basis", "counted")
    own = {name: content[name] for name in names if name in content}
    rest = {name: value for name, value in BASE.items() if name not in section.names}
    return rules_of({**rest, **own})


def fault_in(section: Section, content: Mapping[str, object]) -> Fault | None:
    """What is wrong in a section, whether or not the others are whole."""
    for read in (lambda: rules_of(content), lambda: part_of(section, content)):
        try:
            read()
        except BadRule as error:
            fault = told(error)
            if fault.section is section:
                return fault
    return None


def fault_of(content: Mapping[str, object]) -> Fault | None:
    """The first thing that is wrong with a rule set as a whole."""
    try:
        rules_of(content)
    except BadRule as error:
        return told(error)
    return None


def told(error: BadRule) -> Fault:
    """A fault with Swedish words for what the reader names."""
    return Fault(error.where, in_swedish(error.why))


def in_swedish(text: str) -> str:
    """The values and fields that a message names, as pages call them.

    >>> in_swedish("timmar räknas på minuter (by_minutes).")
    'timmar räknas på minuter (efter minuter).'
    """
    return re.sub(r"\b[a-z][a-z_]+\b", _word, text)


def _word(found: re.Match[str]) -> str:
    return WORDS.get(found[0], found[0])


def _words(fields: tuple[Field, ...]) -> dict[str, str]:
    words: dict[str, str] = {}
    for field in fields:
        words |= {field.name: f"”{field.label}”"} | _words(field.fields)
        words |= {value: label for value, label in field.choices if value}
    return words


SWEDISH = ("total", "by")
"""Values that are words on pages too."""

WORDS = {word: told for word, told in _words(FIELDS).items() if word not in SWEDISH}
