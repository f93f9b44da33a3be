"""Many answers to one instrument, quickly: always the same as score() gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import getitem, itemgetter

from assessment.checks import faults_in
from assessment.compiled import Asked, Code, Codes, Compiler, Points
from assessment.compiled_levels import CompiledLevels
from assessment.errors import UnreadableInstrumentError
from assessment.instrument import Basis, Instrument
from assessment.margins import Neighbours
from assessment.result import (
    DomainPoints,
    DomainSum,
    NoLevel,
    Priced,
    Result,
    Sum,
    TraceStep,
    Uncounted,
)
from assessment.scoring import NO_ANSWERS, score

KEPT = 8192
"""How many answers to one domain that are remembered with their trace."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """The answers to one domain."""

    maximum: int
    told: DomainPoints
    trace: tuple[TraceStep, ...]
    not_counted: tuple[Uncounted, ...]


class Scorer:
    """One instrument made ready; refused with every fault if it has any.

    >>> from assessment import shipped_instruments
    >>> five = shipped_instruments()[0]
    >>> answers = {question.id: "0" for question in five.questions()}
    >>> Scorer(five).level(answers)
    '1'
    """

    def __init__(self, instrument: Instrument) -> None:
        faults = faults_in(instrument)
        if faults:
            raise UnreadableInstrumentError(faults)
        self.instrument = instrument
        compiler = Compiler(instrument)
        asked = [compiler.asked(question) for question in instrument.questions()]
        self._reader = _Reader(asked)
        self._maxima = [each.maximum for each in asked]
        self._levels = CompiledLevels(compiler)
        self._neighbours = Neighbours(instrument)
        self._number = compiler.number
        self._domains = [
            (part, _remembered(domain.id, asked[part], compiler))
            for domain, part in zip(
                instrument.domains, compiler.slices.values(), strict=True
            )
        ]
        self._is_share = instrument.basis is Basis.SHARE
        self._prices = {
            level.label: Priced(level.label, level.price_level)
            for level in instrument.levels
        }

    def level(self, answers: Mapping[str, str]) -> str | NoLevel:
        """Return the level's label alone, or why there is none."""
        read = self._reader.read(answers)
        if read is None:
            return self._no_level(answers)
        codes, points = read
        maximum = sum(map(getitem, self._maxima, codes)) if self._is_share else 1
        if not maximum:
            return self._no_level(answers)
        return self._levels.level(codes, points, maximum)

    def _no_level(self, answers: Mapping[str, str]) -> NoLevel:
        outcome = score(self.instrument, answers)
        assert isinstance(outcome, NoLevel)
        return outcome

    def score(self, answers: Mapping[str, str]) -> Result | NoLevel:
        """Return the whole result with its trace, equal to that of the plain score."""
        read = self._reader.read(answers)
        if read is None or self._reader.has_hidden_answers(answers, read[0]):
            return score(self.instrument, answers)
        codes, points = read
        scored = [domain(codes[part]) for part, domain in self._domains]
        maximum = sum([domain.maximum for domain in scored])
        if self._is_share and not maximum:
            return score(self.instrument, answers)
        return self._result(codes, points, maximum, scored)

    def _result(
        self, codes: Codes, points: Points, maximum: int, scored: list[_Scored]
    ) -> Result:
        summed = Sum(self._number(sum(points)), self._number(maximum))
        base = self._levels.base(codes, points, maximum)
        fired = self._levels.fired(codes, points, base.level)
        level = self._levels.after(base.level, fired)
        priced = self._prices[level]
        trace: list[TraceStep] = []
        for domain in scored:
            trace += domain.trace
        trace += (summed, base, *fired, priced)
        return Result(
            self.instrument.id,
            self.instrument.version,
            level,
            priced.price_level,
            base.level,
            summed.points,
            summed.maximum,
            tuple([domain.told for domain in scored]),
            fired,
            self._neighbours.margins(base, level, summed, fired),
            tuple([step for domain in scored for step in domain.not_counted]),
            tuple(trace),
        )


class _Reader:
    """From answers to a code and points per question, or None if something is wrong."""

    def __init__(self, asked: list[Asked]) -> None:
        self._asked = asked
        self._known = frozenset(each.id for each in asked)
        self._points = [each.points for each in asked]
        self._is_plain = len(asked) > 1 and not any(each.shown for each in asked)
        self._pick = itemgetter(*(each.id for each in asked))

    def read(self, answers: Mapping[str, str]) -> tuple[Codes, Points] | None:
        if self._is_plain and len(answers) == len(self._asked):
            try:
                codes: Codes = self._pick(answers)
                return codes, list(map(getitem, self._points, codes))
            except KeyError:
                return self._one_by_one(answers)
        return self._one_by_one(answers)

    def _one_by_one(self, answers: Mapping[str, str]) -> tuple[Codes, Points] | None:
        if not answers.keys() <= self._known:
            return None
        codes: list[Code] = []
        points: list[int] = []
        for asked in self._asked:
            code: Code = answers.get(asked.id, "")
            if asked.shown is not None and not asked.shown(codes, points):
                code = None
            elif code not in asked.points:
                return None
            codes.append(code)
            points.append(asked.points[code])
        return tuple(codes), points

    def has_hidden_answers(self, answers: Mapping[str, str], codes: Codes) -> bool:
        return not self._is_plain and any(
            code is None and answers.get(asked.id, "") not in NO_ANSWERS
            for asked, code in zip(self._asked, codes, strict=True)
        )


def _remembered(
    domain: str, asked: list[Asked], compiler: Compiler
) -> Callable[[Codes], _Scored]:
    """Return what scores one domain; the latest answers to it are remembered."""

    def scored(codes: Codes) -> _Scored:
        given = list(zip(asked, codes, strict=True))
        points = sum(each.points[code] for each, code in given)
        maximum = sum(each.maximum[code] for each, code in given)
        steps = [each.steps[code] for each, code in given]
        told = DomainPoints(
            domain, compiler.number(points), compiler.number(maximum), ()
        )
        return _Scored(
            maximum,
            told,
            (
                *(step for step in steps if step is not None),
                DomainSum(domain, told.points, told.maximum),
            ),
            tuple(step for step in steps if isinstance(step, Uncounted)),
        )

    return lru_cache(maxsize=KEPT)(scored)
