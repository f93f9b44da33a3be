"""Letters as they were made and sent, and how each person wants to read."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.choice.models import Choice, ContactAttempt, Invitation
from lovdv.database import Base, Numbered, Public
from lovdv.people.models import Client

WAYS = "'normal', 'easy', 'pictures', 'large'"


class ReadingWay(Numbered, Base):
    """How the person wants letters, as the caseworker has set it; the latest counts."""

    __tablename__ = "reading_way"
    __table_args__ = (
        CheckConstraint(f"way IN ({WAYS})", name="way"),
        {"info": guards.append_only()},
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    way: Mapped[str] = mapped_column(String(10))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class Letter(Public, Base):
    """A letter with its words, kept as they were made.

    The words say nothing of who the person is; name and address are put on the paper.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("invitation_id", "remind_day"),
        CheckConstraint(
            "kind IN ('invitation', 'reminder', 'no_choice', 'provider_left',"
            " 'introduction')",
            name="kind",
        ),
        CheckConstraint(f"way IN ({WAYS})", name="way"),
        {"info": guards.append_only()},
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    # what became of it, when the letter tells of that
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(10))
    # the day that the reminder was due, so that each is made once
    remind_day: Mapped[date | None]
    # those that were made together
    batch: Mapped[str] = mapped_column(String(20), index=True)
    # title, parts (picture, heading and sentences of each), last day and short link
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the content
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    client: Mapped[Client] = relationship()
    invitation: Mapped[Invitation] = relationship()
    choice: Mapped[Choice | None] = relationship()
    made_by: Mapped[User] = relationship()
    sent: Mapped[LetterSent | None] = relationship(back_populates="letter")


class LetterSent(Numbered, Base):
    """A letter was sent, which counts as a try to inform the person."""

    __tablename__ = "letter_sent"
    __table_args__ = (
        UniqueConstraint("letter_id"),
        {"info": guards.append_only()},
    )

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("contact_attempt.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    letter: Mapped[Letter] = relationship(back_populates="sent")
    attempt: Mapped[ContactAttempt] = relationship()
