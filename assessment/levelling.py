"""From points to a level: decisions, tables or limits first, then the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessment.instrument import Basis, Instrument
from assessment.level_rules import Condition, RuleKind, Subject, Table
from assessment.numbers import ONE, times
from assessment.result import Base, ByDecision, ByLimit, ByTable, FiredRule, KeyBand

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Measured:
    """The points that conditions, tables and limits are held against."""

    questions: Mapping[str, Decimal]
    domains: Mapping[str, Decimal]
    total: Decimal
    maximum: Decimal

    def of(self, subject: Subject) -> Decimal | None:
        """Return the subject's points; a question that is not counted has none."""
        match subject.named:
            case "total":
                return self.total
            case "domain":
                return self.domains[subject.domain]
        return self.questions.get(subject.question)

    def meets(self, conditions: tuple[Condition, ...]) -> bool:
        return all(condition.holds(self.of(condition)) for condition in conditions)


def base_level(instrument: Instrument, measured: Measured) -> Base | None:
    """Return what gives the level before the rules: the first that says something."""
    return (
        _by_decision(instrument, measured)
        or _by_table(instrument, measured)
        or _by_limit(instrument, measured)
    )


def _by_decision(instrument: Instrument, measured: Measured) -> ByDecision | None:
    return next(
        (
            ByDecision(decision.id, decision.text, decision.level)
            for decision in instrument.decisions
            if measured.meets(decision.when)
        ),
        None,
    )


def _by_table(instrument: Instrument, measured: Measured) -> ByTable | None:
    found = (_looked_up(table, measured) for table in instrument.tables)
    return next((step for step in found if step is not None), None)


def _looked_up(table: Table, measured: Measured) -> ByTable | None:
    points = tuple(measured.of(key) for key in table.keys)
    bands = tuple(
        key.band(value) for key, value in zip(table.keys, points, strict=True)
    )
    level = table.level(bands)
    if level is None:
        return None
    keys = tuple(
        KeyBand(key.question, key.domain, key.total, value, band)
        for key, value, band in zip(table.keys, points, bands, strict=True)
        if value is not None and band is not None
    )
    return ByTable(table.id, table.text, keys, level)


def _by_limit(instrument: Instrument, measured: Measured) -> ByLimit | None:
    if instrument.basis is Basis.SHARE:
        value, scale = times(measured.total, HUNDRED), measured.maximum
    else:
        value, scale = measured.total, ONE
    return next(
        (
            ByLimit(
                limit.level,
                limit.low,
                limit.low_included,
                limit.high,
                limit.high_included,
                instrument.basis.value,
            )
            for limit in instrument.limits
            if limit.contains(value, scale=scale)
        ),
        None,
    )


def fired_rules(
    instrument: Instrument, measured: Measured, level: str
) -> Iterator[FiredRule]:
    """Yield the rules that hold: the first fixed rule decides, else every floor."""
    holding = [rule for rule in instrument.rules if measured.meets(rule.when)]
    fixed = [rule for rule in holding if rule.kind is RuleKind.FIXED]
    rank = instrument.rank(level)
    for rule in holding:
        its_rank = instrument.rank(rule.level)
        if fixed:
            changed = rule is fixed[0] and its_rank != rank
        else:
            changed = its_rank > rank
            rank = max(rank, its_rank)
        yield FiredRule(rule.id, rule.kind, rule.text, rule.level, changed)


def level_after(
    instrument: Instrument, level: str, fired: tuple[FiredRule, ...]
) -> str:
    """Return the level when the rules have had their say."""
    fixed = [rule for rule in fired if rule.rule_kind is RuleKind.FIXED]
    if fixed:
        return fixed[0].level
    return max((level, *(rule.level for rule in fired)), key=instrument.rank)
