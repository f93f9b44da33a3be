"""The demo's finance: accounts, a file of vouchers, what finance answered, invoices."""

from datetime import date, timedelta

from sqlalchemy import func, select

from lovdv.clock import now
from lovdv.demo.acting import acting_as
from lovdv.demo.ground import REFERENCE, SUPPLEMENT, Ground
from lovdv.extensions import db
from lovdv.ledger import account_operations, read_back, template_operations
from lovdv.ledger.account_operations import Asked
from lovdv.ledger.accounts import AccountString, Facts
from lovdv.ledger.text_examples import SIE
from lovdv.payment_rules import operations as payment_rules
from lovdv.payment_rules.operations import Granted
from lovdv.payouts.facts import rules_on, terms
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.placements import operations as placing
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract
from lovdv.settlement import invoices, operations, queries
from lovdv.settlement.invoices import Told
from lovdv.systems.queries import system_with
from payments import Month

FINANCE, CASEWORKER = "ekonom", "handlaggare"
NEVER_THERE = "Platsen registrerades på fel enhet."
EXTERNAL = AccountString("4641", responsibility="3410", operation="568", contra="2511")
OWN = AccountString("4691", responsibility="3410", operation="568", contra="1699")
"""Made-up numbers: each municipality has its own."""

REJECTED = "Bankgironumret saknas i leverantörsregistret."
WRONG_BY = 125_000
"""Öre that one invoice is too high."""


def account(ground: Ground) -> None:
    """Where lines are booked, and that the last month's file is SIE."""
    with acting_as(ground, FINANCE) as finance:
        system, by = system_with(ground.system_id), finance.user_id
        account_operations.decide(
            system=system,
            rows=[
                Asked(Facts(regi="extern"), EXTERNAL),
                Asked(Facts(regi="intern"), OWN),
            ],
            first_day=ground.size.start,
            reference=REFERENCE,
            by_id=by,
        )
        template_operations.decide(
            system=system,
            name="Verifikationer",
            kind="sie",
            value=SIE,
            first_day=ground.size.history[-2:][0],
        )
        for contract in _contracts(ground):
            operations.decide_way(
                contract=contract,
                way="internal" if contract.regi == "intern" else "invoice",
                first_day=ground.size.start,
                reference=REFERENCE,
                by_id=by,
            )


def _contracts(ground: Ground) -> list[Contract]:
    rows = select(Contract).where(Contract.choice_system_id == ground.system_id)
    return list(db.session.scalars(rows.order_by(Contract.id)))


def grant(ground: Ground) -> None:
    """Two people's places have a supplement from the first month."""
    with acting_as(ground, FINANCE) as finance:
        first = ground.size.start
        known = terms(ground.system_id, now())
        rows = select(Placement).where(
            Placement.choice_system_id == ground.system_id, Placement.first_day <= first
        )
        for placement in db.session.scalars(rows.order_by(Placement.id).limit(2)):
            what = Granted(
                SUPPLEMENT["code"], first, None, None, "Egen sjuksköterska", ""
            )
            payment_rules.grant(
                placement=placement,
                what=what,
                rules=rules_on(known, Month.of(first)),
                by_id=finance.user_id,
            )


def regret(ground: Ground) -> None:
    """A place at a small provider was never real: what was paid is taken back."""
    fewest = (
        select(Placement.contract_id)
        .join(Contract, Contract.id == Placement.contract_id)
        .where(
            Placement.choice_system_id == ground.system_id, Contract.regi == "extern"
        )
        .group_by(Placement.contract_id)
        .order_by(func.count(), Placement.contract_id)
        .limit(1)
    )
    oldest = (
        select(Placement)
        .where(Placement.contract_id == fewest.scalar_subquery())
        .order_by(Placement.first_day, Placement.id)
        .limit(1)
    )
    with acting_as(ground, CASEWORKER):
        for placement in db.session.scalars(oldest):
            placing.annul(placement=placement, reason=NEVER_THERE)


def hear(ground: Ground) -> None:
    """What came back of the month before the last one, and the external invoices."""
    runs = queries.booked_runs(ground.system_id)
    if len(runs) < 2:
        return
    with acting_as(ground, FINANCE) as finance:
        before = sorted(runs, key=lambda run: run.month)[-2]
        read_back.read(
            run=before,
            content=_answer(before),
            file_name=f"svar_{before.month:%Y-%m}.csv",
            by_id=finance.user_id,
        )
        _receive(ground, before, finance.user_id)


def _answer(run: PaymentRun) -> bytes:
    """Every line paid, but for the first one."""
    ids = db.session.scalars(
        select(PaymentLine.id)
        .where(PaymentLine.run_id == run.id)
        .order_by(PaymentLine.id)
    ).all()
    rows = [f"{ids[0]};avvisad;{REJECTED}", *(f"{one};betald;" for one in ids[1:])]
    return "\r\n".join(["rad;status;orsak", *rows, ""]).encode("utf-8-sig")


def _receive(ground: Ground, run: PaymentRun, by_id: int) -> None:
    """An invoice from each external provider; the first asks for too much."""
    external = [one for one in _contracts(ground) if one.regi == "extern"]
    for number, contract in enumerate(external):
        due = [
            month
            for month in queries.due_months(ground.system_id, contract.provider_id)
            if month.run_id == run.id and month.due > 0
        ]
        for month in due:
            invoices.record(
                system=system_with(ground.system_id),
                told=Told(
                    provider_id=contract.provider_id,
                    number=f"{1000 + number}",
                    day=_day(run.month),
                    reference=month.ocr,
                    amount=month.due + (0 if number else WRONG_BY),
                ),
                by_id=by_id,
            )


def _day(month: date) -> date:
    return month + timedelta(days=40)
