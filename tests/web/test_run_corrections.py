"""Whatever changes backwards is reversed and booked anew in the next run, once.

February is paid; then something about it is changed as the pages change it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.people import decision_operations, event_operations
from lovdv.people.models import Client, Decision
from lovdv.placements import closing, planning, reporting
from lovdv.placements import operations as placements
from lovdv.placements.models import ClosedDay, Placement
from lovdv.placements.reporting import DayChange
from lovdv.prices import operations as prices
from lovdv.prices.announcing import Announcement
from lovdv.providers import operations as providers
from lovdv.providers.models import Contract, ContractUnit
from lovdv.providers.terms import Terms
from lovdv.systems.operations import decide_rule
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import (
    FEBRUARY,
    MARCH,
    PRICE,
    compute,
    lines,
    month_ready,
    paid,
    settle,
)

DAYS = 20
"""Weekdays in February 2026."""
LEVELS = {"1": 43900, "2": PRICE, "3": 98700}
HALF_TIME = 43900
"""Tyresö's prices at level 2: three or four days a week."""


@pytest.fixture
def placement(app: Flask, in_april: None, terms: None) -> Placement:
    """At level 2, five days a week; February is paid."""
    decide_rule(
        choice_system_id=make.system().id,
        key="level_effect",
        first_day=make.START,
        value={"raise": "day", "lowering": "day"},
    )
    found = month_ready()
    paid()
    return found


def level(label: str) -> Callable[[Placement], None]:
    def change(placement: Placement) -> None:
        client = db.session.get_one(Client, placement.client_id)
        make.level(client, label, held_on=date(2026, 2, 16))

    return change


def definitive_prices(_: Placement) -> None:
    """One krona more for every day, from the same first day."""
    text = (make_payments.PRICES / "tyreso-2020.csv").read_text("utf-8")
    rows = [row.split(";") for row in text.splitlines()]
    known = [row for row in rows[1:] if row[0] in "1234"]
    raised = [[*row[:3], str(int(row[3]) + 1), row[4]] for row in known]
    prices.decide(
        system=make.system(),
        rows=[rows[0][:5], *raised],
        name="Definitiva priser",
        first_day=make.START,
        reference="SN 2026/3 § 2",
        announcement=Announcement(override_reason="Index blev klart i mars"),
    )


def ended_earlier(placement: Placement) -> None:
    placements.end(placement=placement, end_day=date(2026, 2, 16), reason="own_wish")


def annulled(placement: Placement) -> None:
    placements.annul(placement=placement, reason="Började aldrig")


def moved_start(placement: Placement) -> None:
    """There is no other way: the place never was, and another began later."""
    placements.annul(placement=placement, reason="Började den 16:e")
    _place_again(placement, date(2026, 2, 16), placement.unit_id)


def moved_unit(placement: Placement) -> None:
    ended_earlier(placement)
    _place_again(placement, date(2026, 2, 16), make.unit().id)


def _place_again(placement: Placement, first_day: date, unit_id: int) -> None:
    client = db.session.get_one(Client, placement.client_id)
    new = make.placement(
        client, db.session.get_one(type(placement.unit), unit_id), first_day=first_day
    )
    make_payments.month_of(new)


def corrected_attendance(placement: Placement) -> None:
    """Three days not notified, of which the first is paid."""
    reporting.correct(placement=placement, month=FEBRUARY, reason="Fel dagar")
    changes = [DayChange(day, "", "O") for day in (9, 10, 11)]
    assert not reporting.report(placement=placement, month=FEBRUARY, changes=changes)
    reporting.confirm(placement=placement, month=FEBRUARY)


def death_recorded_late(placement: Placement) -> None:
    """The unit first takes back what it reported after the death."""
    reporting.correct(placement=placement, month=FEBRUARY, reason="Avliden")
    late = [day for day in range(16, 28) if date(2026, 2, day).weekday() < 5]
    changes = [DayChange(day, "", "A") for day in late]
    reporting.report(placement=placement, month=FEBRUARY, changes=changes)
    reporting.confirm(placement=placement, month=FEBRUARY)
    event_operations.record(
        client=db.session.get_one(Client, placement.client_id),
        kind="death",
        day=date(2026, 2, 15),
        note="",
        by_id=make.user(Role.CASEWORKER).id,
        settle=True,
    )


def rules_superseded(_: Placement) -> None:
    """Five days a week is half time too, and was so all the time."""
    classes = [
        {"name": "halvtid", "from": "3", "to": "5"},
        {"name": "deltid", "from": "1", "to": "2"},
    ]
    extent = {"measure": "planned_days_a_week", "classes": classes}
    make_payments.payment_rules(extent=extent)


def pause_recorded_late(placement: Placement) -> None:
    planning.pause(
        placement=placement,
        first_day=date(2026, 2, 16),
        end_day=date(2026, 3, 1),
        share_paid=0,
    )


def half_paid_pause(placement: Placement) -> None:
    planning.pause(
        placement=placement,
        first_day=date(2026, 2, 16),
        end_day=date(2026, 3, 1),
        share_paid=50,
    )


def contract_ended_late(placement: Placement) -> None:
    contract = db.session.get_one(Contract, placement.contract_id)
    names = Terms.__dataclass_fields__
    told = {name: getattr(contract, name) for name in names}
    terms = Terms(**{**told, "end_day": date(2026, 2, 16)})
    providers.change_contract(contract, terms)


def decision_ended(placement: Placement) -> None:
    decision_operations.end(
        decision=db.session.get_one(Decision, placement.decision_id),
        end_day=date(2026, 2, 16),
        reason="own_wish",
    )


def no_longer_covered(placement: Placement) -> None:
    covered = db.session.scalars(
        select(ContractUnit).where(ContractUnit.unit_id == placement.unit_id)
    ).one()
    providers.end_cover(covered, end_day=date(2026, 2, 16))


CHANGES: Mapping[str, tuple[Callable[[Placement], None], int]] = {
    "raised from a day": (level("3"), 10 * (LEVELS["3"] - PRICE)),
    "lowered from a day": (level("1"), 10 * (LEVELS["1"] - PRICE)),
    "definitive prices": (definitive_prices, DAYS * 100),
    "ended earlier": (ended_earlier, -10 * PRICE),
    "began later": (moved_start, -10 * PRICE),
    "moved to another unit": (moved_unit, 0),
    "annulled": (annulled, -DAYS * PRICE),
    "attendance corrected": (corrected_attendance, -2 * PRICE),
    "death known late": (death_recorded_late, -10 * PRICE),
    "a pause known late": (pause_recorded_late, -10 * PRICE),
    "half of a pause is paid": (half_paid_pause, -10 * PRICE // 2),
    "the contract ended": (contract_ended_late, -10 * PRICE),
    "the unit left the contract": (no_longer_covered, -10 * PRICE),
    "the decision ended": (decision_ended, -10 * PRICE),
    "rules superseded": (rules_superseded, DAYS * (HALF_TIME - PRICE)),
}


@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES)
def test_a_change_backwards_is_reversed_and_booked_anew_once(
    app: Flask,
    placement: Placement,
    case: tuple[Callable[[Placement], None], int],
) -> None:
    change, difference = case
    booked = Counter(line.id for line in _of_february())
    change(placement)
    run = paid(MARCH)
    corrections = [line for line in lines(run) if line.month == FEBRUARY.first]
    assert sum(line.amount for line in corrections) == difference
    taken_back = Counter(line.corrects_id for line in corrections if line.corrects_id)
    assert taken_back == booked
    app.config["TODAY"] = "2026-05-07"
    april = paid(MARCH.next)
    assert {line.month for line in lines(april)} <= {MARCH.next.first}


def _of_february() -> list[PaymentLine]:
    rows = db.session.scalars(
        select(PaymentLine)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .where(PaymentRun.month == FEBRUARY.first)
    )
    return list(rows)


def _plan_is_paid() -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="attendance",
        first_day=make.START,
        value={"late": "plan"},
    )


def _unreported() -> Placement:
    person = make.person()
    make.level(person, "2", first_day=make.START)
    return make.placement(person)


@pytest.mark.usefixtures("terms", "in_april")
def test_a_day_closed_after_the_month_was_paid_changes_nothing_in_it() -> None:
    """Nor does a late report of the month, in which the day was attended."""
    _plan_is_paid()
    placement = _unreported()
    [february] = lines(paid())
    closing.close(choice_system_id=make.system().id, days={date(2026, 2, 10): "Stängt"})
    run = compute(MARCH)
    assert {line.month for line in lines(run)} == {MARCH.first}
    make_payments.month_of(placement)
    again = compute(MARCH, seen=run)
    assert {line.month for line in lines(again)} == {MARCH.first}
    assert february.days == DAYS


@pytest.mark.usefixtures("terms")
def test_a_day_opened_after_the_month_was_paid_changes_nothing_in_it(
    app: Flask,
) -> None:
    """March is paid in the middle of it, and a day at its end is opened then."""
    _plan_is_paid()
    _unreported()
    closing.close(choice_system_id=make.system().id, days={date(2026, 3, 25): "Stängt"})
    assert paid(MARCH).total == 21 * PRICE
    closing.reopen(closed_day=db.session.scalars(select(ClosedDay)).one())
    app.config["TODAY"] = "2026-05-07"
    april = paid(MARCH.next)
    assert {line.month for line in lines(april)} == {MARCH.next.first}


@pytest.mark.usefixtures("in_april")
def test_a_plan_that_changes_backwards_changes_the_extent_class(app: Flask) -> None:
    """Göteborg pays ordered time, so that nothing is confirmed."""
    make_payments.payment_rules("goteborg-2023")
    make_payments.prices("goteborg-2023")
    person = make.person()
    make.level(person, "1", first_day=make.START)
    placement = make.placement(person)
    [line] = lines(paid())
    assert (line.extent_class, line.amount) == ("deltid 2", 1027000)
    planning.set_plan(
        placement=placement,
        first_day=date(2026, 2, 15),
        times=[[["09:00", "15:00"], ["09:00", "15:00"], *[None] * 5]],
    )
    corrections = [one for one in lines(compute(MARCH)) if one.month == FEBRUARY.first]
    assert [one.amount for one in corrections] == [
        -1027000,
        round(1027000 * 14 / 28),
        round(427900 * 14 / 28),
    ]
    assert corrections[0].corrects_id == line.id


def test_what_was_taken_back_is_paid_again_when_the_place_goes_on_after_all(
    app: Flask, placement: Placement
) -> None:
    ended_earlier(placement)
    paid(MARCH)
    placements.end(placement=placement, end_day=date(2026, 6, 1), reason="own_wish")
    app.config["TODAY"] = "2026-05-07"
    april = paid(MARCH.next)
    february = [line for line in lines(april) if line.month == FEBRUARY.first]
    assert sum(line.amount for line in february) == 10 * PRICE
    assert sum(line.amount for line in _all_of_february()) == DAYS * PRICE


def _all_of_february() -> Sequence[PaymentLine]:
    return db.session.scalars(
        select(PaymentLine).where(PaymentLine.month == FEBRUARY.first)
    ).all()


@pytest.mark.usefixtures("terms", "in_april")
def test_correcting_nothing_reads_but_books_nothing_old(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    run = compute(MARCH)
    settle(run)
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/korningar/{run.public_id}")
    rows = {row[0]: row[1:] for row in page.table(1)}
    assert rows["Rättelser av tidigare månader"][0] == "0"
    assert {line.month for line in lines(run)} == {MARCH.first}
