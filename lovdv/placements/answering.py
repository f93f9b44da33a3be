"""What becomes of an order and of the offer that went with it."""

from datetime import date

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.people.models import Offer
from lovdv.placements.models import Order

TAKEN_BACK = "Beställningen återkallades."


def answer(order: Order, status: str, by_id: int | None) -> None:
    order.status, order.answered_at, order.answered_by_id = status, now(), by_id
    db.session.flush()
    audit.change(
        f"order.{status}",
        about=[order.client_id],
        object=order.public_id,
        before={"status": "sent"},
        after={"status": status, "reason": order.decline_reason},
    )


def answer_offer(order: Order, how: str, reason: str) -> None:
    """The place was offered when the order was sent; its latest waiting row."""
    offer = db.session.scalars(
        select(Offer)
        .where(
            Offer.decision_id == order.decision_id,
            Offer.unit_id == order.unit_id,
            Offer.answer == "waiting",
        )
        .order_by(Offer.day.desc(), Offer.id.desc())
        .limit(1)
    ).first()
    if offer is not None and not (order.about and order.about.kind == "plan"):
        close_offer(offer, how, today(), reason)


def close_offer(offer: Offer, how: str, on: date, reason: str) -> None:
    """Keep how an offer ended, with its day and reason."""
    offer.answer, offer.answered_on, offer.reason = how, on, reason
    db.session.flush()
    audit.change(
        "offer.answer",
        about=[offer.decision.client_id],
        object=offer.public_id,
        after={"answer": how, "reason": reason},
    )


def take_back(
    order: Order, *, by_id: int | None = None, because: str = TAKEN_BACK
) -> None:
    """Withdraw an order that nobody has answered, and the offer with it."""
    answer(order, "withdrawn", by_id)
    answer_offer(order, "withdrawn", because)
