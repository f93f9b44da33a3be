"""When an absence was told: asked for by some payment rules, kept, and paid by."""

from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.placements import closing, planning, reporting
from lovdv.placements.days import Part
from lovdv.placements.models import AbsenceCode, AttendanceMonth, Placement
from lovdv.placements.months import person_month
from lovdv.providers.models import Unit
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import PRICE, amounts, compute
from tests.web.test_attendance import FEBRUARY, cell, confirmed, lock, set_days, staff

TUESDAY = date(2026, 2, 3)
DAY_BEFORE_AT_15 = {"days": "1", "by": "15:00"}
SHARES = [
    {"effect": "notified", "share": "100"},
    {"effect": "late", "share": "50"},
    {"effect": "not_notified", "share": "0"},
    {"effect": "leave", "share": "0"},
    {"effect": "planning_day", "share": "100"},
    {"effect": "other_unit", "share": "0"},
    {"effect": "closed", "share": "0"},
]
IN_TIME = {"told_day": "2026-02-02", "told_clock": "14.30"}
LATE = {"told_day": "2026-02-03", "told_clock": "8"}
TOO_LATE = {"told_day": "2026-02-03", "told_clock": "1130"}
TOLD = "2026-02-02T14:30:00+01:00"
WHOLE_DAY = {"from": "09:00", "to": "15:00", "code": "A", "notified_at": TOLD}

MORNING = {**WHOLE_DAY, "to": "12:00"}
AFTERNOON = (12 * 60, 15 * 60)
UNTOLD = {"from": "12:00", "to": "15:00"}


def rules(**changes: object) -> None:
    told = {"notice": DAY_BEFORE_AT_15, "absence": SHARES, **changes}
    make_payments.payment_rules(**told)
    make_payments.prices()


def rules_again(**changes: object) -> None:
    told = {"notice": DAY_BEFORE_AT_15, "absence": SHARES, **changes}
    make_payments.payment_rules(**told)


def placed(unit: Unit) -> Placement:
    person = make.person()
    make.decision(person)
    make.level(person, "2", first_day=make.START)
    return make.placement(person, unit)


def page_of(placement: Placement, day: str = "2026-02-03") -> str:
    return f"/narvaro/{placement.public_id}/dag/{day}"


def kept(placement: Placement) -> dict[str, list[dict[str, str]]]:
    return dict(person_month(placement, FEBRUARY).details)


@pytest.fixture
def placement(app: Flask, client: StrictClient) -> Placement:
    """A person whose unit reports under rules on notice."""
    rules()
    unit = make.unit()
    client.login(staff(unit))
    return placed(unit)


# From the page to the line


@pytest.mark.parametrize("part_days", ["by_minutes", "whole_day"])
@pytest.mark.parametrize(
    ("told", "share"),
    [
        pytest.param(IN_TIME, 100, id="in time"),
        pytest.param(LATE, 50, id="late"),
        pytest.param(TOO_LATE, 0, id="after it began"),
        pytest.param({}, 100, id="as reported"),
    ],
)
def test_a_day_away_is_paid_by_when_it_was_told(
    client: StrictClient,
    placement: Placement,
    told: dict[str, str],
    share: int,
    part_days: str,
) -> None:
    rules_again(part_days=part_days)
    sent = client.send(page_of(placement), code="A", **told)
    assert sent.status_code == 302, sent.page.errors
    client.send("/narvaro?month=2026-02", confirm="alla")
    client.application.config["TODAY"] = "2026-04-07"
    assert sum(amounts(compute())) == 19 * PRICE + PRICE * share // 100


def test_a_part_of_a_day_away_is_paid_by_when_it_was_told(
    client: StrictClient, app: Flask, placement: Placement
) -> None:
    afternoon = {"from_0": "12", "to_0": "15", "code_0": "S"}
    client.send(page_of(placement), **afternoon, **IN_TIME)
    client.send(page_of(placement, "2026-02-04"), **afternoon, **IN_TIME)
    client.send(
        page_of(placement, "2026-02-05"),
        **afternoon,
        told_day="2026-02-05",
        told_clock="12:01",
    )
    client.send("/narvaro?month=2026-02", confirm="alla")
    app.config["TODAY"] = "2026-04-07"
    assert sum(amounts(compute())) == 19 * PRICE + PRICE // 2


@pytest.mark.parametrize(
    ("clock", "share"), [("9.00", 100), ("9.01", 50)], ids=["in time", "later"]
)
def test_hours_of_notice_are_on_the_clock_of_the_place(
    client: StrictClient, app: Flask, clock: str, share: int
) -> None:
    """Summer time begins between the notice and the absence."""
    rules(notice={"hours": "48"})
    unit, monday = make.unit(), "2026-03-30"
    app.config["TODAY"] = "2026-04-07"
    client.login(staff(unit))
    placement = placed(unit)
    client.send(
        page_of(placement, monday), code="A", told_day="2026-03-28", told_clock=clock
    )
    client.send("/narvaro?month=2026-03", confirm="alla")
    run = compute(FEBRUARY.next)
    assert sum(amounts(run)) == 21 * PRICE + PRICE * share // 100


def test_the_municipalitys_own_letter_is_judged(
    client: StrictClient, app: Flask, placement: Placement
) -> None:
    own = {"V": "notified", "W": "leave"}
    for code, effect in own.items():
        make._added(
            AbsenceCode(
                choice_system_id=make.system().id,
                code=code,
                name=effect,
                effect=effect,
                first_day=make.START,
            )
        )
    refused = client.send(page_of(placement), code="W", **LATE)
    assert "koderna V," in refused.page.errors[0]
    client.send(page_of(placement), code="V", **LATE)
    client.send("/narvaro?month=2026-02", confirm="alla")
    app.config["TODAY"] = "2026-04-07"
    assert sum(amounts(compute())) == 19 * PRICE + PRICE // 2


# What is asked, kept and shown


def test_nothing_is_asked_where_the_rules_do_not_look(
    client: StrictClient, app: Flask
) -> None:
    make_payments.payment_rules()
    make_payments.payment_rules(
        first_day=date(2026, 3, 1), notice=DAY_BEFORE_AT_15, absence=SHARES
    )
    unit = make.unit()
    placement = make.placement(unit=unit)
    client.login(staff(unit))
    assert "När anmäldes" not in client.page(page_of(placement)).text
    asked = client.page(page_of(placement, "2026-03-03")).text
    assert "När anmäldes frånvaron?" in asked
    assert "Med dag och klockslag gäller tiden, inte koden." in asked
    assert "Utan dag och klockslag gäller koden" in asked
    data = client.form(page_of(placement)).filled({"code": "A"})
    client.post(page_of(placement), data={**data, **IN_TIME})
    assert person_month(placement, FEBRUARY).set_code(3) == "A"
    assert kept(placement) == {}


def test_a_told_day_is_shown_as_it_was_typed(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    assert kept(placement) == {"3": [WHOLE_DAY]}
    page = client.page(page_of(placement))
    assert page.one("input", name="told_day").get("value") == "2026-02-02"
    assert page.one("input", name="told_clock").get("value") == "14:30"
    assert page.one("input", name="from_0").get("value") == ""
    month = client.page(f"/narvaro/{placement.public_id}/2026-02")
    told = [row for row in month.table() if row[0].startswith("tisdag 3 ")]
    at = "2026-02-02 14.30, räknas som anmäld i tid"
    assert told[0][2:5] == ["frånvaro anmäld i tid", "–", at]
    grid = client.page("/narvaro?month=2026-02")
    letter = grid.one("input", name=cell(placement, 3))
    assert letter.get("value") == "A"
    assert letter.get("aria-label", "").endswith(", anmäld 2026-02-02 14.30")


def test_what_is_left_of_the_day_is_away_too(
    client: StrictClient, placement: Placement
) -> None:
    here = {"from_0": "11", "to_0": "12", "code_0": "N"}
    client.send(page_of(placement), code="A", **here, **IN_TIME)
    assert kept(placement)["3"] == [
        {"from": "11:00", "to": "12:00", "code": "N"},
        {**WHOLE_DAY, "to": "11:00"},
        {**WHOLE_DAY, "from": "12:00"},
    ]
    page = client.page(page_of(placement))
    assert page.one("input", name="from_0").get("value") == "11:00"
    assert page.one("input", name="from_1").get("value") == ""


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({**IN_TIME, "told_clock": ""}, "Skriv också klockslaget"),
        ({**IN_TIME, "told_day": ""}, "Skriv också dagen"),
        ({**IN_TIME, "told_clock": "halv tre"}, "Skriv tiden som 9, 900"),
        ({**IN_TIME, "told_day": "i går"}, "Skriv dagen som år-månad-dag"),
        ({**IN_TIME, "told_day": "2026-03-17"}, "ligger i framtiden"),
        (
            {**IN_TIME, "told_day": "2025-02-01"},
            "dagen. Stämmer den, lämna dag och klockslag tomma. Då gäller koden du har",
        ),
        ({**IN_TIME, "told_day": "2025-02-01"}, "mer än 366 dagar före 3 februari"),
        ({**IN_TIME, "code": ""}, "ingen frånvaro att anmäla"),
        ({**IN_TIME, "code": "L"}, "någon av koderna A, O, S"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_as_typed(
    client: StrictClient, placement: Placement, sent: dict[str, str], words: str
) -> None:
    typed = {"code": "A", **sent}
    page = client.send(page_of(placement), **typed).page
    assert len(page.errors) == 1
    assert words in page.errors[0]
    told = {
        name: page.one("input", name=name).get("value", "")
        for name in ("told_day", "told_clock")
    }
    assert told == {name: typed[name] for name in told}
    assert kept(placement) == {}


def test_a_year_before_is_not_too_early(
    client: StrictClient, placement: Placement
) -> None:
    early = {"told_day": "2025-02-02", "told_clock": "0"}
    assert client.send(page_of(placement), code="A", **early).status_code == 302


def test_what_was_told_is_taken_away_and_changed(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    client.send(page_of(placement), told_clock="9")
    assert kept(placement)["3"][0]["notified_at"] == "2026-02-02T09:00:00+01:00"
    client.send(page_of(placement), told_day="", told_clock="")
    month = person_month(placement, FEBRUARY)
    assert (month.set_code(3), month.details) == ("A", {})


# Who else changes the day


def test_another_time_told_meanwhile_is_a_conflict(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A")
    form = client.form(page_of(placement))
    client.send(page_of(placement), **IN_TIME)
    page = client.post(page_of(placement), data=form.filled(LATE)).page
    assert "Så här står den nu: A, anmäld 2026-02-02 14.30." in page.errors[0]
    again = page.form()
    client.post(page_of(placement), data=again.filled({}))
    assert kept(placement)["3"][0]["notified_at"] == "2026-02-03T08:00:00+01:00"


def test_the_grid_leaves_what_was_told_of_the_same_letter(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    stale = client.form("/narvaro?month=2026-02")
    client.send("/narvaro?month=2026-02", **{cell(placement, 4): "L"})
    assert kept(placement) == {"3": [WHOLE_DAY]}
    client.send(page_of(placement), told_clock="9")
    data = stale.filled({cell(placement, 3): "O"})
    refused = client.post(stale.action, data=data).page
    assert "Nu står det: A, anmäld 2026-02-02 09.00." in refused.errors[0]
    client.send("/narvaro?month=2026-02", **{cell(placement, 3): ""})
    assert kept(placement) == {}


@pytest.mark.parametrize("typed", ["O", "S", "L"])
def test_another_letter_in_the_grid_counts_as_it_is_typed(
    client: StrictClient, app: Flask, placement: Placement, typed: str
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    client.send("/narvaro?month=2026-02", **{cell(placement, 3): typed})
    assert kept(placement) == {}
    client.send("/narvaro?month=2026-02", confirm="alla")
    app.config["TODAY"] = "2026-04-07"
    share = {"O": 0, "S": 50, "L": 0}[typed]
    assert sum(amounts(compute())) == 19 * PRICE + PRICE * share // 100


def test_what_was_told_of_a_part_is_not_told_of_the_whole_day(
    client: StrictClient, placement: Placement
) -> None:
    form = client.form("/narvaro?month=2026-02")
    afternoon = {"from_0": "12", "to_0": "15", "code_0": "A"}
    client.send(page_of(placement), **afternoon, **IN_TIME)
    data = form.filled({cell(placement, 3): "A"})
    again = client.post(form.action, data=data).page.form()
    client.post(again.action, data=again.filled({}))
    month = person_month(placement, FEBRUARY)
    assert (month.set_code(3), month.details) == ("A", {})


def test_the_same_letter_from_two_leaves_what_was_told(
    client: StrictClient, placement: Placement
) -> None:
    form = client.form("/narvaro?month=2026-02")
    client.send(page_of(placement), code="A", **IN_TIME)
    data = form.filled({cell(placement, 3): "A"})
    assert client.post(form.action, data=data).status_code == 302
    assert kept(placement) == {"3": [WHOLE_DAY]}


@pytest.mark.parametrize(
    ("code", "parts", "left"),
    [
        ("A", [], [WHOLE_DAY]),
        ("O", [], []),
        ("", [Part("S", *AFTERNOON)], [{**UNTOLD, "code": "S"}]),
        ("A", [Part("N", *AFTERNOON)], [{**UNTOLD, "code": "N"}, MORNING]),
        ("A", [Part("S", *AFTERNOON)], [{**UNTOLD, "code": "S"}, MORNING]),
    ],
    ids=["the same", "another letter", "a part", "here after", "another part"],
)
def test_a_report_that_says_nothing_of_it_leaves_what_was_told_of_a_letter(
    client: StrictClient,
    placement: Placement,
    code: str,
    parts: list[Part],
    left: list[dict[str, str]],
) -> None:
    """As a file of attendance does; what is left is still so when it is confirmed."""
    client.send(page_of(placement), code="A", **IN_TIME)
    found = person_month(placement, FEBRUARY)
    reporting.report_day(
        placement=placement,
        day=TUESDAY,
        had=reporting.day_mark(found, 3),
        code=code,
        parts=parts,
    )
    assert kept(placement) == ({"3": left} if left else {})
    assert confirmed(placement).details == kept(placement)


def test_the_same_part_reported_again_is_still_told(
    client: StrictClient, placement: Placement
) -> None:
    """As when a file moves its end."""
    afternoon = {"from_0": "12", "to_0": "15", "code_0": "S"}
    client.send(page_of(placement), **afternoon, **IN_TIME)
    found = person_month(placement, FEBRUARY)
    reporting.report_day(
        placement=placement,
        day=TUESDAY,
        had=reporting.day_mark(found, 3),
        code="",
        parts=[Part("S", 12 * 60, 14 * 60)],
    )
    part = {"from": "12:00", "to": "14:00", "code": "S", "notified_at": TOLD}
    assert kept(placement) == {"3": [part]}


# What the unit confirms


@pytest.mark.parametrize("part_days", ["by_minutes", "whole_day"])
@pytest.mark.parametrize(
    ("told", "words"),
    [
        (IN_TIME, "2026-02-02 14.30, räknas som anmäld i tid"),
        (LATE, "2026-02-03 08.00, räknas som sent anmäld"),
        (TOO_LATE, "2026-02-03 11.30, räknas som inte anmäld"),
    ],
    ids=["in time", "late", "after it began"],
)
def test_as_what_a_told_day_counts_is_said(
    client: StrictClient,
    placement: Placement,
    told: dict[str, str],
    words: str,
    part_days: str,
) -> None:
    rules_again(part_days=part_days)
    assert "Dagen är sparad som" not in client.page(page_of(placement)).text
    client.send(page_of(placement), code="A", **told)
    at, effect = words.split(", ")
    said = f"Dagen är sparad som anmäld {at} och {effect}."
    assert said in client.page(page_of(placement)).text
    assert as_told(client, placement) == words
    confirmed(placement)
    make.db.session.commit()
    assert as_told(client, placement) == words


def test_parts_that_count_differently_say_so(
    client: StrictClient, placement: Placement
) -> None:
    here = {"from_0": "11", "to_0": "12", "code_0": "N"}
    client.send(page_of(placement), code="A", **here, **TOO_LATE)
    words = "2026-02-03 11.30, räknas som inte anmäld och sent anmäld"
    assert as_told(client, placement) == words
    rules_again(part_days="whole_day")
    assert as_told(client, placement) == "2026-02-03 11.30, räknas som inte anmäld"


def test_a_part_does_not_count_by_rules_of_whole_days(
    client: StrictClient, placement: Placement
) -> None:
    rules_again(part_days="whole_day")
    afternoon = {"from_0": "12", "to_0": "15", "code_0": "S"}
    client.send(page_of(placement), **afternoon, **IN_TIME)
    assert as_told(client, placement) == "2026-02-02 14.30"


def test_rules_that_no_longer_look_say_nothing_of_it(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    make_payments.payment_rules()
    assert as_told(client, placement) == "2026-02-02 14.30"


def as_told(client: StrictClient, placement: Placement) -> str:
    """What the person's month says of when Tuesday's absence was told."""
    month = client.page(f"/narvaro/{placement.public_id}/2026-02")
    return next(row[4] for row in month.table() if row[0].startswith("tisdag 3 "))


# The month's way


def test_opened_and_corrected_it_is_still_told(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    row = confirmed(placement)
    assert (row.codes[2], row.details) == ("A", {"3": [WHOLE_DAY]})
    assert row.minutes_planned - row.minutes_attended == 360
    reporting.unconfirm(placement=placement, month=FEBRUARY)
    assert kept(placement) == {"3": [WHOLE_DAY]}
    confirmed(placement)
    lock()
    reporting.correct(placement=placement, month=FEBRUARY, reason="Fel dag.")
    set_days(placement, d4="S")
    assert kept(placement) == {"3": [WHOLE_DAY]}
    client.send(page_of(placement), **LATE)
    confirmed(placement)
    assert [
        row.details["3"][0]["notified_at"][:10] for row in _versions(placement)
    ] == ["2026-02-02", "2026-02-03"]


def _versions(placement: Placement) -> list[AttendanceMonth]:
    rows = make.db.session.query(AttendanceMonth).filter_by(placement_id=placement.id)
    return sorted(rows, key=lambda row: row.version)


def test_a_told_letter_has_the_hours_of_a_plan_that_comes_after(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    planning.set_plan(
        placement=placement,
        first_day=date(2026, 2, 1),
        times=[[["10:00", "12:00"]] * 5 + [None, None]],
    )
    row = confirmed(placement)
    assert row.details == {"3": [{**WHOLE_DAY, "from": "10:00", "to": "12:00"}]}


def test_a_told_day_that_is_closed_after_must_be_changed(
    client: StrictClient, placement: Placement
) -> None:
    client.send(page_of(placement), code="A", **IN_TIME)
    closing.close(choice_system_id=make.system().id, days={TUESDAY: "Stängt"})
    with pytest.raises(reporting.StaleDays, match="3 februari 2026 är stängd"):
        confirmed(placement)


def test_a_caseworker_reads_when_it_was_told(client: StrictClient, app: Flask) -> None:
    rules()
    unit, worker = make.unit(), make.user(Role.CASEWORKER)
    placement = make.placement(make.person(caseworker=worker), unit)
    client.login(staff(unit))
    client.send(page_of(placement), code="A", **IN_TIME)
    client.login(worker)
    text = client.page(f"/narvaro/{placement.public_id}/2026-02").text
    assert "2026-02-02 14.30" in text
