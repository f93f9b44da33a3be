"""Reading what people have chosen, and what waits for whom."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.selectable import Exists

from lovdv.access import Actor, Permission
from lovdv.choice.invitations import (
    follow_ups,
    kept_choice,
    open_invitation,
    own_persons,
    support_work,
    without_answer,
)
from lovdv.choice.models import Choice, QueueEntry, SavedUnit
from lovdv.choice.regrets import CHOSEN, is_regretted, newest, still_waits
from lovdv.clock import local_day, today
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.people.scope import visible_people
from lovdv.providers.models import Unit
from lovdv.queues.lines import InLine
from lovdv.queues.queries import queues
from lovdv.queues.words import in_words
from lovdv.start import Waiting


def choices_of(client_id: int) -> Sequence[Choice]:
    """Everything that became of the person's choices, latest first."""
    return db.session.scalars(
        select(Choice)
        .where(Choice.client_id == client_id)
        .options(
            joinedload(Choice.unit),
            joinedload(Choice.mandate),
            joinedload(Choice.registered_by),
        )
        .order_by(Choice.registered_at.desc(), Choice.id.desc())
    ).all()


def made_today(client_id: int, unit: Unit) -> Choice | None:
    """The person's latest choice, when it is of the unit, of today, and stands."""
    latest = newest(client_id, CHOSEN)
    if latest is None or latest.unit_id != unit.id:
        return None
    stands = not is_regretted(latest) if latest.kind == "stay" else still_waits(latest)
    return latest if stands and local_day(latest.registered_at) == today() else None


def _newer_choice() -> Exists:
    later = Choice.__table__.alias("later")
    return exists(
        select(later.c.id).where(
            later.c.decision_id == Choice.decision_id, later.c.id > Choice.id
        )
    )


def unable_to_express(actor: Actor) -> Sequence[Choice]:
    """The task: cannot express a choice and has nobody who may speak for them."""
    visible = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        select(Choice)
        .where(
            Choice.client_id.in_(visible.where(Client.died_on.is_(None))),
            Choice.kind == "cannot_express",
            ~_newer_choice(),
        )
        .options(joinedload(Choice.client))
        .order_by(Choice.registered_at)
    ).all()


def waiting_people(actor: Actor) -> Sequence[Choice]:
    """Those who did not want to start, want to wait or were not reached."""
    visible = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        select(Choice)
        .where(
            Choice.client_id.in_(visible.where(Client.died_on.is_(None))),
            Choice.kind.in_(("does_not_want", "wants_to_wait", "not_reached")),
            ~_newer_choice(),
        )
        .options(joinedload(Choice.client))
        .order_by(Choice.registered_at)
    ).all()


def saved_units(client_id: int) -> Sequence[str]:
    """The public ids of the units that the person has saved, oldest first."""
    return db.session.scalars(
        select(Unit.public_id)
        .join(SavedUnit, SavedUnit.unit_id == Unit.id)
        .where(SavedUnit.client_id == client_id)
        .order_by(SavedUnit.saved_at)
    ).all()


def queue_of(unit_id: int) -> str:
    """How many wait for the unit, so that nobody can be told from it; '': nobody."""
    count = db.session.scalar(
        select(func.count())
        .select_from(QueueEntry)
        .join(Client, Client.id == QueueEntry.client_id)
        .where(
            QueueEntry.unit_id == unit_id,
            QueueEntry.ended_at.is_(None),
            Client.died_on.is_(None),
        )
    )
    return in_words(count or 0)


def queued(actor: Actor) -> Sequence[InLine]:
    """The actor's people who wait for a full unit, by unit and then by date."""
    return [
        one
        for queue in queues(actor)
        for one in queue.line
        if one.entry.client_id in queue.mine
    ]


# The start page


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person on the start page."""
    found: list[Waiting] = []
    if actor.may(Permission.SUPPORT_WORK):
        found += _waiting_support(actor)
    if actor.may(Permission.CHOICE_READ):
        found += _waiting_cases(actor)
    if actor.may(Permission.CHOICE_OWN):
        found += _waiting_own(actor)
    return found


def _waiting_support(actor: Actor) -> list[Waiting]:
    asked = support_work(actor)
    due = follow_ups(actor)
    found = []
    if asked:
        found.append(
            Waiting(
                "Personer som vill ha stöd att välja",
                "choice.support",
                count=len(asked),
                due=asked[0].answer_by,
                urgent=asked[0].answer_by < today() + timedelta(days=7),
            )
        )
    if due:
        title = "Fråga hur det går på nya platsen"
        found.append(Waiting(title, "choice.support", count=len(due)))
    return found


def _waiting_cases(actor: Actor) -> list[Waiting]:
    late = without_answer(actor)
    unable = unable_to_express(actor)
    candidates = [
        Waiting(
            "Kan inte uttrycka sitt val och saknar företrädare",
            "choice.choices",
            count=len(unable),
            urgent=True,
        ),
    ]
    if late:
        candidates.append(
            Waiting(
                "Svarstiden har gått ut utan val",
                "choice.no_choice_list",
                count=len(late),
                due=late[0].answer_by,
                urgent=True,
            )
        )
    return [each for each in candidates if each.count]


def _waiting_own(actor: Actor) -> list[Waiting]:
    found = []
    for client in own_persons(actor):
        invitation = open_invitation(client.id)
        if invitation is not None and kept_choice(invitation) is None:
            values = (("public_id", client.public_id),)
            title = "Välj var du vill vara på dagarna"
            found.append(
                Waiting(
                    title, "choice.own_person", due=invitation.answer_by, values=values
                )
            )
    return found
