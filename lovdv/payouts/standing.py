"""Which lines are booked, and which of those still stand."""

from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from lovdv.controls.models import Hold
from lovdv.extensions import db
from lovdv.payouts.booking import refs_of
from lovdv.payouts.models import PaymentLine, PaymentRun
from payments import Booked, Line, Month, Priced

BOOKED = ("attested", "exported")
"""The status of a run whose lines are booked, but for those on hold."""


def standing(choice_system_id: int, month: Month) -> dict[int, tuple[Booked, int]]:
    """The booked lines of a month that nothing has taken back, with their payee."""
    taker, taking_run = aliased(PaymentLine, flat=True), aliased(PaymentRun)
    taken_back = (
        select(taker.id)
        .join(taking_run, taking_run.id == taker.run_id)
        .where(
            taker.corrects_id == PaymentLine.id,
            taking_run.status.in_(BOOKED),
            ~is_on_hold(taker),
        )
    )
    rows = db.session.scalars(
        select(PaymentLine)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status.in_(BOOKED),
            PaymentLine.month == month.first,
            PaymentLine.corrects_id.is_(None),
            ~is_on_hold(PaymentLine),
            ~taken_back.exists(),
        )
        .order_by(PaymentLine.id)
    )
    return {row.id: (Booked(row.id, line_of(row)), row.payee_id) for row in rows}


def is_on_hold(line: Any) -> Any:
    """SQL: a person has decided that the line is not paid yet."""
    return exists().where(
        and_(
            Hold.run_id == line.run_id,
            Hold.placement_id == line.placement_id,
            Hold.month == line.month,
        )
    )


def line_of(row: PaymentLine) -> Line:
    """The engine's line of a booked row."""
    return Line(
        placement=row.placement_id,
        decisions=refs_of(row.decisions),
        levels=refs_of(row.levels),
        priced=Priced(
            kind=row.kind,
            month=Month.of(row.month),
            start=row.first_day,
            end=row.end_day,
            level=row.level,
            extent_class=row.extent_class,
            regi=row.regi,
            cells=refs_of(row.cells),
            unit=row.unit,
            price=row.price,
            hundredths=row.hundredths,
            of=row.of,
            share=row.share,
            rounding=row.rounding,
            amount=row.amount,
            days=row.days,
            counted=row.counted,
            rules=tuple(row.rules.split("\n")),
        ),
    )
