"""A price list from rows of texts: every note whole, by row and column."""

from datetime import date

import pytest

from payments.price_rows import Expected, RowNote, read_price_rows
from payments.rates import PriceCell

HEADER = ["nivå", "omfattning", "regi", "belopp_kr", "enhet", "giltig_från"]
ROW = ["1", "heltid", "alla", "439,50", "dygn", "2020-01-01"]


def put(**texts: str) -> list[str]:
    return [texts.get(name, text) for name, text in zip(HEADER, ROW, strict=True)]


def errors(*rows: list[str], expected: Expected | None = None) -> list[RowNote]:
    return list(read_price_rows([HEADER, *rows], expected or Expected()).errors)


def test_a_row_becomes_a_price_that_remembers_its_row() -> None:
    read = read_price_rows([HEADER, put(enhet="månad"), ["", " "], []])
    cell = PriceCell("1", "heltid", "alla", "month", 43950, 2)
    assert (read.cells, read.first_day) == ((cell,), date(2020, 1, 1))
    assert (read.errors, read.warnings) == ((), ())


def test_spaces_capitals_order_and_other_columns_make_no_difference() -> None:
    header = [" Belopp_KR ", "Enhet", "REGI", "omfattning", "nivå", "not", "not"]
    row = [" 439,50", "Dygn ", " Alla", " heltid ", " 1 ", "a", "b", "outside"]
    read = read_price_rows([header, row])
    assert read.cells == (PriceCell("1", "heltid", "alla", "day", 43950, 2),)
    assert (read.first_day, read.errors) == (None, ())


@pytest.mark.parametrize(
    ("word", "unit"),
    [("dygn", "day"), ("dag", "day"), ("månad", "month"), ("timme", "hour")],
)
def test_a_price_is_per_one_of_the_units(word: str, unit: str) -> None:
    [cell] = read_price_rows([HEADER, put(enhet=word)]).cells
    assert cell.unit == unit


KNOWN = Expected(
    levels=["1", "2"], also=["2", "3"], classes=["heltid", "deltid"], basis="day"
)


@pytest.mark.parametrize(
    ("changed", "column", "message"),
    [
        ({"nivå": "9"}, "nivå", "Okänd nivå ”9”. Ange 1, 2, 3."),
        ({"nivå": ""}, "nivå", "Okänd nivå ””. Ange 1, 2, 3."),
        ({"omfattning": ""}, "omfattning", "Ange omfattningsklass."),
        (
            {"omfattning": "Heltid"},
            "omfattning",
            "”Heltid” finns inte i ersättningsreglerna. Ange heltid, deltid.",
        ),
        ({"regi": "egen"}, "regi", "Ange extern, intern eller alla."),
        ({"enhet": "år"}, "enhet", "Ange dygn, dag, månad eller timme."),
        (
            {"enhet": "månad"},
            "enhet",
            "Ersättningsreglerna räknar per dag. Ange den enheten.",
        ),
        (
            {"belopp_kr": "fyra"},
            "belopp_kr",
            (
                "”fyra” är inte ett belopp. Skriv kronor med högst två decimaler, "
                "till exempel 1 234,50."
            ),
        ),
        ({"belopp_kr": "0"}, "belopp_kr", "Priset ska vara över noll."),
        ({"belopp_kr": "-0,01"}, "belopp_kr", "Priset ska vara över noll."),
        (
            {"giltig_från": "1/1"},
            "giltig_från",
            "”1/1” är ingen dag. Skriv till exempel 2026-01-01.",
        ),
        ({"nivå": "1"}, "nivå", "Samma pris står redan på rad 2. Ta bort en rad."),
    ],
    ids=[
        "unknown level",
        "no level",
        "no class",
        "unknown class",
        "regi",
        "unit",
        "unit of other rules",
        "no amount",
        "nothing",
        "less than nothing",
        "no day",
        "twice",
    ],
)
def test_a_row_that_is_wrong_says_where_and_why(
    changed: dict[str, str], column: str, message: str
) -> None:
    rows = put(), put(**{"nivå": "3", **changed})
    found = [note for note in errors(*rows, expected=KNOWN) if note.row > 1]
    assert found == [RowNote(3, column, message)]


def test_without_known_levels_a_level_must_still_be_told() -> None:
    [error] = errors(put(nivå=""))
    assert error == RowNote(2, "nivå", "Okänd nivå ””. Ange en nivå.")


def test_one_ore_is_a_price() -> None:
    [cell] = read_price_rows([HEADER, put(belopp_kr="0,01")]).cells
    assert cell.amount == 1


def test_a_row_that_ends_early_has_empty_texts() -> None:
    assert [note.column for note in errors(["1", "heltid"])] == [
        "regi",
        "enhet",
        "belopp_kr",
    ]


@pytest.mark.parametrize(
    ("basis", "unit", "name"),
    [
        ("day", "månad", "dag"),
        ("month", "dag", "månad"),
        ("hour", "dag", "timme"),
        ("schablon_days", "timme", "dag"),
        ("bundled", "timme", "dag"),
    ],
)
def test_a_list_is_per_the_unit_of_the_rules(basis: str, unit: str, name: str) -> None:
    expected = Expected(basis=basis)
    [error] = errors(put(enhet=unit), expected=expected)
    assert error.message == (
        f"Ersättningsreglerna räknar per {name}. Ange den enheten."
    )
    assert errors(put(enhet=name), expected=expected) == []


def test_rows_after_the_first_of_a_price_all_point_to_it() -> None:
    message = "Samma pris står redan på rad 2. Ta bort en rad."
    assert errors(put(), put(belopp_kr="1"), put()) == [
        RowNote(3, "nivå", message),
        RowNote(4, "nivå", message),
    ]


def test_all_rows_have_the_same_first_day() -> None:
    days = ["2020-02-01", "", "2020-02-01", "2020-03-01", "2020-03-01", "2020-04-01"]
    rows = [put(nivå=str(n), giltig_från=day) for n, day in enumerate(days)]
    read = read_price_rows([HEADER, *rows])
    message = "Alla rader ska ha samma första dag."
    assert read.first_day is None
    assert list(read.errors) == [
        RowNote(5, "giltig_från", message),
        RowNote(7, "giltig_från", message),
    ]


NO_ROWS = RowNote(1, "nivå", "Filen har inga prisrader.")


@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        (
            [HEADER[1:3] + HEADER[4:], ROW],
            [
                RowNote(1, "nivå", "Kolumnen ”nivå” saknas. Lägg till den."),
                RowNote(1, "belopp_kr", "Kolumnen ”belopp_kr” saknas. Lägg till den."),
            ],
        ),
        (
            [[*HEADER, "Regi"], ROW],
            [RowNote(1, "regi", "Kolumnen ”regi” finns två gånger. Ta bort en.")],
        ),
        (
            [[*HEADER, "giltig_från"], ROW],
            [
                RowNote(
                    1,
                    "giltig_från",
                    "Kolumnen ”giltig_från” finns två gånger. Ta bort en.",
                )
            ],
        ),
        ([HEADER], [NO_ROWS]),
        ([HEADER, [""] * 6, []], [NO_ROWS]),
    ],
    ids=["missing", "twice", "first day twice", "header only", "empty rows"],
)
def test_a_file_without_its_columns_or_rows_is_refused(
    rows: list[list[str]], notes: list[RowNote]
) -> None:
    read = read_price_rows(rows)
    assert (read.cells, read.first_day, read.warnings) == ((), None, ())
    assert list(read.errors) == notes


def test_an_empty_file_misses_every_column_but_the_first_day() -> None:
    assert [note.column for note in read_price_rows([]).errors] == HEADER[:5]


def gap(level: str, extent_class: str, regi: str) -> RowNote:
    told = f"Pris saknas för nivå {level}, {extent_class}, {regi}. Lägg till en rad."
    return RowNote(1, "belopp_kr", told)


def test_every_level_has_every_class_and_regi_that_the_list_speaks_of() -> None:
    rows = [
        put(nivå="2", regi="extern"),
        put(nivå="1", regi="extern", omfattning="deltid"),
        put(nivå="1", regi="intern"),
    ]
    assert errors(*rows) == [
        gap("2", "heltid", "intern"),
        gap("2", "deltid", "extern"),
        gap("2", "deltid", "intern"),
        gap("1", "heltid", "extern"),
        gap("1", "deltid", "intern"),
    ]


def test_every_level_and_class_of_the_rules_has_its_price() -> None:
    expected = Expected(levels=["3", "1"], classes=["deltid", "heltid"])
    assert errors(put(), expected=expected) == [
        gap("3", "deltid", "alla"),
        gap("3", "heltid", "alla"),
        gap("1", "deltid", "alla"),
    ]


def test_gaps_are_not_told_of_while_rows_are_wrong() -> None:
    rows = put(nivå="2"), put(omfattning="deltid", regi="egen"), put(nivå="3", enhet="")
    assert [note.row for note in errors(*rows)] == [3, 4]


def test_a_price_for_both_regis_does_not_stand_beside_one_for_either() -> None:
    note = RowNote(1, "regi", "Regi ”alla” kan inte stå bredvid extern eller intern.")
    assert errors(put(), put(regi="intern")) == [note]
    assert errors(put(regi="extern"), put(regi="intern")) == []


def test_a_list_has_one_unit() -> None:
    note = RowNote(1, "enhet", "Listan blandar enheter. Välj en.")
    assert errors(put(), put(nivå="2", enhet="timme")) == [note]


def test_errors_come_in_the_order_of_rows() -> None:
    rows = (
        put(giltig_från="x"),
        put(nivå="2", regi="x", enhet="x"),
        put(nivå="3", belopp_kr="x", giltig_från="y"),
    )
    assert [(note.row, note.column) for note in errors(*rows)] == [
        (2, "giltig_från"),
        (3, "regi"),
        (3, "enhet"),
        (4, "belopp_kr"),
        (4, "giltig_från"),
    ]


def warned(*levels: tuple[str, str]) -> list[RowNote]:
    """The warnings of a list with a whole day and part of one at each level."""
    rows = [
        put(nivå=str(level), omfattning=name, belopp_kr=price)
        for level, prices in enumerate(levels, start=1)
        for name, price in zip(("deltid", "heltid"), prices, strict=True)
    ]
    read = read_price_rows([HEADER, *rows])
    assert len(read.cells) == 2 * len(levels)
    assert read.errors == ()
    return [
        RowNote(one.row, one.column, one.message.replace("\N{NO-BREAK SPACE}", " "))
        for one in read.warnings
    ]


def test_a_price_that_leaves_the_pattern_of_most_is_told_and_kept() -> None:
    found = warned(("700", "1000"), ("1401", "2000"), ("2100", "3000"))
    message = (
        "1 401,00 kr följer inte listans mönster: 70 % av heltid ger 1 400,00 kr. "
        "Priset behålls som det står."
    )
    assert found == [RowNote(4, "belopp_kr", message)]


@pytest.mark.parametrize(
    "levels",
    [
        [("700", "1000"), ("1400", "2000")],
        [("701", "1001"), ("1401", "2001")],
        [("700,70", "1001"), ("1400,70", "2001")],
        [("10", "1000"), ("20", "2000"), ("30", "3000")],
        [("990", "1000"), ("1980", "2000"), ("2970", "3000")],
        [("700", "1000"), ("1", "2000")],
        [("1", "1000"), ("1", "2000"), ("700", "1000"), ("1400", "2000")],
        [("1000", "1000")],
    ],
    ids=[
        "all",
        "all in whole kronor",
        "all in ore",
        "one per cent",
        "ninety-nine",
        "half of two",
        "half of four",
        "alike",
    ],
)
def test_a_list_that_follows_its_pattern_or_has_none_is_innocent(
    levels: list[tuple[str, str]],
) -> None:
    assert warned(*levels) == []


def test_more_than_half_of_the_prices_are_a_pattern() -> None:
    found = warned(("1", "1000"), ("700", "1000"), ("1400", "2000"))
    assert [(note.row, note.column) for note in found] == [(2, "belopp_kr")]


def test_a_list_of_one_class_has_no_pattern() -> None:
    read = read_price_rows([HEADER, put(), put(nivå="2", belopp_kr="7")])
    assert (read.errors, read.warnings) == ((), ())


def test_a_list_with_errors_is_not_warned_of() -> None:
    rows = [put(nivå=str(n), omfattning="deltid", belopp_kr="7") for n in (1, 2)]
    rows += [put(nivå=str(n), belopp_kr="10") for n in (1, 2)]
    odd = [put(nivå="3", omfattning="deltid", belopp_kr="1"), put(nivå="3")]
    assert len(read_price_rows([HEADER, *rows, *odd]).warnings) == 1
    read = read_price_rows([HEADER, *rows, *odd, put()])
    assert (len(read.cells), len(read.errors), read.warnings) == (7, 1, ())
