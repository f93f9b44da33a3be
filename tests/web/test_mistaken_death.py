"""A death noted on the wrong person is taken back, and what it ended is shown."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit
from lovdv.extensions import db
from lovdv.people import event_operations
from lovdv.people.models import Client, LifeEvent, Offer
from tests import make
from tests.kit_app import StrictClient


@pytest.fixture
def caseworker(app: Flask) -> User:
    return make.user(Role.CASEWORKER)


@pytest.fixture
def kim(caseworker: User) -> Client:
    return make.person(caseworker=caseworker)


def note_death(kim: Client, by: User, *, settle: bool = True) -> None:
    event_operations.record(
        client=kim,
        kind="death",
        day=date(2026, 3, 10),
        note="",
        by_id=by.id,
        settle=settle,
    )


def test_a_death_on_the_wrong_person_is_taken_back_with_its_reason(
    client: StrictClient, caseworker: User, kim: Client
) -> None:
    make.decision(kim)
    note_death(kim, caseworker)
    client.login(caseworker)
    person = client.page(f"/personer/{kim.public_id}")
    assert "Dödsfallet är fel" in person.text
    path = f"/personer/{kim.public_id}/handelse/dodsfall-fel"
    client.send(path, reason="Fel person, rätt är DV-7")
    assert kim.died_on is None
    event = db.session.scalars(
        select(LifeEvent).where(LifeEvent.kind == "death_withdrawn")
    ).one()
    assert event.note == "Fel person, rätt är DV-7"
    logged = select(Audit.object).where(Audit.action == "event.take_back")
    assert db.session.scalars(logged).one() == event.public_id
    assert (
        "Dödsfallet var fel noterat" in client.page(f"/personer/{kim.public_id}").text
    )


def test_nothing_opens_by_itself_but_all_that_was_ended_is_shown(
    client: StrictClient, caseworker: User, kim: Client
) -> None:
    decision = make.decision(kim)
    place = make.placement(kim, make.unit(name="Solen"))
    make.order(kim, make.unit(name="Månen"))
    make.invitation(kim)
    make.mandate(kim), make.supporter(kim)
    note_death(kim, caseworker)
    path = f"/personer/{kim.public_id}/handelse/dodsfall-fel"
    page = client.login(caseworker).send(path, reason="Fel person").location
    shown = client.page(page)
    for told in (
        f"Beslut {decision.reference} avslutades.",
        f"Placering {place.number} vid Solen avslutades.",
        "Beställningen till Månen drogs tillbaka.",
        "Inbjudan att välja avslutades.",
        "En företrädares uppdrag avslutades.",
        "En stödperson avslutades.",
    ):
        assert told in shown.text
    assert decision.status == "ended"
    assert place.end_reason == "deceased"
    assert client.get(f"/placeringar/{place.public_id}/avsluta").status_code == 200


def test_a_death_is_taken_back_once_and_only_when_noted(
    client: StrictClient, caseworker: User, kim: Client
) -> None:
    path = f"/personer/{kim.public_id}/handelse/dodsfall-fel"
    client.login(caseworker)
    assert client.get(path).status_code == 404
    note_death(kim, caseworker, settle=False)
    client.send(path, reason="Fel person")
    again = client.post(path, data={"reason": "Fel person"}).page
    assert "inte noterad som avliden" in again.text
    assert "Inget avslutades" in again.text
    assert len(db.session.scalars(select(LifeEvent)).all()) == 2


def test_an_event_withdraws_the_offers_that_wait(caseworker: User, kim: Client) -> None:
    decision = make.decision(kim)
    alone, ordered = make.unit(name="Solen"), make.unit(name="Månen")
    make.order(kim, ordered)
    for unit in (alone, ordered):
        db.session.add(
            Offer(decision_id=decision.id, unit_id=unit.id, day=date(2026, 3, 2))
        )
    db.session.flush()
    note_death(kim, caseworker)
    assert [
        (offer.answer, offer.answered_on, offer.reason)
        for offer in db.session.scalars(select(Offer))
    ] == [("withdrawn", date(2026, 3, 16), "Personen har avlidit")] * 2


def test_a_withdrawn_order_says_who_withdrew_it(caseworker: User, kim: Client) -> None:
    order = make.order(kim, make.unit())
    note_death(kim, caseworker)
    assert (order.status, order.answered_by_id) == ("withdrawn", caseworker.id)
