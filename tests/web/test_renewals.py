"""A decision that follows on another without a gap carries on what that one began."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.payouts.facts import terms
from lovdv.people import decision_operations, hub, progress, renewals
from lovdv.people.models import Client, Decision
from lovdv.placements import orders
from lovdv.placements.levels import level_of
from lovdv.placements.models import Order, Placement
from tests import make
from tests.kit_app import StrictClient

TODAY = date(2026, 3, 16)
RENEWED = date(2026, 3, 1)


@pytest.fixture
def caseworker(app: Flask) -> User:
    return make.user(Role.CASEWORKER)


@pytest.fixture
def kim(caseworker: User) -> Client:
    return make.person(caseworker=caseworker)


@pytest.fixture
def place(kim: Client) -> Placement:
    make.level(kim, "2")
    placement = make.placement(kim, make.unit(name="Solen"))
    make.attended(placement, date(2026, 2, 20))
    return placement


def renew(kim: Client, **values: object) -> Decision:
    old = make.decision_of(kim)
    told = {"law": "LSS", "personkrets": 1, "first_day": RENEWED, **values}
    return decision_operations.decide(
        client=kim,
        choice_system_id=old.choice_system_id,
        decided_on=date(2026, 1, 5),
        end_day=None,
        reference="NYTT",
        replaces=old,
        **told,
    )


def test_a_renewed_decision_keeps_paying_the_place(place: Placement) -> None:
    renew(place.client)
    assert (place.end_day, place.paid_end_day) == (None, None)


def test_a_decision_that_begins_where_another_runs_out_keeps_paying(
    kim: Client,
) -> None:
    old = make.decision(kim, end_day=RENEWED)
    placement = make.placement(kim, paid_end_day=RENEWED)
    decision_operations.decide(
        client=kim,
        choice_system_id=old.choice_system_id,
        law="LSS",
        personkrets=1,
        decided_on=date(2026, 1, 5),
        first_day=RENEWED,
        end_day=date(2027, 1, 1),
        reference="NYTT",
    )
    assert placement.paid_end_day == date(2027, 1, 1)


APART = {
    "another law": {"law": "SoL", "personkrets": None},
    "a gap": {"first_day": date(2026, 3, 9)},
}


@pytest.mark.parametrize("case", APART)
def test_a_decision_that_does_not_follow_leaves_the_place_unpaid(
    place: Placement, case: str
) -> None:
    old = make.decision_of(place.client)
    old.end_day = RENEWED
    db.session.flush()
    renew(place.client, **APART[case])
    assert place.paid_end_day == RENEWED


def test_the_clock_of_a_renewed_decision_sees_that_the_person_goes_there(
    place: Placement,
) -> None:
    new = renew(place.client)
    assert progress.clocks([new], TODAY) == {}
    assert progress.clocks([new], date(2026, 4, 20)) == {}


def test_the_clock_runs_when_the_person_had_left_before_the_renewal(
    place: Placement,
) -> None:
    place.end_day = date(2026, 2, 21)
    new = renew(place.client)
    assert progress.clocks([new], TODAY)[new.id].since == date(2026, 1, 5)


def test_the_clock_of_a_renewed_decision_runs_when_the_place_ends(
    place: Placement,
) -> None:
    new = renew(place.client)
    place.end_day = date(2026, 3, 10)
    db.session.flush()
    clock = progress.clocks([new], TODAY)[new.id]
    assert (clock.interrupted, clock.since) == (True, date(2026, 3, 10))


def test_the_level_goes_on_and_each_span_names_its_decision(place: Placement) -> None:
    old = make.decision_of(place.client)
    new = renew(place.client)
    spans = terms(old.choice_system_id, now()).levels[old.id]
    assert [(s.start, s.end, s.level, s.decision) for s in spans] == [
        (date(2025, 1, 1), RENEWED, "2", old.id),
        (RENEWED, None, "2", new.id),
    ]
    assert level_of(place, TODAY).level == "2"


def test_a_level_of_the_new_decision_takes_over_from_its_day(place: Placement) -> None:
    old = make.decision_of(place.client)
    new = renew(place.client)
    make.level(place.client, "3", first_day=date(2026, 4, 1))
    spans = terms(old.choice_system_id, now()).levels[old.id]
    assert [(s.start, s.level, s.decision) for s in spans][1:] == [
        (RENEWED, "2", new.id),
        (date(2026, 4, 1), "3", new.id),
    ]


def test_new_times_are_ordered_under_the_renewed_decision(place: Placement) -> None:
    new = renew(place.client)
    order = orders.send_change(
        placement=place,
        extent="Tre dagar",
        half_days=["0am"],
        wanted_start=date(2026, 4, 1),
    )
    assert order.decision_id == new.id


def test_a_place_at_the_same_unit_can_be_ordered_anew(place: Placement) -> None:
    new = renew(place.client, law="SoL", personkrets=None)
    make.level(place.client, "2")
    orders.send(
        client=place.client,
        decision=new,
        unit=place.unit,
        goal="Som förut",
        extent="Fem dagar",
        half_days=["0am"],
        wanted_start=date(2026, 4, 1),
        contact="Handläggaren",
        replaces=place,
    )
    assert db.session.scalars(select(Order.decision_id)).one() == new.id


def test_the_end_of_a_renewed_decision_ends_the_place_it_carries(
    client: StrictClient, caseworker: User, place: Placement
) -> None:
    kim, new = place.client, renew(place.client)
    path = f"/personer/{kim.public_id}/beslut/{new.public_id}/avsluta"
    page = (
        client.login(caseworker).send(path, reason="work", last_day="2026-03-31").page
    )
    assert f"Placering {place.number} vid Solen avslutas" in page.text


def test_nothing_is_missing_after_a_renewal(place: Placement) -> None:
    new = renew(place.client)
    assert hub.level_on(new.id, TODAY).level == "2"
    assert list(renewals.before([new.id])[new.id]) == [
        decision.id for decision in place.client.decisions if decision is not new
    ]


@pytest.mark.parametrize(
    ("first_day", "told"),
    [
        ("2026-04-01", "följer med till det nya beslutet"),
        ("2026-04-09", "betalas bara till och med 31 mars 2026: avsluta den"),
    ],
    ids=["without a gap", "with a gap"],
)
def test_a_new_decision_tells_what_becomes_of_the_place(
    client: StrictClient,
    caseworker: User,
    place: Placement,
    *,
    first_day: str,
    told: str,
) -> None:
    old = make.decision_of(place.client)
    old.end_day = place.paid_end_day = date(2026, 4, 1)
    told_of = {
        "reference": "NYTT",
        "conditions": ["age", "no_work", "no_studies"],
        "decided_on": "2026-03-10",
        "first_day": first_day,
        "requested_by": "Kim",
    }
    path = f"/personer/{place.client.public_id}"
    client.login(caseworker).send(f"{path}/beslut/nytt", "reference", **told_of)
    assert f"Placering {place.number} {told}" in client.page(path).text


def test_a_page_tells_that_a_place_is_unpaid_after_a_gap(
    client: StrictClient, caseworker: User, place: Placement
) -> None:
    old = make.decision_of(place.client)
    old.end_day = place.paid_end_day = RENEWED
    db.session.commit()
    page = client.login(caseworker).page(f"/personer/{place.client.public_id}")
    assert "Betalas bara till och med 28 februari 2026" in page.text
