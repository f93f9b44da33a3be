"""A file's heading and rows: named texts, and typed readings of each cell."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.errors import Refused
from lovdv.excel import FAULT_COLUMN

HEADING = 1


class RowFault(Exception):
    """The row cannot be read in; the message says the column and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Field:
    """A column of the file: its heading, what it holds and how to fill it in."""

    title: str
    help: str
    required: bool = False
    kind: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row by its number in the file, the heading being 1."""

    number: int
    texts: Mapping[str, str]

    def text(self, title: str) -> str:
        return self.texts.get(title, "")

    def has(self, title: str) -> bool:
        return bool(self.text(title))

    def day(self, title: str) -> date | None:
        text = self.text(title)
        if not text:
            return None
        try:
            found = _day(text)
        except ValueError as error:
            raise RowFault(
                f"{title}: ”{text}” är ingen dag. Skriv som 2026-11-22."
            ) from error
        if not 1900 <= found.year <= 2200:
            raise RowFault(f"{title}: årtalet ser fel ut. Skriv som 2026-11-22.")
        return found

    def required_day(self, title: str) -> date:
        found = self.day(title)
        if found is None:
            raise RowFault(f"{title} saknas.")
        return found

    def end_day(self, title: str) -> date | None:
        """A last day (t.o.m.) as the half-open end."""
        found = self.day(title)
        return None if found is None else found + timedelta(days=1)

    def one_of(self, title: str, known: Mapping[str, str]) -> str:
        """The code of a word among those that are known; '' when it is empty."""
        text = self.text(title)
        if not text:
            return ""
        found = {word.casefold(): code for code, word in known.items()}
        code = found.get(text.casefold())
        if code is None:
            listed = ", ".join(known.values())
            raise RowFault(f"{title}: ”{text}” finns inte. Skriv något av: {listed}.")
        return code


def _day(text: str) -> date:
    """A week and its day, 2026-W10-4, is no day that a person writes in a cell."""
    if "W" in text:
        raise ValueError(text)
    return date.fromisoformat(text)


def read_rows(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> list[Row]:
    """Rows that hold something; a heading that is not the template's is refused."""
    titles = [_plain(text) for text in rows[0]] if rows else []
    faults = list(_heading_faults(fields, titles))
    if faults:
        raise Refused(" ".join(faults), "file")
    found = [
        Row(number, dict(zip(titles, (text.strip() for text in row), strict=False)))
        for number, row in enumerate(rows[1:], start=HEADING + 1)
        if any(text.strip() for text in row)
    ]
    if not found:
        raise Refused("Filen har inga rader under rubrikraden.", "file")
    return found


def _plain(text: str) -> str:
    return "_".join(text.casefold().split())


def _heading_faults(fields: Sequence[Field], titles: Sequence[str]) -> Iterator[str]:
    known = {field.title for field in fields}
    missing = [f.title for f in fields if f.required and f.title not in titles]
    unknown = [t for t in titles if t and t not in {*known, _plain(FAULT_COLUMN)}]
    twice = [title for title, count in Counter(titles).items() if title and count > 1]
    if missing:
        yield f"Kolumner saknas: {', '.join(missing)}. Använd mallen."
    if unknown:
        yield f"Kolumner som inte hör hit: {', '.join(unknown)}. Ta bort dem."
    if twice:
        yield f"Kolumner finns två gånger: {', '.join(twice)}. Ta bort en."


def require(fields: Sequence[Field], row: Row) -> None:
    missing = [f.title for f in fields if f.required and not row.has(f.title)]
    if missing:
        raise RowFault(f"Fyll i {', '.join(missing)}.")
