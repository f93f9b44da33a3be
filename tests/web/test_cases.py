"""Cases: handed over, the circle's ends, who has read, and what a list tells."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from lovdv import audit
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit
from lovdv.choice.models import Choice
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.people import hub, queries
from lovdv.people.models import Assignment, Client, Decision
from lovdv.people.readers import readings
from tests import make
from tests.kit_app import StrictClient

TODAY = date(2026, 3, 16)


def caseworker(**values: object) -> User:
    return make.user(Role.CASEWORKER, **values)


def handed_over(
    client: StrictClient, giver: User, taker: User, **values: object
) -> TestResponse:
    return client.login(giver).send(
        "/personer/lamna-over", "people", taker=taker.public_id, **values
    )


def test_a_case_handed_over_on_its_first_day_leaves_the_giver(
    app: Flask, client: StrictClient
) -> None:
    giver, taker = caseworker(), caseworker()
    who, later = make.person(), make.person()
    make.assignment(who, giver, first_day=TODAY)
    make.assignment(later, giver, first_day=TODAY)
    make.assignment(later, giver, first_day=date(2026, 5, 1))
    handed_over(client, giver, taker)
    for person in (who, later):
        assert client.get(f"/personer/{person.public_id}").status_code == 404
    app.config["TODAY"] = "2026-05-02"
    client.login(giver)
    assert client.get(f"/personer/{later.public_id}").status_code == 404


def test_the_same_hand_over_twice_is_done_once(
    app: Flask, client: StrictClient
) -> None:
    giver, taker = caseworker(), caseworker(name="Bea")
    who = make.person(caseworker=giver)
    for _ in range(2):
        handed_over(client, giver, taker, last_day="2026-03-31")
    held = select(Assignment).where(Assignment.user_id == taker.id)
    assert len(db.session.scalars(held).all()) == 1
    assert queries.responsible([who.id], TODAY)[who.id] == f"{giver.name}, Bea"


def test_a_mandate_is_not_lengthened_by_its_end(
    app: Flask, client: StrictClient
) -> None:
    worker = caseworker()
    who = make.person(caseworker=worker)
    mandate = make.mandate(who, end_day=date(2026, 1, 1))
    path = f"/personer/{who.public_id}/foretradare/{mandate.public_id}/avsluta"
    page = client.login(worker).send(path, last_day="2030-12-31").page
    assert "Uppdraget slutar redan 31 december 2025" in page.errors[0]
    assert mandate.end_day == date(2026, 1, 1)


def test_a_supporter_who_has_left_is_not_moved(
    app: Flask, client: StrictClient
) -> None:
    worker = caseworker()
    who = make.person(caseworker=worker)
    supporter = make.supporter(who, end_day=date(2026, 1, 1))
    path = f"/personer/{who.public_id}/stodperson/{supporter.public_id}/avsluta"
    assert client.login(worker).post(path).status_code == 409
    assert supporter.end_day == date(2026, 1, 1)


@pytest.mark.parametrize("part", ["beslut", "synpunkt"])
def test_an_address_that_leads_nowhere_leaves_nothing_in_the_log(
    app: Flask, client: StrictClient, part: str
) -> None:
    worker = caseworker()
    who = make.person(caseworker=worker)
    client.login(worker)
    for made_up in ("Kim-19900101-1234", "x" * 100):
        path = f"/personer/{who.public_id}/{part}/{made_up}"
        assert client.get(path).status_code == 404
    assert db.session.scalars(select(Audit).where(Audit.read)).all() == []


def test_the_own_readings_never_hide_those_of_others(app: Flask) -> None:
    who, worker = make.person(), caseworker(name="Karin")
    own = make.user(Role.CLIENT, client=who)
    for reader, times in ((worker, 1), (own, 5)):
        for number in range(times):
            with audit.acting(who.municipality_id, reader.public_id):
                audit.read("person.read", about=[who.id], object=str(number))
            db.session.commit()
    found = readings(who, but=own.public_id, most=3)
    assert ([row.name for row in found.rows], found.more) == (["Karin"], False)
    assert readings(who, but="nobody", most=3).more


def test_an_ended_choice_is_not_the_present_one(app: Flask) -> None:
    who = make.person()
    ended = make.decision(who, end_day=date(2026, 2, 1), status="ended")
    assert hub.present_choice(who.id, ended, TODAY) is None
    chosen(who, ended)
    new = make.decision(who, first_day=date(2026, 3, 1))
    assert hub.present_choice(who.id, None, TODAY) is None
    assert hub.present_choice(who.id, new, TODAY) is None
    choice = chosen(who, new)
    assert hub.present_choice(who.id, new, TODAY) is choice


def test_a_choice_whose_place_has_ended_is_not_the_present_one(app: Flask) -> None:
    who = make.person()
    choice = chosen(who, make.decision(who))
    make.placement(who, choice.unit, end_day=date(2026, 3, 1), end_reason="own_wish")
    assert hub.present_choice(who.id, make.decision_of(who), TODAY) is None


def chosen(who: Client, decision: Decision) -> Choice:
    new = Choice(
        client_id=who.id,
        decision_id=decision.id,
        choice_system_id=decision.choice_system_id,
        kind="chosen",
        unit=make.unit(),
        channel="self",
        registered_at=now(),
        shown={},
    )
    db.session.add(new)
    db.session.flush()
    return new


def test_a_hidden_name_has_no_place_among_the_others(
    app: Flask, client: StrictClient
) -> None:
    worker = caseworker()
    for name in ("Andersson", "Berg", "Carlsson"):
        hidden = {"protection": "sekretessmarkering"} if name == "Berg" else {}
        make.person(caseworker=worker, last_name=name, **hidden)
    page = client.login(worker).page("/personer")
    told = ["Kim Andersson", "Kim Carlsson", "Skyddade personuppgifter"]
    places = [page.text.index(name) for name in told]
    assert places == sorted(places)


def test_a_list_of_people_costs_as_many_queries_for_few_as_for_many(
    app: Flask, client: StrictClient
) -> None:
    worker = caseworker()
    client.login(worker)
    counts = []
    for _ in range(2):
        for _ in range(4):
            make.decision(make.person(caseworker=worker))
        db.session.commit()
        asked: list[str] = []

        def note(_c: Any, _u: Any, text: str, *_: Any, to: list[str] = asked) -> None:
            to.append(text)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            client.page("/personer")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        counts.append(sum("interruption" in text for text in asked))
    assert counts == [1, 1]
