"""One's own level: for the person and the representative, in plain words."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.extensions import db
from lovdv.needs.models import Objection, ReassessmentRequest
from lovdv.people.models import Client
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient


@pytest.fixture
def person(app: Flask) -> Client:
    app.config["DEMO"] = True  # persons and representatives sign in only there
    return make.person(first_name="Kim", last_name="Berg")


@pytest.fixture
def oneself(person: Client) -> User:
    return make.user(Role.CLIENT, client=person)


def address(person: Client, rest: str = "") -> str:
    return f"/min-niva/{person.public_id}{rest}"


def test_the_person_reads_the_level_and_what_it_means(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.level(person, "4")
    client.login(oneself)
    assert client.get("/min-niva").location == address(person)
    page = client.page(address(person))
    assert page.heading == "Din nivå"
    assert "Det är nivå 4. Den gäller från 1 januari 2025." in page.text
    assert "Betyder 4." in page.text
    assert "poäng" not in page.text


def test_before_there_is_a_level_the_page_says_so(
    client: StrictClient, oneself: User, person: Client
) -> None:
    page = client.login(oneself).page(address(person))
    assert "Det finns ingen nivå ännu." in page.text
    for rest in ("/invandning", "/ny-bedomning"):
        assert client.get(address(person, rest)).status_code == 404


def test_a_level_that_is_to_come_is_told(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.level(person, "2")
    make.level(person, "3")
    page = client.login(oneself).page(address(person))
    assert "Från 1 april 2026 är det nivå 3." in page.text


def test_the_person_writes_what_is_wrong(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.level(person, "2")
    client.login(oneself).send(address(person, "/invandning"), text="Jag reser själv.")
    assert "Jag reser själv." in client.page(address(person)).text
    assert db.session.scalars(select(Objection)).one().voice == "client"


def test_the_person_asks_for_a_new_assessment_once(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.level(person, "2")
    client.login(oneself)
    client.send(address(person, "/ny-bedomning"), reason="Jag har fått rullstol.")
    page = client.page(address(person))
    assert "Begäran kom 16 mars 2026." in page.text
    response = client.send(address(person, "/ny-bedomning"), reason="Igen")
    assert "Det finns redan en begäran" in response.page.text
    assert len(db.session.scalars(select(ReassessmentRequest)).all()) == 1


def test_a_request_reaches_the_work_list_and_is_answered_by_an_assessment(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.level(person, "2")
    client.login(oneself).send(address(person, "/ny-bedomning"), reason="Rullstol nu.")
    assessor = make.user(Role.ASSESSOR)
    make.assignment(person, assessor)
    client.login(assessor)
    assert client.page("/bedomningar").table()[0][1] == "Ny bedömning begärd"
    response = client.send(
        f"/personer/{person.public_id}/bedomning/ny",
        kind="changed_need",
        took_part="Kim",
    )
    assert "Rullstol nu." in client.page(response.location).text
    request = db.session.scalars(select(ReassessmentRequest)).one()
    assert request.assessment_id is not None


def test_appeal_is_told_only_when_the_level_is_part_of_the_decision(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.level(person, "2")
    client.login(oneself)
    assert "överklaga" in client.page(address(person)).text
    decide_rule(
        choice_system_id=make.system().id,
        key="level_effect",
        first_day=make.START,
        value={"part_of_decision": False},
    )
    assert "överklaga" not in client.page(address(person)).text


def test_a_representative_reads_whom_the_mandate_covers(
    client: StrictClient, person: Client
) -> None:
    make.level(person, "2")
    other = make.person()
    guardian = make.user(Role.REPRESENTATIVE)
    make.mandate(person, guardian)
    client.login(guardian)
    assert client.page(address(person)).heading == "Nivån för Kim Berg"
    assert client.get(address(other)).status_code == 404


def test_a_mandate_that_has_ended_shows_nothing(
    client: StrictClient, person: Client
) -> None:
    guardian = make.user(Role.REPRESENTATIVE)
    make.mandate(person, guardian, end_day=date(2026, 3, 16))
    client.login(guardian)
    assert client.get(address(person)).status_code == 404
    assert "ingen person att visa" in client.page("/min-niva").text


def test_a_person_never_sees_another(client: StrictClient, oneself: User) -> None:
    other = make.person()
    make.level(other, "2")
    client.login(oneself)
    for rest in ("", "/invandning", "/ny-bedomning"):
        assert client.get(address(other, rest)).status_code == 404


def test_reading_a_level_is_logged(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.level(person, "2")
    client.login(oneself).page(address(person))
    actions = db.session.scalars(
        select(Audit.action)
        .join(AuditSubject, AuditSubject.audit_id == Audit.id)
        .where(AuditSubject.client_id == person.id, Audit.read)
    ).all()
    assert actions == ["level.own"]
