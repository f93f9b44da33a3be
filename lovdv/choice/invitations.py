"""Reading who may choose, who is invited and who supports them."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.choice.models import ContactAttempt, Invitation
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.people.models import Client, Decision, Mandate
from lovdv.people.scope import own_people, visible_people
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.systems.models import ChoiceSystem

COVERS_CHOICE = "sorja_for_person"


def open_systems(on: date) -> Sequence[ChoiceSystem]:
    """The choice systems that anyone may compare in."""
    return db.session.scalars(
        select(ChoiceSystem)
        .where(in_period(on, ChoiceSystem.first_day, ChoiceSystem.end_day))
        .options(joinedload(ChoiceSystem.municipality))
        .order_by(ChoiceSystem.id)
    ).all()


def system_of_decision(decision: Decision) -> ChoiceSystem:
    return db.session.get_one(ChoiceSystem, decision.choice_system_id)


# People who choose


def own_persons(actor: Actor) -> Sequence[Client]:
    return db.session.scalars(own_people(actor).order_by(Client.sort_key)).all()


def decision_to_choose_for(client: Client, on: date) -> Decision | None:
    """The decision in force, or the next one."""
    return db.session.scalars(
        select(Decision)
        .where(
            Decision.client_id == client.id,
            Decision.status.in_(("in_force", "appealed")),
            or_(Decision.end_day.is_(None), Decision.end_day > on),
        )
        .order_by(Decision.first_day)
        .limit(1)
    ).first()


def covering_mandates(client_id: int, on: date) -> list[Mandate]:
    """Mandates in force that reach as far as choosing a daily activity."""
    rows = db.session.scalars(
        select(Mandate)
        .where(
            Mandate.client_id == client_id,
            in_period(on, Mandate.first_day, Mandate.end_day),
        )
        .order_by(Mandate.name)
    )
    return [mandate for mandate in rows if COVERS_CHOICE in mandate.scope]


def mandate_of(actor: Actor, client: Client) -> Mandate | None:
    """The actor's own mandate for the person that covers the choice, if any."""
    found = covering_mandates(client.id, today())
    return next((each for each in found if each.user_id == actor.user_id), None)


def placement_now(client_id: int, on: date) -> Placement | None:
    """Where the person has a place on the day, or the next place."""
    return db.session.scalars(
        select(Placement)
        .where(
            Placement.client_id == client_id,
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > on),
        )
        .order_by(Placement.first_day)
        .limit(1)
    ).first()


def unit_named(unit_id: int) -> Unit:
    return db.session.get_one(Unit, unit_id, options=[joinedload(Unit.provider)])


# Invitations


def _open_invitations() -> Select[tuple[Invitation]]:
    return (
        select(Invitation)
        .join(Client, Client.id == Invitation.client_id)
        .where(Invitation.closed_on.is_(None), Client.died_on.is_(None))
        .options(
            joinedload(Invitation.client),
            joinedload(Invitation.guide),
            selectinload(Invitation.attempts).joinedload(ContactAttempt.by),
            selectinload(Invitation.attempts).joinedload(ContactAttempt.unit),
        )
        .order_by(Invitation.answer_by, Invitation.id)
    )


def open_invitation(client_id: int) -> Invitation | None:
    return db.session.scalars(
        _open_invitations().where(Invitation.client_id == client_id).limit(1)
    ).first()


def support_work(actor: Actor) -> Sequence[Invitation]:
    """Those who asked for support: the guide's own, and those nobody has taken."""
    return db.session.scalars(
        _open_invitations().where(
            Client.municipality_id == actor.municipality_id,
            Invitation.wants_support,
            or_(Invitation.guide_id.is_(None), Invitation.guide_id == actor.user_id),
        )
    ).all()


def invitation_to_take(actor: Actor, public_id: str) -> Invitation:
    """An open invitation that asks for support and has no guide yet; else 404."""
    return db.session.scalars(
        _open_invitations().where(
            Client.municipality_id == actor.municipality_id,
            Invitation.wants_support,
            Invitation.guide_id.is_(None),
            Invitation.public_id == public_id,
        )
    ).one()


def supported(actor: Actor, public_id: str) -> Invitation:
    """One of the guide's own; 404 for anybody else's."""
    return db.session.scalars(
        _open_invitations().where(
            Client.municipality_id == actor.municipality_id,
            Invitation.guide_id == actor.user_id,
            Invitation.public_id == public_id,
        )
    ).one()


def case_invitations(actor: Actor) -> Sequence[Invitation]:
    """Open invitations of the people whose cases the actor may read."""
    visible = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        _open_invitations().where(Invitation.client_id.in_(visible))
    ).all()


def case_invitation(actor: Actor, public_id: str) -> Invitation:
    visible = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        _open_invitations().where(
            Invitation.client_id.in_(visible), Invitation.public_id == public_id
        )
    ).one()


def invitation_to_register(actor: Actor, public_id: str) -> Invitation:
    """As caseworker of the case, or as the person's guide; else 404."""
    if actor.may(Permission.CHOICE_READ):
        visible = visible_people(actor).with_only_columns(Client.id)
        mine = or_(
            Invitation.client_id.in_(visible), Invitation.guide_id == actor.user_id
        )
    else:
        mine = Invitation.guide_id == actor.user_id
    return db.session.scalars(
        _open_invitations().where(
            Client.municipality_id == actor.municipality_id,
            Invitation.public_id == public_id,
            mine,
        )
    ).one()


def without_answer(actor: Actor) -> list[Invitation]:
    """The list that the system prepares: the deadline has passed with no choice."""
    return [
        invitation
        for invitation in case_invitations(actor)
        if invitation.answer_by < today()
    ]


def follow_ups(actor: Actor) -> list[tuple[Invitation, str, date]]:
    """Whom the guide should ask after 1 and 3 months at the new place."""
    rows = db.session.execute(
        select(Invitation, func.min(Placement.first_day))
        .join(Placement, Placement.client_id == Invitation.client_id)
        .join(Client, Client.id == Invitation.client_id)
        .where(
            Invitation.guide_id == actor.user_id,
            Invitation.closed_on.is_not(None),
            Placement.annulled_at.is_(None),
            Placement.first_day >= Invitation.closed_on,
            Client.died_on.is_(None),
        )
        .group_by(Invitation.id)
        .options(joinedload(Invitation.client), selectinload(Invitation.attempts))
    )
    return [
        (invitation, purpose, day)
        for invitation, start in rows
        for purpose, day in _due(invitation, start)
    ]


def _due(invitation: Invitation, start: date) -> list[tuple[str, date]]:
    done = {attempt.purpose for attempt in invitation.attempts}
    dues = (("after_1_month", 30), ("after_3_months", 91))
    return [
        (purpose, start + timedelta(days=days))
        for purpose, days in dues
        if purpose not in done and start + timedelta(days=days) <= today()
    ]


def followed(actor: Actor, public_id: str) -> Invitation:
    """An invitation that the guide has supported, closed or not."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.guide_id == actor.user_id, Invitation.public_id == public_id)
        .options(joinedload(Invitation.client), selectinload(Invitation.attempts))
    ).one()
