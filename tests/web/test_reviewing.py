"""Reviewing: what differs, a comment at each question, a reviewer from another team."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import operations
from lovdv.needs.models import Assessment, Review, ReviewComment
from lovdv.people.models import Client
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_page import Page, classes, text_of


@pytest.fixture
def colleague(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Kerstin Kollega")


@pytest.fixture
def stranger(app: Flask) -> User:
    """An assessor of another team, without the case."""
    return make.user(Role.ASSESSOR, name="Annan Anna")


@pytest.fixture
def person(colleague: User) -> Client:
    client = make.person(caseworker=colleague, first_name="Kim", last_name="Berg")
    make.decision(client)
    return client


def path(assessment: Assessment, rest: str = "granska") -> str:
    return f"/bedomningar/{assessment.public_id}/{rest}"


def compared(page: Page) -> list[str]:
    """The questions with their answers, in the order they are shown."""
    return [text_of(e) for e in page.all("div") if "lov-compared" in classes(e)]


def reads(action: str) -> int:
    return len(db.session.scalars(select(Audit).where(Audit.action == action)).all())


def test_what_differs_from_last_time_stands_first_with_its_reasons(
    client: StrictClient, colleague: User, person: Client
) -> None:
    make.level(person, "2")
    signed = make.signed(person, level="3")
    first, second, third, *_ = compared(client.login(colleague).page(path(signed)))
    assert first.startswith(
        "Måltid Förra gångenLite stöd. Måltid – behöver påminnelse.Därför 1 "
        "NuMycket stöd. Måltid – behöver någon bredvid. Underlag– "
        "MotiveringDärför 2"
    )
    assert second.startswith("Resa Förra gången")
    assert third.startswith("Oro")


def test_a_first_assessment_has_nothing_to_differ_from(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person)
    page = client.login(colleague).page(path(signed))
    assert "Det finns ingen tidigare bedömning." in page.text
    assert len(compared(page)) == 3


def test_comments_by_question_are_kept_and_shown_to_the_assessor(
    client: StrictClient, colleague: User, person: Client
) -> None:
    assessor = make.user(Role.ASSESSOR)
    make.assignment(person, assessor)
    signed = make.signed(person, assessor)
    client.login(colleague).send(
        path(signed), verdict="disagreed", **{"on-resa": "Bussen är svårare."}
    )
    assert db.session.scalars(select(Review.verdict)).all() == ["disagreed"]
    page = client.login(assessor).page(path(signed, "darfor"))
    assert "ResaBussen är svårare." in page.text


def test_the_database_keeps_a_comment_as_it_was_written(
    app: Flask, colleague: User, person: Client
) -> None:
    operations.review(
        assessment=make.signed(person),
        verdict="agreed",
        comment="",
        comments={"resa": "Stämmer."},
        by_id=colleague.id,
    )
    db.session.scalars(select(ReviewComment)).one().text = "Annat."
    with pytest.raises(DBAPIError, match="never changes"), db.session.begin_nested():
        db.session.flush()


def test_what_was_typed_in_a_refused_review_stands(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person)
    response = client.login(colleague).send(path(signed), **{"on-resa": "Bussen."})
    assert response.page.errors == ["Välj om du håller med eller inte."]
    assert response.page.form("on-resa").fields["on-resa"] == ["Bussen."]


def test_a_reviewer_of_another_team_finds_the_assessment_without_a_name(
    client: StrictClient, stranger: User, person: Client
) -> None:
    signed = make.signed(person)
    page = client.login(stranger).page("/bedomningar")
    assert "Att granska i andra team" in page.text
    assert "Kim Berg" not in page.text
    assert page.links[person.case_number] == path(signed)


def test_a_reviewer_of_another_team_reviews_and_each_opening_is_logged(
    client: StrictClient, stranger: User, person: Client
) -> None:
    signed = make.signed(person)
    response = client.login(stranger).send(path(signed), verdict="agreed")
    assert response.location == "/bedomningar"
    assert reads("assessment.read_to_review") > 0
    assert db.session.scalars(select(Review.reviewer_id)).all() == [stranger.id]


@pytest.mark.parametrize("rest", ["granska", "darfor", "faststall"])
def test_once_reviewed_another_team_reads_it_no_more(
    client: StrictClient, stranger: User, person: Client, rest: str
) -> None:
    signed = make.signed(person)
    client.login(stranger).send(path(signed), verdict="agreed")
    assert client.get(path(signed, rest)).status_code == 404


def test_one_that_needs_no_review_is_not_another_teams_business(
    client: StrictClient, stranger: User, person: Client
) -> None:
    signed = make.signed(person)
    make.level(make.person())
    operations.review(
        assessment=signed,
        verdict="agreed",
        comment="",
        by_id=make.user(Role.ASSESSOR).id,
    )
    assert client.login(stranger).get(path(signed)).status_code == 404


def test_another_municipality_reviews_nothing_here(
    client: StrictClient, person: Client
) -> None:
    signed = make.signed(person)
    elsewhere = make.municipality(name="Grannkommunen")
    make.system(municipality=elsewhere)
    client.login(make.user(Role.ASSESSOR, municipality=elsewhere))
    assert client.get(path(signed)).status_code == 404


@pytest.mark.parametrize(("may_see", "status"), [(False, 404), (True, 200)])
def test_a_protected_person_is_reviewed_elsewhere_only_by_who_may_see_them(
    client: StrictClient, colleague: User, *, may_see: bool, status: int
) -> None:
    hidden = make.person(caseworker=colleague, protection="sekretessmarkering")
    signed = make.signed(hidden)
    client.login(make.user(Role.ASSESSOR, sees_protected=may_see))
    assert client.get(path(signed)).status_code == status


def test_an_established_level_is_not_reviewed_afterwards(
    app: Flask, colleague: User, person: Client
) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="review",
        first_day=make.START,
        value={"when": "never"},
    )
    unreviewed = make.level(person).assessment
    with pytest.raises(Refused, match="redan fastställd"):
        operations.review(
            assessment=unreviewed, verdict="agreed", comment="", by_id=colleague.id
        )


def test_a_disagreed_assessment_is_shown_to_whoever_has_the_case(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person)
    operations.review(
        assessment=signed,
        verdict="disagreed",
        comment="Resan.",
        by_id=make.user(Role.ASSESSOR).id,
    )
    page = client.login(colleague).page("/bedomningar")
    assert "Att göra om" in page.text
    assert page.links["Kim Berg"] == path(signed, "darfor")
