"""Out of the queues: what nobody has answered then is taken back."""

from sqlalchemy import select

from lovdv import audit
from lovdv.choice.models import QueueEntry
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.people.models import Offer
from lovdv.placements.answering import close_offer
from lovdv.queues.models import PlaceOffer

LEFT = "Personen står inte längre i kön."
EXPIRED = "Inget svar i tid."


def leave_queues(client_id: int, reason: str) -> None:
    """The person waits for no unit any longer."""
    for entry in db.session.scalars(
        select(QueueEntry)
        .where(QueueEntry.client_id == client_id, QueueEntry.ended_at.is_(None))
        .with_for_update()
    ):
        leave(entry, reason)


def leave(entry: QueueEntry, reason: str) -> None:
    """End one wait, and with it an offer without answer."""
    for offer in unanswered(entry):
        close(offer)
    entry.ended_at, entry.end_reason = now(), reason
    db.session.flush()
    audit.change(
        "queue.end",
        about=[entry.client_id],
        object=entry.public_id,
        after={"reason": reason},
    )


def unanswered(entry: QueueEntry) -> list[PlaceOffer]:
    return list(
        db.session.scalars(
            select(PlaceOffer)
            .where(PlaceOffer.queue_entry_id == entry.id, PlaceOffer.answer == "")
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def close(offer: PlaceOffer, because: str = LEFT) -> None:
    """Write down that nobody answered: in time, or before it was taken back."""
    open_still = offer.is_open(today())
    offer.answer = "withdrawn" if open_still else "expired"
    offer.answered_at = now()
    kept = offer.offer
    if kept.answer == "waiting":
        close_offer(kept, offer.answer, today(), because if open_still else EXPIRED)
    db.session.flush()
    audit.change(
        f"place_offer.{offer.answer}",
        about=[offer.client_id],
        object=offer.public_id,
    )


def is_from_queue(offer: Offer) -> bool:
    """Whether a row of the three-month clock's list was offered from a queue."""
    found = select(PlaceOffer.id).where(PlaceOffer.offer_id == offer.id)
    return db.session.scalar(found) is not None
