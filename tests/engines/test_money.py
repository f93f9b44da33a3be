"""Amounts as people write them: exact up to the largest, and a fault beyond it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import in_kronor, kronor, ore, read_price_rows
from payments.errors import AmountTooLarge
from payments.money import LARGEST

MOST = int(LARGEST) * 100


@given(amount=st.integers(-MOST, MOST))
def test_every_amount_up_to_the_largest_is_read_exactly(amount: int) -> None:
    assert ore(kronor(str(in_kronor(amount)))) == amount


@given(
    over=st.integers(1, 10**60),
    sign=st.sampled_from(["", "-"]),
    part=st.sampled_from(["", ",01"]),
)
def test_an_amount_beyond_the_largest_is_refused(
    over: int, sign: str, part: str
) -> None:
    whole = int(LARGEST) + over - len(part[:1])
    with pytest.raises(AmountTooLarge, match="1 000 000 000 000"):
        kronor(f"{sign}{whole}{part}")


def test_a_price_with_too_many_digits_is_a_fault_of_its_row() -> None:
    header = ["nivå", "omfattning", "regi", "belopp_kr", "enhet"]
    read = read_price_rows([header, ["1", "heltid", "alla", "9" * 20, "dygn"]])
    assert [(note.row, note.column) for note in read.errors] == [(2, "belopp_kr")]
    assert not read.cells
