"""A list on its way against the one before it: jumps, and the index it states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.clock import now
from lovdv.payouts.facts import rule_sets
from lovdv.prices import queries
from lovdv.prices.models import PriceList
from lovdv.systems.queries import rule
from payments import PriceCell, RowNote, known_rules
from payments.indexing import is_same_model, jumps, not_comparable, off_index

RULE = "price"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Compared:
    """What the comparison says, cell by cell."""

    before: PriceList | None
    jumps: Sequence[RowNote] = ()
    off_index: Sequence[RowNote] = ()
    alone: Sequence[PriceCell] = ()
    """Cells that the list before has no counterpart to."""


def compared(
    choice_system_id: int,
    cells: Sequence[PriceCell],
    first_day: date,
    index: int | None,
) -> Compared:
    before = queries.list_before(choice_system_id, first_day)
    if before is None or not cells:
        return Compared(None)
    known = engine_cells(before)
    limit = int(str(rule(choice_system_id, RULE, first_day)["jump_percent"]))
    return Compared(
        before,
        jumps(cells, known, limit),
        () if index is None else off_index(cells, known, index),
        not_comparable(cells, known),
    )


def engine_cells(prices: PriceList) -> tuple[PriceCell, ...]:
    """The engine's cells of a decided list, in the order they were read."""
    return tuple(
        PriceCell(c.level, c.extent_class, c.regi, c.unit, c.amount, c.id)
        for c in prices.cells
    )


def is_new_model(
    choice_system_id: int, cells: Sequence[PriceCell], first_day: date
) -> bool:
    """Whether providers are paid in another way than by the list before.

    Other levels, classes, regis or unit in the list, or other payment rules from its
    first day. The first list of a system is what its contracts begin with.
    """
    before = queries.list_on(choice_system_id, first_day) or queries.list_before(
        choice_system_id, first_day
    )
    if before is None:
        return False
    if not is_same_model(cells, engine_cells(before)):
        return True
    ways = [_way(choice_system_id, on) for on in (first_day - DAY, first_day)]
    return None not in ways and ways[0] != ways[1]


def _way(choice_system_id: int, on: date) -> tuple[object, ...] | None:
    """What of the payment rules a price is a price of."""
    found = known_rules(rule_sets(choice_system_id), on.replace(day=1), now())
    if found is None:
        return None
    return found.basis, found.counted, found.measure, found.classes
