"""A death noted on the wrong person: taken back, and what it closed to be reopened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from lovdv import audit
from lovdv.choice.models import Invitation, QueueEntry
from lovdv.clock import local_day, now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.event_operations import NEVER_BEGAN
from lovdv.people.events import ENDING
from lovdv.people.models import Client, LifeEvent
from lovdv.people.operations import lock
from lovdv.placements.models import Order, Placement
from lovdv.providers.models import Unit

DEATH, TAKEN_BACK = "death", "death_withdrawn"
REASON = ENDING[DEATH]


@dataclass(frozen=True)
class Closed:
    """Something that the death ended, and which page opens it again."""

    told: str
    page: str
    object_id: str = ""  # the person's own when empty


def take_back(*, client: Client, reason: str, by_id: int) -> LifeEvent:
    """The person lives. Nothing that was ended opens by itself: see closed()."""
    lock(client)
    if client.died_on is None:
        raise Refused("Personen är inte noterad som avliden. Ladda om sidan.")
    new = LifeEvent(
        client_id=client.id,
        kind=TAKEN_BACK,
        day=today(),
        note=reason,
        noted_at=now(),
        noted_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "event.take_back",
        about=[client.id],
        object=new.public_id,
        before={"died_on": client.died_on},
        after={"died_on": None, "reason": reason},
    )
    client.died_on = None
    return new


def noted(client: Client) -> LifeEvent | None:
    """The latest death that was noted, taken back or not."""
    return db.session.scalars(
        select(LifeEvent)
        .where(LifeEvent.client_id == client.id, LifeEvent.kind == DEATH)
        .order_by(LifeEvent.id.desc())
        .limit(1)
    ).first()


def closed(client: Client) -> Sequence[Closed]:
    """What was ended when the death was noted."""
    death = noted(client)
    if death is None:
        return ()
    end_day = death.day + timedelta(days=1)
    return [
        *(
            Closed(f"Beslut {d.reference} avslutades.", "people.new_decision")
            for d in client.decisions
            if d.end_reason == REASON
        ),
        *_places(client, death.noted_at),
        *_orders(client, death.noted_at),
        *_choosing(client, death.noted_at),
        *_circle(client, end_day),
    ]


def _places(client: Client, since: datetime) -> Iterator[Closed]:
    rows = db.session.execute(
        select(Placement, Unit.name)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(
            Placement.client_id == client.id,
            or_(
                Placement.end_reason == REASON,
                (Placement.annul_reason == NEVER_BEGAN)
                & (Placement.annulled_at >= since),
            ),
        )
        .order_by(Placement.first_day)
    )
    for placement, unit in rows:
        where = f"Placering {placement.number} vid {unit}"
        if placement.annulled_at is not None:
            yield Closed(f"{where} togs bort.", "placements.new_order")
        else:
            yield Closed(f"{where} avslutades.", "placements.end", placement.public_id)


def _orders(client: Client, since: datetime) -> Iterator[Closed]:
    for unit in db.session.scalars(
        select(Unit.name)
        .join(Order, Order.unit_id == Unit.id)
        .where(
            Order.client_id == client.id,
            Order.status == "withdrawn",
            Order.answered_at >= since,
        )
    ):
        yield Closed(
            f"Beställningen till {unit} drogs tillbaka.", "placements.new_order"
        )


def _choosing(client: Client, since: datetime) -> Iterator[Closed]:
    for unit in db.session.scalars(
        select(Unit.name)
        .join(QueueEntry, QueueEntry.unit_id == Unit.id)
        .where(QueueEntry.client_id == client.id, QueueEntry.end_reason == REASON)
    ):
        yield Closed(f"Personen togs bort ur kön till {unit}.", "choice.invite")
    invited = select(Invitation.id).where(
        Invitation.client_id == client.id, Invitation.closed_on == local_day(since)
    )
    for _ in db.session.scalars(invited):
        yield Closed("Inbjudan att välja avslutades.", "choice.invite")


def _circle(client: Client, end_day: date) -> Iterator[Closed]:
    """Without names: the identity may be protected, and then the circle's is."""
    for mandate in client.mandates:
        if mandate.end_day == max(end_day, mandate.first_day):
            yield Closed("En företrädares uppdrag avslutades.", "people.new_mandate")
    for supporter in client.supporters:
        if supporter.end_day == end_day:
            yield Closed("En stödperson avslutades.", "people.new_supporter")
