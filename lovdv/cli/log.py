"""lovdv audit: whether the log is whole."""

from dataclasses import asdict

import click
from sqlalchemy import func, select

from lovdv import audit_check
from lovdv.audit_chain import Audit
from lovdv.cli.shell import DONE, FAULT, answer, as_json, prepared
from lovdv.cli.swedish import Group
from lovdv.extensions import db


@click.group(cls=Group)
def audit() -> None:
    """Loggen över vem som gjort och läst vad."""


@audit.command()
@as_json
def verify(*, as_json: bool) -> int:
    """Räkna om loggens kedja och visa varje rad som inte stämmer."""
    with prepared():
        faults = list(audit_check.verify(db.session))
        rows = db.session.scalar(select(func.count()).select_from(Audit)) or 0
    told = {"whole": not faults, "rows": rows, "faults": [asdict(f) for f in faults]}
    answer(told, lambda: _text(rows, faults), as_json=as_json)
    return FAULT if faults else DONE


def _text(rows: int, faults: list[audit_check.Fault]) -> str:
    if not faults:
        return f"Loggen är hel: {rows} rader."
    lines = [
        f"kedja {fault.chain}, {fault.segment:%Y-%m}, rad {fault.number}: "
        f"{fault.message}"
        for fault in faults
    ]
    return "\n".join([*lines, f"{len(faults)} fel i loggens {rows} rader."])


COMMANDS = (audit,)
