"""How often each unit stands first, against what chance alone would give."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isqrt

from lovdv.choice import ordering

TRIALS, MOST_KEYS = 10_000, 200_000
"""How many orders are drawn in a trial, and how many keys at the most."""
WITHIN = 258
"""Hundredths of a standard deviation that chance keeps within, 99 times of 100."""


@dataclass(frozen=True)
class FirstPlaces:
    """One unit: how often it was first, and between what chance would have it."""

    unit: str
    shown: int
    first: int
    lowest: int
    highest: int

    @property
    def is_within(self) -> bool:
        return self.lowest <= self.first <= self.highest


def first_places(orders: Iterable[Sequence[str]]) -> dict[str, FirstPlaces]:
    """Count over orders of units; those that are shown together may differ.

    Chance gives a unit one place in as many as are shown. It keeps a unit within the
    bounds 99 times of 100; they are rounded outwards.

    >>> found = first_places([["a", "b"]] * 60 + [["b", "a"]] * 40)
    >>> found["a"].first, found["a"].lowest, found["a"].highest
    (60, 36, 64)
    """
    first: Counter[str] = Counter()
    lengths: dict[str, Counter[int]] = {}
    for order in orders:
        first[order[0]] += 1
        for unit in order:
            lengths.setdefault(unit, Counter())[len(order)] += 1
    return {unit: _placed(unit, first[unit], seen) for unit, seen in lengths.items()}


def _placed(unit: str, first: int, seen: Mapping[int, int]) -> FirstPlaces:
    expected = sum((Fraction(n, size) for size, n in seen.items()), Fraction(0))
    variance = sum(
        (Fraction(n * (size - 1), size * size) for size, n in seen.items()), Fraction(0)
    )
    # Half a place more either way, since places are whole.
    width = isqrt(int(variance * WITHIN**2)) + 50
    lowest = int((expected * 100 - width) // 100)
    highest = -int((-expected * 100 - width) // 100)
    shown = sum(seen.values())
    return FirstPlaces(unit, shown, first, max(lowest, 0), min(highest, shown))


@lru_cache(maxsize=8)
def trial(units: tuple[str, ...]) -> tuple[int, Mapping[str, FirstPlaces]]:
    """The first places of many readers that nobody has been, always the same ones."""
    if not units:
        return 0, {}
    readers = min(TRIALS, MOST_KEYS // len(units))
    seeds = (f"prov {number}" for number in range(readers))
    orders = (_first(seed, units) for seed in seeds)
    return readers, first_places(orders)


def _first(seed: str, units: Sequence[str]) -> Sequence[str]:
    first = min(units, key=lambda unit: ordering.key(seed, unit))
    return [first, *(unit for unit in units if unit != first)]
