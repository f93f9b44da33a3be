"""What must be looked at before money leaves: found, paid or held."""

from datetime import date

import pytest
from sqlalchemy import select

from lovdv.access import Role
from lovdv.controls import checking
from lovdv.controls import queries as control_queries
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.payouts import operations, queries
from lovdv.people.models import Client
from lovdv.placements.models import (
    AbsenceCode,
    AttendanceMonth,
)
from payments import Month
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import (
    FEBRUARY,
    MARCH,
    PRICE,
    amounts,
    compute,
    held,
    month_ready,
    paid,
)

pytestmark = pytest.mark.usefixtures("in_april")


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize(
    ("changed", "details"),
    [
        ({"d8": "X"}, {}),
        ({}, {"8": [{"from": "09:00", "to": "12:00", "code": "X"}]}),
    ],
    ids=["whole day", "part of day"],
)
def test_attendance_outside_the_plan_is_found(
    changed: dict[str, str], details: dict[str, list[dict[str, str]]]
) -> None:
    placement = month_ready(**changed)
    [row] = db.session.scalars(select(AttendanceMonth))
    row.details = details
    db.session.flush()
    found = [(f.control, f.placement_id) for f in control_queries.findings(compute())]
    assert ("outside_plan", placement.id) in found


@pytest.mark.usefixtures("terms")
def test_a_hold_is_not_booked_and_comes_back_next_month() -> None:
    placement = month_ready()
    make.decision_of(db.session.get_one(Client, placement.client_id)).end_day = date(
        2026, 2, 16
    )
    db.session.flush()
    run = compute()
    [finding] = [f for f in control_queries.findings(run) if checking.needs_decision(f)]
    assert finding.control == "outside_decision"
    by = make.user(Role.FINANCE).id
    checking.decide(run=run, findings=[finding], decision="hold", reason="Fråga", by=by)
    assert (queries.sums(run).paid, queries.sums(run).on_hold) == (0, 20 * PRICE)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    ledger.export(run=run, by_id=None)
    march = compute(MARCH)
    [again] = [f for f in control_queries.findings(march) if f.control == "held_before"]
    assert (again.decision, again.amount) == ("hold", 20 * PRICE)
    checking.decide(run=march, findings=[again], decision="pay", reason="Ja", by=by)
    assert queries.sums(march).paid == 20 * PRICE


@pytest.mark.usefixtures("terms")
def test_a_hold_is_remembered_over_a_run_in_which_the_month_was_stopped() -> None:
    placement = month_ready(d8="X")
    held()
    make_payments.month_of(placement, "2026-03")
    make_payments.prices(revision=2, spelt={"heltid": "Heltid"})
    paid(MARCH)
    make_payments.prices(revision=3)
    make_payments.month_of(placement, "2026-04")
    april = compute(Month(2026, 4))
    found = [f for f in control_queries.findings(april) if f.control == "held_before"]
    assert [(f.month, f.decision, f.amount) for f in found] == [
        (FEBRUARY.first, "hold", 20 * PRICE)
    ]


@pytest.mark.usefixtures("terms")
def test_what_was_held_and_then_paid_is_not_held_again() -> None:
    placement = month_ready(d8="X")
    held()
    make_payments.month_of(placement, "2026-03")
    march = compute(MARCH)
    [again] = [f for f in control_queries.findings(march) if f.control == "held_before"]
    by = make.user(Role.FINANCE).id
    checking.decide(run=march, findings=[again], decision="pay", reason="Ja", by=by)
    operations.attest(run=march, by_id=make.user(Role.APPROVER).id)
    ledger.export(run=march, by_id=None)
    make_payments.month_of(placement, version=2, d9="O", d10="O")
    april = compute(Month(2026, 4))
    assert "held_before" not in {f.control for f in control_queries.findings(april)}


@pytest.mark.usefixtures("terms")
def test_taking_back_money_after_a_death_is_no_payment_after_the_end() -> None:
    placement = month_ready()
    paid()
    placement.end_day = placement.paid_end_day = date(2026, 2, 10)
    db.session.get_one(Client, placement.client_id).died_on = date(2026, 2, 9)
    db.session.flush()
    run = compute(MARCH)
    assert amounts(run) == [-20 * PRICE, 6 * PRICE]
    assert control_queries.findings(run) == []


@pytest.mark.usefixtures("terms")
def test_the_same_hours_on_two_placements_are_told_by_their_numbers() -> None:
    make_payments.payment_rules(same_hours="paid")
    first = month_ready()
    client = db.session.get_one(Client, first.client_id)
    second = make.placement(client, make.unit())
    make_payments.month_of(second)
    [found] = [
        f for f in control_queries.findings(compute()) if f.control == "same_hours"
    ]
    told = f"Samma tider som placering {second.number}: dag 2 kl. 9.00–15.00, dag 3"
    assert found.message.startswith(told)
    assert found.amount == 20 * PRICE


@pytest.mark.usefixtures("terms")
def test_days_that_are_stopped_ask_for_no_decision() -> None:
    first = month_ready()
    client = db.session.get_one(Client, first.client_id)
    make_payments.month_of(make.placement(client, make.unit()))
    assert {f.control for f in control_queries.findings(compute())} == {"stopped"}


@pytest.mark.usefixtures("terms")
def test_the_controls_know_the_municipalitys_own_letters() -> None:
    first = month_ready()
    client = db.session.get_one(Client, first.client_id)
    make._added(
        AbsenceCode(
            choice_system_id=make.system().id,
            code="R",
            name="På annan enhet",
            effect="other_unit",
            first_day=make.START,
        )
    )
    weekdays = {f"d{n}": "R" for n in range(1, 29) if n % 7 not in (0, 1)}
    make_payments.month_of(make.placement(client, make.unit()), **weekdays)
    assert control_queries.findings(compute()) == []


@pytest.mark.usefixtures("terms")
def test_findings_are_paid_or_held_with_a_reason(client: StrictClient) -> None:
    placement = month_ready()
    make.decision_of(db.session.get_one(Client, placement.client_id)).end_day = date(
        2026, 2, 16
    )
    run = compute()
    [finding] = [f for f in control_queries.findings(run) if checking.needs_decision(f)]
    client.login(make.user(Role.FINANCE))
    address = f"/korningar/{run.public_id}/kontroller"
    assert "Beslutet täcker inte alla dagar" in client.page(address).text
    chosen = {"finding": finding.public_id, "decision": "hold"}
    without = client.send(address, "reason", reason="", **chosen)
    assert any("Skriv varför" in error for error in without.page.errors)
    nothing = client.send(address, "reason", decision="hold", reason="Fråga")
    assert any("Markera minst en rad" in error for error in nothing.page.errors)
    client.send(address, "reason", reason="Nytt beslut väntas", **chosen)
    assert (finding.decision, finding.reason) == ("hold", "Nytt beslut väntas")
    listed = client.page(f"/korningar/{run.public_id}/stoppade")
    assert listed.table()[0][2] == "Nytt beslut väntas"


@pytest.mark.usefixtures("terms")
def test_all_that_wait_under_a_control_are_decided_at_once(
    client: StrictClient,
) -> None:
    run = [month_ready(d8="X"), month_ready(d8="X"), compute()][-1]
    client.login(make.user(Role.FINANCE))
    address = f"/korningar/{run.public_id}/kontroller"
    client.send(address, "reason", control="outside_plan", decision="pay", reason="Ja")
    decided = [(f.control, f.decision) for f in control_queries.findings(run)]
    assert sorted(decided) == [
        ("closed_attended", ""),
        ("closed_attended", ""),
        ("outside_plan", "pay"),
        ("outside_plan", "pay"),
    ]
