"""Facts from rows of texts: each fault by row and column, and lines read back whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import (
    Ended,
    Hours,
    LevelSpan,
    Line,
    Part,
    Pause,
    PlanSpan,
    Span,
    Supplement,
    WeekPlan,
    amount_of,
)
from payments.attendance_rows import attendance_of, read_attendance, told_in_vain
from payments.booked_rows import (
    BOOKED_COLUMNS,
    Entry,
    as_row,
    read_booked,
    standing_of,
)
from payments.file_rows import hours_of
from payments.files import (
    FilePlacement,
    Notes,
    read_closed,
    read_contracts,
    read_decisions,
    read_levels,
    read_placements,
    read_supplements,
)
from tests.engines.payfacts import MARCH, due, placement, plan

Rows = list[list[str]]
PLACE = FilePlacement(
    "P1", "K1", "Enheten", "Bolaget", "extern", date(2019, 1, 1), None, (plan(),), ()
)
ROW = {
    "placeringsnummer": "P1",
    "ärendenummer": "K1",
    "enhet": "Enheten",
    "regi": "extern",
    "första_dag": "2020-01-01",
}
ROW_START = date(2020, 1, 1)
DAY, SHORT = Hours(540, 900), Hours(510, 720)


def rows(*lines: str) -> Rows:
    """As in a file with semicolons."""
    return [line.split(";") for line in lines]


def table(*told: Mapping[str, str]) -> Rows:
    """A heading of all the columns that are told, and a row each."""
    head = list(dict.fromkeys(name for row in told for name in row))
    return [head, *([row.get(name, "") for name in head] for row in told)]


def faults(notes: Notes) -> list[str]:
    return [f"{note.row} {note.column}: {note.message}" for note in notes.notes]


def week(*hours: Hours | None) -> tuple[Hours | None, ...]:
    return (*hours, *(None for _ in range(7 - len(hours))))


def test_a_placement_is_read_with_all_that_its_rows_tell() -> None:
    first = ROW | {
        "utförare": "Bolaget",
        "sista_dag": "2020-12-31",
        "betalas_från": "2020-01-08",
        "måndag": "9-15",
        "söndag": "08:30 – 12.00",
        "uppehåll_från": "2020-06-01",
        "uppehåll_till": "2020-06-30",
        "uppehåll_procent": "100",
        "uppehåll_plats": "Lämnas",
        "avslutsorsak": "flytt",
        "uppsagd_dag": "2020-11-30",
        "huvudplats": "Ja",
    }
    odd = {"placeringsnummer": "P1", "plan_från": "2020-03-04", "måndag": "9-15"}
    even = odd | {"måndag": "", "onsdag": "9-15", "vecka": "2"}
    pause = {"placeringsnummer": "P1", "uppehåll_från": "2020-07-01"}
    found, notes = read_placements(table(first, even, odd, pause))
    early = WeekPlan(date(2019, 12, 30), ((*week(DAY)[:6], SHORT),))
    later = WeekPlan(date(2020, 3, 2), (week(DAY), week(None, None, DAY)))
    turn = date(2020, 3, 4)
    told = FilePlacement(
        number="P1",
        person="K1",
        unit="Enheten",
        provider="Bolaget",
        regi="extern",
        start=date(2020, 1, 8),
        end=date(2021, 1, 1),
        plans=(
            PlanSpan.of(early, date(2020, 1, 1), turn),
            PlanSpan.of(later, turn),
        ),
        pauses=(
            Pause(date(2020, 6, 1), date(2020, 7, 1), 100, kept=False),
            Pause(date(2020, 7, 1), None, None, kept=True),
        ),
        ended=Ended("flytt", date(2020, 11, 30)),
        main=True,
    )
    assert (found, notes) == ({"P1": told}, Notes(()))


def test_what_a_placement_leaves_out_has_a_meaning() -> None:
    told = ROW | {"uppsagd_dag": "", "betalas_från": "2019-12-01"}
    found, _ = read_placements(table(told, ROW | {"placeringsnummer": "P2"}))
    start = date(2020, 1, 1)
    plain = FilePlacement(
        "P1", "K1", "Enheten", "Enheten", "extern", start, None, (), ()
    )
    assert found == {"P1": plain, "P2": plain._replace(number="P2")}
    assert (plain.ended, plain.main) == (None, False)


def test_columns_come_in_any_order_and_case_and_blank_rows_are_passed_over() -> None:
    [head, row] = table(ROW)
    turned = [[f" {name.upper()} " for name in reversed(head)], ["", " "], row[::-1]]
    found, notes = read_placements([turned[0], turned[1], turned[2][:5]])
    assert (found["P1"].unit, notes.notes) == ("Enheten", ())
    _, notes = read_placements([*turned[:2], ["2020-01-01", "alla"]])
    assert faults(notes) == [f"3 placeringsnummer: {EMPTY}"]


def test_a_heading_is_read_before_any_row() -> None:
    head = "ÄRENDENUMMER;första   dag;beslutsreferens;Enhet;enhet;;sista_dag"
    found, notes = read_contracts(rows(head, "K1;2020-01-01"))
    assert (found, faults(notes)) == (
        {},
        [
            "1 första_dag: Kolumnen ”första_dag” saknas. Lägg till den.",
            "1 enhet: Kolumnen ”enhet” finns två gånger. Ta bort en.",
        ],
    )
    assert notes.unused == ("ärendenummer", "första dag", "beslutsreferens")
    assert (notes.about, notes.of_nobody) == ({}, ())


HOURS = {
    "9-15": DAY,
    " 08:30 – 12.00 ": SHORT,
    "0-24": Hours(0, 1440),
    "8:59-9": Hours(539, 540),
    "9": None,
    "9-": None,
    "-15": None,
    "9-12-15": None,
    "9-9": None,
    "15-9": None,
    "9-24:30": None,
    "9-25": None,
    "9:60-15": None,
    "9:5-15": None,
    "nio-tre": None,
}


@pytest.mark.parametrize(("text", "hours"), HOURS.items())
def test_times_are_read_as_people_write_them(text: str, hours: Hours | None) -> None:
    assert hours_of(text) == hours


NO_DAY = "är ingen dag. Skriv till exempel 2026-01-31."
NO_HOURS = "är inga tider. Skriv till exempel 9-15."
NO_PERCENT = "ska vara hela procent, 0 till 100."
EMPTY = "Fyll i rutan."
YES_NO = "Ange nej eller ja."
NO_AMOUNT = (
    "”{}” är inte ett belopp. Skriv kronor med högst två decimaler, till exempel "
    "1 234,50."
)
CELLS = [
    ("ärendenummer", "", EMPTY),
    ("enhet", "", EMPTY),
    ("regi", "alla", "Ange extern eller intern."),
    ("regi", "", "Ange extern eller intern."),
    ("första_dag", "", EMPTY),
    ("första_dag", "1 mars 2020", f"”1 mars 2020” {NO_DAY}"),
    ("första_dag", "2020-W10-4", f"”2020-W10-4” {NO_DAY}"),
    ("första_dag", "0220-03-01", f"”0220-03-01” {NO_DAY}"),
    (
        "sista_dag",
        "2019-12-31",
        "Sista dagen 2019-12-31 är före första dagen 2020-01-01.",
    ),
    ("sista_dag", "2020-02-30", f"”2020-02-30” {NO_DAY}"),
    ("betalas_från", "mars", f"”mars” {NO_DAY}"),
    ("annullerad", "kanske", YES_NO),
    ("huvudplats", "x", YES_NO),
    ("uppsagd_dag", "i går", f"”i går” {NO_DAY}"),
    (
        "uppsagd_dag",
        "2020-05-01",
        "Dagen räknas bara med en orsak. Fyll i avslutsorsak, eller töm rutan.",
    ),
    ("plan_från", "sen", f"”sen” {NO_DAY}"),
    ("måndag", "nio till tre", f"”nio till tre” {NO_HOURS}"),
    ("söndag", "15-9", f"”15-9” {NO_HOURS}"),
    ("vecka", "5", "”5” ska vara 1, 2, 3 eller 4."),
    ("uppehåll_från", "snart", f"”snart” {NO_DAY}"),
    ("uppehåll_till", "2020-03-01", "Fyll i när uppehållet börjar."),
    ("uppehåll_procent", "50", "Fyll i när uppehållet börjar."),
    ("uppehåll_plats", "lämnas", "Fyll i när uppehållet börjar."),
]
BEGINS = {"uppehåll_till", "uppehåll_procent", "uppehåll_plats"}


@pytest.mark.parametrize(("column", "text", "message"), CELLS)
def test_a_faulty_cell_is_named_and_its_placement_left_out(
    column: str, text: str, message: str
) -> None:
    found, notes = read_placements(table(ROW | {column: text}))
    where = "uppehåll_från" if column in BEGINS else column
    assert (found, faults(notes)) == ({}, [f"2 {where}: {message}"])
    about = {} if column == "ärendenummer" else {"K1": 2}
    assert (notes.about, notes.unread) == (about, {"P1": 2})


@pytest.mark.parametrize("text", ["101", "50,5", "-1", "²"])
def test_a_share_of_a_pause_is_whole_per_cent(text: str) -> None:
    told = {"uppehåll_från": "2020-03-01", "uppehåll_procent": text}
    _, notes = read_placements(table(ROW | told))
    assert faults(notes) == [f"2 uppehåll_procent: ”{text}” {NO_PERCENT}"]
    _, notes = read_placements(
        table(ROW | told | {"uppehåll_procent": "", "uppehåll_plats": "kvar"})
    )
    assert faults(notes) == ["2 uppehåll_plats: Ange behålls eller lämnas."]


def test_a_row_without_number_is_about_its_person_or_nobody() -> None:
    unnamed = ROW | {"placeringsnummer": "", "ärendenummer": "K2"}
    found, notes = read_placements(table(ROW, unnamed, unnamed | {"ärendenummer": ""}))
    assert faults(notes) == [
        f"3 placeringsnummer: {EMPTY}",
        f"4 placeringsnummer: {EMPTY}",
    ]
    assert list(found) == ["P1"]
    assert (notes.about, notes.of_nobody, notes.unread) == ({"K2": 3}, (4,), {})


def test_a_fault_in_a_further_row_is_about_the_person_of_the_first() -> None:
    further = {"placeringsnummer": "P1", "plan_från": "2020-03-01", "måndag": "9"}
    other = ROW | {"placeringsnummer": "P2"}
    found, notes = read_placements(table(ROW, other, further))
    assert (list(found), faults(notes)) == (["P2"], [f"4 måndag: ”9” {NO_HOURS}"])
    assert (notes.about, notes.unread) == ({"K1": 4}, {"P1": 2})


def test_a_placement_that_never_was_has_no_end_to_pay_after() -> None:
    told = ROW | {"sista_dag": "2020-03-10", "avslutsorsak": "deceased"}
    never, ended = (
        read_placements(table(told | {"annullerad": text}))[0]["P1"]
        for text in ("JA", "nej")
    )
    assert (never.end, never.ended) == (never.start, None)
    assert (ended.end, ended.ended) == (date(2020, 3, 11), Ended("deceased", None))


def test_the_day_told_of_a_placement_that_never_was_is_read_and_not_used() -> None:
    told = ROW | {"annullerad": "ja", "uppsagd_dag": "2020-03-01"}
    found, notes = read_placements(table(told))
    assert (found["P1"].ended, notes.notes) == (None, ())
    found, notes = read_placements(table(told | {"uppsagd_dag": "i går"}))
    assert (found, faults(notes)) == ({}, [f"2 uppsagd_dag: ”i går” {NO_DAY}"])


PLANS = "En plan har 1, 2 eller 4 veckor, en rad för varje."
TWICE = "Planen står redan på en annan rad. Ta bort en."
WEEKS = {
    "two": ("12", []),
    "four": ("1234", []),
    "one left out": ("13", [f"2 vecka: {PLANS}"]),
    "three": ("123", [f"2 vecka: {PLANS}"]),
    "the second alone": ("2", [f"2 vecka: {PLANS}"]),
    "one twice": ("11", [f"3 plan_från: {TWICE}"]),
    "none such": ("15", ["3 vecka: ”5” ska vara 1, 2, 3 eller 4."]),
}


@pytest.mark.parametrize(("numbers", "expected"), WEEKS.values(), ids=WEEKS)
def test_a_plan_has_its_weeks_on_a_row_each(numbers: str, expected: list[str]) -> None:
    told = [ROW | {"måndag": "9-15", "vecka": number} for number in numbers]
    found, notes = read_placements(table(*told))
    assert faults(notes) == expected
    weeks = [len(one.plans[0].plan.weeks) for one in found.values()]
    assert weeks == ([] if expected else [len(numbers)])


@pytest.mark.parametrize("empty", ["1", "2"])
def test_a_week_without_times_is_a_week_of_the_plan(empty: str) -> None:
    told = {"1": "9-15", "2": "9-15"} | {empty: ""}
    lines = [ROW | {"vecka": number, "måndag": told[number]} for number in told]
    found, notes = read_placements(table(*lines))
    monday = date(2019, 12, 30)
    weeks = tuple(week(DAY if hours else None) for hours in told.values())
    plans = (PlanSpan.of(WeekPlan(monday, weeks), ROW_START),)
    assert (found["P1"].plans, notes.notes) == (plans, ())


def test_from_a_day_with_nothing_planned_the_plan_before_has_ended() -> None:
    none = {"placeringsnummer": "P1", "plan_från": "2020-03-16"}
    found, notes = read_placements(table(ROW | {"måndag": "9-15"}, none))
    turn = date(2020, 3, 16)
    plans = (
        PlanSpan.of(WeekPlan(date(2019, 12, 30), (week(DAY),)), ROW_START, turn),
        PlanSpan.of(WeekPlan(turn, (week(),)), turn),
    )
    assert (found["P1"].plans, notes.notes) == (plans, ())


def test_an_empty_week_that_stands_twice_is_refused() -> None:
    again = {"placeringsnummer": "P1", "vecka": "1"}
    found, notes = read_placements(table(ROW | {"måndag": "9-15"}, again))
    assert (found, faults(notes)) == ({}, [f"3 plan_från: {TWICE}"])


def test_a_placement_told_in_two_ways_is_refused() -> None:
    first = ROW | {
        "utförare": "Bolaget",
        "sista_dag": "2020-12-31",
        "betalas_från": "2020-01-02",
        "annullerad": "nej",
        "avslutsorsak": "flytt",
        "uppsagd_dag": "2020-11-30",
        "huvudplats": "nej",
    }
    _, notes = read_placements(table(first, {"placeringsnummer": "P1"}, first))
    assert notes.notes == ()
    other = dict.fromkeys(first, "annat") | {"placeringsnummer": "P1"}
    _, notes = read_placements(table(first, other))
    assert faults(notes) == [
        f"3 {column}: Placeringen står på rad 2 med ”{first[column]}”. Skriv lika, "
        "eller lämna rutan tom."
        for column in (
            *("ärendenummer", "enhet", "utförare", "regi", "första_dag", "sista_dag"),
            *("betalas_från", "annullerad", "avslutsorsak", "uppsagd_dag"),
            "huvudplats",
        )
    ]
    assert notes.about == {"annat": 3, "K1": 3}


@pytest.mark.parametrize(
    ("last", "then", "expected"),
    [
        ("2020-03-10", "2020-03-11", []),
        ("2020-03-10", "2020-03-10", [4]),
        ("", "2020-05-01", [4]),
    ],
    ids=["touch", "share a day", "open"],
)
def test_pauses_that_meet_are_refused(
    last: str, then: str, expected: list[int]
) -> None:
    later = {"placeringsnummer": "P1", "uppehåll_från": then}
    first = later | {"uppehåll_från": "2020-03-01", "uppehåll_till": last}
    late = later | {"uppehåll_från": "2019-12-01", "uppehåll_till": "2019-12-02"}
    _, notes = read_placements(table(ROW, first, later, late))
    why = "Uppehållet går in i det på rad 3. Rätta dagarna i den ena."
    assert faults(notes) == [f"{row} uppehåll_från: {why}" for row in expected]


LEVELS = "ärendenummer;nivå;första_dag;sista_dag;beslutsreferens;placeringsnummer"


def test_a_level_without_last_day_holds_until_the_next() -> None:
    levels, notes = read_levels(
        rows(
            LEVELS,
            "K1;3;2020-03-01;;B2;",
            "K1;2;2020-01-01;;;",
            "K1;4;2020-01-01;2020-12-31;B3;P2",
        )
    )
    first, turn = date(2020, 1, 1), date(2020, 3, 1)
    assert (levels, notes.notes) == (
        {
            ("K1", ""): (
                LevelSpan(first, turn, "2", "rad 3", "K1"),
                LevelSpan(turn, None, "3", "rad 2", "B2"),
            ),
            ("K1", "P2"): (LevelSpan(first, date(2021, 1, 1), "4", "rad 4", "B3"),),
        },
        (),
    )


OVERLAPS = "Nivån går in i det på rad 2. Rätta dagarna i den ena."


@pytest.mark.parametrize(
    ("row", "expected", "about"),
    [
        ("K1;3;2020-03-01;;;", [f"3 första_dag: {OVERLAPS}"], {"K1": 3}),
        ("K1;3;2020-03-02;;;", [], {}),
        ("K1;3;2020-01-01;;;", [f"3 första_dag: {OVERLAPS}"], {"K1": 3}),
        ("K2;;2020-03-01;;;", [f"3 nivå: {EMPTY}"], {"K2": 3}),
        (";3;2020-03-01;;;P1", [f"3 ärendenummer: {EMPTY}"], {}),
        ("K2;3;;2020-03-01;;", [f"3 första_dag: {EMPTY}"], {"K2": 3}),
        ("K2;3;2020-03-01;x;;", [f"3 sista_dag: ”x” {NO_DAY}"], {"K2": 3}),
    ],
)
def test_a_faulty_level_is_named(
    row: str, expected: list[str], about: dict[str, int]
) -> None:
    levels, notes = read_levels(rows(LEVELS, "K1;2;2020-01-01;2020-03-01;;", row))
    assert (faults(notes), notes.about) == (expected, about)
    assert notes.of_nobody == ((3,) if row.startswith(";") else ())
    assert set(levels) == {("K1", "")}


def test_two_open_levels_from_one_day_are_refused() -> None:
    _, notes = read_levels(rows(LEVELS, "K1;2;2020-01-01;;;", "K1;3;2020-01-01;;;"))
    assert faults(notes) == [f"3 första_dag: {OVERLAPS}"]


SUPPLEMENTS = (
    "placeringsnummer;tillägg;första_dag;sista_dag;belopp_kr;skäl;underlag;"
    "beslutsreferens"
)


def test_supplements_are_read_by_placement() -> None:
    found, notes = read_supplements(
        rows(
            SUPPLEMENTS,
            "P1;hsl;2020-01-01;2020-01-31;1 234,50;Skälet;Intyget;B1",
            "P1;resa;2020-02-01;;;;;",
        )
    )
    first, turn = date(2020, 1, 1), date(2020, 2, 1)
    assert (found, notes.notes) == (
        {
            "P1": (
                Supplement("hsl", first, turn, "B1", 123450, "Skälet", "Intyget"),
                Supplement("resa", turn, None, "rad 3", None, "", ""),
            )
        },
        (),
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (";hsl;2020-01-01;;;;;", f"placeringsnummer: {EMPTY}"),
        ("P1;;2020-01-01;;;;;", f"tillägg: {EMPTY}"),
        ("P1;hsl;;;;;;", f"första_dag: {EMPTY}"),
        (
            "P1;hsl;2020-01-01;;626.0000001;;;",
            f"belopp_kr: {NO_AMOUNT.format('626.0000001')}",
        ),
    ],
)
def test_a_faulty_supplement_is_named_and_left_out(row: str, message: str) -> None:
    found, notes = read_supplements(rows(SUPPLEMENTS, row))
    assert (found, faults(notes)) == ({}, [f"2 {message}"])
    named = row.split(";", maxsplit=1)[0]
    assert notes.about == ({named: 2} if named else {})


def test_decisions_and_contracts_are_periods_with_their_last_day() -> None:
    head = "ärendenummer;beslutsreferens;första_dag;sista_dag"
    spans = (
        Span(date(2020, 1, 1), date(2020, 2, 1)),
        Span(date(2020, 2, 3), date(2020, 2, 4)),
        Span(date(2020, 3, 1), None),
    )
    days = "2020-01-01;2020-01-31", "2020-02-03;2020-02-03", "2020-03-01;"
    decisions = read_decisions(rows(head, *(f"K1;B;{span}" for span in days)))
    assert decisions == ({"K1": spans}, Notes(()))
    contracts = read_contracts(
        rows("enhet;första_dag;sista_dag", *(f"E1;{span}" for span in days))
    )
    assert contracts == ({"E1": spans}, Notes(()))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (";2020-01-01;", f"{{}}: {EMPTY}"),
        ("1;;", f"första_dag: {EMPTY}"),
        ("1;2020-01-01;x", f"sista_dag: ”x” {NO_DAY}"),
        (
            "1;2020-01-02;2020-01-01",
            "sista_dag: Sista dagen 2020-01-01 är före första dagen 2020-01-02.",
        ),
    ],
)
@pytest.mark.parametrize(
    ("read", "key"), [(read_decisions, "ärendenummer"), (read_contracts, "enhet")]
)
def test_a_faulty_period_is_named_and_left_out(
    read: Callable[[Rows], tuple[object, Notes]], key: str, row: str, message: str
) -> None:
    head = f"{key};första_dag;sista_dag;beslutsreferens"
    found, notes = read(rows(head, f"{row};B1"))
    assert (found, faults(notes)) == ({}, [f"2 {message.format(key)}"])
    about = {"1": 2} if row.startswith("1") else {}
    assert (notes.about, notes.of_nobody) == (about, () if about else (2,))


def test_what_must_be_in_a_heading_is_named() -> None:
    missing = "Kolumnen ”{}” saknas. Lägg till den."
    needed = {
        read_placements: (
            *("placeringsnummer", "ärendenummer", "enhet", "regi", "första_dag"),
        ),
        read_levels: ("ärendenummer", "nivå", "första_dag"),
        read_supplements: ("placeringsnummer", "tillägg", "första_dag"),
        read_decisions: ("ärendenummer", "beslutsreferens", "första_dag"),
        read_contracts: ("enhet", "första_dag"),
        read_closed: ("dag",),
    }
    for read, names in needed.items():
        _, notes = read([["namn"]])
        assert faults(notes) == [f"1 {name}: {missing.format(name)}" for name in names]


def test_a_closed_day_without_unit_is_everybodys() -> None:
    days, notes = read_closed(
        rows(
            "dag;enhet;namn",
            "2020-12-24;;Julafton",
            "2020-12-23;Enheten;",
            "2020-12-22;Enheten;",
            "snart;;",
            ";Enheten;",
        )
    )
    assert days == {
        "": {date(2020, 12, 24)},
        "Enheten": {date(2020, 12, 23), date(2020, 12, 22)},
    }
    assert faults(notes) == [f"5 dag: ”snart” {NO_DAY}", f"6 dag: {EMPTY}"]
    assert (notes.about, notes.of_nobody, notes.unused) == ({"Enheten": 6}, (5,), ())


def attended(*cells: str, closed: tuple[date, ...] = ()) -> str:
    """March 2020 with what the first days say; the rest is left empty."""
    head = ["placeringsnummer", "månad", *(str(day) for day in range(1, 32))]
    found, notes = read_attendance([head, ["P1", "2020-03", *cells]], MARCH)
    assert not notes.notes
    return attendance_of(found["P1", MARCH], MARCH, PLACE, closed).codes


def test_what_is_left_empty_is_not_reported_and_never_attended() -> None:
    assert attended("", "N", "", "A 9-12") == "-N?N??--?????--?????--?????--??"
    assert attended(*("n" for _ in range(31))) == "N" * 31


def test_a_closed_day_left_empty_is_closed() -> None:
    days = date(2020, 3, 1), date(2020, 3, 3), date(2020, 3, 4)
    assert attended("", "", "", "N", closed=days)[:5] == "-?KN?"
    assert attended("", "", "A 9-12", closed=days)[:5] == "-?KK?"


MONTHS = "placeringsnummer;månad;2;3;rapporterad_dag"
DAYS = "placeringsnummer;dag;kod;från;till;anmäld;rapporterad_dag"


def test_day_rows_and_month_rows_say_the_same() -> None:
    days = rows(
        DAYS,
        "P1;2020-03-02;n;;;;",
        "P1;2020-03-02;a;12:00;15:00;;2020-04-02",
        "P1;2020-03-02;s;8:30;12;;2020-04-01",
        "P1;2020-03-03;-;;;;",
        "P2;2020-02-29;X;9;15;;",
    )
    months = rows(
        MONTHS.replace("2;3", "2;3;29"),
        "P1;2020-03;N, a 12-15 ,S 8:30-12;-;;2020-04-02",
        "P2;2020-02-01;;;X 9-15;",
    )
    found, notes = read_attendance(days, MARCH)
    assert found == read_attendance(months, MARCH)[0]
    assert (set(found), notes.notes) == (
        {("P1", MARCH), ("P2", MARCH.previous)},
        (),
    )
    told = found["P1", MARCH]
    assert (told.codes, told.reported) == ({2: "N", 3: "-"}, date(2020, 4, 2))
    assert told.parts == {2: (Part("S", 510, 720), Part("A", 720, 900))}
    assert found["P2", MARCH.previous].reported is None


LETTERS_KNOWN = "- ? A K L N O P S U X"
ATTENDANCE = {
    "a day that the month does not have": (
        "placeringsnummer;månad;29;30",
        "P1;2020-02;N;N",
        "30: 2020-02 har 29 dagar. Töm rutan.",
    ),
    "no such code": (
        MONTHS,
        "P1;2020-02;Z;",
        f"2: ”Z” är ingen kod. Välj bland {LETTERS_KNOWN}.",
    ),
    "two codes": (MONTHS, "P1;2020-02;;N,A", "3: Dag 3 står redan med N. Ta bort en."),
    "times that are none": (
        MONTHS,
        "P1;2020-02;A 15-12;",
        "2: ”A 15-12” går inte att läsa. Skriv som A 12-15.",
    ),
    "a part of what is not reported": (
        MONTHS,
        "P1;2020-02;? 9-12;",
        "2: ”? 9-12” går inte att läsa. Skriv som A 12-15.",
    ),
    "parts that meet": (
        MONTHS,
        "P1;2020-02;A 9-12, S 11-13;",
        "2: Två delar av dag 2 har samma timmar. Rätta den ena.",
    ),
    "parts that meet the other way": (
        MONTHS,
        "P1;2020-02;A 9-12, S 8-10;",
        "2: Två delar av dag 2 har samma timmar. Rätta den ena.",
    ),
    "no month": (
        MONTHS,
        "P1;feb 2020;N;",
        "månad: ”feb 2020” är inte en månad. Skriv till exempel 2026-11.",
    ),
    "more than a month": (
        MONTHS,
        "P1;2020-02 ny;N;",
        "månad: ”2020-02 ny” är inte en månad. Skriv till exempel 2026-11.",
    ),
    "month left out": (MONTHS, "P1;;N;", f"månad: {EMPTY}"),
    "number left out": (MONTHS, ";2020-02;N;", f"placeringsnummer: {EMPTY}"),
    "a later month": (
        MONTHS,
        "P1;2020-04;N;",
        "månad: Raden gäller 2020-04, efter månaden som räknas, 2020-03.",
    ),
    "reported on no day": (
        MONTHS,
        "P1;2020-03;N;;i tid",
        f"rapporterad_dag: ”i tid” {NO_DAY}",
    ),
    "a later day": (
        DAYS,
        "P1;2020-04-01;N;;;;",
        "dag: Raden gäller 2020-04, efter månaden som räknas, 2020-03.",
    ),
    "no day": (DAYS, "P1;mars;N;;;;", f"dag: ”mars” {NO_DAY}"),
    "day left out": (DAYS, "P1;;N;;;;", f"dag: {EMPTY}"),
    "code left out": (DAYS, "P1;2020-03-02;;9;12;;", f"kod: {EMPTY}"),
    "number left out of a day": (
        DAYS,
        ";2020-03-02;N;;;;",
        f"placeringsnummer: {EMPTY}",
    ),
    "a day reported on no day": (
        DAYS,
        "P1;2020-03-02;N;;;;x",
        f"rapporterad_dag: ”x” {NO_DAY}",
    ),
    "from without to": (
        DAYS,
        "P1;2020-03-02;a;9;;;",
        "kod: ”A 9-” går inte att läsa. Skriv som A 12-15.",
    ),
    "to without from": (
        DAYS,
        "P1;2020-03-02;a;;12;;",
        "kod: ”A -12” går inte att läsa. Skriv som A 12-15.",
    ),
    **{
        f"told wrongly over {hours}": (
            DAYS,
            f"P1;2020-03-02;A;{hours};{text};",
            f"anmäld: ”{text}” är ingen tid. Skriv som 2026-03-05 14:30.",
        )
        for hours, text in {
            "9;12": "i går",
            "9;15": "2020-03-01",
            ";": "2020-02-30 14:30",
            "9;13": "2020-W10-1 14:30",
            "9;14": "2020-03-01 14:30Z",
            "10;14": "2020-03-01 25:00",
        }.items()
    },
    **{
        f"told of {code} {hours}": (
            DAYS,
            f"P1;2020-03-02;{code};{hours};{at};",
            f"anmäld: {code} anmäls inte, bara A O S. Töm rutan eller ändra kod.",
        )
        for code in "NXLKPU"
        for hours, at in {";": "2020-03-01 14:30", "9;12": "i går"}.items()
    },
    **{
        f"told of {code}": (
            DAYS,
            f"P1;2020-03-02;{code};;;2020-03-01 14:30;",
            f"anmäld: {code} anmäls inte, bara A O S. Töm rutan eller ändra kod.",
        )
        for code in "-?"
    },
    "told of no such code": (
        DAYS,
        "P1;2020-03-02;Z;;;2020-03-01 14:30;",
        f"kod: ”Z” är ingen kod. Välj bland {LETTERS_KNOWN}.",
    ),
}


@pytest.mark.parametrize(
    ("head", "row", "message"), ATTENDANCE.values(), ids=ATTENDANCE
)
def test_attendance_that_cannot_be_right_is_named(
    head: str, row: str, message: str
) -> None:
    found, notes = read_attendance(rows(head, row), MARCH)
    assert faults(notes) == [f"2 {message}"]
    assert notes.about == ({"P1": 2} if row.startswith("P1") else {})
    assert ("", MARCH) not in found
    assert all(month <= MARCH for _, month in found)


def test_a_month_or_a_day_that_stands_twice_is_refused() -> None:
    row = "P1;2020-03;N;;"
    found, notes = read_attendance(rows(MONTHS, row, row.replace("N", "A")), MARCH)
    why = "Placeringens månad står redan på en annan rad. Ta bort en."
    assert faults(notes) == [f"3 månad: {why}"]
    assert found["P1", MARCH].codes == {2: "N"}
    day = "P1;2020-03-02;N;;;;"
    found, notes = read_attendance(rows(DAYS, day, day.replace("N", "A")), MARCH)
    assert faults(notes) == ["3 kod: Dag 2 står redan med N. Ta bort en."]
    assert found["P1", MARCH].codes == {2: "N"}


def test_what_attendance_must_have_in_its_heading_is_named() -> None:
    told = {
        ("x",): ["placeringsnummer", "månad"],
        ("månad", "dag"): ["placeringsnummer", "kod"],
        (" Dag ", "kod", "från"): ["placeringsnummer"],
    }
    for head, missing in told.items():
        _, notes = read_attendance([list(head)], MARCH)
        assert faults(notes) == [
            f"1 {name}: Kolumnen ”{name}” saknas. Lägg till den." for name in missing
        ]
    _, notes = read_attendance(rows(f"{MONTHS};anmäld;32"), MARCH)
    assert notes.unused == ("anmäld", "32")
    assert read_attendance(rows(f"{DAYS};månad"), MARCH)[1].unused == ("månad",)


TOLD = datetime.fromisoformat("2020-03-01 14:30")
DAY_OF_PARTS: dict[str, tuple[list[str], list[Part]]] = {
    "a whole day": (["S;;"], [Part("S", 540, 900, TOLD)]),
    "a part": (["A;9;12"], [Part("A", 540, 720, TOLD)]),
    "what parts leave of the day": (
        ["N;9:30;11", "X;15;17", "O;;", "X;8;9:30", "A;12;13"],
        [
            Part("X", 480, 570),
            Part("N", 570, 660),
            Part("O", 660, 720, TOLD),
            Part("A", 720, 780, TOLD),
            Part("O", 780, 900, TOLD),
            Part("X", 900, 1020),
        ],
    ),
}


@pytest.mark.parametrize(("told", "parts"), DAY_OF_PARTS.values(), ids=DAY_OF_PARTS)
@pytest.mark.parametrize("at", ["2020-03-01 14:30", "2020-03-01T14:30:00"])
def test_when_an_absence_was_told_is_kept_with_the_hours_that_it_was(
    told: list[str], parts: list[Part], at: str
) -> None:
    lines = [f"P1;2020-03-02;{one};{at if one[0] in 'AOS' else ''};" for one in told]
    found, notes = read_attendance(rows(DAYS, *lines), MARCH)
    known = attendance_of(found["P1", MARCH], MARCH, PLACE, ())
    assert (notes.notes, known.parts) == ((), {2: tuple(parts)} if parts else {})


def test_a_day_that_is_not_planned_has_no_hours_to_tell_of() -> None:
    lines = rows(DAYS, "P1;2020-03-01;A;;;2020-03-01 14:30;2020-04-02")
    found, _ = read_attendance(lines, MARCH)
    known = attendance_of(found["P1", MARCH], MARCH, PLACE, ())
    assert (known.codes[0], known.parts, known.reported) == (
        "A",
        {},
        date(2020, 4, 2),
    )


@pytest.mark.parametrize(("before", "kept"), [("N;;;", {}), (f"A;;;{TOLD}", {2: TOLD})])
def test_what_a_faulty_row_says_of_notice_is_not_kept(
    before: str, kept: dict[int, datetime]
) -> None:
    days = [f"P1;2020-03-02;{what};" for what in (before, "S;;;2020-03-01 16:00")]
    found, notes = read_attendance(rows(DAYS, *days), MARCH)
    assert [note.column for note in notes.notes] == ["kod"]
    told = found["P1", MARCH]
    assert (told.told, told.told_on) == (kept, dict.fromkeys(kept, 2))


VAIN: dict[str, tuple[list[str], list[tuple[int, int]]]] = {
    "a planned day": (["2;A;;"], []),
    "a part of one": (["2;A;9;12"], []),
    "a part of an attended day": (["2;N;;", "2;A;9;12"], []),
    "days that are not planned": (["1;A;;", "7;S;9;12"], [(2, 1), (3, 7)]),
    "a part of a day off": (["2;-;;", "2;O;9;12"], [(3, 2)]),
    "a part of a day attended outside the plan": (["1;X;;", "1;O;9;12"], []),
    "a day with all its hours told": (["2;A;;", "2;N;8;15"], [(2, 2)]),
    "a day twice": (["1;S;9;12", "1;A;12;15"], [(2, 1)]),
}


@pytest.mark.parametrize(("told", "vain"), VAIN.values(), ids=VAIN)
def test_absence_told_of_a_day_without_hours_is_found(
    told: list[str], vain: list[tuple[int, int]]
) -> None:
    at = "2020-02-28 09:00"
    lines = [f"P1;2020-03-0{one};{at if one[2] in 'AOS' else ''};" for one in told]
    found, notes = read_attendance(rows(DAYS, *lines), MARCH)
    expected = [(row, date(2020, 3, day)) for row, day in vain]
    assert notes.notes == ()
    assert list(told_in_vain(found["P1", MARCH], MARCH, PLACE)) == expected


@pytest.mark.parametrize(
    ("start", "end", "is_found"),
    [
        (date(2020, 3, 7), date(2020, 3, 8), True),
        (date(2020, 3, 8), None, False),
        (date(2020, 1, 1), date(2020, 3, 7), False),
        (date(2020, 3, 7), date(2020, 3, 7), False),
    ],
    ids=["the day alone", "begins after", "ended before", "annulled"],
)
def test_what_is_told_of_days_outside_the_placement_counts_for_nothing(
    start: date, end: date | None, *, is_found: bool
) -> None:
    lines = rows(DAYS, "P1;2020-03-07;A;;;2020-03-01 14:30;")
    told = read_attendance(lines, MARCH)[0]["P1", MARCH]
    placed = PLACE._replace(start=start, end=end)
    expected = [(2, date(2020, 3, 7))] if is_found else []
    assert list(told_in_vain(told, MARCH, placed)) == expected


def test_months_do_not_read_when_absence_was_told() -> None:
    lines = rows(f"{MONTHS};anmäld", "P1;2020-03;N, A 9-12;;;2020-03-01 14:30")
    found, notes = read_attendance(lines, MARCH)
    assert (notes.notes, notes.unused) == ((), ("anmäld",))
    assert found["P1", MARCH].parts == {2: (Part("A", 540, 720),)}


def texts(entry: Entry) -> list[str]:
    return [str(value) for value in as_row(entry, PLACE)]


def booked(entry: Entry, **changed: str) -> tuple[Sequence[Entry], Notes]:
    told = dict(zip(BOOKED_COLUMNS, texts(entry), strict=True)) | changed
    return read_booked([list(told), list(told.values())])


def known_line() -> Line:
    [line] = due(placement("P1")).lines
    cells = tuple(f"rad {ref}" for ref in line.cells)
    told = line._replace(levels=("rad 2", "rad 3"), decisions=("B 1", "B 2"))
    return _line(told, cells=cells)


def _line(known: Line, **told: object) -> Line:
    return known._replace(priced=replace(known.priced, **told))


def test_a_line_is_written_with_everything_that_made_it() -> None:
    line = known_line()
    told = dict(zip(BOOKED_COLUMNS, texts(Entry("7", MARCH, line)), strict=True))
    assert told == {
        "rad": "7",
        "bokföringsperiod": "2020-03",
        "avser_period": "2020-03",
        "utförare": "Bolaget",
        "enhet": "Enheten",
        "placeringsnummer": "P1",
        "ärendenummer": "K1",
        "radtyp": "ersättning",
        "rättar_rad": "",
        "slag": "place",
        "första_dag": "2020-03-01",
        "sista_dag": "2020-03-31",
        "nivå": "2",
        "omfattning": "heltid",
        "regi": "extern",
        "prisenhet": "dag",
        "à_pris_kr": "626.00",
        "hundradelar": "2200",
        "av_dagar": "1",
        "andel_procent": "100",
        "avrundning_öre": "1",
        "dagar": "22",
        "belopp_kr": "13772.00",
        "räknade": "N:22",
        "beslut": "B 1 | B 2",
        "nivåer": "rad 2 | rad 3",
        "prisrader": "rad 5",
        "regler": "planerade dagar minus obetald frånvaro",
        "förklaring": told["förklaring"],
    }
    assert told["förklaring"].startswith(
        "Perioden 2020-03-01 till och med 2020-03-31. Nivå 2, heltid, extern regi"
    )
    kinds = [
        Entry("8", MARCH.next, line).kind,
        Entry("8", MARCH.next, line, "7").kind,
        Entry("8", MARCH, line, "7").kind,
    ]
    assert kinds == ["rättelse", "återföring", "återföring"]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"unit": "month", "cells": (), "rules": ("regel 1", "regel 2")},
        {"unit": "hour", "level": "", "extent_class": "", "counted": ""},
        {"unit": "schablon", "kind": "after_end"},
        {"unit": "piece", "kind": "supplement:hsl"},
        {"unit": "amount", "kind": "vat"},
    ],
)
@pytest.mark.parametrize("corrects", ["", "3"])
def test_an_entry_is_read_back_as_it_was(
    told: dict[str, object], corrects: str
) -> None:
    entry = Entry("7", MARCH.next, _line(known_line(), **told), corrects)
    found, notes = booked(entry)
    assert (found, notes) == ((entry,), Notes(()))
    [one] = standing_of(found)
    assert (one.ref, one.line, one.corrects) == ("7", entry.line, corrects or None)


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
    told = {"price": price, "hundredths": hundredths, "of": of, "share": share}
    amount = amount_of(price, hundredths, of, share, rounding)
    line = _line(known_line(), **told, rounding=rounding, amount=amount)
    found, notes = booked(Entry("1", MARCH, line))
    assert (found, notes.notes) == ((Entry("1", MARCH, line),), ())


UNITS = "Ange dag, månad, timme, schablonmånad, gång eller belopp."
OTHER_AMOUNT = (
    "Raden räknas till 13\xa0772,00\xa0kr men säger 1,00\xa0kr. Ta in filen som den "
    "skrevs."
)
AT_LEAST = "av_dagar: Delaren och avrundningen ska vara minst 1."
BOOKED = [
    ("rad", "", f"rad: {EMPTY}"),
    ("bokföringsperiod", "", f"bokföringsperiod: {EMPTY}"),
    (
        "bokföringsperiod",
        "mars",
        "bokföringsperiod: ”mars” är inte en månad. Skriv till exempel 2026-11.",
    ),
    ("avser_period", "", f"avser_period: {EMPTY}"),
    ("placeringsnummer", "", f"placeringsnummer: {EMPTY}"),
    ("slag", "", f"slag: {EMPTY}"),
    ("regi", "", f"regi: {EMPTY}"),
    ("första_dag", "x", f"första_dag: ”x” {NO_DAY}"),
    ("sista_dag", "x", f"sista_dag: ”x” {NO_DAY}"),
    ("sista_dag", "", f"sista_dag: {EMPTY}"),
    ("prisenhet", "vecka", f"prisenhet: {UNITS}"),
    ("prisenhet", "", f"prisenhet: {UNITS}"),
    ("à_pris_kr", "x", f"à_pris_kr: {NO_AMOUNT.format('x')}"),
    ("belopp_kr", "1,234", f"belopp_kr: {NO_AMOUNT.format('1,234')}"),
    ("hundradelar", "2200,5", "hundradelar: ”2200,5” ska vara ett helt tal."),
    ("dagar", "²", "dagar: ”²” ska vara ett helt tal."),
    ("andel_procent", "--1", "andel_procent: ”--1” ska vara ett helt tal."),
    ("av_dagar", "0", AT_LEAST),
    ("avrundning_öre", "0", AT_LEAST),
    (
        "belopp_kr",
        "1,00",
        f"belopp_kr: {OTHER_AMOUNT}",
    ),
]


@pytest.mark.parametrize(("column", "text", "message"), BOOKED)
def test_a_faulty_booked_row_is_named_and_left_out(
    column: str, text: str, message: str
) -> None:
    found, notes = booked(Entry("7", MARCH, known_line()), **{column: text})
    assert (found, faults(notes)) == ((), [f"2 {message}"])
    about = {} if column == "placeringsnummer" else {"P1": 2}
    assert (notes.about, notes.of_nobody) == (about, () if about else (2,))


def test_units_and_months_are_read_as_excel_may_have_changed_them() -> None:
    entry = Entry("7", MARCH, known_line())
    changed = {"prisenhet": "DAG", "avser_period": "2020-03-01", "à_pris_kr": "626"}
    assert booked(entry, **changed)[0] == (entry,)


def test_what_booked_rows_must_have_in_their_heading_is_named() -> None:
    _, notes = read_booked([["utförare", "förklaring", "ny"]])
    left_out = {"utförare", "enhet", "ärendenummer", "radtyp", "förklaring"}
    assert [note.column for note in notes.notes] == [
        name for name in BOOKED_COLUMNS if name not in left_out
    ]
    assert notes.unused == ("ny",)
