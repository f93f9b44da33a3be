"""Writing many payment lines at once: the one module that goes past the ORM."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from lovdv.extensions import db
from payments import Line, Priced, Ref

COLUMNS = (
    "run_id",
    "placement_id",
    "decisions",
    "levels",
    "account",
    "corrects_id",
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
"""First what is each line's own, then what alike lines share."""

NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
AT_A_TIME = 2_000
Own: TypeAlias = tuple[int, Ref, str, str, str, int | None]
Shared: TypeAlias = tuple[str | int, ...]


class Entry(NamedTuple):
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


def _rows(
    run_id: int, entries: Iterable[Entry], done: Booked
) -> Iterator[tuple[Own, Priced]]:
    lines = total = 0
    for entry in entries:
        line = entry.line
        lines += 1
        total += line.priced.amount
        own = (
            run_id,
            line.placement,
            refs_text(line.decisions),
            refs_text(line.levels),
            entry.account,
            entry.corrects,
        )
        yield own, line.priced
    done.lines, done.total = lines, total


def _shared(priced: Priced) -> Shared:
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


def _insert(connection: Any, rows: Iterator[tuple[Own, Priced]]) -> None:
    marks = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO payment_line ({NAMES}) VALUES ({marks})"  # noqa: S608 - our own names
    known: dict[int, tuple[Priced, Shared]] = {}
    while some := list(islice(rows, AT_A_TIME)):
        values = []
        for own, priced in some:
            found = known.get(id(priced))
            if found is None:
                found = known[id(priced)] = priced, _shared(priced)
            values.append(own + found[1])
        connection.executemany(statement, values)


def _copy(connection: Any, rows: Iterator[tuple[Own, Priced]]) -> None:
    """In COPY's own text form, since most of a row is the same as many others'."""
    known: dict[int, tuple[Priced, str]] = {}
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY payment_line ({NAMES}) FROM STDIN") as copy,
    ):
        while some := list(islice(rows, AT_A_TIME)):
            texts = []
            for (run, placement, decisions, levels, account, corrects), priced in some:
                found = known.get(id(priced))
                if found is None:
                    found = known[id(priced)] = priced, _copied(_shared(priced))
                texts.append(
                    f"{run}\t{placement}\t{decisions}\t{levels}\t{_escaped(account)}"
                    f"\t{NULL if corrects is None else corrects}\t{found[1]}\n"
                )
            copy.write("".join(texts))


NULL = "\\N"


def _copied(values: Shared) -> str:
    return "\t".join(_escaped(str(value)) for value in values)


def _escaped(text: str) -> str:
    if text.isalnum():
        return text
    text = text.replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")
