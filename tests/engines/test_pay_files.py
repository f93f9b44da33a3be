"""Facts from rows of texts: each fault by row and column, and lines read back whole."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import Ended, Line, amount_of
from payments.attendance_rows import attendance_of, read_attendance
from payments.booked_rows import BOOKED_COLUMNS, Entry, as_row, read_booked
from payments.files import (
    FilePlacement,
    Notes,
    read_closed,
    read_decisions,
    read_levels,
    read_placements,
)
from tests.engines.payfacts import MARCH, due, placement, plan

PLACE = FilePlacement(
    "P1", "K1", "Enheten", "Bolaget", "extern", date(2019, 1, 1), None, (plan(),), ()
)
HEAD = ["placeringsnummer", "ärendenummer", "enhet", "regi", "första_dag", "måndag"]
ROW = ["P1", "K1", "Enheten", "extern", "2020-01-01", "9-15"]


def faults(notes: Notes) -> list[tuple[int, str]]:
    return [(note.row, note.column) for note in notes.notes]


def test_columns_come_in_any_order_and_case() -> None:
    rows = [[name.upper() for name in reversed(HEAD)], list(reversed(ROW))]
    found, notes = read_placements(rows)
    assert (found["P1"].unit, notes.notes) == ("Enheten", ())
    assert found["P1"].plans[0].extent.days == 4


def test_a_last_day_in_a_file_is_included() -> None:
    rows = [["ärendenummer", "beslutsreferens", "första_dag", "sista_dag"]]
    found, _ = read_decisions([*rows, ["K1", "B1", "2020-01-01", "2020-01-31"]])
    assert found["K1"][0].end == date(2020, 2, 1)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("placeringsnummer", ""),
        ("ärendenummer", ""),
        ("enhet", ""),
        ("regi", "alla"),
        ("första_dag", "1 mars 2020"),
        ("första_dag", "2020-W10-4"),
        ("första_dag", "0220-03-01"),
        ("måndag", "nio till tre"),
        ("måndag", "15-9"),
    ],
)
def test_a_faulty_cell_is_named_and_its_placement_left_out(
    column: str, text: str
) -> None:
    row = [
        text if name == column else told for name, told in zip(HEAD, ROW, strict=True)
    ]
    found, notes = read_placements([HEAD, row])
    assert (found, faults(notes)) == ({}, [(2, column)])


def test_a_placement_that_never_was_has_no_end_to_pay_after() -> None:
    head = [*HEAD, "sista_dag", "annullerad", "avslutsorsak"]
    rows = [[*ROW, "2020-03-10", told, "deceased"] for told in ("ja", "nej")]
    never, ended = (read_placements([head, row])[0]["P1"] for row in rows)
    assert (never.end, never.ended) == (never.start, None)
    assert ended.ended == Ended("deceased", None)


def test_a_plan_of_two_weeks_stands_on_two_rows() -> None:
    head, first = [*HEAD, "vecka"], [*ROW, "1"]
    second = ["P1", "", "", "", "", "9-12", "2"]
    found, _ = read_placements([head, first, second])
    assert found["P1"].plans[0].extent.minutes == 2 * (360 + 180)


@pytest.mark.parametrize(
    ("weeks", "fault"),
    [
        (["1", "3"], [(2, "vecka")]),
        (["1", "1"], [(3, "plan_från")]),
        (["5"], [(2, "vecka")]),
    ],
    ids=["one left out", "one twice", "none such"],
)
def test_weeks_that_make_no_plan_are_refused(
    weeks: list[str], fault: list[tuple[int, str]]
) -> None:
    _, notes = read_placements([[*HEAD, "vecka"], *([*ROW, week] for week in weeks)])
    assert faults(notes) == fault


def test_a_placement_told_in_two_ways_is_refused() -> None:
    _, notes = read_placements([HEAD, ROW, [*ROW[:2], "En annan", *ROW[3:5], ""]])
    assert faults(notes) == [(3, "enhet")]


def test_pauses_that_meet_are_refused() -> None:
    head = [*HEAD, "uppehåll_från", "uppehåll_till", "uppehåll_procent"]
    first = [*ROW, "2020-03-01", "2020-03-10", "50"]
    touching = ["P1", "", "", "", "", "", "2020-03-11", "", ""]
    found, _ = read_placements([head, first, touching])
    assert [pause.share for pause in found["P1"].pauses] == [50, None]
    meeting = [*touching[:6], "2020-03-10", "", ""]
    assert faults(read_placements([head, first, meeting])[1]) == [(3, "uppehåll_från")]


def test_a_level_without_last_day_holds_until_the_next() -> None:
    head = ["ärendenummer", "nivå", "första_dag", "sista_dag"]
    rows = [head, ["K1", "3", "2020-03-01", ""], ["K1", "2", "2020-01-01", ""]]
    levels, _ = read_levels(rows)
    spans = [(one.level, one.start, one.end) for one in levels["K1", ""]]
    turn = date(2020, 3, 1)
    assert spans == [("2", date(2020, 1, 1), turn), ("3", turn, None)]


def test_levels_with_last_days_may_not_meet() -> None:
    head = ["ärendenummer", "nivå", "första_dag", "sista_dag"]
    rows = [
        head,
        ["K1", "2", "2020-01-01", "2020-03-01"],
        ["K1", "3", "2020-03-01", ""],
    ]
    _, notes = read_levels(rows)
    assert (faults(notes), dict(notes.about)) == ([(3, "första_dag")], {"K1": 3})


def test_a_closed_day_without_unit_is_everybodys() -> None:
    rows = [["dag", "enhet"], ["2020-12-24", ""], ["2020-12-23", "Enheten"]]
    days, _ = read_closed(rows)
    assert days == {"": {date(2020, 12, 24)}, "Enheten": {date(2020, 12, 23)}}


def attended(*cells: str, closed: tuple[date, ...] = ()) -> str:
    """March 2020 with what the first days say; the rest is left empty."""
    head = ["placeringsnummer", "månad", *(str(day) for day in range(1, 32))]
    rows = [head, ["P1", "2020-03", *cells]]
    found, notes = read_attendance(rows, MARCH)
    assert not notes.notes
    return attendance_of(found["P1", MARCH], MARCH, PLACE, closed).codes


def test_what_is_left_empty_is_not_reported_and_never_attended() -> None:
    assert attended("", "N", "", "A 9-12")[:8] == "-N?N??--"[:8]


def test_a_closed_day_left_empty_is_closed() -> None:
    assert attended(closed=(date(2020, 3, 3),))[:5] == "-?K??"


def test_day_rows_and_month_rows_say_the_same() -> None:
    days = [
        ["placeringsnummer", "dag", "kod", "från", "till"],
        ["P1", "2020-03-02", "n", "", ""],
        ["P1", "2020-03-02", "a", "12:00", "15:00"],
    ]
    month = [["placeringsnummer", "månad", "2"], ["P1", "2020-03", "N, A 12-15"]]
    assert read_attendance(days, MARCH)[0] == read_attendance(month, MARCH)[0]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("30", "N"),
        ("2", "Z"),
        ("2", "N, A"),
        ("2", "A 15-12"),
        ("2", "A 9-12, S 11-13"),
    ],
)
def test_a_cell_that_cannot_be_right_is_named(column: str, cell: str) -> None:
    rows = [["placeringsnummer", "månad", column], ["P1", "2020-02", cell]]
    _, notes = read_attendance(rows, MARCH)
    assert faults(notes) == [(2, column)]


def texts(entry: Entry) -> list[str]:
    return [str(value) for value in as_row(entry, PLACE)]


def test_a_line_of_the_engine_is_read_back_as_it_was() -> None:
    [line] = due(placement("P1")).lines
    [entry], notes = read_booked([list(BOOKED_COLUMNS), texts(Entry("1", MARCH, line))])
    assert not notes.notes
    assert entry.line.priced.terms == line.priced.terms
    assert (entry.line.rules, entry.line.counted) == (line.rules, line.counted)


@settings(max_examples=50)
@given(
    price=st.integers(1, 10**7),
    hundredths=st.integers(-3100, 3100),
    of=st.integers(1, 31),
    share=st.integers(0, 100),
    rounding=st.sampled_from([1, 100]),
)
def test_every_line_is_read_back_to_the_ore(
    price: int, hundredths: int, of: int, share: int, rounding: int
) -> None:
    [known] = due(placement("P1")).lines
    told = {"price": price, "hundredths": hundredths, "of": of, "share": share}
    amount = amount_of(price, hundredths, of, share, rounding)
    line = _line(known, **told, rounding=rounding, amount=amount)
    [entry], notes = read_booked([list(BOOKED_COLUMNS), texts(Entry("1", MARCH, line))])
    assert not notes.notes
    assert entry.line.priced.terms == line.priced.terms


def _line(known: Line, **told: object) -> Line:
    return known._replace(priced=replace(known.priced, **told))


def test_a_booked_row_of_another_amount_than_its_own_is_refused() -> None:
    [line] = due(placement("P1")).lines
    row = texts(Entry("1", MARCH, line))
    row[BOOKED_COLUMNS.index("belopp_kr")] = "1,00"
    found, notes = read_booked([list(BOOKED_COLUMNS), row])
    assert (found, faults(notes)) == ((), [(2, "belopp_kr")])
