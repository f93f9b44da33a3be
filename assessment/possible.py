"""What answers could ever give: which sums, and which conditions at once.

It never says that something is impossible when it is not. It may miss what is, for
it does not follow how questions that are shown by answers hang together.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from assessment.instrument import Instrument, Question
from assessment.level_rules import Condition, Subject
from assessment.numbers import EXACT, ZERO, common_step, times
from assessment.reach import summed

WORK = 1_500_000
"""The most steps that are gone through before it can not be told."""
BITS_A_STEP = 2_000
"""So many bits are moved in about the time of one step."""
Values = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a question can turn out; without points it is not counted."""

    points: Decimal | None
    weighted: Decimal


class Work:
    """The steps that are left, so that no instrument takes long."""

    def __init__(self, left: int = WORK) -> None:
        self._left = left
        self.was_short = False

    def allows(self, steps: int) -> bool:
        if steps > self._left:
            self.was_short = True
            return False
        self._left -= steps
        return True


class Sums:
    """Every sum of one value from each list, in whole units."""

    def __init__(
        self,
        lists: Mapping[str, Values],
        work: Work,
        changed: Mapping[str, Values] | None = None,
    ) -> None:
        self._lists, self._work = lists, work
        self._changed = changed or {}

    @cached_property
    def low(self) -> int:
        return sum(each[0] for each in self._values())

    @cached_property
    def high(self) -> int:
        return sum(each[-1] for each in self._values())

    @cached_property
    def _bits(self) -> int:
        """One bit per sum that can be, the lowest sum first."""
        bits = 1
        for each in self._values():
            bits = _or(bits << (value - each[0]) for value in each)
        return bits

    def _values(self) -> Iterator[Values]:
        changed = self._changed
        return (changed.get(name, each) for name, each in self._lists.items())

    def but(self, changed: Mapping[str, Values]) -> "Sums":
        """Return the sums where some lists are others."""
        mine = {name: each for name, each in changed.items() if name in self._lists}
        other = Sums(self._lists, self._work, mine)
        before = [self._lists[name] for name in mine]
        other.low = self.low + _sum_of(mine.values(), 0) - _sum_of(before, 0)
        other.high = self.high + _sum_of(mine.values(), -1) - _sum_of(before, -1)
        return other

    def meets(self, low: int | None, high: int | None) -> bool:
        """Tell whether some sum may be within the bounds, both included."""
        first = self.low if low is None else max(self.low, low)
        last = self.high if high is None else min(self.high, high)
        if first > last:
            return False
        if first == self.low or last == self.high:
            return True
        if not self._work.allows(len(self._lists) + 10):
            return True
        return self._climbs_into(first, last) or self._bits_meet(first, last)

    def _climbs_into(self, first: int, last: int) -> bool:
        """Go up from the lowest sum, each list as far as there is room for."""
        room = last - self.low
        for each in self._values():
            if room <= last - first:
                break
            room -= each[bisect_right(each, each[0] + room) - 1] - each[0]
        return room <= last - first

    def _bits_meet(self, first: int, last: int) -> bool:
        if "_bits" not in self.__dict__:
            many = sum(map(len, self._values()))
            if not self._work.allows(
                many * (4 + (self.high - self.low) // BITS_A_STEP)
            ):
                return True
        wanted = (1 << (last - first + 1)) - 1
        return bool(self._bits >> (first - self.low) & wanted)

    def are_within(self, low: int | None, high: int | None) -> bool:
        return (low is None or low <= self.low) and (high is None or self.high <= high)


def _sum_of(lists: Iterable[Values], place: int) -> int:
    return sum(each[place] for each in lists)


def _or(numbers: Iterable[int]) -> int:
    result = 0
    for number in numbers:
        result |= number
    return result


class Possible:
    """What is possible in an instrument without faults."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.work = Work()
        self.outcomes: dict[str, tuple[Outcome, ...]] = {}
        for question in instrument.questions():
            self.outcomes[question.id] = tuple(self._outcomes(question))
        every = {each.weighted for some in self.outcomes.values() for each in some}
        self._unit = common_step(list(every)) or Fraction(1)
        self._parts = Decimal(self._unit.denominator)
        self._values = {
            name: self.values(outcomes) for name, outcomes in self.outcomes.items()
        }
        self._sums: dict[tuple[str, bool], Sums] = {}

    def _outcomes(self, question: Question) -> Iterator[Outcome]:
        if self.why_not(question.shown_when):
            yield Outcome(None, ZERO)
            return
        for step in self.instrument.scale(question.scale).steps:
            yield Outcome(step.points, times(question.weight, step.points))
        if question.may_be_absent():
            yield Outcome(None, ZERO)

    def least(self, bound: Decimal | None) -> int | None:
        """Return the first unit at or above the bound."""
        return None if bound is None else ceil(Fraction(bound) / self._unit)

    def most(self, bound: Decimal | None) -> int | None:
        """Return the last unit at or below the bound."""
        return None if bound is None else floor(Fraction(bound) / self._unit)

    def values(self, outcomes: Iterable[Outcome]) -> Values:
        """Return the different points in whole units, the lowest first."""
        return tuple(sorted({self._units(each.weighted) for each in outcomes}))

    def _units(self, points: Decimal) -> int:
        return int(EXACT.multiply(points, self._parts)) // self._unit.numerator

    def sums(
        self,
        subject: Subject,
        *,
        left: Mapping[str, tuple[Outcome, ...]] | None = None,
        without: str = "",
    ) -> Sums:
        """Return the sums of a domain or all, when only some outcomes are left."""
        key = (subject.domain, subject.total)
        if key not in self._sums:
            self._sums[key] = Sums(self._widest_first(subject), self.work)
        changed = {name: self.values(some) for name, some in (left or {}).items()}
        if without:
            changed[without] = (0,)
        return self._sums[key].but(changed) if changed else self._sums[key]

    def _widest_first(self, subject: Subject) -> dict[str, Values]:
        names = [question.id for question in summed(self.instrument, subject)]
        names.sort(key=lambda name: self._values[name][0] - self._values[name][-1])
        return {name: self._values[name] for name in names}

    def why_not(self, conditions: tuple[Condition, ...]) -> str:
        """Say why the conditions can never hold at once, or nothing."""
        left: dict[str, tuple[Outcome, ...]] = {}
        for condition in conditions:
            if condition.named != "question":
                continue
            name = condition.question
            before = left.get(name, self.outcomes[name])
            if not self.work.allows(20 + 4 * len(before)):
                return ""
            left[name] = tuple(one for one in before if condition.holds(one.points))
            if not left[name]:
                return self._why_no_outcome(name)
        for condition in conditions:
            if condition.named != "question" and not self.sums(
                condition, left=left
            ).meets(*self._bounds(condition, conditions)):
                return "summan kan aldrig bli sådan samtidigt med de andra villkoren"
        return ""

    def _why_no_outcome(self, question: str) -> str:
        if all(one.points is None for one in self.outcomes[question]):
            return f"frågan ”{question}” ställs aldrig"
        return f"inget svar på frågan ”{question}” uppfyller villkoren samtidigt"

    def _bounds(
        self, subject: Condition, conditions: tuple[Condition, ...]
    ) -> tuple[int | None, int | None]:
        """Return the narrowest bounds that all conditions on the subject leave."""
        same = [each for each in conditions if _same(each, subject)]
        lows = [low for each in same if (low := self.least(each.at_least)) is not None]
        highs = [high for each in same if (high := self.most(each.at_most)) is not None]
        return max(lows, default=None), min(highs, default=None)

    def always(self, conditions: tuple[Condition, ...]) -> bool:
        """Tell whether the conditions hold whatever the answers are."""
        return all(self._always(condition) for condition in conditions)

    def _always(self, condition: Condition) -> bool:
        if condition.named == "question":
            return all(
                condition.holds(one.points) for one in self.outcomes[condition.question]
            )
        return self.sums(condition).are_within(
            self.least(condition.at_least), self.most(condition.at_most)
        )


def _same(one: Subject, other: Subject) -> bool:
    return (one.question, one.domain, one.total) == (
        other.question,
        other.domain,
        other.total,
    )


def implies(some: tuple[Condition, ...], other: tuple[Condition, ...]) -> bool:
    """Tell whether the other conditions hold as soon as these do."""
    return all(
        any(_same(one, each) and _is_inside(one, each) for one in some)
        for each in other
    )


def _is_inside(inner: Condition, outer: Condition) -> bool:
    low = outer.at_least is None or (
        inner.at_least is not None and inner.at_least >= outer.at_least
    )
    high = outer.at_most is None or (
        inner.at_most is not None and inner.at_most <= outer.at_most
    )
    return low and high
