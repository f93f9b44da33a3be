"""lovdv import: people, decisions, placements, attendance and prices from files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from lovdv import excel
from lovdv.cli.files import rows_of
from lovdv.cli.shell import (
    DONE,
    FAULT,
    Day,
    Faulty,
    File,
    Misused,
    Month,
    NewFile,
    Whole,
    answer,
    as_json,
    changing,
    municipality_option,
    step,
)
from lovdv.cli.swedish import Command, Group
from lovdv.extensions import db
from lovdv.imports import running
from lovdv.imports.kinds import KINDS, template
from lovdv.imports.running import Examined, Kind, Scope, State
from lovdv.prices import operations as pricing
from lovdv.prices.announcing import Announcement
from lovdv.systems import queries as systems

WORDS = {
    State.NEW: "ny",
    State.CHANGED: "ändras",
    State.SAME: "oförändrad",
    State.FAULT: "FEL",
}


@click.group("import", cls=Group)
def import_() -> None:
    """Läs in uppgifter ur Excel eller CSV.

    Samma fil kan läsas in flera gånger; det som redan stämmer ändras inte.
    """


@dataclass(frozen=True)
class Wish:
    """How the file is to be read in."""

    only_try: bool
    only_good: bool
    faults: Path | None
    as_json: bool


def _options(command: Callable[..., int]) -> Callable[..., int]:
    for option in (
        as_json,
        municipality_option,
        click.option("--template", type=NewFile(), metavar="FIL", help="Skriv mallen."),
        click.option(
            "--faults", type=NewFile(), metavar="FIL", help="Skriv raderna med fel hit."
        ),
        click.option(
            "--only-good", is_flag=True, help="Läs in raderna som är rätt, inte alla."
        ),
        click.option(
            "--try", "only_try", is_flag=True, help="Visa vad som skulle hända."
        ),
        click.argument("file", type=File(), metavar="FIL", required=False),
    ):
        command = option(command)
    return command


def _command(kind: Kind, order: str) -> click.Command:
    @_options
    def read(
        file: Path | None,
        municipality: str | None,
        template: Path | None,
        month: date | None = None,
        **wish: Any,
    ) -> int:
        if template is not None:
            return _write_template(kind, template)
        if file is None:
            raise Misused("Ange filen som ska läsas in, eller --template FIL.")
        return _read(kind, file, municipality, month, Wish(**wish))

    text = f"{kind.title}{order}\n\nMed --template FIL skrivs en mall att fylla i."
    made = click.command(kind.name, cls=Command, help=text)(read)
    if kind.name == "attendance":
        option = click.option(
            *("--month", "month"),
            type=Month(),
            metavar="MÅNAD",
            help="Månaden som filen gäller, som 2026-10.",
        )
        made = option(made)
    return made


def _write_template(kind: Kind, path: Path) -> int:
    path.write_bytes(template(kind))
    step(f"Mallen är skriven: {path}")
    return DONE


def _read(
    kind: Kind, file: Path, municipality: str | None, month: date | None, wish: Wish
) -> int:
    if kind.name == "attendance" and month is None:
        raise Misused("Ange månaden: --month 2026-10")
    rows = rows_of(file)
    step(f"Läser {len(rows) - 1} rader ...")
    with changing(municipality) as home:
        scope = Scope(home.id, systems.main_system(home.id), month=month)
        if wish.only_try:
            examined = running.examine(kind, rows, scope)
        else:
            examined = _carried_out(kind, rows, scope, wish)
    told = {
        "read_in": _kept(examined, wish),
        "counts": {state.value: examined.counts[state] for state in State},
        "rows": running.as_rows(examined),
    }
    answer(told, lambda: _text(examined, wish), as_json=wish.as_json)
    if examined.faults and wish.faults is not None:
        wish.faults.write_bytes(excel.with_faults(rows, examined.faults))
        step(f"Raderna med fel är markerade i {wish.faults}.")
    return FAULT if examined.faults else DONE


def _carried_out(
    kind: Kind, rows: list[list[str]], scope: Scope, wish: Wish
) -> Examined:
    """Read in; with faults and no wish for the good rows, nothing is."""
    try:
        return running.read_in(kind, rows, scope, only_good=wish.only_good)
    except running.Faulty as faulty:
        return faulty.examined


def _kept(examined: Examined, wish: Wish) -> bool:
    return not wish.only_try and (wish.only_good or not examined.faults)


def _text(examined: Examined, wish: Wish) -> str:
    lines = [
        f"rad {r.number} {r.outcome.about}: {WORDS[r.outcome.state]}"
        + (f" – {'; '.join(r.outcome.notes)}" if r.outcome.notes else "")
        for r in examined.results
        if r.outcome.state is not State.SAME
    ]
    counts = ", ".join(f"{examined.counts[s]} {word}" for s, word in WORDS.items())
    return "\n".join([*lines, counts, _verdict(examined, wish)])


def _verdict(examined: Examined, wish: Wish) -> str:
    if wish.only_try:
        return "Prov: ingenting har lästs in."
    if not _kept(examined, wish):
        return "Ingenting har lästs in. Rätta raderna, eller lägg till --only-good."
    if not examined.changes:
        return "Allt stämde redan. Ingenting har ändrats."
    return "Klart."


@import_.command("prices")
@click.argument("file", type=File(), metavar="FIL")
@click.option("--name", metavar="NAMN", required=True, help="Prislistans namn.")
@click.option(
    "--first-day", type=Day(), metavar="DAG", required=True, help="Gäller från."
)
@click.option(
    "--reference", metavar="TEXT", required=True, help="Beslutet bakom listan."
)
@click.option(
    "--vat",
    type=Whole(0, 25),
    default=0,
    metavar="PROCENT",
    help="Momsersättning i priset till externa.",
)
@click.option("--preliminary", is_flag=True, help="Listan är preliminär.")
@click.option(
    "--announced-on", type=Day(), metavar="DAG", help="När utförarna fick veta det."
)
@click.option(
    "--announcement", metavar="TEXT", default="", help="Hur de fick veta det."
)
@click.option(
    "--override-reason",
    metavar="TEXT",
    default="",
    help="Varför listan gäller utan tillkännagivande i tid.",
)
@click.option("--try", "only_try", is_flag=True, help="Visa utan att spara.")
@municipality_option
def import_prices(
    file: Path,
    name: str,
    first_day: date,
    reference: str,
    *,
    vat: int,
    preliminary: bool,
    announced_on: date | None,
    announcement: str,
    override_reason: str,
    municipality: str | None,
    only_try: bool,
) -> int:
    """Läs in en beslutad prislista; den kan sedan inte ändras."""
    rows = rows_of(file)
    with changing(municipality) as home:
        system = systems.main_system(home.id)
        read = pricing.read_prices(system.id, rows, first_day)
        for note in (*read.errors, *read.warnings):
            click.echo(f"rad {note.row}, {note.column}: {note.message}", err=True)
        if read.errors:
            raise Faulty("Ingenting har lästs in. Rätta raderna ovan.")
        made = pricing.decide(
            system=system,
            rows=rows,
            name=name,
            first_day=first_day,
            reference=reference,
            vat_compensation=vat,
            status="preliminary" if preliminary else "definitive",
            announcement=Announcement(announced_on, announcement, override_reason),
        )
        if only_try:
            db.session.rollback()
    done = "Prov: ingenting har lästs in." if only_try else "Klart."
    click.echo(f"{made.name}: {len(read.cells)} priser från {first_day}. {done}")
    return DONE


ORDER = {
    "people": ". Läs in dem först.",
    "decisions": ". Läs in personerna först.",
    "placements": ". Läs in personer och beslut först.",
    "attendance": ", som avvikelser från planen i en månad.",
}
for _kind in KINDS.values():
    import_.add_command(_command(_kind, ORDER[_kind.name]))

COMMANDS = (import_,)
