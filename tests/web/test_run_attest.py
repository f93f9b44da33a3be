"""The attest in steps, whole or a provider at a time, and a provider that waits."""

from datetime import date

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.clock import now
from lovdv.controls import checking
from lovdv.controls import queries as control_queries
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payment_rules.models import SupplementGrant
from lovdv.payouts import approvals, holding, operations, queries
from lovdv.payouts.models import Attestation, PaymentRun
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Provider
from lovdv.systems.operations import decide_rule
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import MARCH, PRICE, compute, lines, month_ready, settle

pytestmark = [pytest.mark.usefixtures("in_april"), pytest.mark.usefixtures("terms")]


def steps(*rows: tuple[str, int], amount_of: str = "provider") -> None:
    """Decide how many attest from which amount on."""
    told = [{"from_amount": amount, "steps": number} for amount, number in rows]
    decide_rule(
        choice_system_id=make.system().id,
        key="attest",
        first_day=make.START,
        value={"amount_of": amount_of, "rows": told},
    )


def provider_of(placement: Placement) -> Provider:
    return placement.unit.provider


def attestant() -> User:
    return make.user(Role.APPROVER)


def attest(run: PaymentRun, by: User, placement: Placement | None = None) -> None:
    provider = None if placement is None else provider_of(placement).id
    operations.attest(run=run, by_id=by.id, provider_id=provider)


def test_one_step_for_all_attests_the_run() -> None:
    month_ready()
    month_ready()
    run = compute()
    attest(run, attestant())
    assert run.status == "attested"
    rows = db.session.scalars(select(Attestation)).all()
    assert [(row.step, row.amount) for row in rows] == [(1, 20 * PRICE)] * 2


def test_from_an_amount_two_persons_attest() -> None:
    steps(("0", 1), ("12520", 2))
    month_ready()
    run = compute()
    first, second = attestant(), attestant()
    attest(run, first)
    assert run.status == "computed"
    with pytest.raises(Refused, match="redan attesterat"):
        attest(run, first)
    attest(run, second)
    assert (run.status, run.attested_by_id) == ("attested", second.id)


def test_a_step_that_no_longer_counts_is_taken_again_by_another() -> None:
    fine, disputed = month_ready(), month_ready()
    run = compute()
    first, second = attestant(), attestant()
    attest(run, first, fine)
    holding.hold(
        run=run, provider=provider_of(disputed), reason="Tvist", by_id=first.id
    )
    part = next(one for one in approvals.parts(run) if one.is_paid)
    assert (part.done, part.next_step) == ((), 2)
    attest(run, second, fine)
    assert (run.status, run.attested_by_id) == ("attested", second.id)


def test_below_the_amount_one_person_is_enough() -> None:
    steps(("0", 1), ("12520.01", 2))
    month_ready()
    run = compute()
    attest(run, attestant())
    assert run.status == "attested"


def test_the_amount_may_be_that_of_the_whole_run() -> None:
    steps(("0", 1), ("20000", 2), amount_of="run")
    month_ready()
    month_ready()
    run = compute()
    attest(run, attestant())
    assert run.status == "computed"
    attest(run, attestant())
    assert run.status == "attested"


def test_the_rule_is_the_one_that_held_when_the_month_was_computed() -> None:
    month_ready()
    run = compute()
    steps(("0", 3))
    attest(run, attestant())
    assert run.status == "attested"


def test_the_run_is_attested_when_every_provider_is() -> None:
    one, other = month_ready(), month_ready()
    run = compute()
    by = attestant()
    attest(run, by, one)
    assert [part.is_approved for part in approvals.parts(run)] == [True, False]
    assert run.status == "computed"
    attest(run, by, other)
    assert run.status == "attested"


def test_a_control_of_another_provider_does_not_stop_the_attest_of_one() -> None:
    fine, disputed = month_ready(), month_ready()
    client = db.session.get_one(Client, disputed.client_id)
    make.decision_of(client).end_day = date(2026, 2, 16)
    run = compute()
    by = attestant()
    attest(run, by, fine)
    with pytest.raises(Refused, match="saknar beslut"):
        attest(run, by, disputed)
    with pytest.raises(Refused, match="saknar beslut"):
        attest(run, by)
    settle(run)
    attest(run, by)
    assert run.status == "attested"


def test_a_held_provider_lets_the_others_go_on() -> None:
    fine, disputed = month_ready(), month_ready()
    run = compute()
    holding.hold(
        run=run,
        provider=provider_of(disputed),
        reason="Tvist om februari",
        by_id=make.user(Role.FINANCE).id,
    )
    assert queries.sums(run).paid == 20 * PRICE
    attest(run, attestant(), fine)
    assert run.status == "attested"
    assert [total.name for total in queries.totals(run)] == [provider_of(fine).name]


def test_what_was_held_as_a_whole_is_held_until_somebody_pays_it() -> None:
    fine, disputed = month_ready(), month_ready()
    run = compute()
    finance = make.user(Role.FINANCE)
    provider = provider_of(disputed)
    holding.hold(run=run, provider=provider, reason="Tvist", by_id=finance.id)
    attest(run, attestant())
    for placement in (fine, disputed):
        make_payments.month_of(placement, "2026-03")
    again = compute(MARCH)
    assert queries.sums(again).on_hold == 20 * PRICE
    [found] = holding.held_before(again, provider.id)
    assert "Tvist" in found.message
    holding.pay_held_before(
        run=again, provider=provider, reason="Överens", by_id=finance.id
    )
    assert queries.sums(again).on_hold == 0
    assert queries.sums(again).corrected == 20 * PRICE


def test_a_held_provider_is_held_after_a_new_computation() -> None:
    month_ready()
    disputed = month_ready()
    run = compute()
    provider = provider_of(disputed)
    by_id = make.user(Role.FINANCE).id
    holding.hold(run=run, provider=provider, reason="Tvist", by_id=by_id)
    again = compute(seen=run)
    assert queries.sums(again).on_hold == 20 * PRICE
    holding.release(run=again, provider=provider, by_id=by_id)
    assert queries.sums(again).on_hold == 0


def test_a_released_provider_keeps_what_a_control_holds() -> None:
    placement = month_ready(d8="X")
    run = compute()
    by_id = make.user(Role.FINANCE).id
    provider = provider_of(placement)
    holding.hold(run=run, provider=provider, reason="Tvist", by_id=by_id)
    found = control_queries.findings(run)
    for decision in ("hold", "pay", "hold"):
        checking.decide(
            run=run, findings=found, decision=decision, reason="Kolla", by=by_id
        )
        assert queries.sums(run).paid == 0
    holding.release(run=run, provider=provider, by_id=by_id)
    assert queries.sums(run).paid == 0
    checking.decide(run=run, findings=found, decision="pay", reason="Ja", by=by_id)
    assert queries.sums(run).paid != 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_provider_is_not_held_without_a_reason(reason: str) -> None:
    placement = month_ready()
    run = compute()
    with pytest.raises(Refused, match="Skriv varför"):
        holding.hold(
            run=run,
            provider=provider_of(placement),
            reason=reason,
            by_id=make.user(Role.FINANCE).id,
        )


def test_whoever_held_a_provider_never_attests_that_run() -> None:
    month_ready()
    disputed = month_ready()
    run = compute()
    both = make.user(Role.FINANCE, Role.APPROVER)
    holding.hold(run=run, provider=provider_of(disputed), reason="Tvist", by_id=both.id)
    with pytest.raises(Refused, match="Be en kollega"):
        attest(run, both)


def test_whoever_released_a_provider_never_attests_that_month() -> None:
    month_ready()
    disputed = month_ready()
    run = compute()
    provider = provider_of(disputed)
    both = make.user(Role.FINANCE, Role.APPROVER)
    by_id = make.user(Role.FINANCE).id
    holding.hold(run=run, provider=provider, reason="Tvist", by_id=by_id)
    holding.release(run=run, provider=provider, by_id=both.id)
    with pytest.raises(Refused, match="Be en kollega"):
        attest(run, both)
    again = compute(seen=run)
    assert queries.sums(again).on_hold == 0
    with pytest.raises(Refused, match="Be en kollega"):
        attest(again, both)
    holding.hold(run=again, provider=provider, reason="Igen", by_id=by_id)
    assert queries.sums(again).on_hold == 20 * PRICE


def test_whoever_granted_a_supplement_never_attests_what_pays_it() -> None:
    amounts = [{"from": "2026-01-01", "amount": "9"}]
    extra = {"code": "extra", "name": "Stöd", "per": "day", "amounts": amounts}
    make_payments.payment_rules(supplements=[extra])
    placement = month_ready()
    before, granter = attestant(), attestant()
    db.session.add_all(
        SupplementGrant(
            placement_id=placement.id,
            code="extra",
            first_day=first,
            end_day=end,
            recorded_at=now(),
            recorded_by_id=by.id,
        )
        for by, first, end in (
            (before, date(2025, 1, 1), date(2026, 1, 1)),
            (granter, date(2026, 2, 1), None),
        )
    )
    db.session.flush()
    run = compute()
    assert {line.kind for line in lines(run)} == {"place", "supplement:extra"}
    with pytest.raises(Refused, match="Be en kollega"):
        attest(run, granter)
    attest(run, before)
    assert run.status == "attested"


def test_only_whoever_has_a_step_left_is_told_to_attest(client: StrictClient) -> None:
    steps(("0", 2))
    month_ready()
    run = compute()
    first, second = attestant(), attestant()
    assert "Attestera 2026-02" in client.login(first).page("/start").text
    attest(run, first)
    assert "Attestera 2026-02" not in client.login(first).page("/start").text
    assert "Attestera 2026-02" in client.login(second).page("/start").text


def test_a_run_whose_parts_are_all_approved_still_waits_for_somebody(
    client: StrictClient,
) -> None:
    fine, disputed = month_ready(), month_ready()
    run = compute()
    attest(run, attestant(), fine)
    held_by = make.user(Role.FINANCE, Role.APPROVER)
    holding.hold(
        run=run, provider=provider_of(disputed), reason="Tvist", by_id=held_by.id
    )
    assert run.status == "computed"
    last = attestant()
    assert "Attestera 2026-02" in client.login(last).page("/start").text
    assert "Attestera 2026-02" not in client.login(held_by).page("/start").text
    attest(run, last)
    assert run.status == "attested"


def test_a_decision_after_the_first_step_takes_that_step_back() -> None:
    steps(("0", 2))
    placement = month_ready(d8="X")
    run = compute()
    settle(run)
    first, second = attestant(), attestant()
    attest(run, first)
    found = control_queries.findings(run)
    by_id = make.user(Role.FINANCE).id
    checking.decide(run=run, findings=found, decision="hold", reason="Nej", by=by_id)
    checking.decide(run=run, findings=found, decision="pay", reason="Jo", by=by_id)
    holding.hold(run=run, provider=provider_of(placement), reason="Tvist", by_id=by_id)
    assert approvals.parts(run)[0].done == ()
    holding.release(run=run, provider=provider_of(placement), by_id=by_id)
    attest(run, second)
    assert run.status == "attested"


def test_what_changes_after_the_first_step_demands_a_new_computation() -> None:
    steps(("0", 2))
    placement = month_ready()
    run = compute()
    attest(run, attestant())
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    with pytest.raises(Refused, match="räkna om"):
        attest(run, attestant())
    again = compute(seen=run)
    settle(again)
    assert not any(part.done for part in approvals.parts(again))


def test_a_changed_back_limit_demands_a_new_computation() -> None:
    month_ready()
    run = compute()
    decide_rule(
        choice_system_id=make.system().id,
        key="correction",
        first_day=make.START,
        value={"back_months": 3},
    )
    with pytest.raises(Refused, match="räkna om"):
        attest(run, attestant())


def test_a_month_that_pays_nobody_is_attested_by_one() -> None:
    run = compute()
    assert lines(run) == []
    attest(run, attestant())
    assert run.status == "attested"


def test_the_database_refuses_the_same_person_twice_and_the_preparer() -> None:
    steps(("0", 2))
    month_ready()
    preparer, first = make.user(Role.FINANCE), attestant()
    run = compute(by=preparer)
    attest(run, first)
    [row] = db.session.scalars(select(Attestation))
    taken = {
        column.name: getattr(row, column.name)
        for column in Attestation.__table__.columns
        if column.name != "id"
    }
    for wrong in (
        {"step": 2},
        {"by_id": attestant().id},
        {"step": 2, "by_id": preparer.id},
        {"step": 2, "by_id": preparer.id, "prepared_by_id": first.id},
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(insert(Attestation).values({**taken, **wrong}))
    later = {**taken, "step": 2, "by_id": attestant().id}
    db.session.execute(insert(Attestation).values(later))
