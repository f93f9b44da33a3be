"""lovdv month and export: a month computed, how far it has come, and its files."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from lovdv.cli.shell import (
    DONE,
    Faulty,
    Month,
    NewFile,
    answer,
    as_json,
    changing,
    municipality_option,
    reading,
    step,
)
from lovdv.cli.swedish import Command, Group
from lovdv.extensions import db
from lovdv.formats import kronor
from lovdv.formats import month as month_name
from lovdv.ledger import operations as ledger
from lovdv.ledger.models import ExportFile
from lovdv.payouts import approvals, comparing, computing, left_out, queries
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.progress import NAMES, status_of
from lovdv.systems import queries as systems
from lovdv.systems.models import Municipality
from payments.month import Month as PaidMonth


@click.group(cls=Group)
def month() -> None:
    """Månadskörningen."""


@month.command()
@click.argument("first", type=Month(), metavar="MÅNAD")
@click.option("--again", is_flag=True, help="Räkna om en månad som inte är attesterad.")
@municipality_option
@as_json
def run(first: date, municipality: str | None, *, again: bool, as_json: bool) -> int:
    """Räkna en månad (som 2026-10) och kör kontrollerna.

    Med --again ersätts en beräkning som inte är attesterad, och de attester som är
    tagna gäller då inte längre. Personer attesterar sedan på webbplatsen, i så många
    steg som kommunen har beslutat; ett kommando kan inte attestera.
    """
    step(f"Räknar {month_name(first)} ...")
    with changing(municipality) as home:
        system = systems.main_system(home.id)
        before = _standing(system.id, first)
        made = computing.compute(
            system=system,
            month=PaidMonth.of(first),
            by_id=None,
            seen=before if again else None,
        )
        told = _told_run(made)
    answer(told, lambda: _run_text(told), as_json=as_json)
    return DONE


def _told_run(made: PaymentRun) -> dict[str, Any]:
    on_hold, stopped, too_old = queries.held_counts(made)
    return {
        "run": made.public_id,
        "month": f"{made.month:%Y-%m}",
        "status": made.status,
        "lines": made.line_count,
        "total_ore": made.total,
        "on_hold": on_hold,
        "stopped": stopped,
        "left_out": too_old,
        "to_decide": approvals.undecided(made, approvals.parts(made)),
    }


def _run_text(told: dict[str, Any]) -> str:
    return (
        f"{told['lines']} rader, {kronor(told['total_ore'])}.\n"
        f"Hålls inne: {told['on_hold']}. Stoppade: {told['stopped']}. "
        f"För gamla: {told['left_out']}.\n"
        f"Kontroller att besluta om: {told['to_decide']}."
    )


@month.command()
@click.argument("first", type=Month(), metavar="MÅNAD")
@municipality_option
@as_json
def status(first: date, municipality: str | None, *, as_json: bool) -> int:
    """Hur långt en månad har kommit, utförare för utförare.

    Ingenting ändras.
    """
    with reading(municipality) as home:
        told = _told_status(_required(home, first))
    answer(told, lambda: _status_text(told), as_json=as_json)
    return DONE


def _told_status(found: PaymentRun) -> dict[str, Any]:
    return {
        **_told_run(found),
        "providers": [
            {
                "name": part.name,
                "status": status_of(found, part)[0],
                "lines": part.lines,
                "amount_ore": part.amount,
                "corrected_ore": part.corrected,
                "on_hold_ore": part.on_hold,
                "attested_steps": len(part.done),
                "steps": part.steps,
            }
            for part in approvals.parts(found)
            if part.provider_id
        ],
        "changed": [
            {"what": row.name, "placements": row.placements, "amount_ore": row.amount}
            for row in comparing.since_before(found)
        ],
    }


def _status_text(told: dict[str, Any]) -> str:
    lines = [f"{NAMES[told['status']]}. {_run_text(told)}", ""]
    lines += [
        f"{one['name']}: {one['status']}, {one['lines']} rader, "
        f"{kronor(one['amount_ore'])}"
        for one in told["providers"]
    ]
    lines += ["", "Skiljer sig från månaden före:"]
    lines += [
        f"{row['what']}: {row['placements']}, {kronor(row['amount_ore'])}"
        for row in told["changed"]
    ]
    return "\n".join(lines)


@month.command("left-out")
@click.argument("first", type=Month(), metavar="MÅNAD")
@click.option(
    "--out", type=NewFile(), required=True, metavar="FIL", help="Skriv hit (Excel)."
)
@municipality_option
@as_json
def left_out_file(
    first: date, out: Path, municipality: str | None, *, as_json: bool
) -> int:
    """Skriv de rättelser som är äldre än gränsen, med belopp."""
    with reading(municipality) as home:
        found = _required(home, first)
        rows = left_out.left_out(found)
        out.write_bytes(left_out.workbook(found))
    told = {"rows": len(rows), "total_ore": sum(row.amount for row in rows)}
    answer(
        told,
        lambda: f"{out}: {told['rows']} rader, {kronor(told['total_ore'])}",
        as_json=as_json,
    )
    return DONE


@click.command(cls=Command)
@click.argument("first", type=Month(), metavar="MÅNAD")
@click.option(
    "--out", type=NewFile(), required=True, metavar="FIL", help="Skriv hit (Excel)."
)
@municipality_option
@as_json
def export(first: date, out: Path, municipality: str | None, *, as_json: bool) -> int:
    """Ta ut ekonomifilen för en attesterad månad.

    Filen görs en gång. Körs kommandot igen kommer samma fil.
    """
    with changing(municipality) as home:
        made = _file(home, first)
        content, told = made.content, {"name": made.name, "sha256": made.sha256}
    if hashlib.sha256(content).hexdigest() != told["sha256"]:
        raise Faulty("Filen i databasen stämmer inte med sin kontrollsumma.")
    out.write_bytes(content)
    answer(told, lambda: f"{out}: SHA-256 {told['sha256']}", as_json=as_json)
    return DONE


def _required(home: Municipality, first: date) -> PaymentRun:
    found = _standing(systems.main_system(home.id).id, first)
    if found is None:
        raise Faulty(f"{month_name(first).capitalize()} är inte räknad än.")
    return found


def _file(home: Municipality, first: date) -> ExportFile:
    found = _required(home, first)
    if found.status == "exported":
        return _kept(found)
    return ledger.export(run=found, by_id=None)


def _standing(system_id: int, first: date) -> PaymentRun | None:
    return db.session.scalars(
        select(PaymentRun).where(
            PaymentRun.choice_system_id == system_id,
            PaymentRun.month == first,
            PaymentRun.status != "replaced",
        )
    ).one_or_none()


def _kept(run: PaymentRun) -> ExportFile:
    """The file as it was made at the export."""
    return db.session.scalars(
        select(ExportFile).where(
            ExportFile.run_id == run.id, ExportFile.kind == "finance"
        )
    ).one()


COMMANDS = (month, export)
