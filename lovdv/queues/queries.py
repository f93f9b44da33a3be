"""Reading queues and offers, and what waits for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from lovdv.access import Actor, Permission
from lovdv.choice import invitations
from lovdv.choice.models import Choice, QueueEntry
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.people.queries import responsible
from lovdv.people.scope import own_people, visible_people
from lovdv.placements.occupancy import changes, occupancy
from lovdv.placements.plans import first_day_in
from lovdv.placements.queries import ToOrder, choices_to_order
from lovdv.providers.capacity import Room, ceilings_of, rooms
from lovdv.providers.models import Unit
from lovdv.providers.queries import unit_in
from lovdv.queues.lines import InLine, line, lines
from lovdv.queues.models import PassedOver, PlaceOffer
from lovdv.start import Waiting

AHEAD = timedelta(days=60)
"""How far ahead a place is looked for that becomes free."""


@dataclass(frozen=True)
class Queue:
    """A unit's queue as a caseworker has it: others' people are only counted."""

    unit: Unit
    line: Sequence[InLine]
    room: Room
    coming: Room
    mine: frozenset[int]
    responsible: Mapping[int, str]

    @property
    def waiting(self) -> list[InLine]:
        return [one for one in self.line if one.waits]

    @property
    def turn(self) -> InLine | None:
        """The first in line without an offer, when there is room for somebody."""
        first = next((one for one in self.line if one.state == "waiting"), None)
        return None if self.room.full and self.coming.full else first

    @property
    def my_turn(self) -> bool:
        return self.turn is not None and self.turn.entry.client_id in self.mine


def queues(actor: Actor) -> list[Queue]:
    """Every queue that one of the actor's people stands in, by the unit's name."""
    people = visible_people(actor).with_only_columns(Client.id)
    units = db.session.scalars(
        select(Unit)
        .where(
            Unit.id.in_(
                select(QueueEntry.unit_id).where(
                    QueueEntry.client_id.in_(people), QueueEntry.ended_at.is_(None)
                )
            )
        )
        .options(joinedload(Unit.provider))
        .order_by(Unit.sort_key)
    ).all()
    found = lines([unit.id for unit in units], actor.municipality_id)
    return _queues(actor, units, found)


def queue(actor: Actor, public_id: str) -> Queue:
    """The queue to a unit of the municipality; else NoResultFound (404)."""
    unit = unit_in(actor.municipality_id, public_id)
    return _queues(actor, [unit], lines([unit.id], actor.municipality_id))[0]


def _queues(
    actor: Actor, units: Sequence[Unit], found: Mapping[int, Sequence[InLine]]
) -> list[Queue]:
    ids = [one.entry.client_id for rows in found.values() for one in rows]
    people = visible_people(actor).with_only_columns(Client.id)
    mine = frozenset(db.session.scalars(people.where(Client.id.in_(ids))))
    names = responsible(ids, today())
    now, coming = rooms(units, today()), rooms(units, today() + AHEAD)
    return [
        Queue(unit, found.get(unit.id, ()), now[unit.id], coming[unit.id], mine, names)
        for unit in units
    ]


def entry(actor: Actor, unit: Unit, public_id: str) -> QueueEntry:
    """The wait of one of the actor's people; else NoResultFound (404)."""
    return db.session.scalars(
        select(QueueEntry).where(
            QueueEntry.public_id == public_id,
            QueueEntry.unit_id == unit.id,
            QueueEntry.ended_at.is_(None),
            QueueEntry.client_id.in_(
                visible_people(actor).with_only_columns(Client.id)
            ),
        )
    ).one()


def first_free(
    unit: Unit, client_id: int, until: date
) -> tuple[date, list[str]] | None:
    """The first day with half-days that are free for somebody from then on, and which.

    None when nothing becomes free until then.
    """
    found = None
    free: set[str] | None = None
    for day in reversed(changes(unit.id, today())):
        now_free = _free_for(unit, client_id, day)
        free = now_free if free is None else free & now_free
        if free and day <= until:
            found = first_day_in(free, day), sorted(free)
    return found if found and found[0] <= until else None


def _free_for(unit: Unit, client_id: int, day: date) -> set[str]:
    held = occupancy([unit.id], day, but_to=client_id)
    return {
        f"{weekday}{half}"
        for (weekday, half), ceiling in ceilings_of([unit], day)[unit.id].items()
        if ceiling > held.get((unit.id, weekday, half), 0)
    }


def outside(actor: Actor, unit: Unit) -> list[ToOrder]:
    """The actor's people who chose the unit and neither wait nor have a place."""
    waiting = {one.entry.client_id for one in line(unit.id, actor.municipality_id)}
    return [
        each
        for each in choices_to_order(actor)
        if each.unit.id == unit.id and each.client.id not in waiting
    ]


def choice_outside(actor: Actor, unit: Unit, public_id: str) -> Choice:
    """Such a choice, to be given its place in line; else NoResultFound (404)."""
    ids = [each.choice.id for each in outside(actor, unit)]
    return db.session.scalars(
        select(Choice).where(Choice.public_id == public_id, Choice.id.in_(ids))
    ).one()


# Offers


def _offers() -> Select[tuple[PlaceOffer]]:
    return select(PlaceOffer).options(
        joinedload(PlaceOffer.client),
        joinedload(PlaceOffer.unit),
        joinedload(PlaceOffer.entry),
        joinedload(PlaceOffer.decision),
    )


def offer_of(client: Client, public_id: str) -> PlaceOffer:
    """An offer that the person has been given; else NoResultFound (404)."""
    return db.session.scalars(
        _offers().where(
            PlaceOffer.client_id == client.id, PlaceOffer.public_id == public_id
        )
    ).one()


def offer_to_register(actor: Actor, public_id: str) -> PlaceOffer:
    """An offer to somebody whose answer the actor may register; else 404."""
    return db.session.scalars(
        _offers().where(
            invitations.heard_by(actor, PlaceOffer.client_id),
            PlaceOffer.public_id == public_id,
        )
    ).one()


def offer_in_case(actor: Actor, public_id: str) -> PlaceOffer:
    return db.session.scalars(
        _offers().where(_in_case(actor), PlaceOffer.public_id == public_id)
    ).one()


def choice_to_order(offer: PlaceOffer) -> dict[str, str]:
    """The choice that an order of the place carries out, as the address says it."""
    choice = db.session.get(Choice, offer.entry.choice_id or 0)
    return {"choice": choice.public_id} if choice else {}


def passed_by(offer: PlaceOffer) -> Sequence[PassedOver]:
    """Those who stood before when the offer was made."""
    return db.session.scalars(
        select(PassedOver)
        .where(PassedOver.place_offer_id == offer.id)
        .order_by(PassedOver.id)
    ).all()


def _in_case(actor: Actor) -> ColumnElement[bool]:
    return PlaceOffer.client_id.in_(visible_people(actor).with_only_columns(Client.id))


def _open() -> Select[tuple[PlaceOffer]]:
    return (
        _offers()
        .join(QueueEntry, QueueEntry.id == PlaceOffer.queue_entry_id)
        .where(
            PlaceOffer.answer == "",
            PlaceOffer.answer_by >= today(),
            QueueEntry.ended_at.is_(None),
        )
        .order_by(PlaceOffer.answer_by, PlaceOffer.id)
    )


def open_offer(client_id: int) -> PlaceOffer | None:
    """The offer that waits for the person's answer."""
    return db.session.scalars(
        _open().where(PlaceOffer.client_id == client_id).limit(1)
    ).first()


def offers_history(client_id: int) -> Sequence[PlaceOffer]:
    """Every place that the person was offered, the latest first."""
    return db.session.scalars(
        _offers()
        .where(PlaceOffer.client_id == client_id)
        .order_by(PlaceOffer.id.desc())
    ).all()


# The start page


def waiting(actor: Actor) -> Sequence[Waiting]:
    """Offers to answer, and free places that somebody in a queue can be offered."""
    found: list[Waiting] = []
    if actor.may(Permission.CHOICE_OWN):
        found += _waiting_own(actor)
    if actor.may(Permission.SUPPORT_WORK):
        found += _waiting_guide(actor)
    if actor.may(Permission.CHOICE_PLACE):
        found += _waiting_places(actor)
    return found


def _waiting_own(actor: Actor) -> list[Waiting]:
    people = own_people(actor).with_only_columns(Client.id)
    return [
        Waiting(
            "Du har fått ett erbjudande om plats"
            if offer.client_id == actor.client_id
            else "Ett erbjudande om plats väntar på svar",
            "queues.own_offer",
            text=offer.unit.name,
            due=offer.answer_by,
            values=(
                ("person", offer.client.public_id),
                ("public_id", offer.public_id),
            ),
        )
        for offer in db.session.scalars(_open().where(PlaceOffer.client_id.in_(people)))
    ]


def _waiting_guide(actor: Actor) -> list[Waiting]:
    guided = invitations.guided_people(actor)
    theirs = _open().where(PlaceOffer.client_id.in_(guided))
    return [
        Waiting(
            "Någon du stöder har fått ett erbjudande om plats",
            "queues.register_answer",
            text=offer.unit.name,
            due=offer.answer_by,
            values=(("public_id", offer.public_id),),
        )
        for offer in db.session.scalars(theirs)
    ]


def _waiting_places(actor: Actor) -> list[Waiting]:
    count = sum(queue.my_turn for queue in queues(actor))
    if not count:
        return []
    return [
        Waiting(
            "Lediga platser som köande kan erbjudas",
            "queues.index",
            count=count,
            text="Den som har väntat längst erbjuds först.",
        )
    ]
