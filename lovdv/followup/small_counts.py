"""Counts that may be shown: none so small that it could point at somebody."""

from collections.abc import Mapping, Sequence

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
    hidden = [name for name, count in counts.items() if 0 < count < LEAST]
    others = sorted((count, name) for name, count in counts.items() if count >= LEAST)
    while hidden and others and not _has_room(hidden, counts):
        hidden.append(others.pop(0)[1])
    return {
        name: NOT_SHOWN if name in hidden else str(count)
        for name, count in counts.items()
    }


def _has_room(hidden: Sequence[str], counts: Mapping[str, int]) -> bool:
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


def median(values: list[int]) -> int | None:
    """The middle value (the lower of two); None when there are too few."""
    if len(values) < LEAST:
        return None
    return sorted(values)[(len(values) - 1) // 2]
