"""Price list values: level x extent class x regi, from a first day, as decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import TypeAlias

from payments.errors import AmbiguousRate, MissingRate

Ref: TypeAlias = int | str
"""What names a row outside the engine: an id or a case number."""

EITHER = "alla"
REGIS = ("extern", "intern", EITHER)
UNITS = ("day", "month")

CellKey: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PriceCell:
    """One price exactly as decided, in whole öre."""

    level: str
    extent_class: str
    regi: str
    unit: str
    amount: int
    ref: Ref

    @property
    def key(self) -> CellKey:
        return self.level, self.extent_class, self.regi


@dataclass(frozen=True, slots=True)
class PriceList:
    """A whole list decided at one time, in force until the next first day."""

    name: str
    first_day: date
    revision: int
    decided_at: datetime
    cells: tuple[PriceCell, ...]


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """What a price is from a day up to, not including, another."""

    start: date
    end: date | None
    cells: Mapping[CellKey, tuple[PriceCell, ...]]

    def cell(self, level: str, extent_class: str, regi: str) -> PriceCell:
        """The one price, or a named error; never a guess."""
        found = self.cells.get((level, extent_class, regi), ())
        found += self.cells.get((level, extent_class, EITHER), ())
        if not found:
            raise MissingRate(level, extent_class, regi)
        if len(found) > 1:
            raise AmbiguousRate(level, extent_class, regi)
        return found[0]


def in_force(lists: Iterable[PriceList], known_at: datetime) -> tuple[PriceSpan, ...]:
    """What was known at an instant: per first day the latest revision, ends derived.

    Tyresö's external price for level 2, full time, and a revision decided later:

    >>> from datetime import UTC
    >>> def tyreso(revision, amount):
    ...     cell = PriceCell("2", "heltid", "extern", "day", amount, revision)
    ...     decided = datetime(2020, revision, 1, tzinfo=UTC)
    ...     return PriceList("T", date(2020, 1, 1), revision, decided, (cell,))
    >>> lists = [tyreso(1, 62600), tyreso(2, 62700)]
    >>> [span] = in_force(lists, datetime(2020, 1, 15, tzinfo=UTC))
    >>> span.cell("2", "heltid", "extern").amount
    62600
    >>> [span] = in_force(lists, datetime(2020, 2, 15, tzinfo=UTC))
    >>> span.cell("2", "heltid", "extern").amount
    62700
    """
    known = [prices for prices in lists if prices.decided_at <= known_at]
    latest: dict[date, int] = {}
    for prices in known:
        day = prices.first_day
        latest[day] = max(prices.revision, latest.get(day, prices.revision))
    days = sorted(latest)
    spans = pairwise([*days, None])
    return tuple(
        PriceSpan(start, end, _by_key(known, start, latest[start]))
        for start, end in spans
        if start is not None
    )


def _by_key(
    lists: Iterable[PriceList], first_day: date, revision: int
) -> dict[CellKey, tuple[PriceCell, ...]]:
    found: dict[CellKey, tuple[PriceCell, ...]] = {}
    for prices in lists:
        if (prices.first_day, prices.revision) == (first_day, revision):
            for cell in prices.cells:
                found[cell.key] = (*found.get(cell.key, ()), cell)
    return found
