"""Week plans: from typed times and stored rows to the engine's values and back."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, TypeAlias

from payments.calendar import Extent, Hours, PlanSpan, WeekPlan

Times: TypeAlias = list[list[list[str] | None]]

NOON = 12 * 60
HALVES = ("am", "pm")
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
HALF_NAMES = {"am": "förmiddag", "pm": "eftermiddag"}
WRITTEN = re.compile(r"(\d{1,2})(?:[:.,]?(\d{2}))?")


class PlanRow(Protocol):
    """A row of week_plan; `times` as JSON text or already read."""

    @property
    def first_day(self) -> date: ...
    @property
    def revision(self) -> int: ...
    @property
    def times(self) -> str | Times: ...


def minutes_of(text: str) -> int:
    """Minutes after midnight of a typed time; ValueError if it is none.

    >>> [minutes_of(text) for text in ("9", "900", "09:00", "9.00", "0930", "16,45")]
    [540, 540, 540, 540, 570, 1005]
    """
    found = WRITTEN.fullmatch("".join(text.split()))
    if found is None:
        raise ValueError(text)
    hours, minutes = int(found[1]), int(found[2] or 0)
    if hours > 24 or minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(text)
    return hours * 60 + minutes


def clock_text(minutes: int) -> str:
    """'09:00', as times are stored and typed.

    >>> clock_text(545)
    '09:05'
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours_text(hours: Hours | None) -> str:
    """'9.00–15.00', as times are shown."""
    if hours is None:
        return ""
    return "–".join(
        f"{minutes // 60}.{minutes % 60:02}" for minutes in (hours.start, hours.end)
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def read_times(times: Times, first_day: date) -> WeekPlan:
    """Stored times as the engine's plan; week 0 is the week that holds the day."""
    return _read(json.dumps(times), monday_of(first_day))


@lru_cache(maxsize=4096)
def _read(text: str, monday: date) -> WeekPlan:
    return WeekPlan(
        monday,
        tuple(tuple(_hours(pair) for pair in week) for week in json.loads(text)),
    )


def _hours(pair: Sequence[str] | None) -> Hours | None:
    if pair is None:
        return None
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in pair)
    return Hours(start, end)


def stored(weeks: Iterable[Sequence[Hours | None]]) -> Times:
    """The form in which week_plan.times keeps a plan."""
    return [
        [hours and [clock_text(hours.start), clock_text(hours.end)] for hours in week]
        for week in weeks
    ]


def spans(rows: Iterable[PlanRow]) -> tuple[PlanSpan, ...]:
    """One placement's plans, each from its day until the next; latest revision wins."""
    latest = {
        row.first_day: row
        for row in sorted(rows, key=lambda row: (row.first_day, row.revision))
    }
    days = sorted(latest)
    ends = [*days[1:], None]
    return tuple(
        PlanSpan.of(_plan(latest[day]), day, end)
        for day, end in zip(days, ends, strict=True)
    )


def _plan(row: PlanRow) -> WeekPlan:
    text = row.times if isinstance(row.times, str) else json.dumps(row.times)
    return _read(text, monday_of(row.first_day))


def halves_of(hours: Hours) -> tuple[str, ...]:
    """Which halves of the day the hours touch."""
    touched = (hours.start < NOON, hours.end > NOON)
    return tuple(half for half, is_in in zip(HALVES, touched, strict=True) if is_in)


def half_days(plan: WeekPlan) -> frozenset[str]:
    """The half-days that the plan uses in any of its weeks: '0am' is Monday morning."""
    return frozenset(
        f"{weekday}{half}"
        for week in plan.weeks
        for weekday, hours in enumerate(week)
        if hours
        for half in halves_of(hours)
    )


def half_days_on(rows: Iterable[PlanRow], day: date) -> frozenset[str]:
    """The half-days of the plan in force on a day; none without a plan."""
    begun = [row for row in rows if row.first_day <= day]
    if not begun:
        return frozenset()
    return half_days(_plan(max(begun, key=lambda row: (row.first_day, row.revision))))


def half_day_text(key: str) -> str:
    """A half-day in words.

    >>> half_day_text("0am")
    'måndag förmiddag'
    """
    return f"{WEEKDAYS[int(key[0])]} {HALF_NAMES[key[1:]]}"


def first_day_in(half_days: Iterable[str], day: date) -> date:
    """The first day, from a day on, whose weekday is among the half-days.

    >>> first_day_in(["0am", "2pm"], date(2026, 3, 17))
    datetime.date(2026, 3, 18)
    """
    weekdays = {int(key[0]) for key in half_days}
    week = (day + timedelta(days=count) for count in range(7))
    return next((each for each in week if each.weekday() in weekdays), day)


def half_days_text(keys: Iterable[str]) -> str:
    """Half-days as a person says them, whole days together.

    >>> half_days_text(["0am", "0pm", "2pm"])
    'måndag, onsdag eftermiddag'
    """
    asked = set(keys)
    told = []
    for number, name in enumerate(WEEKDAYS):
        found = [half for half in HALVES if f"{number}{half}" in asked]
        if len(found) == len(HALVES):
            told.append(name)
        elif found:
            told.append(f"{name} {HALF_NAMES[found[0]]}")
    return ", ".join(told)


def days_a_week(extent: Extent) -> Decimal:
    """Planned days a week, on average.

    >>> days_a_week(Extent(days=18, minutes=0))
    Decimal('4.5')
    """
    return Decimal(extent.days) / 4


def hours_a_week(extent: Extent) -> Decimal:
    return (Decimal(extent.minutes) / 240).quantize(Decimal("0.01")).normalize()
