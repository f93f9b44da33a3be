"""Assessing under a renewed decision: the level, the place and the wait go on."""

from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.needs import (
    effect,
    operations,
    own,
    queries,
    reassessments,
    scoring,
    statement_queries,
    worklists,
)
from lovdv.people.models import Client, Decision
from lovdv.systems.operations import decide_rule
from lovdv.systems.queries import rule
from tests import make, make_calibration, make_needs
from tests.kit_app import StrictClient
from tests.web.test_renewals import TODAY, renew

RENEWED = date(2026, 3, 1)


@pytest.fixture
def assessor(app: Flask) -> User:
    return make.user(Role.ASSESSOR)


@pytest.fixture
def kim(assessor: User) -> Client:
    person = make.person(caseworker=assessor)
    make.level(person, "2")
    return person


def settings(**values: object) -> None:
    """The rule of the level's effect from now on, with these values."""
    system = make.system().id
    decide_rule(
        choice_system_id=system,
        key="level_effect",
        first_day=date(2026, 1, 2),
        value={**rule(system, "level_effect", TODAY), **values},
    )


def renewed(kim: Client) -> Decision:
    return renew(kim, first_day=RENEWED)


def test_a_lowering_under_a_renewed_decision_needs_its_ground(kim: Client) -> None:
    settings(part_of_decision=True)
    renewed(kim)
    proposed = operations.proposal(make.signed(kim, level="1"))
    assert proposed.change is effect.Change.LOWERING
    assert proposed.needs_ground
    assert not proposed.may_choose_day
    assert proposed.first_day > TODAY


def test_an_unchanged_level_is_no_first_one_when_it_is_to_be_reviewed(
    kim: Client,
) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="review",
        first_day=date(2026, 1, 2),
        value={"when": "changed"},
    )
    renewed(kim)
    assert not make.signed(kim, level="2").needs_review


def test_an_ordinary_level_replaces_the_preliminary_from_the_renewal(
    app: Flask,
) -> None:
    person = make.person()
    make.level(person, "2", kind="preliminary")
    settings(ordinary_replaces_preliminary=True)
    renewed(person)
    signed = make.signed(person, level="4", kind="ordinary")
    assert operations.proposal(signed).first_day == RENEWED


def test_a_renewed_decision_with_a_level_is_nothing_to_assess(
    assessor: User, kim: Client
) -> None:
    renewed(kim)
    assert worklists.to_assess(make_calibration.actor(assessor)) == []


def test_until_the_renewal_begins_only_the_decision_in_force_is_to_be_assessed(
    assessor: User, kim: Client
) -> None:
    old = make.decision_of(kim)
    request = make_needs.request(kim)
    old.end_day = date(2026, 4, 1)
    make.decision(kim, first_day=date(2026, 4, 1))
    [found] = worklists.to_assess(make_calibration.actor(assessor))
    assert (found.decision.id, found.request) == (old.id, request)


def test_a_request_on_the_earlier_decision_is_answered_by_the_next_assessment(
    assessor: User, kim: Client
) -> None:
    request = make_needs.request(kim)
    new = renewed(kim)
    [found] = worklists.to_assess(make_calibration.actor(assessor))
    assert (found.decision.id, found.request) == (new.id, request)
    draft = make.draft(kim, assessor)
    assert queries.request_behind(draft.id) == request


def test_the_unit_is_asked_under_the_renewed_decision(
    client: StrictClient, assessor: User, kim: Client
) -> None:
    make.placement(kim, make.unit(name="Solen"))
    new = renewed(kim)
    address = f"/personer/{kim.public_id}/yttranden"
    client.login(assessor).send(address, "placement")
    [asked] = statement_queries.of_person(kim.id)
    assert (asked.unit.name, asked.decision_id) == ("Solen", new.id)
    draft = make.draft(kim, assessor)
    assert statement_queries.asked_for(draft) == [asked]


def test_a_request_keeps_its_day_when_the_reviewer_disagrees(
    assessor: User, kim: Client
) -> None:
    settings(**{"raise": "request"})
    asked = date(2026, 2, 1)
    request = make_needs.request(kim, asked_on=asked)
    first = make.signed(kim, assessor, level="4")
    operations.review(
        assessment=first,
        verdict="disagreed",
        comment="Nej.",
        by_id=make.user(Role.ASSESSOR).id,
    )
    again = make.signed(kim, assessor, level="4")
    assert queries.requests_behind(again.id) == [request]
    assert operations.proposal(again).first_day == asked


def test_a_request_stays_with_the_assessment_that_gave_the_level(
    assessor: User, kim: Client
) -> None:
    request = make_needs.request(kim)
    level = make.level(kim, "4")
    scoring.discard(assessment=make.draft(kim, assessor))
    assert request.assessment_id == level.assessment_id


def test_who_waits_for_a_granted_assessment_is_not_offered_to_ask_again(
    kim: Client,
) -> None:
    request = make_needs.request(kim)
    reassessments.answer(
        request=request, verdict="granted", text="Ja.", by_id=make.user().id
    )
    told = own.level_in_words(kim.id, TODAY)
    assert told is not None
    assert not told.may_ask
