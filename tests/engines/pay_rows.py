"""Rows as the files of a month hold them, and the faults found in them."""

from datetime import date

from payments.files import FilePlacement, Notes
from tests.engines.payfacts import plan

Rows = list[list[str]]
PLACE = FilePlacement(
    "P1", "K1", "Enheten", "Bolaget", "extern", date(2019, 1, 1), None, (plan(),), ()
)
NO_DAY = "är ingen dag. Skriv till exempel 2026-01-31."
EMPTY = "Fyll i rutan."
NO_AMOUNT = (
    "”{}” är inte ett belopp. Skriv kronor med högst två decimaler, till exempel "
    "1 234,50."
)


def rows(*lines: str) -> Rows:
    """As in a file with semicolons."""
    return [line.split(";") for line in lines]


def faults(notes: Notes) -> list[str]:
    return [f"{note.row} {note.column}: {note.message}" for note in notes.notes]
