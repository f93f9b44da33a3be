"""Places offered to those who wait in a queue, and who was passed over and why."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.choice.models import QueueEntry
from lovdv.database import Base, Public
from lovdv.people.models import Client, Decision, Mandate, Offer
from lovdv.providers.models import Unit

UNANSWERED = text("answer = ''")


class PlaceOffer(Public, Base):
    """A free place, offered by the municipality to somebody in the queue.

    An offer whose last day has passed without an answer has expired, which nobody
    needs to write down. What was answered stands as it was answered.
    """

    __tablename__ = "place_offer"
    __table_args__ = (
        CheckConstraint(
            "answer IN ('', 'accepted', 'declined', 'expired', 'withdrawn')",
            name="answer",
        ),
        CheckConstraint("lapse IN ('keep', 'last')", name="lapse"),
        Index(
            "uq_place_offer_open",
            "queue_entry_id",
            unique=True,
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        ),
        {"info": guards.frozen_when("OLD.answer <> ''")},
    )

    queue_entry_id: Mapped[int] = mapped_column(
        ForeignKey("queue_entry.id"), index=True
    )
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    # the same offer in the list that the three-month clock keeps
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    half_days: Mapped[list[str]] = mapped_column(JSON)
    first_day: Mapped[date]
    answer_by: Mapped[date]  # the last day to answer, inclusive as the letter says
    # the place in line after a no or no answer, as the offer said: keep or last
    lapse: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(String(10), default="")
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(30), default="")
    # person or representative; with the mandate and the person's own will
    answered_by: Mapped[str] = mapped_column(String(20), default="")
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    own_will: Mapped[str] = mapped_column(String(20), default="")
    own_will_note: Mapped[str] = mapped_column(String(300), default="")
    # self, guide, caseworker, paper
    channel: Mapped[str] = mapped_column(String(20), default="")
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    entry: Mapped[QueueEntry] = relationship()
    client: Mapped[Client] = relationship()
    decision: Mapped[Decision] = relationship()
    unit: Mapped[Unit] = relationship()
    offer: Mapped[Offer] = relationship()
    mandate: Mapped[Mandate | None] = relationship()

    def is_open(self, on: date) -> bool:
        return self.answer == "" and self.answer_by >= on

    def status(self, on: date) -> str:
        """waiting, accepted, declined, expired or withdrawn."""
        return self.answer or ("waiting" if self.is_open(on) else "expired")


class PassedOver(Public, Base):
    """Somebody who stood before the one that got the offer, and the closed reason."""

    __tablename__ = "passed_over"
    __table_args__ = ({"info": guards.append_only()},)

    place_offer_id: Mapped[int] = mapped_column(
        ForeignKey("place_offer.id"), index=True
    )
    queue_entry_id: Mapped[int] = mapped_column(
        ForeignKey("queue_entry.id"), index=True
    )
    reason: Mapped[str] = mapped_column(String(30))
