"""Extent classes, absence, proration, rounding: all as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from payments.calendar import NAMES, WEEKS_COUNTED, Extent
from payments.errors import NoExtentClass

BASES = ("day", "month")
COUNTED = ("planned_less_unpaid_absence", "ordered_time", "attended")
MEASURES = ("planned_days_a_week", "planned_hours_a_week")
COUNTINGS = ("planned_days", "calendar_days")
RESTARTS = ("attended", "month")
PRORATIONS = ("calendar_days", "none")
PART_DAYS = ("by_minutes", "whole_day")
NOT_REPORTED_RULES = ("waits", "plan_is_paid", "not_needed")
SAME_HOURS = ("held", "paid")
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a class; a closed bound belongs to the class."""

    value: Fraction
    closed: bool


@dataclass(frozen=True, slots=True)
class ExtentClass:
    name: str
    lower: Bound
    upper: Bound | None

    def holds(self, value: Fraction) -> bool:
        low, high = self.lower, self.upper
        above = value > low.value or (low.closed and value == low.value)
        if high is None:
            return above
        return above and (value < high.value or (high.closed and value == high.value))

    def meets(self, other: "ExtentClass") -> bool:
        """Whether some value lies in both."""
        return not (self.is_below(other) or other.is_below(self))

    def is_below(self, other: "ExtentClass") -> bool:
        if self.upper is None:
            return False
        mine, theirs = self.upper, other.lower
        shared = mine.closed and theirs.closed
        return mine.value < theirs.value or (mine.value == theirs.value and not shared)


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """Which share is paid from one day of an absence to another, both included."""

    effect: str
    first: int
    last: int | None
    share: int
    counting: str
    restart: str
    group: str

    @property
    def counts(self) -> bool:
        return self.first > 1 or self.last is not None

    def matches(self, number: int) -> bool:
        return self.first <= number and (self.last is None or number <= self.last)

    def __str__(self) -> str:
        name = NAMES[self.effect]
        if not self.counts:
            return f"{name}: {self.share} %"
        days = "planerade dagar" if self.counting == "planned_days" else "kalenderdagar"
        last = "och framåt" if self.last is None else f"till {self.last}"
        of = " i månaden" if self.restart == "month" else ""
        return f"{name}, {days} {self.first} {last}{of}: {self.share} %"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What one municipality pays for, from a day, as decided."""

    name: str
    source: str
    first_day: date
    revision: int
    decided_at: datetime
    basis: str
    counted: str
    measure: str
    classes: tuple[ExtentClass, ...]
    absences: tuple[AbsenceRule, ...]
    proration: str
    part_days: str
    pause_share: int
    not_reported: str
    same_hours: str
    rounding: int

    def extent_class(self, extent: Extent) -> str:
        """The class a plan belongs to; a value in a gap is an error.

        >>> from payments.rulesets import shipped
        >>> shipped("goteborg-2023").extent_class(Extent(days=20, minutes=4 * 1920))
        'deltid 2'
        >>> shipped("goteborg-2023").extent_class(Extent(days=20, minutes=4 * 1110))
        Traceback (most recent call last):
        payments.errors.NoExtentClass: 18,5 planerade timmar i veckan ligger inte i \
någon omfattningsklass. Ändra planen eller klassernas gränser.
        """
        value = self._measured(extent)
        for extent_class in self.classes:
            if extent_class.holds(value):
                return extent_class.name
        what = "dagar" if self.measure == "planned_days_a_week" else "timmar"
        raise NoExtentClass(f"{_written(value)} planerade {what} i veckan")

    def _measured(self, extent: Extent) -> Fraction:
        if self.measure == "planned_days_a_week":
            return Fraction(extent.days, WEEKS_COUNTED)
        return Fraction(extent.minutes, 60 * WEEKS_COUNTED)

    def rows(self, effect: str) -> tuple[AbsenceRule, ...]:
        return tuple(rule for rule in self.absences if rule.effect == effect)


def known_rules(
    sets: Iterable[RuleSet], first_day: date, known_at: datetime
) -> RuleSet | None:
    """The rule set in force on a month's first day, as known at an instant."""
    known = [s for s in sets if s.first_day <= first_day and s.decided_at <= known_at]
    return max(known, key=lambda s: (s.first_day, s.revision), default=None)


def _written(value: Fraction) -> str:
    hundredths = Decimal(round(value * 100)).scaleb(-2)
    return f"{hundredths:f}".rstrip("0").rstrip(".").replace(".", ",")
