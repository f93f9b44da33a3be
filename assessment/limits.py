"""Limits: every sum that can occur must give one level, and only one."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil

from assessment.errors import Fault
from assessment.instrument import Basis, Direction, Instrument, Limit
from assessment.numbers import ZERO, number_text
from assessment.reach import UNREADABLE_STEP, span, step_of, weighted

LEAST, MOST = Decimal(0), Decimal(100)


def faults_in_limits(instrument: Instrument) -> Iterator[Fault]:
    """Yield what is wrong with the limits, in the order they cover the points."""
    yield from _name_faults(instrument)
    yield from _empty_faults(instrument)
    yield from _share_faults(instrument)
    if any(_is_unreadable(limit) for limit in instrument.limits):
        return
    if any(_is_empty(limit) for limit in instrument.limits):
        return
    limits = in_order(instrument.limits)
    step = _step(instrument)
    for one, other in pairwise(limits):
        yield from _between(one, other, step)
    yield from _order_faults(instrument, limits)
    yield from _reach_faults(instrument, limits)


def reach(instrument: Instrument) -> tuple[Decimal, Decimal] | None:
    """Return the least and the greatest that limits are held against, if readable."""
    if instrument.basis is Basis.SHARE:
        return LEAST, MOST
    return span(instrument, instrument.questions())


def _step(instrument: Instrument) -> Fraction | None:
    """Return what every readable sum is a multiple of; None when anything can be."""
    if instrument.basis is Basis.SHARE:
        return None
    return step_of(instrument, instrument.questions())


def in_order(limits: Iterable[Limit]) -> list[Limit]:
    """Sort by the low bound; a limit without one comes first."""
    return sorted(limits, key=_low_bound)


def _low_bound(limit: Limit) -> tuple[bool, Decimal, bool]:
    low = ZERO if limit.low is None else limit.low
    return limit.low is not None, low, not limit.low_included


def _is_unreadable(limit: Limit) -> bool:
    bounds = (limit.low, limit.high)
    return any(bound is not None and bound.is_nan() for bound in bounds)


def _is_empty(limit: Limit) -> bool:
    if limit.low is None or limit.high is None or _is_unreadable(limit):
        return False
    if limit.low == limit.high:
        return not (limit.low_included and limit.high_included)
    return limit.low > limit.high


def _name_faults(instrument: Instrument) -> Iterator[Fault]:
    labels = {level.label for level in instrument.levels}
    seen: set[str] = set()
    for number, limit in enumerate(instrument.limits, 1):
        place = f"gräns {number}, fältet level"
        if limit.level and limit.level not in labels:
            yield Fault(
                place,
                f"Nivån ”{limit.level}” finns inte i instrumentet.",
                "Rätta nivån, eller lägg till den bland nivåerna.",
            )
        if limit.level and limit.level in seen:
            yield Fault(
                place,
                f"Nivån ”{limit.level}” har redan en gräns.",
                "Låt varje nivå ha en enda gräns.",
            )
        seen.add(limit.level)


def _empty_faults(instrument: Instrument) -> Iterator[Fault]:
    for number, limit in enumerate(instrument.limits, 1):
        if _is_empty(limit):
            yield Fault(
                f"gräns {number}",
                f"Gränsen för nivå ”{limit.level}” rymmer inga poäng.",
                "Låt from vara lägre än to.",
            )


def _share_faults(instrument: Instrument) -> Iterator[Fault]:
    if instrument.basis is not Basis.SHARE:
        return
    scales = {scale.id: scale for scale in instrument.scales}
    for question in instrument.questions():
        points = weighted(question, scales.get(question.scale))
        if any(not point.is_nan() and point < ZERO for point in points):
            yield Fault(
                f"frågan ”{question.id}”",
                "Minuspoäng går inte att räkna som andel av det högsta.",
                "Använd basis points, eller gör poängen och vikten positiva.",
            )


def _between(one: Limit, other: Limit, step: Fraction | None) -> Iterator[Fault]:
    place = f"gränserna för nivå ”{one.level}” och nivå ”{other.level}”"
    if _overlap(one, other):
        yield Fault(
            place,
            "De överlappar varandra: samma poäng ger två nivåer.",
            "Ändra den ena gränsen så att varje poäng ger en nivå.",
        )
        return
    assert one.high is not None
    assert other.low is not None
    if _gap(one, one.high, other, other.low, step):
        yield Fault(
            place,
            f"Det finns ett hål mellan {number_text(one.high)} "
            f"och {number_text(other.low)}: poäng där ger ingen nivå.",
            "Flytta den ena gränsen, eller låt den räknas med.",
        )


def _overlap(one: Limit, other: Limit) -> bool:
    if one.high is None or other.low is None:
        return True
    if one.high == other.low:
        return one.high_included and other.low_included
    return one.high > other.low


def _gap(
    one: Limit, high: Decimal, other: Limit, low: Decimal, step: Fraction | None
) -> bool:
    """Tell whether a sum that can occur lies after the one and before the other."""
    if high == low and (one.high_included or other.low_included):
        return False
    if step == UNREADABLE_STEP:
        return False
    if step is None:
        return True
    first = ceil(Fraction(high) / step) * step
    if first == Fraction(high) and one.high_included:
        first += step
    return first < Fraction(low) or (first == Fraction(low) and not other.low_included)


def _order_faults(instrument: Instrument, limits: list[Limit]) -> Iterator[Fault]:
    labels = [level.label for level in instrument.levels]
    ranks = [labels.index(limit.level) for limit in limits if limit.level in labels]
    descending = instrument.direction is Direction.DESCENDING
    if ranks != sorted(ranks, reverse=descending):
        yield Fault(
            "gränser",
            "Gränserna följer inte nivåernas ordning: fler poäng ska ge "
            + ("mindre" if descending else "större")
            + " behov.",
            "Ordna nivåerna från minst till störst behov, eller ändra direction.",
        )


def _reach_faults(instrument: Instrument, limits: list[Limit]) -> Iterator[Fault]:
    span = reach(instrument)
    if span is None or not limits:
        return
    first, last = limits[0], limits[-1]
    for value, outside in (
        (span[0], first.low is not None and not _reaches_down(first, span[0])),
        (span[1], last.high is not None and not _reaches_up(last, span[1])),
    ):
        if outside:
            yield Fault(
                "gränser",
                f"Summan {number_text(value)} kan bli resultatet men ger ingen nivå.",
                "Låt gränserna täcka alla summor från den lägsta till den högsta.",
            )


def _reaches_down(limit: Limit, value: Decimal) -> bool:
    assert limit.low is not None
    return limit.low < value or (limit.low == value and limit.low_included)


def _reaches_up(limit: Limit, value: Decimal) -> bool:
    assert limit.high is not None
    return limit.high > value or (limit.high == value and limit.high_included)
