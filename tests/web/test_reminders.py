"""When somebody is to be assessed again, and who is reminded on the start page."""

import json
from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.needs import instruments, reassessments, reminders
from lovdv.people.models import Client
from tests import make, small_instrument
from tests.kit_app import StrictClient

INTERVALS = [
    {"from_age": "5", "months": "24"},
    {"from_age": "16", "months": "36"},
    {"from_age": "22", "months": "48"},
]


@pytest.fixture
def assessor(app: Flask) -> User:
    """Also a published instrument with the intervals of a real rule, by age."""
    document = json.loads(small_instrument.document())
    version = instruments.add_draft(
        choice_system_id=make.system().id,
        content=json.dumps({**document, "reassessment": INTERVALS}),
    )
    version.status, version.first_day = "published", make.START
    return make.user(Role.ASSESSOR)


def somebody(assessor: User, **values: object) -> Client:
    told = {"first_name": "Kim", "last_name": "Berg", **values}
    person = make.person(caseworker=assessor, **told)
    make.decision(person, reference="BES-9")
    return person


@pytest.mark.parametrize(
    ("born", "due"),
    [
        (date(2016, 4, 1), "2028-03-10"),
        (date(2010, 3, 11), "2028-03-10"),
        (date(2010, 3, 10), "2029-03-10"),
        (date(2004, 3, 10), "2030-03-10"),
        (None, "2028-03-10"),
    ],
    ids=["nine", "the day before sixteen", "sixteen", "twenty-two", "unknown"],
)
def test_the_instruments_interval_by_age_says_when(
    app: Flask,
    client: StrictClient,
    assessor: User,
    *,
    born: date | None,
    due: str,
) -> None:
    make.level(somebody(assessor, birth_date=born))
    app.config["TODAY"] = due
    page = client.login(assessor).page("/bedomningar")
    assert page.table() == [["Kim Berg", "Ny bedömning efter tid", "BES-9", due]]


def test_it_is_told_eight_weeks_ahead_and_not_before(
    app: Flask, client: StrictClient, assessor: User
) -> None:
    make.level(somebody(assessor))
    app.config["TODAY"] = "2030-01-12"
    assert "Nya bedömningar" not in client.login(assessor).page("/start").text
    app.config["TODAY"] = "2030-01-13"
    text = client.login(assessor).page("/start").text
    assert "Nya bedömningar efter tid (1)" in text
    assert "Senast 10 mars 2030" in text


def test_an_instrument_without_interval_asks_for_nothing(
    app: Flask, client: StrictClient
) -> None:
    assessor = make.user(Role.ASSESSOR)
    make.level(somebody(assessor))
    app.config["TODAY"] = "2040-01-01"
    assert "Ny bedömning" not in client.login(assessor).page("/bedomningar").text


def test_a_preliminary_level_goes_out_when_the_ordinary_assessment_is_late(
    app: Flask, client: StrictClient, assessor: User
) -> None:
    person = somebody(assessor)
    make.level(person, kind="preliminary")
    make.attended(make.placement(person), date(2026, 2, 2))
    text = client.login(assessor).page("/start").text
    assert "Ordinarie bedömningar (1)" in text
    assert "Senast 30 mars 2026" in text
    app.config["TODAY"] = "2026-03-31"
    text = client.login(assessor).page("/start").text
    assert "Preliminära nivåer som har gått ut (1)" in text
    assert "Skulle varit klart 30 mars 2026" in text


def test_a_changed_need_waits_on_the_start_page_of_those_who_have_the_case(
    client: StrictClient, assessor: User
) -> None:
    person = somebody(assessor)
    make.level(person)
    reassessments.ask(
        client=person,
        decision=make.decision_of(person),
        reason="Behöver mer stöd sedan i januari.",
        by_id=assessor.id,
    )
    caseworker = make.user(Role.CASEWORKER)
    make.assignment(person, caseworker)
    for user in (assessor, caseworker):
        text = client.login(user).page("/start").text
        assert "Ändrat behov: ny bedömning begärd (1)" in text


def test_a_caseworker_sees_what_is_due_but_not_what_is_to_be_scored_first(
    client: StrictClient, assessor: User
) -> None:
    person = somebody(assessor)
    caseworker = make.user(Role.CASEWORKER)
    make.assignment(person, caseworker)
    assert "Bedömningar att göra" not in client.login(caseworker).page("/start").text
    make.level(person, kind="preliminary")
    make.attended(make.placement(person), date(2026, 2, 2))
    text = client.page("/start").text
    assert "Ordinarie bedömningar (1)" in text
    assert "Nivåbedömaren gör bedömningen." in text


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.LEAD, Role.FINANCE, Role.GUIDE])
def test_nobody_else_is_reminded_of_a_person(
    client: StrictClient, assessor: User, role: Role
) -> None:
    somebody(assessor)
    text = client.login(make.user(role)).page("/start").text
    assert "edömning" not in text


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
        (date(2004, 3, 10), date(2026, 3, 9), 21),
        (date(2004, 3, 10), date(2026, 3, 10), 22),
    ],
)
def test_age_is_in_whole_years(born: date, on: date, age: int) -> None:
    assert reminders.age_on(born, on) == age


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 10), 48, date(2030, 3, 10)),
    ],
)
def test_months_later_keeps_the_day_or_the_months_last(
    day: date, months: int, later: date
) -> None:
    assert reminders.months_later(day, months) == later
