"""From a new level to the money: when it counts by the settings, payment follows.

February has been paid when the level changes; what the change means for it comes as a
correction in the next run, and the months after are paid as the levels then stand.
"""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import operations as levels
from lovdv.needs.models import Assessment, Level
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.systems.operations import decide_rule
from payments import Month
from tests import kit_payouts, make, make_needs, make_payments
from tests.kit_app import StrictClient

FEBRUARY, MARCH, APRIL = Month(2026, 2), Month(2026, 3), Month(2026, 4)
PRICES = {"1": 43900, "2": 62600, "3": 98700}
"""Tyresö's full-time day, external, in öre."""
ASKED_ON, HELD_ON = date(2026, 2, 9), date(2026, 2, 16)
GROUND = "Beslutet har ett förbehåll om att det får ändras."

Amounts = dict[str, list[int]]


@pytest.fixture
def person(app: Flask) -> Client:
    """At level 2 since the start, and paid so for February."""
    make_payments.payment_rules()
    make_payments.prices()
    return make.person()


def settings(**value: object) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="level_effect",
        first_day=make.START,
        value=value,
    )


def placed_and_paid(person: Client) -> Placement:
    placement = make.placement(person)
    make_payments.month_of(placement)
    paid(FEBRUARY)
    return placement


def paid(month: Month) -> Amounts:
    """The month all the way to its file; amounts by the month that they are for."""
    return amounts(kit_payouts.paid(month))


def amounts(run: PaymentRun) -> Amounts:
    rows = db.session.scalars(
        select(PaymentLine).where(PaymentLine.run_id == run.id).order_by(PaymentLine.id)
    )
    found: Amounts = {}
    for row in rows:
        found.setdefault(f"{row.month:%Y-%m}", []).append(row.amount)
    return found


def later_months(app: Flask, placement: Placement) -> tuple[Amounts, Amounts]:
    """March and April, paid in May."""
    app.config["TODAY"] = "2026-05-08"
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, "2026-04")
    return paid(MARCH), paid(APRIL)


def reassessed(person: Client, label: str, **values: object) -> Assessment:
    """Asked for on 9 February, held on the 16th, signed and agreed on 16 March."""
    make_needs.request(person, asked_on=ASKED_ON)
    told = {"held_on": HELD_ON, "kind": "changed_need", **values}
    signed = make.signed(person, level=label, **told)
    levels.review(
        assessment=signed,
        verdict="agreed",
        comment="",
        by_id=make.user(Role.ASSESSOR).id,
    )
    return signed


def established(signed: Assessment, ground: str = GROUND) -> Level:
    return levels.establish(
        assessment=signed, first_day=None, ground=ground, by_id=None
    )


def days(label: str, number: int) -> int:
    return number * PRICES[label]


By = Callable[[str], tuple[date, Amounts, Amounts]]
"""By the new level: its first day, and what March's and April's runs come to."""

EFFECTS: dict[str, By] = {
    "day": lambda new: (
        HELD_ON,
        {
            "2026-02": [-days("2", 20), days("2", 10), days(new, 10)],
            "2026-03": [days(new, 22)],
        },
        {"2026-04": [days(new, 22)]},
    ),
    "request": lambda new: (
        ASKED_ON,
        {
            "2026-02": [-days("2", 20), days("2", 5), days(new, 15)],
            "2026-03": [days(new, 22)],
        },
        {"2026-04": [days(new, 22)]},
    ),
    "next_first": lambda new: (
        date(2026, 4, 1),
        {"2026-03": [days("2", 22)]},
        {"2026-04": [days(new, 22)]},
    ),
    "months": lambda new: (
        date(2026, 4, 16),
        {"2026-03": [days("2", 22)]},
        {"2026-04": [days("2", 11), days(new, 11)]},
    ),
}


@pytest.mark.parametrize("new", ["3", "1"], ids=["raise", "lowering"])
@pytest.mark.parametrize("setting", EFFECTS)
def test_payment_follows_a_new_level_from_the_day_that_the_setting_says(
    app: Flask, person: Client, setting: str, new: str
) -> None:
    other = {"day": "months"}.get(setting, "day")
    name, counter = ("raise", "lowering") if new == "3" else ("lowering", "raise")
    settings(**{name: setting, counter: other})
    make.level(person, "2")
    placement = placed_and_paid(person)
    level = established(reassessed(person, new))
    first_day, march, april = EFFECTS[setting](new)
    assert level.first_day == first_day
    assert later_months(app, placement) == (march, april)


@pytest.mark.parametrize("new", ["3", "1"], ids=["raise", "lowering"])
def test_an_ordinary_level_replaces_the_preliminary_back_to_its_first_day(
    app: Flask, person: Client, new: str
) -> None:
    settings(ordinary_replaces_preliminary=True)
    make.level(person, "2", kind="preliminary")
    placement = placed_and_paid(person)
    level = established(reassessed(person, new, kind="ordinary"))
    assert level.first_day == make.START
    march, april = later_months(app, placement)
    assert march == {
        "2026-02": [-days("2", 20), days(new, 20)],
        "2026-03": [days(new, 22)],
    }
    assert april == {"2026-04": [days(new, 22)]}


@pytest.mark.parametrize(
    ("replaces", "what"), [(False, "ordinary"), (True, "changed_need")]
)
def test_otherwise_the_preliminary_level_stands_for_what_has_been(
    app: Flask, person: Client, *, replaces: bool, what: str
) -> None:
    settings(ordinary_replaces_preliminary=replaces)
    make.level(person, "2", kind="preliminary")
    placement = placed_and_paid(person)
    established(reassessed(person, "3", kind=what))
    assert later_months(app, placement) == (
        {"2026-03": [days("2", 22)]},
        {"2026-04": [days("3", 22)]},
    )


def test_every_preliminary_level_in_a_row_is_replaced(
    app: Flask, person: Client
) -> None:
    settings(ordinary_replaces_preliminary=True, **{"raise": "day"})
    make.level(person, "1", kind="preliminary")
    make.level(person, "2", kind="preliminary", held_on=date(2026, 2, 16))
    placement = placed_and_paid(person)
    assert established(reassessed(person, "3", kind="ordinary")).first_day == make.START
    march, _ = later_months(app, placement)
    assert march["2026-02"][-1:] == [days("3", 20)]
    assert sum(march["2026-02"]) == days("3", 20) - days("1", 10) - days("2", 10)


def test_a_preliminary_level_before_another_kind_is_left_alone(
    app: Flask, person: Client
) -> None:
    settings(ordinary_replaces_preliminary=True, **{"raise": "day"})
    make.level(person, "1", kind="preliminary")
    make.level(person, "2", kind="changed_need", held_on=date(2026, 2, 2))
    level = established(reassessed(person, "3", kind="ordinary"))
    assert level.first_day == HELD_ON


def test_a_lowering_that_is_refused_changes_no_payment(
    app: Flask, person: Client
) -> None:
    settings(part_of_decision=True, lowering="day")
    make.level(person, "2")
    placement = placed_and_paid(person)
    signed = reassessed(person, "1")
    with pytest.raises(Refused, match="sänks inte utan grund"):
        established(signed, ground="")
    assert later_months(app, placement) == (
        {"2026-03": [days("2", 22)]},
        {"2026-04": [days("2", 22)]},
    )


def test_outside_the_decision_a_lowering_is_paid_without_any_ground(
    app: Flask, person: Client
) -> None:
    settings(part_of_decision=False, lowering="day")
    make.level(person, "2")
    placement = placed_and_paid(person)
    established(reassessed(person, "1"), ground="")
    march, _ = later_months(app, placement)
    assert march["2026-02"] == [-days("2", 20), days("2", 10), days("1", 10)]


def test_the_correction_leads_back_to_the_level_on_the_page_of_the_line(
    app: Flask, client: StrictClient, person: Client
) -> None:
    settings(**{"raise": "day"})
    make.level(person, "2")
    placement = placed_and_paid(person)
    established(reassessed(person, "3"))
    later_months(app, placement)
    rows = db.session.scalars(
        select(PaymentLine)
        .where(PaymentLine.month == FEBRUARY.first)
        .order_by(PaymentLine.id)
    ).all()
    assert [row.level for row in rows] == ["2", "2", "2", "3"]
    assert {row.decisions for row in rows} == {str(placement.decision_id)}


@pytest.fixture
def colleague(app: Flask) -> User:
    return make.user(Role.ASSESSOR)


def test_an_older_assessment_is_never_established_over_a_newer(
    client: StrictClient, colleague: User
) -> None:
    person = make.person(caseworker=colleague)
    older = make.signed(person, level="2")
    make.level(person, "4")
    with pytest.raises(Refused, match="En nyare bedömning"):
        levels.establish(assessment=older, first_day=None, ground="", by_id=None)
    client.login(colleague)
    page = client.page(f"/bedomningar/{older.public_id}/darfor")
    assert "Ersatt av en nyare bedömning" in page.text
    assert "Fastställ nivån" not in page.links
    path = f"/bedomningar/{older.public_id}/faststall"
    assert client.post(path).status_code == 409


@pytest.mark.parametrize("first_day", ["2026-04-01", "2026-12-01"])
def test_no_level_begins_after_the_decision_has_ended(
    client: StrictClient, colleague: User, first_day: str
) -> None:
    person = make.person(caseworker=colleague)
    make.decision(person, end_day=date(2026, 4, 1))
    signed = make.signed(person, level="2")
    levels.review(assessment=signed, verdict="agreed", comment="", by_id=colleague.id)
    path = f"/bedomningar/{signed.public_id}/faststall"
    response = client.login(colleague).send(path, first_day=first_day)
    assert response.page.errors[0].startswith(
        "Beslutet gäller till och med 31 mars 2026"
    )
    assert client.send(path, first_day="2026-03-31").status_code == 302


def test_a_level_that_has_been_established_is_reviewed_no_more(
    app: Flask, colleague: User
) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="review",
        first_day=make.START,
        value={"when": "never"},
    )
    level = make.level(make.person(), "2")
    with pytest.raises(Refused, match="redan fastställd"):
        levels.review(
            assessment=level.assessment,
            verdict="disagreed",
            comment="Nej.",
            by_id=colleague.id,
        )
