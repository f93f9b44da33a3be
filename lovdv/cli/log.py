"""lovdv audit: whether the log is whole."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import click
from sqlalchemy import func, select

from lovdv import audit_check
from lovdv.audit_chain import Audit
from lovdv.audit_check import Fault, Head
from lovdv.cli.shell import DONE, FAULT, answer, as_json, prepared
from lovdv.cli.swedish import Group
from lovdv.extensions import db
from lovdv.systems import queries as systems

SYSTEM = "systemet"


@click.group(cls=Group)
def audit() -> None:
    """Loggen över vem som gjort och läst vad."""


@audit.command()
@click.option(
    "--since",
    metavar="HUVUD",
    multiple=True,
    help="Ett huvud från en tidigare kontroll, som ska finnas kvar.",
)
@as_json
def verify(since: tuple[str, ...], *, as_json: bool) -> int:
    """Räkna om loggens kedja och visa varje rad som inte stämmer.

    Visar också varje kedjas huvud. Spara dem på en annan plats, och ange dem med
    --since nästa gång: bara så märks om loggens slut har tagits bort.
    """
    with prepared():
        faults = list(audit_check.verify(db.session))
        lost = audit_check.missing(db.session, since)
        heads = audit_check.heads(db.session)
        rows = db.session.scalar(select(func.count()).select_from(Audit)) or 0
        names = {home.id: home.name for home in systems.municipalities()}
    told = {
        "whole": not faults and not lost,
        "rows": rows,
        "faults": [asdict(f) for f in faults],
        "lost": lost,
        "heads": [{**asdict(h), "name": names.get(h.chain, SYSTEM)} for h in heads],
    }
    answer(told, lambda: _text(rows, faults, lost, heads, names), as_json=as_json)
    return FAULT if faults or lost else DONE


def _text(
    rows: int,
    faults: Sequence[Fault],
    lost: Sequence[str],
    heads: Sequence[Head],
    names: Mapping[int, str],
) -> str:
    wrong = [
        *(
            f"kedja {fault.chain}, {fault.segment:%Y-%m}, rad {fault.number}: "
            f"{fault.message}"
            for fault in faults
        ),
        *(f"Huvudet {head} finns inte längre: loggen är avklippt." for head in lost),
    ]
    ends = [
        f"{names.get(h.chain, SYSTEM)}, {h.segment:%Y-%m}, rad {h.rows}: {h.head}"
        for h in heads
    ]
    verdict = (
        f"{len(wrong)} fel i loggens {rows} rader."
        if wrong
        else f"Loggen är hel: {rows} rader."
    )
    return "\n".join(
        [*wrong, verdict, *(["Huvuden att spara:"] if ends else []), *ends]
    )


COMMANDS = (audit,)
