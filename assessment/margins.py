"""How near a result is to the levels next to it."""

from decimal import Decimal

from assessment.instrument import Basis, Direction, Instrument, Limit, RuleKind
from assessment.numbers import minus, times
from assessment.result import FiredRule, Margin, Margins, Sum

PER_CENT = Decimal("0.01")


def margins_of(
    instrument: Instrument,
    by_points: str,
    level: str,
    summed: Sum,
    fired: tuple[FiredRule, ...],
) -> Margins:
    """Return the points to the nearest higher and lower level.

    The rules that fired are taken as they are: they hold while points change.
    """
    fixed = [rule for rule in fired if rule.rule_kind is RuleKind.FIXED]
    if fixed:
        return Margins(None, None, (fixed[0].rule,))
    holders = tuple(rule.rule for rule in fired if rule.level == level)
    return Margins(
        _higher(instrument, level, summed),
        None if holders else _lower(instrument, by_points, summed, fired),
        holders,
    )


def _higher(instrument: Instrument, level: str, summed: Sum) -> Margin | None:
    above = [
        limit
        for limit in instrument.limits
        if instrument.rank(limit.level) > instrument.rank(level)
    ]
    if not above:
        return None
    nearest = min(above, key=lambda limit: instrument.rank(limit.level))
    up = instrument.direction is Direction.ASCENDING
    return _margin(instrument, nearest, nearest.level, summed, upwards=up)


def _lower(
    instrument: Instrument, by_points: str, summed: Sum, fired: tuple[FiredRule, ...]
) -> Margin | None:
    below = [
        limit
        for limit in instrument.limits
        if instrument.rank(limit.level) < instrument.rank(by_points)
    ]
    if not below:
        return None
    nearest = max(below, key=lambda limit: instrument.rank(limit.level))
    floors = (rule.level for rule in fired)
    reached = max((nearest.level, *floors), key=instrument.rank)
    up = instrument.direction is Direction.DESCENDING
    return _margin(instrument, nearest, reached, summed, upwards=up)


def _margin(
    instrument: Instrument, limit: Limit, level: str, summed: Sum, *, upwards: bool
) -> Margin | None:
    bound = limit.low if upwards else limit.high
    included = limit.low_included if upwards else limit.high_included
    assert bound is not None
    if instrument.basis is Basis.SHARE:
        bound = times(times(bound, PER_CENT), summed.maximum)
    distance = minus(bound, summed.points) if upwards else minus(summed.points, bound)
    return Margin(level, distance, not included)
