"""Which days are planned: week plans and closed days, given as values.

A month of attendance is one character a calendar day, the first day first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from payments.errors import BadRule
from payments.month import Month

NOT_PLANNED = "-"
ATTENDED = "N"
CLOSED = "K"
NOT_REPORTED = "?"
EXTRA = "X"
OTHER_UNIT = "U"

EFFECTS: Mapping[str, str] = MappingProxyType(
    {
        ATTENDED: "attended",
        EXTRA: "extra",
        "A": "notified",
        "S": "late",
        "O": "not_notified",
        "L": "leave",
        CLOSED: "closed",
        "P": "planning_day",
        OTHER_UNIT: "other_unit",
    }
)
"""What the letters of a month mean to the rules."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "attended": "närvarande",
        "extra": "närvarande utanför planen",
        "notified": "frånvaro anmäld i tid",
        "late": "frånvaro sent anmäld",
        "not_notified": "frånvaro inte anmäld",
        "leave": "ledig",
        "closed": "stängt",
        "planning_day": "planeringsdag",
        "other_unit": "på annan enhet",
    }
)
"""What pages and explanations call the effects."""

CYCLES = (1, 2, 4)
WEEKS_COUNTED = 4


@dataclass(frozen=True, slots=True)
class Hours:
    """From and to on one day, in minutes after midnight."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= 24 * 60:
            raise BadRule("veckoplan", "tiderna ska gå från en tid till en senare.")

    @property
    def minutes(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "Hours") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Extent:
    """Planned days and minutes in four weeks, whole for 1, 2 and 4 week plans."""

    days: int
    minutes: int


Week = tuple[Hours | None, ...]


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """Times per weekday over 1, 2 or 4 weeks, the first starting on a Monday.

    >>> day = Hours(9 * 60, 15 * 60)
    >>> plan = WeekPlan(date(2026, 11, 2), ((day, day, day, None, None, None, None),))
    >>> plan.extent
    Extent(days=12, minutes=4320)
    """

    monday: date
    weeks: tuple[Week, ...]

    def __post_init__(self) -> None:
        if len(self.weeks) not in CYCLES or any(len(week) != 7 for week in self.weeks):
            raise BadRule("veckoplan", "planen ska ha 1, 2 eller 4 hela veckor.")
        if self.monday.weekday() != 0:
            raise BadRule("veckoplan", "planen ska börja en måndag.")

    def hours(self, day: date) -> Hours | None:
        weeks, weekday = divmod((day - self.monday).days, 7)
        return self.weeks[weeks % len(self.weeks)][weekday]

    @property
    def extent(self) -> Extent:
        planned = [hours for week in self.weeks for hours in week if hours]
        times = WEEKS_COUNTED // len(self.weeks)
        return Extent(len(planned) * times, sum(h.minutes for h in planned) * times)


@dataclass(frozen=True, slots=True)
class PlanSpan:
    """A week plan in force from a day up to, not including, another."""

    start: date
    end: date | None
    plan: WeekPlan
    extent: Extent

    @classmethod
    def of(cls, plan: WeekPlan, start: date, end: date | None = None) -> "PlanSpan":
        return cls(start, end, plan, plan.extent)

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def hours_on(day: date, plans: Sequence[PlanSpan]) -> Hours | None:
    """The planned hours of a day, if it is planned."""
    for span in plans:
        if span.covers(day):
            return span.plan.hours(day)
    return None


def planned_codes(
    month: Month, plans: Sequence[PlanSpan], closed: Collection[date] = ()
) -> str:
    """The month as planned: every planned day attended, but for closed days.

    >>> day = Hours(9 * 60, 15 * 60)
    >>> week = WeekPlan(date(2026, 11, 2), ((day, day, day, None, None, None, None),))
    >>> planned_codes(Month(2026, 11), [PlanSpan.of(week, date(2026, 11, 9))],
    ...               {date(2026, 11, 10)})
    '--------NKN----NNN----NNN----N'
    """
    return "".join(_planned_code(day, plans, closed) for day in month.every_day())


def _planned_code(
    day: date, plans: Sequence[PlanSpan], closed: Collection[date]
) -> str:
    if hours_on(day, plans) is None:
        return NOT_PLANNED
    return CLOSED if day in closed else ATTENDED
