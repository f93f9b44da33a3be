"""Counts that may be shown: none so small that it could point at somebody."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

Cell = TypeVar("Cell", str, tuple[str, str])

LEAST = 5
HIDDEN = "färre än 5"
NOT_SHOWN = "visas inte"


def shown(count: int) -> str:
    """The count, or that it is too small to show; nobody at all is no secret.

    >>> shown(4), shown(5), shown(0)
    ('färre än 5', '5', '0')
    """
    return HIDDEN if 0 < count < LEAST else str(count)


def shown_parts(counts: Mapping[str, int]) -> dict[str, str]:
    """The parts of a known whole, so that what is hidden cannot be worked out.

    What the hidden parts come to is the whole less what is shown. So the smallest of
    the others are hidden with them until that sum can be made in several ways, and
    all that is hidden looks the same.

    >>> shown_parts({"a": 3, "b": 9, "c": 40})
    {'a': 'visas inte', 'b': 'visas inte', 'c': '40'}
    >>> shown_parts({"a": 1, "b": 1, "c": 40, "d": 0})
    {'a': 'visas inte', 'b': 'visas inte', 'c': 'visas inte', 'd': '0'}
    """
    return shown_cells(counts, [counts])


def shown_cells(
    counts: Mapping[Cell, int], lines: Sequence[Collection[Cell]]
) -> dict[Cell, str]:
    """The same for a table: each line is a row or a column, the parts of a whole.

    >>> counts = {("a", "x"): 3, ("b", "x"): 9, ("a", "y"): 7, ("b", "y"): 30}
    >>> shown_cells(counts, [[("a", "x"), ("b", "x")]])["a", "y"]
    '7'
    >>> rows = [[("a", "x"), ("a", "y")], [("b", "x"), ("b", "y")]]
    >>> set(shown_cells(counts, [*rows, [("a", "x"), ("b", "x")]]).values())
    {'visas inte'}
    """
    hidden = {cell for cell, count in counts.items() if 0 < count < LEAST}
    before = -1
    while before != len(hidden):
        before = len(hidden)
        for line in lines:
            hidden |= _hidden_with(line, hidden, counts)
    return {
        cell: NOT_SHOWN if cell in hidden else str(count)
        for cell, count in counts.items()
    }


def _hidden_with(
    line: Collection[Cell], hidden: Collection[Cell], counts: Mapping[Cell, int]
) -> set[Cell]:
    """What is hidden of a line, when those that it takes are hidden too."""
    kept = [cell for cell in line if cell in hidden]
    others = sorted(
        (counts[cell], cell)
        for cell in line
        if counts[cell] >= LEAST and cell not in hidden
    )
    while kept and others and not _has_room(kept, counts):
        kept.append(others.pop(0)[1])
    return set(kept)


def _has_room(hidden: Sequence[Cell], counts: Mapping[Cell, int]) -> bool:
    """Whether the sum of what is hidden can be made in several ways."""
    total = sum(counts[name] for name in hidden)
    return len(hidden) > 1 and total >= LEAST and total > len(hidden)


def share_of(name: str, counts: Mapping[str, int], whole: int) -> str:
    """One part's share of a whole; nothing when the part itself is hidden."""
    count = counts.get(name, 0)
    told = shown_parts(counts).get(name, "0")
    return share(count, whole) if told == str(count) else NOT_SHOWN


def share(part: int, whole: int) -> str:
    """A whole per cent, half up; nothing when either side is too small."""
    if whole < LEAST or 0 < part < LEAST or 0 < whole - part < LEAST:
        return NOT_SHOWN
    return f"{(part * 200 + whole) // (2 * whole)} procent"


NEAR = 10
"""Per cent units within which two shares are told as about the same."""


def compared(one: tuple[int, int], all_of_them: tuple[int, int]) -> str:
    """A part of a whole beside another, in plain words; nothing about likelihood.

    >>> compared((30, 40), (50, 100))
    'oftare än hos alla'
    >>> compared((21, 40), (50, 100)), compared((3, 9), (50, 100))
    ('ungefär som hos alla', 'visas inte')
    """
    if NOT_SHOWN in (share(*one), share(*all_of_them)):
        return NOT_SHOWN
    apart = one[0] * all_of_them[1] - all_of_them[0] * one[1]
    near = NEAR * one[1] * all_of_them[1]
    if abs(apart) * 100 <= near:
        return "ungefär som hos alla"
    return "oftare än hos alla" if apart > 0 else "mer sällan än hos alla"


def median(values: list[int]) -> int | None:
    """The middle value (the lower of two); None when there are too few."""
    if len(values) < LEAST:
        return None
    return sorted(values)[(len(values) - 1) // 2]
