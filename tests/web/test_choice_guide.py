"""The guide: who asked for support, contacts, the person's own choice."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.clock import local_day
from lovdv.errors import Refused
from lovdv.people.operations import assign, open_case
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import no_choices, the_choice


@pytest.fixture
def guide(client: StrictClient) -> User:
    user = make.user(Role.GUIDE)
    client.login(user)
    return user


def test_the_guide_sees_who_asked_and_not_the_case(
    client: StrictClient, guide: User
) -> None:
    person = make.person(first_name="Eva", communication="Bilder", phone="070-1")
    silent = make.person(first_name="Tyst")
    make.invitation(person, wants_support=True)
    make.invitation(silent)
    page = client.page("/stod")
    assert "Eva" in page.text
    assert "Bilder" in page.text
    assert "Tyst" not in page.text
    assert person.case_number not in page.text
    assert client.get(f"/personer/{person.public_id}").status_code in {403, 404}


def test_the_guide_takes_a_person_and_nobody_else_sees_them(
    client: StrictClient, guide: User, clients: Callable[[], StrictClient]
) -> None:
    invitation = make.invitation(make.person(), wants_support=True)
    assert client.get(f"/stod/{invitation.public_id}").status_code == 404
    client.post(f"/stod/{invitation.public_id}/ta")
    assert client.get(f"/stod/{invitation.public_id}").status_code == 200
    other = clients().login(make.user(Role.GUIDE))
    assert other.get(f"/stod/{invitation.public_id}").status_code == 404
    late = other.post(f"/stod/{invitation.public_id}/ta")
    assert (late.status_code, "hann före" in late.page.text) == (409, True)


def test_who_handles_the_case_cannot_be_the_guide(client: StrictClient) -> None:
    user = make.user(Role.GUIDE, Role.CASEWORKER)
    client.login(user)
    invitation = make.invitation(make.person(caseworker=user), wants_support=True)
    response = client.post(f"/stod/{invitation.public_id}/ta")
    assert response.status_code == 409
    assert "inte vara lots" in response.page.text


def test_who_has_opened_the_case_cannot_be_the_guide(client: StrictClient) -> None:
    user = make.user(Role.GUIDE, Role.CASEWORKER)
    client.login(user)
    invitation = make.invitation(make.person(), wants_support=True)
    open_case(client=invitation.client, user_id=user.id, reason="Jour")
    response = client.post(f"/stod/{invitation.public_id}/ta")
    assert response.status_code == 409
    assert "har öppnat det" in response.page.text


def test_the_guide_reads_no_case_whatever_gave_it(client: StrictClient) -> None:
    user = make.user(Role.GUIDE, Role.CASEWORKER)
    client.login(user)
    person = make.person(caseworker=user)
    make.assignment(person, make.team(user))
    assert client.get(f"/personer/{person.public_id}").status_code == 200
    make.invitation(person, guide_id=user.id)
    assert client.get(f"/personer/{person.public_id}").status_code != 200
    assert person.last_name not in client.page("/personer").text


def test_no_team_that_the_guide_is_in_gets_the_case(app: Flask) -> None:
    user = make.user(Role.GUIDE, Role.CASEWORKER)
    person, team = make.person(), make.team(user)
    make.invitation(person, guide_id=user.id)
    with pytest.raises(Refused, match="kan inte också handlägga"):
        assign(client=person, team_id=team.id, first_day=date(2026, 3, 16))


def test_the_guide_logs_contacts_and_books_a_visit(
    client: StrictClient, guide: User
) -> None:
    unit = make.unit(name="Ateljén")
    invitation = make.invitation(make.person(), wants_support=True, guide_id=guide.id)
    client.send(
        f"/stod/{invitation.public_id}",
        way="phone",
        result="booked",
        purpose="visit",
        unit=unit.public_id,
        visit_day="2026-03-20",
    )
    logged = invitation.attempts[0]
    assert (logged.unit_id, logged.visit_day) == (unit.id, date(2026, 3, 20))
    assert (
        "Besök på Ateljén 20 mars 2026"
        in client.page(f"/stod/{invitation.public_id}").text
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"way": "phone"}, "Välj hur det gick."),
        ({"result": "reached"}, "Välj hur kontakten togs."),
        ({"day": ""}, "Skriv dagen."),
        ({"day": "i går"}, "Skriv dagen som år-månad-dag, till exempel 2026-11-22."),
        (
            {"way": "phone", "result": "reached", "day": "2026-03-17"},
            "Dagen ligger framåt i tiden. Logga det som har hänt.",
        ),
        (
            {"way": "phone", "result": "booked", "visit_day": "2026-03-20"},
            "Ett besök behöver både en dag och en verksamhet.",
        ),
        (
            {"way": "phone", "result": "reached", "day": "2026-03-01"},
            "Personen blev inbjuden 2 mars 2026. Skriv den dagen eller en senare.",
        ),
        (
            {"way": "phone", "result": "reached", "note": "x" * 301},
            "Korta ner texten till högst 300 tecken.",
        ),
    ],
)
def test_a_contact_that_is_not_whole_says_what_is_missing(
    client: StrictClient, guide: User, values: dict[str, str], message: str
) -> None:
    invitation = make.invitation(make.person(), wants_support=True, guide_id=guide.id)
    response = client.send(f"/stod/{invitation.public_id}", **values)
    assert message in response.page.errors
    assert invitation.attempts == []


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-16"])
def test_a_contact_may_be_of_any_day_since_the_invitation(
    client: StrictClient, guide: User, day: str
) -> None:
    invitation = make.invitation(make.person(), wants_support=True, guide_id=guide.id)
    client.send(f"/stod/{invitation.public_id}", way="phone", result="sent", day=day)
    assert [local_day(each.at) for each in invitation.attempts] == [
        date.fromisoformat(day)
    ]


def test_a_visit_is_not_booked_on_a_day_that_has_passed(
    client: StrictClient, guide: User
) -> None:
    unit = make.unit(name="Ateljén")
    invitation = make.invitation(make.person(), wants_support=True, guide_id=guide.id)
    told = {"way": "phone", "result": "booked", "unit": unit.public_id}
    path = f"/stod/{invitation.public_id}"
    page = client.send(path, **told, visit_day="2026-03-15").page
    assert "Besökets dag har varit." in " ".join(page.errors)
    assert invitation.attempts == []
    client.send(path, **told, visit_day="2026-03-16")
    assert invitation.attempts[0].visit_day == date(2026, 3, 16)


def test_the_guide_asks_after_one_and_three_months(
    app: Flask, client: StrictClient, guide: User
) -> None:
    person = make.person(first_name="Eva")
    invitation = make.invitation(
        person, guide_id=guide.id, closed_on=date(2026, 1, 5), wants_support=True
    )
    make.placement(person, first_day=date(2026, 2, 1))
    page = client.page("/stod")
    assert "Fråga efter en månad" in page.text
    assert "Fråga efter tre månader" not in page.text
    client.send(
        f"/stod/{invitation.public_id}?gallde=after_1_month",
        way="phone",
        result="reached",
        feeling="good",
    )
    assert "Fråga efter en månad" not in client.page("/stod").text
    app.config["TODAY"] = "2026-05-03"
    client.login(guide)
    assert "Fråga efter tre månader" in client.page("/stod").text


def test_a_guide_registers_the_persons_own_choice(
    client: StrictClient, guide: User
) -> None:
    unit = make.unit(name="Ateljén")
    invitation = make.invitation(make.person(), wants_support=True, guide_id=guide.id)
    path = f"/val/{invitation.public_id}/registrera"
    confirm = client.send(
        path,
        unit=unit.public_id,
        made_by="person",
        channel="meeting",
        support="Vi läste med bilder.",
    )
    assert "Ateljén" in confirm.page.text
    assert no_choices()
    room = client.post(
        path, data=confirm.page.form("support").filled({"step": "confirm"})
    )
    assert no_choices()
    client.send(room.location, "answer", answer="yes")
    made = the_choice()
    assert (made.kind, made.channel, made.made_by) == ("chosen", "guide", "person")
    assert made.support.startswith("Vi läste med bilder.")
    assert made.registered_by_id == guide.id
    assert made.shown["units"] == [[unit.public_id, 0]]


def test_a_guide_registers_only_for_the_own_people(
    client: StrictClient, guide: User
) -> None:
    invitation = make.invitation(make.person(), wants_support=True)
    path = f"/val/{invitation.public_id}/registrera"
    assert client.get(path).status_code == 404


def test_a_protected_identity_is_hidden_from_the_guide(
    client: StrictClient, guide: User
) -> None:
    person = make.person(
        first_name="Eva", phone="070-123", protection="sekretessmarkering"
    )
    invitation = make.invitation(person, wants_support=True, guide_id=guide.id)
    for path in ("/stod", f"/stod/{invitation.public_id}"):
        page = client.page(path)
        assert "Skyddade personuppgifter" in page.text
        assert "Eva" not in page.html
        assert "070-123" not in page.html


def test_the_months_to_ask_after_are_the_systems(
    client: StrictClient, guide: User
) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="choice",
        first_day=make.START,
        value={"ask_again_months": [2]},
    )
    person = make.person()
    make.invitation(person, guide_id=guide.id, closed_on=date(2025, 12, 1))
    make.placement(person, first_day=date(2026, 1, 10))
    page = client.page("/stod")
    assert page.table()[0][1:3] == [
        "Fråga efter två månader",
        "10 mars 2026, har passerat",
    ]
    assert "Fråga efter en månad" not in page.text


@pytest.mark.parametrize(
    "closed_on", [None, date(2025, 3, 1)], ids=["another municipality", "long ago"]
)
def test_a_guide_sees_the_municipalitys_people_and_not_for_ever(
    client: StrictClient, guide: User, closed_on: date | None
) -> None:
    elsewhere = None if closed_on else make.municipality(name="Annan")
    person = make.person(**({"municipality": elsewhere} if elsewhere else {}))
    found = make.invitation(person, guide_id=guide.id, closed_on=closed_on)
    assert client.get(f"/stod/{found.public_id}").status_code == 404
