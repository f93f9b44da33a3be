"""Everyone whom the end of some units concerns: placed, ordered, offered, queued."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from lovdv.choice.models import Choice, QueueEntry
from lovdv.choice.regrets import regretted
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.leaving.words import HOW
from lovdv.people.models import HOLDING, Client, Decision, Offer
from lovdv.placements.models import Order, Placement
from lovdv.providers.models import Contract, ContractUnit, Unit
from lovdv.queues.models import PlaceOffer


@dataclass(frozen=True)
class Leaving:
    """Which units of which contract stop, and from which day (half-open)."""

    contract: Contract
    unit_ids: Sequence[int]
    end_day: date


@dataclass(frozen=True)
class Concerned:
    """A person, once, by what ties them closest to the unit."""

    client: Client
    unit: Unit
    how: str


def everyone(what: Leaving) -> list[Concerned]:
    """Those concerned, the placed first; nobody twice, and nobody who has died."""
    found: dict[int, Concerned] = {}
    rows = [
        *((p.client, p.unit, _where(p)) for p in placements(what)),
        *((o.client, o.unit, "ordered") for o in orders(what)),
        *((client, unit, "offered") for _, client, unit in offers(what)),
        *((e.client, e.unit, _stands(e)) for e in entries(what)),
        *((c.client, c.unit, "chosen") for c in choices(what)),
    ]
    for client, unit, how in rows:
        if client.died_on is None and unit is not None:
            kept = found.get(client.id)
            if kept is None or _rank(how) < _rank(kept.how):
                found[client.id] = Concerned(client, unit, how)
    return sorted(found.values(), key=lambda one: (_rank(one.how), one.client.id))


def _rank(how: str) -> int:
    return list(HOW).index(how)


def _where(placement: Placement) -> str:
    return "placed" if placement.first_day <= today() else "coming"


def placements(what: Leaving) -> Sequence[Placement]:
    """Places that would go on after the last day."""
    return db.session.scalars(
        select(Placement)
        .where(
            Placement.choice_system_id == what.contract.choice_system_id,
            Placement.unit_id.in_(what.unit_ids),
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > what.end_day),
        )
        .options(joinedload(Placement.client), joinedload(Placement.unit))
        .order_by(Placement.client_id, Placement.id)
    ).all()


def placed_under(contract: Contract) -> Sequence[int]:
    """Everyone with a place, now or before, at any unit of the contract."""
    units = select(ContractUnit.unit_id).where(ContractUnit.contract_id == contract.id)
    return db.session.scalars(
        select(Placement.client_id).where(
            Placement.choice_system_id == contract.choice_system_id,
            Placement.unit_id.in_(units),
            Placement.annulled_at.is_(None),
        )
    ).all()


def orders(what: Leaving) -> Sequence[Order]:
    """Orders that nobody has answered."""
    return db.session.scalars(
        select(Order)
        .where(
            Order.choice_system_id == what.contract.choice_system_id,
            Order.unit_id.in_(what.unit_ids),
            Order.status == "sent",
        )
        .options(joinedload(Order.client), joinedload(Order.unit))
        .order_by(Order.client_id, Order.id)
    ).all()


def _at_home(what: Leaving) -> Select[tuple[int]]:
    """Those with a decision in the contract's choice system."""
    return select(Decision.client_id).where(
        Decision.choice_system_id == what.contract.choice_system_id
    )


def entries(what: Leaving) -> Sequence[QueueEntry]:
    """Who waits in the units' queues."""
    return db.session.scalars(
        select(QueueEntry)
        .where(
            QueueEntry.unit_id.in_(what.unit_ids),
            QueueEntry.ended_at.is_(None),
            QueueEntry.client_id.in_(_at_home(what)),
        )
        .options(joinedload(QueueEntry.client), joinedload(QueueEntry.unit))
        .order_by(QueueEntry.client_id, QueueEntry.id)
    ).all()


def _stands(entry: QueueEntry) -> str:
    offered = select(PlaceOffer.id).where(
        PlaceOffer.queue_entry_id == entry.id,
        or_(
            PlaceOffer.answer == "accepted",
            (PlaceOffer.answer == "") & (PlaceOffer.answer_by >= today()),
        ),
    )
    return "offered" if db.session.scalar(offered.limit(1)) else "queued"


def offers(what: Leaving) -> Sequence[tuple[Offer, Client, Unit]]:
    """Places that the caseworker has offered and nobody has answered."""
    rows = db.session.execute(
        select(Offer, Client, Unit)
        .join(Decision, Decision.id == Offer.decision_id)
        .join(Client, Client.id == Decision.client_id)
        .join(Unit, Unit.id == Offer.unit_id)
        .where(
            Decision.choice_system_id == what.contract.choice_system_id,
            Offer.unit_id.in_(what.unit_ids),
            Offer.answer == "waiting",
            Offer.id.not_in(select(PlaceOffer.offer_id)),
            ~_ordered(Offer.decision_id),
        )
        .order_by(Client.id, Offer.id)
    )
    return [(offer, client, unit) for offer, client, unit in rows]


def _ordered(decision_id: object) -> ColumnElement[bool]:
    """An order carries the offer with it."""
    return (
        select(Order.id)
        .where(
            Order.decision_id == decision_id,
            Order.unit_id == Offer.unit_id,
            Order.status == "sent",
        )
        .exists()
    )


def choices(what: Leaving) -> Sequence[Choice]:
    """The latest choice of each, when it is one of the units and no place came of it.

    Somebody whose place there ended on its own has nothing more to wait for, nor has
    somebody who took the choice back.
    """
    latest = select(func.max(Choice.id)).group_by(Choice.client_id)
    became = (
        select(Order.choice_id)
        .join(Placement, Placement.order_id == Order.id)
        .where(Order.choice_id.is_not(None), Placement.annulled_at.is_(None))
    )
    return db.session.scalars(
        select(Choice)
        .join(Decision, Decision.id == Choice.decision_id)
        .where(
            Choice.id.in_(latest),
            Choice.choice_system_id == what.contract.choice_system_id,
            Choice.unit_id.in_(what.unit_ids),
            Choice.kind.in_(("chosen", "rechoice", "no_choice")),
            Choice.id.not_in(became),
            Choice.id.not_in(regretted()),
            Decision.status.in_(HOLDING),
            or_(Decision.end_day.is_(None), Decision.end_day > today()),
            ~_since_placed(),
        )
        .options(joinedload(Choice.client), joinedload(Choice.unit))
        .order_by(Choice.client_id)
    ).all()


def _since_placed() -> ColumnElement[bool]:
    """A place that was taken in without an order, by file say, after the choice."""
    return (
        select(Placement.id)
        .where(
            Placement.client_id == Choice.client_id,
            Placement.unit_id == Choice.unit_id,
            Placement.annulled_at.is_(None),
            Placement.recorded_at >= Choice.registered_at,
        )
        .exists()
    )


def counted(found: Sequence[Concerned]) -> dict[str, int]:
    """How many are concerned in which way."""
    return {
        words: count
        for how, words in HOW.items()
        if (count := sum(one.how == how for one in found))
    }


def ids(found: Iterable[Concerned]) -> Collection[int]:
    return sorted({one.client.id for one in found})
