"""When months of attendance were reported: first, and changed since."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from lovdv.clock import local_day, start_of
from lovdv.extensions import db
from lovdv.payouts.models import PaymentRun
from lovdv.placements.models import AttendanceMonth, Placement
from payments import Month, Ref
from payments.amount_controls import Report


def first_reports(
    run: PaymentRun, since: PaymentRun | None, *, after_days: int
) -> list[Report]:
    """Of the month, so many days after it; of earlier ones, since a booked run."""
    end = Month.of(run.month).end
    of_month = and_(
        AttendanceMonth.month == run.month,
        AttendanceMonth.confirmed_at >= start_of(end + timedelta(days=after_days)),
    )
    return _reports(
        run,
        AttendanceMonth.version == 1,
        or_(of_month, _earlier_since(run, since)) if since else of_month,
    )


def changes(
    run: PaymentRun, since: PaymentRun, adds: Mapping[tuple[Ref, date], int]
) -> list[Report]:
    """Earlier months changed since a run, with what that adds to what is paid."""
    which = _earlier_since(run, since)
    return _reports(run, AttendanceMonth.version > 1, which, adds=adds)


def _earlier_since(run: PaymentRun, since: PaymentRun) -> Any:
    return and_(
        AttendanceMonth.month < run.month,
        AttendanceMonth.confirmed_at > since.known_at,
    )


def _reports(
    run: PaymentRun, *which: Any, adds: Mapping[tuple[Ref, date], int] | None = None
) -> list[Report]:
    rows = db.session.execute(
        select(
            AttendanceMonth.placement_id,
            AttendanceMonth.month,
            AttendanceMonth.confirmed_at,
            func.max(AttendanceMonth.version),
        )
        .join(Placement, Placement.id == AttendanceMonth.placement_id)
        .where(
            Placement.choice_system_id == run.choice_system_id,
            Placement.annulled_at.is_(None),
            AttendanceMonth.status != "open",
            *which,
        )
        .group_by(
            AttendanceMonth.placement_id,
            AttendanceMonth.month,
            AttendanceMonth.confirmed_at,
        )
        .order_by(AttendanceMonth.placement_id, AttendanceMonth.month)
    )
    latest = {
        (ref, month): Report(
            ref,
            Month.of(month),
            local_day(at),
            version,
            (adds or {}).get((ref, month), 0),
        )
        for ref, month, at, version in rows
    }
    return list(latest.values())
