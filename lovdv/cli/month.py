"""lovdv month run and export: a month computed, and its file taken out."""

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
    step,
)
from lovdv.cli.swedish import Command, Group
from lovdv.extensions import db
from lovdv.formats import kronor
from lovdv.formats import month as month_name
from lovdv.payouts import checking, computing, operations, queries
from lovdv.payouts.models import ExportFile, PaymentRun
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

    En annan person attesterar sedan på webbplatsen; ett kommando kan inte attestera.
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
    on_hold, stopped, left_out = queries.held_counts(made)
    findings = queries.findings(made)
    return {
        "run": made.public_id,
        "month": f"{made.month:%Y-%m}",
        "lines": made.line_count,
        "total_ore": made.total,
        "on_hold": on_hold,
        "stopped": stopped,
        "left_out": left_out,
        "to_decide": sum(map(checking.needs_decision, findings)),
    }


def _run_text(told: dict[str, Any]) -> str:
    return (
        f"{told['lines']} rader, {kronor(told['total_ore'])}.\n"
        f"Hålls inne: {told['on_hold']}. Stoppade: {told['stopped']}. "
        f"För gamla: {told['left_out']}.\n"
        f"Kontroller att besluta om: {told['to_decide']}."
    )


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


def _file(home: Municipality, first: date) -> ExportFile:
    found = _standing(systems.main_system(home.id).id, first)
    if found is None:
        raise Faulty(f"{month_name(first).capitalize()} är inte räknad än.")
    if found.status == "exported":
        return _kept(found)
    return operations.export(run=found, by_id=None)


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
