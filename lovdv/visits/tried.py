"""Try-out days that count as begun, where the municipality's rule says so."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import func, select

from lovdv.extensions import db
from lovdv.visits.models import VisitDay, VisitRequest

ONE_QUERY = 10_000


def first_days(decision_ids: Collection[int]) -> dict[int, date]:
    """The first try-out day that took place and starts the clock, by decision."""
    return _days(decision_ids, func.min(VisitDay.day))


def left_after(decision_ids: Collection[int], on: date) -> dict[int, date]:
    """The day after the last such day: from then there is a place, or there is none."""
    last = _days(decision_ids, func.max(VisitDay.day))
    found = {key: day + timedelta(days=1) for key, day in last.items()}
    return {key: day for key, day in found.items() if day <= on}


def _days(decision_ids: Collection[int], which: object) -> dict[int, date]:
    asked = sorted(set(decision_ids))
    found: dict[int, date] = {}
    for start in range(0, len(asked), ONE_QUERY):
        rows = db.session.execute(
            select(VisitRequest.decision_id, which)
            .join(VisitDay, VisitDay.visit_request_id == VisitRequest.id)
            .where(
                VisitRequest.decision_id.in_(asked[start : start + ONE_QUERY]),
                VisitRequest.kind == "try_out",
                VisitRequest.starts_clock,
                VisitDay.annulled_at.is_(None),
            )
            .group_by(VisitRequest.decision_id)
        )
        found |= dict(rows.all())
    return found
