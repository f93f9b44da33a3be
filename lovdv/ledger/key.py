"""Who stands behind a placement number: the key to the files, kept apart from them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from lovdv import excel
from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.people.models import Client
from lovdv.people.names import shown_name
from lovdv.people.scope import visible_people
from lovdv.placements.models import Placement

COLUMNS = (
    excel.Column("placeringsnr"),
    excel.Column("ärendenummer"),
    excel.Column("namn", width=40),
)


@dataclass(frozen=True)
class Key:
    """The reader's own people in a run; a protected identity by case number only."""

    rows: Sequence[tuple[str, Client]]
    of: int
    """How many placements the run pays for, seen or not."""


def key_of(actor: Actor, run: PaymentRun) -> Key:
    paid = select(PaymentLine.placement_id).where(PaymentLine.run_id == run.id)
    seen = visible_people(actor).with_only_columns(Client.id)
    rows = db.session.execute(
        select(Placement.number, Client)
        .join(Client, Client.id == Placement.client_id)
        .where(Placement.id.in_(paid), Client.id.in_(seen))
        .order_by(Placement.number)
    )
    whole = db.session.scalar(
        select(func.count(PaymentLine.placement_id.distinct())).where(
            PaymentLine.run_id == run.id
        )
    )
    return Key([(number, client) for number, client in rows], whole or 0)


def as_workbook(key: Key) -> bytes:
    rows = [
        [number, client.case_number, shown_name(client)] for number, client in key.rows
    ]
    return excel.workbook([excel.Sheet("Nyckel", COLUMNS, rows)], title="Nyckel")
