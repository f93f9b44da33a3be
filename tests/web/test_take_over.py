"""A draft goes from one assessor to another: who has scored, and whose it is now."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.calibration import pairs
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import operations, queries, reviewing, saving, scoring
from lovdv.needs.models import Assessment
from lovdv.systems.operations import decide_rule
from tests import make, make_calibration, make_needs
from tests.kit_app import StrictClient


def two_assessors() -> tuple[User, User]:
    found = make.user(Role.ASSESSOR), make.user(Role.ASSESSOR)
    make.team(*found)
    return found


def begun(first: User) -> Assessment:
    """A draft that the first of a team has answered in full."""
    person = make.person(caseworker=first)
    make.decision(person)
    draft = make.draft(person, first, **make.LEVELS["4"])
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=draft, domain=domain)
    return draft


@pytest.fixture
def first(app: Flask) -> User:
    return make.user(Role.ASSESSOR)


@pytest.fixture
def second(app: Flask) -> User:
    return make.user(Role.ASSESSOR)


@pytest.fixture
def draft(first: User, second: User) -> Assessment:
    found = begun(first)
    make.assignment(found.client, make.team(first, second))
    return found


def path(assessment: Assessment, rest: str) -> str:
    return f"/bedomningar/{assessment.public_id}/{rest}"


def test_a_draft_is_taken_over_on_its_page(
    client: StrictClient, second: User, draft: Assessment
) -> None:
    response = client.login(second).send(path(draft, "ta-over"))
    assert response.location == path(draft, "").rstrip("/")
    db.session.refresh(draft)
    assert draft.assessor_id == second.id
    assert draft.assessor is second


def test_who_has_held_the_draft_does_not_review_it(
    client: StrictClient, first: User, second: User, draft: Assessment
) -> None:
    scoring.take_over(assessment=draft, by_id=second.id)
    make_needs.signing(draft)
    assert operations.state_of(draft) == "to_review"
    assert reviewing.to_review(make_calibration.actor(first)) == ([], [])
    with pytest.raises(Refused, match="Du har själv bedömt"):
        operations.review(
            assessment=draft, verdict="agreed", comment="", by_id=first.id
        )
    page = client.login(first).get(path(draft, "granska")).page
    assert "Du har själv bedömt" in page.text


def test_everybody_who_has_held_a_draft_is_remembered_once(
    first: User, second: User, draft: Assessment
) -> None:
    for by in (second, first, second):
        scoring.take_over(assessment=draft, by_id=by.id)
    assert queries.earlier_assessors(draft.id) == {first.id, second.id}
    scoring.discard(assessment=draft)
    assert queries.earlier_assessors(draft.id) == set()


def test_who_has_held_the_draft_does_not_score_the_meeting_blind(
    first: User, second: User, draft: Assessment
) -> None:
    scoring.take_over(assessment=draft, by_id=second.id)
    assert first not in pairs.colleagues(make_calibration.actor(second), draft)
    with pytest.raises(Refused, match="Välj en kollega"):
        make_calibration.invited(draft, first)


def test_a_review_is_written_only_of_what_waits_for_one(
    client: StrictClient, first: User, second: User, draft: Assessment
) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="review",
        first_day=date(2026, 1, 2),
        value={"when": "never"},
    )
    make_needs.signing(draft)
    sent = {"verdict": "disagreed", "comment": "Nej."}
    page = client.login(second).post(path(draft, "granska"), data=sent).page
    assert "väntar inte på granskning" in page.text
    assert operations.state_of(draft) == "to_establish"


def test_a_level_is_signed_only_when_its_assessor_has_seen_it(
    client: StrictClient, first: User
) -> None:
    person = make.person(caseworker=first)
    make.decision(person)
    draft = make.draft(person, first, **make.LEVELS["4"])
    page = client.login(first).page(path(draft, "signera"))
    assert "Det blir ingen nivå ännu" in page.text
    assert "fryses svaren" not in page.text
    told = client.post(path(draft, "signera")).page.text
    assert "De här områdena är inte klara: ”Vardag”, ”Trygghet”." in told
    assert db.session.get_one(Assessment, draft.id).signed_at is None


def test_an_older_tab_does_not_write_over_the_occasion(
    client: StrictClient, first: User, draft: Assessment
) -> None:
    here = path(draft, "tillfalle")
    older = client.login(first).form(here, "own_words")
    client.send(here, "own_words", own_words="Jag vill bo kvar.")
    page = client.post(here, data=older.filled({"took_part": "Kim"})).page
    assert "Tillfället har sparats i ett annat fönster" in page.text
    assert "Jag vill bo kvar." in page.text
    assert db.session.get_one(Assessment, draft.id).own_words == "Jag vill bo kvar."
    again = client.post(here, data=page.form("own_words").filled({}))
    assert again.status_code == 302
    found = db.session.get_one(Assessment, draft.id)
    assert (found.took_part, found.own_words) == ("Kim", "")


@pytest.fixture
def shared(cloned_app: Flask) -> tuple[Flask, int, int]:
    """A committed draft, and the colleague who takes it over meanwhile."""
    with cloned_app.app_context():
        first, second = two_assessors()
        found = cloned_app, begun(first).id, second.id
        db.session.commit()
        db.session.close()
    return found


def late_save(draft: Assessment) -> None:
    stored = {row.question: row for row in draft.answers}
    typed = saving.Typed("mat", "1", "Sent", saving.token(stored["mat"]))
    saving.save_answers(assessment=draft, typed=[typed])


def late_words(draft: Assessment) -> None:
    saving.save_words(
        assessment=draft, typed=saving.TypedWords("vardag", "Sent", "said", "")
    )


def late_sign(draft: Assessment) -> None:
    scoring.sign(assessment=draft, by_id=draft.assessor_id)


def late_discard(draft: Assessment) -> None:
    scoring.discard(assessment=draft)


@pytest.mark.parametrize("late", [late_save, late_words, late_sign, late_discard])
def test_nothing_is_written_in_a_draft_that_was_taken_over_meanwhile(
    shared: tuple[Flask, int, int], late: Callable[[Assessment], None]
) -> None:
    app, draft_id, second_id = shared

    def takes_over() -> None:
        with app.app_context():
            found = db.session.get_one(Assessment, draft_id)
            scoring.take_over(assessment=found, by_id=second_id)
            db.session.commit()
            db.session.close()

    with app.app_context():
        read = db.session.get_one(Assessment, draft_id)
        if db.engine.dialect.name == "sqlite":
            db.session.commit()
        with ThreadPoolExecutor(1) as other:
            other.submit(takes_over).result(timeout=15)
        with pytest.raises(Refused, match="tagit över"):
            late(read)
        db.session.rollback()
        kept = db.session.get_one(Assessment, draft_id)
        assert (kept.assessor_id, kept.signed_at) == (second_id, None)
        db.session.close()
