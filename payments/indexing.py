"""A price list against the one before: jumps, a stated index, a proposal by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from payments.money import kronor, ore, rounded, shown
from payments.price_rows import RowNote
from payments.rates import EITHER, CellKey, PriceCell

WHOLE = 10_000
"""One hundred per cent, in the hundredths of a per cent that an index is kept in."""

STEPS = (100, 50, 10, 1)
"""What lists round to, in öre."""


def index_of(text: str) -> int:
    """An index as people write it, in hundredths of a per cent.

    Omsorgsprisindex for 2015:

    >>> index_of("2,2")
    220
    """
    return ore(kronor(text.removesuffix("%")))


def index_shown(index: int) -> str:
    r"""An index as people read it.

    >>> index_shown(220), index_shown(-125), index_shown(300)
    ('2,2\xa0%', '−1,25\xa0%', '3,0\xa0%')
    """
    sign = "\N{MINUS SIGN}" if index < 0 else ""
    whole, part = divmod(abs(index), 100)
    decimals = f"{part:02}".removesuffix("0")
    return f"{sign}{whole},{decimals}\N{NO-BREAK SPACE}%"


def step_of(cells: Iterable[PriceCell]) -> int:
    """What most of a list is rounded to: kronor, half kronor, tens of öre or öre."""
    amounts = [cell.amount for cell in cells]
    return next(
        step
        for step in STEPS
        if sum(amount % step == 0 for amount in amounts) * 2 > len(amounts)
        or step == STEPS[-1]
    )


def indexed(amount: int, index: int, *, to: int) -> int:
    """An amount raised by an index, rounded once.

    Tyresö level 2 full time, raised by omsorgsprisindex for 2020:

    >>> indexed(62600, 300, to=1), indexed(62600, 300, to=100)
    (64478, 64500)
    """
    return rounded(amount * (WHOLE + index), WHOLE, to=to)


def proposal(before: Sequence[PriceCell], index: int) -> tuple[PriceCell, ...]:
    """Every cell raised by the index, rounded as the list itself is."""
    step = step_of(before)
    return tuple(
        replace(cell, amount=indexed(cell.amount, index, to=step)) for cell in before
    )


def by_key(cells: Iterable[PriceCell]) -> dict[CellKey, PriceCell]:
    return {cell.key: cell for cell in cells}


def counterpart(
    cell: PriceCell, before: Mapping[CellKey, PriceCell]
) -> PriceCell | None:
    """The same price in the list before; none when it was paid per another unit."""
    either = (cell.level, cell.extent_class, EITHER)
    found = before.get(cell.key) or before.get(either)
    return found if found is not None and found.unit == cell.unit else None


def not_comparable(
    cells: Iterable[PriceCell], before: Iterable[PriceCell]
) -> tuple[PriceCell, ...]:
    """Those without a counterpart in the list before."""
    known = by_key(before)
    return tuple(cell for cell in cells if counterpart(cell, known) is None)


def jumps(
    cells: Sequence[PriceCell], before: Iterable[PriceCell], limit: int
) -> tuple[RowNote, ...]:
    """Cells that differ by more than so many per cent from the list before."""
    known = by_key(before)
    return tuple(
        RowNote(int(cell.ref), "belopp_kr", _jump(cell, old, limit))
        for cell in cells
        if (old := counterpart(cell, known))
        and abs(cell.amount - old.amount) * 100 > limit * old.amount
    )


def _jump(cell: PriceCell, old: PriceCell, limit: int) -> str:
    more = cell.amount - old.amount
    change = rounded(more * WHOLE, old.amount)
    way = "mer" if more > 0 else "mindre"
    return (
        f"{shown(cell.amount)} är {index_shown(abs(change))} {way} än listan före, "
        f"{shown(old.amount)}. Gränsen är {limit} %. Priset behålls som det står."
    )


def off_index(
    cells: Sequence[PriceCell], before: Iterable[PriceCell], index: int
) -> tuple[RowNote, ...]:
    """Cells that are not the list before raised by the index the decision states."""
    known, step = by_key(before), step_of(cells)
    return tuple(
        RowNote(int(cell.ref), "belopp_kr", _off(cell, old, index, raised))
        for cell in cells
        if (old := counterpart(cell, known))
        and (raised := indexed(old.amount, index, to=step)) != cell.amount
    )


def _off(cell: PriceCell, old: PriceCell, index: int, raised: int) -> str:
    return (
        f"{shown(cell.amount)} följer inte index {index_shown(index)}: "
        f"{shown(old.amount)} i listan före ger {shown(raised)}. "
        "Priset behålls som det står."
    )


def is_same_model(cells: Iterable[PriceCell], before: Iterable[PriceCell]) -> bool:
    """Whether two lists have the same levels, extent classes, regis and unit."""
    return _model(cells) == _model(before)


def _model(cells: Iterable[PriceCell]) -> set[tuple[CellKey, str]]:
    return {(cell.key, cell.unit) for cell in cells}
