"""Promise 8: the order is a permutation, near uniform, stable; closing moves nobody."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovdv.choice.notice import notice_for
from lovdv.choice.ordering import neutral, new_seed, seed_for
from lovdv.errors import Refused

UNITS = [f"{number:020x}" for number in range(1, 13)]
SEEDS = 10_000
# Chi-square for 11 degrees of freedom is above this once in a hundred.
CRITICAL = 24.725

units = st.lists(st.text(min_size=1, max_size=20), unique=True, max_size=40)
seeds = st.text(max_size=20)


@given(seeds, units)
def test_every_unit_stands_once(seed: str, listed: list[str]) -> None:
    assert sorted(neutral(seed, listed, str)) == sorted(listed)


@given(seeds, units, st.randoms())
def test_the_order_does_not_depend_on_how_units_were_read(
    seed: str, listed: list[str], random: Random
) -> None:
    shuffled = random.sample(listed, len(listed))
    assert neutral(seed, shuffled, str) == neutral(seed, listed, str)


@given(seeds, units, st.data())
def test_closing_units_leaves_the_others_in_order(
    seed: str, listed: list[str], data: st.DataObject
) -> None:
    closed = set(data.draw(st.lists(st.sampled_from(listed)))) if listed else set()
    left = [unit for unit in listed if unit not in closed]
    before = [unit for unit in neutral(seed, listed, str) if unit not in closed]
    assert neutral(seed, left, str) == before


@pytest.mark.parametrize("place", [0, 5, 11], ids=["first", "middle", "last"])
def test_each_unit_has_each_place_as_often_as_chance_gives(place: int) -> None:
    counted = Counter(
        neutral(f"seed {number}", UNITS, str)[place] for number in range(SEEDS)
    )
    expected = SEEDS / len(UNITS)
    chi_square = sum((counted[unit] - expected) ** 2 / expected for unit in UNITS)
    assert chi_square < CRITICAL


def test_every_pair_of_neighbours_is_as_common_both_ways() -> None:
    first, second = UNITS[0], UNITS[1]
    before = sum(
        order.index(first) < order.index(second)
        for order in (neutral(f"seed {n}", UNITS, str) for n in range(SEEDS))
    )
    assert abs(before - SEEDS / 2) < 2.58 * (SEEDS / 4) ** 0.5


def test_a_person_keeps_a_seed_and_new_readers_get_their_own() -> None:
    assert seed_for("a") == seed_for("a") != seed_for("b")
    assert len({new_seed() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("chosen", "effective"),
    [
        (date(2026, 1, 1), date(2026, 3, 1)),
        (date(2026, 1, 20), date(2026, 3, 1)),
        (date(2026, 1, 21), date(2026, 4, 1)),
        (date(2026, 12, 20), date(2027, 2, 1)),
        (date(2026, 12, 21), date(2027, 3, 1)),
        (date(2028, 2, 29), date(2028, 5, 1)),
    ],
    ids=["first", "the 20th", "the 21st", "year end", "year end late", "leap"],
)
def test_by_the_20th_counts_from_the_1st_of_the_month_after_next(
    chosen: date, effective: date
) -> None:
    rule = {"kind": "by_day", "day": 20, "months": 2}
    assert notice_for(rule, chosen).effective_day == effective


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(1, 31),
    st.integers(0, 6),
)
def test_notice_never_goes_backwards_and_leaves_no_gap(
    chosen: date, day: int, months: int
) -> None:
    rule = {"kind": "by_day", "day": day, "months": months + 1}
    found = notice_for(rule, chosen)
    assert found.effective_day > chosen
    assert found.effective_day.day == 1
    assert (found.effective_day - found.last_day_before).days == 1


@pytest.mark.parametrize(
    "rule", [{}, {"kind": "days"}, {"kind": "days", "days": "30"}, {"kind": "by_day"}]
)
def test_a_notice_rule_that_is_not_whole_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(Refused, match="systemledaren"):
        notice_for(rule, date(2026, 1, 1))
