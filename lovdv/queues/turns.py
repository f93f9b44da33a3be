"""Whose turn it is: who must wait, and who has waited longer."""

from datetime import datetime

from sqlalchemy import select

from lovdv import audit
from lovdv.choice.models import Choice, QueueEntry
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.providers.capacity import room
from lovdv.providers.models import Unit
from lovdv.queues.lines import chosen_at, line, standing_at, waits_longer


def must_wait(choice: Choice, unit: Unit) -> bool:
    """A full unit has a queue, and nobody new goes before those who stand in it."""
    client = db.session.get_one(Client, choice.client_id)
    waiting = line(unit.id, client.municipality_id)
    return room(unit, today()).full or any(one.state == "waiting" for one in waiting)


def join(choice: Choice, *, since: datetime) -> QueueEntry:
    """A place in the queue to the unit of the choice; the same one when asked again."""
    found = db.session.scalars(
        select(QueueEntry).where(
            QueueEntry.client_id == choice.client_id,
            QueueEntry.unit_id == choice.unit_id,
            QueueEntry.ended_at.is_(None),
        )
    ).first()
    if found is not None:
        return found
    new = QueueEntry(
        client_id=choice.client_id,
        unit_id=choice.unit_id,
        choice_id=choice.id,
        since=since,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "queue.join",
        about=[choice.client_id],
        object=new.public_id,
        after={"unit": choice.unit_id},
    )
    return new


def require_turn(client: Client, unit: Unit, choice: Choice | None) -> None:
    """An order goes before nobody who has waited longer, nor past an open offer."""
    own = standing_at(client.id, unit.id)
    if own is not None and own.state == "offered":
        raise Refused(
            f"Personen har ett erbjudande om plats på {unit.name} som väntar på svar. "
            "Registrera svaret först.",
            "unit",
        )
    first = waits_longer(unit.id, client, chosen_at(choice))
    if first is not None:
        raise Refused(
            f"Andra har väntat längre på {unit.name}. Öppna kön till enheten: där "
            "erbjuds platsen i tur och ordning.",
            "unit",
        )
