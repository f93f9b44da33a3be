"""A sample that anybody can draw again, heavier lines oftener; how many to look at."""

import random
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.sampling import Z_VALUES, cochran, drawn, number_of, weight

deterministic = settings(derandomize=True, deadline=None, max_examples=80)


@dataclass(frozen=True)
class Named:
    name: str
    weight: int


FRAMES = st.lists(
    st.builds(Named, st.text("abc0123456789", min_size=1), st.integers(1, 10**9)),
    max_size=40,
    unique_by=lambda line: line.name,
)
SEEDS = st.text("0123456789abcdef", min_size=1, max_size=16)


@deterministic
@given(FRAMES, st.integers(0, 50), SEEDS, st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_lines_in_whatever_order_they_come(
    frame: list[Named], size: int, seed: str, order: random.Random
) -> None:
    first = drawn(frame, size, seed)
    mixed = list(frame)
    order.shuffle(mixed)
    assert drawn(mixed, size, seed) == first
    assert len(first) == len(set(first)) == min(size, len(frame))


@deterministic
@given(FRAMES, SEEDS)
def test_a_larger_sample_begins_with_the_smaller(frame: list[Named], seed: str) -> None:
    assert drawn(frame, 9, seed)[:4] == drawn(frame, 4, seed)


@deterministic
@given(FRAMES, FRAMES, SEEDS)
def test_other_lines_never_change_the_order_of_two_that_are_drawn(
    frame: list[Named], others: list[Named], seed: str
) -> None:
    names = {line.name for line in frame}
    more = [*frame, *(line for line in others if line.name not in names)]
    alone = drawn(frame, 5, seed)
    among = [line for line in drawn(more, len(more), seed) if line in alone]
    assert tuple(among) == alone


@deterministic
@given(FRAMES.filter(bool), SEEDS, st.integers(2, 1000))
def test_a_heavier_line_never_comes_later(
    frame: list[Named], seed: str, times: int
) -> None:
    chosen = frame[0]
    heavier = [Named(chosen.name, chosen.weight * times), *frame[1:]]
    place = _names(drawn(frame, len(frame), seed)).index(chosen.name)
    assert _names(drawn(heavier, len(frame), seed)).index(chosen.name) <= place


def _names(lines: tuple[Named, ...]) -> list[str]:
    return [line.name for line in lines]


def test_twice_the_weight_is_drawn_about_twice_as_often() -> None:
    frame = [Named(f"rad {n}", 200 if n < 50 else 100) for n in range(100)]
    times = Counter(
        line.weight for seed in range(400) for line in drawn(frame, 5, str(seed))
    )
    assert 17 <= 10 * times[200] // times[100] <= 23


def test_the_order_is_exact_where_a_fraction_would_tie() -> None:
    later = Named("a", number_of("x", "a") - 1)
    sooner = Named("b", number_of("x", "b"))
    assert drawn([later, sooner], 1, "x") == (sooner,)


def test_a_line_without_weight_is_never_drawn() -> None:
    assert drawn([Named("a", 0), Named("b", 1)], 5, "x") == (Named("b", 1),)


def test_the_number_is_that_of_sha_256_as_anybody_can_compute_it() -> None:
    # printf 'a1|rad' | sha256sum begins with these sixteen figures
    assert number_of("a1", "rad") == 0x950B_68E0_50B6_9F07


@pytest.mark.parametrize(
    ("amount", "percent", "expected"),
    [(0, 0, 100), (9_999, 0, 100), (20_000, 0, 200), (-20_000, 50, 300)],
    ids=["nothing", "under a hundred kronor", "two hundred", "risk"],
)
def test_a_line_weighs_its_money_and_its_risk(
    amount: int, percent: int, expected: int
) -> None:
    assert weight(amount, extra_percent=percent) == expected


@pytest.mark.parametrize(
    ("population", "confidence", "margin", "size"),
    [
        (500, 95, 5, 218),
        (10**9, 95, 5, 385),
        (10**9, 99, 5, 664),
        (10**9, 90, 5, 271),
        (100, 95, 5, 80),
        (1, 95, 5, 1),
        (0, 95, 5, 0),
        (500, 95, 50, 4),
    ],
)
def test_cochrans_size_with_correction(
    population: int, confidence: int, margin: int, size: int
) -> None:
    assert cochran(population, confidence=confidence, margin=margin) == size


@deterministic
@given(st.integers(0, 10**6), st.sampled_from(sorted(Z_VALUES)), st.integers(1, 50))
def test_the_size_is_the_least_whole_number_that_is_enough(
    population: int, confidence: int, margin: int
) -> None:
    size = cochran(population, confidence=confidence, margin=margin)
    assert 0 <= size <= population
    unlimited = Z_VALUES[confidence] ** 2 / 4 / Fraction(margin, 100) ** 2
    enough = unlimited * population / (unlimited + max(population - 1, 0))
    assert size == min(population, -(-enough.numerator // enough.denominator))
