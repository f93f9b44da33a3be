"""Requests for support, contact attempts, saved units, choices and the queue."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.database import Base, Public
from lovdv.people.models import Client, Decision, Mandate
from lovdv.providers.models import Unit


class Invitation(Public, Base):
    """An informed choice that a person has been offered, with its deadline."""

    __tablename__ = "invitation"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    # first, rechoice, introduction, provider_left
    kind: Mapped[str] = mapped_column(String(20), default="first")
    sent_on: Mapped[date]
    answer_by: Mapped[date]  # the last day, inclusive as the letter says
    closed_on: Mapped[date | None]
    wants_support: Mapped[bool] = mapped_column(default=False)
    guide_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]

    client: Mapped[Client] = relationship()
    decision: Mapped[Decision] = relationship()
    guide: Mapped[User | None] = relationship()
    attempts: Mapped[list[ContactAttempt]] = relationship(
        back_populates="invitation", order_by="ContactAttempt.at"
    )


class ContactAttempt(Public, Base):
    """A try to inform or support: when, how, by whom and what came of it."""

    __tablename__ = "contact_attempt"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    # letter, phone, meeting, visit, sms
    way: Mapped[str] = mapped_column(String(20))
    result: Mapped[str] = mapped_column(String(20))  # reached, not_reached, booked
    note: Mapped[str] = mapped_column(String(300), default="")
    # inform, visit, after_1_month, after_3_months
    purpose: Mapped[str] = mapped_column(String(20), default="inform")
    visit_day: Mapped[date | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    invitation: Mapped[Invitation] = relationship(back_populates="attempts")
    by: Mapped[User] = relationship()
    unit: Mapped[Unit | None] = relationship()


class SavedUnit(Public, Base):
    """A unit that the person has saved to think about."""

    __tablename__ = "saved_unit"
    __table_args__ = (UniqueConstraint("client_id", "unit_id"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    saved_at: Mapped[datetime]


class Choice(Public, Base):
    """What became of a person's choice, kept as it was made.

    Kinds that place somebody: chosen, rechoice, stay, no_choice. Kinds that place
    nobody: does_not_want, wants_to_wait, not_reached, cannot_express, and silent:
    no answer from somebody who has a place, and keeps it.
    """

    __tablename__ = "choice"
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('chosen', 'rechoice', 'stay', 'no_choice'))"
            " = (unit_id IS NOT NULL)",
            name="unit",
        ),
        CheckConstraint("(confirmed = '') = (confirmed_at IS NULL)", name="confirmed"),
        {"info": guards.append_only()},
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    second_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    # person or representative; with the mandate and the person's own will
    made_by: Mapped[str] = mapped_column(String(20), default="person")
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    own_will: Mapped[str] = mapped_column(String(20), default="")
    own_will_note: Mapped[str] = mapped_column(String(300), default="")
    # self, guide, caseworker, paper
    channel: Mapped[str] = mapped_column(String(20))
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    registered_at: Mapped[datetime]
    # how the one who chose said yes: in_room, paper, phone, self; '' when nobody chose
    confirmed: Mapped[str] = mapped_column(String(10), default="")
    confirmed_at: Mapped[datetime | None]
    # {"seed": "...", "sort": "neutral", "units": [[public id, profile version], ...]}
    shown: Mapped[dict[str, object]] = mapped_column(JSON)
    support: Mapped[str] = mapped_column(Text, default="")
    # icke-val: interest, need, distance, place, each a sentence
    reasons: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    wanted_start: Mapped[date | None]
    # the first day that the notice rule allows
    effective_day: Mapped[date | None]
    # the last day to take it back, inclusive as the page said; None: no such time
    regret_by: Mapped[date | None]

    client: Mapped[Client] = relationship()
    unit: Mapped[Unit | None] = relationship(foreign_keys=unit_id)
    second_unit: Mapped[Unit | None] = relationship(foreign_keys=second_unit_id)
    mandate: Mapped[Mandate | None] = relationship()
    registered_by: Mapped[User | None] = relationship()


class ChoiceRegret(Public, Base):
    """A choice taken back within its time to regret; the choice stands as it was."""

    __tablename__ = "choice_regret"
    __table_args__ = (UniqueConstraint("choice_id"), {"info": guards.append_only()})

    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    regretted_at: Mapped[datetime]
    # person or representative; with the mandate and the person's own will
    made_by: Mapped[str] = mapped_column(String(20), default="person")
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    own_will: Mapped[str] = mapped_column(String(20), default="")
    own_will_note: Mapped[str] = mapped_column(String(300), default="")
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    choice: Mapped[Choice] = relationship()
    client: Mapped[Client] = relationship()


WAITING = text("ended_at IS NULL")


class QueueEntry(Public, Base):
    """A person waiting for a place at a full unit, by date; in each queue once."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        Index(
            "uq_queue_entry_waiting",
            "client_id",
            "unit_id",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # new_choice, regretted, placed, or the life event that ended it
    end_reason: Mapped[str] = mapped_column(String(30), default="")

    client: Mapped[Client] = relationship()
    unit: Mapped[Unit] = relationship()
