"""Which account string a line is booked on: the most specific row that is in force.

A row names some of what a line is: regi, legal form, law, provider, unit and kind of
line. Of the rows that fit a line, one must name all that the others name; where none
does, nobody guesses. A unit names its provider too, and a provider its regi and form.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

ANY = ""


@dataclass(frozen=True)
class Facts:
    """What is known of a line, or what a row asks of it; an empty text asks nothing."""

    regi: str = ANY
    counterpart: str = ANY
    law: str = ANY
    provider: str = ANY
    unit: str = ANY
    kind: str = ANY


NAMES = tuple(field.name for field in fields(Facts))
IMPLIED = {
    "unit": {"provider", "regi", "counterpart"},
    "provider": {"regi", "counterpart"},
}


@dataclass(frozen=True)
class AccountString:
    """The parts as the municipality's chart of accounts has them."""

    account: str
    responsibility: str = ""
    operation: str = ""
    counterpart: str = ""
    project: str = ""
    activity: str = ""
    free: str = ""
    contra: str = ""
    vat_per_cent: int | None = None

    @cached_property
    def shown(self) -> str:
        """The parts that are used, as one text.

        >>> AccountString("4641", "3410", "568", project="77").shown
        '4641/3410/568/77'
        """
        parts = (
            self.account,
            self.responsibility,
            self.operation,
            self.counterpart,
            self.project,
            self.activity,
            self.free,
        )
        return "/".join(part for part in parts if part)


@dataclass(frozen=True)
class Row:
    """A decided row; `withdrawn` ends those with the same criteria from its day."""

    ref: int
    asks: Facts
    gives: AccountString
    first_day: date
    revision: int = 1
    withdrawn: bool = False


class AccountFault(Exception):
    """No row, or no single row, says where a line is booked."""

    def __init__(self, facts: Facts, rows: Sequence[Row] = ()) -> None:
        super().__init__("ambiguous" if rows else "missing")
        self.facts = facts
        self.rows = tuple(rows)


def in_force(rows: Iterable[Row], on: date) -> tuple[Row, ...]:
    """For each criteria the row with the latest first day that has come."""
    latest: dict[Facts, Row] = {}
    for row in sorted(rows, key=lambda row: (row.first_day, row.revision)):
        if row.first_day <= on:
            latest[row.asks] = row
    return tuple(row for row in latest.values() if not row.withdrawn)


def chosen(rows: Sequence[Row], facts: Facts) -> Row:
    """The one that names all that the others name.

    >>> wide = Row(1, Facts(regi="extern"), AccountString("4641"), date(2026, 1, 1))
    >>> unit = Row(2, Facts(unit="7"), AccountString("4642"), date(2026, 1, 1))
    >>> law = Row(3, Facts(law="SoL"), AccountString("4643"), date(2026, 1, 1))
    >>> line = Facts("extern", "company", "SoL", "3", "7", "place")
    >>> chosen([wide, unit], line).ref
    2
    >>> chosen([wide, unit, law], line)
    Traceback (most recent call last):
    lovdv.ledger.accounts.AccountFault: ambiguous
    """
    fitting = [row for row in rows if fits(row.asks, facts)]
    best = [
        row for row in fitting if all(_covers(row.asks, one.asks) for one in fitting)
    ]
    if len(best) != 1:
        raise AccountFault(facts, _disagreeing(fitting))
    return best[0]


def fits(asks: Facts, facts: Facts) -> bool:
    """A kind of line may be asked for as a whole: supplement, or supplement:meal."""
    pairs = ((getattr(asks, name), getattr(facts, name)) for name in NAMES)
    whole = facts.kind.partition(":")[0]
    return all(
        asked in (ANY, known) or (asked == whole and known == facts.kind)
        for asked, known in pairs
    )


def _covers(asks: Facts, other: Facts) -> bool:
    """Names all that the other names; of two that say the same, says it outright."""
    mine, theirs = _named(asks), _named(other)
    own, others = _own(asks), _own(other)
    return mine > theirs or (mine == theirs and own >= others)


def _own(asks: Facts) -> frozenset[str]:
    """What the row names itself; a certain supplement is more than any."""
    own = {name for name in NAMES if getattr(asks, name) != ANY}
    return frozenset(own | ({"kind_code"} if ":" in asks.kind else set()))


def _named(asks: Facts) -> frozenset[str]:
    """What the row names, and what follows from it."""
    own = _own(asks)
    return own.union(*(IMPLIED.get(name, set()) for name in own))


def _disagreeing(fitting: Sequence[Row]) -> list[Row]:
    """The rows that no other row is more precise than."""
    return [
        row
        for row in fitting
        if not any(
            _covers(one.asks, row.asks) and not _covers(row.asks, one.asks)
            for one in fitting
        )
    ]
