"""A unit, or the person, asks for a new assessment; the municipality answers."""

import io
from datetime import date

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import reassessment_figures, reassessments, scoring
from lovdv.needs.models import ReassessmentAnswer, ReassessmentRequest
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from tests import make, make_needs
from tests.kit_app import StrictClient

MARCH_16 = date(2026, 3, 16)


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ekbacken")


@pytest.fixture
def staff(unit: Unit) -> User:
    return make.user(Role.PROVIDER, unit=unit)


@pytest.fixture
def assessor(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Anna Assessor")


@pytest.fixture
def person(assessor: User) -> Client:
    client = make.person(caseworker=assessor, first_name="Kim", last_name="Berg")
    make.level(client, "2")
    return client


@pytest.fixture
def placement(person: Client, unit: Unit) -> Placement:
    return make.placement(person, unit)


def ask(client: StrictClient, placement: Placement, **told: str) -> TestResponse:
    values = {"reason": "Behöver hjälp att äta.", "evidence": "Varje dag.", **told}
    return client.send(f"/placeringar/{placement.public_id}/ny-bedomning", **values)


def the_request() -> ReassessmentRequest:
    return db.session.scalars(select(ReassessmentRequest)).one()


def answer_path(request: ReassessmentRequest) -> str:
    return f"/ny-bedomning/{request.public_id}/svara"


def rule(key: str, **value: object) -> None:
    decide_rule(
        choice_system_id=make.system().id, key=key, first_day=make.START, value=value
    )


def test_a_unit_asks_with_reason_and_evidence_and_is_told_by_when(
    client: StrictClient, staff: User, placement: Placement
) -> None:
    client.login(staff)
    path = f"/placeringar/{placement.public_id}/ny-bedomning"
    assert "Kommunen svarar senast 15 april 2026." in client.page(path).text
    assert ask(client, placement).location == "/ny-bedomning"
    row = client.page("/ny-bedomning").table(0)[0]
    assert row[:5] == [
        "Kim Berg",
        "2026-03-16",
        "Behöver hjälp att äta.",
        "2026-04-15",
        "Väntar på svar",
    ]
    assert the_request().evidence == "Varje dag."


def test_the_deadline_is_the_rule_in_force_when_it_was_asked(
    app: Flask, placement: Placement, unit: Unit
) -> None:
    rule("reassessment", answer_days=10)
    request = make_needs.request(placement.client, unit)
    rule("reassessment", answer_days=60)
    assert request.answer_by == date(2026, 3, 26)


@pytest.mark.parametrize("empty", ["reason", "evidence"])
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    client: StrictClient, staff: User, placement: Placement, empty: str
) -> None:
    other = {"reason": "evidence", "evidence": "reason"}[empty]
    response = ask(client.login(staff), placement, **{empty: " ", other: "Det här."})
    assert len(response.page.errors) == 1
    assert response.page.form(other).fields[other] == ["Det här."]
    assert db.session.scalars(select(ReassessmentRequest)).all() == []


def test_a_unit_asks_once_while_it_waits_and_the_person_may_ask_beside(
    client: StrictClient, staff: User, placement: Placement, person: Client
) -> None:
    client.login(staff)
    ask(client, placement)
    assert "Det finns redan en begäran" in ask(client, placement).page.errors[0]
    make_needs.request(person)
    with pytest.raises(Refused, match="Det finns redan en begäran"):
        make_needs.request(person)
    assert len(db.session.scalars(select(ReassessmentRequest)).all()) == 2


def test_a_unit_asks_only_about_those_placed_with_it_today(
    client: StrictClient, staff: User, unit: Unit
) -> None:
    elsewhere = make.placement(make.person(), make.unit())
    ended = make.placement(make.person(), unit, end_day=MARCH_16)
    coming = make.placement(make.person(), unit, first_day=date(2026, 3, 17))
    client.login(staff)
    for other in (elsewhere, ended, coming):
        for rest in ("ny-bedomning", "niva"):
            path = f"/placeringar/{other.public_id}/{rest}"
            assert client.get(path).status_code == 404
        told = {"reason": "x", "evidence": "y"}
        path = f"/placeringar/{other.public_id}/ny-bedomning"
        assert client.post(path, data=told).status_code == 404
    assert "Ingen har sin plats hos er i dag." in client.page("/ny-bedomning").text


def test_a_unit_sees_no_other_units_request(
    client: StrictClient, placement: Placement, unit: Unit, person: Client
) -> None:
    make_needs.request(person, unit)
    other = make.unit()
    make.placement(person, other)
    client.login(make.user(Role.PROVIDER, unit=other))
    page = client.page("/ny-bedomning")
    assert "Ni har inte bett om någon ny bedömning." in page.text


def test_on_a_decision_that_has_ended_nothing_is_asked(
    app: Flask, person: Client
) -> None:
    make.decision_of(person).end_day = MARCH_16
    with pytest.raises(Refused, match="gäller inte längre"):
        make_needs.request(person)


@pytest.mark.parametrize("sees", ["level", "profile"])
def test_what_the_unit_sees_of_the_level_is_a_setting(
    client: StrictClient, staff: User, placement: Placement, sees: str
) -> None:
    rule("explanation", unit_sees=sees)
    page = client.login(staff).page(f"/placeringar/{placement.public_id}/niva")
    assert "Nivå 2" in page.text
    assert ("Vardag" in page.text) is (sees == "profile")
    assert "Därför 1" not in page.text
    assert "Måltid" not in page.text


def test_the_case_answers_no_with_its_reason_and_the_unit_reads_it(
    client: StrictClient, staff: User, placement: Placement, assessor: User
) -> None:
    ask(client.login(staff), placement)
    path = answer_path(the_request())
    client.login(assessor)
    assert "Begäran om ny bedömning (1)" in client.page("/start").text
    assert client.page("/ny-bedomning/att-svara").links["Kim Berg"] == path
    assert "Varje dag." in client.page(path).text
    refused = client.send(path, verdict="declined")
    assert refused.page.errors == ["Skriv varför det inte blir någon ny bedömning."]
    client.send(path, verdict="declined", text="Det är prövat i februari.")
    assert "Begäran om ny bedömning" not in client.page("/start").text
    assert "Ny bedömning begärd" not in client.page("/bedomningar").text
    client.login(staff)
    assert "Svar om ny bedömning (1)" in client.page("/start").text
    row = client.page("/ny-bedomning").table(0)[0]
    assert row[4:] == ["Nej", "Det är prövat i februari."]


def test_a_yes_leads_to_a_new_assessment_which_answers_everybody_who_asked(
    client: StrictClient, assessor: User, placement: Placement, unit: Unit
) -> None:
    theirs = make_needs.request(placement.client, unit)
    own = make_needs.request(placement.client)
    response = client.login(assessor).send(answer_path(theirs), verdict="granted")
    begin = f"/personer/{placement.client.public_id}/bedomning/ny?slag=changed_need"
    assert response.location == begin
    client.send(begin, took_part="Kim")
    rows = db.session.scalars(select(ReassessmentAnswer)).all()
    assert {row.verdict for row in rows} == {"granted"}
    assert theirs.assessment_id == own.assessment_id is not None


def test_when_the_draft_is_thrown_away_what_was_asked_waits_again(
    app: Flask, assessor: User, person: Client, unit: Unit
) -> None:
    request = make_needs.request(person, unit)
    draft = make.draft(person, assessor)
    assert request.assessment_id == draft.id
    scoring.discard(assessment=draft)
    db.session.expire_all()
    assert request.assessment_id is None
    assert make.draft(person, assessor).id == request.assessment_id


def test_a_yes_while_an_assessment_is_under_way_belongs_to_that_one(
    client: StrictClient, assessor: User, person: Client, unit: Unit
) -> None:
    draft = make.draft(person, assessor)
    request = make_needs.request(person, unit)
    response = client.login(assessor).send(answer_path(request), verdict="granted")
    assert response.location == "/ny-bedomning/att-svara"
    assert request.assessment_id == draft.id
    page = client.page(f"/bedomningar/{draft.public_id}")
    assert "Behöver mer hjälp. Två personal vid maten." in page.text


def test_an_answer_is_given_once(
    client: StrictClient, assessor: User, person: Client, unit: Unit
) -> None:
    request = make_needs.request(person, unit)
    client.login(assessor).send(answer_path(request), verdict="granted")
    told = {"verdict": "declined", "text": "Nej."}
    response = client.post(answer_path(request), data=told)
    assert response.page.errors == ["Begäran är redan besvarad."]
    assert response.page.form("text").fields["text"] == ["Nej."]
    assert db.session.scalars(select(ReassessmentAnswer)).one().verdict == "granted"


def test_the_person_reads_what_became_of_it(
    app: Flask, client: StrictClient, person: Client, unit: Unit, assessor: User
) -> None:
    app.config["DEMO"] = True
    request = make_needs.request(person, unit)
    client.login(make.user(Role.CLIENT, client=person))
    path = f"/min-niva/{person.public_id}"
    assert "Ekbacken har bett om en ny bedömning" in client.page(path).text
    reassessments.answer(
        request=request, verdict="declined", text="Inte nu.", by_id=assessor.id
    )
    assert "Så svarade kommunen: ”Inte nu.”" in client.page(path).text


def test_a_request_in_another_case_is_not_found(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    request = make_needs.request(person, unit)
    client.login(make.user(Role.ASSESSOR, Role.CASEWORKER))
    assert client.get(answer_path(request)).status_code == 404
    told = {"verdict": "granted"}
    assert client.post(answer_path(request), data=told).status_code == 404
    assert "Ingen begäran väntar" in client.page("/ny-bedomning/att-svara").text


def test_late_answers_are_marked(
    app: Flask, client: StrictClient, person: Client, unit: Unit, assessor: User
) -> None:
    make_needs.request(person, unit)
    app.config["TODAY"] = "2026-04-16"
    client.login(assessor)
    assert "Skulle varit klart 15 april 2026" in client.page("/start").text
    row = client.page("/ny-bedomning/att-svara").table(0)[0]
    assert row[-1] == "Skulle varit klart 2026-04-15"


def test_every_reading_of_a_request_is_logged(
    client: StrictClient, staff: User, placement: Placement, assessor: User
) -> None:
    ask(client.login(staff), placement)
    client.page("/ny-bedomning")
    client.page(f"/placeringar/{placement.public_id}/niva")
    client.login(assessor)
    client.page("/ny-bedomning/att-svara")
    client.page(answer_path(the_request()))
    found = db.session.scalars(
        select(Audit.action)
        .join(AuditSubject, AuditSubject.audit_id == Audit.id)
        .where(AuditSubject.client_id == placement.client_id, Audit.read)
        .order_by(Audit.id)
    ).all()
    assert list(dict.fromkeys(found)) == [
        "assessment.asking",
        "assessment.asked_list",
        "level.unit",
        "assessment.request_list",
        "assessment.request",
    ]


def test_a_protected_person_has_an_alias_with_the_unit(
    client: StrictClient, staff: User, placement: Placement
) -> None:
    placement.client.protection, placement.client.alias = "sekretessmarkering", "Alva"
    client.login(staff)
    ask(client, placement)
    reassessments.answer(
        request=the_request(),
        verdict="declined",
        text="Vi har pratat med Kim.",
        by_id=make.user(Role.ASSESSOR).id,
    )
    for path in (
        "/ny-bedomning",
        f"/placeringar/{placement.public_id}/niva",
        f"/placeringar/{placement.public_id}/ny-bedomning",
    ):
        text = client.page(path).text
        assert "Alva" in text
        assert "Berg" not in text
        assert "Kim" not in text


def asked(unit: Unit, verdicts: str, by: User, days: int = 4) -> None:
    """One request for each letter: granted, declined or waiting."""
    for letter in verdicts:
        request = make_needs.request(
            make.person(), unit, asked_on=date(2026, 3, 16 - days)
        )
        if letter != "w":
            verdict = "granted" if letter == "g" else "declined"
            reassessments.answer(
                request=request, verdict=verdict, text="Därför.", by_id=by.id
            )


def figures_page(client: StrictClient, role: Role, rest: str = "") -> list[list[str]]:
    client.login(make.user(role))
    return client.page(f"/ny-bedomning/siffror{rest}").table()


def test_the_lead_reads_whole_numbers_and_what_leaves_the_house(
    client: StrictClient, assessor: User, unit: Unit
) -> None:
    asked(unit, "gggddw", assessor, days=7)
    assert figures_page(client, Role.LEAD) == [
        ["Ekbacken", "6", "3", "2", "1", "60 procent", "7", "0"]
    ]
    hidden = ["visas inte"] * 4
    assert figures_page(client, Role.LEAD, "?vy=ut") == [
        ["Ekbacken", "6", *hidden, "7", "0"]
    ]


def test_a_manager_reads_nothing_that_is_small_or_can_be_worked_out(
    client: StrictClient, assessor: User, unit: Unit
) -> None:
    asked(unit, "g" * 12, assessor)
    asked(make.unit(name="Liten"), "d" * 2, assessor)
    asked(make.unit(name="Mitten"), "g" * 6, assessor)
    rows = {row[0]: row[1:] for row in figures_page(client, Role.MANAGER)}
    assert rows["Ekbacken"][0] == "12"
    assert rows["Liten"] == ["visas inte"] * 5 + ["för få", "visas inte"]
    assert rows["Mitten"] == ["visas inte"] * 5 + ["för få", "visas inte"]
    assert figures_page(client, Role.MANAGER, "?vy=in")[0][1] == "12"
    assert ["Liten", "2"] not in [row[:2] for row in rows.items()]


def test_the_file_holds_no_small_number(
    client: StrictClient, assessor: User, unit: Unit
) -> None:
    asked(unit, "ggd", assessor)
    response = client.login(make.user(Role.LEAD)).get("/ny-bedomning/siffror.xlsx")
    book = load_workbook(io.BytesIO(response.data))
    sheet = book["Ny bedömning"]
    values = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row]
    assert not {"1", "2", "3"} & set(values)
    assert "Ekbacken" in values


def test_nobody_has_asked(client: StrictClient, unit: Unit) -> None:
    client.login(make.user(Role.LEAD))
    page = client.page("/ny-bedomning/siffror")
    assert "Ingen har bett om en ny bedömning det senaste året." in page.text


def test_only_the_last_year_and_the_own_municipality_count(
    app: Flask, assessor: User, unit: Unit, person: Client
) -> None:
    make_needs.request(person, unit, asked_on=date(2025, 3, 16))
    make_needs.request(person, asked_on=date(2025, 3, 17))
    home = person.municipality_id
    found = reassessment_figures.asked(home, MARCH_16)
    assert [one.by for one in found] == ["Personen eller företrädaren"]
    assert reassessment_figures.asked(home + 1, MARCH_16) == []


def test_an_answer_after_the_last_day_counts_as_late(
    app: Flask, assessor: User, unit: Unit, person: Client
) -> None:
    request = make_needs.request(person, unit)
    reassessments.answer(request=request, verdict="granted", text="", by_id=assessor.id)
    [one] = reassessment_figures.asked(person.municipality_id, date(2026, 6, 1))
    assert (one.days, one.late) == (0, False)
    waits = make_needs.request(make.person(), unit)
    assert waits.answer_by == date(2026, 4, 15)
    late = reassessment_figures.asked(person.municipality_id, date(2026, 4, 16))
    assert sorted(one.late for one in late) == [False, True]
