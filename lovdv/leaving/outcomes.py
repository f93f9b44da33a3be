"""What has come of an exit for everyone concerned: choices, orders, places, clocks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from lovdv.choice.models import (
    Choice,
    ChoiceRegret,
    ContactAttempt,
    Invitation,
    QueueEntry,
)
from lovdv.choice.regrets import to_undo
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.leaving.models import ExitPerson, ProviderExit
from lovdv.people.models import HOLDING, Decision
from lovdv.people.progress import clocks
from lovdv.placements.models import Order, Placement
from lovdv.providers.models import Contract, ContractUnit
from lovdv.providers.queries import units_leaving


@dataclass(frozen=True)
class Known:
    """What has come of it for everyone, by client."""

    asked: Mapping[int, Invitation]
    choices: Mapping[int, Choice]  # those that stand
    orders: Mapping[int, Order]
    places: Mapping[int, Placement]  # those that take over for good
    passing: Collection[tuple[int, int]]  # client and unit of those that end, or have
    queued: Collection[int]
    reached: Collection[int]  # invitations that somebody has been told of
    clocks: Mapping[int, date]
    held: Collection[int]  # those with a decision that holds


def known(leaving: ProviderExit, people: Sequence[ExitPerson]) -> Known:
    ids = [person.client_id for person in people]
    units = {row.cover.unit_id for row in leaving.units}
    decisions = _decisions(leaving, ids)
    made, asked = _choices(leaving, ids), _invitations(leaving, people)
    taken_back = _regrets(made)
    new = _places(leaving, people, units, made)
    lasting = [each for each in new if _lasts(each, leaving, decisions)]
    return Known(
        asked=asked,
        choices={
            each.client_id: each
            for each in _not_leaving(leaving, made)
            if each.id not in taken_back
        },
        orders={
            each.client_id: each
            for each in _orders(leaving, ids, units)
            if _stands(each, made.get(each.client_id), taken_back)
        },
        places={each.client_id: each for each in lasting},
        passing={(e.client_id, e.unit_id) for e in new if e not in lasting},
        queued=_queued(leaving, ids, units),
        reached=_reached(leaving, asked),
        clocks=_clocks(leaving, decisions),
        held={decision.client_id for decision in decisions},
    )


def _invitations(
    leaving: ProviderExit, people: Sequence[ExitPerson]
) -> dict[int, Invitation]:
    """The latest that each has had: the exit's own, or one that was made since."""
    own = [person.invitation_id for person in people if person.invitation_id]
    found = db.session.scalars(
        select(Invitation)
        .join(Decision, Decision.id == Invitation.decision_id)
        .where(
            Invitation.client_id.in_([person.client_id for person in people]),
            or_(
                Invitation.id.in_(own),
                (Invitation.created_at >= leaving.begun_at)
                & (Decision.choice_system_id == leaving.contract.choice_system_id),
            ),
        )
        .order_by(Invitation.id)
    )
    return {invitation.client_id: invitation for invitation in found}


def _choices(leaving: ProviderExit, ids: Collection[int]) -> dict[int, Choice]:
    """The latest of each since it was announced, also when it was taken back."""
    found = db.session.scalars(
        select(Choice)
        .where(
            Choice.client_id.in_(ids),
            Choice.choice_system_id == leaving.contract.choice_system_id,
            Choice.registered_at >= leaving.begun_at,
        )
        .options(joinedload(Choice.unit))
        .order_by(Choice.id)
    )
    return {choice.client_id: choice for choice in found}


def _not_leaving(leaving: ProviderExit, made: Mapping[int, Choice]) -> list[Choice]:
    """Those that can be ordered: the chosen unit is not leaving in its turn."""
    system, gone = leaving.contract.choice_system_id, units_leaving(today())
    return [each for each in made.values() if (each.unit_id, system) not in gone]


def _regrets(made: Mapping[int, Choice]) -> dict[int, datetime]:
    """When they were taken back, by choice."""
    rows = db.session.scalars(
        select(ChoiceRegret).where(
            ChoiceRegret.choice_id.in_([choice.id for choice in made.values()])
        )
    )
    return {row.choice_id: row.regretted_at for row in rows}


def _orders(
    leaving: ProviderExit, ids: Collection[int], units: Collection[int]
) -> Sequence[Order]:
    """The orders elsewhere that wait or were declined, the latest last."""
    return db.session.scalars(
        select(Order)
        .where(
            Order.client_id.in_(ids),
            Order.choice_system_id == leaving.contract.choice_system_id,
            Order.unit_id.not_in(units),
            Order.sent_at >= leaving.begun_at,
            Order.status.in_(("sent", "declined")),
        )
        .options(joinedload(Order.unit))
        .order_by(Order.id)
    ).all()


def _stands(
    order: Order, choice: Choice | None, taken_back: Mapping[int, datetime]
) -> bool:
    """Whether it still matters: nothing else was chosen, or taken back, since."""
    if choice is None:
        return True
    regretted_at = taken_back.get(choice.id)
    if regretted_at is not None:
        return order.sent_at > regretted_at
    return order.choice_id == choice.id or order.sent_at >= choice.registered_at


def _places(
    leaving: ProviderExit,
    people: Sequence[ExitPerson],
    units: Collection[int],
    made: Mapping[int, Choice],
) -> list[Placement]:
    """The places that take over, elsewhere, after the last day; the first last.

    Not one that waits to be undone, since the person has taken the choice back.
    """
    by_client = {person.client_id: person for person in people}
    found = db.session.scalars(
        select(Placement)
        .where(
            Placement.client_id.in_(by_client),
            Placement.choice_system_id == leaving.contract.choice_system_id,
            Placement.unit_id.not_in(units),
            Placement.annulled_at.is_(None),
            Placement.end_day.is_(None) | (Placement.end_day > leaving.end_day),
        )
        .options(joinedload(Placement.unit))
        .order_by(Placement.first_day.desc())
    ).all()
    undone = _to_undo(by_client)
    return [
        place
        for place in found
        if place.id not in undone
        and _takes_over(place, by_client[place.client_id], made.get(place.client_id))
    ]


def _lasts(
    place: Placement, leaving: ProviderExit, decisions: Sequence[Decision]
) -> bool:
    """Without an end of its own: not a try-out, nor one that is over."""
    if place.end_day is None:
        return True
    ends = [d.end_day for d in decisions if d.client_id == place.client_id]
    last = max((day for day in ends if day is not None), default=None)
    if last is None or None in ends or place.end_day < last:
        return False
    return place.end_day > max(leaving.end_day, today())


def _takes_over(place: Placement, person: ExitPerson, choice: Choice | None) -> bool:
    """Not a second place that the person had beside the one that ends."""
    beside = (
        person.how in ("placed", "coming")
        and place.first_day <= person.leaving.announced_on
        and place.recorded_at < person.leaving.begun_at
    )
    return not beside or (choice is not None and choice.kind in ("stay", "silent"))


def _to_undo(ids: Collection[int]) -> set[int]:
    back = select(ChoiceRegret.client_id).where(ChoiceRegret.client_id.in_(ids))
    return {
        place_id
        for client_id in set(db.session.scalars(back))
        for place_id in to_undo(client_id)
    }


def _queued(
    leaving: ProviderExit, ids: Collection[int], units: Collection[int]
) -> set[int]:
    """Those who wait elsewhere, in the choice system that the exit is in."""
    system = leaving.contract.choice_system_id
    covered = (
        select(ContractUnit.unit_id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(Contract.choice_system_id == system)
    )
    return set(
        db.session.scalars(
            select(QueueEntry.client_id)
            .outerjoin(Choice, Choice.id == QueueEntry.choice_id)
            .where(
                QueueEntry.client_id.in_(ids),
                QueueEntry.unit_id.not_in(units),
                QueueEntry.ended_at.is_(None),
                (Choice.choice_system_id == system)
                | (Choice.id.is_(None) & QueueEntry.unit_id.in_(covered)),
            )
        )
    )


def _reached(leaving: ProviderExit, asked: Mapping[int, Invitation]) -> set[int]:
    ids = [invitation.id for invitation in asked.values()]
    return set(
        db.session.scalars(
            select(ContactAttempt.invitation_id).where(
                ContactAttempt.invitation_id.in_(ids),
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
