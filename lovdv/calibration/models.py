"""Vignettes (fictive cases), rounds of blind scoring, and what each scorer gave."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.database import Base, Numbered, Public
from lovdv.needs.models import Assessment, InstrumentVersion


class Vignette(Public, Base):
    """One version of a fictive case; a changed text is a new version of its series."""

    __tablename__ = "vignette"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "series", "version"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    series: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CalibrationRound(Public, Base):
    """Several people score the same cases, each without seeing the others.

    `vignettes`: the lead's round of fictive cases. `meeting`: a colleague scores the
    real meeting that `assessment` is about. Nothing of it changes once it is closed.
    """

    __tablename__ = "calibration_round"
    __table_args__ = (
        CheckConstraint("kind IN ('vignettes', 'meeting')", name="kind"),
        CheckConstraint(
            "(kind = 'meeting') = (assessment_id IS NOT NULL)", name="meeting"
        ),
        CheckConstraint("end_day > first_day", name="days"),
        {"info": guards.frozen_when("OLD.closed_at IS NOT NULL")},
    )

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    instrument_version_id: Mapped[int] = mapped_column(
        ForeignKey("instrument_version.id")
    )
    assessment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assessment.id"), unique=True
    )
    first_day: Mapped[date]
    end_day: Mapped[date]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    instrument_version: Mapped[InstrumentVersion] = relationship()
    assessment: Mapped[Assessment | None] = relationship()
    scorings: Mapped[list[BlindScoring]] = relationship(
        back_populates="round", order_by="BlindScoring.position, BlindScoring.id"
    )


class BlindScoring(Public, Base):
    """One invited person's scoring of one case: final when it is handed in.

    `group_name` is the scorer's group when invited, so that a result does not change
    when somebody moves. `level` is what the answers gave; nobody is shown it before
    the round is closed.
    """

    __tablename__ = "blind_scoring"
    __table_args__ = (
        UniqueConstraint("round_id", "vignette_id", "assessor_id"),
        {
            "info": guards.frozen_with(
                "calibration_round", "round_id", "parent.closed_at IS NOT NULL"
            )
        },
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("calibration_round.id"))
    vignette_id: Mapped[int | None] = mapped_column(ForeignKey("vignette.id"))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    group_name: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    level: Mapped[str] = mapped_column(String(20), default="")

    round: Mapped[CalibrationRound] = relationship(back_populates="scorings")
    vignette: Mapped[Vignette | None] = relationship()
    assessor: Mapped[User] = relationship()
    answers: Mapped[list[BlindAnswer]] = relationship(back_populates="scoring")


class BlindAnswer(Numbered, Base):
    """One question's answer; `revision` tells two tabs apart."""

    __tablename__ = "blind_answer"
    __table_args__ = (
        UniqueConstraint("scoring_id", "question"),
        {
            "info": guards.frozen_with(
                "blind_scoring", "scoring_id", "parent.submitted_at IS NOT NULL"
            )
        },
    )

    scoring_id: Mapped[int] = mapped_column(ForeignKey("blind_scoring.id"))
    question: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]

    scoring: Mapped[BlindScoring] = relationship(back_populates="answers")
