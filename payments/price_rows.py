"""A price list from rows of texts, as in CSV and Excel: cells, errors and warnings."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from payments.errors import NotAnAmount
from payments.money import kronor, ore, rounded, shown
from payments.month import day_of
from payments.rates import EITHER, REGIS, PriceCell

COLUMNS = ("nivå", "omfattning", "regi", "belopp_kr", "enhet", "giltig_från")
UNIT_WORDS: Mapping[str, str] = {
    "dygn": "day",
    "dag": "day",
    "månad": "month",
    "timme": "hour",
}
UNIT_NAMES: Mapping[str, str] = {"day": "dag", "month": "månad", "hour": "timme"}
UNITS_OF_BASES: Mapping[str, str] = {
    "day": "day",
    "month": "month",
    "hour": "hour",
    "schablon_days": "day",
    "bundled": "day",
}
"""What a price is per, under the payment rules' basis."""
HEADER_ROW = 1


@dataclass(frozen=True, slots=True)
class RowNote:
    """An error or a warning, by the row as counted in the file."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadPrices:
    """The cells of a file with what is wrong, and what looks odd but is kept."""

    cells: tuple[PriceCell, ...]
    first_day: date | None
    errors: tuple[RowNote, ...]
    warnings: tuple[RowNote, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a list must hold to pay everybody; nothing said: anything will do."""

    levels: Collection[str] = ()
    """Those that must have prices."""
    also: Collection[str] = ()
    """Other levels that may have: of versions before and after."""
    classes: Collection[str] = ()
    basis: str = ""


ANYTHING = Expected()


def read_price_rows(
    rows: Sequence[Sequence[str]], expected: Expected = ANYTHING
) -> ReadPrices:
    """Read a header and rows in any column order; one error per row and column.

    >>> header = "nivå;omfattning;regi;belopp_kr;enhet;giltig_från".split(";")
    >>> row = "1;heltid;alla;17 116;månad;2023-04-01".split(";")
    >>> read = read_price_rows([header, row])
    >>> read.cells[0].amount, read.first_day
    (1711600, datetime.date(2023, 4, 1))
    >>> read_price_rows([header, row[:3] + ["sjutton", *row[4:]]]).errors[0].column
    'belopp_kr'
    """
    named, errors = _named(rows)
    if errors:
        return ReadPrices((), None, tuple(errors), ())
    cells = [cell for row in named if (cell := _cell(row, expected, errors))]
    errors += _duplicates(cells)
    errors += _gaps(cells, expected) if not errors else []
    days = _first_days(named, errors)
    warnings = [] if errors else _off_pattern(cells)
    return ReadPrices(
        tuple(cells),
        days[0] if len(days) == 1 else None,
        tuple(sorted(errors, key=lambda note: note.row)),
        tuple(warnings),
    )


def _named(rows: Sequence[Sequence[str]]) -> tuple[list[_Row], list[RowNote]]:
    header = [text.strip().casefold() for text in rows[0]] if rows else []
    required = [name for name in COLUMNS if name != "giltig_från"]
    errors = [
        RowNote(HEADER_ROW, name, f"Kolumnen ”{name}” saknas. Lägg till den.")
        for name in required
        if name not in header
    ]
    errors += [
        RowNote(HEADER_ROW, name, f"Kolumnen ”{name}” finns två gånger. Ta bort en.")
        for name, number in Counter(header).items()
        if name in COLUMNS and number > 1
    ]
    if not errors and not any(_filled(row) for row in rows[1:]):
        errors.append(RowNote(HEADER_ROW, "nivå", "Filen har inga prisrader."))
    return [
        _Row(number, dict(zip(header, (t.strip() for t in row), strict=False)))
        for number, row in enumerate(rows[1:], start=HEADER_ROW + 1)
        if _filled(row)
    ], errors


def _filled(row: Sequence[str]) -> bool:
    return any(text.strip() for text in row)


def _cell(row: _Row, expected: Expected, errors: list[RowNote]) -> PriceCell | None:
    level, extent_class = row.texts.get("nivå", ""), row.texts.get("omfattning", "")
    regi = row.texts.get("regi", "").casefold()
    unit = UNIT_WORDS.get(row.texts.get("enhet", "").casefold(), "")
    wrong = {
        "nivå": _wrong_level(level, expected),
        "omfattning": _wrong_class(extent_class, expected),
        "regi": "" if regi in REGIS else "Ange extern, intern eller alla.",
        "enhet": _wrong_unit(unit, expected),
    }
    faults = [RowNote(row.number, name, why) for name, why in wrong.items() if why]
    amount = _amount(row, faults)
    errors += faults
    if faults or amount is None:
        return None
    return PriceCell(level, extent_class, regi, unit, amount, row.number)


def _wrong_level(level: str, expected: Expected) -> str:
    known = dict.fromkeys((*expected.levels, *expected.also))
    if level and (level in known or not expected.levels):
        return ""
    return f"Okänd nivå ”{level}”. Ange {', '.join(known) or 'en nivå'}."


def _wrong_class(extent_class: str, expected: Expected) -> str:
    if not extent_class:
        return "Ange omfattningsklass."
    if not expected.classes or extent_class in expected.classes:
        return ""
    known = ", ".join(expected.classes)
    return f"”{extent_class}” finns inte i ersättningsreglerna. Ange {known}."


def _wrong_unit(unit: str, expected: Expected) -> str:
    if not unit:
        return "Ange dygn, dag, månad eller timme."
    needed = UNITS_OF_BASES.get(expected.basis, "")
    if needed in ("", unit):
        return ""
    return f"Ersättningsreglerna räknar per {UNIT_NAMES[needed]}. Ange den enheten."


def _amount(row: _Row, errors: list[RowNote]) -> int | None:
    try:
        amount = ore(kronor(row.texts.get("belopp_kr", "")))
    except NotAnAmount as error:
        errors.append(RowNote(row.number, "belopp_kr", str(error)))
        return None
    if amount <= 0:
        errors.append(RowNote(row.number, "belopp_kr", "Priset ska vara över noll."))
        return None
    return amount


def _duplicates(cells: Sequence[PriceCell]) -> list[RowNote]:
    first: dict[tuple[str, str, str], PriceCell] = {}
    errors = []
    for cell in cells:
        earlier = first.setdefault(cell.key, cell)
        if earlier is not cell:
            message = f"Samma pris står redan på rad {earlier.ref}. Ta bort en rad."
            errors.append(RowNote(_row(cell), "nivå", message))
    return errors


def _gaps(cells: Sequence[PriceCell], expected: Expected) -> list[RowNote]:
    """Every level must have every class and regi that list or rules speak of."""
    keys = {cell.key for cell in cells}
    levels = dict.fromkeys([*expected.levels, *(cell.level for cell in cells)])
    classes = dict.fromkeys([*expected.classes, *(c.extent_class for c in cells)])
    regis = dict.fromkeys(cell.regi for cell in cells)
    errors = [
        RowNote(
            HEADER_ROW,
            "belopp_kr",
            f"Pris saknas för nivå {level}, {extent_class}, {regi}. Lägg till en rad.",
        )
        for level, extent_class, regi in product(levels, classes, regis)
        if (level, extent_class, regi) not in keys
    ]
    return errors + _both_regis(cells)


def _both_regis(cells: Sequence[PriceCell]) -> list[RowNote]:
    regis = {cell.regi for cell in cells}
    units = {cell.unit for cell in cells}
    errors = []
    if EITHER in regis and len(regis) > 1:
        why = "Regi ”alla” kan inte stå bredvid extern eller intern."
        errors.append(RowNote(HEADER_ROW, "regi", why))
    if len(units) > 1:
        why = "Listan blandar enheter. Välj en."
        errors.append(RowNote(HEADER_ROW, "enhet", why))
    return errors


def _first_days(named: Sequence[_Row], errors: list[RowNote]) -> list[date]:
    days: dict[date, int] = {}
    for row in named:
        text = row.texts.get("giltig_från", "")
        try:
            if text:
                days.setdefault(day_of(text), row.number)
        except ValueError:
            why = f"”{text}” är ingen dag. Skriv till exempel 2026-01-01."
            errors.append(RowNote(row.number, "giltig_från", why))
    errors += [
        RowNote(number, "giltig_från", "Alla rader ska ha samma första dag.")
        for number in list(days.values())[1:]
    ]
    return list(days)


def _off_pattern(cells: Sequence[PriceCell]) -> list[RowNote]:
    """Cells that break the share which most levels follow; they are kept as printed."""
    classes = dict.fromkeys(cell.extent_class for cell in cells)
    sums = {
        name: sum(c.amount for c in cells if c.extent_class == name) for name in classes
    }
    whole = max(sums, key=lambda name: sums[name])
    full = {(c.level, c.regi): c.amount for c in cells if c.extent_class == whole}
    return [
        note
        for name in classes
        if name != whole
        for note in _off_share(
            [c for c in cells if c.extent_class == name], full, whole
        )
    ]


def _off_share(
    cells: Sequence[PriceCell], full: Mapping[tuple[str, str], int], whole: str
) -> list[RowNote]:
    def expected(cell: PriceCell, percent: int) -> int:
        step = 100 if cell.amount % 100 == 0 else 1
        return rounded(full[cell.level, cell.regi] * percent, 100, to=step)

    def follows(percent: int) -> int:
        return sum(expected(cell, percent) == cell.amount for cell in cells)

    best = max(range(1, 100), key=follows)
    if follows(best) * 2 <= len(cells):
        return []
    return [
        RowNote(
            _row(cell),
            "belopp_kr",
            f"{shown(cell.amount)} följer inte listans mönster: {best} % av {whole} "
            f"ger {shown(expected(cell, best))}. Priset behålls som det står.",
        )
        for cell in cells
        if expected(cell, best) != cell.amount
    ]


def _row(cell: PriceCell) -> int:
    return int(cell.ref)
