"""Reading what is settled how, month by month and provider by provider."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.formats import swedish_key
from lovdv.ledger import queries as ledger_queries
from lovdv.payouts import queries as run_queries
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.providers.models import Contract, Provider
from lovdv.settlement import matching
from lovdv.settlement.models import (
    ClaimEntry,
    InvoiceShare,
    SettlementWay,
    SupplierInvoice,
)
from lovdv.systems.models import ChoiceSystem

INVOICE, PAYOUT, INTERNAL = "invoice", "payout", "internal"
FILE_KINDS = {PAYOUT: "payout", INTERNAL: "internal_order"}


def booked_runs(choice_system_id: int) -> Sequence[PaymentRun]:
    """What may be settled, the latest month first."""
    return db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status.in_(BOOKED),
        )
        .order_by(PaymentRun.month.desc())
    ).all()


def run(actor: Actor, public_id: str) -> PaymentRun:
    """A run that may be settled; another is not found."""
    return db.session.scalars(
        select(PaymentRun).where(
            PaymentRun.public_id == public_id,
            PaymentRun.municipality_id == actor.municipality_id,
            PaymentRun.status.in_(BOOKED),
        )
    ).one()


def nets(runs: Sequence[PaymentRun]) -> dict[tuple[int, int], tuple[int, int]]:
    """By run and provider: the contract and what the run's lines come to."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for one in runs:
        rows = db.session.execute(
            run_queries.paid_lines(one)
            .join(Payee, Payee.id == PaymentLine.payee_id)
            .with_only_columns(
                Payee.provider_id,
                func.max(Payee.contract_id),
                func.sum(PaymentLine.amount),
            )
            .group_by(Payee.provider_id)
        )
        for provider, contract, amount in rows:
            found[one.id, provider] = (contract, int(amount))
    return found


def way_on(contract_id: int, on: date) -> SettlementWay | None:
    return db.session.scalars(
        select(SettlementWay)
        .where(SettlementWay.contract_id == contract_id, SettlementWay.first_day <= on)
        .order_by(SettlementWay.first_day.desc(), SettlementWay.revision.desc())
        .limit(1)
    ).first()


@dataclass(frozen=True)
class Settled:
    """How far one provider's month has come; amounts in öre."""

    run: PaymentRun
    provider: Provider
    contract: Contract
    way: str
    net: int
    set_off: int
    """What earlier claims take from this month."""
    invoiced: int
    invoices: int
    repaid: int
    """What makes this month's own claim smaller."""

    @property
    def due(self) -> int:
        return self.net - self.set_off

    @property
    def difference(self) -> int:
        """What is invoiced beyond what is due."""
        return self.invoiced - self.due

    @cached_property
    def state(self) -> str:
        return matching.state(self.due, self.invoiced, self.invoices)

    @property
    def claim(self) -> int:
        """What the provider owes of this month, credit notes and entries taken off.

        Own regi owes nothing: its internal order takes back what is below nothing.
        """
        if self.net >= 0 or self.way == INTERNAL:
            return 0
        return max(0, -self.net + min(self.invoiced, 0) - self.repaid)

    @property
    def has_left(self) -> bool:
        """No later month can be set off against."""
        end = self.contract.end_day
        return end is not None and end <= self.run.month

    @property
    def ocr(self) -> str:
        return matching.ocr(self.run.month, self.run.public_id, self.provider.public_id)


def settled(
    runs: Sequence[PaymentRun], provider_id: int | None = None
) -> list[Settled]:
    """By month, the latest first, and the provider's name."""
    known = nets(runs)
    by_run = {one.id: one for one in runs}
    taken, repaid = _entries(by_run)
    invoiced = _invoiced(by_run)
    found = []
    for (run_id, provider), (contract_id, net) in known.items():
        if provider_id not in (None, provider):
            continue
        contract = db.session.get_one(Contract, contract_id)
        way = way_on(contract_id, by_run[run_id].month)
        asked, number = invoiced.get((run_id, provider), (0, 0))
        found.append(
            Settled(
                run=by_run[run_id],
                provider=db.session.get_one(Provider, provider),
                contract=contract,
                way="" if way is None else way.way,
                net=net,
                set_off=taken.get((run_id, provider), 0),
                invoiced=asked,
                invoices=number,
                repaid=repaid.get((run_id, provider), 0),
            )
        )
    found.sort(key=lambda one: swedish_key(one.provider.name))
    return sorted(found, key=lambda one: one.run.month, reverse=True)


def settled_again(before: Settled) -> Settled:
    """As it is now: what was read before a lock may have changed since."""
    [now] = settled([before.run], before.provider.id)
    return now


def file_key(run: PaymentRun, way: str) -> str:
    return f"{run.public_id}/{FILE_KINDS[way]}"


def is_in_payout_file(one: Settled) -> bool:
    """Whether the month's payout file is made, so that what is paid stands."""
    if one.way != PAYOUT:
        return False
    key = file_key(one.run, PAYOUT)
    return ledger_queries.latest_file(one.run.choice_system_id, key) is not None


def settled_by(one: Settled) -> set[str]:
    """The ways that a month has been settled in: invoices placed, and a file made.

    An invoice that has been credited whole settles nothing, nor does a payout file
    in which the provider has nothing to get.
    """
    found = {INVOICE} if one.invoiced else set()
    if one.way == INTERNAL or (one.way == PAYOUT and one.due > 0):
        key = file_key(one.run, one.way)
        if ledger_queries.latest_file(one.run.choice_system_id, key) is not None:
            found.add(one.way)
    return found


def takes_invoices(one: Settled) -> bool:
    """Whether the month is not paid by a file of ours; a claim takes credit notes."""
    return one.way not in FILE_KINDS or one.net < 0


def ruled_from(contract: Contract, first_day: date) -> list[Settled]:
    """The contract's months that a way from the day would rule, the latest first."""
    rows = settled(booked_runs(contract.choice_system_id), contract.provider_id)
    found = [
        one
        for one in rows
        if one.contract.id == contract.id and one.run.month >= first_day
    ]
    later = [(one, way_on(contract.id, one.run.month)) for one in found]
    return [one for one, way in later if way is None or way.first_day <= first_day]


Sums = dict[tuple[int, int], int]


def _entries(runs: Mapping[int, PaymentRun]) -> tuple[Sums, Sums]:
    """What later months give up, and what each claim has got back."""
    taken: Sums = defaultdict(int)
    repaid: Sums = defaultdict(int)
    rows = db.session.scalars(
        select(ClaimEntry).where(
            ClaimEntry.run_id.in_(runs) | ClaimEntry.against_run_id.in_(runs)
        )
    )
    for row in rows:
        repaid[row.run_id, row.provider_id] += row.amount
        if row.against_run_id is not None:
            taken[row.against_run_id, row.provider_id] += row.amount
    return taken, repaid


def _invoiced(
    runs: Mapping[int, PaymentRun],
) -> dict[tuple[int, int], tuple[int, int]]:
    rows = db.session.execute(
        select(
            InvoiceShare.run_id,
            SupplierInvoice.provider_id,
            func.sum(InvoiceShare.amount),
            func.count(),
        )
        .join(SupplierInvoice, SupplierInvoice.id == InvoiceShare.invoice_id)
        .where(InvoiceShare.run_id.in_(runs))
        .group_by(InvoiceShare.run_id, SupplierInvoice.provider_id)
    )
    return {(run, provider): (int(a), n) for run, provider, a, n in rows}


def due_months(choice_system_id: int, provider_id: int) -> list[matching.DueMonth]:
    """What an invoice of the provider's may be about."""
    return [
        matching.DueMonth(
            run_id=one.run.id,
            month=one.run.month,
            ocr=one.ocr,
            due=one.due,
            invoiced=one.invoiced,
        )
        for one in settled(booked_runs(choice_system_id), provider_id)
        if takes_invoices(one)
    ]


def contracts_of(choice_system_id: int) -> Sequence[Contract]:
    return db.session.scalars(
        select(Contract)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(Contract.choice_system_id == choice_system_id)
        .order_by(Provider.name, Contract.first_day)
    ).all()


def contract(actor: Actor, public_id: str) -> Contract:
    return db.session.scalars(
        select(Contract)
        .join(ChoiceSystem, ChoiceSystem.id == Contract.choice_system_id)
        .where(
            Contract.public_id == public_id,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
    ).one()


def provider(actor: Actor, public_id: str) -> Provider:
    """A provider with a contract in the municipality."""
    return db.session.scalars(
        select(Provider)
        .join(Contract, Contract.provider_id == Provider.id)
        .join(ChoiceSystem, ChoiceSystem.id == Contract.choice_system_id)
        .where(
            Provider.public_id == public_id,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
        .distinct()
    ).one()


def claim_entries(run_id: int, provider_id: int) -> Sequence[ClaimEntry]:
    return db.session.scalars(
        select(ClaimEntry)
        .where(ClaimEntry.run_id == run_id, ClaimEntry.provider_id == provider_id)
        .order_by(ClaimEntry.id)
    ).all()


def claims(choice_system_id: int) -> list[Settled]:
    """Every month that came to less than nothing, with what has been done about it."""
    rows = settled(booked_runs(choice_system_id))
    return [row for row in rows if row.net < 0 and row.way != INTERNAL]
