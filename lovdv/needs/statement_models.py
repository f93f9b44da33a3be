"""A unit's written statement (yttrande) about a person's need, domain by domain."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
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
from lovdv.database import Base, Numbered, Public
from lovdv.needs.models import InstrumentVersion
from lovdv.people.models import Client, Decision
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit

WAITS = text("given_at IS NULL AND withdrawn_at IS NULL")


class Statement(Public, Base):
    """Asked for by an assessor, written by the unit; frozen once it is given.

    It belongs to the decision and not to a draft, which may be thrown away.
    """

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint("given_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index(
            "uq_statement_waits",
            "decision_id",
            "unit_id",
            unique=True,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        {
            "info": guards.frozen_when(
                "(OLD.given_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)"
            )
        },
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    # The domains that are asked about are this version's.
    instrument_version_id: Mapped[int] = mapped_column(
        ForeignKey("instrument_version.id")
    )
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    question: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    given_at: Mapped[datetime | None]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship()
    decision: Mapped[Decision] = relationship()
    instrument_version: Mapped[InstrumentVersion] = relationship()
    placement: Mapped[Placement] = relationship()
    unit: Mapped[Unit] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    given_by: Mapped[User | None] = relationship(foreign_keys=[given_by_id])
    parts: Mapped[list[StatementPart]] = relationship(
        back_populates="statement", order_by="StatementPart.id"
    )


class StatementPart(Numbered, Base):
    """What the unit says of one domain."""

    __tablename__ = "statement_part"
    __table_args__ = (
        UniqueConstraint("statement_id", "domain"),
        {
            "info": guards.frozen_with(
                "statement", "statement_id", "parent.given_at IS NOT NULL"
            )
        },
    )

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    domain: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]

    statement: Mapped[Statement] = relationship(back_populates="parts")
