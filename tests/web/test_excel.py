"""Workbooks in and out: safe text, the same bytes, and files that are refused."""

import gc
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.datastructures import MultiDict
from wtforms import Form

from lovdv import excel
from lovdv.errors import Refused
from lovdv.forms import KronorField
from lovdv.sheet_rows import allowed

FORMULAS = ["=1+1", "+46701234567", "-5", "@SUM(A1)", "\t=1", '=cmd|"/C calc"!A0']


def book_of(*rows: list[object], title: str = "Rader") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def written(
    *rows: Sequence[excel.Value], kinds: tuple[str, ...] = (excel.TEXT,)
) -> bytes:
    columns = [excel.Column(f"kolumn {n}", kind) for n, kind in enumerate(kinds)]
    return excel.workbook([excel.Sheet("Blad", columns, rows)], title="Prov")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula(text: str) -> None:
    sheet = load_workbook(io.BytesIO(written([text])))["Blad"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")


def test_leading_zeros_dates_and_numbers_are_what_they_are() -> None:
    kinds = (excel.TEXT, excel.AMOUNT, excel.DAY, excel.WHOLE, excel.MONTH)
    row = ["0070", Decimal("12.50"), date(2026, 2, 1), 3, date(2026, 2, 1)]
    sheet = load_workbook(io.BytesIO(written(row, kinds=kinds)))["Blad"]
    cells = sheet[2]
    assert [cell.value for cell in cells] == [
        "0070",
        12.5,
        datetime(2026, 2, 1),  # noqa: DTZ001 - the format has no zone
        3,
        datetime(2026, 2, 1),  # noqa: DTZ001 - the format has no zone
    ]
    assert [cell.number_format for cell in cells] == [
        "@",
        "#,##0.00",
        "yyyy-mm-dd",
        "0",
        "yyyymm",
    ]


def test_a_sheet_has_a_frozen_heading_a_filter_and_widths() -> None:
    sheet = load_workbook(io.BytesIO(written(["a"])))["Blad"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:A2")
    assert sheet.column_dimensions["A"].width == 18


def test_the_same_values_give_the_same_bytes() -> None:
    assert written(["a"], ["b"]) == written(["a"], ["b"])
    assert written(["a"]) != written(["b"])


def test_rows_that_fail_leave_no_half_written_workbook() -> None:
    """What openpyxl has begun would complain when it is thrown away, as a warning."""

    def rows() -> Iterator[list[str]]:
        yield ["ett"]
        raise LookupError

    def pairs() -> Iterator[tuple[str, str, str]]:
        yield "Namn", excel.TEXT, "ett"
        raise LookupError

    columns = [excel.Column("Namn")]
    whole = excel.Sheet("Hel", columns, [["ett"]])
    for half in (excel.Sheet("Halv", columns, rows()), excel.Pairs("Halv", pairs())):
        with pytest.raises(LookupError):
            excel.workbook([whole, half], title="Prov")
        gc.collect()


def test_only_a_formula_is_a_formula() -> None:
    pairs = excel.Pairs(
        "Kontroll",
        [
            ("text", excel.TEXT, "=1"),
            ("formel", excel.FORMULA, excel.Formula("SUM(A1:A2)")),
        ],
    )
    sheet = load_workbook(io.BytesIO(excel.workbook([pairs], title="x")))["Kontroll"]
    assert [sheet["B1"].data_type, sheet["B2"].data_type] == ["s", "f"]


def test_letters_that_the_format_forbids_are_left_out() -> None:
    sheet = load_workbook(io.BytesIO(written(["a\x00b\x1f"])))["Blad"]
    assert sheet["A2"].value == "ab"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
AMOUNTS = st.decimals(-(10**9), 10**9, places=2) | st.integers(-(10**12), 10**12)
DAYS = st.dates(date(1900, 3, 1), date(2999, 12, 31))


@given(
    st.lists(
        st.tuples(TEXTS, AMOUNTS | TEXTS | st.none(), DAYS | TEXTS | st.none()),
        max_size=5,
    )
)
def test_rows_are_read_back_as_openpyxl_would_have_written_them(
    rows: list[tuple[excel.Value, ...]],
) -> None:
    kinds = (excel.TEXT, excel.AMOUNT, excel.DAY)
    ours = load_workbook(io.BytesIO(written(*rows, kinds=kinds)))["Blad"]
    theirs = load_workbook(io.BytesIO(by_openpyxl(rows, kinds)))["Blad"]
    assert cells_of(ours) == cells_of(theirs)


def by_openpyxl(rows: list[tuple[excel.Value, ...]], kinds: tuple[str, ...]) -> bytes:
    """The same cells one by one, as openpyxl's own manual has it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Blad")
    sheet.append([f"kolumn {n}" for n in range(len(kinds))])
    for row in rows:
        cells = []
        for value, kind in zip(row, kinds, strict=True):
            cell = WriteOnlyCell(sheet)
            cell.number_format = excel.NUMBER_FORMATS[kind]
            cell.value = allowed(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def cells_of(sheet: Worksheet) -> list[tuple[object, ...]]:
    return [
        (cell.coordinate, cell.value, cell.data_type, cell.number_format)
        for row in sheet.iter_rows(min_row=2)
        for cell in row
    ]


def test_a_text_longer_than_a_cell_is_cut() -> None:
    sheet = load_workbook(io.BytesIO(written(["a" * 40_000])))["Blad"]
    assert sheet["A2"].value == "a" * 32_767


def test_what_is_read_is_what_a_person_would_have_typed() -> None:
    content = book_of(
        ["nivå", "belopp", "dag", "tid", "ja"],
        ["1", 439.50, date(2026, 1, 1), datetime(2026, 1, 1, 9, 30), True],  # noqa: DTZ001 - as Excel has it
        [None, 626, "  text ", None, False],
    )
    assert excel.read(content, "priser.xlsx") == [
        ["nivå", "belopp", "dag", "tid", "ja"],
        ["1", "439.5", "2026-01-01", "2026-01-01 09:30:00", "ja"],
        ["", "626", "text", "", "nej"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
def test_csv_is_read_whatever_its_encoding_and_mark(encoding: str, mark: str) -> None:
    text = f"nivå{mark}regi\r\n1{mark}extern\r\n\r\n"
    rows = excel.read(text.encode(encoding), "priser.csv")
    assert rows == [["nivå", "regi"], ["1", "extern"]]


def zipped(*parts: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def bomb() -> bytes:
    return zipped(
        ("xl/workbook.xml", b"x"), ("xl/big.xml", b"0" * (excel.MAX_UNZIPPED + 1))
    )


def broken() -> bytes:
    whole = book_of(["a"], ["b"])
    return whole[:200] + b"\0" * 50 + whole[250:]


def damaged() -> bytes:
    """A workbook whose packed rows are not what they were."""
    whole = bytearray(book_of(*([f"rad {n}"] for n in range(2_000))))
    at = whole.find(b"xl/worksheets/sheet1.xml") + 60
    whole[at : at + 200] = b"\xff" * 200
    return bytes(whole)


def encrypted() -> bytes:
    """Every part says of itself that it is encrypted."""
    whole = bytearray(book_of(["a"]))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(mark)
        while at >= 0:
            whole[at + flags] |= 1
            at = whole.find(mark, at + 1)
    return bytes(whole)


def entities() -> bytes:
    whole = zipfile.ZipFile(io.BytesIO(book_of(["a"])))
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    return zipped(
        *((n, evil if "sheet1" in n else whole.read(n)) for n in whole.namelist())
    )


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "x.xlsx", "tom"),
    "100 MB": (lambda: b"0" * (100 * excel.MEGABYTE), "x.csv", "för stor"),
    "not Excel": (lambda: b"%PDF-1.7", "x.xlsx", "inte en Excel"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0\0\0", "x.xls", "inte en Excel"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "x.csv", "inte en Excel"),
    "another zip": (lambda: zipped(("a.txt", b"a")), "x.xlsx", "ingen Excel"),
    "zip bomb": (bomb, "x.xlsx", "packas upp"),
    "broken": (broken, "x.xlsx", "skadad"),
    "damaged inside": (damaged, "x.xlsx", "skadad"),
    "encrypted": (encrypted, "x.xlsx", "skadad"),
    "cut off": (lambda: book_of(["a"])[:500], "x.xlsx", "skadad"),
    "entities": (entities, "x.xlsx", "skadad"),
    "no rows": (lambda: book_of([None]), "x.xlsx", "tom"),
    "too many rows": (
        lambda: b"a;b\n" * (excel.MAX_ROWS + 5),
        "x.csv",
        "fler än 20000 rader",
    ),
    "too many columns": (lambda: b"a;" * 80 + b"a", "x.csv", "kolumner"),
}


@pytest.mark.parametrize(
    ("content", "name", "words"), REFUSED.values(), ids=REFUSED.keys()
)
def test_a_file_that_cannot_be_right_is_refused_with_its_reason(
    content: Callable[[], bytes], name: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        excel.read(content(), name)


def test_a_reader_may_take_more_rows_than_others() -> None:
    number = 5 * excel.MAX_ROWS
    rows = b"a;b\n" * (number + 1)
    assert len(excel.read(rows, "x.csv", most=number)) == number + 1
    with pytest.raises(Refused, match=f"fler än {number} rader"):
        excel.read(rows + b"c;d\n", "x.csv", most=number)


def test_the_file_comes_back_with_a_column_of_faults() -> None:
    rows = [["nivå", "belopp"], ["1", "fyra"], ["=2", "5"]]
    content = excel.with_faults(rows, {2: ["belopp: inte ett tal.", "nivå: okänd."]})
    assert excel.read(content, "fel.xlsx") == [
        ["nivå", "belopp", "Fel"],
        ["1", "fyra", "belopp: inte ett tal. nivå: okänd."],
        ["=2", "5", ""],
    ]


def test_a_template_has_headings_lists_and_help() -> None:
    columns = [excel.Column("regi", choices=("extern", "intern"))]
    content = excel.template(columns, [], [("regi", "Vem som utför.")], title="Mall")
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Rader", "Så fyller du i"]
    [rule] = book["Rader"].data_validations.dataValidation
    assert rule.formula1 == '"extern,intern"'
    assert excel.read(content, "mall.xlsx") == [["regi"]]


def test_faults_of_an_earlier_round_give_way() -> None:
    once = excel.with_faults([["namn"], ["Kim"]], {2: ["nummer saknas."]})
    again = excel.read(once, "fel.xlsx")
    twice = excel.read(excel.with_faults(again, {2: ["dag saknas."]}), "fel.xlsx")
    assert twice == [["namn", "Fel"], ["Kim", "dag saknas."]]


def test_a_heading_is_text_whatever_stands_in_it() -> None:
    made = excel.with_faults([["=1+1", "a\x01b"], ["x", "y"]], {2: ["fel."]})
    sheet = load_workbook(io.BytesIO(made))["Rader"]
    assert [(cell.value, cell.data_type) for cell in sheet[1][:2]] == [
        ("=1+1", "s"),
        ("ab", "s"),
    ]


def test_a_cell_with_more_text_than_is_kept_is_refused() -> None:
    rows = "a;b\n" + "x" * 2_001 + ";y\n"
    with pytest.raises(Refused, match="Rad 2 har en ruta med fler än 2000 tecken"):
        excel.read(rows.encode(), "a.csv")


def test_an_amount_beyond_all_measure_is_refused() -> None:
    class Priced(Form):
        price = KronorField("Pris")

    form = Priced(MultiDict({"price": "9" * 40}))
    assert not form.validate()
    assert form.price.errors == ["Beloppet är för stort. Kontrollera siffrorna."]
