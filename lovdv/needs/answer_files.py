"""Instruments and answers from files: checked, and scored row by row."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Protocol, TextIO

from assessment import (
    Instrument,
    RowScore,
    RowStatus,
    UnreadableInstrumentError,
    UnusableTableError,
    read_instrument,
    score_rows,
)
from lovdv import excel
from lovdv.errors import Refused
from lovdv.needs import instrument_files
from lovdv.needs.instrument_files import LARGEST_FILE

HEADINGS = ("id", "status", "nivå", "prisnivå", "poäng", "högst", "meddelande")
TOLD_EVERY = 10_000
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """What csv.writer gives, which has no public type."""

    def writerow(self, row: Iterable[str], /) -> object: ...


def read_file(path: Path) -> Instrument:
    """Read a JSON file or workbook; UnreadableInstrumentError holds every fault."""
    if path.stat().st_size > LARGEST_FILE:
        raise Refused(f"{path.name} är större än 2 MB. Är det rätt fil?")
    content = path.read_bytes()
    found = instrument_files.read(content, path.name)
    if found.faults:
        raise UnreadableInstrumentError(found.faults)
    return read_instrument(json.dumps(found.document, ensure_ascii=False))


def instrument_from(path: Path) -> Instrument:
    """Read an instrument file, or refuse with every fault, one a line."""
    try:
        return read_file(path)
    except UnreadableInstrumentError as error:
        raise Refused(f"{len(error.faults)} fel i {path.name}:\n{error}") from error


def score_file(
    instrument: Instrument,
    answers: Path,
    out: Path,
    told: Callable[[int], None] = lambda rows: None,
) -> Counter[RowStatus]:
    """Score every row of a CSV file into another; nothing is left half-written."""
    keep_apart(out, answers)
    try:
        with _written_whole(out) as file:
            return _write(csv.writer(file, delimiter=";"), instrument, answers, told)
    except (csv.Error, UnicodeDecodeError) as error:
        raise Refused(
            f"{answers.name} går inte att läsa som CSV. Spara den på nytt."
        ) from error
    except UnusableTableError as error:
        raise Refused(f"{len(error.faults)} fel i {answers.name}:\n{error}") from error


def keep_apart(out: Path, *read: Path) -> None:
    """Refuse to write over a file that is read."""
    for path in read:
        if out.exists() and out.samefile(path):
            raise Refused(
                f"Resultatet kan inte skrivas över {path.name}. Välj en annan fil."
            )


@contextmanager
def _written_whole(out: Path) -> Iterator[TextIO]:
    """A new file beside `out`, which takes its place when all is written."""
    partial = out.with_name(f".{token_hex(8)}.csv")
    try:
        with partial.open("x", encoding="utf-8-sig", newline="") as file:
            yield file
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def _write(
    writer: Writer,
    instrument: Instrument,
    answers: Path,
    told: Callable[[int], None],
) -> Counter[RowStatus]:
    found: Counter[RowStatus] = Counter()
    writer.writerow(HEADINGS)
    rows = _rows(answers)
    header = next(rows, [])
    for number, row in zip(
        count(1), score_rows(instrument, header, rows), strict=False
    ):
        writer.writerow(_cells(row))
        found[row.status] += 1
        if number % TOLD_EVERY == 0:
            told(number)
    return found


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of a workbook, or of a CSV file read as they are needed."""
    if path.suffix.lower() == ".xlsx":
        return iter(excel.read(path.read_bytes(), path.name))
    return _csv_rows(path)


def _csv_rows(path: Path) -> Iterator[list[str]]:
    """Read line by line; empty lines are left out."""
    with path.open(encoding=_encoding(path), newline="") as file:
        heading = file.readline()
        file.seek(0)
        mark = max(";,\t", key=heading.count)
        for row in csv.reader(file, delimiter=mark):
            if any(text.strip() for text in row):
                yield row


def _encoding(path: Path) -> str:
    """UTF-8 when the whole file is, else what Excel in Swedish writes."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _ in file:
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _cells(row: RowScore) -> list[str]:
    texts = (row.id, row.status.value, row.level, row.price_level)
    return [
        *(_guarded(text) for text in texts),
        row.points.replace(".", ","),
        row.maximum.replace(".", ","),
        _guarded(row.message),
    ]


def _guarded(text: str) -> str:
    """Keep a text from becoming a formula when a spreadsheet opens the file."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text
