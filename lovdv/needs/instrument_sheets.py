"""An instrument's JSON form as a workbook with one sheet per part, and back."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from assessment import Fault
from lovdv import excel
from lovdv.errors import Refused
from lovdv.needs import instrument_columns as columns
from lovdv.needs.editor_document import text
from lovdv.needs.editor_shape import Part
from lovdv.needs.instrument_columns import SHEETS, SheetOf
from lovdv.needs.instrument_rows import Read, Rows, read_rows

LONGEST_CELL = 32_767
HELP = "Så fyller du i"
HOW = (
    "Fyll i bladen uppifrån och ner. Rubrikraden ska stå kvar. Lämna blad tomma som "
    "inte behövs. Läs sedan in filen: finns det fel får du tillbaka den med en kolumn "
    "som heter Fel."
)
NAMES = (
    "Skalor, områden, frågor, regler och tabeller har korta namn: högst 40 tecken, "
    "a–z, siffror, punkt och streck. Namnen binder ihop bladen."
)
HELP_ROWS = (
    ("Så här gör du", HOW),
    ("Namn", NAMES),
    ("Tal", "Högst sju siffror före decimaltecknet och åtta efter: 0,04186."),
)


def written(document: Part, faults: Sequence[Fault] = ()) -> bytes:
    """The workbook; with faults in a last column where there are any."""
    rows = {sheet.title: list(_cells(sheet, document)) for sheet in SHEETS}
    if any(len(str(cell)) > LONGEST_CELL for cell in _all_cells(rows)):
        raise Refused(
            f"En text är längre än {LONGEST_CELL} tecken, och en längre får inte plats "
            "i en ruta i Excel. Korta texten, eller hämta JSON-filen i stället."
        )
    if not faults:
        return _saved(rows, {})
    read = read_rows(_as_texts(rows))
    return _saved(rows, read.by_row(faults))


def _all_cells(rows: Mapping[str, list[list[excel.Value]]]) -> Iterator[excel.Value]:
    return chain.from_iterable(chain.from_iterable(rows.values()))


def template() -> bytes:
    """An empty workbook to fill in."""
    return written({})


def read(content: bytes) -> Read:
    return read_rows(excel.read_sheets(content))


def returned(found: Read, faults: Sequence[Fault]) -> bytes:
    """The file as it came, with what is wrong in a last column of each sheet."""
    told = found.by_row(faults)
    sheets = [
        _returned(
            _sheet_name(title), found.rows.get(title) or [()], told.get(title, {})
        )
        for title in dict.fromkeys((*found.rows, *told))
        if title != HELP
    ]
    return excel.workbook([*sheets, _help()], title="Instrument med fel")


def _sheet_name(title: str) -> str:
    """A sheet of the reader's own may have a name that cannot be written."""
    return re.sub(r"[\\*?:/\[\]]", "_", title)[:31] or "Blad"


def _returned(
    title: str, rows: Sequence[Sequence[str]], told: Mapping[int, Sequence[str]]
) -> excel.Sheet:
    heading = list(rows[0] if rows else [])
    kept = [n for n, name in enumerate(heading) if name != excel.FAULT_COLUMN]
    width = max(map(len, rows), default=0)
    kept += list(range(len(heading), width))
    body = [
        [*(row[n] if n < len(row) else "" for n in kept), " ".join(told.get(at, ()))]
        for at, row in enumerate(rows[1:], 2)
    ]
    if told.get(1):
        body.insert(0, [*("" for _ in kept), " ".join(told[1])])
    titles = [heading[n] if n < len(heading) else "" for n in kept]
    return excel.Sheet(title, [*map(excel.Column, titles), _FAULTS], body)


_FAULTS = excel.Column(excel.FAULT_COLUMN, width=80)


def _saved(
    rows: Mapping[str, list[list[excel.Value]]],
    told: Mapping[str, Mapping[int, Sequence[str]]],
) -> bytes:
    sheets = []
    for sheet in SHEETS:
        body, heading = rows[sheet.title], [col.column() for col in sheet.columns]
        if told:
            marks = told.get(sheet.title, {})
            body = [
                [*row, " ".join(marks.get(at, ()))] for at, row in enumerate(body, 2)
            ]
            if marks.get(1):
                body.append([*("" for _ in heading), " ".join(marks[1])])
            heading = [*heading, _FAULTS]
        sheets.append(excel.Sheet(sheet.title, heading, body))
    return excel.workbook([*sheets, _help()], title="Bedömningsinstrument")


def _help() -> excel.Pairs:
    sheets = [(sheet.title, sheet.help) for sheet in SHEETS]
    return excel.Pairs(
        HELP, [(name, excel.TEXT, words) for name, words in (*HELP_ROWS, *sheets)]
    )


def _as_texts(rows: Mapping[str, Iterable[Sequence[excel.Value]]]) -> Rows:
    return {
        sheet.title: [
            [col.title for col in sheet.columns],
            *([str(cell) for cell in row] for row in rows[sheet.title]),
        ]
        for sheet in SHEETS
    }


def _cells(sheet: SheetOf, document: Part) -> Iterator[list[excel.Value]]:
    if sheet is columns.ABOUT:
        for col in columns.ABOUT_ROWS:
            yield [col.title, col.told(document.get(col.field))]
        return
    for fields in _FIELDS[sheet.title](document):
        yield [col.told(fields.get(col.field)) for col in sheet.columns]


def _of(document: Part, name: str) -> list[Part]:
    return document.get(name) or []


def _questions_of(document: Part) -> list[Part]:
    return [q for domain in _of(document, "domains") for q in _of(domain, "questions")]


def _scales(document: Part) -> Iterator[Part]:
    for scale in _of(document, "scales"):
        for step in _of(scale, "steps") or [{}]:
            yield {**step, "scale": text(scale, "id")}


def _questions(document: Part) -> Iterator[Part]:
    for domain in _of(document, "domains"):
        for question in _of(domain, "questions"):
            yield {**question, "domain": text(domain, "id")}


def _descriptions(document: Part) -> Iterator[Part]:
    for question in _questions_of(document):
        for code, words in (question.get("descriptions") or {}).items():
            yield {"owner": text(question, "id"), "code": code, "text": words}


def _subject(part: Part) -> Part:
    if part.get("total"):
        return {**part, "on": "total", "name": ""}
    on = "domain" if text(part, "domain") else "question"
    return {**part, "on": on, "name": text(part, on)}


def _conditions(owners: Iterable[Part], field: str) -> Iterator[Part]:
    for owner in owners:
        for condition in _of(owner, field):
            yield {**_subject(condition), "owner": text(owner, "id")}


def _bands(document: Part) -> Iterator[Part]:
    for table in _of(document, "tables"):
        for number, key in enumerate(_of(table, "keys"), 1):
            for band in _of(key, "bands") or [{}]:
                told = {**_subject(key), "owner": text(table, "id")}
                yield {**told, **band, "number": str(number)}


def _table_cells(document: Part) -> Iterator[Part]:
    for table in _of(document, "tables"):
        for row in _of(table, "rows"):
            bands = {f"band{n}": b for n, b in enumerate(row.get("bands") or (), 1)}
            yield {**bands, "owner": text(table, "id"), "level": text(row, "level")}


_FIELDS = {
    columns.SCALES.title: _scales,
    columns.DOMAINS.title: lambda found: _of(found, "domains"),
    columns.QUESTIONS.title: _questions,
    columns.DESCRIPTIONS.title: _descriptions,
    columns.SHOWN.title: lambda found: _conditions(_questions_of(found), "shown_when"),
    columns.LEVELS.title: lambda found: _of(found, "levels"),
    columns.LIMITS.title: lambda found: _of(found, "limits"),
    columns.RULES.title: lambda found: _of(found, "rules"),
    columns.RULES_WHEN.title: lambda found: _conditions(_of(found, "rules"), "when"),
    columns.DECISIONS.title: lambda found: _of(found, "decisions"),
    columns.DECISIONS_WHEN.title: lambda found: _conditions(
        _of(found, "decisions"), "when"
    ),
    columns.TABLES.title: lambda found: _of(found, "tables"),
    columns.BANDS.title: _bands,
    columns.CELLS.title: _table_cells,
    columns.INTERVALS.title: lambda found: _of(found, "reassessment"),
}
