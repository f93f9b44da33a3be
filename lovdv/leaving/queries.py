"""Reading exits: which there are, whom they concern, and what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.choice.invitations import open_invitation
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.formats import last_day
from lovdv.leaving import progress
from lovdv.leaving.concerned import Concerned, Leaving, everyone
from lovdv.leaving.models import (
    ExitDay,
    ExitPerson,
    ExitPlacement,
    ExitUnit,
    ExitWithdrawal,
    ProviderExit,
)
from lovdv.leaving.progress import Row
from lovdv.people.models import Client
from lovdv.people.scope import visible_people
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, ContractUnit
from lovdv.start import Waiting
from lovdv.systems.models import ChoiceSystem


def going_on_at(contract: Contract) -> Sequence[ContractUnit]:
    """The contract's rows for units that it covers today or later."""
    return db.session.scalars(
        select(ContractUnit)
        .where(
            ContractUnit.contract_id == contract.id,
            or_(ContractUnit.end_day.is_(None), ContractUnit.end_day > today()),
        )
        .options(joinedload(ContractUnit.unit), joinedload(ContractUnit.contract))
        .order_by(ContractUnit.id)
        .execution_options(populate_existing=True)
    ).all()


def open_exit_of(cover: ContractUnit) -> ProviderExit | None:
    """An exit of the unit that is not taken back."""
    return db.session.scalars(
        select(ProviderExit)
        .join(ExitUnit, ExitUnit.exit_id == ProviderExit.id)
        .where(
            ExitUnit.contract_unit_id == cover.id,
            ProviderExit.id.not_in(select(ExitWithdrawal.exit_id)),
        )
        .options(joinedload(ProviderExit.begun_by))
        .limit(1)
    ).first()


def placements_of(leaving: ProviderExit) -> Sequence[ExitPlacement]:
    """The places that the exit gave an end, by person."""
    return db.session.scalars(
        select(ExitPlacement)
        .join(Placement, Placement.id == ExitPlacement.placement_id)
        .where(ExitPlacement.exit_id == leaving.id)
        .options(joinedload(ExitPlacement.placement))
        .order_by(Placement.client_id, Placement.id)
    ).all()


def next_place_after(placement: Placement) -> date | None:
    """When the person's next place begins, after the end of this one."""
    return db.session.scalar(
        select(func.min(Placement.first_day)).where(
            Placement.client_id == placement.client_id,
            Placement.choice_system_id == placement.choice_system_id,
            Placement.id != placement.id,
            Placement.annulled_at.is_(None),
            Placement.first_day >= placement.end_day,
        )
    )


# Whose exits


def _exits(actor: Actor) -> Select[tuple[ProviderExit]]:
    """Every exit for those who keep contracts; for others those of their people."""
    found = (
        select(ProviderExit)
        .join(Contract, Contract.id == ProviderExit.contract_id)
        .join(ChoiceSystem, ChoiceSystem.id == Contract.choice_system_id)
        .where(ChoiceSystem.municipality_id == actor.municipality_id)
        .options(
            joinedload(ProviderExit.contract).joinedload(Contract.provider),
            joinedload(ProviderExit.begun_by),
            selectinload(ProviderExit.days).joinedload(ExitDay.decided_by),
            selectinload(ProviderExit.units)
            .joinedload(ExitUnit.cover)
            .joinedload(ContractUnit.unit),
            joinedload(ProviderExit.withdrawal).joinedload(ExitWithdrawal.by),
        )
        .order_by(ProviderExit.id.desc())
    )
    if actor.may(Permission.PROVIDER_WRITE):
        return found
    mine = select(ExitPerson.exit_id).where(ExitPerson.client_id.in_(_people(actor)))
    return found.where(ProviderExit.id.in_(mine))


def _people(actor: Actor) -> Select[tuple[int]]:
    return visible_people(actor).with_only_columns(Client.id)


def exits(actor: Actor) -> Sequence[ProviderExit]:
    """The latest first; those that have ended and were taken back stay readable."""
    return db.session.scalars(_exits(actor)).unique().all()


def exit_of(actor: Actor, public_id: str) -> ProviderExit:
    """Else NoResultFound (404)."""
    found = db.session.scalars(
        _exits(actor).where(ProviderExit.public_id == public_id)
    ).unique()
    return found.one()


def rows(leaving: ProviderExit, actor: Actor) -> list[Row]:
    """The actor's own people in an exit, the most urgent first."""
    people = _concerned_by(leaving).where(ExitPerson.client_id.in_(_people(actor)))
    return progress.rows(leaving, db.session.scalars(people).all())


def all_rows(leaving: ProviderExit) -> list[Row]:
    """Everyone, to be counted."""
    return progress.rows(leaving, db.session.scalars(_concerned_by(leaving)).all())


def _concerned_by(leaving: ProviderExit) -> Select[tuple[ExitPerson]]:
    return (
        select(ExitPerson)
        .where(ExitPerson.exit_id == leaving.id)
        .options(
            joinedload(ExitPerson.client),
            joinedload(ExitPerson.unit),
            joinedload(ExitPerson.invitation),
        )
        .order_by(ExitPerson.id)
    )


def missed(leaving: ProviderExit) -> list[Concerned]:
    """Those whom it has come to concern since it was announced."""
    if leaving.state(today()) == "withdrawn":
        return []
    known = select(ExitPerson.client_id).where(ExitPerson.exit_id == leaving.id)
    had = set(db.session.scalars(known))
    units = [row.cover.unit_id for row in leaving.units]
    found = everyone(Leaving(leaving.contract, units, leaving.end_day))
    return [one for one in found if one.client.id not in had or one.how != "chosen"]


# The person's own page


@dataclass(frozen=True)
class OwnExit:
    """A unit of the person's that stops."""

    unit: str
    last_day: date
    ended: bool
    has_place: bool  # the person goes there today
    choosing: bool  # the new choice waits for an answer
    about: str = ""  # the person's name, when somebody else reads it


def own_exit(client_id: int) -> OwnExit | None:
    """What the person is told: which unit stops, and the last day to be there."""
    person = db.session.scalars(
        select(ExitPerson)
        .join(ProviderExit, ProviderExit.id == ExitPerson.exit_id)
        .where(
            ExitPerson.client_id == client_id,
            ProviderExit.id.not_in(select(ExitWithdrawal.exit_id)),
        )
        .options(joinedload(ExitPerson.unit))
        .order_by(ExitPerson.id.desc())
        .limit(1)
    ).first()
    if person is None:
        return None
    end_day = person.leaving.end_day
    invitation = open_invitation(client_id)
    open_still = invitation is not None and invitation.id == person.invitation_id
    if end_day <= today() and not open_still:
        return None
    return OwnExit(
        unit=person.unit.name,
        last_day=end_day - timedelta(days=1),
        ended=end_day <= today(),
        has_place=_goes_there(client_id, person.unit_id),
        choosing=open_still,
    )


def _goes_there(client_id: int, unit_id: int) -> bool:
    found = select(Placement.id).where(
        Placement.client_id == client_id,
        Placement.unit_id == unit_id,
        Placement.annulled_at.is_(None),
        Placement.first_day <= today(),
        or_(Placement.end_day.is_(None), Placement.end_day > today()),
    )
    return db.session.scalar(found.limit(1)) is not None


# The start page


def waiting(actor: Actor) -> Sequence[Waiting]:
    """Own people without a new place, and for the lead those who were missed."""
    found: list[Waiting] = []
    for leaving in _current(actor):
        if actor.may(Permission.CHOICE_READ):
            found += _waiting_people(actor, leaving)
        if actor.may(Permission.PROVIDER_WRITE):
            found += _waiting_missed(leaving)
    return found


def _current(actor: Actor) -> list[ProviderExit]:
    if not actor.may(Permission.PROVIDER_READ):
        return []
    lately = today() - timedelta(days=365)
    return [
        each
        for each in exits(actor)
        if each.withdrawal is None and each.end_day > lately
    ]


def _waiting_people(actor: Actor, leaving: ProviderExit) -> list[Waiting]:
    left = [row for row in rows(leaving, actor) if row.open]
    if not left:
        return []
    return [
        Waiting(
            f"{leaving.contract.provider.name} slutar: personer utan ny plats",
            "leaving.leaving",
            count=len(left),
            text=f"Sista dagen är {last_day(leaving.end_day)}.",
            due=min((row.due for row in left if row.due), default=None),
            urgent=any(row.urgent for row in left),
            values=(("public_id", leaving.public_id),),
        )
    ]


def _waiting_missed(leaving: ProviderExit) -> list[Waiting]:
    count = len(missed(leaving))
    if not count:
        return []
    return [
        Waiting(
            f"{leaving.contract.provider.name} slutar: nya personer att ta med",
            "leaving.leaving",
            count=count,
            urgent=True,
            values=(("public_id", leaving.public_id),),
        )
    ]
