"""Attendance from files: a row a month with a cell a day, or a row a day or part."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from payments.calendar import (
    ATTENDED,
    CLOSED,
    EFFECTS,
    NOT_PLANNED,
    NOT_REPORTED,
    Hours,
    hours_on,
)
from payments.facts import Attendance, Part
from payments.file_rows import FileRow, hours_of, table
from payments.files import NUMBER, FilePlacement, Notes, notes_of
from payments.marking import AWAY
from payments.month import Month, day_of

MONTH, DAY, CODE, FROM, TO = "månad", "dag", "kod", "från", "till"
REPORTED, TOLD = "rapporterad_dag", "anmäld"
NUMBERS = tuple(str(number) for number in range(1, 32))
LETTERS = frozenset(EFFECTS) | {NOT_PLANNED, NOT_REPORTED}
NEVER_TOLD = LETTERS - AWAY
"""Letters that no rule on notice judges."""
_PART = re.compile(r"(\S)\s+(\d.*)")
_TOLD = re.compile(r"(\S+)[ T](\d\d:\d\d(?::\d\d)?)")


@dataclass(slots=True)
class Reported:
    """What was reported of a placement's month; the days left out are not there."""

    codes: dict[int, str] = field(default_factory=dict)
    parts: dict[int, tuple[Part, ...]] = field(default_factory=dict)
    told: dict[int, datetime] = field(default_factory=dict)
    """When the absence of a whole day was told, by the clock of the place."""
    reported: date | None = None
    told_on: dict[int, int] = field(default_factory=dict)
    """The row that says when absence was told, by day."""


Key = tuple[str, Month]


class Cell(NamedTuple):
    """Where a letter or a part stands, and of which day it tells."""

    row: FileRow
    column: str
    told: Reported
    day: int

    def wrong(self, message: str) -> None:
        self.row.wrong(self.column, message)


def read_attendance(
    rows: Sequence[Sequence[str]], last: Month
) -> tuple[Mapping[Key, Reported], Notes]:
    """By placement and month, up to the month that is paid."""
    by_day = DAY in (text.strip().casefold() for text in rows[0])
    columns = (
        (NUMBER, DAY, CODE, FROM, TO, TOLD) if by_day else (NUMBER, MONTH, *NUMBERS)
    )
    read = table(rows, (*columns, REPORTED), columns[:3] if by_day else columns[:2])
    found: dict[Key, Reported] = {}
    for row in read.rows:
        (_read_day if by_day else _read_month)(row, last, found)
    return found, notes_of(read, NUMBER)


def _read_month(row: FileRow, last: Month, found: dict[Key, Reported]) -> None:
    number = row.required(NUMBER)
    month = row.month(MONTH)
    if month is None or not number or _is_after(row, MONTH, month, last):
        return
    if (number, month) in found:
        row.wrong(MONTH, "Placeringens månad står redan på en annan rad. Ta bort en.")
        return
    told = found[number, month] = Reported(reported=row.day(REPORTED))
    for column in NUMBERS:
        if text := row.text(column):
            _read_cell(row, column, text, month, told)


def _read_cell(
    row: FileRow, column: str, text: str, month: Month, told: Reported
) -> None:
    """A letter, and parts after it: "N, A 12-15"."""
    day = int(column)
    if day > month.days:
        row.wrong(column, f"{month} har {month.days} dagar. Töm rutan.")
        return
    cell = Cell(row, column, told, day)
    for piece in text.split(","):
        written = _PART.fullmatch(piece.strip())
        code = (written[1] if written else piece.strip()).upper()
        if written:
            _add_part(cell, code, written[2], None)
        else:
            _add_code(cell, code)


def _read_day(row: FileRow, last: Month, found: dict[Key, Reported]) -> None:
    number, day = row.required(NUMBER), row.required_day(DAY)
    code = row.required(CODE).upper()
    if day is None or not (number and code):
        return
    month = Month.of(day)
    if _is_after(row, DAY, month, last):
        return
    told = found.setdefault((number, month), Reported())
    reported = row.day(REPORTED)
    if reported is not None:
        told.reported = max(reported, told.reported or reported)
    cell, told_at = Cell(row, CODE, told, day.day), _told_at(row, code)
    is_part = bool(row.text(FROM) or row.text(TO))
    if is_part:
        _add_part(cell, code, f"{row.text(FROM)}-{row.text(TO)}", told_at)
    else:
        _add_code(cell, code)
    if told_at is None or row.faults:
        return
    told.told_on.setdefault(day.day, row.number)
    if not is_part:
        told.told[day.day] = told_at


def _is_after(row: FileRow, column: str, month: Month, last: Month) -> bool:
    """Whether it is of a month after the one that is paid, which is then noted."""
    if month > last:
        row.wrong(column, f"Raden gäller {month}, efter månaden som räknas, {last}.")
    return month > last


def _add_code(cell: Cell, code: str) -> None:
    codes, day = cell.told.codes, cell.day
    if code not in LETTERS:
        known = " ".join(sorted(LETTERS))
        cell.wrong(f"”{code}” är ingen kod. Välj bland {known}.")
    elif day in codes:
        cell.wrong(f"Dag {day} står redan med {codes[day]}. Ta bort en.")
    else:
        codes[day] = code


def _add_part(cell: Cell, code: str, times: str, told_at: datetime | None) -> None:
    hours = hours_of(times)
    if hours is None or code not in EFFECTS:
        cell.wrong(f"”{code} {times}” går inte att läsa. Skriv som A 12-15.")
        return
    before = cell.told.parts.get(cell.day, ())
    if any(part.start < hours.end and hours.start < part.end for part in before):
        cell.wrong(f"Två delar av dag {cell.day} har samma timmar. Rätta den ena.")
        return
    part = Part(code, hours.start, hours.end, told_at)
    cell.told.parts[cell.day] = tuple(sorted((*before, part), key=_start))


def _told_at(row: FileRow, code: str) -> datetime | None:
    """When the absence was told, by the clock of the place."""
    text = row.text(TOLD)
    if text and code in NEVER_TOLD:
        away = " ".join(sorted(AWAY))
        row.wrong(TOLD, f"{code} anmäls inte, bara {away}. Töm rutan eller ändra kod.")
        return None
    try:
        return _moment(text) if text else None
    except ValueError:
        row.wrong(TOLD, f"”{text}” är ingen tid. Skriv som 2026-03-05 14:30.")
        return None


def _moment(text: str) -> datetime:
    """A day and a clock time: a day alone does not say whether it was in time."""
    found = _TOLD.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return datetime.combine(day_of(found[1]), time.fromisoformat(found[2]))


def attendance_of(
    told: Reported, month: Month, placement: FilePlacement, closed: Iterable[date]
) -> Attendance:
    """The month with what was left out filled in: never as attended.

    A day with parts alone is attended for the rest, as planned.
    """
    codes = "".join(
        told.codes.get(day.day)
        or _left_out(day, placement, closed, is_parted=day.day in told.parts)
        for day in month.every_day()
    )
    return Attendance(codes, _parts(told, month, placement), told.reported)


def _parts(
    told: Reported, month: Month, placement: FilePlacement
) -> Mapping[int, tuple[Part, ...]]:
    """Parts by day; a whole day of absence that was told is one too.

    The rules judge parts by when they were told, and letters as they are.
    """
    found = dict(told.parts)
    for number, at in told.told.items():
        letter = told.codes[number]
        hours = hours_on(date(month.year, month.number, number), placement.plans)
        if hours is not None:
            parts = found.get(number, ())
            rest = [Part(letter, *span, at) for span in _left(hours, parts)]
            found[number] = tuple(sorted((*parts, *rest), key=_start))
    return found


def told_in_vain(
    told: Reported, month: Month, placement: FilePlacement
) -> Iterator[tuple[int, date]]:
    """Rows that say when absence was told, of days that have no hours to be away from.

    The days are those of the placement: what is told of others counts for nothing.
    """
    parts = _parts(told, month, placement)
    for number, row in told.told_on.items():
        day = date(month.year, month.number, number)
        code, hours = told.codes.get(number), hours_on(day, placement.plans)
        is_idle = code == NOT_PLANNED if code else hours is None
        is_kept = any(part.told for part in parts.get(number, ()))
        if placement.covers(day) and (is_idle or not is_kept):
            yield row, day


def _left(hours: Hours, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """From and to of what parts, in their order, leave of the planned hours."""
    starts = [hours.start, *(max(part.end, hours.start) for part in parts)]
    ends = [*(min(part.start, hours.end) for part in parts), hours.end]
    for start, end in zip(starts, ends, strict=True):
        if start < end:
            yield start, end


def _start(part: Part) -> int:
    return part.start


def _left_out(
    day: date, placement: FilePlacement, closed: Iterable[date], *, is_parted: bool
) -> str:
    if hours_on(day, placement.plans) is None:
        return NOT_PLANNED
    if day in closed:
        return CLOSED
    return ATTENDED if is_parted else NOT_REPORTED
