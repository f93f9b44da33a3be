"""lovdv prices and instrument: the engines tried on files, without a database."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from assessment import Instrument, RowStatus, UnreadableInstrumentError, advice
from lovdv import excel
from lovdv.cli.shell import (
    DONE,
    FAULT,
    Faulty,
    File,
    Misused,
    NewFile,
    Whole,
    answer,
    as_json,
    step,
)
from lovdv.cli.swedish import Group
from lovdv.needs.answer_files import (
    instrument_from,
    keep_apart,
    read_file,
    score_file,
)
from payments import ReadPrices, RowNote, read_price_rows
from payments.errors import NotAnAmount
from payments.indexing import index_of, jumps, off_index


def rows_of(path: Path) -> list[list[str]]:
    """A file's rows as texts; a file that is too large is not even read."""
    if path.stat().st_size > excel.MAX_BYTES:
        size = excel.MAX_BYTES // excel.MEGABYTE
        raise Faulty(f"{path.name} är för stor. Högst {size} MB går att läsa in.")
    return excel.read(path.read_bytes(), path.name)


@click.group(cls=Group)
def prices() -> None:
    """Prislistor."""


@prices.command()
@click.argument("file", type=File(), metavar="FIL")
@click.option(
    "--before", type=File(), metavar="FIL", help="Jämför med listan före, en fil till."
)
@click.option(
    "--jump",
    type=Whole(0, 100),
    default=10,
    metavar="PROCENT",
    help="Visa priser som har ändrats mer än så. Annars 10.",
)
@click.option(
    "--index", metavar="PROCENT", help="Visa priser som inte följer det här indexet."
)
@as_json
def check(
    file: Path, before: Path | None, jump: int, index: str | None, *, as_json: bool
) -> int:
    """Granska en prislista i Excel eller CSV.

    Visar varje fel med rad och kolumn, och det som ser udda ut men får stå: priser
    som bryter listans mönster och, med --before, priser som har ändrats mycket eller
    inte följer ett index.
    """
    read = read_price_rows(rows_of(file))
    odd = [*read.warnings, *_odd_beside(read, before, jump, index)]
    told = {
        "usable": not read.errors,
        "cells": len(read.cells),
        "first_day": read.first_day,
        "errors": [asdict(note) for note in read.errors],
        "warnings": [asdict(note) for note in odd],
    }
    answer(told, lambda: _told_prices(read, odd), as_json=as_json)
    return FAULT if read.errors else DONE


def _odd_beside(
    read: ReadPrices, before: Path | None, jump: int, index: str | None
) -> list[RowNote]:
    """What looks odd beside the list before; nothing when the list has errors."""
    if before is None:
        if index is not None:
            raise Misused("Ange listan före med --before, så att index kan prövas.")
        return []
    known = read_price_rows(rows_of(before))
    if known.errors:
        raise Faulty(f"{before.name} går inte att använda: {known.errors[0].message}")
    if read.errors:
        return []
    found = list(jumps(read.cells, known.cells, jump))
    if index is not None:
        found += off_index(read.cells, known.cells, _percent(index))
    return found


def _percent(text: str) -> int:
    try:
        return index_of(text)
    except NotAnAmount as error:
        raise Misused("Skriv --index i procent, till exempel 3,1.") from error


def _told_prices(read: ReadPrices, odd: Sequence[RowNote]) -> str:
    lines = [
        *(f"FEL  {_note(note)}" for note in read.errors),
        *(f"obs  {_note(note)}" for note in odd),
    ]
    verdict = "går inte att använda" if read.errors else "går att använda"
    since = f", gäller från {read.first_day}" if read.first_day else ""
    return "\n".join([*lines, f"{len(read.cells)} priser{since}. Listan {verdict}."])


def _note(note: RowNote) -> str:
    return f"rad {note.row}, {note.column}: {note.message}"


@click.group(cls=Group)
def instrument() -> None:
    """Bedömningsinstrument."""


@instrument.command("check")
@click.argument("file", type=File(), metavar="FIL")
@as_json
def check_instrument(file: Path, *, as_json: bool) -> int:
    """Granska ett bedömningsinstrument (JSON eller Excel).

    Visar varje fel med plats och vad som ska göras, sedan det som är värt att tänka på.
    """
    try:
        found = read_file(file)
    except UnreadableInstrumentError as error:
        faults = [asdict(fault) for fault in error.faults]
        told = {"usable": False, "faults": faults}
        listed = "\n".join(f"FEL  {fault}" for fault in error.faults)
        answer(told, lambda: listed, as_json=as_json)
        return FAULT
    told = {
        "usable": True,
        "id": found.id,
        "version": found.version,
        "levels": [level.label for level in found.levels],
        "questions": len(found.questions()),
        "advice": [asdict(one) for one in advice(found)],
    }
    answer(told, lambda: _told_instrument(found), as_json=as_json)
    return DONE


def _told_instrument(found: Instrument) -> str:
    levels = ", ".join(level.label for level in found.levels)
    lines = [f"obs  {one}" for one in advice(found)]
    lines.append(
        f"{found.title}, version {found.version}: {len(found.questions())} frågor i "
        f"{len(found.domains)} områden, nivåerna {levels}. Det går att använda."
    )
    return "\n".join(lines)


@instrument.command()
@click.argument("file", type=File(), metavar="FIL")
@click.argument("answers", type=File(), metavar="SVAR")
@click.option(
    "--out", type=NewFile(), required=True, metavar="RESULTAT", help="Skriv hit (CSV)."
)
@as_json
def score(file: Path, answers: Path, out: Path, *, as_json: bool) -> int:
    """Räkna nivåer för en fil med svar, en rad för varje person.

    Kolumnen id och en kolumn för varje fråga. Ett svar som saknas ger ingen nivå.
    Filen kan ha hur många rader som helst.
    """
    keep_apart(out, file)
    found = score_file(instrument_from(file), answers, out, _told_rows)
    counts = {status.value: number for status, number in found.items()}
    answer(counts, lambda: _told_scores(counts, out), as_json=as_json)
    return FAULT if set(counts) - {RowStatus.OK.value} else DONE


def _told_rows(rows: int) -> None:
    step(f"{rows} rader …")


def _told_scores(counts: dict[str, int], out: Path) -> str:
    told = ", ".join(f"{number} {status}" for status, number in counts.items())
    return f"{told or 'inga rader'}. Skrivet till {out}."


COMMANDS = (prices, instrument)
