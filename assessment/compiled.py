"""An instrument made ready for many answers: look-ups instead of rules.

Points become whole numbers of one small unit, so that sums are exact and quick; an
answer becomes what it gives, and a condition the answers that meet it. None stands
for the answer to a question that is not asked.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from assessment.instrument import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Basis,
    Instrument,
    Question,
)
from assessment.level_rules import Condition, Subject, TableKey
from assessment.limits import in_order
from assessment.numbers import EXACT, ONE, ZERO, times
from assessment.result import ByLimit, Counted, KeyBand, NotCounted, Uncounted

Code = str | None
Codes = Sequence[Code]
Points = Sequence[int]
Test = Callable[[Codes, Points], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what each accepted answer gives, and when it is asked."""

    id: str
    points: Mapping[Code, int]
    maximum: Mapping[Code, int]
    steps: Mapping[Code, Counted | Uncounted]
    greatest: int
    shown: Test | None

    def may_be_absent(self) -> bool:
        return self.shown is not None or any(
            isinstance(step, Uncounted) for step in self.steps.values()
        )


class Compiler:
    """Turns the parts of one instrument, which has no faults, into look-ups."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.places = max(_decimals(number) for number in _numbers(instrument))
        self._unit = EXACT.scaleb(ONE, -self.places)
        self._index = {
            question.id: index for index, question in enumerate(instrument.questions())
        }
        self.slices = dict(self._domain_slices())

    def units(self, number: Decimal) -> int:
        return int(EXACT.scaleb(number, self.places))

    def number(self, units: int) -> Decimal:
        return EXACT.multiply(units, self._unit)

    def _domain_slices(self) -> Iterable[tuple[str, slice]]:
        start = 0
        for domain in self.instrument.domains:
            yield domain.id, slice(start, start + len(domain.questions))
            start += len(domain.questions)

    def asked(self, question: Question) -> Asked:
        steps: dict[Code, Counted | Uncounted] = {
            step.answer: step for step in self._steps(question)
        }
        points = {
            code: self.units(step.points) if isinstance(step, Counted) else 0
            for code, step in steps.items()
        }
        maximum = {code: self.units(step.maximum) for code, step in steps.items()}
        return Asked(
            id=question.id,
            points={**points, None: 0},
            maximum={**maximum, None: 0},
            steps=steps,
            greatest=max(maximum.values()),
            shown=self.test(question.shown_when) if question.shown_when else None,
        )

    def _steps(self, question: Question) -> Iterable[Counted | Uncounted]:
        name = question.id
        scale = self.instrument.scale(question.scale)
        greatest = max(times(question.weight, step.points) for step in scale.steps)
        for step in scale.steps:
            points = times(question.weight, step.points)
            yield Counted(
                name, step.code, step.points, question.weight, points, greatest
            )
        if question.may_be_irrelevant:
            left = ZERO if self.instrument.irrelevant_lowers_maximum else greatest
            yield Uncounted(name, NOT_RELEVANT, NotCounted.IRRELEVANT, left)
        if not question.required:
            for code in ("", NOT_ASSESSED):
                yield Uncounted(name, code, NotCounted.OPTIONAL, greatest)

    def test(self, conditions: tuple[Condition, ...]) -> Test:
        """Return one test that holds when every condition does."""
        tests = [self._one(condition) for condition in conditions]
        return reduce(_both, tests) if tests else _always

    def _one(self, condition: Condition) -> Test:
        if condition.named != "question":
            return self._within(condition)
        index, scale = self._scale_of(condition)
        met = {code for code, points in scale.items() if condition.holds(points)}
        return lambda codes, points: codes[index] in met

    def _within(self, condition: Condition) -> Test:
        part = self._part(condition)
        least, most = condition.at_least, condition.at_most
        if most is None:
            low = self.units(least or ZERO)
            return lambda codes, points: sum(points[part]) >= low
        high = self.units(most)
        if least is None:
            return lambda codes, points: sum(points[part]) <= high
        low = self.units(least)
        return lambda codes, points: low <= sum(points[part]) <= high

    def _part(self, subject: Subject) -> slice:
        return slice(None) if subject.total else self.slices[subject.domain]

    def _scale_of(self, subject: Subject) -> tuple[int, dict[Code, Decimal]]:
        question = self.instrument.question(subject.question)
        steps = self.instrument.scale(question.scale).steps
        return self._index[question.id], {step.code: step.points for step in steps}

    def key(self, key: TableKey) -> Callable[[Codes, Points], KeyBand | None]:
        """Return what finds where on the key the answers land, if anywhere."""
        if key.named == "question":
            index, scale = self._scale_of(key)
            found = {code: _landed(key, points) for code, points in scale.items()}
            return lambda codes, points: found.get(codes[index])
        part = self._part(key)
        return lambda codes, points: _landed(key, self.number(sum(points[part])))

    def limit(self) -> Callable[[int, int], ByLimit]:
        """Return what finds the limit of a sum, given also the maximum.

        Everything is doubled, so that a bound that does not belong is one step up.
        """
        limits = in_order(self.instrument.limits)
        basis = self.instrument.basis
        found = [
            ByLimit(
                limit.level,
                limit.low,
                limit.low_included,
                limit.high,
                limit.high_included,
                basis.value,
            )
            for limit in limits
        ]
        lows = [
            (2 * self.units(limit.low or ZERO), int(not limit.low_included))
            for limit in limits[1:]
        ]
        if basis is Basis.SHARE:
            hundred = 200 * 10**self.places
            return lambda total, maximum: found[
                bisect_right(
                    [low * maximum + past for low, past in lows], hundred * total
                )
            ]
        cuts = [low + past for low, past in lows]
        return lambda total, maximum: found[bisect_right(cuts, 2 * total)]


def _always(codes: Codes, points: Points) -> bool:
    return True


def _both(one: Test, other: Test) -> Test:
    return lambda codes, points: one(codes, points) and other(codes, points)


def _landed(key: TableKey, points: Decimal) -> KeyBand | None:
    band = key.band(points)
    if band is None:
        return None
    return KeyBand(key.question, key.domain, key.total, points, band)


def _numbers(instrument: Instrument) -> Iterable[Decimal]:
    yield ZERO
    scales = {scale.id: scale.steps for scale in instrument.scales}
    for question in instrument.questions():
        for step in scales[question.scale]:
            yield times(question.weight, step.points)
    bounds = [bound for limit in instrument.limits for bound in (limit.low, limit.high)]
    tests = [
        *(rule.when for rule in instrument.rules),
        *(decision.when for decision in instrument.decisions),
    ]
    for when in tests:
        bounds += [b for test in when for b in (test.at_least, test.at_most)]
    yield from (bound for bound in bounds if bound is not None)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)
