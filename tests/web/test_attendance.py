"""Attendance: the month grid, confirming, locking and late changes."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.placements import closing, facts, planning, reporting
from lovdv.placements.days import Part
from lovdv.placements.models import (
    AbsenceCode,
    AttendanceMonth,
    LocalReason,
    Placement,
)
from lovdv.placements.months import person_month
from lovdv.providers.models import Unit
from payments.month import Month
from tests import make
from tests.kit_app import StrictClient

FEBRUARY = Month(2026, 2)
MARCH = Month(2026, 3)
ALL_HERE = "-NNNNN--NNNNN--NNNNN--NNNNN-"


def set_days(placement: Placement, month: Month = FEBRUARY, **days: str) -> None:
    """Set days by name: d3 is the third of the month."""
    conflicts = reporting.report(
        placement=placement,
        month=month,
        changes=[
            reporting.DayChange(int(name[1:]), "", code) for name, code in days.items()
        ],
    )
    assert conflicts == []


def confirmed(placement: Placement, month: Month = FEBRUARY) -> AttendanceMonth:
    return reporting.confirm(placement=placement, month=month)


def lock(month: Month = FEBRUARY) -> int:
    return reporting.lock_month(choice_system_id=make.system().id, month=month.first)


def test_a_confirmed_month_is_the_plan_with_its_deviations(app: Flask) -> None:
    placement = make.placement()
    set_days(placement, d3="A", d7="X")
    row = confirmed(placement)
    assert row.codes == "-NANNNX-NNNNN--NNNNN--NNNNN-"
    assert row.planned == "0111110011111001111100111110"
    assert (row.minutes_planned, row.minutes_attended) == (7200, 6840)


def test_closed_days_are_frozen_into_the_month(app: Flask) -> None:
    placement = make.placement()
    closing.close(
        choice_system_id=make.system().id, days={date(2026, 2, 4): "Planeringsdag"}
    )
    assert confirmed(placement).codes[3] == "K"


def test_days_outside_the_placement_are_not_reported(app: Flask) -> None:
    placement = make.placement(first_day=date(2026, 2, 10), end_day=date(2026, 2, 19))
    with pytest.raises(Refused, match="ingen plats här den dagen"):
        set_days(placement, d3="A")
    assert confirmed(placement).codes == "-" * 9 + "NNNN--NNN" + "-" * 10


def test_a_pause_rests(app: Flask) -> None:
    placement = make.placement()
    planning.pause(
        placement=placement,
        first_day=date(2026, 2, 9),
        end_day=date(2026, 2, 14),
    )
    db.session.refresh(placement)
    assert confirmed(placement).codes == ALL_HERE.replace("--NNNNN--", "---------", 1)


def test_days_to_come_cannot_be_reported(app: Flask) -> None:
    placement = make.placement()
    with pytest.raises(Refused, match="har inte varit än"):
        set_days(placement, MARCH, d17="A")


def test_a_month_that_goes_on_cannot_be_confirmed(app: Flask) -> None:
    with pytest.raises(Refused, match="31 mars 2026"):
        confirmed(make.placement(), MARCH)


@pytest.mark.parametrize(
    ("day", "code", "message"),
    [
        ("d3", "Q", "finns inte"),
        ("d3", "K", "finns inte"),
        ("d3", "X", "är planerad"),
        ("d7", "A", "inte planerad"),
        ("d7", "N", "inte planerad"),
    ],
)
def test_a_letter_that_does_not_fit_is_refused(
    app: Flask, day: str, code: str, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        set_days(make.placement(), **{day: code})


def test_half_a_day_counts_its_minutes(app: Flask) -> None:
    placement = make.placement()
    reporting.report_day(
        placement=placement,
        day=date(2026, 2, 3),
        had=".",
        code="",
        parts=[Part("A", 12 * 60, 15 * 60)],
    )
    row = confirmed(placement)
    assert row.codes == ALL_HERE
    assert row.details == {"3": [{"from": "12:00", "to": "15:00", "code": "A"}]}
    assert row.minutes_planned - row.minutes_attended == 180


def test_parts_that_overlap_are_refused(app: Flask) -> None:
    with pytest.raises(Refused, match="går in i varandra"):
        reporting.report_day(
            placement=make.placement(),
            day=date(2026, 2, 3),
            had=".",
            code="",
            parts=[Part("A", 540, 720), Part("L", 700, 800)],
        )


@pytest.mark.parametrize(
    ("day", "part", "why"),
    [
        (date(2026, 2, 7), Part("N", 540, 900), "är inte planerad"),
        (date(2026, 2, 3), Part("N", 0, 24 * 60), "Skriv X för tid utanför planen"),
        (date(2026, 2, 3), Part("A", 840, 960), "Skriv X för tid utanför planen"),
    ],
    ids=["unplanned day", "longer than the plan", "away after the plan"],
)
def test_a_part_outside_the_plan_is_refused(
    app: Flask, day: date, part: Part, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        reporting.report_day(
            placement=make.placement(), day=day, had=".", code="", parts=[part]
        )


def test_a_conflict_is_judged_per_day(app: Flask) -> None:
    placement = make.placement()
    set_days(placement, d3="A")
    conflicts = reporting.report(
        placement=placement,
        month=FEBRUARY,
        changes=[reporting.DayChange(3, "", "S"), reporting.DayChange(4, "", "L")],
    )
    assert conflicts == [reporting.Conflict(3, sent="S", stands="A")]
    assert person_month(placement, FEBRUARY).deviations[2:4] == "AL"


def test_the_same_letter_from_two_is_no_conflict(app: Flask) -> None:
    placement = make.placement()
    for _ in range(2):
        set_days(placement, d3="A")


def test_unconfirming_keeps_what_was_set(app: Flask) -> None:
    placement = make.placement()
    set_days(placement, d3="A", d7="X")
    confirmed(placement)
    reporting.unconfirm(placement=placement, month=FEBRUARY)
    row = confirmed(placement)
    assert row.codes == "-NANNNX-NNNNN--NNNNN--NNNNN-"


def test_only_what_is_confirmed_is_locked(app: Flask) -> None:
    done, waiting = make.placement(), make.placement()
    confirmed(done)
    set_days(waiting, d3="A")
    assert lock() == 1
    assert person_month(waiting, FEBRUARY).status == "open"


def test_a_locked_month_is_not_opened(app: Flask) -> None:
    placement = make.placement()
    confirmed(placement)
    lock()
    with pytest.raises(Refused, match="Rätta i efterhand"):
        reporting.unconfirm(placement=placement, month=FEBRUARY)


def test_a_late_change_is_a_new_version(app: Flask) -> None:
    placement = make.placement()
    set_days(placement, d3="A")
    first = confirmed(placement)
    lock()
    new = reporting.correct(placement=placement, month=FEBRUARY, reason="Fel dag.")
    set_days(placement, d4="A")
    confirmed(placement)
    assert (first.codes, new.codes) == (
        ALL_HERE.replace("NN", "NA", 1),
        "-NAANN--NNNNN--NNNNN--NNNNN-",
    )
    assert (first.version, new.version) == (1, 2)


def test_too_old_a_month_takes_no_reports(app: Flask) -> None:
    with pytest.raises(Refused, match="för gammal"):
        set_days(make.placement(), Month(2025, 2), d3="A")


def test_the_database_keeps_a_locked_month(app: Flask) -> None:
    placement = make.placement()
    row = confirmed(placement)
    lock()
    db.session.commit()
    with pytest.raises(DatabaseError, match="never changes"), db.session.begin_nested():
        db.session.execute(
            update(AttendanceMonth)
            .where(AttendanceMonth.id == row.id)
            .values(codes="N" * 28)
        )


def test_the_first_attended_day_is_one_that_was_reported(app: Flask) -> None:
    placement = make.placement(first_day=date(2026, 2, 2))
    asked = [placement.decision_id]
    assert facts.first_attended_day(asked) == {}
    set_days(placement, d2="A", d3="A")
    assert facts.first_attended_day(asked) == {}
    confirmed(placement)
    assert facts.first_attended_day(asked) == {asked[0]: date(2026, 2, 4)}


def test_a_correction_can_move_the_first_attended_day(app: Flask) -> None:
    placement = make.placement(first_day=date(2026, 2, 2))
    confirmed(placement)
    lock()
    reporting.correct(placement=placement, month=FEBRUARY, reason="Kom senare.")
    set_days(placement, d2="A")
    confirmed(placement)
    found = facts.first_attended_day([placement.decision_id])
    assert found == {placement.decision_id: date(2026, 2, 3)}


def test_the_run_reads_what_was_known(app: Flask) -> None:
    placement = make.placement()
    row = confirmed(placement)
    assert row.confirmed_at is not None
    before = row.confirmed_at - timedelta(seconds=1)
    system_id = make.system().id
    now = facts.month_facts(system_id, FEBRUARY.first, row.confirmed_at)
    then = facts.month_facts(system_id, FEBRUARY.first, before)
    assert [(a[0], a[2], a[3]) for a in now.attendance] == [
        (placement.id, "confirmed", ALL_HERE)
    ]
    assert then.attendance == []


def test_the_municipalitys_own_letters_reach_the_engine(app: Flask) -> None:
    placement = make.placement()
    db.session.add(
        AbsenceCode(
            choice_system_id=make.system().id,
            code="V",
            name="vård av barn",
            effect="leave",
            first_day=make.START,
        )
    )
    db.session.flush()
    set_days(placement, d3="V")
    confirmed(placement)
    found = facts.month_facts(make.system().id, FEBRUARY.first)
    assert found.attendance[0][3][2] == "L"


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["set", "confirm", "unconfirm", "lock", "correct"]),
        st.integers(2, 27),
        st.sampled_from(["", "A", "S", "O", "L", "P", "U", "X", "N"]),
    ),
    max_size=25,
)


@pytest.mark.slow
def test_a_locked_version_never_changes(app: Flask) -> None:
    """Promise 2, for attendance: whatever is tried, in any order."""

    @given(EVENTS)
    def holds(events: list[tuple[str, int, str]]) -> None:
        placement = make.placement()
        frozen: dict[int, tuple[str, object]] = {}
        for event, day, code in events:
            _try(placement, event, day, code)
            for row in _locked(placement):
                kept = frozen.setdefault(row.version, (row.codes, row.details))
                assert kept == (row.codes, row.details)
                assert set(row.codes) <= set("-NXASOLKPU")
                assert len(row.codes) == FEBRUARY.days
        standing = {row.version for row in _locked(placement)}
        assert standing == set(frozen)

    holds()


def _try(placement: Placement, event: str, day: int, code: str) -> None:
    try:
        with db.session.begin_nested():
            if event == "set":
                had = person_month(placement, FEBRUARY).set_code(day)
                change = reporting.DayChange(day, had, code)
                reporting.report(placement=placement, month=FEBRUARY, changes=[change])
            elif event == "lock":
                lock()
            elif event == "correct":
                reporting.correct(placement=placement, month=FEBRUARY, reason="Fel.")
            else:
                getattr(reporting, event)(placement=placement, month=FEBRUARY)
    except Refused:
        pass


def _locked(placement: Placement) -> list[AttendanceMonth]:
    return list(
        db.session.scalars(
            select(AttendanceMonth)
            .where(
                AttendanceMonth.placement_id == placement.id,
                AttendanceMonth.status == "locked",
            )
            .execution_options(populate_existing=True)
        )
    )


# Pages


def staff(unit: Unit) -> User:
    return make.user(Role.PROVIDER, unit=unit)


def cell(placement: Placement, day: int) -> str:
    return f"d-{placement.public_id}-{day}"


def test_the_grid_is_filled_as_a_plain_form(client: StrictClient, app: Flask) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    sent = client.send("/narvaro?month=2026-02", **{cell(placement, 3): "a"})
    assert sent.status_code == 302, sent.page.errors
    page = client.page("/narvaro?month=2026-02")
    assert page.one("input", name=cell(placement, 3)).get("value") == "A"


def test_a_wrong_letter_saves_nothing_and_keeps_everything(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    page = client.send(
        "/narvaro?month=2026-02", **{cell(placement, 3): "A", cell(placement, 4): "Z"}
    ).page
    assert len(page.errors) == 1
    assert "finns inte" in page.errors[0]
    assert page.one("input", name=cell(placement, 3)).get("value") == "A"
    assert person_month(placement, FEBRUARY).row is None


def test_two_who_report_at_once_are_told_day_by_day(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    form = client.form("/narvaro?month=2026-02")
    set_days(placement, d3="S")
    data = form.filled({cell(placement, 3): "A", cell(placement, 4): "L"})
    page = client.post(form.action, data=data).page
    assert "har ändrats av någon annan. Nu står det: S." in page.errors[0]
    assert person_month(placement, FEBRUARY).deviations[2:4] == "SL"
    again = page.form()
    assert client.post(again.action, data=again.filled({})).status_code == 302
    assert person_month(placement, FEBRUARY).deviations[2:4] == "AL"


def test_one_button_confirms_all_and_another_opens_one(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    one, other = make.placement(unit=unit), make.placement(unit=unit)
    client.login(staff(unit))
    client.send("/narvaro?month=2026-02", confirm="alla")
    assert person_month(one, FEBRUARY).status == "confirmed"
    client.send("/narvaro?month=2026-02", unconfirm=one.public_id)
    assert person_month(one, FEBRUARY).status == "open"
    assert person_month(other, FEBRUARY).status == "confirmed"


def test_days_to_come_have_no_field(client: StrictClient, app: Flask) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    page = client.page("/narvaro?month=2026-03")
    assert page.all("input", name=cell(placement, 16))
    assert not page.all("input", name=cell(placement, 17))


def test_the_oldest_month_to_confirm_comes_up(client: StrictClient, app: Flask) -> None:
    unit = make.unit()
    make.placement(unit=unit, first_day=date(2026, 1, 5))
    client.login(staff(unit))
    assert client.page("/narvaro").heading == "Närvaro januari 2026"
    assert "Bekräfta närvaron för februari 2026 (1)" in client.page("/start").text


def test_a_unit_sees_its_own_month_only(client: StrictClient, app: Flask) -> None:
    own, other = make.unit(), make.unit()
    theirs = make.placement(unit=other)
    client.login(staff(own))
    assert theirs.public_id not in client.page("/narvaro?month=2026-02").html
    path = f"/narvaro/{theirs.public_id}/2026-02"
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/bekrafta").status_code == 404
    client.post("/narvaro/2026-02", data={cell(theirs, 3): "A"})
    assert person_month(theirs, FEBRUARY).row is None


def test_a_caseworker_reads_but_does_not_report(
    client: StrictClient, app: Flask
) -> None:
    worker = make.user(Role.CASEWORKER)
    placement = make.placement(make.person(caseworker=worker))
    client.login(worker)
    assert not client.page("/narvaro?month=2026-02").all("input", type="text")
    assert client.post("/narvaro/2026-02", data={}).status_code == 403
    path = f"/narvaro/{placement.public_id}/2026-02"
    assert "februari" in client.page(path).heading


def test_access_ends_some_time_after_the_last_day(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit, end_day=date(2026, 3, 1))
    client.login(staff(unit))
    path = f"/placeringar/{placement.public_id}"
    assert client.get(path).status_code == 200
    app.config["TODAY"] = "2026-03-31"
    client.login(staff(unit))
    assert client.get(path).status_code == 404


def test_a_days_parts_are_typed_and_shown(client: StrictClient, app: Flask) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    path = f"/narvaro/{placement.public_id}/dag/2026-02-03"
    sent = client.send(path, from_0="12", to_0="1500", code_0="A")
    assert sent.status_code == 302, sent.page.errors
    text = client.page(f"/narvaro/{placement.public_id}/2026-02").text
    assert "12:00–15:00 frånvaro anmäld i tid" in text


@pytest.mark.parametrize(
    "when", ["dag/9999-12-31", "dag/0001-01-01", "9998-12", "1900-01", "idag"]
)
def test_a_day_that_no_form_takes_is_not_found(
    client: StrictClient, app: Flask, when: str
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    assert client.get(f"/narvaro/{placement.public_id}/{when}").status_code == 404
    assert client.get(f"/narvaro?month={when}").status_code == 200


def test_the_units_own_reason_never_leaves_it(client: StrictClient, app: Flask) -> None:
    unit, worker = make.unit(), make.user(Role.CASEWORKER)
    placement = make.placement(make.person(caseworker=worker), unit)
    client.login(staff(unit))
    client.send("/narvaro/egna-anledningar", name="Tandläkaren", code="A")
    reason = db.session.scalars(select(LocalReason)).one()
    path = f"/narvaro/{placement.public_id}/dag/2026-02-03"
    client.send(path, reason=reason.public_id)
    page = f"/narvaro/{placement.public_id}/2026-02"
    assert person_month(placement, FEBRUARY).set_code(3) == "A"
    assert "Tandläkaren" in client.page(page).text
    client.login(worker)
    assert "Tandläkaren" not in client.page(page).html


def test_a_late_change_is_asked_for_with_its_reason(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    confirmed(placement)
    lock()
    client.login(staff(unit))
    path = f"/narvaro/{placement.public_id}/2026-02"
    assert "Rätta i efterhand" in client.page(path).links
    assert client.send(f"{path}/ratta", reason="").page.errors == ["Skriv varför."]
    client.send(f"{path}/ratta", reason="Fel dag.")
    assert person_month(placement, FEBRUARY).is_open


def test_closed_days_are_proposed_and_chosen(client: StrictClient, app: Flask) -> None:
    placement = make.placement()
    client.login(make.user(Role.LEAD))
    sent = client.send(
        "/stangda-dagar?year=2026",
        containing="day",
        proposed=["2026-12-24", "2026-12-25"],
    )
    assert sent.status_code == 302, sent.page.errors
    page = client.page("/stangda-dagar?year=2026")
    assert [row[1] for row in page.table()] == ["Julafton", "Juldagen"]
    plan = person_month(placement, Month(2026, 12)).plan
    assert plan[22:26] == "NKK-"


def test_a_day_is_closed_once(client: StrictClient, app: Flask) -> None:
    make.system()
    client.login(make.user(Role.LEAD))
    for _ in range(2):
        answer = client.send(
            "/stangda-dagar?year=2026",
            containing="day",
            day="2026-12-23",
            name="Planering",
        )
    assert answer.page.errors == ["Dagen är redan stängd. Välj en annan."]


def test_summer_weeks_are_closed_from_day_to_day(client: StrictClient) -> None:
    unit, other = make.unit(name="Sommaren"), make.unit()
    client.login(make.user(Role.LEAD))
    page = "/stangda-dagar?year=2026"
    client.send(page, "day", day="2026-07-15", name="Inventering")
    weeks = {"day": "2026-07-13", "last_day": "2026-07-24", "unit": unit.public_id}
    client.send(page, "day", name="Sommarstängt", **weeks)
    rows = client.page(page).table()
    assert [row[1] for row in rows].count("Sommarstängt") == 9
    assert {row[2] for row in rows if row[1] == "Sommarstängt"} == {"Sommaren"}
    plan = person_month(make.placement(unit=unit), Month(2026, 7)).plan
    assert (plan[12:17], plan[26]) == ("KKKKK", "N")
    plan = person_month(make.placement(unit=other), Month(2026, 7)).plan
    assert plan[12:17] == "NNKNN"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"last_day": "2026-07-24"}, "Skriv den första dagen."),
        ({"day": "2026-07-24", "last_day": "2026-07-20"}, "före den första"),
        ({"day": "2026-01-01", "last_day": "2026-07-20"}, "högst 70 dagar"),
        ({"day": "2026-07-18", "last_day": "2026-07-19"}, "redan stängda"),
    ],
)
def test_a_closed_period_must_be_one(
    client: StrictClient, values: dict[str, str], words: str
) -> None:
    make.system()
    client.login(make.user(Role.LEAD))
    answer = client.send("/stangda-dagar", "day", name="Sommarstängt", **values)
    assert any(words in error for error in answer.page.errors), answer.page.errors
