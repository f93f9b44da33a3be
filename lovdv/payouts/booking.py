"""Writing many payment lines at once: the one module that goes past the ORM."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lovdv.extensions import db
from payments import Line

COLUMNS = (
    "run_id",
    "placement_id",
    "kind",
    "month",
    "first_day",
    "end_day",
    "decisions",
    "level",
    "levels",
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
    "account",
    "corrects_id",
)
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to book, its account, and the booked line that it takes back."""

    line: Line
    account: str
    corrects: int | None = None


@dataclass(slots=True)
class Booked:
    """How much went into the book."""

    lines: int = 0
    total: int = 0


def book(run_id: int, entries: Iterable[Entry]) -> Booked:
    """Write entries as they come; nothing else may ask the database meanwhile."""
    done = Booked()
    rows = _rows(run_id, entries, done)
    connection = db.session.connection().connection.driver_connection
    if db.engine.dialect.name == "postgresql":
        _copy(connection, rows)
    else:
        _insert(connection, rows)
    return done


def _rows(run_id: int, entries: Iterable[Entry], done: Booked) -> Iterator[Any]:
    for entry in entries:
        done.lines += 1
        done.total += entry.line.amount
        yield _row(run_id, entry)


def _row(run_id: int, entry: Entry) -> tuple[Any, ...]:
    line = entry.line
    return (
        run_id,
        line.placement,
        line.kind,
        f"{line.month}-01",
        line.start.isoformat(),
        line.end.isoformat(),
        refs_text(line.decisions),
        line.level,
        refs_text(line.levels),
        line.extent_class,
        line.regi,
        refs_text(line.cells),
        line.unit,
        line.price,
        line.hundredths,
        line.of,
        line.share,
        line.rounding,
        line.amount,
        line.days,
        line.counted,
        "\n".join(line.rules),
        entry.account,
        entry.corrects,
    )


def refs_text(refs: Sequence[int | str]) -> str:
    """References as they stand in a column; refs_of reads them back."""
    return str(refs[0]) if len(refs) == 1 else " ".join(str(ref) for ref in refs)


def refs_of(text: str) -> tuple[int, ...]:
    return tuple(int(ref) for ref in text.split())


def _insert(connection: Any, rows: Iterator[Any]) -> None:
    marks = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO payment_line ({NAMES}) VALUES ({marks})"  # noqa: S608 - our own names
    while some := list(islice(rows, AT_A_TIME)):
        connection.executemany(statement, some)


def _copy(connection: Any, rows: Iterator[Any]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY payment_line ({NAMES}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
