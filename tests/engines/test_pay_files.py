"""Placements, levels and periods from rows: each fault by row and column."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from payments import (
    Ended,
    Hours,
    LevelSpan,
    Pause,
    PlanSpan,
    Span,
    Supplement,
    WeekPlan,
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
from tests.engines.pay_rows import EMPTY, NO_AMOUNT, NO_DAY, Rows, faults, rows

ROW = {
    "placeringsnummer": "P1",
    "ärendenummer": "K1",
    "enhet": "Enheten",
    "regi": "extern",
    "första_dag": "2020-01-01",
}
ROW_START = date(2020, 1, 1)
DAY, SHORT = Hours(540, 900), Hours(510, 720)


def table(*told: Mapping[str, str]) -> Rows:
    """A heading of all the columns that are told, and a row each."""
    head = list(dict.fromkeys(name for row in told for name in row))
    return [head, *([row.get(name, "") for name in head] for row in told)]


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


NO_HOURS = "är inga tider. Skriv till exempel 9-15."
NO_PERCENT = "ska vara hela procent, 0 till 100."
YES_NO = "Ange nej eller ja."
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
