"""lovdv prices and instrument: the engines tried on files, without a database."""

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
    NewFile,
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
@as_json
def check(file: Path, *, as_json: bool) -> int:
    """Granska en prislista i Excel eller CSV.

    Visar varje fel med rad och kolumn, och det som ser udda ut men får stå.
    """
    read = read_price_rows(rows_of(file))
    told = {
        "usable": not read.errors,
        "cells": len(read.cells),
        "first_day": read.first_day,
        "errors": [asdict(note) for note in read.errors],
        "warnings": [asdict(note) for note in read.warnings],
    }
    answer(told, lambda: _told_prices(read), as_json=as_json)
    return FAULT if read.errors else DONE


def _told_prices(read: ReadPrices) -> str:
    lines = [
        *(f"FEL  {_note(note)}" for note in read.errors),
        *(f"obs  {_note(note)}" for note in read.warnings),
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
