"""Review, establishing, the page of why, and the levels over time."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import operations, queries
from lovdv.needs.models import Assessment, Level, Objection, Review
from lovdv.people.models import Client
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient


@pytest.fixture
def colleague(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Kerstin Kollega")


@pytest.fixture
def person(colleague: User) -> Client:
    client = make.person(caseworker=colleague, first_name="Kim", last_name="Berg")
    make.decision(client, first_day=date(2025, 6, 1), reference="BES-9")
    return client


def rule(key: str, **value: object) -> None:
    decide_rule(
        choice_system_id=make.system().id, key=key, first_day=make.START, value=value
    )


def path(assessment: Assessment, rest: str) -> str:
    return f"/bedomningar/{assessment.public_id}/{rest}"


def agreed(assessment: Assessment, by: User) -> Assessment:
    operations.review(assessment=assessment, verdict="agreed", comment="", by_id=by.id)
    return assessment


def levels() -> list[tuple[str, date, int]]:
    rows = db.session.scalars(select(Level).order_by(Level.id))
    return [(row.level, row.first_day, row.revision) for row in rows]


def test_a_colleague_reviews_and_goes_on_to_establish(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person, level="3")
    client.login(colleague)
    assert client.page("/bedomningar").links["Kim Berg"] == path(signed, "granska")
    response = client.send(path(signed, "granska"), verdict="agreed")
    assert response.location == path(signed, "faststall")
    response = client.send(path(signed, "faststall"))
    assert response.location == path(signed, "darfor")
    assert levels() == [("3", date(2025, 6, 1), 1)]
    page = client.page(path(signed, "darfor"))
    assert "Nivån gäller från och med 1 juni 2025." in page.text
    assert "Granskad av Kerstin Kollega" in page.text


def test_nobody_reviews_what_they_scored(
    client: StrictClient, colleague: User, person: Client
) -> None:
    own = make.signed(person, colleague)
    client.login(colleague)
    assert client.get(path(own, "granska")).status_code == 409
    response = client.post(path(own, "granska"), data={"verdict": "agreed"})
    assert "En kollega måste granska" in response.page.text
    assert db.session.scalars(select(Review)).all() == []
    assert "Att granska" not in client.page("/bedomningar").text


def test_the_database_itself_refuses_a_review_of_ones_own(
    app: Flask, colleague: User, person: Client
) -> None:
    own = make.signed(person, colleague)
    db.session.add(
        Review(
            assessment_id=own.id,
            assessor_id=colleague.id,
            reviewer_id=colleague.id,
            verdict="agreed",
            reviewed_at=datetime(2026, 3, 16, tzinfo=UTC),
        )
    )
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.flush()


def test_a_reviewer_who_disagrees_must_say_why(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person)
    response = client.login(colleague).send(
        path(signed, "granska"), verdict="disagreed"
    )
    assert response.page.errors == ["Skriv vad du ser annorlunda, fråga för fråga."]


def test_a_disagreement_stops_the_level_and_tells_the_assessor(
    client: StrictClient, colleague: User, person: Client
) -> None:
    assessor = make.user(Role.ASSESSOR)
    make.assignment(person, assessor)
    signed = make.signed(person, assessor)
    client.login(colleague).send(
        path(signed, "granska"), verdict="disagreed", comment="Resan är svårare."
    )
    with pytest.raises(Refused, match="håller inte med"):
        operations.establish(
            assessment=signed, first_day=None, ground="", by_id=colleague.id
        )
    page = client.login(assessor).page("/bedomningar")
    assert page.links["Kim Berg"] == path(signed, "darfor")
    assert "Resan är svårare." in client.page(path(signed, "darfor")).text


def test_an_unreviewed_level_is_not_established(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person)
    client.login(colleague)
    assert "Granskning först" in client.page(path(signed, "faststall")).text
    assert client.post(path(signed, "faststall")).status_code == 409
    assert levels() == []


def test_without_the_review_rule_the_assessor_establishes(
    client: StrictClient, colleague: User, person: Client
) -> None:
    rule("review", when="never")
    signed = make.signed(person, colleague)
    client.login(colleague).send(path(signed, "faststall"))
    assert levels() == [("2", date(2025, 6, 1), 1)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("2025-05-31", "Nivån kan inte gälla före beslutet."),
        ("2027-06-01", "Välj en dag inom ett år."),
        ("snart", "Skriv dagen som år-månad-dag"),
    ],
)
def test_a_first_day_outside_the_decision_is_refused(
    client: StrictClient, colleague: User, person: Client, typed: str, message: str
) -> None:
    signed = agreed(make.signed(person), colleague)
    response = client.login(colleague).send(path(signed, "faststall"), first_day=typed)
    assert response.page.errors[0].startswith(message)
    assert response.page.form("first_day").fields["first_day"] == [typed]
    assert levels() == []


def test_a_lowering_without_its_ground_is_refused(
    client: StrictClient, colleague: User, person: Client
) -> None:
    make.level(person, "3")
    signed = agreed(make.signed(person, level="1"), colleague)
    client.login(colleague)
    page = client.page(path(signed, "faststall"))
    assert "37 § förvaltningslagen" in page.text
    assert "43–44 §§ förvaltningslagen" in page.text
    response = client.send(path(signed, "faststall"))
    assert response.page.errors[0].startswith("Nivån är en del av det gynnande")
    response = client.send(
        path(signed, "faststall"),
        ground="Beslutet har ett förbehåll om att det får ändras.",
    )
    assert levels()[-1] == ("1", date(2026, 4, 1), 1)
    assert "förbehåll" in client.page(path(signed, "darfor")).text


def test_outside_the_decision_a_lowering_needs_no_ground_and_no_appeal_text(
    client: StrictClient, colleague: User, person: Client
) -> None:
    rule("level_effect", part_of_decision=False, lowering="day")
    make.level(person, "3")
    signed = agreed(make.signed(person, level="1"), colleague)
    client.login(colleague)
    assert "förvaltningslagen" not in client.page(path(signed, "faststall")).text
    client.send(path(signed, "faststall"))
    assert levels()[-1] == ("1", date(2026, 3, 10), 1)


def test_a_level_is_established_only_once(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.level(person, "2").assessment
    response = client.login(colleague).post(path(signed, "faststall"))
    assert "Nivån är redan fastställd." in response.page.text
    assert response.status_code == 409
    assert len(levels()) == 1


def test_a_level_for_an_earlier_day_supersedes_what_was_planned(
    app: Flask, person: Client
) -> None:
    rule("level_effect", **{"raise": "next_first", "part_of_decision": False})
    make.level(person, "1")
    make.level(person, "2")
    rule("level_effect", **{"raise": "day", "part_of_decision": False})
    make.level(person, "3")
    assert levels() == [
        ("1", date(2025, 6, 1), 1),
        ("2", date(2026, 4, 1), 1),
        ("3", date(2026, 3, 10), 1),
        ("3", date(2026, 4, 1), 2),
    ]


def test_spans_have_derived_ends_and_know_their_moment(
    app: Flask, person: Client
) -> None:
    first = make.level(person, "1")
    app.config["TODAY"] = "2026-04-10"
    second = make.level(person, "2")
    (spans,) = queries.level_spans(make.system().id).values()
    assert [(span.level, span.first_day, span.end_day) for span in spans] == [
        ("1", date(2025, 6, 1), date(2026, 5, 1)),
        ("2", date(2026, 5, 1), None),
    ]
    (known,) = queries.level_spans(
        make.system().id, known=first.established_at
    ).values()
    assert [(span.level_id, span.end_day) for span in known] == [(first.id, None)]
    decision_id = second.decision_id
    assert queries.level_on(decision_id, date(2026, 4, 30)).id == first.id
    assert queries.level_on(decision_id, date(2026, 5, 1)).id == second.id
    assert queries.level_on(decision_id, date(2025, 5, 31)) is None


def test_a_later_revision_for_the_same_day_replaces_the_earlier(
    app: Flask, person: Client
) -> None:
    rule("level_effect", ordinary_replaces_preliminary=True)
    make.level(person, "2", kind="preliminary")
    make.level(person, "3")
    (spans,) = queries.level_spans(make.system().id).values()
    assert [(span.level, span.first_day, span.end_day) for span in spans] == [
        ("3", date(2025, 6, 1), None)
    ]


def test_an_objection_stands_beside_and_changes_nothing(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.level(person, "2").assessment
    before = signed.signed.document
    client.login(colleague).send(path(signed, "invandning"), text="Jag äter själv.")
    page = client.page(path(signed, "darfor"))
    assert "Jag äter själv." in page.text
    assert "Antecknat av Kerstin Kollega" in page.text
    assert db.session.get_one(Assessment, signed.id).signed.document == before
    assert db.session.scalars(select(Objection)).one().voice == "told"


def test_an_empty_objection_is_refused(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.level(person, "2").assessment
    response = client.login(colleague).send(path(signed, "invandning"), text=" ")
    assert response.page.errors == ["Skriv vad som inte stämmer."]


def test_the_persons_levels_are_listed_by_decision(
    client: StrictClient, colleague: User, person: Client
) -> None:
    make.level(person, "2")
    page = client.login(colleague).page(f"/personer/{person.public_id}/nivaer")
    assert page.table(0)[0][:3] == ["1 juni 2025", "2", "Ordinarie"]
    assert page.table(1)[0][3] == "Nivå 2"


def test_a_stranger_finds_nothing(client: StrictClient, person: Client) -> None:
    signed = make.signed(person)
    client.login(make.user(Role.ASSESSOR, Role.CASEWORKER))
    for rest in ("darfor", "faststall", "invandning"):
        assert client.get(path(signed, rest)).status_code == 404
    assert client.get(f"/personer/{person.public_id}/nivaer").status_code == 404


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.GUIDE, Role.FINANCE])
def test_a_score_sheet_is_closed_to_others(
    client: StrictClient, person: Client, role: Role
) -> None:
    signed = make.level(person, "2").assessment
    client.login(make.user(role))
    assert client.get(path(signed, "darfor")).status_code == 403


def test_an_ordinary_assessment_is_due_after_the_first_attended_day(
    client: StrictClient, colleague: User, person: Client
) -> None:
    make.level(person, "2", kind="preliminary")
    make.attended(make.placement(person), date(2026, 2, 2))
    page = client.login(colleague).page("/bedomningar")
    assert page.table() == [["Kim Berg", "Ordinarie bedömning", "BES-9", "2026-03-30"]]
