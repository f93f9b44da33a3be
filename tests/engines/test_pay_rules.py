"""Rules and prices as data: read whole, refused by name, in force as decided."""

import json
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from payments import (
    Expected,
    Extent,
    Month,
    PaymentError,
    in_force,
    in_kronor,
    known_rules,
    kronor,
    ore,
    read_price_rows,
    read_rules,
    rounded,
)
from payments.errors import (
    BadRule,
    MissingRate,
    NoExtentClass,
    NotAMonth,
    NotAnAmount,
)
from payments.rulesets import NAMES, shipped
from tests.engines.payfacts import GOTEBORG, TYRESO, price_list, rows_of


def table(name: str = "tyreso-2020") -> dict:
    return json.loads((files("payments.rulesets") / f"{name}.json").read_text())


def test_every_rule_set_that_ships_can_be_read() -> None:
    shipped_files = {p.name for p in files("payments.rulesets").iterdir()}
    assert {f"{name}.json" for name in NAMES} <= shipped_files
    assert [shipped(name).name for name in NAMES] == ["Göteborg 2023", "Tyresö 2020"]


@pytest.mark.parametrize(
    ("hours", "name"),
    [
        ("5", "deltid 1"),
        ("18", "deltid 1"),
        ("19", "deltid 2"),
        ("32", "deltid 2"),
        ("33", "heltid"),
        ("60", "heltid"),
    ],
)
def test_goteborgs_classes_hold_their_bounds(hours: str, name: str) -> None:
    assert GOTEBORG.extent_class(Extent(20, int(hours) * 240)) == name


@pytest.mark.parametrize("minutes", [0, 299, 1110, 1979], ids=str)
def test_hours_in_no_class_are_refused(minutes: int) -> None:
    with pytest.raises(NoExtentClass):
        GOTEBORG.extent_class(Extent(20, minutes * 4))


@pytest.mark.parametrize(
    ("days", "name"), [(20, "heltid"), (16, "halvtid"), (12, "halvtid"), (4, "deltid")]
)
def test_tyresos_classes_are_by_planned_days_a_week(days: int, name: str) -> None:
    assert TYRESO.extent_class(Extent(days, days * 360)) == name


def test_a_plan_of_two_and_three_days_by_turns_is_in_no_class() -> None:
    with pytest.raises(NoExtentClass, match=r"2,5 planerade dagar"):
        TYRESO.extent_class(Extent(10, 3600))


def test_an_open_bound_does_not_belong_to_its_class() -> None:
    changed = table()
    changed["extent"]["classes"] = [
        {"name": "lite", "from": "1", "below": "3"},
        {"name": "mycket", "from": "3"},
    ]
    assert read_rules(changed).extent_class(Extent(12, 0)) == "mycket"
    changed["extent"]["classes"][1] = {"name": "mycket", "above": "3"}
    with pytest.raises(NoExtentClass):
        read_rules(changed).extent_class(Extent(12, 0))


CHANGES = {
    "a number that is no text": {"pause_share": 50},
    "a share above a hundred": {"pause_share": "101"},
    "an unknown basis": {"basis": "week"},
    "an unknown field": {"surprise": "1"},
    "a first day inside a month": {"first_day": "2020-01-02"},
    "a day that does not exist": {"first_day": "2020-13-01"},
    "an instant without zone": {"decided_at": "2020-01-01T00:00:00"},
    "no revision": {"revision": "0"},
    "an empty name": {"name": " "},
    "a rounding of its own": {"rounding": "0.5"},
    "attendance with a month price": {"basis": "month"},
    "no report with a day price": {"not_reported": "not_needed"},
    "no classes": {"extent": {"measure": "planned_days_a_week", "classes": []}},
    "an extent that is no table": {"extent": "heltid"},
    "classes that overlap": {
        "extent": {
            "measure": "planned_days_a_week",
            "classes": [
                {"name": "a", "from": "1", "to": "3"},
                {"name": "b", "from": "3"},
            ],
        }
    },
    "a class with a name too long to keep": {
        "extent": {
            "measure": "planned_days_a_week",
            "classes": [{"name": "a" * 41, "from": "1"}],
        }
    },
    "a class that goes backwards": {
        "extent": {
            "measure": "planned_days_a_week",
            "classes": [{"name": "a", "from": "3", "to": "1"}],
        }
    },
    "a class that holds nothing": {
        "extent": {
            "measure": "planned_days_a_week",
            "classes": [{"name": "a", "above": "5", "below": "5"}],
        }
    },
    "a class with two lower bounds": {
        "extent": {
            "measure": "planned_days_a_week",
            "classes": [{"name": "a", "from": "3", "above": "1"}],
        }
    },
    "a class without lower bound": {
        "extent": {
            "measure": "planned_days_a_week",
            "classes": [{"name": "a", "to": "3"}],
        }
    },
    "absence that is no list": {"absence": {"effect": "closed"}},
    "an effect without row": {"absence": []},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_rules_that_cannot_be_right_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadRule):
        read_rules(table() | change)


@pytest.mark.parametrize(
    "row",
    [
        {"effect": "closed", "from": "2", "share": "0"},
        {"effect": "closed", "to": "2", "share": "0"},
        {"effect": "attended", "from": "1", "to": "2", "share": "0"},
        {"effect": "planning_day", "share": "50"},
    ],
    ids=["gap before", "gap after", "attendance counted", "overlap"],
)
def test_absence_days_have_no_gap_and_no_overlap(row: list[str]) -> None:
    changed = table()
    kept = [r for r in changed["absence"] if r["effect"] != "closed"]
    with pytest.raises(BadRule):
        read_rules(changed | {"absence": [*kept, row]})


def test_rows_of_a_group_count_alike() -> None:
    changed = table()
    changed["absence"][0]["counting"] = "calendar_days"
    with pytest.raises(BadRule, match="räknar på olika sätt"):
        read_rules(changed)


def test_rows_of_an_effect_count_together() -> None:
    changed = table()
    changed["absence"][1] |= {"group": "other", "restart": "month"}
    with pytest.raises(BadRule, match="olika group"):
        read_rules(changed)


def test_a_missing_field_is_named() -> None:
    changed = table()
    del changed["rounding"]
    with pytest.raises(BadRule, match="rounding saknas"):
        read_rules(changed)


def test_the_rules_in_force_are_the_latest_known() -> None:
    later = table() | {"revision": "2", "decided_at": "2020-06-01T00:00:00+00:00"}
    later |= {"name": "rättade"}
    sets = [shipped("tyreso-2020"), read_rules(later)]
    march, june = (datetime(2020, m, 2, tzinfo=UTC) for m in (3, 6))
    assert known_rules(sets, date(2020, 3, 1), march).name == "Tyresö 2020"
    assert known_rules(sets, date(2020, 3, 1), june).name == "rättade"
    assert known_rules(sets, date(2019, 12, 1), june) is None


def test_a_later_first_day_ends_the_list_before() -> None:
    lists = [
        price_list("tyreso-2020.csv", date(2020, 1, 1)),
        price_list("tyreso-2020.csv", date(2020, 4, 1)),
    ]
    one, other = in_force(lists, datetime(2020, 1, 1, tzinfo=UTC))
    assert (one.end, other.start, other.end) == (date(2020, 4, 1),) * 2 + (None,)
    with pytest.raises(MissingRate):
        one.cell("6", "heltid", "extern")


def test_all_the_published_cells_are_read_as_printed() -> None:
    tyreso = read_price_rows(rows_of("tyreso-2020.csv"))
    goteborg = read_price_rows(rows_of("goteborg-2023.csv"))
    assert (len(tyreso.cells), len(goteborg.cells)) == (30, 21)
    assert [cell.amount for cell in goteborg.cells].count(1711600) == 2
    assert goteborg.first_day == date(2023, 4, 1)


def test_five_of_tyresos_twenty_part_time_cells_break_the_pattern() -> None:
    read = read_price_rows(rows_of("tyreso-2020.csv"))
    part_time = [cell for cell in read.cells if cell.extent_class != "heltid"]
    assert (len(part_time), len(read.warnings)) == (20, 5)
    odd = {
        (read.cells[w.row - 2].level, read.cells[w.row - 2].regi) for w in read.warnings
    }
    assert odd == {("2", "extern"), ("2", "intern"), ("4", "intern"), ("5", "intern")}
    assert "70 % av heltid ger 438,00" in read.warnings[0].message.replace(
        "\N{NO-BREAK SPACE}", " "
    )


HEADER = ["nivå", "omfattning", "regi", "belopp_kr", "enhet", "giltig_från"]
ROW = ["1", "heltid", "alla", "439,50", "dygn", "2020-01-01"]


def put(**texts: str) -> list[str]:
    return [texts.get(name, text) for name, text in zip(HEADER, ROW, strict=True)]


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("nivå", put(nivå="9")),
        ("nivå", put(nivå="")),
        ("omfattning", put(omfattning="")),
        ("regi", put(regi="egen")),
        ("belopp_kr", put(belopp_kr="fyra")),
        ("belopp_kr", put(belopp_kr="1.234,50")),
        ("belopp_kr", put(belopp_kr="439,505")),
        ("belopp_kr", put(belopp_kr="-1")),
        ("belopp_kr", put(belopp_kr="0")),
        ("enhet", put(enhet="år")),
        ("giltig_från", put(nivå="2", giltig_från="1/1")),
        ("nivå", ROW),
    ],
)
def test_a_row_that_is_wrong_is_named_by_row_and_column(
    column: str, row: list[str]
) -> None:
    read = read_price_rows([HEADER, ROW, row], Expected(levels=["1", "2"]))
    found = [(note.row, note.column) for note in read.errors if note.row > 1]
    assert found == [(3, column)]


def test_every_fault_of_a_row_is_told_at_once() -> None:
    read = read_price_rows([HEADER, ["", "", "", "", "", "x"]])
    assert [note.column for note in read.errors] == [
        "nivå",
        "omfattning",
        "regi",
        "enhet",
        "belopp_kr",
        "giltig_från",
    ]


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([], "nivå"),
        ([HEADER[:3], ROW[:3]], "belopp_kr"),
        ([[*HEADER, "nivå"], [*ROW, "2"]], "nivå"),
        ([HEADER], "nivå"),
        ([HEADER, ROW, put(nivå="2", giltig_från="2020-02-01")], "giltig_från"),
        ([HEADER, ROW, put(nivå="2", enhet="månad")], "enhet"),
        ([HEADER, ROW, put(regi="extern")], "regi"),
    ],
    ids=["empty", "missing", "twice", "no rows", "two days", "units", "regi"],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(
    rows: list[list[str]], column: str
) -> None:
    assert column in {note.column for note in read_price_rows(rows).errors}


def test_a_gap_in_the_list_is_an_error() -> None:
    rows = [HEADER, ROW, put(nivå="2"), put(nivå="2", omfattning="deltid")]
    [error] = read_price_rows(rows).errors
    assert "nivå 1, deltid, alla" in error.message
    assert len(read_price_rows([HEADER, ROW], Expected(levels=["1", "2"])).errors) == 1


def test_levels_of_other_versions_may_have_prices_beside_those_that_must() -> None:
    rows = [HEADER, ROW, put(nivå="0")]
    expected = Expected(levels=["1"], also=["0"])
    assert not read_price_rows(rows, expected).errors
    [error] = read_price_rows([HEADER, put(nivå="0")], expected).errors
    assert "Pris saknas för nivå 1" in error.message


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (put(omfattning="Heltid"), "omfattning", "”Heltid” finns inte"),
        (put(enhet="månad"), "enhet", "räknar per dag"),
        (put(), "belopp_kr", "Pris saknas för nivå 1, deltid"),
    ],
    ids=["class", "unit", "missing class"],
)
def test_a_list_must_fit_the_payment_rules(
    row: list[str], column: str, words: str
) -> None:
    expected = Expected(classes=["heltid", "deltid"], basis="day")
    [error] = read_price_rows([HEADER, row], expected).errors
    assert error.column == column
    assert words in error.message


def test_the_warning_names_the_lists_own_largest_class() -> None:
    rows = [HEADER]
    for level, whole, part in (("1", 1000, 250), ("2", 2000, 500), ("3", 3000, 757)):
        rows.append(put(nivå=level, omfattning="33-", belopp_kr=str(whole)))
        rows.append(put(nivå=level, omfattning="5-18", belopp_kr=str(part)))
    [warning] = read_price_rows(rows).warnings
    assert "25 % av 33-" in warning.message


def test_columns_may_stand_in_any_order_and_empty_rows_are_skipped() -> None:
    backwards = [HEADER[::-1], ["", ""], ROW[::-1]]
    [cell] = read_price_rows(backwards).cells
    assert (cell.level, cell.amount, cell.ref) == ("1", 43950, 3)


@pytest.mark.parametrize(
    "text", ["", "12,345", "1e3", "٣", None, "1,2,3", "12 34", "1 2345"]
)
def test_what_is_not_an_amount_is_refused(text: object) -> None:
    with pytest.raises(NotAnAmount):
        kronor(text)


def test_part_ore_and_foreign_numbers_are_refused() -> None:
    for amount in (kronor("1") / 3, 12, "12", kronor("1") / 1000):
        with pytest.raises(NotAnAmount):
            ore(amount)


@pytest.mark.parametrize(
    ("amount", "divisor", "to", "expected"),
    [(5, 10, 1, 1), (-5, 10, 1, -1), (4, 10, 1, 0), (150, 1, 100, 200), (0, 7, 1, 0)],
)
def test_half_is_rounded_away_from_zero(
    amount: int, divisor: int, to: int, expected: int
) -> None:
    assert rounded(amount, divisor, to=to) == expected


def test_ore_come_back_as_the_kronor_they_were() -> None:
    assert in_kronor(ore(kronor("1 234,5"))) == kronor("1234.50")


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "november", "2026-11-01"])
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(NotAMonth):
        Month.read(text)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-W10-4", "2026-0131", "0226-01-31"]
)
def test_what_is_not_a_day_is_refused_in_rules_and_prices(text: str) -> None:
    with pytest.raises(BadRule, match="ingen dag"):
        read_rules(table() | {"first_day": text})
    head, first, *rows = rows_of("tyreso-2020.csv")
    column = head.index("giltig_från")
    read = read_price_rows([head, [*first[:column], text, *first[column + 1 :]], *rows])
    assert any("ingen dag" in error.message for error in read.errors)


def test_months_follow_each_other_over_new_year() -> None:
    december = Month.read("2027-12")
    assert (str(december.next), december.next - december) == ("2028-01", 1)
    assert (Month(2028, 2).days, Month.of(date(2028, 2, 29))) == (29, Month(2028, 2))
    with pytest.raises(PaymentError):
        Month(2028, 13)
