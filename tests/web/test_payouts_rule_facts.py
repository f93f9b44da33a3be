"""What only some payment rules ask for reaches the run: ends, extras, late reports."""

from datetime import date, timedelta

import pytest
from flask import Flask

from lovdv.clock import now
from lovdv.extensions import db
from lovdv.payment_rules.models import SupplementGrant
from lovdv.payouts.computing import current_digest
from lovdv.payouts.facts import Digest, Facts, terms
from lovdv.payouts.standing import line_of
from lovdv.placements.models import Pause, Placement
from payments import Month, recomputed
from tests import make, make_payments
from tests.kit_payouts import (
    FEBRUARY,
    MARCH,
    PRICE,
    amounts,
    compute,
    held_items,
    lines,
    month_ready,
    paid,
)

pytestmark = pytest.mark.usefixtures("in_april")

HSL = {
    "code": "egen-hsl",
    "name": "Egen HSL",
    "per": "day",
    "amounts": [{"from": "2026-01-01", "amount": "9"}],
}


def rules(**changes: object) -> None:
    make_payments.payment_rules(**changes)
    make_payments.prices()


def kinds() -> list[tuple[str, int]]:
    found = lines(compute())
    assert all(recomputed(line_of(line)) == line.amount for line in found)
    return [(line.kind, line.amount) for line in found]


def grant(placement: Placement, **told: object) -> SupplementGrant:
    return make._added(
        SupplementGrant(
            placement_id=placement.id,
            code="egen-hsl",
            first_day=make.START,
            recorded_at=now(),
            **told,
        )
    )


def test_a_supplement_is_a_line_of_its_own(app: Flask) -> None:
    rules(supplements=[HSL])
    grant(month_ready())
    month_ready()
    assert kinds() == [
        ("place", 20 * PRICE),
        ("supplement:egen-hsl", 20 * 900),
        ("place", 20 * PRICE),
    ]


def test_a_supplement_granted_after_the_run_asks_for_a_new_computation(
    app: Flask,
) -> None:
    rules(supplements=[HSL])
    placement = month_ready()
    run = compute()
    assert current_digest(run) == run.inputs_digest
    grant(placement)
    assert current_digest(run) != run.inputs_digest


def test_a_supplement_granted_under_rules_without_any_is_held(app: Flask) -> None:
    rules()
    grant(month_ready())
    run = compute()
    assert [item.error for item in held_items(run)] == ["UnknownSupplement"]
    assert amounts(run) == [20 * PRICE]


def test_a_message_too_long_to_keep_is_kept_in_part(app: Flask) -> None:
    rules(supplements=[HSL | {"name": "Egen " * 90, "proof": "needed"}])
    grant(month_ready())
    [item] = held_items(compute())
    assert (item.error, len(item.message)) == ("MissingProof", 300)


def test_days_after_a_death_are_paid_by_the_rule_in_the_month_after_too(
    app: Flask,
) -> None:
    tail = [{"reason": "deceased", "days": "10", "share": "100"}]
    rules(after_end=tail)
    end = date(2026, 2, 25)
    placement = month_ready()
    placement.end_day = placement.paid_end_day = end
    placement.end_reason = "deceased"
    month_ready()
    run = paid(FEBRUARY)
    assert [(line.kind, line.days) for line in lines(run)] == [
        ("place", 17),
        ("after_end", 3),
        ("place", 20),
    ]
    march = lines(compute(MARCH))
    assert [(line.kind, line.days, line.month) for line in march] == [
        ("after_end", 5, MARCH.first)
    ]
    assert "efter slutet (deceased): 10 dagar från slutet, 100 %" in march[0].rules


def test_the_month_after_an_end_rests_on_the_prices_of_the_last_day(app: Flask) -> None:
    rules(after_end=[{"reason": "deceased", "days": "10", "share": "100"}])
    placement = month_ready()
    placement.end_day = placement.paid_end_day = date(2026, 2, 25)
    placement.end_reason = "deceased"
    make_payments.prices(first_day=MARCH.first, raised=100)
    make_payments.prices(first_day=MARCH.next.first, raised=900)
    db.session.flush()
    before = digest(MARCH)
    [march] = lines(compute(MARCH))
    assert (march.kind, march.price) == ("after_end", PRICE)
    make_payments.prices(revision=2, raised=500)
    assert digest(MARCH) != before


def digest(month: Month) -> str:
    known = terms(make.system().id, now())
    return Digest(known).add(Facts.read(month, known))


@pytest.mark.parametrize(
    ("notice", "days"),
    [(date(2026, 2, 16), 5), (None, None)],
    ids=["told", "not told"],
)
def test_pay_from_notice_counts_from_the_day_it_was_told(
    notice: date | None, days: int | None, app: Flask
) -> None:
    tail = {"reason": "other_choice", "from": "notice", "days": "14", "share": "100"}
    rules(after_end=[tail])
    placement = month_ready()
    placement.end_day = placement.paid_end_day = date(2026, 2, 23)
    placement.end_reason, placement.notice_day = "other_choice", notice
    run = compute()
    found = [line.days for line in lines(run) if line.kind == "after_end"]
    assert found == ([days] if days else [])
    assert [item.error for item in held_items(run)] == (
        [] if notice else ["MissingNotice"]
    )


def test_notice_long_after_the_end_is_paid_for_in_its_own_months(app: Flask) -> None:
    tail = {"reason": "other_choice", "from": "notice", "days": "10", "share": "100"}
    rules(after_end=[tail])
    placement = month_ready()
    placement.end_day = placement.paid_end_day = date(2025, 12, 1)
    placement.end_reason, placement.notice_day = "other_choice", date(2026, 1, 30)
    [line] = lines(compute())
    assert (line.kind, line.days) == ("after_end", 5)


def test_an_end_for_another_reason_has_no_tail(app: Flask) -> None:
    rules(after_end=[{"reason": "deceased", "days": "10", "share": "100"}])
    placement = month_ready()
    placement.end_day = placement.paid_end_day = date(2026, 2, 23)
    placement.end_reason = "moved"
    assert [kind for kind, _ in kinds()] == ["place"]


def test_a_month_reported_after_the_limit_is_held_with_its_sum(app: Flask) -> None:
    rules(late_months="1")
    month_ready()
    [item] = held_items(compute())
    assert (item.error, item.amount) == ("ReportedTooLate", 20 * PRICE)


def test_a_month_reported_within_the_limit_is_paid(app: Flask) -> None:
    rules(late_months="2")
    month_ready()
    assert amounts(compute()) == [20 * PRICE]


@pytest.mark.parametrize(("kept", "share"), [(True, 50), (False, 0)])
def test_a_pause_is_paid_by_the_rules_as_the_place_is_kept(
    app: Flask, *, kept: bool, share: int
) -> None:
    rules(
        pause=[
            {"share": "50", "place": "kept"},
            {"share": "0", "place": "given_up"},
        ]
    )
    placement = month_ready()
    make._added(
        Pause(
            placement_id=placement.id,
            first_day=date(2026, 2, 23),
            end_day=date(2026, 2, 28),
            share_paid=None,
            place_kept=kept,
            recorded_at=now() - timedelta(days=1),
        )
    )
    found = [line.amount for line in lines(compute()) if line.share < 100]
    assert found == ([5 * PRICE * share // 100] if share else [])
