"""Statements: asked for by the assessor, written by the unit, beside the domains."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from assessment import read_signed
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.clock import STOCKHOLM, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import scoring, statement_queries, statements
from lovdv.needs.models import Assessment
from lovdv.needs.statement_models import Statement, StatementPart
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient


@pytest.fixture
def assessor(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Astrid Assessor")


@pytest.fixture
def person(assessor: User) -> Client:
    client = make.person(caseworker=assessor, first_name="Kim", last_name="Berg")
    make.decision(client)
    make.instrument()
    return client


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ekbacken")


@pytest.fixture
def place(person: Client, unit: Unit) -> Placement:
    return make.placement(person, unit)


@pytest.fixture
def staff(unit: Unit) -> User:
    return make.user(Role.PROVIDER, unit=unit)


@pytest.fixture
def asked(person: Client, place: Placement, assessor: User) -> Statement:
    return statements.ask(
        decision=make.decision_of(person),
        placement=place,
        due_on=date(2026, 3, 30),
        question="Hur går måltiderna?",
        by_id=assessor.id,
    )


def given(asked: Statement, staff: User, **texts: str) -> Statement:
    texts = texts or {"vardag": "Kim dukar själv hos oss."}
    statements.write(statement=asked, texts=texts, shown=statements.seen(asked))
    statements.give(statement=asked, by_id=staff.id)
    return asked


def path(asked: Statement) -> str:
    return f"/yttranden/{asked.public_id}"


def test_the_assessor_asks_a_unit_where_the_person_is(
    client: StrictClient, assessor: User, person: Client, place: Placement
) -> None:
    response = client.login(assessor).send(
        f"/personer/{person.public_id}/yttranden",
        due_on="2026-03-30",
        question="Hur går måltiderna?",
    )
    assert response.location == f"/personer/{person.public_id}/yttranden"
    page = client.page(response.location)
    assert page.table()[0][0] == "Ekbacken"
    assert page.table()[0][2:4] == ["2026-03-30", "Väntar"]


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-03-15", "Välj en dag från i dag och högst ett halvår fram."),
        ("2027-03-15", "Välj en dag från i dag och högst ett halvår fram."),
        ("snart", "Skriv dagen som år-månad-dag, till exempel 2026-11-22."),
    ],
)
def test_a_day_that_nobody_can_keep_is_refused_and_the_question_stands(
    client: StrictClient, assessor: User, person: Client, *, day: str, message: str
) -> None:
    make.placement(person, make.unit())
    response = client.login(assessor).send(
        f"/personer/{person.public_id}/yttranden", due_on=day, question="Hur går det?"
    )
    assert response.page.errors == [message]
    assert response.page.form("due_on").fields["question"] == ["Hur går det?"]


def test_a_unit_has_one_question_at_a_time(
    client: StrictClient, assessor: User, person: Client, asked: Statement
) -> None:
    response = client.login(assessor).send(f"/personer/{person.public_id}/yttranden")
    assert response.page.errors == [
        "Ekbacken har redan fått frågan och har inte svarat än."
    ]
    assert len(db.session.scalars(select(Statement)).all()) == 1


def test_without_a_place_there_is_nobody_to_ask(
    client: StrictClient, assessor: User, person: Client
) -> None:
    page = client.login(assessor).page(f"/personer/{person.public_id}/yttranden")
    assert "Personen har ingen placering i dag." in page.text


def test_the_unit_is_reminded_writes_and_gives(
    client: StrictClient, staff: User, asked: Statement
) -> None:
    start = client.login(staff).page("/start")
    assert "Yttranden att skriva (1)" in start.text
    assert client.page("/yttranden").table()[0][0] == "Kim Berg"
    text = {"part-vardag": "Kim dukar själv hos oss."}
    client.send(path(asked), "part-vardag", step="save", **text)
    form = client.form(path(asked), "part-vardag")
    assert form.fields["part-vardag"] == ["Kim dukar själv hos oss."]
    client.send(path(asked), "part-vardag", step="give")
    page = client.page(path(asked))
    assert "Kim dukar själv hos oss." in page.text
    assert "Yttranden att skriva" not in client.page("/start").text


def test_the_unit_sees_the_questions_and_never_an_answer_or_a_score(
    client: StrictClient, assessor: User, staff: User, asked: Statement
) -> None:
    make.draft(asked.client, assessor, **make.LEVELS["4"])
    text = client.login(staff).page(path(asked)).text
    assert "Måltid" in text
    for hidden in ("Därför", "poäng", "behöver någon bredvid", "Nivå"):
        assert hidden not in text


@pytest.mark.parametrize("step", ["save", "give"])
def test_an_empty_statement_is_not_given(
    client: StrictClient, staff: User, asked: Statement, step: str
) -> None:
    response = client.login(staff).send(path(asked), "part-vardag", step=step)
    if step == "save":
        assert response.location == path(asked)
        return
    assert response.page.errors == [
        "Skriv om minst ett område innan du lämnar yttrandet."
    ]


def test_two_who_write_the_same_statement_do_not_overwrite_each_other(
    client: StrictClient, staff: User, asked: Statement
) -> None:
    client.login(staff)
    old_tab = client.form(path(asked), "part-vardag")
    client.send(path(asked), "part-vardag", step="save", **{"part-vardag": "Först."})
    late = old_tab.filled({"part-vardag": "Sedan.", "step": "save"})
    page = client.post(path(asked), data=late).page
    assert page.errors[0].startswith("Yttrandet har sparats i ett annat fönster")
    assert "Först." in page.text
    form = page.form("part-vardag")
    assert form.fields["part-vardag"] == ["Sedan."]
    client.post(path(asked), data=form.filled({"step": "save"}))
    assert db.session.scalars(select(StatementPart.text)).all() == ["Sedan."]


def test_another_units_statement_is_not_there(
    client: StrictClient, asked: Statement
) -> None:
    client.login(make.user(Role.PROVIDER, unit=make.unit()))
    assert client.get(path(asked)).status_code == 404
    assert "Kim Berg" not in client.page("/yttranden").text


def test_a_unit_that_the_person_left_long_ago_writes_no_more(
    client: StrictClient, staff: User, asked: Statement, place: Placement
) -> None:
    place.end_day = place.paid_end_day = date(2026, 1, 1)
    db.session.flush()
    assert client.login(staff).get(path(asked)).status_code == 404


def test_an_assessor_without_the_case_neither_asks_nor_takes_back(
    client: StrictClient, person: Client, asked: Statement
) -> None:
    client.login(make.user(Role.ASSESSOR))
    asking = f"/personer/{person.public_id}/yttranden"
    assert client.get(asking).status_code == 404
    assert client.get(f"{path(asked)}/ta-tillbaka").status_code == 404


def test_a_question_that_is_taken_back_leaves_the_unit(
    client: StrictClient, assessor: User, staff: User, asked: Statement
) -> None:
    client.login(assessor).send(f"{path(asked)}/ta-tillbaka")
    assert client.login(staff).get(path(asked)).status_code == 404
    with pytest.raises(Refused, match="tagit tillbaka"):
        given(asked, staff)


def test_a_given_statement_stands_in_the_database_itself(
    app: Flask, asked: Statement, staff: User
) -> None:
    given(asked, staff)
    with pytest.raises(Refused, match="ändras inte mer"):
        statements.write(statement=asked, texts={"vardag": "Annat."}, shown="1")
    asked.parts[0].text = "Annat."
    with pytest.raises(DBAPIError, match="never changes"), db.session.begin_nested():
        db.session.flush()


def test_a_given_statement_stands_beside_its_domain_before_it_is_scored(
    client: StrictClient, assessor: User, staff: User, asked: Statement
) -> None:
    draft = make.draft(asked.client, assessor)
    address = f"/bedomningar/{draft.public_id}/omrade"
    client.login(assessor)
    assert "Yttrande från" not in client.page(f"{address}/vardag").text
    given(asked, staff)
    assert "Kim dukar själv hos oss." in client.page(f"{address}/vardag").text
    assert "Yttrande från" not in client.page(f"{address}/trygghet").text


def test_a_draft_that_is_thrown_away_leaves_the_statement_for_the_next(
    client: StrictClient, assessor: User, staff: User, asked: Statement
) -> None:
    scoring.discard(assessment=make.draft(asked.client, assessor))
    given(asked, staff)
    draft = make.draft(asked.client, assessor)
    (found,) = statement_queries.given_for(draft)
    assert found.id == asked.id


def test_a_signed_assessment_names_the_statement_and_the_next_one_does_not_use_it(
    app: Flask, assessor: User, staff: User, asked: Statement
) -> None:
    given(asked, staff)
    signed = make.signed(asked.client, assessor)
    assert signed.signed is not None
    facts = dict(read_signed(signed.signed.document).facts)
    digest = statement_queries.digest_of(asked)
    assert facts["statement.1"] == f"{asked.public_id} {digest}"
    again = make.draft(asked.client, assessor)
    assert statement_queries.given_for(again) == []


@pytest.fixture
def clock(client: StrictClient) -> Iterator[time_machine.Traveller]:
    """Begins at noon, so that the hours of a test never pass midnight."""
    with time_machine.travel(datetime(2026, 3, 16, 12, tzinfo=STOCKHOLM)) as found:
        yield found


def test_a_statement_given_after_the_signature_is_there_for_the_next_and_to_read(
    clock: time_machine.Traveller,
    client: StrictClient,
    assessor: User,
    staff: User,
    asked: Statement,
) -> None:
    clock.shift(timedelta(hours=1))
    signed = make.signed(asked.client, assessor)
    clock.shift(timedelta(hours=1))
    given(asked, staff)
    assert statement_queries.given_for(signed) == []
    draft = make.draft(asked.client, assessor)
    assert statement_queries.given_for(draft) == [asked]
    page = client.login(assessor).page(f"/personer/{asked.client.public_id}/yttranden")
    assert "Kim dukar själv hos oss." in page.text


def test_nobody_reads_a_statement_that_is_not_given(
    client: StrictClient, assessor: User, asked: Statement
) -> None:
    statements.write(statement=asked, texts={"vardag": "Halvfärdigt."}, shown="0")
    page = client.login(assessor).page(f"/personer/{asked.client.public_id}/yttranden")
    assert "Halvfärdigt" not in page.text


def test_the_reviewer_reads_the_statement_beside_the_answers(
    client: StrictClient, assessor: User, staff: User, asked: Statement
) -> None:
    given(asked, staff)
    signed = make.signed(asked.client, assessor)
    reviewer = make.user(Role.ASSESSOR)
    page = client.login(reviewer).page(f"/bedomningar/{signed.public_id}/granska")
    assert "Kim dukar själv hos oss." in page.text


def test_a_late_statement_is_on_both_start_pages(
    client: StrictClient, app: Flask, assessor: User, staff: User, asked: Statement
) -> None:
    app.config["TODAY"] = (asked.due_on + timedelta(days=1)).isoformat()
    page = client.login(assessor).page("/start")
    assert "Yttranden som dröjer (1)" in page.text
    assert "Dröjer, skulle kommit 30 mars 2026" in client.page("/bedomningar").text
    assert "Skulle varit klart 30 mars 2026" in client.login(staff).page("/start").text


def test_the_draft_says_what_is_waited_for(
    client: StrictClient, assessor: User, asked: Statement
) -> None:
    draft: Assessment = make.draft(asked.client, assessor)
    page = client.login(assessor).page(f"/bedomningar/{draft.public_id}")
    assert "Ekbacken: väntas senast 30 mars 2026." in page.text
    assert asked.due_on > today()
