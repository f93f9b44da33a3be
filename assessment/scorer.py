"""Many answers to one instrument, quickly: always the same as score() gives."""

from collections.abc import Iterable, Iterator, Mapping
from operator import getitem, itemgetter
from typing import TypeGuard

from assessment.checks import faults_in
from assessment.compiled import Asked, Code, Codes, Compiler, Points
from assessment.compiled_levels import CompiledLevels
from assessment.errors import UnreadableInstrumentError
from assessment.instrument import Basis, Instrument
from assessment.margins import Neighbours
from assessment.numbers import ZERO
from assessment.result import (
    Counted,
    DomainPoints,
    DomainSum,
    NoLevel,
    NotCounted,
    Priced,
    Result,
    Sum,
    TraceStep,
    Uncounted,
)
from assessment.scoring import NO_ANSWERS, score

KEPT = 10_000
"""How many sub-totals of one domain that are remembered in words."""


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
        self._greatest = [each.greatest for each in asked]
        self._all_count = not any(each.may_be_absent() for each in asked)
        self._levels = CompiledLevels(compiler)
        self._neighbours = Neighbours(instrument)
        self._number = compiler.number
        self._domains = [
            _Domain(name, part, asked, compiler)
            for name, part in compiler.slices.items()
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
        if read is None:
            return self._no_level(answers)
        codes, points = read
        maxima = self._greatest
        if not self._all_count:
            maxima = list(map(getitem, self._maxima, codes))
        if self._is_share and not sum(maxima):
            return self._no_level(answers)
        return self._result(answers, codes, points, maxima)

    def _result(
        self,
        answers: Mapping[str, str],
        codes: Codes,
        points: Points,
        maxima: Points,
    ) -> Result:
        domains, trace = self._told(answers, codes, points, maxima)
        maximum = sum(maxima)
        summed = Sum(self._number(sum(points)), self._number(maximum))
        base = self._levels.base(codes, points, maximum)
        fired = self._levels.fired(codes, points, base.level)
        level = self._levels.after(base.level, fired)
        priced = self._prices[level]
        left = () if self._all_count else tuple(filter(_is_left_out, trace))
        return Result(
            self.instrument.id,
            self.instrument.version,
            level,
            priced.price_level,
            base.level,
            summed.points,
            summed.maximum,
            domains,
            fired,
            self._neighbours.margins(base, level, summed, fired),
            left,
            (*trace, summed, base, *fired, priced),
        )

    def _told(
        self,
        answers: Mapping[str, str],
        codes: Codes,
        points: Points,
        maxima: Points,
    ) -> tuple[tuple[DomainPoints, ...], list[TraceStep]]:
        """Return the sub-totals, and every answer and sub-total in the trace."""
        domains: list[DomainPoints] = []
        trace: list[TraceStep] = []
        for domain in self._domains:
            part = domain.part
            told, added = domain.sums(sum(points[part]), sum(maxima[part]))
            domains.append(told)
            trace += domain.steps(answers, codes[part])
            trace.append(added)
        return tuple(domains), trace


def _is_left_out(step: TraceStep) -> TypeGuard[Uncounted]:
    return isinstance(step, Uncounted)


class _Reader:
    """From answers to a code and points per question, or None if something is wrong."""

    def __init__(self, asked: list[Asked]) -> None:
        self._asked = asked
        self._known = frozenset(each.id for each in asked)
        self._points = [each.points for each in asked]
        is_plain = len(asked) > 1 and not any(each.shown for each in asked)
        self._plain_size = len(asked) if is_plain else -1
        self._pick = itemgetter(*(each.id for each in asked))

    def read(self, answers: Mapping[str, str]) -> tuple[Codes, Points] | None:
        if len(answers) != self._plain_size:
            return self._one_by_one(answers)
        try:
            codes: Codes = self._pick(answers)
            return codes, list(map(getitem, self._points, codes))
        except KeyError:
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


class _Domain:
    """One domain's answers and sub-totals in words, each made once."""

    def __init__(
        self, name: str, part: slice, asked: list[Asked], compiler: Compiler
    ) -> None:
        self.part = part
        self._name = name
        self._asked = asked[part]
        self._steps = [each.steps for each in self._asked]
        self._number = compiler.number
        self._kept: dict[tuple[int, int], tuple[DomainPoints, DomainSum]] = {}

    def steps(
        self, answers: Mapping[str, str], codes: Codes
    ) -> Iterable[Counted | Uncounted]:
        if None in codes:
            return self._with_hidden(answers, codes)
        return map(getitem, self._steps, codes)

    def _with_hidden(
        self, answers: Mapping[str, str], codes: Codes
    ) -> Iterator[Counted | Uncounted]:
        """Name an answer to a question that is not asked."""
        for asked, code in zip(self._asked, codes, strict=True):
            given = answers.get(asked.id, "")
            if code is not None:
                yield asked.steps[code]
            elif given not in NO_ANSWERS:
                yield Uncounted(asked.id, given, NotCounted.HIDDEN, ZERO)

    def sums(self, points: int, maximum: int) -> tuple[DomainPoints, DomainSum]:
        found = self._kept.get((points, maximum))
        return self._new_sums(points, maximum) if found is None else found

    def _new_sums(self, points: int, maximum: int) -> tuple[DomainPoints, DomainSum]:
        if len(self._kept) >= KEPT:
            self._kept.clear()
        reached, greatest = self._number(points), self._number(maximum)
        made = (
            DomainPoints(self._name, reached, greatest, ()),
            DomainSum(self._name, reached, greatest),
        )
        self._kept[points, maximum] = made
        return made
