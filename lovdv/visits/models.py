"""A wish to visit or try a unit, the unit's answer, and the days that took place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Public
from lovdv.people.models import Client, Decision, Mandate
from lovdv.providers.models import Unit

OPEN = text("status IN ('asked', 'answered')")
STANDS = text("annulled_at IS NULL")


SEEN = ("asked", "answered", "done")
"""What a unit sees: not what it has said no to, nor what was taken back."""


class VisitRequest(Public, Base):
    """A person's wish to come to a unit once, or to try some days.

    The unit sees no name unless the person has said yes to it, and never that of
    somebody whose identity is protected. What the municipality pays, and whether
    the days count, is as its rule said when the person asked. An answer that was a
    no, or a wish that was taken back, stands as it is.
    """

    __tablename__ = "visit_request"
    __table_args__ = (
        CheckConstraint("kind IN ('visit', 'try_out')", name="kind"),
        CheckConstraint(
            "status IN ('asked', 'answered', 'declined', 'cancelled', 'done')",
            name="status",
        ),
        CheckConstraint("days >= 1", name="days"),
        Index(
            "uq_visit_request_open",
            "client_id",
            "unit_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        {"info": guards.frozen_when("OLD.status IN ('declined', 'cancelled')")},
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    # how many days to try; a visit is one
    days: Mapped[int] = mapped_column(default=1)
    # the weekdays that suit: mon, tue...; none: any
    weekdays: Mapped[list[str]] = mapped_column(JSON, default=list)
    # when the person said yes to the first name being given, and took that back
    consented_at: Mapped[datetime | None]
    consent_ended_at: Mapped[datetime | None]
    paid: Mapped[bool] = mapped_column(default=False)
    starts_clock: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # person or representative, within the mandate
    made_by: Mapped[str] = mapped_column(String(20), default="person")
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    answer_by: Mapped[date]  # the last day for the unit, inclusive
    status: Mapped[str] = mapped_column(String(10), default="asked")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # the days that the unit proposes, as 2026-04-07
    proposed: Mapped[list[str]] = mapped_column(JSON, default=list)
    clock: Mapped[str] = mapped_column(String(5), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    # a code of the closed list in the rule "visit"
    reason: Mapped[str] = mapped_column(String(30), default="")

    client: Mapped[Client] = relationship()
    decision: Mapped[Decision] = relationship()
    unit: Mapped[Unit] = relationship()
    mandate: Mapped[Mandate | None] = relationship()
    took_place: Mapped[list[VisitDay]] = relationship(
        back_populates="request", order_by="VisitDay.day"
    )

    @property
    def is_open(self) -> bool:
        return self.status in ("asked", "answered")

    @property
    def proposed_days(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.proposed]

    @property
    def consents(self) -> bool:
        """Whether the person's yes to the first name stands; how long: naming."""
        agreed = self.consented_at is not None and self.consent_ended_at is None
        return agreed and self.status in SEEN and not self.client.protected

    @property
    def days_held(self) -> list[date]:
        return [each.day for each in self.took_place if each.annulled_at is None]


class VisitDay(Public, Base):
    """A day that took place, as the unit recorded it; a wrong one is annulled."""

    __tablename__ = "visit_day"
    __table_args__ = (
        Index(
            "uq_visit_day_stands",
            "visit_request_id",
            "day",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        {"info": guards.frozen_when("OLD.annulled_at IS NOT NULL")},
    )

    visit_request_id: Mapped[int] = mapped_column(
        ForeignKey("visit_request.id"), index=True
    )
    day: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    annulled_at: Mapped[datetime | None]
    annulled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    request: Mapped[VisitRequest] = relationship(back_populates="took_place")
