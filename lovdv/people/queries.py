"""Reading people: whom an actor may see, and whom they may know of."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from lovdv.access import Actor
from lovdv.accounts.queries import teams_of
from lovdv.clock import now, today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.people.models import Assignment, Client, Mandate, Opening
from lovdv.start import Waiting


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


def visible_people(actor: Actor) -> Select[tuple[Client]]:
    """The people whose cases the actor may read: assigned, or opened with a reason."""
    return select(Client).where(
        Client.municipality_id == actor.municipality_id,
        or_(assigned_to(actor), opened_by(actor)),
    )


def person(actor: Actor, public_id: str) -> Client:
    """A person whose case the actor may read; NoResultFound (404) otherwise."""
    return db.session.scalars(
        visible_people(actor).where(Client.public_id == public_id)
    ).one()


def own_people(actor: Actor) -> Select[tuple[Client]]:
    """The actor as client, and those whom the actor represents today."""
    represented = select(Mandate.client_id).where(
        Mandate.user_id == actor.user_id,
        in_period(today(), Mandate.first_day, Mandate.end_day),
    )
    return select(Client).where(
        Client.municipality_id == actor.municipality_id,
        or_(Client.id == actor.client_id, Client.id.in_(represented)),
    )


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person on the start page."""
    return ()
