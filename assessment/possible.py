"""What answers could ever give: which sums, and which conditions at once.

It never says that something is impossible when it is not. It may miss what is, for
it does not follow how questions that are shown by answers hang together.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from assessment.instrument import Instrument, Question
from assessment.level_rules import Condition, Subject
from assessment.numbers import ZERO, common_step, times
from assessment.reach import summed

LONGEST = 4_000_000
"""The most steps between the least and the greatest sum that are told apart."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a question can turn out; without points it is not counted."""

    points: Decimal | None
    weighted: Decimal


class Sums:
    """Every sum of one value from each list, in whole units."""

    def __init__(self, values: Iterable[Iterable[int]]) -> None:
        lists = [sorted(set(each)) for each in values]
        self.low = sum(each[0] for each in lists)
        self.high = sum(each[-1] for each in lists)
        self._bits = _bits(lists) if self.high - self.low <= LONGEST else None

    def meets(self, low: int | None, high: int | None) -> bool:
        """Tell whether some sum may be within the bounds, both included."""
        first = self.low if low is None else max(self.low, low)
        last = self.high if high is None else min(self.high, high)
        if first > last or self._bits is None:
            return first <= last
        wanted = (1 << (last - first + 1)) - 1
        return bool(self._bits >> (first - self.low) & wanted)

    def are_within(self, low: int | None, high: int | None) -> bool:
        return (low is None or low <= self.low) and (high is None or self.high <= high)


def _bits(lists: list[list[int]]) -> int:
    """Return one bit per sum that can be, the lowest sum first."""
    bits = 1
    for each in lists:
        bits = _or(bits << (value - each[0]) for value in each)
    return bits


def _or(numbers: Iterable[int]) -> int:
    result = 0
    for number in numbers:
        result |= number
    return result


class Possible:
    """What is possible in an instrument without faults."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.outcomes: dict[str, tuple[Outcome, ...]] = {}
        for question in instrument.questions():
            self.outcomes[question.id] = tuple(self._outcomes(question))
        every = [each.weighted for some in self.outcomes.values() for each in some]
        self._unit = common_step(every) or Fraction(1)

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

    def values(self, outcomes: Iterable[Outcome]) -> list[int]:
        return [int(Fraction(each.weighted) / self._unit) for each in outcomes]

    def sums(
        self,
        subject: Subject,
        *,
        left: Mapping[str, tuple[Outcome, ...]] | None = None,
        without: str = "",
    ) -> Sums:
        """Return the sums of a domain or all, when only some outcomes are left."""
        outcomes = self.outcomes if left is None else {**self.outcomes, **left}
        return Sums(
            self.values(outcomes[question.id])
            for question in summed(self.instrument, subject)
            if question.id != without
        )

    def why_not(self, conditions: tuple[Condition, ...]) -> str:
        """Say why the conditions can never hold at once, or nothing."""
        left: dict[str, tuple[Outcome, ...]] = {}
        for condition in conditions:
            if condition.named != "question":
                continue
            name = condition.question
            before = left.get(name, self.outcomes[name])
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
