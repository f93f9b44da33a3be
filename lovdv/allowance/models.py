"""Month runs of habiliteringsersättning with their rows, files and year amounts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lovdv import guards
from lovdv.database import Base, Numbered, Public

ONE_RUN = text("status <> 'replaced'")


class AllowanceRun(Public, Base):
    """One computation of a month; a new one replaces one that is not yet attested."""

    __tablename__ = "allowance_run"
    __table_args__ = (
        CheckConstraint(
            "status IN ('computed', 'attested', 'exported', 'replaced')", name="status"
        ),
        CheckConstraint(
            "attested_by_id IS NULL OR attested_by_id <> prepared_by_id",
            name="four_eyes",
        ),
        Index(
            "uq_allowance_run_choice_system_id_month_standing",
            "choice_system_id",
            "month",
            unique=True,
            sqlite_where=ONE_RUN,
            postgresql_where=ONE_RUN,
        ),
        {"info": guards.frozen_when("OLD.status = 'exported'")},
    )

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id"), index=True
    )
    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    month: Mapped[date]  # the first day
    status: Mapped[str] = mapped_column(String(10), default="computed")
    known_at: Mapped[datetime]  # what was decided by then was computed with
    inputs_digest: Mapped[str] = mapped_column(String(64), default="")
    total: Mapped[int] = mapped_column(BigInteger, default=0)  # öre
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    computed_at: Mapped[datetime]
    attested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    attested_at: Mapped[datetime | None]
    exported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    exported_at: Mapped[datetime | None]


class AllowanceEntry(Numbered, Base):
    """One amount and everything that made it; see payments.allowance_lines."""

    __tablename__ = "allowance_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('full', 'half', 'hour', 'over')", name="kind"),
        CheckConstraint(
            "payer IN ('municipality', 'provider_included', 'provider_billed')",
            name="payer",
        ),
        Index(None, "run_id", "placement_id"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("allowance_run.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    month: Mapped[date]  # the month it concerns, by its first day
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int]  # hundredths of days, or minutes
    rate: Mapped[int] = mapped_column(BigInteger)  # öre
    rounding: Mapped[int]  # öre
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    days: Mapped[str] = mapped_column(String(100))
    rule: Mapped[str] = mapped_column(Text)
    payer: Mapped[str] = mapped_column(String(20))
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("allowance_entry.id"), index=True
    )


class AllowanceWait(Numbered, Base):
    """A month that a run could not count, or a change too old to make; and why."""

    __tablename__ = "allowance_wait"
    __table_args__ = (
        CheckConstraint("reason IN ('stopped', 'left_out')", name="reason"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("allowance_run.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    month: Mapped[date]
    reason: Mapped[str] = mapped_column(String(10))
    error: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(300))
    amount: Mapped[int | None] = mapped_column(BigInteger)  # öre, where it is known


class AllowanceFile(Public, Base):
    """The list for payment, made once and returned as it was made."""

    __tablename__ = "allowance_file"
    __table_args__ = ({"info": guards.append_only()},)

    run_id: Mapped[int] = mapped_column(ForeignKey("allowance_run.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class YearAmount(Public, Base):
    """An amount of a calendar year with its source: prisbasbelopp, or state grant.

    The latest revision known counts.
    """

    __tablename__ = "year_amount"
    __table_args__ = (
        UniqueConstraint("municipality_id", "kind", "year", "revision"),
        CheckConstraint("kind IN ('base_amount', 'grant')", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        {"info": guards.append_only()},
    )

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    source: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
