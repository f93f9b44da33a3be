"""How near a result is to the levels next to it."""

from decimal import Decimal

from assessment.instrument import Basis, Direction, Instrument, Limit
from assessment.level_rules import RuleKind
from assessment.numbers import minus, times
from assessment.result import Base, ByDecision, ByTable, FiredRule, Margin, Margins, Sum

PER_CENT = Decimal("0.01")


class Neighbours:
    """An instrument's levels with the limits next to each, found once."""

    def __init__(self, instrument: Instrument) -> None:
        self._is_share = instrument.basis is Basis.SHARE
        self._up = instrument.direction is Direction.ASCENDING
        labels = [level.label for level in instrument.levels]
        self.rank = {label: rank for rank, label in enumerate(labels)}
        limits = sorted(instrument.limits, key=lambda limit: self.rank[limit.level])
        self._above = {label: self._next(limits, label) for label in labels}
        self._below = {label: self._previous(limits, label) for label in labels}

    def _next(self, limits: list[Limit], label: str) -> Limit | None:
        rank = self.rank[label]
        return next((each for each in limits if self.rank[each.level] > rank), None)

    def _previous(self, limits: list[Limit], label: str) -> Limit | None:
        rank = self.rank[label]
        below = [each for each in limits if self.rank[each.level] < rank]
        return below[-1] if below else None

    def margins(
        self, base: Base, level: str, summed: Sum, fired: tuple[FiredRule, ...]
    ) -> Margins:
        """Return the points to the nearest higher and lower level.

        The rules that fired are taken as they are: they hold while points change, and
        those that did not fire still do not. A level from a decision or a table has no
        margin in points.
        """
        for rule in fired:
            if rule.rule_kind is RuleKind.FIXED:
                return Margins(None, None, (rule.rule,))
        holders = tuple([rule.rule for rule in fired if rule.level == level])
        if isinstance(base, ByDecision):
            return Margins(None, None, holders or (base.decision,))
        if isinstance(base, ByTable):
            return Margins(None, None, holders or (base.table,))
        lower = None if holders else self._lower(base.level, summed, fired)
        return Margins(self._higher(level, summed), lower, holders)

    def _higher(self, level: str, summed: Sum) -> Margin | None:
        limit = self._above[level]
        if limit is None:
            return None
        return self._margin(limit, limit.level, summed, upwards=self._up)

    def _lower(
        self, level: str, summed: Sum, fired: tuple[FiredRule, ...]
    ) -> Margin | None:
        limit = self._below[level]
        if limit is None:
            return None
        reached = limit.level
        for rule in fired:
            reached = max(reached, rule.level, key=self.rank.__getitem__)
        return self._margin(limit, reached, summed, upwards=not self._up)

    def _margin(
        self, limit: Limit, level: str, summed: Sum, *, upwards: bool
    ) -> Margin:
        bound = limit.low if upwards else limit.high
        included = limit.low_included if upwards else limit.high_included
        assert bound is not None
        if self._is_share:
            bound = times(times(bound, PER_CENT), summed.maximum)
        if upwards:
            return Margin(level, minus(bound, summed.points), not included)
        return Margin(level, minus(summed.points, bound), not included)
