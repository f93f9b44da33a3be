"""A list against the one before, and a proposal by an index, on printed prices."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.errors import NotAnAmount
from payments.indexing import (
    index_of,
    index_shown,
    indexed,
    is_same_model,
    jumps,
    not_comparable,
    off_index,
    proposal,
    step_of,
)
from payments.price_rows import read_price_rows
from payments.rates import PriceCell
from tests.engines.payfacts import cells_of

TYRESO = cells_of("tyreso-2020.csv")
GOTEBORG = cells_of("goteborg-2023.csv")
OPI_2020 = index_of("3,0")


def changed(cells: Sequence[PriceCell], place: int, by: int) -> tuple[PriceCell, ...]:
    """The list with one price so many öre higher."""
    return tuple(
        replace(cell, amount=cell.amount + by) if at == place else cell
        for at, cell in enumerate(cells)
    )


def named(cells: Sequence[PriceCell], **values: str) -> tuple[PriceCell, ...]:
    return tuple(replace(cell, **values) for cell in cells)


@pytest.mark.parametrize(
    ("text", "index"),
    [("2,2", 220), ("3,0", 300), ("-1,25", -125), ("1.9 %", 190)],
)
def test_an_index_is_read_as_people_write_it(text: str, index: int) -> None:
    assert index_of(text) == index


@pytest.mark.parametrize("text", ["", "tre", "1,234", "1e2"])
def test_what_is_no_index_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        index_of(text)


@pytest.mark.parametrize(
    ("index", "shown"),
    [
        (0, "0,0 %"),
        (1, "0,01 %"),
        (220, "2,2 %"),
        (300, "3,0 %"),
        (1000, "10,0 %"),
        (-1, "\N{MINUS SIGN}0,01 %"),
        (-125, "\N{MINUS SIGN}1,25 %"),
    ],
)
def test_an_index_is_shown_as_people_read_it(index: int, shown: str) -> None:
    assert plain(index_shown(index)) == shown


def all_changed(by: int) -> tuple[PriceCell, ...]:
    return tuple(replace(cell, amount=cell.amount + by) for cell in TYRESO)


@pytest.mark.parametrize(
    ("cells", "step"),
    [
        (TYRESO, 100),
        (GOTEBORG, 100),
        (changed(TYRESO, 3, 7), 100),
        (all_changed(50), 50),
        (all_changed(10), 10),
        (all_changed(7), 1),
        ((), 1),
    ],
    ids=["Tyreso", "Goteborg", "one odd", "half kronor", "tens", "ore", "empty"],
)
def test_a_list_is_rounded_as_most_of_its_prices(
    cells: Sequence[PriceCell], step: int
) -> None:
    assert step_of(cells) == step


def test_a_list_is_rounded_as_most_of_it_is() -> None:
    """Two of five in whole kronor are not most; all of them are in half kronor."""
    cells = [replace(TYRESO[0], amount=n) for n in (100, 200, 150, 250, 350)]
    assert step_of(cells) == 50


def test_goteborgs_prices_raised_by_opi_are_whole_kronor() -> None:
    raised = proposal(GOTEBORG, index_of("1,9"))
    assert [cell.amount for cell in raised[:3]] == [436000, 1046500, 1744100]
    assert [cell.amount for cell in raised].count(1744100) == 2


def test_a_proposal_follows_its_own_index_and_one_changed_cell_does_not() -> None:
    raised = proposal(TYRESO, OPI_2020)
    assert off_index(raised, TYRESO, OPI_2020) == ()
    [note] = off_index(changed(raised, 3, 100), TYRESO, OPI_2020)
    assert (note.row, note.column) == (5, "belopp_kr")
    assert plain(note.message) == (
        "646,00 kr följer inte index 3,0 %: 626,00 kr i listan före ger 645,00 kr. "
        "Priset behålls som det står."
    )


def test_cells_are_compared_with_the_index_the_decision_states() -> None:
    raised = proposal(TYRESO, OPI_2020)
    assert len(off_index(raised, TYRESO, index_of("1,5"))) == len(TYRESO)
    # 0,3 % is less than half a krona of 132 and 124 kr, and of nothing else.
    assert len(off_index(TYRESO, TYRESO, index_of("0,3"))) == 28


def test_a_jump_is_more_than_the_limit_both_up_and_down() -> None:
    up = changed(TYRESO, 3, 6260)
    assert jumps(up, TYRESO, 10) == ()
    [higher] = jumps(changed(TYRESO, 3, 6261), TYRESO, 10)
    [lower] = jumps(changed(TYRESO, 3, -6261), TYRESO, 10)
    assert (higher.row, higher.column) == (lower.row, lower.column) == (5, "belopp_kr")
    assert plain(higher.message) == (
        "688,61 kr är 10,0 % mer än listan före, 626,00 kr. Gränsen är 10 %. "
        "Priset behålls som det står."
    )
    assert plain(lower.message) == (
        "563,39 kr är 10,0 % mindre än listan före, 626,00 kr. Gränsen är 10 %. "
        "Priset behålls som det står."
    )


@pytest.mark.parametrize(("by", "way"), [(1, "mer"), (-1, "mindre")])
def test_a_jump_too_small_to_tell_in_per_cent_still_has_its_way(
    by: int, way: str
) -> None:
    [note] = jumps(changed(TYRESO, 3, by), TYRESO, 0)
    assert f"är 0,0 % {way} än listan före" in plain(note.message)


def test_a_list_for_both_regis_is_compared_cell_by_cell() -> None:
    either = named([c for c in TYRESO if c.regi == "extern"], regi="alla")
    assert not_comparable(TYRESO, either) == ()
    assert len(not_comparable(either, TYRESO)) == len(either)


def test_prices_for_another_unit_are_not_compared() -> None:
    by_month = named(TYRESO, unit="month")
    assert jumps(by_month, TYRESO, 0) == ()
    assert len(not_comparable(by_month, TYRESO)) == len(TYRESO)


@pytest.mark.parametrize(
    ("values", "same"),
    [
        ({}, True),
        ({"regi": "alla"}, False),
        ({"unit": "hour"}, False),
        ({"extent_class": "heltid"}, False),
    ],
    ids=["raised", "regi", "unit", "classes"],
)
def test_another_structure_is_another_price_model(
    values: dict[str, str], *, same: bool
) -> None:
    assert is_same_model(named(proposal(TYRESO, 310), **values), TYRESO) is same


def test_an_hour_price_is_read() -> None:
    header = ["nivå", "omfattning", "regi", "belopp_kr", "enhet"]
    read = read_price_rows([header, ["1", "alla tider", "alla", "98,50", "timme"]])
    assert [(cell.unit, cell.amount) for cell in read.cells] == [("hour", 9850)]


@given(
    amount=st.integers(1, 10_000_000),
    index=st.integers(-5_000, 5_000),
    step=st.sampled_from((1, 10, 50, 100)),
)
def test_an_indexed_price_is_within_half_a_step_of_the_exact_one(
    amount: int, index: int, step: int
) -> None:
    exact = amount * (10_000 + index)
    found = indexed(amount, index, to=step)
    assert found % step == 0
    assert abs(found * 10_000 - exact) * 2 <= step * 10_000


@given(
    index=st.integers(-2_000, 2_000),
    place=st.integers(0, len(TYRESO) - 1),
    steps=st.integers(1, 50),
)
def test_exactly_the_cells_that_leave_the_proposal_are_listed(
    index: int, place: int, steps: int
) -> None:
    raised = proposal(TYRESO, index)
    [note] = off_index(changed(raised, place, steps * 100), TYRESO, index)
    assert note.row == int(TYRESO[place].ref)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
