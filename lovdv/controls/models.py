"""How controls are set, what each found, what was decided of it, and what is held."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Numbered, Public

WITH_RUN = guards.frozen_with(
    "payment_run", "run_id", "parent.status IN ('attested', 'exported')"
)


class ControlSetting(Public, Base):
    """How a control works from a day: tuned, only listing, or off until a day.

    In force is the latest first day that has come, of those the highest revision;
    one that is off counts until its end, and then the one before it does again.
    """

    __tablename__ = "control_setting"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "control", "first_day", "revision"),
        CheckConstraint("effect IN ('decides', 'lists', 'off')", name="effect"),
        CheckConstraint("(effect = 'off') = (off_end_day IS NOT NULL)", name="off"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    control: Mapped[str] = mapped_column(String(30))
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    effect: Mapped[str] = mapped_column(String(10))
    off_end_day: Mapped[date | None]
    knobs: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(300))
    reference: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class RunControl(Numbered, Base):
    """How a control worked in a run; the sample also keeps what it was drawn from."""

    __tablename__ = "run_control"
    __table_args__ = (
        UniqueConstraint("run_id", "control"),
        {"info": WITH_RUN},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    control: Mapped[str] = mapped_column(String(30))
    effect: Mapped[str] = mapped_column(String(10))
    knobs: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    setting_id: Mapped[int | None] = mapped_column(ForeignKey("control_setting.id"))
    seed: Mapped[str] = mapped_column(String(32), default="")


class RunTerms(Numbered, Base):
    """What was told of a payee under a contract when a run was checked."""

    __tablename__ = "run_terms"
    __table_args__ = (
        UniqueConstraint("run_id", "contract_id"),
        {"info": WITH_RUN},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    name: Mapped[str] = mapped_column(String(120))
    told: Mapped[dict[str, str]] = mapped_column(JSON)


class Finding(Public, Base):
    """What a control found in a run, and what a person decided about it."""

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("decision IN ('', 'pay', 'hold')", name="decision"),
        CheckConstraint("effect IN ('decides', 'lists')", name="effect"),
        {"info": WITH_RUN},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), index=True)
    control: Mapped[str] = mapped_column(String(30))
    effect: Mapped[str] = mapped_column(String(10), default="decides")
    # What it is about: one placement, all of a contract or a unit, or the whole run.
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[date]
    message: Mapped[str] = mapped_column(String(300))
    amount: Mapped[int] = mapped_column(BigInteger)
    decision: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]


class SampledLine(Public, Base):
    """A line that was drawn, and what the person who looked at it saw."""

    __tablename__ = "sampled_line"
    __table_args__ = (
        CheckConstraint("result IN ('', 'right', 'wrong')", name="result"),
        CheckConstraint(
            "result <> 'right' OR (attendance_seen AND decision_seen AND plan_seen)",
            name="seen",
        ),
        {"info": WITH_RUN},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), unique=True)
    line_id: Mapped[int] = mapped_column(BigInteger)
    weight: Mapped[int] = mapped_column(BigInteger)
    attendance_seen: Mapped[bool] = mapped_column(default=False)
    decision_seen: Mapped[bool] = mapped_column(default=False)
    plan_seen: Mapped[bool] = mapped_column(default=False)
    result: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    looked_at: Mapped[datetime | None]

    finding: Mapped[Finding] = relationship()


class Hold(Public, Base):
    """A placement's month that a run has computed but that nobody pays yet."""

    __tablename__ = "payment_hold"
    __table_args__ = (
        UniqueConstraint("run_id", "placement_id", "month"),
        {"info": WITH_RUN},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    month: Mapped[date]
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    reason: Mapped[str] = mapped_column(String(300))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime]
