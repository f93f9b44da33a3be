"""What in an instrument can ever come to use, and what stands in the way."""

from collections.abc import Iterator

from assessment.cover import covers
from assessment.instrument import Basis, Instrument, Limit
from assessment.level_rules import Condition, LevelRule, RuleKind, Subject, Table
from assessment.numbers import number_text
from assessment.possible import Possible, implies

TOTAL = Subject(total=True)


class Uses:
    """For each part: why it can never be used, or "" when it can."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.possible = Possible(instrument)
        self.flag = self._always_fixed()
        self.rules = {rule.id: self._rule(rule) for rule in instrument.rules}
        self.decisions = dict(self._decisions())
        self.tables = dict(self._tables())
        self.limits_blocked = self._before_limits()
        self.limits = {each.level: self._limit(each) for each in instrument.limits}

    def _always_fixed(self) -> LevelRule | None:
        return next(
            (
                rule
                for rule in self.instrument.rules
                if rule.kind is RuleKind.FIXED and self.possible.always(rule.when)
            ),
            None,
        )

    def _blocked(self) -> str:
        return f"regeln ”{self.flag.id}” gäller alltid" if self.flag else ""

    def _rule(self, rule: LevelRule) -> str:
        if rule.kind is RuleKind.FLOOR:
            return self._blocked() or self.possible.why_not(rule.when)
        fixed = [each for each in self.instrument.rules if each.kind is rule.kind]
        for earlier in fixed[: fixed.index(rule)]:
            if self._comes_first(rule.when, earlier.when):
                return f"regeln ”{earlier.id}” gäller då före den"
        return self.possible.why_not(rule.when)

    def _comes_first(
        self, later: tuple[Condition, ...], earlier: tuple[Condition, ...]
    ) -> bool:
        steps = 1 + 3 * len(later) * len(earlier)
        if not self.possible.work.allows(steps):
            return False
        return implies(later, earlier) or self.possible.always(earlier)

    def _decisions(self) -> Iterator[tuple[str, str]]:
        decisions = self.instrument.decisions
        for number, decision in enumerate(decisions):
            first = next(
                (
                    earlier
                    for earlier in decisions[:number]
                    if self._comes_first(decision.when, earlier.when)
                ),
                None,
            )
            why = f"beslutet ”{first.id}” gäller då före det" if first else ""
            yield (
                decision.id,
                self._blocked() or why or self.possible.why_not(decision.when),
            )

    def _always_decided(self) -> str:
        for decision in self.instrument.decisions:
            if self.possible.always(decision.when):
                return f"beslutet ”{decision.id}” gäller alltid före"
        return ""

    def _tables(self) -> Iterator[tuple[str, str]]:
        why = self._blocked() or self._always_decided()
        for table in self.instrument.tables:
            yield table.id, why
            if not why and covers(self.instrument, table):
                why = f"tabellen ”{table.id}” ger alltid en nivå före"

    def _before_limits(self) -> str:
        blocked = self._blocked() or self._always_decided()
        for table in self.instrument.tables:
            if not blocked and covers(self.instrument, table):
                blocked = f"tabellen ”{table.id}” ger alltid en nivå före"
        return blocked

    def row(self, table: Table, number: int) -> str:
        """Say why a row of a table can never be used, or nothing."""
        if self.tables[table.id]:
            return self.tables[table.id]
        conditions = tuple(
            Condition(key.question, key.domain, key.total, band.at_least, band.at_most)
            for key, label in zip(table.keys, table.rows[number].bands, strict=True)
            for band in key.bands
            if band.label == label
        )
        return self.possible.why_not(conditions)

    def _limit(self, limit: Limit) -> str:
        if self.limits_blocked or self.instrument.basis is Basis.SHARE:
            return self.limits_blocked
        sums, least, most = self.possible.sums(TOTAL), None, None
        if limit.low is not None:
            least = self.possible.least(limit.low)
            if not limit.low_included:
                least = (self.possible.most(limit.low) or 0) + 1
        if limit.high is not None:
            most = self.possible.most(limit.high)
            if not limit.high_included:
                most = (self.possible.least(limit.high) or 0) - 1
        return "" if sums.meets(least, most) else f"ingen summa är {_told(limit)}"


def _told(limit: Limit) -> str:
    parts = []
    if limit.low is not None:
        word = "minst" if limit.low_included else "mer än"
        parts.append(f"{word} {number_text(limit.low)}")
    if limit.high is not None:
        word = "högst" if limit.high_included else "mindre än"
        parts.append(f"{word} {number_text(limit.high)}")
    return " och ".join(parts)
