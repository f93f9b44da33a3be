"""Writing many payment lines at once: the one module that goes past the ORM."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import func, select

from lovdv.extensions import db
from lovdv.payouts.models import LineTerms
from payments import Line, Priced, Ref

LINE = (
    "run_id",
    "placement_id",
    "decisions",
    "levels",
    "payee_id",
    "terms",
    "corrects_id",
)
TERMS = (
    "run_id",
    "number",
    "kind",
    "month",
    "first_day",
    "end_day",
    "level",
    "extent_class",
    "regi",
    "cells",
    "unit",
    "price",
    "hundredths",
    "of",
    "share",
    "rounding",
    "amount",
    "days",
    "counted",
    "rules",
)
AT_A_TIME = 2_000
Told: TypeAlias = tuple[str | int, ...]


class Entry(NamedTuple):
    """A line to book, whom it is paid to, and the booked line that it takes back."""

    line: Line
    payee: int
    corrects: int | None = None


@dataclass(slots=True)
class Booked:
    """How much went into the book."""

    lines: int = 0
    total: int = 0


def book(run_id: int, entries: Iterable[Entry]) -> Booked:
    """Write entries as they come; nothing else may ask the database meanwhile.

    The terms come after the lines that have them, when it is known which there are.
    """
    terms = _Terms(run_id)
    done = Booked()
    found = iter(entries)
    connection = db.session.connection().connection.driver_connection
    if db.engine.dialect.name == "postgresql":
        _copy_lines(connection, run_id, found, terms, done)
        _copy_terms(connection, terms)
    else:
        _insert_lines(connection, run_id, found, terms, done)
        connection.executemany(_insertion("line_terms", TERMS), terms.told)
    return done


class _Terms:
    """The terms of a run's lines, each told once and numbered as it is met."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        last = select(func.max(LineTerms.number)).where(LineTerms.run_id == run_id)
        self._last = db.session.scalar(last) or 0
        self._numbers: dict[Priced, int] = {}
        self._known: dict[int, tuple[int, Priced]] = {}
        """By identity, with what has it, so that no other gets the same."""
        self.told: list[Told] = []

    def number(self, priced: Priced) -> int:
        known = self._known.get(id(priced))
        if known is None:
            known = self._known[id(priced)] = self._numbered(priced), priced
        return known[0]

    def _numbered(self, priced: Priced) -> int:
        number = self._numbers.get(priced)
        if number is None:
            number = self._last = self._last + 1
            self._numbers[priced] = number
            self.told.append((self._run_id, number, *_told(priced)))
        return number


def _told(priced: Priced) -> Told:
    return (
        priced.kind,
        f"{priced.month}-01",
        priced.start.isoformat(),
        priced.end.isoformat(),
        priced.level,
        priced.extent_class,
        priced.regi,
        refs_text(priced.cells),
        priced.unit,
        priced.price,
        priced.hundredths,
        priced.of,
        priced.share,
        priced.rounding,
        priced.amount,
        priced.days,
        priced.counted,
        "\n".join(priced.rules),
    )


def refs_text(refs: Sequence[Ref]) -> str:
    """References as they stand in a column; refs_of reads them back."""
    return str(refs[0]) if len(refs) == 1 else " ".join(str(ref) for ref in refs)


def refs_of(text: str) -> tuple[int, ...]:
    return tuple(int(ref) for ref in text.split())


def _some(entries: Iterator[Entry], done: Booked) -> Iterator[Sequence[Entry]]:
    """The entries some at a time, and counted."""
    while some := list(islice(entries, AT_A_TIME)):
        yield some
        done.lines += len(some)
        done.total += sum(entry.line.priced.amount for entry in some)


def _insert_lines(
    connection: Any, run_id: int, found: Iterator[Entry], terms: _Terms, done: Booked
) -> None:
    statement = _insertion("payment_line", LINE)
    for some in _some(found, done):
        rows = [
            (
                run_id,
                line.placement,
                refs_text(line.decisions),
                refs_text(line.levels),
                payee,
                terms.number(line.priced),
                corrects,
            )
            for line, payee, corrects in some
        ]
        connection.executemany(statement, rows)


def _insertion(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({_names(columns)}) VALUES ({marks})"  # noqa: S608 - our own names


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


NULL = "\\N"


def _copy_lines(
    connection: Any, run_id: int, found: Iterator[Entry], terms: _Terms, done: Booked
) -> None:
    """In COPY's own text form: numbers and ids need no escaping."""

    def text(entry: Entry) -> str:
        line, payee, corrects = entry
        decisions, levels = refs_text(line.decisions), refs_text(line.levels)
        number = terms.number(line.priced)
        back = NULL if corrects is None else corrects
        return (
            f"{run_id}\t{line.placement}\t{decisions}\t{levels}\t{payee}\t{number}"
            f"\t{back}\n"
        )

    statement = f"COPY payment_line ({_names(LINE)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for some in _some(found, done):
            copy.write("".join(map(text, some)))


def _copy_terms(connection: Any, terms: _Terms) -> None:
    statement = f"COPY line_terms ({_names(TERMS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for told in terms.told:
            copy.write_row(told)
