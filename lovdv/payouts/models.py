"""Price lists, month runs with lines, what is held, controls and files for finance."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Numbered, Public

ONE_RUN = text("status <> 'replaced'")
WITH_RUN = guards.frozen_with(
    "payment_run", "run_id", "parent.status IN ('attested', 'exported')"
)


class PriceDraft(Public, Base):
    """A price list file as uploaded: texts in rows, until decided or thrown away."""

    __tablename__ = "price_draft"

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class PriceList(Public, Base):
    """A whole list as decided, from a first day; the end is derived.

    In force on a day is the list with the latest first day that has come, and of
    those with that day the latest revision known.
    """

    __tablename__ = "price_list"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "first_day", "revision"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    name: Mapped[str] = mapped_column(String(120))
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    reference: Mapped[str] = mapped_column(String(120))
    # Per cent of VAT compensation that the external price includes.
    vat_compensation: Mapped[int] = mapped_column(default=0)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    cells: Mapped[list[PriceCell]] = relationship(
        back_populates="price_list", order_by="PriceCell.id"
    )


class PriceCell(Numbered, Base):
    """One price exactly as decided: whole öre a day or a month."""

    __tablename__ = "price_cell"
    __table_args__ = (
        UniqueConstraint("price_list_id", "level", "extent_class", "regi"),
        CheckConstraint("regi IN ('extern', 'intern', 'alla')", name="regi"),
        CheckConstraint("unit IN ('day', 'month')", name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        {"info": guards.append_only()},
    )

    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id"))
    level: Mapped[str] = mapped_column(String(20))
    extent_class: Mapped[str] = mapped_column(String(40))
    regi: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)  # öre

    price_list: Mapped[PriceList] = relationship(back_populates="cells")


class PaymentRun(Public, Base):
    """One computation of a month; a new computation replaces one not yet attested.

    The lines of an attested run are booked, but for the groups that are on hold.
    """

    __tablename__ = "payment_run"
    __table_args__ = (
        CheckConstraint(
            "status IN ('computed', 'attested', 'exported', 'replaced')", name="status"
        ),
        CheckConstraint(
            "attested_by_id IS NULL OR attested_by_id <> prepared_by_id",
            name="four_eyes",
        ),
        Index(
            "uq_payment_run_choice_system_id_month_standing",
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
    month: Mapped[date]  # the first day; bokföringsperiod
    status: Mapped[str] = mapped_column(String(10), default="computed")
    known_at: Mapped[datetime]  # what was decided by then was computed with
    inputs_digest: Mapped[str] = mapped_column(String(64))
    total: Mapped[int] = mapped_column(BigInteger)  # öre, lines on hold included
    line_count: Mapped[int]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    computed_at: Mapped[datetime]
    attested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    attested_at: Mapped[datetime | None]
    exported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    exported_at: Mapped[datetime | None]


class Payee(Numbered, Base):
    """Who is paid under a contract, as it stood when some lines were computed.

    A changed supplier number or account is a new row, so that neither the lines of
    an attested run nor their reversals are paid to another than was attested.
    """

    __tablename__ = "payee"
    __table_args__ = (
        UniqueConstraint("contract_id", "digest"),
        {"info": guards.append_only()},
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    digest: Mapped[str] = mapped_column(String(64))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    name: Mapped[str] = mapped_column(String(120))
    organisation_number: Mapped[str] = mapped_column(String(20))
    counterpart: Mapped[str] = mapped_column(String(20))
    supplier_number: Mapped[str] = mapped_column(String(40))
    order_reference: Mapped[str] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(String(80))
    vat_compensation: Mapped[bool]


class PaymentLine(Numbered, Base):
    """One amount and everything that made it; see payments.lines.Line.

    References to decisions, levels and price cells are ids with spaces between,
    for a line that was merged over a change which left the price as it was. The
    run, the placement and the payee are no foreign keys: see docs/decisions/0007.
    """

    __tablename__ = "payment_line"
    __table_args__ = (
        Index(None, "run_id", "placement_id"),
        Index(
            "ix_payment_line_corrects_id",
            "corrects_id",
            sqlite_where=text("corrects_id IS NOT NULL"),
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(BigInteger)
    placement_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    month: Mapped[date]  # the month it concerns, by its first day
    first_day: Mapped[date]
    end_day: Mapped[date]
    decisions: Mapped[str] = mapped_column(String(120))
    level: Mapped[str] = mapped_column(String(20))
    levels: Mapped[str] = mapped_column(String(120))
    extent_class: Mapped[str] = mapped_column(String(40))
    regi: Mapped[str] = mapped_column(String(10))
    cells: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(10))
    price: Mapped[int] = mapped_column(BigInteger)  # öre
    hundredths: Mapped[int]
    of: Mapped[int]
    share: Mapped[int]  # per cent
    rounding: Mapped[int]  # öre
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    days: Mapped[int]
    counted: Mapped[str] = mapped_column(String(80))
    rules: Mapped[str] = mapped_column(Text)  # one a row
    payee_id: Mapped[int] = mapped_column(BigInteger)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("payment_line.id"))


class HeldItem(Public, Base):
    """What a run does not pay, and why; listed, never silent.

    stopped: a rate, level or attendance is missing. left_out: older than the back
    limit. Both are the run's own findings, made with its lines.
    """

    __tablename__ = "held_item"
    __table_args__ = (
        CheckConstraint("reason IN ('stopped', 'left_out')", name="reason"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    kind: Mapped[str] = mapped_column(String(20))
    month: Mapped[date]
    first_day: Mapped[date]
    end_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(10))
    error: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(300))
    amount: Mapped[int | None] = mapped_column(BigInteger)  # öre, where it is known


class Finding(Public, Base):
    """What a control found in a run, and what a person decided about it."""

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("decision IN ('', 'pay', 'hold')", name="decision"),
        {"info": WITH_RUN},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), index=True)
    control: Mapped[str] = mapped_column(String(30))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    month: Mapped[date]
    message: Mapped[str] = mapped_column(String(300))
    amount: Mapped[int] = mapped_column(BigInteger)
    decision: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]


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


class ExportFile(Public, Base):
    """A file made once at export and returned as it was made."""

    __tablename__ = "export_file"
    __table_args__ = (
        UniqueConstraint("run_id", "kind", "provider_id"),
        CheckConstraint("kind IN ('finance', 'provider')", name="kind"),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    kind: Mapped[str] = mapped_column(String(10))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
