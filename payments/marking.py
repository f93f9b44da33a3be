"""What attendance says of a placement's month, and hours that are claimed twice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from payments.absence import NO_PIECES, Marked, Pieces, split_day
from payments.calendar import (
    CLOSED,
    EFFECTS,
    EXTRA,
    NOT_PLANNED,
    NOT_REPORTED,
    OTHER_UNIT,
    Hours,
    hours_on,
    planned_codes,
)
from payments.errors import BadAttendance, MissingAttendance, PaymentError
from payments.facts import Part, PlacementMonth
from payments.month import Month
from payments.rules import RuleSet

CODES = frozenset(EFFECTS) | {NOT_PLANNED, NOT_REPORTED}
KNOWN = "".join(sorted(CODES))
IDLE = frozenset((NOT_PLANNED, OTHER_UNIT, CLOSED))
BESIDE = IDLE | {EXTRA}
"""Letters of days that have nothing of the plan: their parts tell all."""

ALL_DAY = Hours(0, 24 * 60)
NO_OFFSETS: frozenset[int] = frozenset()


@dataclass(slots=True)
class Place:
    """A placement's month while it is worked on, in days from the month's first."""

    facts: PlacementMonth
    low: int
    high: int
    marked: Marked | None = None
    error: PaymentError | None = None
    by_plan: bool = False
    twice: frozenset[int] = NO_OFFSETS


class Marking:
    """Reads placements' attendance in one month under one rule set."""

    def __init__(
        self, month: Month, rules: RuleSet, closed: Collection[date] = ()
    ) -> None:
        self._month = month
        self._rules = rules
        self._closed = closed
        self._days = month.every_day()
        self._length = month.days
        self._first = month.first.toordinal()
        self._by_day = rules.basis == "day"
        self._by_minutes = rules.part_days == "by_minutes"

    def place(self, facts: PlacementMonth) -> Place:
        """A placement within the month; what is wrong with its attendance is kept."""
        low, high = 0, self._length
        if facts.start > self._days[0]:
            low = facts.start.toordinal() - self._first
        if facts.end is not None:
            high = min(high, facts.end.toordinal() - self._first)
        place = Place(facts, low, high)
        if low < high and self._by_day:
            try:
                place.marked = self._marked(place)
            except PaymentError as error:
                place.error = error
        return place

    def find_same_hours(self, places: Sequence[Place]) -> None:
        """Mark the days when two placements of one client claim the same hours."""
        for one, other in combinations(places, 2):
            low, high = max(one.low, other.low), min(one.high, other.high)
            twice = frozenset(
                offset
                for offset in range(low, high)
                if self._claims(one, offset)
                and self._claims(other, offset)
                and self._overlap(one, other, offset)
            )
            if twice:
                one.twice |= twice
                other.twice |= twice

    def _marked(self, place: Place) -> Marked:
        attendance = place.facts.attendance
        codes = attendance.codes if attendance else NOT_REPORTED * self._length
        if len(codes) != self._length:
            raise BadAttendance(f"{len(codes)} dagar i en månad med {self._length}.")
        if codes.strip(KNOWN):
            unknown = "".join(sorted(set(codes) - CODES))
            raise BadAttendance(f"okända koder {unknown}.")
        parts = attendance.parts if attendance else None
        if parts:
            codes = self._with_extra_days(codes, parts)
        if place.facts.pauses or place.low > 0 or place.high < self._length:
            codes = self._masked(place, codes)
        if NOT_REPORTED in codes:
            codes = self._planned(place, codes)
        if parts and self._by_minutes:
            return Marked(codes, self._pieces(place, codes, parts))
        return Marked(codes, NO_PIECES)

    def _with_extra_days(
        self, codes: str, parts: Mapping[int, tuple[Part, ...]]
    ) -> str:
        """Time here makes an extra day of one that is not planned.

        So it does of a closed day by rules that know whole days only.
        """
        idle = NOT_PLANNED if self._by_minutes else NOT_PLANNED + CLOSED
        letters = list(codes)
        for number, told in parts.items():
            if codes[number - 1] in idle and any(p.code == EXTRA for p in told):
                letters[number - 1] = EXTRA
        return "".join(letters)

    def _planned(self, place: Place, codes: str) -> str:
        if self._rules.not_reported != "plan_is_paid":
            raise MissingAttendance
        place.by_plan = True
        pairs = zip(codes, self.plan(place), strict=True)
        return "".join(by if code == NOT_REPORTED else code for code, by in pairs)

    def plan(self, place: Place) -> str:
        """The month as planned, closed days of all and of the unit taken away."""
        closed = {*self._closed, *place.facts.closed}
        return planned_codes(self._month, place.facts.plans, closed)

    def _masked(self, place: Place, codes: str) -> str:
        """The days of the paid period that no pause takes."""
        kept = list(NOT_PLANNED * self._length)
        kept[place.low : place.high] = codes[place.low : place.high]
        for pause in place.facts.pauses:
            for offset, day in enumerate(self._days):
                if pause.start <= day and (pause.end is None or day < pause.end):
                    kept[offset] = NOT_PLANNED
        return "".join(kept)

    def _pieces(
        self, place: Place, codes: str, parts: Mapping[int, tuple[Part, ...]]
    ) -> Mapping[int, Pieces]:
        pieces: dict[int, Pieces] = {}
        for number, all_told in parts.items():
            offset, told = number - 1, all_told
            if not all(part.code in EFFECTS and part.minutes > 0 for part in told):
                raise BadAttendance(f"delarna av dag {number} stämmer inte.")
            if codes[offset] == CLOSED:
                told = tuple(part for part in told if part.code == EXTRA)
            if told and codes[offset] != NOT_PLANNED:
                beside = codes[offset] == EXTRA
                hours = None if beside else self._hours(place, offset)
                usual = self._usual(place, offset)
                pieces[offset] = split_day(told, codes[offset], hours, usual)
        return pieces

    def _usual(self, place: Place, offset: int) -> int:
        """The minutes of a planned day under the plan in force; 0 without one."""
        day = self._days[offset]
        extents = [plan.extent for plan in place.facts.plans if plan.covers(day)]
        planned = next((extent for extent in extents if extent.days), None)
        return planned.minutes // planned.days if planned else 0

    def _claims(self, place: Place, offset: int) -> bool:
        if place.marked is not None:
            return not IDLE.issuperset(place.marked.letters(offset))
        return not self._by_day and self._hours(place, offset) is not None

    def _overlap(self, one: Place, other: Place, offset: int) -> bool:
        if not (self._parts(one, offset) or self._parts(other, offset)):
            first, second = self._hours(one, offset), self._hours(other, offset)
            return (first or ALL_DAY).overlaps(second or ALL_DAY)
        mine, theirs = self._minutes(one, offset), self._minutes(other, offset)
        return not mine.isdisjoint(theirs)

    def _hours(self, place: Place, offset: int) -> Hours | None:
        return hours_on(self._days[offset], place.facts.plans)

    def _minutes(self, place: Place, offset: int) -> set[int]:
        """The minutes a day claims: its plan, less parts at another unit or closed."""
        hours, parts = self._hours(place, offset), self._parts(place, offset)
        if not parts:
            hours = hours or ALL_DAY
        elif place.marked and place.marked.codes[offset] in BESIDE:
            hours = None
        minutes = set(range(hours.start, hours.end)) if hours else set()
        for part in parts:
            if part.code in IDLE:
                minutes -= set(range(part.start, part.end))
            else:
                minutes |= set(range(part.start, part.end))
        return minutes

    def _parts(self, place: Place, offset: int) -> tuple[Part, ...]:
        attendance = place.facts.attendance
        if self._by_day and attendance:
            return attendance.parts.get(offset + 1, ())
        return ()
