"""How well assessors agree: counts, shares, weighted kappa, Krippendorff's alpha.

Everything is computed in whole numbers and fractions, and rounded once at the end:
half up, to six decimals (`rounded`). A figure that is not defined is None, never 0.

Several assessors score the same *units* (fictive cases, or one and the same
meeting). A unit is a sequence of values, one for each assessor: a whole number is a
place on the scale, so that 2 and 3 are neighbours; a text such as "ej relevant" is a
value outside the order; None is missing and is left out.

Sources: J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968) 213-220;
K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (University of
Pennsylvania, 2011).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

FEWEST_PAIRS = 30
"""With fewer pairs than this only counts are given."""

PLACES = 6
Number = int | Decimal | Fraction
Value = int | str
Units = Iterable[Sequence[Value | None]]


class Weights(StrEnum):
    """How a disagreement of d steps counts: as d, or as d squared."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"


class Metric(StrEnum):
    """What a difference between two values means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Figures:
    """What enough pairs say; None where a figure is not defined."""

    exact: Decimal
    within_one: Decimal
    kappa_linear: Decimal | None
    kappa_quadratic: Decimal | None
    alpha_nominal: Decimal | None
    alpha_ordinal: Decimal | None
    alpha_interval: Decimal | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts always; figures only when there are enough pairs."""

    units: int
    pairs: int
    exact: int
    within_one: int
    figures: Figures | None

    @property
    def apart(self) -> int:
        """The pairs that gave different values."""
        return self.pairs - self.exact


def agreement(units: Units) -> Agreement:
    """Compare every two assessors of the same unit, over all units.

    Who stands first in a pair means nothing here, so kappa counts each pair both
    ways round: its table is symmetrical and the order of assessors is of no
    consequence. Kappa, and alpha for ordinal and interval values, are about the
    values on the scale; a text is missing to them.

    >>> found = agreement([[0, 0, 1], [3, 2, None], [1, None, None]])
    >>> found.units, found.pairs, found.exact, found.within_one, found.figures
    (2, 4, 1, 4, None)
    """
    compared = [values for values in map(_present, units) if len(values) > 1]
    pairs = [pair for values in compared for pair in combinations(values, 2)]
    exact, near = exactly(pairs), within_one(pairs)
    figures = None
    if len(pairs) >= FEWEST_PAIRS:
        figures = _figures(compared, pairs, exact, near)
    return Agreement(len(compared), len(pairs), exact, near, figures)


def _present(values: Sequence[Value | None]) -> list[Value]:
    return [value for value in values if value is not None]


def _figures(
    units: list[list[Value]], pairs: list[tuple[Value, Value]], exact: int, near: int
) -> Figures:
    placed = [[v for v in values if isinstance(v, int)] for values in units]
    ordered = [pair for values in placed for pair in combinations(values, 2)]
    both_ways = [*ordered, *((other, one) for one, other in ordered)]
    return Figures(
        exact=rounded(Fraction(exact, len(pairs))),
        within_one=rounded(Fraction(near, len(pairs))),
        kappa_linear=weighted_kappa(both_ways, Weights.LINEAR),
        kappa_quadratic=weighted_kappa(both_ways, Weights.QUADRATIC),
        alpha_nominal=krippendorff_alpha(units, Metric.NOMINAL),
        alpha_ordinal=krippendorff_alpha(placed, Metric.ORDINAL),
        alpha_interval=krippendorff_alpha(placed, Metric.INTERVAL),
    )


def exactly(pairs: Iterable[tuple[Value, Value]]) -> int:
    """Count the pairs that gave the same value.

    >>> exactly([(1, 1), (1, 2), ("ej relevant", "ej relevant")])
    2
    """
    return sum(one == other for one, other in pairs)


def within_one(pairs: Iterable[tuple[Value, Value]]) -> int:
    """Count the pairs that gave the same value or neighbours on the scale.

    >>> within_one([(1, 2), (1, 3), (1, "ej relevant")])
    1
    """
    return sum(_is_near(one, other) for one, other in pairs)


def _is_near(one: Value, other: Value) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= 1
    return one == other


def weighted_kappa(
    pairs: Iterable[tuple[int, int]], weights: Weights
) -> Decimal | None:
    """Cohen's weighted kappa of two assessors' places on the same scale.

    kappa = 1 - sum(w * o) / sum(w * e) over all cells (i, j) of their table, where
    o is how often the cell occurs, e = row sum * column sum / n is how often chance
    alone would put a pair there, and w is |i - j| (linear) or (i - j) squared
    (quadratic). Dividing the weights by their greatest changes nothing. None when
    there are no pairs, or when both always gave one and the same value.

    >>> weighted_kappa([(0, 0), (1, 1), (2, 2), (2, 1)], Weights.LINEAR)
    Decimal('0.714286')
    """
    table = Counter(pairs)
    power = 2 if weights is Weights.QUADRATIC else 1
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    for (one, other), times in table.items():
        rows[one] += times
        columns[other] += times
    observed = sum(abs(i - j) ** power * times for (i, j), times in table.items())
    by_chance = sum(
        abs(i - j) ** power * row * column
        for i, row in rows.items()
        for j, column in columns.items()
    )
    if not by_chance:
        return None
    return rounded(1 - Fraction(observed * table.total(), by_chance))


def krippendorff_alpha(
    units: Iterable[Sequence[Hashable | None]], metric: Metric
) -> Decimal | None:
    """Krippendorff's alpha for any number of assessors, with values missing or not.

    alpha = 1 - (n - 1) * sum(o * d) / sum(n_c * n_k * d) over all pairs of values
    c < k. In a unit with m values every ordered pair adds 1 / (m - 1) to o, the
    coincidences; a unit with fewer than two values adds nothing. n_c is how often c
    occurs in the units that count, n is all of them, and d is

    - nominal: 1;
    - ordinal: (n_c / 2 + n_k / 2 + every n_g between them) squared;
    - interval: (c - k) squared.

    None when nothing can be compared, or when everybody always gave the same value.

    >>> krippendorff_alpha([[1, 1], [2, 2], [3, 3], [3, 2]], Metric.NOMINAL)
    Decimal('0.666667')
    """
    coincidences, counts = _coincidences(units)
    total = sum(counts.values())
    difference = _differences(counts, metric)
    values = list(counts)
    observed, expected = Fraction(0), Fraction(0)
    for one, other in combinations(values, 2):
        apart = difference(one, other)
        observed += coincidences[one, other] * apart
        expected += counts[one] * counts[other] * apart
    return rounded(1 - (total - 1) * observed / expected) if expected else None


def _coincidences(
    units: Iterable[Sequence[Hashable | None]],
) -> tuple[dict[tuple[Hashable, Hashable], Fraction], Counter[Hashable]]:
    """How often each ordered pair of unlike values occurs, and each value."""
    together: dict[tuple[Hashable, Hashable], Fraction] = defaultdict(Fraction)
    counts: Counter[Hashable] = Counter()
    for values in units:
        unit = Counter(value for value in values if value is not None)
        others = unit.total() - 1
        if others < 1:
            continue
        counts.update(unit)
        for one, other in combinations(unit, 2):
            share = Fraction(unit[one] * unit[other], others)
            together[one, other] += share
            together[other, one] += share
    return together, counts


Difference = Callable[[Hashable, Hashable], Fraction]


def _differences(counts: Counter[Hashable], metric: Metric) -> Difference:
    if metric is Metric.NOMINAL:
        return lambda one, other: Fraction(one != other)
    numbers = {value: _exact(value) for value in counts}
    if metric is Metric.INTERVAL:
        return lambda one, other: (numbers[one] - numbers[other]) ** 2
    middles = _middles(counts, numbers)
    return lambda one, other: (middles[one] - middles[other]) ** 2


def _middles(
    counts: Counter[Hashable], numbers: dict[Hashable, Fraction]
) -> dict[Hashable, Fraction]:
    """Where each value's own occurrences have their middle, all put in order.

    The distance between two middles is half of each and all that lie between.
    """
    found: dict[Hashable, Fraction] = {}
    before = 0
    for value in sorted(counts, key=lambda value: numbers[value]):
        found[value] = before + Fraction(counts[value], 2)
        before += counts[value]
    return found


def _exact(value: Hashable) -> Fraction:
    if not isinstance(value, Number):
        msg = f"{value!r} is no exact number; give int, Decimal or Fraction"
        raise TypeError(msg)
    return Fraction(value)


def rounded(value: Fraction, places: int = PLACES) -> Decimal:
    """Round a fraction half up (away from zero), to six decimals.

    >>> rounded(Fraction(2, 3)), rounded(Fraction(-1, 2), 0)
    (Decimal('0.666667'), Decimal('-1'))
    """
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    number = Decimal(whole).scaleb(-places)
    return -number if value < 0 and whole else number
