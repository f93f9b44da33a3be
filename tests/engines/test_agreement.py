"""Agreement between assessors, against published values and against scikit-learn."""

import random
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assessment import (
    FEWEST_PAIRS,
    Metric,
    Weights,
    agreement,
    krippendorff_alpha,
    weighted_kappa,
)
from assessment.agreement import rounded

Row = list[int | None]


def units(*assessors: str) -> list[list[str | None]]:
    """Rows of one assessor each, as printed ('.' is missing), turned into units."""
    rows = [row.split() for row in assessors]
    return [
        [None if value == "." else value for value in unit]
        for unit in zip(*rows, strict=True)
    ]


def numbers(*assessors: str) -> list[Row]:
    return [
        [None if value is None else int(value) for value in unit]
        for unit in units(*assessors)
    ]


# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), examples A-C.
BINARY = ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NOMINAL = ("a a b b d c c c e d d a", "b a b b b c c c e d d d")
MISSING = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# The worked example of the encyclopedia article "Krippendorff's alpha".
ARTICLE = (
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)


def test_krippendorffs_two_observers_with_binary_data() -> None:
    found = krippendorff_alpha(units(*BINARY), Metric.NOMINAL)
    assert found is not None
    assert round(found, 3) == Decimal("0.095")


def test_krippendorffs_two_observers_with_nominal_data() -> None:
    found = krippendorff_alpha(units(*NOMINAL), Metric.NOMINAL)
    assert found is not None
    assert round(found, 3) == Decimal("0.692")


PUBLISHED = {
    Metric.NOMINAL: "0.743",
    Metric.ORDINAL: "0.815",
    Metric.INTERVAL: "0.849",
}


@pytest.mark.parametrize("metric", PUBLISHED)
def test_krippendorffs_four_observers_with_missing_values(metric: Metric) -> None:
    found = krippendorff_alpha(numbers(*MISSING), metric)
    assert found is not None
    assert round(found, 3) == Decimal(PUBLISHED[metric])


@pytest.mark.parametrize(
    ("metric", "value"), [(Metric.NOMINAL, "0.691"), (Metric.INTERVAL, "0.811")]
)
def test_the_articles_three_coders(metric: Metric, value: str) -> None:
    found = krippendorff_alpha(numbers(*ARTICLE), metric)
    assert found is not None
    assert round(found, 3) == Decimal(value)


# Two radiologists and 85 mammograms, four categories: the manual of Stata, "kappa -
# Interrater agreement" (data from Altman, Practical Statistics for Medical Research,
# 1991, p. 403-405) prints kappa 0.4728, with weights 1-|i-j|/(k-1) 0.5684.
MAMMOGRAMS = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]


def table(cells: list[list[int]]) -> list[tuple[int, int]]:
    return [
        (i, j)
        for i, row in enumerate(cells)
        for j, times in enumerate(row)
        for _ in range(times)
    ]


def test_kappa_of_two_radiologists_is_the_printed_one() -> None:
    found = weighted_kappa(table(MAMMOGRAMS), Weights.LINEAR)
    assert found is not None
    assert round(found, 4) == Decimal("0.5684")


PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1)


@given(PAIRS, st.sampled_from(Weights))
def test_kappa_is_that_of_scikit_learn(
    pairs: list[tuple[int, int]], weights: Weights
) -> None:
    found = weighted_kappa(pairs, weights)
    one, other = zip(*pairs, strict=True)
    if found is None:
        assert len({*one, *other}) == 1
        return
    theirs = cohen_kappa_score(one, other, labels=range(7), weights=weights.value)
    assert float(found) == pytest.approx(theirs, abs=1e-6)


def assessed(rng: random.Random, cases: int, assessors: int) -> list[Row]:
    """Scorings around a true level, some of them missing."""
    found = []
    for _ in range(cases):
        level = rng.randrange(5)
        near = [
            min(4, max(0, level + rng.choice((-1, 0, 0, 1)))) for _ in "x" * assessors
        ]
        found.append([v if rng.random() > 0.2 else None for v in near])
    return found


@pytest.mark.parametrize("seed", range(5))
def test_kappa_of_a_group_is_that_of_every_pair_both_ways_round(seed: int) -> None:
    """scikit-learn on the pairs, each counted in both orders."""
    rows = assessed(random.Random(seed), cases=12, assessors=5)
    pairs = [
        pair
        for row in rows
        for pair in combinations([v for v in row if v is not None], 2)
    ]
    one = [a for a, _ in pairs] + [b for _, b in pairs]
    other = [b for _, b in pairs] + [a for a, _ in pairs]
    figures = agreement(rows).figures
    assert figures is not None
    for weights, ours in (
        ("linear", figures.kappa_linear),
        ("quadratic", figures.kappa_quadratic),
    ):
        theirs = cohen_kappa_score(one, other, labels=range(5), weights=weights)
        assert float(ours or 0) == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_for_two_is_kappa_with_shared_chances(seed: int) -> None:
    """For two assessors and many units, interval alpha nears quadratic kappa.

    Exactly: 1 - alpha = (1 - pi) * (n - 1) / n, where pi is the quadratic kappa of
    the pairs counted both ways round and n is the number of values.
    """
    rows = assessed(random.Random(seed), cases=60, assessors=2)
    whole = [row for row in rows if None not in row]
    one = [row[0] for row in whole] + [row[1] for row in whole]
    other = [row[1] for row in whole] + [row[0] for row in whole]
    theirs = cohen_kappa_score(one, other, labels=range(5), weights="quadratic")
    alpha = krippendorff_alpha(rows, Metric.INTERVAL)
    n = len(one)
    assert float(alpha or 0) == pytest.approx(1 - (1 - theirs) * (n - 1) / n, abs=1e-6)


def by_definition(rows: list[Row], metric: Metric) -> Fraction | None:
    """Alpha straight from its definition: every pair of values by itself."""
    kept = [[v for v in row if v is not None] for row in rows]
    kept = [row for row in kept if len(row) > 1]
    values = [v for row in kept for v in row]
    n = len(values)

    def apart(c: int, k: int) -> Fraction:
        if metric is Metric.NOMINAL:
            return Fraction(c != k)
        if metric is Metric.INTERVAL:
            return Fraction((c - k) ** 2)
        low, high = sorted((c, k))
        between = sum(low <= v <= high for v in values)
        ends = Fraction(values.count(low) + values.count(high), 2)
        return (between - ends) ** 2 if low != high else Fraction(0)

    observed = sum(
        (
            Fraction(1, len(row) - 1) * apart(row[i], row[j])
            for row in kept
            for i in range(len(row))
            for j in range(len(row))
            if i != j
        ),
        Fraction(0),
    )
    expected = sum((apart(c, k) for c in values for k in values), Fraction(0))
    return 1 - (n - 1) * observed / expected if expected else None


VALUES = st.one_of(st.none(), st.integers(0, 4))
ROWS = st.lists(st.lists(VALUES, min_size=0, max_size=5), max_size=8)


@given(ROWS, st.sampled_from(Metric))
def test_alpha_is_what_its_definition_says(rows: list[Row], metric: Metric) -> None:
    expected = by_definition(rows, metric)
    found = krippendorff_alpha(rows, metric)
    assert found == (None if expected is None else rounded(expected))


@given(ROWS, st.randoms(use_true_random=False))
def test_neither_the_order_of_cases_nor_of_assessors_matters(
    rows: list[Row], rng: random.Random
) -> None:
    other = [rng.sample(row, len(row)) for row in rng.sample(rows, len(rows))]
    assert agreement(other) == agreement(rows)


@given(st.lists(st.integers(0, 6), min_size=2, max_size=30, unique=True))
def test_those_who_always_agree_have_every_figure_one(values: list[int]) -> None:
    found = agreement([[value] * 3 for value in values for _ in range(6)])
    assert found.exact == found.within_one == found.pairs
    assert found.figures is not None
    told = [getattr(found.figures, name) for name in found.figures.__slots__]
    assert told == [Decimal(1)] * 7


def test_fewer_than_thirty_pairs_give_counts_only() -> None:
    found = agreement([[0, 1]] * (FEWEST_PAIRS - 1))
    assert (found.pairs, found.exact, found.within_one) == (29, 0, 29)
    assert found.figures is None


def test_thirty_pairs_give_figures() -> None:
    found = agreement([[0, 0]] * 15 + [[1, 2]] * 15)
    assert found.figures is not None
    assert found.figures.exact == Decimal("0.5")
    assert found.figures.within_one == Decimal(1)


def test_a_figure_that_is_not_defined_is_none() -> None:
    found = agreement([[2, 2]] * 30)
    assert found.figures is not None
    assert found.figures.exact == 1
    assert found.figures.kappa_linear is None
    assert found.figures.alpha_ordinal is None


def test_a_value_outside_the_scale_is_unlike_all_others() -> None:
    found = agreement([["ej relevant", 1], ["ej relevant", "ej relevant"]])
    assert (found.pairs, found.exact, found.within_one) == (2, 1, 1)


def test_a_lone_scoring_is_compared_with_nothing() -> None:
    found = agreement([[1], [None, 2], []])
    assert (found.units, found.pairs) == (0, 0)
    assert krippendorff_alpha([[1], [None, 2]], Metric.NOMINAL) is None


@pytest.mark.parametrize("metric", [Metric.ORDINAL, Metric.INTERVAL])
def test_a_float_is_refused(metric: Metric) -> None:
    with pytest.raises(TypeError, match="exact"):
        krippendorff_alpha([[0.5, 1]], metric)


def test_interval_alpha_takes_exact_decimals() -> None:
    tenths = [[Decimal(a) / 10, Decimal(b) / 10] for a, b in [(1, 1), (2, 3), (5, 5)]]
    whole = [[1, 1], [2, 3], [5, 5]]
    assert krippendorff_alpha(tenths, Metric.INTERVAL) == krippendorff_alpha(
        whole, Metric.INTERVAL
    )


@given(st.fractions(), st.integers(0, 8))
def test_rounding_is_half_up_on_both_sides_of_zero(
    value: Fraction, places: int
) -> None:
    found = Fraction(rounded(value, places))
    assert abs(found - value) <= Fraction(1, 2 * 10**places)
    assert rounded(-value, places) == -rounded(value, places)
