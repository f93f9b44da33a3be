"""Reading and writing workbooks: the only module that touches openpyxl.

What is read becomes rows of texts, after size, content and rows have been checked.
What is written is the same to the byte each time, and text never becomes a formula.
"""

import csv
import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from numbers import Number
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._write_only import WriteOnlyWorksheet as Worksheet
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_CORE

from lovdv import sheet_rows
from lovdv.errors import Refused
from lovdv.sheet_rows import Value

MEGABYTE = 1024 * 1024
MAX_BYTES = 8 * MEGABYTE
MAX_UNZIPPED = 64 * MEGABYTE
MAX_PARTS = 200
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_TEXT = 2_000
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAULT_COLUMN = "Fel"
WORKBOOK_PART = "xl/workbook.xml"
DAMAGED = (
    "Arbetsboken är skadad och går inte att läsa. Öppna den i Excel och "
    "spara den på nytt."
)

TEXT, WHOLE, AMOUNT, QUANTITY, DAY, MONTH, FORMULA = (
    "text",
    "whole",
    "amount",
    "quantity",
    "day",
    "month",
    "formula",
)
NUMBER_FORMATS = {
    TEXT: "@",
    WHOLE: "0",
    AMOUNT: "#,##0.00",
    QUANTITY: "0.00########",
    DAY: "yyyy-mm-dd",
    MONTH: "yyyymm",
    FORMULA: "#,##0.00",
}
WIDTHS = {TEXT: 18, WHOLE: 10, AMOUNT: 14, QUANTITY: 12, DAY: 12, MONTH: 10}
HEAD_FILL = PatternFill("solid", fgColor="FFE6EEF5")
WRAPPED = Alignment(vertical="top", wrap_text=True)
ALWAYS = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone
STAMP = CREATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    OSError,
    EOFError,
    SyntaxError,
    RuntimeError,  # encrypted, or packed in a way that Python does not know
)
"""What a damaged workbook makes its readers say."""


@dataclass(frozen=True)
class Formula:
    """The only way to write a formula; never made from what somebody typed."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column's heading, what its cells hold, and its width in characters."""

    title: str
    kind: str = TEXT
    width: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A flat sheet: one frozen heading row, then rows of values."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


@dataclass(frozen=True)
class Pairs:
    """A sheet of names and values, each value of its own kind."""

    title: str
    rows: Iterable[tuple[str, str, Value | Formula]]


def read(content: bytes, file_name: str, *, most: int = MAX_ROWS) -> list[list[str]]:
    """The rows of a workbook's first sheet, or of a CSV file, as texts.

    `most` is how many rows there may be below the heading.
    """
    if not content:
        raise Refused("Filen är tom. Välj en fil med rader.", "file")
    if len(content) > MAX_BYTES:
        raise Refused(
            f"Filen är för stor. Högst {MAX_BYTES // MEGABYTE} MB går att läsa in. "
            "Dela upp den.",
            "file",
        )
    if content[:4] == b"PK\x03\x04":
        return _read_workbook(content, most)
    if file_name.casefold().endswith((".xlsx", ".xlsm", ".xls")) or b"\0" in content:
        raise Refused(
            "Filen är inte en Excelarbetsbok (.xlsx) eller CSV. Öppna den i Excel och "
            "välj Spara som, Excel-arbetsbok.",
            "file",
        )
    return _read_csv(content, most)


def _read_workbook(content: bytes, most: int) -> list[list[str]]:
    _check_parts(content)
    try:
        book = load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        try:
            sheet = book.worksheets[0]
            found = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
            rows = [[_text(value) for value in row] for row in islice(found, most + 2)]
        finally:
            book.close()
    except UNREADABLE as error:
        raise Refused(DAMAGED, "file") from error
    return _within_limits(rows, most)


def read_sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Every sheet of a workbook as rows of texts, by its name."""
    if not content or len(content) > MAX_BYTES:
        raise Refused("Filen är tom eller för stor. Välj en annan fil.", "file")
    _check_parts(content)
    try:
        book = load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        try:
            return {sheet.title: _texts(sheet) for sheet in book.worksheets}
        finally:
            book.close()
    except UNREADABLE as error:
        raise Refused(DAMAGED, "file") from error


def _texts(sheet: ReadOnlyWorksheet) -> list[list[str]]:
    """A sheet's rows up to the last that holds something."""
    found = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    rows = [[_text(value) for value in row] for row in islice(found, MAX_ROWS + 2)]
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MAX_ROWS + 1:
        raise Refused(f"Bladet {sheet.title} har fler än {MAX_ROWS} rader.", "file")
    used = max(map(_used, rows), default=0)
    return [row[:used] for row in rows]


def _check_parts(content: bytes) -> None:
    """Look at the zip's table of contents before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused(
            "Filen är skadad och går inte att läsa. Spara den på nytt.", "file"
        ) from error
    names = {part.filename for part in parts}
    if WORKBOOK_PART not in names or len(names) != len(parts):
        raise Refused("Filen är en zip-fil men ingen Excelarbetsbok.", "file")
    unzipped = sum(part.file_size for part in parts)
    if unzipped > MAX_UNZIPPED or len(parts) > MAX_PARTS:
        raise Refused(
            "Arbetsboken blir för stor när den packas upp. Behåll bara bladet med "
            "rader och spara det som en ny fil.",
            "file",
        )


def _read_csv(content: bytes, most: int) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    heading = text.partition("\n")[0]
    mark = max(";,\t", key=heading.count)
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=mark), most + 2))
    except csv.Error as error:
        raise Refused("CSV-filen går inte att läsa. Spara den på nytt.", "file") from (
            error
        )
    return _within_limits(rows, most)


def _within_limits(rows: list[list[str]], most: int) -> list[list[str]]:
    while rows and not any(text.strip() for text in rows[-1]):
        rows.pop()
    if len(rows) > most + 1:
        raise Refused(f"Filen har fler än {most} rader. Dela upp den.", "file")
    used = max((_used(row) for row in rows), default=0)
    if used > MAX_COLUMNS:
        raise Refused(f"Filen har fler än {MAX_COLUMNS} kolumner.", "file")
    if not rows:
        raise Refused("Filen är tom. Välj en fil med rader.", "file")
    for number, row in enumerate(rows, start=1):
        if max(map(len, row), default=0) > MAX_TEXT:
            told = f"Rad {number} har en ruta med fler än {MAX_TEXT} tecken. Korta den."
            raise Refused(told, "file")
    return [row[:used] for row in rows]


def _used(row: Sequence[str]) -> int:
    return max((n for n, text in enumerate(row, start=1) if text.strip()), default=0)


def _text(value: object) -> str:
    """A cell as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, Number):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value).strip()


def workbook(sheets: Sequence[Sheet | Pairs], *, title: str) -> bytes:
    """The sheets as one workbook; the same values give the same bytes."""
    book = Workbook(write_only=True)
    book.properties.creator = "lovdv"
    book.properties.title = title
    book.properties.created = CREATED
    whole = io.BytesIO()
    with ExitStack() as kept:
        bodies = [kept.enter_context(SpooledTemporaryFile(MEGABYTE)) for _ in sheets]
        # Rows may come from the database and fail; openpyxl must not be half-way then.
        pages = [book.create_sheet(sheet.title) for sheet in sheets]
        ready = list(map(_made_ready, pages, sheets, bodies))
        for page, (sheet, last) in zip(pages, ready, strict=True):
            if isinstance(sheet, Pairs):
                _write_pairs(page, sheet)
            else:
                _write_heading(page, sheet, last)
        ExcelWriter(book, _Archive(whole, bodies)).save()
    return whole.getvalue()


def _made_ready(
    page: Worksheet, sheet: Sheet | Pairs, body: IO[bytes]
) -> tuple[Sheet | Pairs, int]:
    """The sheet with all that it asks for, and the number of its last row."""
    if isinstance(sheet, Pairs):
        return replace(sheet, rows=tuple(sheet.rows)), 0
    letters = [get_column_letter(n) for n in range(1, len(sheet.columns) + 1)]
    styles = [_cell(page, column.kind).style_id for column in sheet.columns]
    last = sheet_rows.write(body, sheet.rows, dict(zip(letters, styles, strict=True)))
    body.seek(0)
    return sheet, last


def _write_heading(page: Worksheet, sheet: Sheet, last: int) -> None:
    """The heading and all that is not rows is openpyxl's to write."""
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, start=1):
        width = column.width or max(WIDTHS[column.kind], len(column.title) + 4)
        page.column_dimensions[get_column_letter(number)].width = width
    for choice in _choices(sheet.columns):
        page.data_validations.append(choice)
    page.append([_heading(page, column.title) for column in sheet.columns])
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"


def _choices(columns: Sequence[Column]) -> Iterator[DataValidation]:
    for number, column in enumerate(columns, start=1):
        if column.choices:
            letter = get_column_letter(number)
            listed = ",".join(column.choices)
            found = DataValidation(type="list", formula1=f'"{listed}"')
            found.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
            yield found


def _write_pairs(page: Worksheet, sheet: Pairs) -> None:
    page.column_dimensions["A"].width = 38
    page.column_dimensions["B"].width = 90
    for name, kind, value in sheet.rows:
        label, cell = _heading(page, name), _cell(page, kind)
        cell.alignment = Alignment(
            horizontal="left", vertical="top", wrap_text=kind == TEXT
        )
        _put(cell, value)
        page.append([label, cell])


def _heading(page: Worksheet, text: str) -> Cell:
    cell = WriteOnlyCell(page)
    _put(cell, text)
    cell.font = Font(bold=True)
    cell.fill = HEAD_FILL
    cell.alignment = WRAPPED
    return cell


def _cell(page: Worksheet, kind: str) -> Cell:
    cell = WriteOnlyCell(page)
    cell.number_format = NUMBER_FORMATS[kind]
    return cell


def _put(cell: Cell, value: Value | Formula) -> None:
    """Give a cell its value; only a Formula is ever one."""
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
    elif isinstance(value, str):
        cell.value = sheet_rows.allowed(value)
        cell.data_type = "s"
    else:
        cell.value = value


class _Archive(zipfile.ZipFile):
    """A zip without the time of day, so that the bytes only tell of the content."""

    def __init__(self, file: IO[bytes], bodies: Iterable[IO[bytes]]) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED)
        self._bodies = iter(bodies)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        """A sheet as openpyxl made it, with the rows of its body after the heading."""
        head, end, tail = Path(filename).read_bytes().partition(b"</sheetData>")
        with self.open(_entry(arcname), "w") as part:
            part.write(head)
            shutil.copyfileobj(next(self._bodies), part)
            part.write(end + tail)

    def writestr(self, name: Any, content: Any, *_: Any) -> None:
        if name == ARC_CORE:
            content = MODIFIED.sub(rb"\g<1>" + STAMP + rb"\g<2>", content)
        super().writestr(_entry(name), content)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ALWAYS)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def with_faults(
    rows: Sequence[Sequence[str]], faults: Mapping[int, Sequence[str]]
) -> bytes:
    """The file as it came, with what is wrong in a last column.

    `faults` is by row as counted in the file; 1 is the heading. What an earlier
    round said in that column gives way.
    """
    if rows and "".join(rows[0][-1:]).strip() == FAULT_COLUMN:
        rows = [row[: len(rows[0]) - 1] for row in rows]
    width = max((len(row) for row in rows), default=0)
    heading = [*rows[0], *[""] * (width - len(rows[0]))] if rows else []
    columns = [Column(title) for title in heading]
    told = [*columns, Column(FAULT_COLUMN, width=80)]
    body = [
        [*row, *[""] * (width - len(row)), " ".join(faults.get(number, ()))]
        for number, row in enumerate(rows[1:], start=2)
    ]
    if faults.get(1):
        body.insert(0, [*[""] * width, " ".join(faults[1])])
    return workbook([Sheet("Rader", told, body)], title="Rader med fel")


def template(
    columns: Sequence[Column],
    example: Sequence[Sequence[Value]],
    help_texts: Sequence[tuple[str, str]],
    *,
    title: str,
) -> bytes:
    """An empty file to fill in: headings, an example, lists, and how to do it."""
    help_rows = [(name, TEXT, text) for name, text in help_texts]
    return workbook(
        [Sheet("Rader", columns, example), Pairs("Så fyller du i", help_rows)],
        title=title,
    )
