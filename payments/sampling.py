"""A risk-weighted sample that anybody can draw again from its recorded seed.

Sequential Poisson sampling: each line gets a number from the seed and its own name
(the first 8 bytes of SHA-256, as a whole number), divided by its weight; the lowest
are drawn. A line twice as heavy is about twice as likely to be drawn, a line's number
does not depend on the others, and there is nothing but whole numbers in it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from heapq import nsmallest
from types import MappingProxyType
from typing import Protocol, TypeVar

Z_VALUES: Mapping[int, Fraction] = MappingProxyType(
    {90: Fraction("1.645"), 95: Fraction("1.96"), 99: Fraction("2.576")}
)
"""By confidence in per cent: the two-sided value of the normal distribution."""

HALF = Fraction(1, 2)
POINT = 10_000
"""Öre that weigh one: a line of 12 520 kr weighs 125."""

SHIFT = 64


class Drawable(Protocol):
    """A line that may be drawn, by a name that a new computation gives it too."""

    @property
    def name(self) -> str: ...

    @property
    def weight(self) -> int: ...


Line = TypeVar("Line", bound=Drawable)


def number_of(seed: str, name: str) -> int:
    """The line's whole number, from 0 up to 2 to the 64th.

    >>> number_of("a1", "P000001 2026-02 place 2026-02-01")
    7253735435856121890
    """
    told = hashlib.sha256(f"{seed}|{name}".encode()).digest()
    return int.from_bytes(told[:8], "big")


def drawn(lines: Iterable[Line], size: int, seed: str) -> tuple[Line, ...]:
    """The lines that are drawn, the first drawn first.

    >>> from typing import NamedTuple
    >>> class Named(NamedTuple):
    ...     name: str
    ...     weight: int
    >>> lines = [Named(f"line {n}", weight=1 + 99 * (n == 3)) for n in range(9)]
    >>> [line.name for line in drawn(lines, 2, "a1")]
    ['line 3', 'line 2']
    """

    def rank(line: Line) -> tuple[int, str]:
        return (number_of(seed, line.name) << SHIFT) // line.weight, line.name

    weighed = (line for line in lines if line.weight > 0)
    return tuple(nsmallest(size, weighed, key=rank))


def weight(amount: int, *, extra_percent: int = 0) -> int:
    """A line's weight: its money, and so many per cent more for what speaks of risk.

    >>> weight(1252000), weight(1252000, extra_percent=200), weight(50)
    (12500, 37500, 100)
    """
    return max(abs(amount) // POINT, 1) * (100 + extra_percent)


def cochran(
    population: int, *, confidence: int = 95, margin: int = 5, share: Fraction = HALF
) -> int:
    """How many to look at, by Cochran with finite-population correction.

    At 95 % and a margin of 5 % for the worst share (a half):

    >>> cochran(500), cochran(84_042), cochran(1), cochran(0)
    (218, 383, 1, 0)
    """
    if population <= 0:
        return 0
    z, e = Z_VALUES[confidence], Fraction(margin, 100)
    unlimited = z * z * share * (1 - share) / (e * e)
    size = unlimited / (1 + (unlimited - 1) / population)
    return min(population, -(-size.numerator // size.denominator))
