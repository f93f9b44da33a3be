"""A client's placements at the same time, where the rules see them as one."""

from collections.abc import Sequence
from datetime import date, timedelta

from payments.absence import SPLIT, PaidMonth
from payments.calendar import (
    NOT_PLANNED,
    WEEKS_COUNTED,
    Extent,
    PlanSpan,
    WeekPlan,
)
from payments.cutting import Cutting, any_covers
from payments.lines import HUNDRED
from payments.marking import Marking, Place, Shared
from payments.month import Month
from payments.rules import RuleSet

DAYS_COUNTED = 7 * WEEKS_COUNTED


class Together:
    """Marks each placement with what the others mean to it."""

    def __init__(
        self, month: Month, rules: RuleSet, marking: Marking, cutting: Cutting
    ) -> None:
        self._days = month.every_day()
        self._rules = rules
        self._marking = marking
        self._cutting = cutting
        self._extents: dict[tuple[int, ...], tuple[Extent, Sequence[WeekPlan]]] = {}

    def see(self, places: Sequence[Place]) -> None:
        """Which days another goes before, or what part of the whole each has."""
        if len(places) < 2 or self._rules.concurrent == "own":
            return
        for place in places:
            place.among = any(_meet(place, one) for one in places if one is not place)
        if self._rules.concurrent == "main":
            self._choose(places)
        else:
            for place in places:
                place.shared = [
                    self._shared(place, places, offset)
                    for offset in range(len(self._days))
                ]

    def _choose(self, places: Sequence[Place]) -> None:
        """Day by day the main of the placements that may be paid; the others are off.

        One without a contract is held for that, whatever the others are.
        """
        for offset in range(len(self._days)):
            here = [one for one in places if self._may_be_paid(one, offset)]
            if len(here) > 1:
                first = min(here, key=lambda one: self._rank(one, offset))
                for one in here:
                    if one is not first:
                        one.off |= {offset}

    def _may_be_paid(self, place: Place, offset: int) -> bool:
        facts, day = place.facts, self._days[offset]
        if not place.low <= offset < place.high:
            return False
        rests = self._cutting.pause_share(facts, day) == 0
        return any_covers(facts.contracts, day) and not rests

    def _rank(self, place: Place, offset: int) -> tuple[bool, int, date]:
        plan = self._plan(place, offset)
        minutes = plan.extent.minutes if plan else 0
        return not place.facts.main, -minutes, place.facts.start

    def _shared(
        self, place: Place, places: Sequence[Place], offset: int
    ) -> Shared | None:
        mine = self._plan(place, offset)
        if mine is None or not place.low <= offset < place.high:
            return None
        found = [
            plan
            for one in places
            if one.low <= offset < one.high and (plan := self._plan(one, offset))
        ]
        total = self._total([span.plan for span in found])
        return Shared(total, mine.extent.minutes, total.minutes)

    def _plan(self, place: Place, offset: int) -> PlanSpan | None:
        day = self._days[offset]
        plans = place.facts.plans
        return next((span for span in reversed(plans) if span.covers(day)), None)

    def _total(self, plans: Sequence[WeekPlan]) -> Extent:
        """Days at two places are one day; minutes are added."""
        key = tuple(map(id, plans))
        if key not in self._extents:
            first = self._days[0]
            days = [first + timedelta(days=n) for n in range(DAYS_COUNTED)]
            planned = [[plan.hours(day) for plan in plans] for day in days]
            minutes = sum(hours.minutes for day in planned for hours in day if hours)
            extent = Extent(sum(any(day) for day in planned), minutes)
            self._extents[key] = extent, plans
        return self._extents[key][0]

    def parted(
        self, place: Place, places: Sequence[Place], paid: PaidMonth
    ) -> PaidMonth:
        """A day planned at two places is one day, shared by its planned minutes."""
        if not place.shared or self._rules.basis != "day":
            return paid
        shares, pieces = list(paid.shares), dict(paid.pieces)
        for offset, share in enumerate(paid.shares):
            if paid.codes[offset] == NOT_PLANNED and offset not in paid.pieces:
                continue  # reported as not planned, though a later plan says otherwise
            part = self._part_of_day(place, places, offset)
            if part < HUNDRED:
                whole = (paid.codes[offset], HUNDRED, ord(share))
                pieces[offset] = _scaled(paid.pieces.get(offset, (whole,)), part)
                shares[offset] = SPLIT
        return PaidMonth(paid.codes, "".join(shares), pieces)

    def _part_of_day(self, place: Place, places: Sequence[Place], offset: int) -> int:
        """Hundredths of a day; all the places together have 100."""
        before, upto, total = 0, 0, 0
        for one in places:
            inside = one.low <= offset < one.high
            hours = self._marking.hours(one, offset) if inside else None
            if one is place:
                if hours is None:
                    return HUNDRED
                before, upto = total, total + hours.minutes
            total += hours.minutes if hours else 0
        return upto * HUNDRED // total - before * HUNDRED // total


def _meet(one: Place, other: Place) -> bool:
    return max(one.low, other.low) < min(one.high, other.high)


def _scaled(
    pieces: Sequence[tuple[str, int, int]], part: int
) -> tuple[tuple[str, int, int], ...]:
    reached, found = 0, []
    for code, hundredths, share in pieces:
        before, reached = reached * part // HUNDRED, reached + hundredths
        found.append((code, reached * part // HUNDRED - before, share))
    return tuple(found)
