"""Corrections that are older than the back limit: what they come to, as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from lovdv import excel
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.ledger.account_words import kind_word
from lovdv.payouts.models import HeldItem, PaymentRun
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, Provider, Unit
from lovdv.systems import queries as systems
from payments import Month

COLUMNS = (
    excel.Column("månad", excel.MONTH),
    excel.Column("placeringsnr"),
    excel.Column("utförare", width=30),
    excel.Column("enhet", width=30),
    excel.Column("radtyp", width=20),
    excel.Column("skillnad", excel.AMOUNT),
    excel.Column("orsak", width=50),
)


@dataclass(frozen=True)
class LeftOut:
    """What a placement's month would have been corrected by."""

    month: date
    number: str
    provider: str
    unit: str
    kind: str
    amount: int
    cause: str


def left_out(run: PaymentRun) -> Sequence[LeftOut]:
    rows = db.session.execute(
        select(
            HeldItem.month,
            Placement.number,
            Provider.name,
            Unit.name,
            HeldItem.kind,
            func.coalesce(HeldItem.amount, 0),
            HeldItem.message,
        )
        .join(Placement, Placement.id == HeldItem.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Contract, Contract.id == Placement.contract_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(HeldItem.run_id == run.id, HeldItem.reason == "left_out")
        .order_by(HeldItem.month, Provider.name, Placement.number, HeldItem.kind)
    )
    return [LeftOut(*row) for row in rows]


def back_months(run: PaymentRun) -> int:
    """How far back the run corrected."""
    rule = systems.rule(run.choice_system_id, "correction", run.month, run.known_at)
    return int(str(rule["back_months"]))


def oldest_corrected(run: PaymentRun) -> date:
    return Month.of(run.month).plus(-back_months(run)).first


def workbook(run: PaymentRun) -> bytes:
    rows = [
        (
            one.month,
            one.number,
            one.provider,
            one.unit,
            kind_word(one.kind),
            Decimal(one.amount).scaleb(-2),
            one.cause,
        )
        for one in left_out(run)
    ]
    title = f"Utelämnade rättelser {month_name(run.month)}"
    return excel.workbook([excel.Sheet("Utelämnat", COLUMNS, rows)], title=title)


def file_name(run: PaymentRun) -> str:
    return f"utelamnat_{run.month:%Y-%m}_{run.public_id[:8]}.xlsx"
