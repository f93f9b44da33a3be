"""Which points a question can give, and between what the sums can fall.

A value that could not be read is NaN here; then nothing is said about its sums.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil

from assessment.instrument import Instrument, Question, Scale
from assessment.level_rules import Subject
from assessment.numbers import UNREADABLE, ZERO, common_step, times, total

UNREADABLE_STEP = Fraction(0)
Span = tuple[Decimal, Decimal]


def weighted(question: Question, scale: Scale | None) -> list[Decimal]:
    """Return the points each answer gives, after weighting."""
    if scale is None or not scale.steps:
        return [UNREADABLE]
    return [times(question.weight, step.points) for step in scale.steps]


def summed(instrument: Instrument, subject: Subject) -> tuple[Question, ...]:
    """Return the questions behind a sub-total or the total."""
    return tuple(
        question
        for domain in instrument.domains
        if subject.total or domain.id == subject.domain
        for question in domain.questions
    )


def span(instrument: Instrument, questions: Iterable[Question]) -> Span | None:
    """Return the least and the greatest sum that answers could give, if readable."""
    scales = {scale.id: scale for scale in instrument.scales}
    ranges = [_range(question, scales.get(question.scale)) for question in questions]
    if any(low.is_nan() or high.is_nan() for low, high in ranges):
        return None
    return total([low for low, _ in ranges]), total([high for _, high in ranges])


def _range(question: Question, scale: Scale | None) -> Span:
    points = weighted(question, scale)
    if any(point.is_nan() for point in points):
        return UNREADABLE, UNREADABLE
    if question.may_be_absent():
        points = [*points, ZERO]
    return min(points), max(points)


def step_of(instrument: Instrument, questions: Iterable[Question]) -> Fraction | None:
    """Return what every readable sum is a multiple of; None when all are zero."""
    scales = {scale.id: scale for scale in instrument.scales}
    points = [
        point
        for question in questions
        for point in weighted(question, scales.get(question.scale))
        if not point.is_nan()
    ]
    if not points:
        return UNREADABLE_STEP
    return common_step(points)


def first_after(value: Decimal, step: Fraction) -> Fraction:
    """Return the least multiple of the step above the value."""
    first = ceil(Fraction(value) / step) * step
    return first + step if first == Fraction(value) else first
