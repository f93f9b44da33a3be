"""Reading suppliers' invoices, and where they are placed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.payouts.models import PaymentRun
from lovdv.providers.models import Contract, Provider
from lovdv.settlement.models import InvoiceShare, SupplierInvoice
from lovdv.systems.models import ChoiceSystem


@dataclass(frozen=True)
class Placed:
    """An invoice with its provider, and how much of it belongs to no month yet."""

    invoice: SupplierInvoice
    provider: Provider
    placed: int

    @property
    def unplaced(self) -> int:
        return self.invoice.amount - self.placed


def _with_shares() -> Select[tuple[SupplierInvoice, Provider, int]]:
    shared = (
        select(InvoiceShare.invoice_id, func.sum(InvoiceShare.amount).label("amount"))
        .group_by(InvoiceShare.invoice_id)
        .subquery()
    )
    return (
        select(SupplierInvoice, Provider, func.coalesce(shared.c.amount, 0))
        .join(Provider, Provider.id == SupplierInvoice.provider_id)
        .outerjoin(shared, shared.c.invoice_id == SupplierInvoice.id)
    )


def invoices(choice_system_id: int) -> list[Placed]:
    """The latest day first."""
    rows = db.session.execute(
        _with_shares()
        .where(SupplierInvoice.choice_system_id == choice_system_id)
        .order_by(SupplierInvoice.day.desc(), SupplierInvoice.id.desc())
    )
    return [Placed(invoice, owner, int(placed)) for invoice, owner, placed in rows]


def invoice(actor: Actor, public_id: str) -> Placed:
    found, owner, placed = db.session.execute(
        _with_shares()
        .join(ChoiceSystem, ChoiceSystem.id == SupplierInvoice.choice_system_id)
        .where(
            SupplierInvoice.public_id == public_id,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
    ).one()
    return Placed(found, owner, int(placed))


def placed(invoice_id: int) -> Placed:
    found, owner, amount = db.session.execute(
        _with_shares().where(SupplierInvoice.id == invoice_id)
    ).one()
    return Placed(found, owner, int(amount))


def shares_of(found: SupplierInvoice) -> Sequence[tuple[InvoiceShare, PaymentRun]]:
    rows = db.session.execute(
        select(InvoiceShare, PaymentRun)
        .join(PaymentRun, PaymentRun.id == InvoiceShare.run_id)
        .where(InvoiceShare.invoice_id == found.id)
        .order_by(PaymentRun.month)
    )
    return [(share, run) for share, run in rows]


def providers(choice_system_id: int) -> Sequence[Provider]:
    """Those that have or have had a contract, by name."""
    held = select(Contract.provider_id).where(
        Contract.choice_system_id == choice_system_id
    )
    return db.session.scalars(
        select(Provider).where(Provider.id.in_(held)).order_by(Provider.name)
    ).all()


def contracts_by_supplier(choice_system_id: int) -> dict[str, int]:
    """By supplier number: the provider."""
    rows = db.session.execute(
        select(Contract.supplier_number, Contract.provider_id).where(
            Contract.choice_system_id == choice_system_id,
            Contract.supplier_number != "",
        )
    )
    return {number: provider for number, provider in rows}  # noqa: C416 - rows of two


def with_vat(run: PaymentRun) -> frozenset[int]:
    """Providers whose own invoice for the run carries VAT."""
    return frozenset(
        db.session.scalars(
            select(SupplierInvoice.provider_id)
            .join(InvoiceShare, InvoiceShare.invoice_id == SupplierInvoice.id)
            .where(InvoiceShare.run_id == run.id, SupplierInvoice.vat != 0)
        )
    )
