"""What attendance says of a placement's month, and hours that are claimed twice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from payments.absence import (
    NO_PIECES,
    Marked,
    Pieces,
    minutes_by_code,
    split_day,
    whole_of,
)
from payments.calendar import (
    CLOSED,
    EFFECTS,
    EXTRA,
    NOT_PLANNED,
    NOT_REPORTED,
    OTHER_UNIT,
    Extent,
    Hours,
    hours_on,
    planned_codes,
)
from payments.dates import judged
from payments.errors import BadAttendance, MissingAttendance, PaymentError
from payments.facts import Part, PlacementMonth
from payments.month import Month
from payments.rule_rows import NoticeRule
from payments.rules import RuleSet

CODES = frozenset(EFFECTS) | {NOT_PLANNED, NOT_REPORTED}
KNOWN = "".join(sorted(CODES))
IDLE = frozenset((NOT_PLANNED, OTHER_UNIT, CLOSED))
AWAY = frozenset("ASO")
"""Letters of absence that a rule on notice may judge."""
BESIDE = IDLE | {EXTRA}
"""Letters of days that have nothing of the plan: their parts tell all."""

LETTERS: Mapping[str, str] = {effect: code for code, effect in EFFECTS.items()}
ALL_DAY = Hours(0, 24 * 60)
NO_PARTS: Mapping[int, tuple[Part, ...]] = MappingProxyType({})
NO_OFFSETS: frozenset[int] = frozenset()


class Shared(NamedTuple):
    """The plans of a client's placements as one, and one placement's part of them."""

    extent: Extent
    part: int
    of: int


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
    among: bool = False
    """Whether the rules see the client's other placements as well."""
    off: frozenset[int] = NO_OFFSETS
    """Days when another placement goes before it."""
    shared: Sequence["Shared | None"] = ()
    """Day by day, where the rules see all the client's placements as one."""


class Marking:
    """Reads placements' attendance in one month under one rule set."""

    def __init__(
        self, month: Month, rules: RuleSet, closed: Collection[date] = ()
    ) -> None:
        self._month = month
        self._rules = rules
        self._closed = closed
        self.days = month.every_day()
        self._length = month.days
        self._first = month.first.toordinal()
        self._by_day = not rules.is_monthly
        self._by_minutes = rules.part_days == "by_minutes"
        self._is_by_plan = rules.is_by_plan
        self._is_timed = rules.is_timed
        self._notice = rules.notice

    def place(self, facts: PlacementMonth) -> Place:
        """A placement within the month; what is wrong with its attendance is kept."""
        low, high = 0, self._length
        if facts.start > self.days[0]:
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
        if self._is_by_plan:
            return self.by_plan(place)
        attendance = place.facts.attendance
        codes = attendance.codes if attendance else NOT_REPORTED * self._length
        if len(codes) != self._length or codes.strip(KNOWN):
            raise self._unreadable(codes)
        parts = attendance.parts if attendance else NO_PARTS
        if parts and self._notice:
            told, parts = parts, self._judged(self._notice, parts)
            codes = self._with_judged_days(codes, told, parts)
        if parts:
            codes = self._with_extra_days(codes, parts)
        if place.facts.pauses or place.low > 0 or place.high < self._length:
            codes = self._masked(place, codes)
        if NOT_REPORTED in codes:
            codes = self._planned(place, codes)
        if self._is_timed or (parts and self._by_minutes):
            return self._parted(place, codes, parts)
        return Marked(codes, NO_PIECES)

    def _parted(
        self, place: Place, codes: str, parts: Mapping[int, tuple[Part, ...]]
    ) -> Marked:
        """The days in parts: each by its minutes, or what is told in hundredths."""
        if self._is_timed:
            return self._timed(place, codes, parts)
        return Marked(codes, self._pieces(place, codes, parts))

    def _unreadable(self, codes: str) -> BadAttendance:
        if len(codes) != self._length:
            return BadAttendance(f"{len(codes)} dagar i en månad med {self._length}.")
        unknown = "".join(sorted(set(codes) - CODES))
        return BadAttendance(f"okända koder {unknown}.")

    def by_plan(self, place: Place) -> Marked:
        """The days of the paid period as planned, none of them resting."""
        codes = self._masked(place, self.plan(place))
        if self._is_timed:
            return self._timed(place, codes, NO_PARTS)
        return Marked(codes, NO_PIECES)

    def _judged(
        self, rule: NoticeRule, parts: Mapping[int, tuple[Part, ...]]
    ) -> Mapping[int, tuple[Part, ...]]:
        """Parts that say when they were told have the letter that the rules say."""

        def judge(number: int, part: Part) -> Part:
            if part.told is None or part.code not in AWAY:
                return part
            day = datetime.combine(self.days[number - 1], time(), part.told.tzinfo)
            begins = day + timedelta(minutes=part.start)
            return replace(part, code=LETTERS[judged(rule, begins, part.told)])

        return {
            number: tuple(judge(number, part) for part in told)
            for number, told in parts.items()
        }

    def _with_judged_days(
        self,
        codes: str,
        told: Mapping[int, tuple[Part, ...]],
        judged: Mapping[int, tuple[Part, ...]],
    ) -> str:
        """A day has the letter of its told part, and so has what the parts leave."""
        letters = list(codes)
        for number, parts in told.items():
            for part, as_judged in zip(parts, judged[number], strict=True):
                if part.told and part.code == codes[number - 1]:
                    letters[number - 1] = as_judged.code
                    break
        return "".join(letters)

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
            for offset, day in enumerate(self.days):
                if pause.start <= day and (pause.end is None or day < pause.end):
                    kept[offset] = NOT_PLANNED
        return "".join(kept)

    def _pieces(
        self, place: Place, codes: str, parts: Mapping[int, tuple[Part, ...]]
    ) -> Mapping[int, Pieces]:
        pieces: dict[int, Pieces] = {}
        for number in parts:
            offset = number - 1
            told = self._told(codes, parts, offset)
            if told and codes[offset] != NOT_PLANNED:
                hours = self._hours_there(place, codes, offset)
                usual = self._usual(place, offset)
                pieces[offset] = split_day(told, codes[offset], hours, usual)
        return pieces

    def _timed(
        self, place: Place, codes: str, parts: Mapping[int, tuple[Part, ...]]
    ) -> Marked:
        """Each day's minutes by code; a day without known hours has none."""
        pieces: dict[int, Pieces] = {}
        wholes: dict[int, int] = {}
        for offset, code in enumerate(codes):
            if code != NOT_PLANNED:
                told = self._told(codes, parts, offset)
                hours = self._hours_there(place, codes, offset)
                minutes = minutes_by_code(told, code, hours)
                pieces[offset] = tuple(minutes) or ((code, 0),)
                usual = self._usual(place, offset)
                wholes[offset] = whole_of(told, hours, usual)
        return Marked(codes, pieces, wholes)

    def _told(
        self, codes: str, parts: Mapping[int, tuple[Part, ...]], offset: int
    ) -> tuple[Part, ...]:
        """The parts of a day, of a closed one only what is outside the plan."""
        told = parts.get(offset + 1, ())
        if not all(part.code in EFFECTS and part.minutes > 0 for part in told):
            raise BadAttendance(f"delarna av dag {offset + 1} stämmer inte.")
        if codes[offset] == CLOSED:
            return tuple(part for part in told if part.code == EXTRA)
        return told

    def _hours_there(self, place: Place, codes: str, offset: int) -> Hours | None:
        """The planned hours, but for a day that is wholly outside the plan."""
        return None if codes[offset] == EXTRA else self.hours(place, offset)

    def _usual(self, place: Place, offset: int) -> int:
        """The minutes of a planned day under the plan in force; 0 without one."""
        day = self.days[offset]
        extents = [plan.extent for plan in place.facts.plans if plan.covers(day)]
        planned = next((extent for extent in extents if extent.days), None)
        return planned.minutes // planned.days if planned else 0

    def _claims(self, place: Place, offset: int) -> bool:
        if offset in place.off:
            return False
        if place.marked is not None:
            return not IDLE.issuperset(place.marked.letters(offset))
        return not self._by_day and self.hours(place, offset) is not None

    def _overlap(self, one: Place, other: Place, offset: int) -> bool:
        if not (self._parts(one, offset) or self._parts(other, offset)):
            first, second = self.hours(one, offset), self.hours(other, offset)
            return (first or ALL_DAY).overlaps(second or ALL_DAY)
        mine, theirs = self._minutes(one, offset), self._minutes(other, offset)
        return not mine.isdisjoint(theirs)

    def hours(self, place: Place, offset: int) -> Hours | None:
        return hours_on(self.days[offset], place.facts.plans)

    def _minutes(self, place: Place, offset: int) -> set[int]:
        """The minutes a day claims: its plan, less parts at another unit or closed."""
        hours, parts = self.hours(place, offset), self._parts(place, offset)
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
