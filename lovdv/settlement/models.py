"""How each contract is settled, suppliers' invoices, and what is done about claims."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lovdv import guards
from lovdv.database import Base, Numbered, Public


class SettlementWay(Numbered, Base):
    """How what a contract's lines come to is settled, from a day.

    invoice: against the supplier's own invoice. payout: by a basis that we make.
    internal: by an internal order, for own regi.
    """

    __tablename__ = "settlement_way"
    __table_args__ = (
        UniqueConstraint("contract_id", "first_day", "revision"),
        CheckConstraint("way IN ('invoice', 'payout', 'internal')", name="way"),
        {"info": guards.append_only()},
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    way: Mapped[str] = mapped_column(String(10))
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    reference: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SupplierInvoice(Public, Base):
    """An invoice or a credit note as it came; a credit note's amount is below zero."""

    __tablename__ = "supplier_invoice"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "provider_id", "number"),
        CheckConstraint("amount <> 0", name="amount"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(200), default="")
    day: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)  # öre, without VAT
    vat: Mapped[int] = mapped_column(BigInteger, default=0)  # öre, what it carries
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class InvoiceShare(Numbered, Base):
    """How much of an invoice is about one month's run, and how that was known."""

    __tablename__ = "invoice_share"
    __table_args__ = (
        UniqueConstraint("invoice_id", "run_id"),
        CheckConstraint("how IN ('reference', 'amount', 'hand')", name="how"),
        {"info": guards.append_only()},
    )

    invoice_id: Mapped[int] = mapped_column(ForeignKey("supplier_invoice.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    how: Mapped[str] = mapped_column(String(10))
    placed_at: Mapped[datetime]
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ClaimEntry(Numbered, Base):
    """Something that makes a claim smaller.

    The claim itself is a run's negative net for a provider. A set-off takes it from
    what a later run pays; a payment has come in; what is written off says why.
    """

    __tablename__ = "claim_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('set_off', 'payment', 'written_off')", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "(kind = 'set_off') = (against_run_id IS NOT NULL)", name="set_off"
        ),
        {"info": guards.append_only()},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    kind: Mapped[str] = mapped_column(String(12))
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    against_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("payment_run.id"), index=True
    )
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
