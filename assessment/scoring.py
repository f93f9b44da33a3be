"""An instrument and answers in; a level with its trace, or the reasons for none, out.

>>> from assessment import read_instrument, score, shipped_instruments
>>> five = shipped_instruments()[0]
>>> score(five, {}).missing[:2]
('larande-1', 'larande-2')
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessment.instrument import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Basis,
    Domain,
    Instrument,
    Question,
    Scale,
)
from assessment.levelling import Measured, base_level, fired_rules, level_after
from assessment.margins import Neighbours
from assessment.numbers import ZERO, times, total
from assessment.result import (
    Base,
    Counted,
    DomainPoints,
    DomainSum,
    NoLevel,
    NotCounted,
    Priced,
    Reason,
    ReasonKind,
    Result,
    Sum,
    TraceStep,
    Uncounted,
)

NO_ANSWERS = frozenset({"", NOT_ASSESSED})


@dataclass(frozen=True, slots=True)
class _Reading:
    """One pass over the answers, before any level is thought of."""

    steps: tuple[Counted | Uncounted, ...]
    domains: tuple[DomainPoints, ...]
    reasons: tuple[Reason, ...]
    points_of: Mapping[str, Decimal]

    @property
    def not_counted(self) -> tuple[Uncounted, ...]:
        return tuple(step for step in self.steps if isinstance(step, Uncounted))

    def measured(self) -> Measured:
        return Measured(
            self.points_of,
            {domain.domain: domain.points for domain in self.domains},
            total([domain.points for domain in self.domains]),
            total([domain.maximum for domain in self.domains]),
        )


def score(instrument: Instrument, answers: Mapping[str, str]) -> Result | NoLevel:
    """Score the answers: question id to a step's code, "ej relevant" or "ej bedömd".

    The same instrument and answers always give the same result and trace.
    """
    reading = _read(instrument, answers)
    measured = reading.measured()
    reasons = reading.reasons
    if not reasons and instrument.basis is Basis.SHARE and not measured.maximum:
        reasons = (Reason(ReasonKind.NOTHING_MEASURED),)
    base = None if reasons else base_level(instrument, measured)
    if base is not None:
        return _result(instrument, reading, measured, base)
    return NoLevel(
        instrument.id,
        instrument.version,
        reasons or (Reason(_unanswered_by(instrument)),),
        reading.domains,
        reading.not_counted,
    )


def _unanswered_by(instrument: Instrument) -> ReasonKind:
    """Say why sound answers give nothing: only in an instrument with faults."""
    if instrument.limits:
        return ReasonKind.OUTSIDE_LIMITS
    return ReasonKind.NOTHING_DECIDES


def visible_questions(
    instrument: Instrument, answers: Mapping[str, str]
) -> frozenset[str]:
    """Return the ids of the questions that are asked, given the answers so far."""
    points_of: dict[str, Decimal] = {}
    return frozenset(
        question.id for question in _visible(instrument, answers, points_of)
    )


def _visible(
    instrument: Instrument, answers: Mapping[str, str], points_of: dict[str, Decimal]
) -> Iterator[Question]:
    """Yield what is asked, noting the points of each answer that can be counted."""
    scales = {scale.id: scale for scale in instrument.scales}
    for question in instrument.questions():
        if not all(
            condition.holds(points_of.get(condition.question))
            for condition in question.shown_when
        ):
            continue
        step = scales[question.scale].step(answers.get(question.id, ""))
        if step is not None:
            points_of[question.id] = step.points
        yield question


def _read(instrument: Instrument, answers: Mapping[str, str]) -> _Reading:
    points_of: dict[str, Decimal] = {}
    visible = {question.id for question in _visible(instrument, answers, points_of)}
    scales = {scale.id: scale for scale in instrument.scales}
    steps: list[Counted | Uncounted] = []
    domains: list[DomainPoints] = []
    known = {question.id for question in instrument.questions()}
    reasons = [
        Reason(ReasonKind.UNKNOWN_QUESTION, name, answers[name])
        for name in sorted(answers.keys() - known)
    ]
    for domain in instrument.domains:
        seen = [
            _seen(
                instrument,
                question,
                scales[question.scale],
                answers.get(question.id, ""),
                is_visible=question.id in visible,
            )
            for question in domain.questions
        ]
        steps += [item for item in seen if isinstance(item, Counted | Uncounted)]
        reasons += [item for item in seen if isinstance(item, Reason)]
        domains.append(_domain_points(domain, scales, seen))
    return _Reading(tuple(steps), tuple(domains), tuple(reasons), points_of)


def _seen(
    instrument: Instrument,
    question: Question,
    scale: Scale,
    answer: str,
    *,
    is_visible: bool,
) -> Counted | Uncounted | Reason | None:
    """Judge one question; None when it is hidden and nobody answered it."""
    if is_visible:
        return _judged(instrument, question, scale, answer)
    if answer in NO_ANSWERS:
        return None
    return Uncounted(question.id, answer, NotCounted.HIDDEN, ZERO)


def _judged(
    instrument: Instrument, question: Question, scale: Scale, answer: str
) -> Counted | Uncounted | Reason:
    greatest = _greatest(question, scale)
    if answer in NO_ANSWERS:
        if question.required:
            return Reason(ReasonKind.MISSING, question.id, answer)
        return Uncounted(question.id, answer, NotCounted.OPTIONAL, greatest)
    if answer == NOT_RELEVANT:
        if not question.may_be_irrelevant:
            return Reason(ReasonKind.IRRELEVANT_REFUSED, question.id, answer)
        left = ZERO if instrument.irrelevant_lowers_maximum else greatest
        return Uncounted(question.id, answer, NotCounted.IRRELEVANT, left)
    return _counted(question, scale, answer)


def _counted(question: Question, scale: Scale, answer: str) -> Counted | Reason:
    step = scale.step(answer)
    if step is None:
        return Reason(ReasonKind.UNKNOWN_ANSWER, question.id, answer)
    return Counted(
        question.id,
        answer,
        step.points,
        question.weight,
        times(question.weight, step.points),
        _greatest(question, scale),
    )


def _greatest(question: Question, scale: Scale) -> Decimal:
    return max(times(question.weight, step.points) for step in scale.steps)


def _domain_points(
    domain: Domain,
    scales: Mapping[str, Scale],
    seen: list[Counted | Uncounted | Reason | None],
) -> DomainPoints:
    reached = [item.points for item in seen if isinstance(item, Counted)]
    greatest = [item.maximum for item in seen if isinstance(item, Counted | Uncounted)]
    unanswered = [
        question
        for question, item in zip(domain.questions, seen, strict=True)
        if isinstance(item, Reason)
    ]
    greatest += [_greatest(question, scales[question.scale]) for question in unanswered]
    return DomainPoints(
        domain.id,
        total(reached),
        total(greatest),
        tuple(question.id for question in unanswered),
    )


def _result(
    instrument: Instrument, reading: _Reading, measured: Measured, base: Base
) -> Result:
    fired = tuple(fired_rules(instrument, measured, base.level))
    level = level_after(instrument, base.level, fired)
    price_level = instrument.level(level).price_level
    summed = Sum(measured.total, measured.maximum)
    return Result(
        instrument=instrument.id,
        version=instrument.version,
        level=level,
        price_level=price_level,
        level_by_points=base.level,
        points=summed.points,
        maximum=summed.maximum,
        domains=reading.domains,
        fired=fired,
        margins=Neighbours(instrument).margins(base, level, summed, fired),
        not_counted=reading.not_counted,
        trace=(
            *_domain_steps(instrument, reading),
            summed,
            base,
            *fired,
            Priced(level, price_level),
        ),
    )


def _domain_steps(instrument: Instrument, reading: _Reading) -> Iterator[TraceStep]:
    by_question = {step.question: step for step in reading.steps}
    for domain, points in zip(instrument.domains, reading.domains, strict=True):
        for question in domain.questions:
            if question.id in by_question:
                yield by_question[question.id]
        yield DomainSum(points.domain, points.points, points.maximum)
