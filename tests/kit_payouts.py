"""What the tests of payments share: a month ready, computed, paid or held."""

from collections.abc import Sequence

from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.controls import checking
from lovdv.controls import queries as control_queries
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.payouts import computing, operations
from lovdv.payouts.models import HeldItem, PaymentLine, PaymentRun
from lovdv.placements.models import (
    Placement,
)
from lovdv.providers.models import Unit
from payments import Month
from tests import make, make_payments

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
PRICE = 62600
"""Tyresö's full-time day at level 2, external."""


def month_ready(
    label: str = "2", unit: Unit | None = None, **changed: str
) -> Placement:
    """A person at level 2 whose February is confirmed; rules and prices decided."""
    person = make.person()
    make.decision(person)
    make.level(person, label, first_day=make.START)
    placement = make.placement(person, unit)
    make_payments.month_of(placement, **changed)
    return placement


def compute(
    month: Month = FEBRUARY, by: User | None = None, seen: PaymentRun | None = None
) -> PaymentRun:
    preparer = by or make.user(Role.FINANCE)
    return computing.compute(
        system=make.system(), month=month, by_id=preparer.id, seen=seen
    )


def settle(run: PaymentRun) -> None:
    """Pay whatever the controls found."""
    found = [f for f in control_queries.findings(run) if checking.needs_decision(f)]
    if found:
        by = make.user(Role.FINANCE).id
        checking.decide(run=run, findings=found, decision="pay", reason="Ja", by=by)


def paid(month: Month = FEBRUARY) -> PaymentRun:
    """A month all the way to the file."""
    run = compute(month)
    settle(run)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    ledger.export(run=run, by_id=None)
    return run


def held(month: Month = FEBRUARY) -> PaymentRun:
    """A month all the way to the file, with everything found held."""
    run = compute(month)
    found = [
        f
        for f in control_queries.findings(run)
        if f.control not in checking.LISTED_ONLY
    ]
    if found:
        by = make.user(Role.FINANCE).id
        checking.decide(run=run, findings=found, decision="hold", reason="Fråga", by=by)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    ledger.export(run=run, by_id=None)
    return run


def lines(run: PaymentRun) -> Sequence[PaymentLine]:
    return db.session.scalars(
        select(PaymentLine).where(PaymentLine.run_id == run.id).order_by(PaymentLine.id)
    ).all()


def held_items(run: PaymentRun) -> Sequence[HeldItem]:
    return db.session.scalars(select(HeldItem).where(HeldItem.run_id == run.id)).all()


def amounts(run: PaymentRun) -> list[int]:
    return [line.amount for line in lines(run)]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
