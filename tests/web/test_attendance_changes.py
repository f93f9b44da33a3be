"""Attendance that meets a pause, a new plan, a correction, or somebody else's hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select, text

from lovdv.access import Role
from lovdv.database import writing
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.placements import closing, facts, operations, planning, reporting
from lovdv.placements.days import Part
from lovdv.placements.models import AttendanceMonth, LocalAbsence, Placement
from lovdv.placements.months import person_month
from lovdv.providers.models import Unit
from payments.month import Month
from tests import make
from tests.kit_app import StrictClient
from tests.web.test_attendance import (
    FEBRUARY,
    cell,
    confirmed,
    lock,
    set_days,
    staff,
)

TUESDAY = date(2026, 2, 3)
SATURDAY = date(2026, 2, 7)
THURSDAYS = [[None, None, None, ["09:00", "15:00"], None, None, None]]
HOME_AT_NOON = Part("A", 12 * 60, 15 * 60)


def day_in_parts(placement: Placement, day: date, *parts: Part) -> None:
    reporting.report_day(placement=placement, day=day, had=".", code="", parts=parts)


def resting(unit: Unit) -> Placement:
    """A placement that has rested since January."""
    placement = make.placement(unit=unit)
    planning.pause(placement=placement, first_day=date(2026, 1, 15), end_day=None)
    db.session.refresh(placement)
    return placement


# A month that rests


def test_one_who_rests_keeps_nobody_else_from_being_confirmed(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    here, away = make.placement(unit=unit), resting(unit)
    client.login(staff(unit))
    page = client.page("/narvaro?month=2026-02")
    assert "Inget att rapportera" in page.text
    sent = client.send("/narvaro?month=2026-02", confirm="alla", **{cell(here, 3): "A"})
    assert sent.status_code == 302, sent.page.errors
    assert person_month(here, FEBRUARY).status == "confirmed"
    assert person_month(away, FEBRUARY).row is None


def test_a_month_that_rests_is_not_asked_for(client: StrictClient, app: Flask) -> None:
    unit = make.unit()
    resting(unit)
    client.login(staff(unit))
    assert "närvaron för januari 2026" in client.page("/start").text
    assert "närvaron för februari 2026" not in client.page("/start").text
    client.send("/narvaro?month=2026-01", confirm="alla")
    assert client.page("/narvaro?month=2026-02").all("button", name="confirm") == []


def test_a_month_to_come_says_from_when_it_is_confirmed(app: Flask) -> None:
    placement = make.placement(first_day=date(2026, 4, 30), times=THURSDAYS)
    planning.set_plan(
        placement=placement,
        first_day=date(2026, 4, 30),
        times=[[["09:00", "15:00"], *[None] * 6]],
    )
    with pytest.raises(Refused, match="från och med 1 april 2026"):
        reporting.confirm(placement=placement, month=Month(2026, 4))


# Corrections


def test_an_opened_correction_leaves_the_first_attended_day(app: Flask) -> None:
    placement = make.placement(first_day=date(2026, 2, 2))
    confirmed(placement)
    lock()
    db.session.expire_all()
    reporting.correct(placement=placement, month=FEBRUARY, reason="Fel dag.")
    asked = placement.decision_id
    assert facts.first_attended_day([asked]) == {asked: date(2026, 2, 2)}
    assert facts.last_attended_day([placement.id]) == date(2026, 2, 27)


@pytest.mark.parametrize("day", [SATURDAY, date(2026, 2, 4)], ids=["free", "closed"])
def test_time_outside_the_plan_is_attended(app: Flask, day: date) -> None:
    placement = make.placement(first_day=date(2026, 2, 2))
    closing.close(choice_system_id=make.system().id, days={date(2026, 2, 4): "Stängt"})
    day_in_parts(placement, day, Part("X", 540, 900))
    found = facts.first_attended_day([placement.decision_id])
    assert found == {placement.decision_id: day}


# Letters set before the plan, the end or a pause


def test_a_letter_that_no_longer_fits_the_plan_is_named(app: Flask) -> None:
    placement = make.placement()
    set_days(placement, d3="A", d5="A")
    planning.set_plan(placement=placement, first_day=date(2026, 2, 1), times=THURSDAYS)
    with pytest.raises(Refused, match="3 februari 2026 är inte planerad") as refused:
        confirmed(placement)
    assert "5 februari" not in refused.value.message
    reporting.report(
        placement=placement,
        month=FEBRUARY,
        changes=[reporting.DayChange(3, "A", "")],
    )
    assert confirmed(placement).codes == "----A------N------N------N--"


def test_times_that_no_longer_fit_the_plan_are_named(app: Flask) -> None:
    placement = make.placement()
    day_in_parts(placement, TUESDAY, HOME_AT_NOON)
    planning.set_plan(
        placement=placement,
        first_day=date(2026, 2, 1),
        times=[[["09:00", "12:00"]] * 5 + [None, None]],
    )
    with pytest.raises(Refused, match=r"Planen den 3 februari 2026 är 9\.00–12\.00"):
        confirmed(placement)


def test_a_letter_after_the_end_is_named_and_can_be_taken_away(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement, other = make.placement(unit=unit), make.placement(unit=unit)
    set_days(placement, d25="S")
    operations.end(placement=placement, end_day=date(2026, 2, 20), reason="own_wish")
    client.login(staff(unit))
    page = client.send("/narvaro?month=2026-02", confirm="alla").page
    assert len(page.errors) == 1
    assert "25 februari 2026: personen har ingen plats" in page.errors[0]
    assert person_month(other, FEBRUARY).status == "confirmed"
    field = page.one("input", name=cell(placement, 25))
    assert field.get("value") == "S"
    client.send("/narvaro?month=2026-02", confirm="alla", **{cell(placement, 25): ""})
    row = person_month(placement, FEBRUARY).row
    assert row is not None
    assert row.codes == "-NNNNN--NNNNN--NNNN---------"


# Time outside the plan


def test_time_on_an_unplanned_day_is_an_extra_day_with_its_times(app: Flask) -> None:
    placement = make.placement()
    day_in_parts(placement, SATURDAY, Part("X", 9 * 60, 15 * 60))
    row = confirmed(placement)
    assert row.codes[6] == "X"
    assert row.minutes_attended - row.minutes_planned == 360
    reporting.unconfirm(placement=placement, month=FEBRUARY)
    assert person_month(placement, FEBRUARY).set_code(7) == ""
    assert confirmed(placement).codes[6] == "X"


def test_time_after_the_plan_takes_nothing_from_it(app: Flask) -> None:
    placement = make.placement()
    day_in_parts(placement, TUESDAY, Part("X", 15 * 60, 17 * 60))
    row = confirmed(placement)
    assert row.minutes_attended - row.minutes_planned == 120


def test_planned_time_is_not_reported_as_outside_the_plan(app: Flask) -> None:
    with pytest.raises(Refused, match="Skriv X för tid utanför planen"):
        day_in_parts(make.placement(), TUESDAY, Part("X", 14 * 60, 17 * 60))


# Somebody else's hand


def test_times_that_came_meanwhile_are_not_erased_by_a_letter(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    form = client.form("/narvaro?month=2026-02")
    day_in_parts(placement, TUESDAY, HOME_AT_NOON)
    data = form.filled({cell(placement, 3): "S"})
    page = client.post(form.action, data=data).page
    assert "Nu står det: enligt planen, A 12:00–15:00. Du skrev S." in page.errors[0]
    assert person_month(placement, FEBRUARY).parts(3) != []
    again = page.form()
    assert client.post(again.action, data=again.filled({})).status_code == 302
    assert person_month(placement, FEBRUARY).deviations[2] == "S"
    assert person_month(placement, FEBRUARY).parts(3) == []


def test_a_letter_that_changes_takes_the_units_own_reason_along(app: Flask) -> None:
    placement = make.placement()
    reason = closing.add_reason(unit=placement.unit, name="Tandläkaren", code="A")
    reporting.report_day(
        placement=placement, day=TUESDAY, had=".", code="", reason=reason
    )
    same, other = (
        reporting.DayChange(3, "A", "A"),
        reporting.DayChange(3, "A", "S"),
    )
    reporting.report(placement=placement, month=FEBRUARY, changes=[same])
    assert db.session.scalars(select(LocalAbsence)).all() != []
    reporting.report(placement=placement, month=FEBRUARY, changes=[other])
    assert db.session.scalars(select(LocalAbsence)).all() == []


def test_a_reason_that_is_taken_up_again_means_what_it_did(app: Flask) -> None:
    unit = make.unit()
    reason = closing.add_reason(unit=unit, name="Tandläkaren", code="A")
    closing.end_reason(reason=reason)
    with pytest.raises(Refused, match="har räknats som A förut"):
        closing.add_reason(unit=unit, name="Tandläkaren", code="O")
    assert closing.add_reason(unit=unit, name="Tandläkaren", code="A") is reason


def test_a_month_that_is_opened_meanwhile_is_not_locked(cloned_app: Flask) -> None:
    with cloned_app.app_context():
        placement = make.placement()
        confirmed(placement)
        placement_id = placement.id
        db.session.commit()
    opened = Event()

    def open_it() -> None:
        with cloned_app.app_context(), writing():
            placement = db.session.get_one(Placement, placement_id)
            reporting.unconfirm(placement=placement, month=FEBRUARY)
            opened.set()
            _until_somebody_waits()
            db.session.commit()

    def lock_it() -> int:
        opened.wait()
        with cloned_app.app_context(), writing():
            count = lock()
            db.session.commit()
            return count

    with ThreadPoolExecutor(2) as threads:
        opening, locking = threads.submit(open_it), threads.submit(lock_it)
        opening.result()
        assert locking.result() == 0
    with cloned_app.app_context():
        placement = db.session.get_one(Placement, placement_id)
        assert person_month(placement, FEBRUARY).status == "open"


def _until_somebody_waits() -> None:
    """PostgreSQL: another is stopped by our lock. SQLite lets nobody else begin."""
    if db.engine.dialect.name != "postgresql":
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as other:
        assert any(other.scalar(waiting) for _ in range(100_000))


def test_a_fault_of_ones_own_takes_over_no_change_of_anothers(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    reason = closing.add_reason(unit=unit, name="Tandläkaren", code="A")
    client.login(make.user(Role.PROVIDER, unit=unit))
    path = f"/narvaro/{placement.public_id}/dag/{TUESDAY}"
    form = client.form(path, "had")
    set_days(placement, d3="O")
    wrong = form.filled({"code": "S", "reason": reason.public_id})
    page = client.post(path, data=wrong).page
    assert "Någon annan har ändrat dagen" in page.errors[0]
    page = client.post(path, data=page.form("had").filled({})).page
    assert "räknas som A" in page.errors[0]
    right = page.form("had").filled({"reason": ""})
    assert client.post(path, data=right).status_code == 302
    assert db.session.scalars(select(AttendanceMonth)).one().codes[2] == "S"
