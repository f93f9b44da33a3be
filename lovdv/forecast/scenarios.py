"""What if: the latest paid month as it was, and with something changed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forecast import queries
from lovdv.forecast.changing import (
    Changes,
    weights,
    with_extent,
    with_external,
    with_prices,
    with_rules,
)
from lovdv.forecast.models import Scenario
from lovdv.forecast.months import Place, WholeMonth, paid_month
from lovdv.forecast.words import kept, said
from lovdv.payouts.facts import Terms, terms
from lovdv.systems.models import ChoiceSystem
from payments import ClientMonth, Due, Month, rounded

MONTHS_A_YEAR = 12
Key: TypeAlias = tuple[str, str]
"""A provider and a level."""
PROVIDER, LEVEL = "provider", "level"
Part: TypeAlias = tuple[str, str]
"""A provider or a level, by its kind and name; or the whole month."""
WHOLE: Part = ("", "")
Own: TypeAlias = Mapping[Part, Mapping[int, int]]
"""In each part: of each amount in öre, how many people cost that much themselves.

Two months differ in a part for at least as many people as are missing from one when
the amounts are set beside each other, each person counted once. Nothing here says who.
"""


@dataclass(frozen=True)
class Row:
    """A provider's people at a level: whole öre a month, before and after."""

    provider: str
    level: str
    people_before: int
    before: int
    people_after: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Outcome:
    """Every row, and what could not be priced, by reason."""

    rows: tuple[Row, ...]
    held_before: Mapping[str, int]
    held_after: Mapping[str, int]
    own: tuple[Own, Own] | None = None
    """Before and after; None in what was kept before this was."""

    @property
    def before(self) -> int:
        return sum(row.before for row in self.rows)

    @property
    def after(self) -> int:
        return sum(row.after for row in self.rows)

    @property
    def difference(self) -> int:
        return self.after - self.before

    @property
    def a_year(self) -> int:
        """Twelve months like this one."""
        return self.difference * MONTHS_A_YEAR

    def by_provider(self) -> list[Row]:
        return _summed(self.rows, lambda row: (row.provider, ""))

    def by_level(self) -> list[Row]:
        return _summed(self.rows, lambda row: ("", row.level))

    def kept(self) -> dict[str, object]:
        """As it is stored."""
        return {
            "rows": [list(vars(row).values()) for row in self.rows],
            "held_before": dict(self.held_before),
            "held_after": dict(self.held_after),
            "own": self.own and [_own_kept(one) for one in self.own],
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Outcome":
        rows = tuple(Row(*row) for row in kept["rows"])
        own = kept.get("own")
        return cls(
            rows,
            kept["held_before"],
            kept["held_after"],
            own and (_own_read(own[0]), _own_read(own[1])),
        )


def _own_kept(own: Own) -> list[list[object]]:
    return [
        [kind, name, [list(pair) for pair in sorted(amounts.items())]]
        for (kind, name), amounts in sorted(own.items())
    ]


def _own_read(kept: Sequence[Any]) -> Own:
    return {(kind, name): dict(amounts) for kind, name, amounts in kept}


def _summed(rows: Sequence[Row], key: Any) -> list[Row]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return [
        Row(
            provider,
            level,
            sum(row.people_before for row in some),
            sum(row.before for row in some),
            sum(row.people_after for row in some),
            sum(row.after for row in some),
        )
        for (provider, level), some in sorted(found.items())
    ]


def latest_month(system: ChoiceSystem) -> Month:
    found = queries.latest_paid(system.id)
    if found is None:
        raise Refused(
            "Ingen månad är attesterad ännu, så det finns inget att räkna från."
        )
    return found


def tried(system: ChoiceSystem, changes: Changes) -> tuple[Month, Outcome]:
    """The latest paid month with the changes, beside the month as it was."""
    known = terms(system.id, now())
    month = latest_month(system)
    whole = paid_month(system, known, month)
    return month, outcome(whole, known, changes)


def outcome(whole: WholeMonth, known: Terms, changes: Changes) -> Outcome:
    other = with_rules(whole, changes.rules)
    other = with_external(with_extent(other, changes), changes.external_share)
    before = _counted(whole.due(known), whole.places)
    after = _counted(other.due(with_prices(known, changes)), other.places)
    _refuse_unknown(changes, after.people)
    return _compared(before, after, weights(changes, after.by_level))


@dataclass(frozen=True)
class _Counted:
    """Öre and people of each provider and level."""

    amounts: Mapping[Key, int]
    people: Mapping[Key, int]
    by_level: Mapping[str, int]
    held: Mapping[str, int]
    each: Sequence[Mapping[Key, int]]
    """One person's own öre of each provider and level."""


def _counted(
    dues: Sequence[tuple[ClientMonth, Due]], places: Mapping[int, Place]
) -> _Counted:
    amounts: Counter[Key] = Counter()
    people: Counter[Key] = Counter()
    by_level: Counter[str] = Counter()
    held: Counter[str] = Counter()
    each: list[Counter[Key]] = []
    for _, due in dues:
        own: Counter[Key] = Counter()
        for line in due.lines:
            own[places[int(line.placement)].provider, line.level] += line.amount
        amounts.update(own)
        people.update(own.keys())
        by_level.update({level for _, level in own})
        held.update(one.message for one in due.held)
        each.append(own)
    return _Counted(amounts, people, by_level, held, each)


def own_of(
    each: Sequence[Mapping[Key, int]], scale: Mapping[str, Fraction] | None = None
) -> dict[Part, Counter[int]]:
    """What people cost themselves, each of a level so many times as much."""
    found: dict[Part, Counter[int]] = defaultdict(Counter)
    for one in each:
        sums: Counter[Part] = Counter()
        for (provider, level), amount in one.items():
            more = amount if scale is None else scaled(amount, scale[level])
            for part in (WHOLE, (PROVIDER, provider), (LEVEL, level)):
                sums[part] += more
        for part, amount in sums.items():
            found[part][amount] += 1
    return dict(found)


def _refuse_unknown(changes: Changes, people: Mapping[Key, int]) -> None:
    levels = {level for _, level in people}
    asked = [*changes.more_people, *changes.more_percent]
    missing = sorted(level for level in asked if level not in levels)
    if missing:
        raise Refused(
            f"Ingen har nivå {', '.join(missing)} i månaden, så det går inte att räkna "
            "på fler där.",
            "volumes",
        )


def _compared(
    before: _Counted, after: _Counted, scale: Mapping[str, Fraction]
) -> Outcome:
    keys = sorted({*before.amounts, *after.amounts})
    people = _scaled(after.people, scale)
    amounts = _scaled(after.amounts, scale)
    rows = tuple(
        Row(
            *key,
            before.people.get(key, 0),
            before.amounts.get(key, 0),
            people.get(key, 0),
            amounts.get(key, 0),
        )
        for key in keys
    )
    own = own_of(before.each), own_of(after.each, scale)
    return Outcome(rows, before.held, after.held, own)


def _scaled(
    counted: Mapping[Key, int], scale: Mapping[str, Fraction]
) -> dict[Key, int]:
    """Each level so many times as much, shared out between its providers."""
    found: dict[Key, int] = {}
    for level, by in scale.items():
        parts = {key: count for key, count in counted.items() if key[1] == level}
        found |= shared_out(parts, by)
    return found


def shared_out(parts: Mapping[Key, int], by: Fraction) -> dict[Key, int]:
    """So many times each part; they add up to so many times the whole, rounded once.

    Three parts that become five in all:

    >>> shared_out({("A", "2"): 1, ("B", "2"): 1, ("C", "2"): 1}, Fraction(5, 3))
    {('A', '2'): 2, ('B', '2'): 2, ('C', '2'): 1}
    """
    exact = {key: part * by for key, part in parts.items()}
    found = {key: int(part // 1) for key, part in exact.items()}
    left = scaled(sum(parts.values()), by) - sum(found.values())
    by_rest = sorted(exact, key=lambda key: found[key] - exact[key])
    return found | {key: found[key] + 1 for key in by_rest[:left]}


def scaled(amount: int, by: Fraction) -> int:
    """So many times as much, rounded once."""
    return rounded(amount * by.numerator, by.denominator)


def keep(
    *,
    system: ChoiceSystem,
    name: str,
    changes: Changes,
    by_id: int | None,
) -> Scenario:
    """Try it, and keep what was changed with what it came to."""
    if not said(changes):
        raise Refused("Ändra något, annars blir det som i dag.", "price_percent")
    month, found = tried(system, changes)
    scenario = Scenario(
        choice_system_id=system.id,
        name=name,
        month=month.first,
        changes=kept(changes),
        outcome=found.kept(),
        made_at=now(),
        made_by_id=by_id,
    )
    db.session.add(scenario)
    db.session.flush()
    audit.change("scenario.keep", object=scenario.public_id, after={"name": name})
    return scenario
