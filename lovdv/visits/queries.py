"""Reading wishes to visit, and what waits for whom."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.choice import invitations
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.people.scope import own_people, visible_people
from lovdv.placements.models import Placement
from lovdv.start import Waiting
from lovdv.visits.models import SEEN, VisitDay, VisitRequest


def _requests() -> Select[tuple[VisitRequest]]:
    return (
        select(VisitRequest)
        .join(Client, Client.id == VisitRequest.client_id)
        .options(
            joinedload(VisitRequest.client),
            joinedload(VisitRequest.unit),
            joinedload(VisitRequest.decision),
            selectinload(VisitRequest.took_place),
        )
        .order_by(VisitRequest.asked_at.desc(), VisitRequest.id.desc())
    )


# The person


def requests_of(client_id: int) -> Sequence[VisitRequest]:
    """Everything that the person has asked for, the latest first."""
    return db.session.scalars(
        _requests().where(VisitRequest.client_id == client_id)
    ).all()


def request_of(client: Client, public_id: str) -> VisitRequest:
    """A wish of the person's; else NoResultFound (404)."""
    return db.session.scalars(
        _requests().where(
            VisitRequest.client_id == client.id, VisitRequest.public_id == public_id
        )
    ).one()


def open_at(client_id: int, unit_id: int) -> VisitRequest | None:
    """The wish about a unit that is not yet done with."""
    return db.session.scalars(
        _requests().where(
            VisitRequest.client_id == client_id,
            VisitRequest.unit_id == unit_id,
            VisitRequest.status.in_(("asked", "answered")),
        )
    ).first()


def waiting_at(
    unit_ids: Collection[int], choice_system_id: int
) -> Sequence[VisitRequest]:
    """The choice system's wishes about the units that nobody is done with."""
    return db.session.scalars(
        _requests()
        .join(Decision, Decision.id == VisitRequest.decision_id)
        .where(
            VisitRequest.unit_id.in_(unit_ids),
            Decision.choice_system_id == choice_system_id,
            VisitRequest.status.in_(("asked", "answered")),
        )
        .order_by(None)
        .order_by(VisitRequest.client_id)
    ).all()


# The unit


def _at_unit(actor: Actor) -> ColumnElement[bool]:
    """SQL: asked of the actor's own unit, in the actor's own municipality."""
    if actor.unit_id is None or not actor.may(Permission.VISIT_ANSWER):
        return false()
    return (
        (VisitRequest.unit_id == actor.unit_id)
        & (Client.municipality_id == actor.municipality_id)
        & Client.died_on.is_(None)
    )


def at_unit(actor: Actor) -> list[VisitRequest]:
    """What the unit has to answer first, then what it has answered."""
    rows = db.session.scalars(
        _requests().where(_at_unit(actor), VisitRequest.status.in_(SEEN))
    )
    return sorted(rows, key=lambda row: (SEEN.index(row.status), row.answer_by))


def one_at_unit(actor: Actor, public_id: str) -> VisitRequest:
    return db.session.scalars(
        _requests().where(
            _at_unit(actor),
            VisitRequest.status.in_(SEEN),
            VisitRequest.public_id == public_id,
        )
    ).one()


def day_of(request: VisitRequest, public_id: str) -> VisitDay:
    """A day that was recorded for the wish; else NoResultFound (404)."""
    return db.session.scalars(
        select(VisitDay).where(
            VisitDay.visit_request_id == request.id, VisitDay.public_id == public_id
        )
    ).one()


# Guide and caseworker


def guided(actor: Actor) -> Sequence[VisitRequest]:
    """What those whom the guide supports, or lately has, have asked for."""
    people = invitations.guided_people(actor)
    return db.session.scalars(
        _requests().where(VisitRequest.client_id.in_(people))
    ).all()


def to_pay(actor: Actor) -> list[VisitRequest]:
    """Paid try-out days that took place and that no place covers yet."""
    people = visible_people(actor).with_only_columns(Client.id)
    rows = db.session.scalars(
        _requests().where(
            VisitRequest.client_id.in_(people),
            VisitRequest.kind == "try_out",
            VisitRequest.paid,
            VisitRequest.took_place.any(),
        )
    ).all()
    return [row for row in rows if uncovered(row)]


def uncovered(request: VisitRequest) -> list[date]:
    """The days that took place outside every place at the unit."""
    places = db.session.execute(
        select(Placement.first_day, Placement.end_day).where(
            Placement.client_id == request.client_id,
            Placement.unit_id == request.unit_id,
            Placement.annulled_at.is_(None),
        )
    ).all()
    return [
        day
        for day in request.days_held
        if not any(first <= day and (end is None or day < end) for first, end in places)
    ]


# The start page


def waiting(actor: Actor) -> Sequence[Waiting]:
    found: list[Waiting] = []
    if actor.may(Permission.VISIT_ANSWER):
        found += _waiting_unit(actor)
    if actor.may(Permission.CHOICE_OWN):
        found += _waiting_own(actor)
    if actor.may(Permission.SUPPORT_WORK):
        found += _waiting_guide(actor)
    if actor.may(Permission.CHOICE_PLACE) and (owed := to_pay(actor)):
        found.append(Waiting("Provdagar att ersätta", "visits.owed", count=len(owed)))
    return found


def _waiting_unit(actor: Actor) -> list[Waiting]:
    asked = [row for row in at_unit(actor) if row.status == "asked"]
    if not asked:
        return []
    due = min(row.answer_by for row in asked)
    return [
        Waiting(
            "Frågor om besök att svara på",
            "visits.index",
            count=len(asked),
            due=due,
            urgent=due < today(),
        )
    ]


def _waiting_own(actor: Actor) -> list[Waiting]:
    people = own_people(actor).with_only_columns(Client.id)
    rows = db.session.scalars(
        _requests().where(
            VisitRequest.client_id.in_(people), VisitRequest.status == "answered"
        )
    )
    coming = [(day, row) for row in rows for day in row.proposed_days if day >= today()]
    return [
        Waiting(
            "Du ska besöka " + row.unit.name
            if row.client_id == actor.client_id
            else "Ett besök är bokat på " + row.unit.name,
            "visits.own_request",
            due=day,
            values=(("person", row.client.public_id), ("public_id", row.public_id)),
        )
        for day, row in sorted(coming, key=lambda pair: pair[0])[:1]
    ]


def _waiting_guide(actor: Actor) -> list[Waiting]:
    rows = [row for row in guided(actor) if row.status == "answered"]
    coming = [d for row in rows for d in row.proposed_days if d >= today()]
    if not coming:
        return []
    return [
        Waiting(
            "Besök för dem du stöder",
            "visits.for_guide",
            count=len(coming),
            due=min(coming),
        )
    ]
