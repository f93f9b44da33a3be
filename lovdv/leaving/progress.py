"""Where each person stands after an exit, and what to do next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lovdv.choice.models import Choice, ContactAttempt, Invitation, QueueEntry
from lovdv.choice.regrets import regretted
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.leaving.models import ExitPerson, ProviderExit
from lovdv.leaving.words import STEPS
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.people.progress import clocks
from lovdv.placements.models import Order, Placement


@dataclass(frozen=True)
class Row:
    """A person: what they were invited to, what came of it, and what is left."""

    person: ExitPerson
    step: str
    due: date | None
    choice: Choice | None
    order: Order | None
    place: Placement | None
    clock_ends: date | None  # the last day of the three months, when a clock will run

    @property
    def client(self) -> Client:
        return self.person.client

    @property
    def invitation(self) -> Invitation | None:
        return self.person.invitation

    @property
    def words(self) -> str:
        return STEPS[self.step][0]

    @property
    def kind(self) -> str:
        return STEPS[self.step][1]

    @property
    def open(self) -> bool:
        return self.step not in ("done", "over")

    @property
    def urgent(self) -> bool:
        return self.kind == "danger"

    @property
    def clock_left(self) -> int | None:
        """Days until the three months are over."""
        return None if self.clock_ends is None else (self.clock_ends - today()).days

    @property
    def rank(self) -> tuple[int, date, int]:
        when = self.due or self.clock_ends or date.max
        return list(STEPS).index(self.step), when, self.person.id


@dataclass(frozen=True)
class _Known:
    """What has come of it for everyone, by client."""

    choices: Mapping[int, Choice]
    orders: Mapping[int, Order]
    places: Mapping[int, Placement]
    queued: Collection[int]
    reached: Collection[int]  # invitations that somebody has been told of
    clocks: Mapping[int, date]
    held: Collection[int]  # those with a decision that holds


def rows(leaving: ProviderExit, people: Sequence[ExitPerson]) -> list[Row]:
    """The most urgent first."""
    known = _known(leaving, people)
    return sorted((_row(person, known) for person in people), key=lambda row: row.rank)


def _row(person: ExitPerson, known: _Known) -> Row:
    client_id = person.client_id
    choice = known.choices.get(client_id)
    order, place = known.orders.get(client_id), known.places.get(client_id)
    step = _step(person, known)
    return Row(
        person,
        step,
        _due(person, step, order),
        choice,
        order,
        place,
        None if step in ("done", "over") else known.clocks.get(client_id),
    )


def _step(person: ExitPerson, known: _Known) -> str:
    client_id = person.client_id
    if person.client.died_on is not None:
        return "over"
    if client_id in known.places:
        return "done"
    if client_id not in known.held:
        return "over" if person.invitation_id else "no_decision"
    order = known.orders.get(client_id)
    if order is not None:
        return "unit" if order.status == "sent" else "declined"
    if client_id in known.queued:
        return "queue"
    choice = known.choices.get(client_id)
    if choice is not None:
        return "order" if choice.unit_id else "invite"
    return _asked(person.invitation, known)


def _asked(invitation: Invitation | None, known: _Known) -> str:
    if invitation is None:
        return "no_decision"
    if invitation.closed_on is not None:
        return "invite"
    if invitation.answer_by < today():
        return "no_place"
    return "answer" if invitation.id in known.reached else "reach"


def _due(person: ExitPerson, step: str, order: Order | None) -> date | None:
    if step == "unit" and order is not None:
        return order.answer_by
    if step in ("answer", "reach", "no_place") and person.invitation is not None:
        return person.invitation.answer_by
    return None


def _known(leaving: ProviderExit, people: Sequence[ExitPerson]) -> _Known:
    ids = [person.client_id for person in people]
    units = {row.cover.unit_id for row in leaving.units}
    decisions = _decisions(leaving, ids)
    return _Known(
        choices=_choices(leaving, ids),
        orders=_orders(leaving, ids, units),
        places=_places(leaving, ids, units),
        queued=_queued(ids, units),
        reached=_reached(leaving, people),
        clocks=_clocks(leaving, decisions),
        held={decision.client_id for decision in decisions},
    )


def _choices(leaving: ProviderExit, ids: Collection[int]) -> dict[int, Choice]:
    found = db.session.scalars(
        select(Choice)
        .where(
            Choice.client_id.in_(ids),
            Choice.registered_at >= leaving.begun_at,
            Choice.id.not_in(regretted()),
        )
        .options(joinedload(Choice.unit))
        .order_by(Choice.id)
    )
    return {choice.client_id: choice for choice in found}


def _orders(
    leaving: ProviderExit, ids: Collection[int], units: Collection[int]
) -> dict[int, Order]:
    """The latest order elsewhere that waits or was declined."""
    found = db.session.scalars(
        select(Order)
        .where(
            Order.client_id.in_(ids),
            Order.unit_id.not_in(units),
            Order.sent_at >= leaving.begun_at,
            Order.status.in_(("sent", "declined")),
        )
        .options(joinedload(Order.unit))
        .order_by(Order.id)
    )
    return {order.client_id: order for order in found}


def _places(
    leaving: ProviderExit, ids: Collection[int], units: Collection[int]
) -> dict[int, Placement]:
    """The place that takes over, elsewhere, and goes on after the last day."""
    found = db.session.scalars(
        select(Placement)
        .where(
            Placement.client_id.in_(ids),
            Placement.choice_system_id == leaving.contract.choice_system_id,
            Placement.unit_id.not_in(units),
            Placement.annulled_at.is_(None),
            Placement.end_day.is_(None) | (Placement.end_day > leaving.end_day),
        )
        .options(joinedload(Placement.unit))
        .order_by(Placement.first_day.desc())
    )
    return {placement.client_id: placement for placement in found}


def _queued(ids: Collection[int], units: Collection[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(QueueEntry.client_id).where(
                QueueEntry.client_id.in_(ids),
                QueueEntry.unit_id.not_in(units),
                QueueEntry.ended_at.is_(None),
            )
        )
    )


def _reached(leaving: ProviderExit, people: Sequence[ExitPerson]) -> set[int]:
    asked = [person.invitation_id for person in people if person.invitation_id]
    return set(
        db.session.scalars(
            select(ContactAttempt.invitation_id).where(
                ContactAttempt.invitation_id.in_(asked),
                ContactAttempt.at >= leaving.begun_at,
                ContactAttempt.purpose == "inform",
            )
        )
    )


def _decisions(leaving: ProviderExit, ids: Collection[int]) -> Sequence[Decision]:
    """Those that hold after the last day, or today when it has been."""
    on = max(leaving.end_day, today())
    return db.session.scalars(
        select(Decision)
        .where(
            Decision.client_id.in_(ids),
            Decision.choice_system_id == leaving.contract.choice_system_id,
            Decision.status.in_(HOLDING),
            Decision.end_day.is_(None) | (Decision.end_day > on),
        )
        .options(joinedload(Decision.client))
    ).all()


def _clocks(leaving: ProviderExit, decisions: Sequence[Decision]) -> dict[int, date]:
    """The last day of the three months for those who have no place after the exit."""
    running = clocks(decisions, max(leaving.end_day, today()))
    found: dict[int, date] = {}
    for decision in decisions:
        clock = running.get(decision.id)
        if clock is not None:
            ends = clock.last_day
            found[decision.client_id] = min(found.get(decision.client_id, ends), ends)
    return found


def counted(found: Sequence[Row]) -> dict[str, int]:
    """How many stand where, by the words of the step, the most urgent first."""
    return {
        STEPS[step][0]: sum(row.step == step for row in found)
        for step in STEPS
        if any(row.step == step for row in found)
    }


def soonest(found: Sequence[Row]) -> date | None:
    """The first of the three months that end."""
    return min((row.clock_ends for row in found if row.clock_ends), default=None)
