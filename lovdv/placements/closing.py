"""Closing days, and a unit's own reasons for absence."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.placements.models import ClosedDay, LocalReason
from lovdv.providers.models import Unit


def close(
    *, choice_system_id: int, days: Mapping[date, str], unit: Unit | None = None
) -> int:
    """Close days for every unit, or for one. Months already confirmed stand."""
    for day, name in days.items():
        db.session.add(
            ClosedDay(
                choice_system_id=choice_system_id,
                unit_id=unit.id if unit else None,
                day=day,
                name=name,
                decided_at=now(),
            )
        )
    db.session.flush()
    audit.change(
        "closed_days.add",
        object=unit.public_id if unit else "",
        after={"days": sorted(map(str, days))},
    )
    return len(days)


def reopen(*, closed_day: ClosedDay) -> None:
    """The day is no longer closed; what was confirmed with it closed stands."""
    if closed_day.day < today():
        raise Refused("Dagen har redan varit. Den går inte att öppna i efterhand.")
    closed_day.annulled_at = now()
    db.session.flush()
    audit.change(
        "closed_days.remove",
        object=closed_day.public_id,
        before={"day": closed_day.day},
    )


def add_reason(*, unit: Unit, name: str, code: str) -> LocalReason:
    """A name of the unit's own for an absence; taken up again if it was ended."""
    found = db.session.scalars(
        select(LocalReason).where(
            LocalReason.unit_id == unit.id, LocalReason.name == name
        )
    ).first()
    if found is not None and found.ended_at is not None and found.code != code:
        raise Refused(
            f"”{name}” har räknats som {found.code} förut, och det gäller för de dagar "
            "som är rapporterade. Välj samma kod, eller skriv ett annat namn.",
            "code",
        )
    if found is None or found.ended_at is None:
        found = LocalReason(unit_id=unit.id, name=name, code=code)
        db.session.add(found)
    found.ended_at = None
    db.session.flush()
    audit.change("local_reason.add", object=found.public_id, after={"code": code})
    return found


def end_reason(*, reason: LocalReason) -> None:
    reason.ended_at = now()
    db.session.flush()
    audit.change("local_reason.end", object=reason.public_id)
