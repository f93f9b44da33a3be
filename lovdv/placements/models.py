"""Orders, placements, week plans, pauses, closed days and attendance."""

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
from lovdv.database import Base, Public
from lovdv.people.models import Client
from lovdv.providers.models import Unit


class Order(Public, Base):
    """From the caseworker to a unit (beställning)."""

    __tablename__ = "order"
    __table_args__ = (
        CheckConstraint(
            "status IN ('sent', 'confirmed', 'declined', 'withdrawn')", name="status"
        ),
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    goal: Mapped[str] = mapped_column(Text)
    extent: Mapped[str] = mapped_column(String(200))
    # what is wanted, by weekday and half: "0am" is Monday morning
    half_days: Mapped[list[str]] = mapped_column(JSON, default=list)
    level: Mapped[str] = mapped_column(String(20), default="")
    wanted_start: Mapped[date]
    contact: Mapped[str] = mapped_column(String(300))
    communication: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer_by: Mapped[date]  # last day to answer, N working days after it was sent
    status: Mapped[str] = mapped_column(String(20), default="sent")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    start_day: Mapped[date | None]
    # full, permit, target_group, conflict, other_language... a closed list in rules
    decline_reason: Mapped[str] = mapped_column(String(30), default="")
    decline_note: Mapped[str] = mapped_column(String(300), default="")

    client: Mapped[Client] = relationship()
    unit: Mapped[Unit] = relationship()
    about: Mapped[OrderChange | None] = relationship()


class Workplace(Public, Base):
    """A workplace away from the unit: employer, single or group, who owns contact."""

    __tablename__ = "workplace"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    employer: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10), default="single")  # single, group
    contact_owner: Mapped[str] = mapped_column(String(120), default="")


class Placement(Public, Base):
    """Client x unit: what a confirmed order becomes. Annulled, never deleted.

    The days are half-open. `paid_first_day`..`paid_end_day` is what payment rests
    on and lies inside the contract and the decision.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("end_day IS NULL OR end_day >= first_day", name="period"),
        UniqueConstraint("choice_system_id", "number"),
    )

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id"), index=True
    )
    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    number: Mapped[str] = mapped_column(String(20))  # placeringsnummer
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"))
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    paid_first_day: Mapped[date]
    paid_end_day: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(30), default="")
    notice_day: Mapped[date | None]  # when the unit was told of the end
    annulled_at: Mapped[datetime | None]
    annul_reason: Mapped[str] = mapped_column(String(300), default="")
    workplace_id: Mapped[int | None] = mapped_column(ForeignKey("workplace.id"))
    # genomförandeplan: made, the person's part in it, next follow-up
    plan_made_on: Mapped[date | None]
    plan_participation: Mapped[str] = mapped_column(String(300), default="")
    next_follow_up_on: Mapped[date | None]
    recorded_at: Mapped[datetime]

    client: Mapped[Client] = relationship()
    unit: Mapped[Unit] = relationship()
    order: Mapped[Order | None] = relationship()
    workplace: Mapped[Workplace | None] = relationship()
    pauses: Mapped[list[Pause]] = relationship(order_by="Pause.first_day")
    week_plans: Mapped[list[WeekPlan]] = relationship(
        back_populates="placement", order_by="WeekPlan.first_day, WeekPlan.revision"
    )


class OrderChange(Base):
    """An order about a placement that is already there.

    Kind `plan` gives it new times; kind `replace` ends it when the new one starts.
    """

    __tablename__ = "order_change"
    __table_args__ = (CheckConstraint("kind IN ('plan', 'replace')", name="kind"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="plan")

    placement: Mapped[Placement] = relationship()


class WeekPlan(Public, Base):
    """From-to times per weekday over 1, 2 or 4 weeks, from a day.

    `times` is a list with one entry a week, each a list of seven: null or
    ["09:00", "15:00"]. Week 0 is the week that holds `first_day`.
    """

    __tablename__ = "week_plan"
    __table_args__ = (
        UniqueConstraint("placement_id", "first_day", "revision"),
        {"info": guards.append_only()},
    )

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    times: Mapped[list[list[list[str] | None]]] = mapped_column(JSON)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    placement: Mapped[Placement] = relationship(back_populates="week_plans")


class Pause(Public, Base):
    """Days when the placement rests (long hospital stay, say)."""

    __tablename__ = "pause"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    share_paid: Mapped[int | None]  # per cent; None: as the payment rules say
    place_kept: Mapped[bool] = mapped_column(default=True)
    frees_capacity: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    annulled_at: Mapped[datetime | None]


IN_FORCE = text("annulled_at IS NULL")
FOR_ALL = text("annulled_at IS NULL AND unit_id IS NULL")


class ClosedDay(Public, Base):
    """A day when a choice system's units (or one unit) are closed."""

    __tablename__ = "closed_day"
    __table_args__ = (
        Index(
            "uq_closed_day_unit",
            "choice_system_id",
            "unit_id",
            "day",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        Index(
            "uq_closed_day_all",
            "choice_system_id",
            "day",
            unique=True,
            sqlite_where=FOR_ALL,
            postgresql_where=FOR_ALL,
        ),
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime]
    annulled_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship()


class AttendanceMonth(Public, Base):
    """One placement, one month, one version: a character a day.

    While open, `codes` holds deviations from the plan ('.' where the plan stands).
    On confirm, the plan, the closed days and the minutes are resolved and frozen:
    every day then has its own code. A locked row is never changed; a late change
    is a new version. Codes and their payment effect are rows of AbsenceCode.

    `details` only where needed: {"7": [{"from": "09:00", "to": "12:00",
    "code": "S", "notified_at": ..., "by": ...}]}.
    """

    __tablename__ = "attendance_month"
    __table_args__ = (
        UniqueConstraint("placement_id", "month", "version"),
        CheckConstraint("status IN ('open', 'confirmed', 'locked')", name="status"),
        {"info": guards.frozen_when("OLD.status = 'locked'")},
    )

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    month: Mapped[date] = mapped_column(index=True)  # the first day of the month
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(10), default="open")
    codes: Mapped[str] = mapped_column(String(31))
    details: Mapped[dict[str, list[dict[str, str]]]] = mapped_column(JSON, default=dict)
    # frozen at confirm: '1' for a planned day, '0' otherwise, one a day
    planned: Mapped[str] = mapped_column(String(31), default="")
    minutes_planned: Mapped[int] = mapped_column(default=0)
    minutes_attended: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    locked_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    change_reason: Mapped[str] = mapped_column(String(300), default="")


class AbsenceCode(Public, Base):
    """A municipality's own letter for an absence, and its payment effect, from a day.

    Effects: notified, late, not_notified, leave, planning_day, other_unit. The
    letters for attended, extra and closed days are the same everywhere.
    """

    __tablename__ = "absence_code"
    __table_args__ = (UniqueConstraint("choice_system_id", "code", "first_day"),)

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    code: Mapped[str] = mapped_column(String(1))
    name: Mapped[str] = mapped_column(String(60))
    effect: Mapped[str] = mapped_column(String(20))
    first_day: Mapped[date]


class LocalReason(Public, Base):
    """A unit's own name for an absence. It maps to a code and never leaves the unit."""

    __tablename__ = "local_reason"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(1))
    ended_at: Mapped[datetime | None]


class LocalAbsence(Base):
    """The unit's own reason for one person's day; read by the unit only."""

    __tablename__ = "local_absence"

    placement_id: Mapped[int] = mapped_column(
        ForeignKey("placement.id"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    reason_id: Mapped[int] = mapped_column(ForeignKey("local_reason.id"))
