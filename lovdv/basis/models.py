"""A unit's objections to what it was paid, and the answers to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.database import Base, Numbered, Public
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit


class BasisObjection(Public, Base):
    """A unit disputes a row of its month, or misses one; stands as it was sent.

    `month` is the month of the basis, `concerns` the month that the row pays for.
    """

    __tablename__ = "basis_objection"
    __table_args__ = (
        CheckConstraint("kind IN ('missing', 'row')", name="kind"),
        CheckConstraint("kind = 'missing' OR placement_id IS NOT NULL", name="row"),
        {"info": guards.append_only()},
    )

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id"), index=True
    )
    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    month: Mapped[date]
    concerns: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    # None: the unit misses a row for somebody it does not find in its list.
    placement_id: Mapped[int | None] = mapped_column(
        ForeignKey("placement.id"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    # By the rule "basis" in force on the day it was sent.
    answer_by: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    unit: Mapped[Unit] = relationship()
    placement: Mapped[Placement | None] = relationship()
    sent_by: Mapped[User] = relationship()
    lines: Mapped[list[BasisObjectionLine]] = relationship()
    answer: Mapped[BasisObjectionAnswer | None] = relationship(
        back_populates="objection"
    )


class BasisObjectionLine(Base):
    """A booked line that an objection concerns."""

    __tablename__ = "basis_objection_line"
    __table_args__ = ({"info": guards.append_only()},)

    objection_id: Mapped[int] = mapped_column(
        ForeignKey("basis_objection.id"), primary_key=True
    )
    line_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("payment_line.id"), primary_key=True
    )


class BasisObjectionAnswer(Numbered, Base):
    """What finance says: right, and what was changed, or wrong, and why."""

    __tablename__ = "basis_objection_answer"
    __table_args__ = (
        CheckConstraint("verdict IN ('accepted', 'declined')", name="verdict"),
        CheckConstraint("text <> ''", name="text"),
        {"info": guards.append_only()},
    )

    objection_id: Mapped[int] = mapped_column(
        ForeignKey("basis_objection.id"), unique=True
    )
    verdict: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    objection: Mapped[BasisObjection] = relationship(back_populates="answer")
    answered_by: Mapped[User] = relationship()
