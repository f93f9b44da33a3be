"""Prices in force, rates that are missing or two, rows that end early, odd amounts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from payments import Month, in_force, kronor, ore, read_price_rows
from payments.errors import AmbiguousRate, MissingRate, NotAMonth, NotAnAmount
from payments.money import rounded, shown
from payments.month import day_of
from payments.rates import PriceCell, PriceList
from tests.engines.payfacts import rows_of

DAY = date(2020, 1, 1)
HEADER = ["nivå", "omfattning", "regi", "belopp_kr", "enhet", "giltig_från"]
ROW = ["1", "heltid", "alla", "439,50", "dygn", "2020-01-01"]


def decided(number: int) -> datetime:
    return datetime(2019, 1, number, tzinfo=UTC)


def listed(revision: int, *amounts: int, first_day: date = DAY) -> PriceList:
    cells = tuple(
        PriceCell("1", "heltid", "extern", "day", amount, amount) for amount in amounts
    )
    return PriceList("lista", first_day, revision, decided(revision), cells)


def test_a_list_is_known_from_the_instant_it_is_decided() -> None:
    assert in_force([listed(2, 100)], decided(1)) == ()
    assert len(in_force([listed(2, 100)], decided(2))) == 1


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_the_latest_revision_holds_in_whatever_order_they_come(
    order: tuple[int, ...],
) -> None:
    [span] = in_force([listed(number, 100 * number) for number in order], decided(9))
    assert span.cell("1", "heltid", "extern").amount == 300


def test_a_rate_that_stands_twice_is_no_rate() -> None:
    [span] = in_force([listed(1, 100, 200)], decided(9))
    with pytest.raises(AmbiguousRate) as found:
        span.cell("1", "heltid", "extern")
    assert str(found.value) == str(AmbiguousRate("1", "heltid", "extern"))


def test_a_rate_for_either_beside_one_of_its_own_is_no_rate() -> None:
    prices = listed(1, 100)
    both = replace(prices, cells=(*prices.cells, replace(prices.cells[0], regi="alla")))
    [span] = in_force([both], decided(9))
    with pytest.raises(AmbiguousRate):
        span.cell("1", "heltid", "extern")
    assert span.cell("1", "heltid", "intern").amount == 100
    with pytest.raises(MissingRate) as found:
        span.cell("2", "heltid", "extern")
    assert str(found.value) == str(MissingRate("2", "heltid", "extern"))


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (1, ["omfattning", "regi", "enhet", "belopp_kr"]),
        (2, ["regi", "enhet", "belopp_kr"]),
        (3, ["enhet", "belopp_kr"]),
        (4, ["enhet"]),
    ],
)
def test_a_row_that_ends_early_lacks_the_rest(cells: int, columns: list[str]) -> None:
    read = read_price_rows([HEADER, ROW, ["2", *ROW[1:cells]]])
    assert [note.column for note in read.errors if note.row == 3] == columns
    assert not any("XX" in note.message for note in read.errors)


def test_a_row_without_its_first_day_has_the_lists() -> None:
    read = read_price_rows([HEADER, ROW, ["2", *ROW[1:5]]])
    assert (read.errors, read.first_day) == ((), DAY)


def test_gaps_are_told_when_every_row_can_be_read() -> None:
    bad = ["2", "deltid", "alla", "x", "dygn", "2020-01-01"]
    read = read_price_rows([HEADER, ROW, ["2", *ROW[1:]], bad])
    assert [note.column for note in read.errors] == ["belopp_kr"]


def test_a_list_in_whole_kronor_is_expected_in_whole_kronor() -> None:
    """Tyresö's own: 70 % of 489,50 kr is 342,65 kr, and 343 kr is printed."""
    read = read_price_rows(rows_of("tyreso-2020.csv"))
    told = [note.message.replace("\N{NO-BREAK SPACE}", " ") for note in read.warnings]
    assert len(told) == 5
    assert all("Priset behålls som det står." in each for each in told)


def test_a_part_in_ore_is_expected_in_ore() -> None:
    rows = [HEADER]
    for level, whole, part in (("1", "101", "50,50"), ("2", "103", "51,50")):
        rows.append([level, "heltid", *ROW[2:3], whole, *ROW[4:]])
        rows.append([level, "halvtid", *ROW[2:3], part, *ROW[4:]])
    assert read_price_rows(rows).warnings == ()


@pytest.mark.parametrize(("year", "number"), [(1900, 1), (9998, 12)])
def test_months_from_1900_to_9998(year: int, number: int) -> None:
    assert Month(year, number).number == number


@pytest.mark.parametrize(("year", "number"), [(1899, 12), (9999, 1), (2020, 0)])
def test_other_months_are_refused_by_name(year: int, number: int) -> None:
    with pytest.raises(NotAMonth) as found:
        Month(year, number)
    assert str(found.value) == str(NotAMonth(f"{year}-{number}"))


def test_what_is_no_day_names_itself() -> None:
    with pytest.raises(ValueError, match="2020-W10-4"):
        day_of("2020-W10-4")


@pytest.mark.parametrize("bad", ["x", 12, None, ""])
def test_what_is_no_amount_names_itself(bad: object) -> None:
    with pytest.raises(NotAnAmount) as found:
        kronor(bad)
    assert str(found.value) == str(NotAnAmount(bad))
    with pytest.raises(NotAnAmount) as found:
        ore(bad)
    assert str(found.value) == str(NotAnAmount(bad))


def test_a_minus_may_be_typed_in_either_way() -> None:
    assert kronor("\N{MINUS SIGN}12,50") == kronor("-12,50") == -kronor("12,50")


def test_part_ore_names_itself() -> None:
    amount = kronor("0,01") / 2
    with pytest.raises(NotAnAmount) as found:
        ore(amount)
    assert str(found.value) == str(NotAnAmount(amount))


def test_nought_has_no_sign() -> None:
    assert shown(0) == "0,00\N{NO-BREAK SPACE}kr"
    assert (rounded(0), rounded(0, 7)) == (0, 0)
