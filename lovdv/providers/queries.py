"""Reading providers, units, contracts and profiles; always through a contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.providers.models import Contract, ContractUnit, Profile, Provider, Unit
from lovdv.providers.questions import QUESTIONS
from lovdv.start import Waiting
from lovdv.systems.models import ChoiceSystem


@dataclass(frozen=True)
class Offered:
    """A unit as a choice system offers it on a day."""

    unit: Unit
    contract: Contract
    profile: Profile | None
    leaves_from: date | None = None  # the unit is leaving, and closed since that day
    end_day: date | None = None  # the first day that the contract no longer covers it

    @property
    def open(self) -> bool:
        """Takes new choices."""
        closed = (self.contract.closed_from, self.leaves_from)
        return all(day is None or day > today() for day in closed)

    @property
    def leaving(self) -> bool:
        return self.leaves_from is not None and self.leaves_from <= today()

    @property
    def facts(self) -> dict[str, object]:
        return self.profile.facts if self.profile else {}

    @property
    def version(self) -> int:
        return self.profile.version if self.profile else 0


def _contracts_in(municipality_id: int) -> Select[tuple[Contract]]:
    return (
        select(Contract)
        .join(ChoiceSystem, ChoiceSystem.id == Contract.choice_system_id)
        .where(ChoiceSystem.municipality_id == municipality_id)
    )


def units_in(municipality_id: int) -> Sequence[Unit]:
    """Every unit that a contract of the municipality covers or has covered."""
    contracts = _contracts_in(municipality_id).with_only_columns(Contract.id)
    covered = select(ContractUnit.unit_id).where(
        ContractUnit.contract_id.in_(contracts)
    )
    return db.session.scalars(
        select(Unit)
        .where(Unit.id.in_(covered))
        .options(joinedload(Unit.provider))
        .order_by(Unit.sort_key)
    ).all()


def unit_in(municipality_id: int, public_id: str) -> Unit:
    """A unit under a contract of the municipality, else NoResultFound (404)."""
    contracts = _contracts_in(municipality_id).with_only_columns(Contract.id)
    covered = select(ContractUnit.unit_id).where(
        ContractUnit.contract_id.in_(contracts)
    )
    return db.session.scalars(
        select(Unit)
        .where(Unit.public_id == public_id, Unit.id.in_(covered))
        .options(joinedload(Unit.provider))
    ).one()


def own_unit(actor: Actor) -> Unit:
    """The unit that a provider's user works at right now."""
    return db.session.scalars(
        select(Unit).where(Unit.id == actor.unit_id).options(joinedload(Unit.provider))
    ).one()


def providers_in(municipality_id: int) -> Sequence[Provider]:
    held = _contracts_in(municipality_id).with_only_columns(Contract.provider_id)
    return db.session.scalars(
        select(Provider).where(Provider.id.in_(held)).order_by(Provider.name)
    ).all()


def provider_in(municipality_id: int, public_id: str) -> Provider:
    held = _contracts_in(municipality_id).with_only_columns(Contract.provider_id)
    return db.session.scalars(
        select(Provider).where(Provider.public_id == public_id, Provider.id.in_(held))
    ).one()


def contracts_of(municipality_id: int, provider: Provider) -> Sequence[Contract]:
    """The provider's contracts with this municipality, latest first."""
    return db.session.scalars(
        _contracts_in(municipality_id)
        .where(Contract.provider_id == provider.id)
        .options(selectinload(Contract.covered).joinedload(ContractUnit.unit))
        .order_by(Contract.first_day.desc())
    ).all()


def contract_in(municipality_id: int, public_id: str) -> Contract:
    return db.session.scalars(
        _contracts_in(municipality_id)
        .where(Contract.public_id == public_id)
        .options(
            joinedload(Contract.provider),
            selectinload(Contract.covered).joinedload(ContractUnit.unit),
        )
    ).one()


def contracts_for(municipality_id: int, unit: Unit) -> Sequence[ContractUnit]:
    """The contracts of this municipality that cover a unit, latest first."""
    contracts = _contracts_in(municipality_id).with_only_columns(Contract.id)
    return db.session.scalars(
        select(ContractUnit)
        .where(ContractUnit.unit_id == unit.id, ContractUnit.contract_id.in_(contracts))
        .options(joinedload(ContractUnit.contract).joinedload(Contract.provider))
        .order_by(ContractUnit.first_day.desc())
    ).all()


def cover_in(municipality_id: int, unit: Unit, public_id: str) -> ContractUnit:
    """One of the contract rows that cover a unit, else NoResultFound (404)."""
    contracts = _contracts_in(municipality_id).with_only_columns(Contract.id)
    return db.session.scalars(
        select(ContractUnit).where(
            ContractUnit.public_id == public_id,
            ContractUnit.unit_id == unit.id,
            ContractUnit.contract_id.in_(contracts),
        )
    ).one()


def offered(choice_system_id: int, on: date) -> list[Offered]:
    """Every unit that a signed contract covers on the day: nobody is left out."""
    rows = db.session.scalars(
        select(ContractUnit)
        .join(ContractUnit.contract)
        .join(ContractUnit.unit)
        .join(Unit.provider)
        .where(
            Contract.choice_system_id == choice_system_id,
            Contract.signed_on <= on,
            in_period(on, Contract.first_day, Contract.end_day),
            in_period(on, ContractUnit.first_day, ContractUnit.end_day),
            in_period(on, Unit.first_day, Unit.end_day),
        )
        .options(
            contains_eager(ContractUnit.contract),
            contains_eager(ContractUnit.unit).contains_eager(Unit.provider),
        )
        .order_by(Unit.sort_key, Unit.id)
    ).all()
    profiles = published([row.unit_id for row in rows])
    by_unit = {row.unit_id: row for row in rows}
    return [
        Offered(
            row.unit,
            row.contract,
            profiles.get(row.unit_id),
            row.closed_from,
            row.end_day,
        )
        for row in by_unit.values()
    ]


def units_leaving(on: date) -> set[tuple[int, int]]:
    """Units with no contract row that takes new orders, with their choice system."""
    rows = db.session.execute(
        select(ContractUnit.unit_id, Contract.choice_system_id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(ContractUnit.closed_from <= on)
    )
    stays = db.session.execute(
        select(ContractUnit.unit_id, Contract.choice_system_id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(
            ContractUnit.closed_from.is_(None),
            ContractUnit.end_day.is_(None) | (ContractUnit.end_day > on),
        )
    )
    return {(u, s) for u, s in rows} - {(u, s) for u, s in stays}


def offered_unit(choice_system_id: int, public_id: str, on: date) -> Offered | None:
    """One of them, or None when no contract covers it on the day."""
    found = offered(choice_system_id, on)
    return next((each for each in found if each.unit.public_id == public_id), None)


def published(units: Sequence[int]) -> dict[int, Profile]:
    """The published presentation of each unit, by the unit's id."""
    latest = (
        select(Profile.unit_id, func.max(Profile.version).label("version"))
        .where(Profile.unit_id.in_(units), Profile.status == "published")
        .group_by(Profile.unit_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(Profile).join(
            latest,
            (Profile.unit_id == latest.c.unit_id)
            & (Profile.version == latest.c.version),
        )
    )
    return {profile.unit_id: profile for profile in rows}


def newest_profile(unit: Unit) -> Profile | None:
    """The version being worked on, or the one published last."""
    return db.session.scalars(
        select(Profile)
        .where(Profile.unit_id == unit.id)
        .order_by(Profile.version.desc())
        .limit(1)
    ).first()


def profiles_to_review(municipality_id: int) -> Sequence[Profile]:
    """Presentations that units have sent in, oldest first."""
    units = [unit.id for unit in units_in(municipality_id)]
    return db.session.scalars(
        select(Profile)
        .where(Profile.unit_id.in_(units), Profile.status == "submitted")
        .options(joinedload(Profile.unit).joinedload(Unit.provider))
        .order_by(Profile.created_at)
    ).all()


def changed_answers(before: Profile | None, after: Profile) -> set[str]:
    """The keys of the questions whose answer a new version changes."""
    old = before.facts if before else {}
    keys = {q.key for q in QUESTIONS if old.get(q.key) != after.facts.get(q.key)}
    texts = {"text": (before.text if before else "", after.text)}
    texts["easy_text"] = (before.easy_text if before else "", after.easy_text)
    return keys | {name for name, (was, now) in texts.items() if was != now}


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person on the start page."""
    found: list[Waiting] = []
    if actor.may(Permission.PROFILE_PUBLISH):
        found += _waiting_reviews(actor)
    if actor.may(Permission.PROFILE_DRAFT) and actor.unit_id is not None:
        found += _waiting_returns(actor.unit_id)
    return found


def _waiting_reviews(actor: Actor) -> list[Waiting]:
    count = len(profiles_to_review(actor.municipality_id))
    if not count:
        return []
    return [Waiting("Presentationer att granska", "providers.profiles", count=count)]


def _waiting_returns(unit_id: int) -> list[Waiting]:
    newest = db.session.scalars(
        select(Profile)
        .where(Profile.unit_id == unit_id)
        .order_by(Profile.version.desc())
        .limit(1)
    ).first()
    if newest is None:
        text = "Ni har ingen presentation än. Brukare ser bara fakta ur avtalet."
        return [Waiting("Skriv er presentation", "providers.own_profile", text=text)]
    if newest.status != "returned":
        return []
    return [
        Waiting(
            "Presentationen är tillbaka från kommunen",
            "providers.own_profile",
            text=newest.review_note,
        )
    ]
