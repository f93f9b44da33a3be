"""A month becomes lines, and what changes afterwards becomes corrections."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import queries
from lovdv.payouts.models import HeldItem
from lovdv.payouts.standing import line_of
from lovdv.people.decision_operations import decide
from lovdv.people.models import Decision
from lovdv.placements.models import (
    ClosedDay,
)
from lovdv.systems.operations import decide_rule
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
    settle,
)

pytestmark = pytest.mark.usefixtures("in_april")


@pytest.mark.usefixtures("terms")
def test_a_month_becomes_lines_that_lead_back_to_the_decision() -> None:
    placement = month_ready()
    run = compute()
    [line] = lines(run)
    assert (line.amount, line.days, line.level) == (20 * PRICE, 20, "2")
    assert line.decisions == str(placement.decision_id)
    assert (run.total, run.line_count, run.status) == (20 * PRICE, 1, "computed")
    assert recomputed(line_of(line)) == line.amount


@pytest.mark.usefixtures("terms")
def test_prices_that_change_inside_the_month_split_the_line() -> None:
    month_ready()
    make_payments.prices(first_day=date(2026, 2, 16), raised=100)
    assert amounts(compute()) == [10 * PRICE, 10 * (PRICE + 100)]


@pytest.mark.usefixtures("terms")
def test_what_is_missing_is_held_with_its_reason_and_the_rest_is_paid() -> None:
    month_ready()
    unreported = make.placement(make.person())
    run = compute()
    [item] = db.session.scalars(select(HeldItem))
    assert (item.error, item.placement_id) == ("MissingAttendance", unreported.id)
    assert amounts(run) == [20 * PRICE]


def test_without_rules_or_prices_nothing_is_paid_by_guess(app: Flask) -> None:
    month_ready()
    with pytest.raises(Refused, match="ersättningsregler"):
        compute()
    make_payments.payment_rules()
    db.session.rollback()


@pytest.mark.usefixtures("terms")
def test_the_rule_on_late_reports_decides_whether_the_plan_is_paid() -> None:
    placement = month_ready()
    make_payments.month_of(placement, "2026-03")
    silent = month_ready()
    paid()
    run = compute(MARCH)
    assert silent.id not in {line.placement_id for line in lines(run)}
    decide_rule(
        choice_system_id=make.system().id,
        key="attendance",
        first_day=date(2026, 3, 1),
        value={"late": "plan"},
    )
    again = compute(MARCH, seen=run)
    [line] = [line for line in lines(again) if line.placement_id == silent.id]
    assert "månaden är inte rapporterad" in line.rules


@pytest.mark.usefixtures("terms")
def test_two_runs_of_the_same_month_are_refused() -> None:
    month_ready()
    first = compute()
    with pytest.raises(Refused, match="före dig"):
        compute()
    assert queries.last_run(make.system().id) == first


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize(
    ("month", "words"),
    [
        (Month(2026, 5), "inte börjat"),
        (Month(2026, 1), "redan attesterad"),
        (Month(2026, 4), "Mars 2026 är inte räknad"),
    ],
    ids=["future", "past", "left out"],
)
def test_months_are_paid_in_order(month: Month, words: str) -> None:
    month_ready()
    paid()
    with pytest.raises(Refused, match=words):
        compute(month)


@pytest.mark.usefixtures("terms")
def test_an_unfinished_month_comes_first() -> None:
    month_ready()
    compute()
    with pytest.raises(Refused, match="Gör klart"):
        compute(MARCH)


@pytest.mark.usefixtures("terms")
def test_an_attested_month_is_never_computed_again() -> None:
    month_ready()
    run = paid()
    with pytest.raises(Refused, match="redan attesterad"):
        compute(seen=run)


@pytest.mark.usefixtures("terms")
def test_a_late_change_is_reversed_in_full_and_booked_anew() -> None:
    placement = month_ready()
    first = paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d2="O", d3="O", d4="O")
    run = compute(MARCH)
    reversal, corrected, march = lines(run)
    assert [line.amount for line in (reversal, corrected)] == [-20 * PRICE, 18 * PRICE]
    assert reversal.corrects_id == lines(first)[0].id
    assert (reversal.month, march.month) == (FEBRUARY.first, MARCH.first)
    assert (reversal.payee_id, reversal.rules) == (
        lines(first)[0].payee_id,
        lines(first)[0].rules,
    )


@pytest.mark.usefixtures("terms")
def test_a_month_that_is_stopped_never_takes_back_what_was_paid() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.prices(revision=2, spelt={"heltid": "Heltid"})
    run = compute(MARCH)
    assert lines(run) == []
    held = {(i.month.month, i.error, i.amount) for i in held_items(run)}
    assert held == {
        (2, "MissingRate", None),
        (2, "PaidStands", -20 * PRICE),
        (3, "MissingRate", None),
    }
    settle(run)
    make_payments.prices(revision=3)
    assert [line.month for line in lines(compute(MARCH, seen=run))] == [MARCH.first]


@pytest.mark.usefixtures("terms")
def test_a_correction_run_without_changes_is_empty() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    assert {line.month for line in lines(compute(MARCH))} == {MARCH.first}


@pytest.mark.usefixtures("terms")
def test_what_is_too_old_to_correct_is_listed_with_its_sum() -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="correction",
        first_day=make.START,
        value={"back_months": 0},
    )
    placement = month_ready()
    paid()
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    run = compute(MARCH)
    [item] = db.session.scalars(select(HeldItem).where(HeldItem.run_id == run.id))
    assert (item.reason, item.amount) == ("left_out", -10 * PRICE)
    assert lines(run) == []


@pytest.mark.usefixtures("terms")
def test_absence_runs_on_from_a_month_already_paid() -> None:
    nine_days = {f"d{day}": "A" for day in (17, 18, 19, 20, 23, 24, 25, 26, 27)}
    placement = month_ready(**nine_days)
    paid()
    make_payments.month_of(placement, "2026-03", d2="A", d3="A", d4="A")
    [line] = lines(compute(MARCH))
    assert (line.days, line.counted) == (20, "A:1 N:19")


@pytest.mark.usefixtures("terms")
def test_absence_runs_on_over_a_month_without_a_placement() -> None:
    person = make.person()
    make.level(person, "2", first_day=make.START)
    january = make.placement(person, end_day=date(2026, 2, 1))
    ten_days = {f"d{day}": "A" for day in (*range(19, 24), *range(26, 31))}
    make_payments.month_of(january, "2026-01", **ten_days)
    march = make.placement(person, first_day=date(2026, 3, 1))
    make_payments.month_of(march, "2026-03", d2="A", d3="A")
    paid(Month(2026, 1))
    paid()
    [line] = lines(compute(MARCH))
    assert (line.days, line.counted) == (20, "N:20")


@pytest.mark.usefixtures("terms")
def test_the_units_own_closed_days_are_not_paid_by_the_plan() -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="attendance",
        first_day=make.START,
        value={"late": "plan"},
    )
    persons = make.person(), make.person()
    for person in persons:
        make.level(person, "2", first_day=make.START)
    closed, _ = (make.placement(person) for person in persons)
    make._added(
        ClosedDay(
            choice_system_id=make.system().id,
            unit_id=closed.unit_id,
            day=date(2026, 2, 10),
            name="Stängt",
            decided_at=now(),
        )
    )
    days = {line.placement_id == closed.id: line.days for line in lines(compute())}
    assert days == {True: 19, False: 20}


@pytest.mark.usefixtures("terms")
def test_the_amounts_are_what_the_price_list_gives_by_hand() -> None:
    for label in "123":
        month_ready(label, d9="A", d10="O", d11="O", d12="K")
    text = (make_payments.PRICES / "tyreso-2020.csv").read_text("utf-8")
    printed = {
        row.split(";")[0]: Decimal(row.split(";")[3])
        for row in text.splitlines()[1:]
        if ";heltid;extern;" in row
    }
    # Twenty weekdays less the second day not notified and the closed day.
    expected = sorted(int(printed[label] * 18 * 100) for label in "123")
    assert sorted(amounts(compute())) == expected


def test_goteborg_pays_by_the_calendar_month(app: Flask) -> None:
    make_payments.payment_rules("goteborg-2023")
    make_payments.prices("goteborg-2023")
    placement = month_ready("1")
    placement.paid_first_day = date(2026, 2, 19)
    db.session.flush()
    run = compute()
    [line] = lines(run)
    assert (line.extent_class, line.hundredths, line.of) == ("deltid 2", 1000, 28)
    assert line.amount == round(1027000 * 10 / 28)


@pytest.mark.usefixtures("terms")
def test_a_renewed_decision_is_paid_and_named_from_its_day() -> None:
    placement = month_ready()
    old = db.session.get_one(Decision, placement.decision_id)
    new = decide(
        client=placement.client,
        choice_system_id=old.choice_system_id,
        law=old.law,
        personkrets=old.personkrets,
        decided_on=date(2026, 1, 5),
        first_day=date(2026, 2, 16),
        end_day=None,
        reference="NYTT",
        replaces=old,
    )
    [line] = lines(compute())
    assert (line.amount, line.days) == (20 * PRICE, 20)
    assert line.decisions == f"{old.id} {new.id}"
