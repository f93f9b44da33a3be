"""Two at once: one does it, the other is told why not, and the books are whole."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from lovdv.access import Role
from lovdv.accounts.models import RoleGrant
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.ledger.models import ExportFile
from lovdv.payouts import computing, holding, operations, queries
from lovdv.payouts.models import Attestation, PaymentLine, PaymentRun
from lovdv.providers.models import Provider
from payments import Month
from tests import make, make_payments
from tests.kit_payouts import FEBRUARY, MARCH, month_ready
from tests.kit_races import Act, at_once, do

pytestmark = pytest.mark.slow

PEOPLE = 5

TOLD = ("En annan körning pågår", "före dig", "redan attesterad", "Bara en attesterad")
"""How a refusal may begin to say that somebody else was there."""


@pytest.fixture
def ready(cloned_app: Flask) -> Iterator[Flask]:
    cloned_app.config["TODAY"] = "2026-04-07"
    with cloned_app.app_context():
        make_payments.payment_rules()
        make_payments.prices()
        unit = make.unit()
        for _ in range(PEOPLE):
            month_ready(unit=unit)
        for role in (Role.FINANCE, Role.APPROVER, Role.APPROVER):
            make.user(role)
        db.session.commit()
        yield cloned_app


def _compute(month: Month = FEBRUARY) -> None:
    computing.compute(system=make.system(), month=month, by_id=None)


def _compute_again() -> None:
    computing.compute(system=make.system(), month=FEBRUARY, by_id=None, seen=_first())


def _first() -> PaymentRun:
    """February's, as somebody has it on the screen."""
    return db.session.scalars(
        select(PaymentRun)
        .where(PaymentRun.month == FEBRUARY.first)
        .order_by(PaymentRun.id)
        .limit(1)
    ).one()


def _attest(number: int) -> Act:
    def act() -> None:
        approvers = select(RoleGrant.user_id).where(RoleGrant.role == "approver")
        by = db.session.scalars(approvers.order_by(RoleGrant.user_id)).all()[number]
        operations.attest(run=_first(), by_id=by)

    return act


def _export() -> None:
    ledger.export(run=_first(), by_id=None)


def standing() -> list[str]:
    db.session.rollback()
    runs = db.session.scalars(
        select(PaymentRun.status).where(PaymentRun.status != "replaced")
    ).all()
    db.session.rollback()
    return list(runs)


def one_was_told(told: list[str]) -> bool:
    """Whether all but one were refused because somebody else was there."""
    refused = [text for text in told if text]
    return len(refused) == len(told) - 1 and all(
        any(words in text for words in TOLD) for text in refused
    )


def test_two_computations_of_a_month_make_one(ready: Flask) -> None:
    assert one_was_told(at_once(ready, _compute, _compute, _compute))
    assert standing() == ["computed"]
    lines = db.session.scalar(select(func.count()).select_from(PaymentLine))
    assert lines == PEOPLE


def test_a_new_computation_and_an_attest_are_never_both_of_the_same_run(
    ready: Flask,
) -> None:
    do(_compute)
    told = at_once(ready, _compute_again, _attest(0))
    assert sum(map(bool, told)) <= 1
    assert len(standing()) == 1
    paid = db.session.scalars(
        select(PaymentRun.status)
        .join(Attestation, Attestation.run_id == PaymentRun.id)
        .distinct()
    ).all()
    assert "replaced" not in paid


def test_two_who_attest_at_once_make_one_attest(ready: Flask) -> None:
    do(_compute)
    assert one_was_told(at_once(ready, _attest(0), _attest(1)))
    assert standing() == ["attested"]
    assert db.session.scalar(select(func.count()).select_from(Attestation)) == 1


def test_two_exports_at_once_make_one_set_of_files(ready: Flask) -> None:
    do(_compute)
    do(_attest(0))
    assert one_was_told(at_once(ready, _export, _export))
    assert standing() == ["exported"]
    kinds = db.session.scalars(select(ExportFile.kind).order_by(ExportFile.kind)).all()
    assert kinds == ["finance", "provider"]


def test_an_export_and_the_next_months_computation_both_become_whole(
    ready: Flask,
) -> None:
    do(_compute)
    do(_attest(0))
    told = at_once(ready, _export, lambda: _compute(MARCH))
    assert all(not text or "pågår" in text for text in told)
    if told[0]:
        do(_export)
    if told[1]:
        do(lambda: _compute(MARCH))
    assert sorted(standing()) == ["computed", "exported"]


def test_a_hold_and_an_attest_at_once_never_pay_what_is_held(ready: Flask) -> None:
    do(_compute)
    told = at_once(ready, _hold, _attest(0))
    [status] = standing()
    sums = queries.sums(_first())
    assert (sums.on_hold, sums.paid) in ((_first().total, 0), (0, _first().total))
    assert (sums.on_hold == 0) == bool(told[0])
    assert status == ("computed" if told[1] else "attested")


def _hold() -> None:
    [finance] = db.session.scalars(
        select(RoleGrant.user_id).where(RoleGrant.role == "finance").limit(1)
    )
    provider = db.session.scalars(select(Provider)).one()
    holding.hold(run=_first(), provider=provider, reason="Tvist", by_id=finance)
