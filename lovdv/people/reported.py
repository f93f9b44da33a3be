"""What is booked of placements, which no later event may deny."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED


def first_paid_day(placement_ids: Collection[int]) -> date | None:
    """The first day of the months that some of the placements are paid for."""
    months = (
        select(func.min(PaymentLine.first_day).label("day"))
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .where(
            PaymentLine.placement_id.in_(placement_ids),
            PaymentRun.status.in_(BOOKED),
        )
        .group_by(PaymentLine.placement_id, PaymentLine.month)
        .having(func.sum(PaymentLine.amount) != 0)
        .subquery()
    )
    return db.session.scalar(select(func.min(months.c.day)))
