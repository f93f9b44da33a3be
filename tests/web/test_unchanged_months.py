"""Earlier months are computed again when something has changed, and only then."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from lovdv.clock import now
from lovdv.extensions import db
from lovdv.needs.models import Level
from lovdv.payouts import computing
from lovdv.payouts.models import ComputedMonth, PaymentRun
from lovdv.placements.models import Placement
from payments import Month
from tests import make, make_payments
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

SAME = ("client_id", "decision_id", "choice_system_id", "assessment_id")
pytestmark = pytest.mark.usefixtures("in_april", "terms")


def computed(run: PaymentRun) -> list[date]:
    """The months that the run did not leave as they were."""
    found = select(ComputedMonth.month).where(ComputedMonth.run_id == run.id)
    return sorted(db.session.scalars(found))


def test_a_month_where_nothing_has_changed_is_left_as_it_was() -> None:
    placement = month_ready()
    assert computed(paid()) == [FEBRUARY.first]
    make_payments.month_of(placement, "2026-03")
    assert computed(compute(MARCH)) == [MARCH.first]


def late_report(placement: Placement) -> None:
    make_payments.month_of(placement, version=2, d2="O")


def earlier_end(placement: Placement) -> None:
    placement.paid_end_day = date(2026, 2, 16)


def new_prices(_placement: Placement) -> None:
    make_payments.prices(revision=2, raised=100)


def new_level(placement: Placement, day: date = date(2026, 2, 9)) -> None:
    before = db.session.scalars(select(Level)).one()
    told = {name: getattr(before, name) for name in SAME}
    db.session.add(
        Level(**told, level="3", price_level="3", first_day=day, established_at=now())
    )


def new_rules(_placement: Placement) -> None:
    make_payments.payment_rules(part_days="whole_day")


@pytest.mark.parametrize(
    "change",
    [late_report, earlier_end, new_prices, new_level, new_rules],
    ids=lambda change: change.__name__,
)
def test_whatever_the_month_rests_on_makes_it_computed_again(
    change: Callable[[Placement], None],
) -> None:
    placement = month_ready()
    paid()
    change(placement)
    db.session.flush()
    make_payments.month_of(placement, "2026-03")
    assert FEBRUARY.first in computed(compute(MARCH))


def later_end(placement: Placement) -> None:
    placement.paid_end_day = date(2026, 3, 16)


def march_prices(_placement: Placement) -> None:
    make_payments.prices(first_day=date(2026, 3, 1), raised=100)


def march_level(placement: Placement) -> None:
    new_level(placement, date(2026, 3, 2))


def march_rules(_placement: Placement) -> None:
    make_payments.payment_rules(first_day=date(2026, 3, 1), part_days="whole_day")


@pytest.mark.parametrize(
    "change",
    [later_end, march_prices, march_level, march_rules],
    ids=lambda change: change.__name__,
)
def test_what_comes_after_the_month_does_not(
    change: Callable[[Placement], None],
) -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    change(placement)
    db.session.flush()
    assert computed(compute(MARCH)) == [MARCH.first]


def test_an_absence_runs_on_out_of_a_month_left_as_it_was() -> None:
    days = {f"d{day}": "A" for day in (17, 18, 19, 20, 23, 24, 25, 26, 27)}
    placement = month_ready(**days)
    paid()
    make_payments.month_of(placement, "2026-03", d2="A", d3="A", d4="A")
    run = compute(MARCH)
    assert (computed(run), amounts(run)) == ([MARCH.first], [20 * PRICE])


def test_an_absence_that_runs_on_differently_computes_the_month_after_again() -> None:
    january = Month(2026, 1)
    placement = month_ready(d2="A", d3="A", d4="A")
    make_payments.month_of(placement, "2026-01")
    paid(january)
    paid()
    days = {f"d{day}": "A" for day in (*range(19, 24), *range(26, 31))}
    make_payments.month_of(placement, "2026-01", version=2, **days)
    make_payments.month_of(placement, "2026-03")
    months = computed(compute(MARCH))
    assert months == [january.first, FEBRUARY.first, MARCH.first]


def test_a_month_with_something_stopped_or_held_is_computed_again() -> None:
    placement = month_ready()
    make.placement(make.person())
    paid()
    make_payments.month_of(placement, "2026-03")
    assert computed(compute(MARCH)) == [FEBRUARY.first, MARCH.first]


def test_lines_on_hold_are_computed_again_as_long_as_they_are_held() -> None:
    april = Month(2026, 4)
    placement = month_ready(d1="X")
    held()
    make_payments.month_of(placement, "2026-03")
    assert computed(paid(MARCH)) == [FEBRUARY.first, MARCH.first]
    make_payments.month_of(placement, "2026-04")
    assert computed(compute(april)) == [FEBRUARY.first, april.first]


def test_the_attest_sees_a_change_in_a_month_left_as_it_was() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    run = compute(MARCH)
    assert computing.current_digest(run) == run.inputs_digest
    late_report(placement)
    assert computing.current_digest(run) != run.inputs_digest
