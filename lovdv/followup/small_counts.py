"""Counts that may be shown: none so small that it could point at somebody."""

from collections.abc import Mapping

LEAST = 5
HIDDEN = "färre än 5"


def shown(count: int) -> str:
    """The count, or that it is too small to show; nobody at all is no secret.

    >>> shown(4), shown(5), shown(0)
    ('färre än 5', '5', '0')
    """
    return HIDDEN if 0 < count < LEAST else str(count)


def shown_parts(counts: Mapping[str, int]) -> dict[str, str]:
    """The parts of a known whole: one hidden part alone could be worked out.

    So the smallest of the others is hidden with it.

    >>> shown_parts({"a": 3, "b": 9, "c": 40})
    {'a': 'färre än 5', 'b': 'visas inte', 'c': '40'}
    """
    found = {name: shown(count) for name, count in counts.items()}
    small = [name for name, text in found.items() if text == HIDDEN]
    others = sorted((count, name) for name, count in counts.items() if count >= LEAST)
    if len(small) == 1 and others:
        found[others[0][1]] = "visas inte"
    return found


def share(part: int, whole: int) -> str:
    """A whole per cent, half up; nothing when either side is too small."""
    if whole < LEAST or 0 < part < LEAST or 0 < whole - part < LEAST:
        return "visas inte"
    return f"{(part * 200 + whole) // (2 * whole)} procent"


def median(values: list[int]) -> int | None:
    """The middle value (the lower of two); None when there are too few."""
    if len(values) < LEAST:
        return None
    return sorted(values)[(len(values) - 1) // 2]
