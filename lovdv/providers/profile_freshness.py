"""When a presentation was last checked, and when it no longer counts as confirmed."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.providers import queries
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_models import ProfileConfirmation


@dataclass(frozen=True)
class Freshness:
    """The last check, and the first day on which it has grown old."""

    checked_on: date
    lapses_on: date
    remind_days: int

    def lapsed(self, on: date) -> bool:
        return on >= self.lapses_on

    def due(self, on: date) -> bool:
        return on >= self.lapses_on - timedelta(days=self.remind_days)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month.

    >>> months_after(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def freshness(checked_on: date, rule: Mapping[str, object]) -> Freshness:
    months, remind = rule["confirm_months"], rule["remind_days_before"]
    assert isinstance(months, int)
    assert isinstance(remind, int)
    return Freshness(checked_on, months_after(checked_on, months), remind)


def confirmations(profile_ids: Sequence[int]) -> dict[int, date]:
    """The latest day on which each presentation was confirmed as it stands."""
    rows = db.session.execute(
        select(
            ProfileConfirmation.profile_id,
            func.max(ProfileConfirmation.confirmed_on),
        )
        .where(ProfileConfirmation.profile_id.in_(profile_ids))
        .group_by(ProfileConfirmation.profile_id)
    )
    return dict(rows.all())


def checked_on(profile: Profile) -> date | None:
    """The day it was sent in or confirmed, whichever is later."""
    days = [profile.checked_on, confirmations([profile.id]).get(profile.id)]
    return max((day for day in days if day), default=None)


def confirm(*, unit: Unit, by: int) -> None:
    """All still holds: a new day, no new text."""
    profile = queries.published([unit.id]).get(unit.id)
    if profile is None:
        raise Refused("Ni har ingen publicerad presentation att bekräfta än.")
    db.session.add(
        ProfileConfirmation(
            profile_id=profile.id,
            confirmed_on=today(),
            confirmed_by_id=by,
            confirmed_at=now(),
        )
    )
    db.session.flush()
    audit.change("profile.confirm", object=profile.public_id)


def of_unit(unit_id: int, rule: Mapping[str, object]) -> Freshness | None:
    """How fresh the unit's published presentation is; None when it has none."""
    profile = queries.published([unit_id]).get(unit_id)
    day = checked_on(profile) if profile else None
    return freshness(day, rule) if day else None
