"""How many may be at a unit at the same time, and which units may have more."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from lovdv.extensions import db
from lovdv.placements.models import Placement
from lovdv.placements.plans import HALVES
from lovdv.providers.capacity import ceilings_of
from lovdv.providers.models import Capacity, Unit
from payments import Month, Ref

Limits = Mapping[tuple[int, str], int]
"""By weekday (Monday is 0) and half."""


def limits(month: Month, placed_there: Any) -> dict[Ref, Limits]:
    """By unit with more people than some half-day has room for: its ceilings.

    `placed_there` is SQL: which placements' units are asked about. People from other
    municipalities count: the permit is about all who are there.
    """
    here = select(Placement.unit_id).where(placed_there)
    placed = (
        select(Placement.unit_id, func.count())
        .where(
            Placement.unit_id.in_(here),
            Placement.annulled_at.is_(None),
            Placement.first_day < month.end,
            Placement.end_day.is_(None) | (Placement.end_day > month.first),
        )
        .group_by(Placement.unit_id)
    )
    people = {unit: number for unit, number in db.session.execute(placed)}  # noqa: C416 - rows of two
    units = db.session.scalars(
        select(Unit).where(Unit.id.in_(list(people))).order_by(Unit.id)
    ).all()
    ceilings = set(
        db.session.scalars(
            select(Capacity.unit_id).where(Capacity.unit_id.in_(list(people)))
        )
    )
    crowded = [
        unit
        for unit in units
        if unit.id in ceilings or people[unit.id] > unit.permit_maximum
    ]
    allowed = ceilings_of(crowded, month.first)
    return {unit.id: {**_permit(unit), **allowed[unit.id]} for unit in crowded}


def _permit(unit: Unit) -> Limits:
    """The permit counts on weekends too."""
    return {(day, half): unit.permit_maximum for day in range(7) for half in HALVES}
