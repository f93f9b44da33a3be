"""When an absence was told: kept with its parts, for payment rules that judge it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from lovdv.clock import STOCKHOLM, now
from lovdv.errors import Refused
from lovdv.formats import day as day_text
from lovdv.placements.codes import codes_of
from lovdv.placements.days import Part
from lovdv.placements.months import PersonMonth
from lovdv.systems import queries as systems
from payments.calendar import Hours

JUDGED = ("notified", "late", "not_notified")
"""Effects of absence that depend on when it was told."""
EARLIEST = timedelta(days=60)


@dataclass(frozen=True)
class Told:
    """What the sender says of when an absence was told; None: nothing."""

    at: datetime | None


def is_asked(found: PersonMonth) -> bool:
    """Whether the month's payment rules look at when an absence was told."""
    system_id = found.placement.choice_system_id
    return bool(systems.rule(system_id, "payment", found.month.first).get("notice"))


def judged_letters(choice_system_id: int, on: date) -> list[str]:
    """The letters of absence that the engine judges."""
    known = codes_of(choice_system_id, on)
    return sorted(code.letter for code in known if code.effect in JUDGED)


def moment(day: date, minutes: int) -> datetime:
    """A clock time in Sweden, which says how far it was from UTC then."""
    return datetime.combine(day, time(), STOCKHOLM) + timedelta(minutes=minutes)


def laid_out(
    found: PersonMonth,
    number: int,
    code: str,
    parts: Sequence[Part],
    told: datetime | None,
) -> list[Part]:
    """A day's parts, every absence with when it was told.

    The payment rules judge parts: a letter for the whole day becomes parts of what
    the others leave of the plan.
    """
    if told is None:
        return [replace(part, told=None) for part in parts]
    letters = judged_letters(found.placement.choice_system_id, found.days[number - 1])
    whole = [Part(code, *span) for span in _left(found.hours(number), parts)]
    return [
        replace(part, told=told if part.code in letters else None)
        for part in [*parts, *(whole if code in letters else ())]
    ]


def _left(hours: Hours | None, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """From and to of what parts leave of the planned hours."""
    if hours is None:
        return
    reached = hours.start
    for part in sorted(parts, key=lambda part: part.start):
        if reached < min(part.start, hours.end):
            yield reached, min(part.start, hours.end)
        reached = max(reached, part.end)
    if reached < hours.end:
        yield reached, hours.end


def check_told(
    found: PersonMonth, number: int, told: Told, parts: Sequence[Part]
) -> None:
    """That an absence of the day could have been told then."""
    if told.at is None:
        return
    day = found.days[number - 1]
    if not any(part.told for part in parts):
        letters = judged_letters(found.placement.choice_system_id, day)
        raise Refused(
            "Det finns ingen frånvaro att anmäla den dagen. Välj någon av koderna "
            f"{', '.join(letters)}, eller ta bort dag och klockslag.",
            "told_day",
        )
    if told.at > now():
        raise Refused(
            "Anmälan ligger i framtiden. Skriv när frånvaron anmäldes.", "told_day"
        )
    if told.at.date() < day - EARLIEST:
        raise Refused(
            f"Anmälan är mer än {EARLIEST.days} dagar före {day_text(day)}. "
            "Kontrollera dagen.",
            "told_day",
        )
