"""How much of a month a part of it is: by calendar days, weekdays or planned days."""

from collections.abc import Sequence
from datetime import date

from payments.calendar import PlanSpan
from payments.marking import Place
from payments.month import Month
from payments.rules import RuleSet

SATURDAY = 5


class Proration:
    """The parts of one month under one rule set."""

    def __init__(self, month: Month, rules: RuleSet) -> None:
        self._days = month.every_day()
        self._length = month.days
        self._rules = rules
        kinds = [rules.proration, rules.at_change]
        self.kind = next((kind for kind in kinds if kind != "none"), "none")

    def part(self, place: Place, low: int, high: int) -> tuple[int, int]:
        """The days of a part, and those of the whole month."""
        if self.kind == "none":
            return 1, 1
        if self._rules.proration == "none":
            low = 0 if low == place.low else low
            high = self._length if high == place.high else high
        return self.days(self.kind, place.facts.plans, low, high)

    def tail(self, place: Place, low: int, high: int) -> tuple[int, int]:
        """The same of days after an end, which always are a part."""
        kind = "calendar_days" if self._rules.proration == "none" else self.kind
        return self.days(kind, place.facts.plans, low, high)

    def days(
        self, kind: str, plans: Sequence[PlanSpan], low: int, high: int
    ) -> tuple[int, int]:
        if kind == "calendar_days":
            return high - low, self._length
        if kind == "weekdays":
            counts = [day.weekday() < SATURDAY for day in self._days]
        else:
            counts = [_planned(plans, day) for day in self._days]
        return sum(counts[low:high]), sum(counts) or 1


def _planned(plans: Sequence[PlanSpan], day: date) -> bool:
    """By the plan of the day, or the one nearest to it."""
    if not plans:
        return False
    begun = [span for span in plans if span.start <= day]
    near = max(begun, key=_start) if begun else min(plans, key=_start)
    return near.plan.hours(day) is not None


def _start(span: PlanSpan) -> date:
    return span.start
