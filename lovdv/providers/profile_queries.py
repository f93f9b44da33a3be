"""How long presentations have taken to publish: the same for all must be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_high

from sqlalchemy import Subquery, func, select

from lovdv.clock import local_day, start_of
from lovdv.extensions import db
from lovdv.providers.models import Contract, ContractUnit, Profile, Unit
from lovdv.providers.profile_models import ProfileReview
from lovdv.systems.models import ChoiceSystem

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Lead:
    """A published presentation: sent in for the first time, and published."""

    unit: str
    version: int
    regi: str
    submitted_on: date
    published_on: date

    @property
    def days(self) -> int:
        return (self.published_on - self.submitted_on).days


def lead_times(municipality_id: int, on: date) -> list[Lead]:
    """Every presentation published in the last year, the latest first."""
    regis = _regis(municipality_id)
    first = _first_sent()
    rows = db.session.execute(
        select(Profile, Unit.name, first.c.sent)
        .join(Unit, Unit.id == Profile.unit_id)
        .outerjoin(first, first.c.profile_id == Profile.id)
        .where(
            Profile.unit_id.in_(regis),
            Profile.status == "published",
            Profile.submitted_at.is_not(None),
            Profile.published_at >= start_of(on - YEAR),
        )
        .order_by(Profile.published_at.desc())
    )
    return [_lead(profile, name, regis, sent) for profile, name, sent in rows]


def _lead(
    profile: Profile, name: str, regis: dict[int, str], sent: datetime | None
) -> Lead:
    submitted = sent or profile.submitted_at
    assert submitted is not None
    assert profile.published_at is not None
    return Lead(
        name,
        profile.version,
        regis[profile.unit_id],
        local_day(submitted),
        local_day(profile.published_at),
    )


def _first_sent() -> Subquery:
    return (
        select(
            ProfileReview.profile_id,
            func.min(ProfileReview.submitted_at).label("sent"),
        )
        .group_by(ProfileReview.profile_id)
        .subquery()
    )


def _regis(municipality_id: int) -> dict[int, str]:
    """The regi of each unit under a contract with the municipality."""
    rows = db.session.execute(
        select(ContractUnit.unit_id, Contract.regi)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .join(ChoiceSystem, ChoiceSystem.id == Contract.choice_system_id)
        .where(ChoiceSystem.municipality_id == municipality_id)
        .order_by(Contract.first_day)
    )
    return dict(rows.all())


def middle(leads: Sequence[Lead], regi: str) -> int | None:
    """The middle number of days for one kind of regi."""
    days = [lead.days for lead in leads if lead.regi == regi]
    return median_high(days) if days else None
