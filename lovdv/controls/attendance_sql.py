"""Which months of attendance the controls ask the database for."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, Text, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from lovdv.payouts.models import PaymentRun
from lovdv.placements.models import AttendanceMonth, Placement
from payments import Month
from payments.calendar import ATTENDED, EXTRA


def in_month(run: PaymentRun, month: Month) -> Any:
    """SQL: a placement of the municipality, paid for some day of the month."""
    return and_(
        Placement.municipality_id == run.municipality_id,
        Placement.annulled_at.is_(None),
        Placement.paid_first_day < month.end,
        or_(Placement.paid_end_day.is_(None), Placement.paid_end_day > month.first),
    )


def outside_plan() -> Any:
    return or_(
        AttendanceMonth.codes.contains(EXTRA),
        cast(AttendanceMonth.details, Text).contains(f'"{EXTRA}"'),
    )


def here_on(days: Collection[date]) -> Any:
    """SQL: here on some of the days, whole or in part."""
    here = [
        func.substr(AttendanceMonth.codes, day.day, 1).in_((ATTENDED, EXTRA))
        for day in sorted(days)
    ]
    return or_(*here, cast(AttendanceMonth.details, Text).contains(f'"{EXTRA}"'))


def latest(*which: Any) -> Select[Any]:
    """The latest version of months of attendance that have been confirmed."""
    later = aliased(AttendanceMonth)
    newer = select(later.id).where(
        later.placement_id == AttendanceMonth.placement_id,
        later.month == AttendanceMonth.month,
        later.version > AttendanceMonth.version,
        later.status != "open",
    )
    return (
        select(AttendanceMonth.id)
        .join(Placement, Placement.id == AttendanceMonth.placement_id)
        .where(
            Placement.annulled_at.is_(None),
            AttendanceMonth.status != "open",
            ~newer.exists(),
            *which,
        )
    )
