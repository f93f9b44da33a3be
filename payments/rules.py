"""Extent classes, absence, proration, rounding: all as data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from payments.calendar import WEEKS_COUNTED, Extent
from payments.errors import NoBundle, NoExtentClass
from payments.rule_rows import (
    AbsenceRule,
    Bundle,
    EndRule,
    ExtentClass,
    NoticeRule,
    PauseRule,
    SupplementRule,
    VatRule,
    hours,
    number,
)

BASES = ("day", "month", "hour", "schablon_days", "bundled")
MONTHLY = ("month", "schablon_days")
COUNTED = ("planned_less_unpaid_absence", "ordered_time", "attended")
DAY_MEASURES = ("planned_hours_a_day", "counted_hours_a_day")
MEASURES = ("planned_days_a_week", "planned_hours_a_week", *DAY_MEASURES)
COUNTINGS = ("planned_days", "calendar_days")
RESTARTS = ("attended", "month", "calendar_year")
PRORATIONS = ("calendar_days", "weekdays", "planned_days", "none")
PART_DAYS = ("by_minutes", "whole_day")
NOT_REPORTED_RULES = ("waits", "plan_is_paid", "not_needed")
SAME_HOURS = ("held", "paid")
CONCURRENT = ("own", "total", "main")
PLACES = ("kept", "given_up")
SINCE = ("end", "notice")
PER_SUPPLEMENT = ("day", "month", "once")
SUPPLEMENT_DAYS = ("paid_days", "attended", "planned_days", "calendar_days")
VAT_KINDS = ("none", "included", "added")


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
    rate_rounding: int = 1
    factor: Fraction | None = None
    """What day price x planned days a week is multiplied with, a month."""
    bundles: tuple[Bundle, ...] = ()
    proration_change: str | None = None
    """None: a change inside the month is as a start or an end."""
    notice: NoticeRule | None = None
    pauses: tuple[PauseRule, ...] = ()
    after_end: tuple[EndRule, ...] = ()
    concurrent: str = "own"
    supplements: tuple[SupplementRule, ...] = ()
    vat: VatRule | None = None
    late_months: int | None = None
    change_weeks: int | None = None

    @property
    def is_monthly(self) -> bool:
        """Whether a month is paid whatever is attended."""
        return self.basis in MONTHLY

    @property
    def is_by_the_day(self) -> bool:
        """Whether each day has an extent class of its own."""
        return self.measure in DAY_MEASURES

    @property
    def is_timed(self) -> bool:
        """Whether the minutes of each day decide what it is paid as."""
        return self.basis in ("hour", "bundled") or self.is_by_the_day

    @property
    def is_by_plan(self) -> bool:
        """Whether the plan is paid, and nobody needs to report."""
        return not self.is_monthly and self.not_reported == "not_needed"

    @property
    def price_unit(self) -> str:
        """The unit that the price list has."""
        return self.basis if self.basis in ("month", "hour") else "day"

    @property
    def at_change(self) -> str:
        """How a month is parted where its terms change."""
        return self.proration_change or self.proration

    def extent_class(self, extent: Extent) -> str:
        """The class a plan belongs to; a value in a gap is an error.

        By the day, it is the class of the plan's average day.

        >>> from payments.rulesets import shipped
        >>> shipped("goteborg-2023").extent_class(Extent(days=20, minutes=4 * 1920))
        'deltid 2'
        >>> shipped("goteborg-2023").extent_class(Extent(days=20, minutes=4 * 1110))
        Traceback (most recent call last):
        payments.errors.NoExtentClass: 18,5 planerade timmar i veckan ligger inte i \
någon omfattningsklass. Ändra planen eller klassernas gränser.
        """
        if self.is_by_the_day:
            return self.class_of_day(extent.minutes // max(extent.days, 1))
        if self.measure == "planned_days_a_week":
            days = Fraction(extent.days, WEEKS_COUNTED)
            return self._class_of(days, f"{number(days)} planerade dagar i veckan")
        week = Fraction(extent.minutes, 60 * WEEKS_COUNTED)
        return self._class_of(week, f"{number(week)} planerade timmar i veckan")

    def class_of_day(self, minutes: int) -> str:
        """The class of a day with so many minutes."""
        return self._class_of(Fraction(minutes, 60), f"{hours(minutes)} på en dag")

    def _class_of(self, value: Fraction, told: str) -> str:
        for extent_class in self.classes:
            if extent_class.holds(value):
                return extent_class.name
        raise NoExtentClass(told)

    def bundle(self, minutes: int) -> Bundle:
        """What a day with so many minutes is paid as; in a gap it is an error."""
        for bundle in self.bundles:
            if bundle.holds(Fraction(minutes, 60)):
                return bundle
        raise NoBundle(f"{hours(minutes)} på en dag")

    def rows(self, effect: str) -> tuple[AbsenceRule, ...]:
        return tuple(rule for rule in self.absences if rule.effect == effect)

    def share_of_pause(self, day_number: int, *, kept: bool) -> int:
        """The per cent paid on a day of a pause, the first being 1."""
        rows: Sequence[PauseRule] = self.pauses
        found = (r.share for r in rows if r.matches(day_number, kept=kept))
        return next(found, self.pause_share)

    def end_rule(self, reason: str) -> EndRule | None:
        return next((row for row in self.after_end if row.reason == reason), None)


def known_rules(
    sets: Iterable[RuleSet], first_day: date, known_at: datetime
) -> RuleSet | None:
    """The rule set in force on a month's first day, as known at an instant."""
    known = [s for s in sets if s.first_day <= first_day and s.decided_at <= known_at]
    return max(known, key=lambda s: (s.first_day, s.revision), default=None)
