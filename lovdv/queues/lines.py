"""Who stands where in a unit's queue: by date, numbered, with what each was offered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lovdv.choice.models import Choice, QueueEntry
from lovdv.clock import local_day, start_of, today
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.placements.models import Order
from lovdv.queues.models import PlaceOffer

ANSWERED_BY_UNIT = ("sent", "confirmed", "declined")
"""Orders that stand: one that was taken back leaves the offered place as it was."""


@dataclass(frozen=True)
class InLine:
    """A person in a unit's queue; `number` is 0 for those who have said yes."""

    entry: QueueEntry
    since: datetime
    number: int
    state: str  # waiting, offered, accepted or ordered
    offer: PlaceOffer | None

    @property
    def day(self) -> date:
        """The day that the place in line is counted from."""
        return local_day(self.since)

    @property
    def waits(self) -> bool:
        return self.state in ("waiting", "offered")


def line(unit_id: int, municipality_id: int) -> list[InLine]:
    """The municipality's queue to a unit, the first in line first."""
    return lines([unit_id], municipality_id).get(unit_id, [])


def lines(unit_ids: Collection[int], municipality_id: int) -> dict[int, list[InLine]]:
    """The same for several units, by unit."""
    if not unit_ids:
        return {}
    entries = db.session.scalars(
        select(QueueEntry)
        .join(Client, Client.id == QueueEntry.client_id)
        .where(
            QueueEntry.unit_id.in_(unit_ids),
            QueueEntry.ended_at.is_(None),
            Client.municipality_id == municipality_id,
            Client.died_on.is_(None),
        )
        .options(joinedload(QueueEntry.client), joinedload(QueueEntry.unit))
        .order_by(QueueEntry.since, QueueEntry.id)
    ).all()
    return _numbered(entries) if entries else {}


def _numbered(entries: Sequence[QueueEntry]) -> dict[int, list[InLine]]:
    offers, orders = offers_of(entries), _orders_of(entries)
    placed = [
        _placed(entry, offers.get(entry.id, ()), orders.get(_whose(entry), ()))
        for entry in entries
    ]
    found: dict[int, list[InLine]] = {}
    counts: dict[int, int] = {}
    for one in sorted(placed, key=lambda one: (one.since, one.entry.id)):
        unit_id = one.entry.unit_id
        counts[unit_id] = counts.get(unit_id, 0) + one.waits
        number = counts[unit_id] if one.waits else 0
        found.setdefault(unit_id, []).append(
            InLine(one.entry, one.since, number, one.state, one.offer)
        )
    return found


def _whose(entry: QueueEntry) -> tuple[int, int]:
    return entry.client_id, entry.unit_id


def _placed(
    entry: QueueEntry, offers: Sequence[PlaceOffer], orders: Sequence[Order]
) -> InLine:
    latest = offers[-1] if offers else None
    return InLine(entry, counted_from(entry, offers), 0, _state(latest, orders), latest)


def _state(latest: PlaceOffer | None, orders: Sequence[Order]) -> str:
    if any(order.status == "sent" for order in orders):
        return "ordered"
    if latest is None:
        return "waiting"
    if latest.is_open(today()):
        return "offered"
    return "accepted" if holds_place(latest, orders) else "waiting"


def holds_place(offer: PlaceOffer, orders: Iterable[Order]) -> bool:
    """A yes keeps the place until it is ordered; the unit's answer then decides."""
    return offer.answer == "accepted" and not any(
        order.status in ANSWERED_BY_UNIT
        and offer.answered_at is not None
        and order.sent_at >= offer.answered_at
        for order in orders
    )


def counted_from(entry: QueueEntry, offers: Iterable[PlaceOffer]) -> datetime:
    """The queue's day, or a later one after an offer that said 'then you go last'."""
    moments = (_went_last(offer) for offer in offers if offer.lapse == "last")
    return max((m for m in moments if m is not None), default=entry.since)


def _went_last(offer: PlaceOffer) -> datetime | None:
    status = offer.status(today())
    if status == "declined":
        return offer.answered_at
    if status == "expired":
        return start_of(offer.answer_by + timedelta(days=1))
    return None


def offers_of(entries: Iterable[QueueEntry]) -> Mapping[int, list[PlaceOffer]]:
    """What each wait has been offered, the first first."""
    rows = db.session.scalars(
        select(PlaceOffer)
        .where(PlaceOffer.queue_entry_id.in_([entry.id for entry in entries]))
        .order_by(PlaceOffer.id)
    )
    found: dict[int, list[PlaceOffer]] = {}
    for offer in rows:
        found.setdefault(offer.queue_entry_id, []).append(offer)
    return found


def _orders_of(
    entries: Sequence[QueueEntry],
) -> Mapping[tuple[int, int], list[Order]]:
    rows = db.session.scalars(
        select(Order).where(
            Order.client_id.in_({entry.client_id for entry in entries}),
            Order.unit_id.in_({entry.unit_id for entry in entries}),
            Order.status != "withdrawn",
        )
    )
    found: dict[tuple[int, int], list[Order]] = {}
    for order in rows:
        found.setdefault((order.client_id, order.unit_id), []).append(order)
    return found


def before(waiting: Iterable[InLine], entry: QueueEntry) -> list[InLine]:
    """Those who stand before somebody and have no offer to answer."""
    rows = list(waiting)
    own = next(one for one in rows if one.entry.id == entry.id)
    return [
        one for one in rows if one.state == "waiting" and 0 < one.number < own.number
    ]


def waits_longer(unit_id: int, client: Client, since: datetime | None) -> InLine | None:
    """Somebody without an offer who came before the client, counted from a moment."""
    rows = line(unit_id, client.municipality_id)
    own = next((one for one in rows if one.entry.client_id == client.id), None)
    if own is not None:
        if not own.waits:
            return None
        return next(iter(before(rows, own.entry)), None)
    return next(
        (
            one
            for one in rows
            if one.state == "waiting" and (since is None or one.since < since)
        ),
        None,
    )


def standing(client_id: int) -> InLine | None:
    """Where a person stands, when in a queue."""
    entry = db.session.scalars(
        select(QueueEntry)
        .where(QueueEntry.client_id == client_id, QueueEntry.ended_at.is_(None))
        .order_by(QueueEntry.since)
        .limit(1)
    ).first()
    return None if entry is None else standing_at(client_id, entry.unit_id)


def standing_at(client_id: int, unit_id: int) -> InLine | None:
    """Where a person stands in the queue to a unit."""
    client = db.session.get_one(Client, client_id)
    rows = line(unit_id, client.municipality_id)
    return next((one for one in rows if one.entry.client_id == client_id), None)


def held_offers(
    unit_ids: Collection[int], on: date, *, but_to: int | None = None
) -> list[tuple[int, list[str]]]:
    """Offered places that are held on a day: unit and half-days.

    An offer holds its place until its last day to answer, and a yes until it is
    ordered. `but_to` is a client whose own offers are not counted.
    """
    rows = db.session.scalars(
        select(PlaceOffer)
        .join(QueueEntry, QueueEntry.id == PlaceOffer.queue_entry_id)
        .where(
            PlaceOffer.unit_id.in_(unit_ids),
            PlaceOffer.first_day <= on,
            PlaceOffer.client_id != (but_to or 0),
            PlaceOffer.answer.in_(("", "accepted")),
            QueueEntry.ended_at.is_(None),
        )
        .options(joinedload(PlaceOffer.entry))
    ).all()
    orders = _orders_of([offer.entry for offer in rows]) if rows else {}
    return [
        (offer.unit_id, offer.half_days)
        for offer in rows
        if offer.is_open(today())
        or holds_place(offer, orders.get((offer.client_id, offer.unit_id), ()))
    ]


def chosen_at(choice: Choice | None) -> datetime | None:
    return choice.registered_at if choice else None
