"""Writing many payment lines at once: the one module that goes past the ORM."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from lovdv.extensions import db
from payments import Line, Priced, Ref

COLUMNS = (
    "run_id",
    "placement_id",
    "decisions",
    "levels",
    "payee_id",
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
Form = TypeVar("Form")
Shared: TypeAlias = tuple[str | int, ...]


class Entry(NamedTuple):
    """A line to book, whom it is paid to, and the booked line that it takes back."""

    line: Line
    payee: int
    corrects: int | None = None


Add: TypeAlias = Callable[[Sequence[Entry]], object]
"""Writes some entries; how depends on the database."""


@dataclass(slots=True)
class Booked:
    """How much went into the book."""

    lines: int = 0
    total: int = 0


def book(run_id: int, entries: Iterable[Entry]) -> Booked:
    """Write entries as they come; nothing else may ask the database meanwhile."""
    done = Booked()
    connection = db.session.connection().connection.driver_connection
    write = _copy if db.engine.dialect.name == "postgresql" else _insert
    found = iter(entries)
    with write(connection, run_id) as add:
        while some := list(islice(found, AT_A_TIME)):
            add(some)
            done.lines += len(some)
            done.total += sum(entry.line.priced.amount for entry in some)
    return done


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


@contextmanager
def _insert(connection: Any, run_id: int) -> Iterator[Add]:
    marks = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO payment_line ({NAMES}) VALUES ({marks})"  # noqa: S608 - our own names
    shared = _Remembered(_shared)

    def add(entries: Sequence[Entry]) -> None:
        rows = [
            (
                run_id,
                line.placement,
                refs_text(line.decisions),
                refs_text(line.levels),
                payee,
                corrects,
                *shared.of(line.priced),
            )
            for line, payee, corrects in entries
        ]
        connection.executemany(statement, rows)

    yield add


@contextmanager
def _copy(connection: Any, run_id: int) -> Iterator[Add]:
    """In COPY's own text form, since most of a row is the same as many others'."""
    shared = _Remembered(_copied)

    def text(entry: Entry) -> str:
        line, payee, corrects = entry
        decisions, levels = refs_text(line.decisions), refs_text(line.levels)
        back = NULL if corrects is None else corrects
        rest = shared.of(line.priced)
        return (
            f"{run_id}\t{line.placement}\t{decisions}\t{levels}\t{payee}\t{back}"
            f"\t{rest}\n"
        )

    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY payment_line ({NAMES}) FROM STDIN") as copy,
    ):
        yield lambda entries: copy.write("".join(map(text, entries)))


class _Remembered(Generic[Form]):
    """The written form of what lines share, made once for each."""

    def __init__(self, make: Callable[[Priced], Form]) -> None:
        self._make = make
        self._known: dict[int, tuple[Priced, Form]] = {}

    def of(self, priced: Priced) -> Form:
        found = self._known.get(id(priced))
        if found is None:
            found = self._known[id(priced)] = priced, self._make(priced)
        return found[1]


NULL = "\\N"


def _copied(priced: Priced) -> str:
    return "\t".join(
        _escaped(value) if isinstance(value, str) else str(value)
        for value in _shared(priced)
    )


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")
