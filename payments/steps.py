"""How one placement's days are counted, day by day: to try rules and see why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from payments.absence import SPLIT, DayShares, PaidMonth
from payments.calendar import NOT_PLANNED
from payments.facts import Count, PlacementMonth
from payments.lines import HUNDRED
from payments.marking import Marking, Place
from payments.month import Month
from payments.rules import RuleSet
from payments.timed import Timed, Timing


@dataclass(frozen=True, slots=True)
class DayPart:
    """Part of a day under one code."""

    code: str
    hundredths: int
    """Of a day or a unit; of a minute where hours are paid."""
    share: int


@dataclass(frozen=True, slots=True)
class DayStep:
    """What one day counts as."""

    day: date
    code: str
    """As counted; "-" for a day that is not."""
    planned_minutes: int
    parts: tuple[DayPart, ...]
    extent_class: str = ""
    """Where each day has its own."""
    bundle: str = ""
    fault: str = ""
    """Why the day is held."""


def day_steps(
    month: Month,
    rules: RuleSet,
    facts: PlacementMonth,
    closed: Collection[date] = (),
    carry: tuple[Count, ...] = (),
) -> tuple[DayStep, ...]:
    """Every day of the month, as the rules count it; none where a month is paid.

    What is wrong with the attendance as a whole is raised by name.
    """
    marking = Marking(month, rules, closed)
    place = marking.place(facts)
    if place.error is not None:
        raise place.error
    if place.marked is None:
        return ()
    [paid], _ = DayShares(month, rules).walk([place.marked], carry)
    timed = Timing(rules, marking).timed(place, paid) if rules.is_timed else None
    return tuple(
        _step(place, marking, paid, timed, offset)
        for offset in range(place.low, place.high)
    )


def _step(
    place: Place, marking: Marking, paid: PaidMonth, timed: Timed | None, offset: int
) -> DayStep:
    assert place.marked is not None
    hours = marking.hours(place, offset)
    counted = paid if timed is None else timed.paid
    fault = timed.stops.get(offset) if timed else None
    bundle = timed.bundles.get(offset) if timed else None
    return DayStep(
        day=marking.days[offset],
        code=place.marked.codes[offset],
        planned_minutes=hours.minutes if hours else 0,
        parts=_parts(counted, offset),
        extent_class=timed.classes.get(offset, "") if timed else "",
        bundle=str(bundle) if bundle else "",
        fault=str(fault) if fault else "",
    )


def _parts(paid: PaidMonth, offset: int) -> tuple[DayPart, ...]:
    if paid.shares[offset] == SPLIT:
        return tuple(DayPart(*part) for part in paid.pieces[offset])
    code = paid.codes[offset]
    if code == NOT_PLANNED:
        return ()
    return (DayPart(code, HUNDRED, ord(paid.shares[offset])),)
