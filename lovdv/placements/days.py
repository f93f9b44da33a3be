"""What one reported day may say, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from lovdv.errors import Refused
from lovdv.formats import day as day_text
from lovdv.formats import instant
from lovdv.placements.codes import STANDS, codes_of
from lovdv.placements.models import LocalReason
from lovdv.placements.months import PersonMonth
from lovdv.placements.plans import hours_text, minutes_of
from payments.calendar import ATTENDED, CLOSED, EXTRA, NOT_PLANNED

TOLD = "@"
"""Begins the word of a day_mark() that says when the absence was told."""


@dataclass(frozen=True)
class Part:
    """Part of a day under one letter, in minutes after midnight."""

    code: str
    start: int
    end: int
    told: datetime | None = None
    """When an absence was told, in Swedish time."""


def fault_of(found: PersonMonth, number: int, code: str) -> str | None:
    """Why a letter cannot be set on a day; None when it can."""
    day = found.days[number - 1]
    plan = found.plan[number - 1]
    if found.is_held(number) and not found.takes_reports(number):
        return f"{day_text(day)} har inte varit än. Rapportera den dagen eller senare."
    if code == "" and found.takes_reports(number):
        return None
    if not found.is_held(number):
        return _no_place(day)
    letters = {c.letter for c in codes_of(found.placement.choice_system_id, day)}
    if code not in letters - {CLOSED}:
        known = ", ".join(sorted(letters - {CLOSED}))
        return (
            f"{day_text(day)}: ”{code}” finns inte. Skriv en av {known}, eller inget."
        )
    if plan == ATTENDED and code == EXTRA:
        return f"{day_text(day)} är planerad. Skriv N, eller inget alls."
    if plan in (NOT_PLANNED, CLOSED) and code != EXTRA:
        why = "stängd" if plan == CLOSED else "inte planerad"
        return (
            f"{day_text(day)} är {why}. Skriv X om personen ändå var här, annars inget."
        )
    return None


def _no_place(day: date) -> str:
    return f"{day_text(day)}: personen har ingen plats här den dagen."


def stale_days(found: PersonMonth) -> dict[int, str]:
    """Set days that no longer fit: the plan, the end or a pause has changed since."""
    faults = {day.day: _stale(found, day.day) for day in found.days}
    return {number: fault for number, fault in faults.items() if fault}


def _stale(found: PersonMonth, number: int) -> str | None:
    if not found.is_set(number):
        return None
    if not found.is_held(number):
        return f"{_no_place(found.days[number - 1])} Ta bort det som är skrivet."
    parts = [part_of(part) for part in found.parts(number)]
    try:
        check_parts(found, number, parts)
    except Refused as refusal:
        return refusal.message
    return fault_of(found, number, found.set_code(number))


def part_of(stored: Mapping[str, str]) -> Part:
    """A part as it is kept in the row's details."""
    start, end = (minutes_of(stored[at]) for at in ("from", "to"))
    told = stored.get("notified_at")
    return Part(
        stored["code"], start, end, datetime.fromisoformat(told) if told else None
    )


def day_mark(found: PersonMonth, number: int) -> str:
    """What a day says, to see whether it has changed."""
    parts = (f"{p['from']}-{p['to']}{p['code']}" for p in found.parts(number))
    at = found.told_at(number)
    told = [f"{TOLD}{at.isoformat()}"] if at else []
    return " ".join([found.set_code(number) or STANDS, *parts, *told])


def untold(mark: str) -> str:
    """A day_mark() without when the absence was told.

    >>> untold("A @2026-02-02T14:30:00+01:00")
    'A'
    """
    return " ".join(word for word in mark.split(" ") if not word.startswith(TOLD))


def day_words(found: PersonMonth, number: int) -> str:
    parts = (f"{p['code']} {p['from']}–{p['to']}" for p in found.parts(number))
    told = filter(None, [told_words(found, number)])
    return ", ".join([found.set_code(number) or "enligt planen", *parts, *told])


def told_words(found: PersonMonth, number: int) -> str:
    """'anmäld 2026-02-02 14.30'; empty when nothing is said of it."""
    at = found.told_at(number)
    return f"anmäld {instant(at)}" if at else ""


def with_reason(reason: LocalReason, code: str, parts: Sequence[Part]) -> str:
    """The day's letter when the unit has given its own reason, which maps to one."""
    if not code and not parts:
        return reason.code
    if reason.code in (code, *(part.code for part in parts)):
        return code
    raise Refused(
        f"”{reason.name}” räknas som {reason.code}. Välj den koden, eller ta bort "
        "anledningen.",
        "reason",
    )


def check_parts(found: PersonMonth, number: int, parts: Sequence[Part]) -> None:
    day = found.days[number - 1]
    known = {c.letter for c in codes_of(found.placement.choice_system_id, day)}
    ordered = sorted(parts, key=lambda part: part.start)
    for part in ordered:
        if part.code not in known - {CLOSED}:
            raise Refused(f"Koden ”{part.code}” finns inte. Välj en i listan.", "parts")
        if part.start >= part.end:
            raise Refused("En tid ska gå från en tidigare till en senare.", "parts")
        _check_against_plan(found, number, part)
    for one, other in pairwise(ordered):
        if other.start < one.end:
            raise Refused(
                "Tiderna går in i varandra. Ändra så att de följer på varandra.",
                "parts",
            )


def _check_against_plan(found: PersonMonth, number: int, part: Part) -> None:
    """X is outside the plan, all else in it: nobody is away from what is not there."""
    day = day_text(found.days[number - 1])
    plan, hours = found.plan[number - 1], found.hours(number)
    if plan != ATTENDED or hours is None:
        if part.code == EXTRA:
            return
        why = "stängd" if plan == CLOSED else "inte planerad"
        raise Refused(
            f"{day} är {why}. Skriv X för tiden som personen ändå var här.", "parts"
        )
    inside = hours.start <= part.start and part.end <= hours.end
    outside = part.end <= hours.start or hours.end <= part.start
    if not (outside if part.code == EXTRA else inside):
        raise Refused(
            f"Planen den {day} är {hours_text(hours)}. Skriv X för tid utanför planen "
            "och de andra koderna för tid i den.",
            "parts",
        )
