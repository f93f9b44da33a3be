"""Whom an actor may see: every other query of people starts here."""

from sqlalchemy import ColumnElement, Select, or_, select

from lovdv.access import Actor
from lovdv.accounts.queries import teams_of
from lovdv.calibration.models import BlindScoring, CalibrationRound
from lovdv.choice.models import Invitation
from lovdv.clock import now, today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.needs.models import Assessment
from lovdv.people.models import Assignment, Client, Mandate, Opening

# To act for somebody about daglig verksamhet; property alone gives no part in it.
PERSONAL = frozenset({"sorja_for_person", "bevaka_ratt"})


def assigned_to(actor: Actor) -> ColumnElement[bool]:
    """SQL: the client's case is the actor's or the actor's team's today."""
    held = select(Assignment.client_id).where(
        in_period(today(), Assignment.first_day, Assignment.end_day),
        or_(
            Assignment.user_id == actor.user_id,
            Assignment.team_id.in_(teams_of(actor.user_id, today())),
        ),
    )
    return Client.id.in_(held)


def opened_by(actor: Actor) -> ColumnElement[bool]:
    """SQL: the actor has opened the case with a reason, and that still counts."""
    opened = select(Opening.client_id).where(
        Opening.user_id == actor.user_id, Opening.until > now()
    )
    return Client.id.in_(opened)


def guided_by(actor: Actor) -> ColumnElement[bool]:
    """SQL: the actor supports the person's choice and so keeps out of the case."""
    guided = select(Invitation.client_id).where(
        Invitation.guide_id == actor.user_id, Invitation.closed_on.is_(None)
    )
    return Client.id.in_(guided)


def scoring_blind(actor: Actor) -> ColumnElement[bool]:
    """SQL: the actor scores the person's meeting blind, and must not see the case."""
    blind = (
        select(Assessment.client_id)
        .join(CalibrationRound, CalibrationRound.assessment_id == Assessment.id)
        .join(BlindScoring, BlindScoring.round_id == CalibrationRound.id)
        .where(
            BlindScoring.assessor_id == actor.user_id,
            BlindScoring.begun_at.is_not(None),
            BlindScoring.submitted_at.is_(None),
            CalibrationRound.closed_at.is_(None),
            CalibrationRound.end_day > today(),
        )
    )
    return Client.id.in_(blind)


def visible_people(actor: Actor) -> Select[tuple[Client]]:
    """The people whose cases the actor may read: assigned, or opened with a reason.

    Never those whom the actor is the guide of, however the case came to be theirs,
    nor those whose meeting the actor is scoring blind.
    """
    return select(Client).where(
        Client.municipality_id == actor.municipality_id,
        or_(assigned_to(actor), opened_by(actor)),
        ~guided_by(actor),
        ~scoring_blind(actor),
    )


def person(actor: Actor, public_id: str) -> Client:
    """A person whose case the actor may read; NoResultFound (404) otherwise."""
    return db.session.scalars(
        visible_people(actor).where(Client.public_id == public_id)
    ).one()


def known_person(actor: Actor, public_id: str) -> Client:
    """A person of the actor's municipality, to say that the case exists."""
    return db.session.scalars(
        select(Client).where(
            Client.municipality_id == actor.municipality_id,
            Client.public_id == public_id,
        )
    ).one()


def mandates_held(user_id: int) -> dict[int, Mandate]:
    """By client, the mandates that let a user act for somebody today."""
    held = db.session.scalars(
        select(Mandate)
        .where(
            Mandate.user_id == user_id,
            in_period(today(), Mandate.first_day, Mandate.end_day),
        )
        .order_by(Mandate.id)
    )
    return {m.client_id: m for m in held if PERSONAL & set(m.scope)}


def own_people(actor: Actor) -> Select[tuple[Client]]:
    """The actor as client, and those whom the actor represents within a mandate."""
    return select(Client).where(
        Client.municipality_id == actor.municipality_id,
        or_(
            Client.id == actor.client_id,
            Client.id.in_(mandates_held(actor.user_id)),
        ),
    )


def own_person(actor: Actor, public_id: str) -> Client:
    return db.session.scalars(
        own_people(actor).where(Client.public_id == public_id)
    ).one()
