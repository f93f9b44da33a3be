"""The levels of a compiled instrument: what gives one, and what the rules do to it."""

from collections.abc import Callable
from dataclasses import dataclass

from assessment.compiled import Codes, Compiler, Points, Test
from assessment.level_rules import LevelRule, RuleKind, Table
from assessment.result import Base, ByDecision, ByTable, FiredRule, KeyBand

Finder = Callable[[Codes, Points], ByDecision | ByTable | None]


@dataclass(frozen=True, slots=True)
class _Rule:
    holds: Test
    is_fixed: bool
    level: str
    rank: int
    changing: FiredRule
    idle: FiredRule


class CompiledLevels:
    """Gives the level of codes and points; the maximum matters for shares only."""

    def __init__(self, compiler: Compiler) -> None:
        instrument = compiler.instrument
        labels = [level.label for level in instrument.levels]
        self._rank = {label: rank for rank, label in enumerate(labels)}
        self._finders = [_decision_finder(compiler)] if instrument.decisions else []
        self._finders += [_table_finder(compiler, each) for each in instrument.tables]
        self._limit = compiler.limit() if instrument.limits else None
        self._rules = [self._rule(compiler, rule) for rule in instrument.rules]

    def _rule(self, compiler: Compiler, rule: LevelRule) -> _Rule:
        changing, idle = (
            FiredRule(rule.id, rule.kind, rule.text, rule.level, changed)
            for changed in (True, False)
        )
        return _Rule(
            compiler.test(rule.when),
            rule.kind is RuleKind.FIXED,
            rule.level,
            self._rank[rule.level],
            changing,
            idle,
        )

    def base(self, codes: Codes, points: Points, maximum: int) -> Base:
        for find in self._finders:
            found = find(codes, points)
            if found is not None:
                return found
        assert self._limit is not None
        return self._limit(sum(points), maximum)

    def level(self, codes: Codes, points: Points, maximum: int) -> str:
        level = self.base(codes, points, maximum).level
        for rule in self._rules:
            if rule.holds(codes, points):
                if rule.is_fixed:
                    return rule.level
                level = max(level, rule.level, key=self._rank.__getitem__)
        return level

    def fired(self, codes: Codes, points: Points, level: str) -> tuple[FiredRule, ...]:
        """Return the rules that hold: the first fixed one decides, else every floor."""
        holding = [rule for rule in self._rules if rule.holds(codes, points)]
        if not holding:
            return ()
        fixed = next((rule for rule in holding if rule.is_fixed), None)
        rank = self._rank[level]
        if fixed is not None:
            return tuple(
                rule.changing if rule is fixed and rule.rank != rank else rule.idle
                for rule in holding
            )
        fired = []
        for rule in holding:
            fired.append(rule.changing if rule.rank > rank else rule.idle)
            rank = max(rank, rule.rank)
        return tuple(fired)

    def after(self, level: str, fired: tuple[FiredRule, ...]) -> str:
        """Return the level when the rules that fired have had their say."""
        for rule in fired:
            if rule.changed:
                level = rule.level
        return level


def _decision_finder(compiler: Compiler) -> Finder:
    rows = [
        (
            compiler.test(decision.when),
            ByDecision(decision.id, decision.text, decision.level),
        )
        for decision in compiler.instrument.decisions
    ]

    def find(codes: Codes, points: Points) -> ByDecision | None:
        return next((step for holds, step in rows if holds(codes, points)), None)

    return find


def _table_finder(compiler: Compiler, table: Table) -> Finder:
    keys = [compiler.key(key) for key in table.keys]
    levels = {row.bands: row.level for row in table.rows}

    def find(codes: Codes, points: Points) -> ByTable | None:
        landed: list[KeyBand] = []
        for key in keys:
            band = key(codes, points)
            if band is None:
                return None
            landed.append(band)
        level = levels.get(tuple(each.band for each in landed))
        if level is None:
            return None
        return ByTable(table.id, table.text, tuple(landed), level)

    return find
