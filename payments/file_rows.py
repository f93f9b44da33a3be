"""A file's rows as texts, read by column; what is wrong is noted and never guessed."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from payments.calendar import Hours
from payments.errors import BadRule, NotAMonth, NotAnAmount
from payments.facts import Span
from payments.money import kronor, ore
from payments.month import Month, day_of
from payments.price_rows import HEADER_ROW, RowNote

ONE_DAY = timedelta(days=1)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_BETWEEN = re.compile(r"\s*[-\N{EN DASH}]\s*")


@dataclass(slots=True)
class FileRow:
    """One row by its columns; it remembers what was wrong with it."""

    number: int
    texts: Mapping[str, str]
    faults: list[RowNote] = field(default_factory=list)

    def text(self, column: str) -> str:
        return self.texts.get(column, "")

    def required(self, column: str) -> str:
        text = self.text(column)
        if not text:
            self.wrong(column, "Fyll i rutan.")
        return text

    def day(self, column: str) -> date | None:
        """The day in a cell; None when it is empty, or wrong and noted."""
        text = self.text(column)
        if not text:
            return None
        try:
            return day_of(text)
        except ValueError:
            self.wrong(column, f"”{text}” är ingen dag. Skriv till exempel 2026-01-31.")
            return None

    def month(self, column: str) -> Month | None:
        """A month that must be there; any day of it says the same, as Excel does."""
        text = self.required(column)
        try:
            return Month.of(day_of(text))
        except ValueError:
            pass
        try:
            return Month.read(text) if text else None
        except NotAMonth as error:
            self.wrong(column, str(error))
            return None

    def required_day(self, column: str) -> date | None:
        return self.day(column) if self.required(column) else None

    def period(self, first: str, last: str) -> Span | None:
        """From a first day to a last, which is included; open without a last."""
        start, end = self.required_day(first), self.day(last)
        if start is None or self.is_wrong(last):
            return None
        if end is not None and end < start:
            self.wrong(last, f"Sista dagen {end} är före första dagen {start}.")
            return None
        return Span(start, None if end is None else end + ONE_DAY)

    def percent(self, column: str) -> int | None:
        text = self.text(column)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) <= 100):
            self.wrong(column, f"”{text}” ska vara hela procent, 0 till 100.")
            return None
        return int(text)

    def amount(self, column: str) -> int | None:
        """Öre; None when the cell is empty, or wrong and noted."""
        text = self.text(column)
        try:
            return ore(kronor(text)) if text else None
        except NotAnAmount as error:
            self.wrong(column, str(error))
            return None

    def hours(self, column: str) -> Hours | None:
        text = self.text(column)
        if not text:
            return None
        found = hours_of(text)
        if found is None:
            self.wrong(column, f"”{text}” är inga tider. Skriv till exempel 9-15.")
        return found

    def one_of(self, column: str, choices: Sequence[str]) -> str:
        text = self.text(column).casefold()
        if text not in choices:
            known = [choice for choice in choices if choice]
            self.wrong(column, f"Ange {', '.join(known[:-1])} eller {known[-1]}.")
        return text

    def wrong(self, column: str, message: str) -> None:
        self.faults.append(RowNote(self.number, column, message))

    def is_wrong(self, column: str) -> bool:
        return any(fault.column == column for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under a heading, and what is wrong with the heading."""

    rows: tuple[FileRow, ...]
    errors: tuple[RowNote, ...]
    unused: tuple[str, ...]
    """Columns that nothing reads; a heading may be misspelt."""

    def notes(self) -> tuple[RowNote, ...]:
        """Everything noted, in the order of the file."""
        told = [fault for row in self.rows for fault in row.faults]
        return (*self.errors, *sorted(told, key=lambda note: note.row))


def table(
    rows: Sequence[Sequence[str]], columns: Collection[str], required: Collection[str]
) -> Table:
    """A header and rows in any column order, blank rows skipped.

    >>> found = table([["dag", "namn"], ["2026-12-24", "Julafton"]], ["dag"], ["dag"])
    >>> found.rows[0].day("dag"), found.unused
    (datetime.date(2026, 12, 24), ('namn',))
    """
    header = tuple(" ".join(text.split()).casefold() for text in rows[0])
    errors = [
        RowNote(HEADER_ROW, name, f"Kolumnen ”{name}” saknas. Lägg till den.")
        for name in required
        if name not in header
    ]
    errors += [
        RowNote(HEADER_ROW, name, f"Kolumnen ”{name}” finns två gånger. Ta bort en.")
        for name, number in Counter(header).items()
        if name in columns and number > 1
    ]
    unused = tuple(name for name in header if name and name not in columns)
    found = () if errors else tuple(_filled(rows, header))
    return Table(found, tuple(errors), unused)


def _filled(rows: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[FileRow]:
    for number, row in enumerate(rows[1:], start=HEADER_ROW + 1):
        if any(text.strip() for text in row):
            texts = (text.strip() for text in row)
            yield FileRow(number, dict(zip(header, texts, strict=False)))


def hours_of(text: str) -> Hours | None:
    """Times as people write them.

    >>> hours_of("9-15"), hours_of("08:30 – 12.00")
    (Hours(start=540, end=900), Hours(start=510, end=720))
    """
    ends = [minutes_of(part) for part in _BETWEEN.split(text.strip())]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    try:
        return Hours(ends[0], ends[1])
    except BadRule:
        return None


def minutes_of(text: str) -> int | None:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    return hours * 60 + minutes if minutes < 60 and hours < 25 else None
