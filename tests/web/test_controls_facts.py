"""What the controls read: the guilty are found in the database, others are not."""

from datetime import UTC, date, datetime

import pytest

from lovdv.access import Role
from lovdv.controls import checking
from lovdv.controls import queries as control_queries
from lovdv.controls.models import Finding
from lovdv.extensions import db
from lovdv.payouts.models import PaymentRun
from lovdv.people.models import Client, Interruption
from lovdv.placements.models import ClosedDay, Pause, Placement
from lovdv.providers.models import Contract, Unit
from payments import Month
from tests import make, make_payments
from tests.kit_payouts import MARCH, PRICE, compute, month_ready, paid, plain

pytestmark = [pytest.mark.usefixtures("in_april"), pytest.mark.usefixtures("terms")]


def found(run: PaymentRun, control: str) -> list[Finding]:
    return [one for one in control_queries.findings(run) if one.control == control]


def unit_of(placement: Placement) -> Unit:
    return db.session.get_one(Unit, placement.unit_id)


def contract_of(placement: Placement) -> Contract:
    return db.session.get_one(Contract, placement.contract_id)


def test_an_ordinary_month_gives_no_findings_at_all() -> None:
    month_ready(d9="A", d10="A")
    month_ready()
    assert control_queries.findings(compute()) == []


def test_a_unit_without_a_permit_is_found_with_the_money_at_stake() -> None:
    placement = month_ready()
    unit_of(placement).permit_number = ""
    [one] = found(compute(), "outside_permit")
    assert (one.placement_id, one.amount) == (placement.id, 20 * PRICE)


def test_a_unit_that_closed_before_the_month_was_over_is_found() -> None:
    placement = month_ready()
    unit_of(placement).end_day = date(2026, 2, 27)
    assert found(compute(), "outside_permit")


def test_contracts_that_follow_on_each_other_cover_the_month() -> None:
    placement = month_ready()
    old = contract_of(placement)
    turn = date(2026, 2, 15)
    old.end_day = old.covered[0].end_day = turn
    make.contract(unit_of(placement), first_day=turn)
    run = compute()
    assert found(run, "outside_contract") == []


def test_a_pause_at_another_place_is_a_stay_elsewhere() -> None:
    placement = month_ready()
    other = make.placement(db.session.get_one(Client, placement.client_id))
    make_payments.month_of(other, **dict.fromkeys(weekdays(), "U"))
    rest(other, date(2026, 2, 9), date(2026, 2, 11))
    [one] = found(compute(), "elsewhere")
    assert one.placement_id == placement.id
    assert one.message.endswith("måndag 9, tisdag 10.")


def weekdays() -> list[str]:
    return [f"d{n}" for n in range(1, 29) if n % 7 not in (0, 1)]


def rest(placement: Placement, first_day: date, end_day: date, **told: object) -> None:
    make._added(
        Pause(
            placement_id=placement.id,
            first_day=first_day,
            end_day=end_day,
            recorded_at=datetime(2026, 2, 1, tzinfo=UTC),
            **told,
        )
    )


def test_an_interruption_of_the_decision_is_a_stay_elsewhere() -> None:
    placement = month_ready(d9="L")
    make._added(
        Interruption(
            decision_id=placement.decision_id,
            first_day=date(2026, 2, 9),
            end_day=date(2026, 2, 10),
            reason="Sjukhus",
        )
    )
    assert found(compute(), "elsewhere") == []
    make_payments.month_of(placement, version=2)
    assert len(found(compute(seen=last_run()), "elsewhere")) == 1


def at_level_2(unit: Unit | None = None) -> Placement:
    """Somebody whose February has not been reported yet."""
    person = make.person()
    make.decision(person)
    make.level(person, "2", first_day=make.START)
    return make.placement(person, unit)


def test_the_same_hours_reported_a_month_late_are_found() -> None:
    make_payments.payment_rules(same_hours="paid")
    first = month_ready()
    second = make.placement(db.session.get_one(Client, first.client_id))
    paid()
    make_payments.month_of(second)
    [one] = found(compute(MARCH), "same_hours")
    assert (one.placement_id, one.month) == (second.id, date(2026, 2, 1))
    assert one.message.startswith(f"Samma tider som placering {first.number}: dag 2 ")
    assert one.amount == 20 * PRICE


def test_only_what_is_reported_late_is_looked_at_again() -> None:
    unit = make.unit(permit_maximum=1)
    month_ready(unit=unit, d7="X")
    late = at_level_2(unit)
    paid()
    make_payments.month_of(late, d7="X", d9="L", d10="L", d11="L", d12="L")
    rest(late, date(2026, 2, 16), date(2026, 2, 17))
    db.session.get_one(Client, late.client_id).died_on = date(2026, 2, 26)
    late.paid_end_day = date(2026, 2, 27)
    db.session.flush()
    run = compute(MARCH)
    about = {
        one.control: (one.placement_id, one.unit_id, one.month)
        for one in control_queries.findings(run)
        if one.month == date(2026, 2, 1)
    }
    february = date(2026, 2, 1)
    own, of_unit = (late.id, None, february), (None, unit.id, february)
    assert about == {
        "after_death": own,
        "closed_attended": own,
        "outside_plan": own,
        "elsewhere": own,
        "above_maximum": of_unit,
    }
    [crowded] = found(run, "above_maximum")
    assert crowded.amount > 0


def last_run() -> PaymentRun:
    return db.session.query(PaymentRun).order_by(PaymentRun.id.desc()).first()


def test_a_pause_that_was_annulled_is_no_stay_elsewhere() -> None:
    placement = month_ready()
    annulled = datetime(2026, 2, 2, tzinfo=UTC)
    rest(placement, date(2026, 2, 9), date(2026, 2, 10), annulled_at=annulled)
    assert found(compute(), "elsewhere") == []


@pytest.mark.parametrize(("maximum", "number"), [(2, 0), (1, 1)])
def test_more_people_at_once_than_the_permit_are_found(
    maximum: int, number: int
) -> None:
    unit = make.unit(permit_maximum=maximum)
    month_ready(unit=unit)
    month_ready(unit=unit)
    run = compute()
    assert [one.unit_id for one in found(run, "above_maximum")] == [unit.id] * number
    assert [one.amount for one in found(run, "above_maximum")] == [40 * PRICE] * number


def test_a_ceiling_for_a_half_day_counts_too() -> None:
    unit = make.unit()
    for half in ("am", "pm"):
        make.capacity(unit, ceiling=1 if half == "am" else 5, weekday=0, half=half)
    month_ready(unit=unit, d9="A")
    month_ready(unit=unit)
    [one] = found(compute(), "above_maximum")
    assert one.message.startswith("Samtidigt på enheten: måndag 2 förmiddag 2 av 1, må")


def test_a_whole_unit_is_held_at_once() -> None:
    unit = make.unit(permit_maximum=1)
    placements = {month_ready(unit=unit).id, month_ready(unit=unit).id}
    month_ready()
    run = compute()
    hold(run, found(run, "above_maximum"))
    assert {hold.placement_id for hold, _, _ in control_queries.holds(run)} == (
        placements
    )
    pay(run, found(run, "above_maximum"))
    assert control_queries.holds(run) == []


def hold(run: PaymentRun, findings: list[Finding], decision: str = "hold") -> None:
    by = make.user(Role.FINANCE).id
    checking.decide(run=run, findings=findings, decision=decision, reason="R", by=by)


def pay(run: PaymentRun, findings: list[Finding]) -> None:
    hold(run, findings, "pay")


def test_a_planned_saturday_is_innocent_and_an_unplanned_is_found() -> None:
    innocent = make.person()
    make.level(innocent, "2", first_day=make.START)
    every_day = [[["09:00", "15:00"]] * 7]
    make_payments.month_of(make.placement(innocent, times=every_day))
    guilty = month_ready(d7="X")
    [one] = found(compute(), "closed_attended")
    assert (one.placement_id, one.message) == (guilty.id, "Närvaro: lördag 7.")


def test_attendance_on_a_closed_day_is_found() -> None:
    placement = month_ready()
    make._added(
        ClosedDay(
            choice_system_id=make.system().id,
            day=date(2026, 2, 10),
            name="Stängt",
            decided_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    [one] = found(compute(), "closed_attended")
    assert (one.placement_id, one.message) == (placement.id, "Närvaro: tisdag 10.")


def test_changed_fixed_data_is_found_once_and_holds_all_that_is_paid() -> None:
    placement = month_ready()
    paid()
    contract_of(placement).account = "4641/9"
    make_payments.month_of(placement, "2026-03")
    run = compute(MARCH)
    [one] = found(run, "fixed_data")
    assert one.message.endswith(". konto: tomt → 4641/9.")
    assert one.amount == 22 * PRICE
    hold(run, [one])
    assert [hold.placement_id for hold, _, _ in control_queries.holds(run)] == [
        placement.id
    ]
    pay(run, [one])


def test_the_first_run_has_nothing_to_compare_fixed_data_with() -> None:
    month_ready()
    assert found(compute(), "fixed_data") == []


def test_a_price_list_decided_since_the_last_run_is_listed() -> None:
    placement = month_ready()
    paid()
    make_payments.prices(revision=2)
    make_payments.month_of(placement, "2026-03")
    [one] = found(compute(MARCH), "terms_changed")
    assert (one.effect, checking.needs_decision(one)) == ("lists", False)
    assert one.message.startswith("Prislistan tyreso-2020 från 2025-01-01")


def test_a_correction_to_a_provider_that_has_left_is_found() -> None:
    placement = month_ready(d9="O", d10="O")
    paid()
    contract = contract_of(placement)
    end = date(2026, 3, 1)
    contract.end_day = contract.covered[0].end_day = end
    placement.end_day = placement.paid_end_day = end
    db.session.flush()
    make_payments.month_of(placement, version=2)
    [one] = found(compute(MARCH), "left_provider")
    assert (one.contract_id, one.amount) == (contract.id, PRICE)
    assert one.message.endswith(" slutade 2026-02-28.")


def test_a_change_after_the_run_that_pays_more_is_found() -> None:
    placement = month_ready(d9="O", d10="O")
    paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2)
    [one] = found(compute(MARCH), "changed_after")
    assert (one.month, one.amount) == (date(2026, 2, 1), PRICE)
    assert plain(one.message).endswith("(version 2): 626,00 kr mer betalas.")


def test_a_change_after_the_run_that_pays_less_is_innocent() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d9="O", d10="O")
    assert found(compute(MARCH), "changed_after") == []


def test_a_month_confirmed_long_after_is_listed() -> None:
    make.control(make.system(), "late_report", effect="lists", knobs={"days": 10})
    month_ready()
    [one] = found(compute(), "late_report")
    assert one.message == "Bekräftad 2026-04-07, 38 dagar efter månadens slut."


def test_a_month_reported_after_its_run_is_listed_in_the_next() -> None:
    make.control(make.system(), "late_report", effect="lists", knobs={"days": 10})
    in_time = month_ready()
    late = at_level_2()
    paid()
    make_payments.month_of(late)
    make_payments.month_of(in_time, "2026-03")
    [one] = found(compute(MARCH), "late_report")
    assert (one.placement_id, one.month) == (late.id, date(2026, 2, 1))


def test_the_same_absence_day_by_day_at_one_unit_is_listed() -> None:
    unit = make.unit()
    away = {"d3": "A", "d9": "S", "d13": "A", "d24": "L"}
    month_ready(unit=unit, **away)
    other = month_ready(unit=unit, **away)
    month_ready(**away)
    month_ready(unit=unit, **{**away, "d25": "A"})
    [one] = found(compute(), "identical_days")
    assert one.message.endswith(f"som placering {other.number}.")


def test_the_same_hours_in_another_choice_system_are_found() -> None:
    placement = month_ready()
    client = db.session.get_one(Client, placement.client_id)
    other = make.system(name="Sysselsättning")
    elsewhere = make.placement(client, times=[[["13:00", "16:00"]] * 5 + [None] * 2])
    elsewhere.choice_system_id = other.id
    make_payments.month_of(elsewhere)
    run = compute()
    [one] = found(run, "same_hours")
    assert one.placement_id == placement.id
    assert "dag 2 kl. 13.00–15.00" in one.message


def test_mornings_and_afternoons_at_two_places_are_only_listed() -> None:
    halves = {
        "09:00": [[["09:00", "12:00"]] * 5 + [None] * 2],
        "12:00": [[["12:00", "15:00"]] * 5 + [None] * 2],
    }
    person = make.person()
    make.level(person, "2", first_day=make.START)
    for times in halves.values():
        make_payments.month_of(make.placement(person, times=times))
    run = compute()
    assert found(run, "same_hours") == []
    [one] = found(run, "same_day_twice")
    assert not checking.needs_decision(one)


def test_an_amount_unlike_the_placements_own_months_is_found() -> None:
    knobs = {"months": 3, "spreads": 5, "percent": 30, "least": 100}
    make.control(make.system(), "unusual_amount", knobs=knobs)
    make.control(make.system(), "unusual_unit", effect="lists", knobs=knobs)
    placement = month_ready()
    steady = month_ready()
    for month in ("2025-11", "2025-12", "2026-01"):
        make_payments.month_of(placement, month, **absent_but_the_first(month))
        make_payments.month_of(steady, month)
        paid(Month.read(month))
    run = compute()
    [one] = found(run, "unusual_amount")
    assert (one.placement_id, one.amount) == (placement.id, 20 * PRICE)
    [unit] = found(run, "unusual_unit")
    assert (unit.unit_id, unit.effect) == (placement.unit_id, "lists")


def absent_but_the_first(month: str) -> dict[str, str]:
    """Not notified from the second planned day on: one day is paid, by the rules."""
    days = [day for day in Month.read(month).every_day() if day.weekday() < 5]
    return {f"d{day.day}": "O" for day in days[1:]}


def test_much_more_than_before_is_found_but_not_after_a_closed_month() -> None:
    grown, summer = month_ready(), month_ready()
    for month in ("2025-11", "2025-12", "2026-01"):
        make_payments.month_of(grown, month, **absent_but_the_first(month))
        closed = month == "2026-01"
        told = absent_but_the_first(month) if closed else {}
        make_payments.month_of(summer, month, **told)
        paid(Month.read(month))
    [one] = found(compute(), "more_than_before")
    assert (one.placement_id, one.amount) == (grown.id, 18 * PRICE)


def test_the_month_after_the_one_it_began_in_is_no_larger_than_usual() -> None:
    placement = month_ready()
    placement.first_day = placement.paid_first_day = date(2026, 1, 28)
    make_payments.month_of(placement, "2026-01")
    paid(Month(2026, 1))
    assert found(compute(), "more_than_before") == []
