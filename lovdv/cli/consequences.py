"""lovdv instrument consequences: a file with an instrument, run over everybody."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from lovdv import audit
from lovdv.cli.files import instrument
from lovdv.cli.shell import (
    DONE,
    FAULT,
    Day,
    File,
    answer,
    as_json,
    changing,
    municipality_option,
    reading,
    step,
)
from lovdv.clock import today
from lovdv.formats import kronor
from lovdv.needs.answer_files import instrument_from
from lovdv.needs.consequences import Found, found_for
from lovdv.systems.queries import main_system

TOLD_EACH = 1_000


@instrument.command()
@click.argument("file", type=File(), metavar="FIL")
@click.option("--on", type=Day(), metavar="DAG", help="Läget den dagen, annars i dag.")
@municipality_option
@as_json
def consequences(
    file: Path, on: date | None, municipality: str | None, *, as_json: bool
) -> int:
    """Räkna ut vad ett instrument (JSON eller Excel) skulle betyda för alla.

    Inget sparas och ingen nivå ändras. Bara antal och summor visas, inga namn.
    """
    version = instrument_from(file)
    with reading(municipality) as home:
        system = main_system(home.id)
        found = found_for(system.id, version, on or today(), _told)
    with changing(municipality):
        audit.change("consequence.try", after={"people": found.people})
    answer(_as_told(found), lambda: _text(found), as_json=as_json)
    return FAULT if found.incomplete or found.unpriced else DONE


def _told(count: int) -> None:
    if count % TOLD_EACH == 0:
        step(f"{count} personer räknade ...")


def _as_told(found: Found) -> dict[str, Any]:
    return {
        "people": found.people,
        "moved": found.moved,
        "incomplete": found.incomplete,
        "moves": [
            {"from": before, "to": after, "people": count}
            for before, after, count in found.moves
        ],
        "drivers": dict(found.drivers),
        "missing": dict(found.missing),
        "unpriced": dict(found.unpriced),
        "month_now_ore": found.month_now,
        "month_then_ore": found.month_then,
        "providers": [asdict(one) for one in found.providers],
    }


def _text(found: Found) -> str:
    moves = "".join(
        f"  {before} till {after}: {count}\n"
        for before, after, count in found.moves
        if before != after
    )
    return (
        f"{found.people} personer, {found.moved} byter nivå, "
        f"{found.incomplete} går inte att räkna.\n"
        f"{moves}"
        f"Kostnad i månaden: {kronor(found.month_now)} i dag, "
        f"{kronor(found.month_then)} med versionen. "
        f"På ett år {kronor(found.year_change)}."
    )


COMMANDS = ()
