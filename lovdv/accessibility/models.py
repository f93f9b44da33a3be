"""What readers tell of hindrances, and what was done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.database import Base, Numbered, Public


class AccessibilityReport(Public, Base):
    """Something that a reader could not do, or wants in another way; as it was sent."""

    __tablename__ = "accessibility_report"
    __table_args__ = (
        CheckConstraint("kind IN ('hindrance', 'other_way')", name="kind"),
        {"info": guards.append_only()},
    )

    kind: Mapped[str] = mapped_column(String(20))
    # The page it is about, as the reader says it.
    page: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    # How to reach the reader; empty: nobody is told what was done.
    contact: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[datetime]
    answer_by: Mapped[date]

    answer: Mapped[AccessibilityAnswer | None] = relationship(back_populates="report")


class AccessibilityAnswer(Numbered, Base):
    """What was done about a report, and what the reader was told."""

    __tablename__ = "accessibility_answer"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('mended', 'helped', 'planned', 'refused')", name="outcome"
        ),
        {"info": guards.append_only()},
    )

    report_id: Mapped[int] = mapped_column(
        ForeignKey("accessibility_report.id"), unique=True
    )
    outcome: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    report: Mapped[AccessibilityReport] = relationship(back_populates="answer")
    answered_by: Mapped[User] = relationship()
