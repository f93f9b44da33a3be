"""A choice taken back, as a caseworker or guide hears it from the person."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import Choice, ChoiceRegret, Invitation, QueueEntry
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.guides import operations as guides
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import fill
from tests.kit_queues import choose

TOLD = {"made_by": "person", "channel": "phone"}


@pytest.fixture
def guide(app: Flask) -> User:
    return make.user(Role.GUIDE, name="Lo Lind")


@pytest.fixture
def worker(app: Flask) -> User:
    return make.user(Role.CASEWORKER)


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ateljén")


@pytest.fixture
def person(guide: User, worker: User) -> Client:
    """Somebody without a login, helped by the guide, with a caseworker."""
    new = make.person(first_name="Kim")
    make.decision(new)
    make.assignment(new, worker)
    make.invitation(new, guide_id=guide.id, wants_support=True)
    return new


@pytest.fixture
def made(person: Client, unit: Unit) -> Choice:
    return choose(person, unit)


def path_of(made: Choice) -> str:
    return f"/val/gjorda/{made.public_id}/angra"


def regrets() -> list[ChoiceRegret]:
    return list(db.session.scalars(select(ChoiceRegret)))


def take_back(client: StrictClient, made: Choice, **told: object) -> Any:
    return client.send(path_of(made), "made_by", **{**TOLD, **told})


def test_the_caseworker_registers_it_from_the_history(
    client: StrictClient, person: Client, made: Choice, worker: User
) -> None:
    history = f"/val/person/{person.public_id}"
    page = client.login(worker).page(history)
    path = page.links["Registrera att personen ångrar sig"]
    asked = client.page(path).text
    for words in (
        "Det här valde Kim: Ateljén.",
        "Vi tar tillbaka det vi har frågat Ateljén om.",
        "Sedan kan Kim välja igen.",
    ):
        assert words in asked
    assert client.send(path, "made_by", **TOLD).location == history
    [kept] = regrets()
    assert (kept.made_by, kept.registered_by_id) == ("person", worker.id)
    after = client.page(history)
    assert "Val, ångrat 2026-03-16" in after.text
    assert "Registrera att personen ångrar sig" not in after.links
    assert db.session.scalars(select(Invitation)).one().closed_on is None


def test_the_guide_registers_it_from_the_persons_page(
    client: StrictClient, made: Choice, guide: User
) -> None:
    invitation = db.session.scalars(select(Invitation)).one()
    page = client.login(guide).page(f"/stod/{invitation.public_id}")
    path = page.links["Registrera att personen ångrar sig"]
    assert client.send(path, "made_by", **TOLD).location == "/stod"
    assert regrets()[0].registered_by_id == guide.id
    assert "Registrera att personen ångrar sig" not in (
        client.page(f"/stod/{invitation.public_id}").links
    )


def test_a_guides_substitute_registers_it(
    client: StrictClient, made: Choice, guide: User
) -> None:
    other = make.user(Role.GUIDE)
    guides.name_substitute(
        guide=guide,
        substitute=other,
        municipality_id=make.municipality().id,
        first_day=today(),
        end_day=date(2026, 3, 23),
        by_id=guide.id,
    )
    client.login(other)
    take_back(client, made)
    assert regrets()[0].registered_by_id == other.id


@pytest.mark.parametrize(
    "case",
    [(Role.GUIDE, 404), (Role.CASEWORKER, 404), (Role.PROVIDER, 403)],
    ids=["another guide", "another caseworker", "the unit"],
)
def test_nobody_else_registers_it(
    client: StrictClient, made: Choice, unit: Unit, case: tuple[Role, int]
) -> None:
    role, status = case
    at = {"unit": unit} if role is Role.PROVIDER else {}
    client.login(make.user(role, **at))
    assert client.get(path_of(made)).status_code == status
    assert client.post(path_of(made), data=TOLD).status_code == status
    assert regrets() == []


def test_a_guide_with_a_conflict_registers_nothing_there(
    client: StrictClient, made: Choice, unit: Unit, guide: User
) -> None:
    guides.declare_conflict(
        user_id=guide.id,
        municipality_id=make.municipality().id,
        provider=None,
        unit=unit,
        reason="Min syster arbetar där.",
        first_day=today(),
    )
    client.login(guide)
    assert "Du har anmält jäv mot Ateljén" in take_back(client, made).page.text
    assert regrets() == []


def test_a_representative_decides_within_the_mandate(
    client: StrictClient, person: Client, made: Choice, worker: User
) -> None:
    mandate = make.mandate(person)
    client.login(worker)
    told = {"made_by": "representative", "mandate": mandate.public_id}
    form = client.form(path_of(made), "made_by")
    mandate.end_day = today()
    db.session.flush()
    sent = form.filled({**TOLD, **told, "own_will": "agrees"})
    lapsed = client.post(path_of(made), data=sent).page
    assert "Välj företrädarens uppdrag" in " ".join(lapsed.errors)
    mandate.end_day = None
    db.session.flush()
    unwilling = take_back(client, made, **told, own_will="does_not_agree").page
    assert "Personen håller inte med." in " ".join(unwilling.errors)
    assert regrets() == []
    take_back(client, made, **told, own_will="agrees")
    [kept] = regrets()
    assert (kept.mandate_id, kept.own_will) == (mandate.id, "agrees")


def test_too_late_is_told(
    app: Flask, client: StrictClient, made: Choice, worker: User
) -> None:
    form = client.login(worker).form(path_of(made), "made_by").filled(TOLD)
    app.config["TODAY"] = "2026-03-31"
    client.login(worker)
    answer = client.post(path_of(made), data=form)
    assert "Tiden att ångra sig är slut" in answer.page.text
    assert "Kim kan välja om när Kim vill." in client.page(path_of(made)).text
    assert regrets() == []


def test_two_windows_register_it_once(
    client: StrictClient, made: Choice, worker: User
) -> None:
    form = client.login(worker).form(path_of(made), "made_by").filled(TOLD)
    client.post(path_of(made), data=form)
    again = client.post(path_of(made), data=form)
    assert "Kim har ångrat det här valet" in again.page.text
    assert len(regrets()) == 1


def test_after_the_units_yes_it_becomes_the_caseworkers_task(
    client: StrictClient, person: Client, made: Choice, unit: Unit, worker: User
) -> None:
    place = make.placement(person, unit, first_day=date(2026, 4, 1))
    page = client.login(worker).page(path_of(made))
    assert "Ateljén har sagt ja till Kim" in page.text
    assert "Handläggaren pratar med dem" in page.text
    take_back(client, made)
    assert place.number in client.page("/val/angrade").text


def test_the_place_in_the_queue_is_told_of_and_left(
    client: StrictClient, person: Client, unit: Unit, worker: User
) -> None:
    fill(unit)
    made = choose(person, unit)
    page = client.login(worker).page(path_of(made))
    assert "Om Kim ångrar sig lämnar Kim kön." in page.text
    take_back(client, made)
    assert db.session.scalars(select(QueueEntry)).one().end_reason == "regretted"


def test_a_protected_person_is_not_named(
    client: StrictClient, person: Client, made: Choice, guide: User
) -> None:
    person.protection = "confidentiality"
    db.session.flush()
    page = client.login(guide).page(path_of(made))
    assert page.heading == "Registrera att personen ångrar sig"
    assert "Kim" not in page.text


def test_somebody_who_is_both_guide_and_caseworker_comes_back_as_guide(
    client: StrictClient, unit: Unit
) -> None:
    me = make.user(Role.GUIDE, Role.CASEWORKER)
    person = make.person()
    make.decision(person)
    make.invitation(person, guide_id=me.id, wants_support=True)
    made = choose(person, unit)
    back = take_back(client.login(me), made).location
    assert back == "/stod"
    assert client.get(back).status_code == 200


def test_an_earlier_guide_registers_nothing_about_what_came_after(
    client: StrictClient, person: Client, unit: Unit, guide: User
) -> None:
    earlier = make.user(Role.GUIDE)
    make.invitation(
        person, guide_id=earlier.id, wants_support=True, closed_on=date(2025, 4, 1)
    )
    make.invitation(person, guide_id=guide.id, wants_support=True)
    made = choose(person, unit)
    assert client.login(guide).get(path_of(made)).status_code == 200
    assert client.login(earlier).get(path_of(made)).status_code == 404
