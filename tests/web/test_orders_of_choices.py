"""Orders carry out a choice as it was made: the unit, the decision and the day."""

from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import operations as choosing
from lovdv.choice.models import Choice
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.placements import operations, orders
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import by_the_20th
from tests.web.test_orders import confirm, level_required, send

EARLIER, START = date(2026, 3, 16), date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _no_level(app: Flask) -> None:
    level_required(required=False)


def chose(client: Client, unit: Unit, **values: object) -> Choice:
    return choosing.choose(
        client=client,
        decision=make.decision_of(client),
        unit=unit,
        made_by=choosing.MadeBy(),
        told=choosing.Told("self", {}),
        **values,
    )


def persons_of(worker: User) -> Client:
    client = make.person(caseworker=worker)
    make.decision(client)
    return client


def test_a_unit_begins_no_earlier_than_was_ordered(app: Flask) -> None:
    client = make.person()
    before = make.placement(client)
    order = send(client, wanted_start=START, replaces=before)
    with pytest.raises(Refused, match="gäller från 1 april 2026"):
        confirm(order, start_day=EARLIER)
    assert before.end_day is None
    assert confirm(order, start_day=START).first_day == START


def test_a_choice_is_ordered_where_it_was_made(app: Flask) -> None:
    client, chosen, other = make.person(), make.unit(), make.unit()
    make.decision(client)
    choice = chose(client, chosen)
    with pytest.raises(Refused, match=f"Personen har valt {chosen.name}"):
        send(client, other, choice=choice)
    assert send(client, chosen, choice=choice).choice_id == choice.id


def test_what_the_chosen_unit_declined_is_ordered_elsewhere(app: Flask) -> None:
    client, chosen, other = make.person(), make.unit(), make.unit()
    make.decision(client)
    choice = chose(client, chosen)
    orders.decline(order=send(client, chosen, choice=choice), reason="full")
    assert send(client, other, choice=choice).choice_id == choice.id


def test_a_choice_made_before_the_unit_closed_is_still_ordered(
    client: StrictClient, app: Flask
) -> None:
    worker, unit = make.user(Role.CASEWORKER), make.unit()
    other, person = make.unit(), persons_of(worker)
    choice = chose(person, unit)
    app.config["TODAY"] = "2026-03-20"
    make.contract_of(unit).closed_from = date(2026, 3, 18)
    db.session.commit()
    client.login(worker)
    path = f"/bestallningar/ny/{person.public_id}?choice={choice.public_id}"
    form = client.form(path, "unit")
    assert form.filled({})["unit"] == [unit.public_id]
    sent = client.send(path, wanted_start="2026-04-01", extent="Heltid", goal="Djur")
    assert sent.status_code == 302, sent.page.errors
    with pytest.raises(Refused, match="tar inte emot nya val"):
        send(make.placement(unit=other).client, unit)


def test_a_choice_fills_in_its_own_decision(client: StrictClient, app: Flask) -> None:
    worker, unit = make.user(Role.CASEWORKER), make.unit()
    person = persons_of(worker)
    choice = chose(person, unit)
    make.decision(person, first_day=date(2026, 9, 1))
    client.login(worker)
    path = f"/bestallningar/ny/{person.public_id}?choice={choice.public_id}"
    found = client.form(path, "unit").filled({})["decision"]
    assert found == [db.session.get_one(Decision, choice.decision_id).public_id]


def test_a_rechoice_is_ordered_from_the_day_it_begins_to_count(
    client: StrictClient, app: Flask
) -> None:
    by_the_20th()
    worker, unit = make.user(Role.CASEWORKER), make.unit()
    person = persons_of(worker)
    make.placement(person)
    choice = chose(person, unit, wanted_start=date(2026, 3, 17))
    assert choice.effective_day == date(2026, 5, 1)
    client.login(worker)
    path = f"/bestallningar/ny/{person.public_id}?choice={choice.public_id}"
    assert client.form(path, "unit").filled({})["wanted_start"] == ["2026-05-01"]
    assert "Valet börjar gälla 1 maj 2026" in client.page(path).text
    sent = client.send(path, wanted_start="2026-04-01", extent="Heltid", goal="Djur")
    assert "har en tidigare dag" in client.page(sent.location).text


def test_a_choice_comes_back_when_its_place_is_annulled(
    client: StrictClient, app: Flask
) -> None:
    worker, unit = make.user(Role.CASEWORKER), make.unit()
    person = persons_of(worker)
    placement = confirm(send(person, unit, choice=chose(person, unit)))
    client.login(worker)
    assert "Val att beställa" not in client.page("/bestallningar").text
    operations.annul(placement=placement, reason="Började aldrig.")
    assert "Val att beställa" in client.page("/bestallningar").text


def test_a_declined_order_is_made_again_from_its_choice(
    client: StrictClient, app: Flask
) -> None:
    worker, unit = make.user(Role.CASEWORKER), make.unit()
    person = persons_of(worker)
    choice = chose(person, unit)
    order = send(person, unit, choice=choice)
    orders.decline(order=order, reason="full")
    client.login(worker)
    page = client.page(f"/bestallningar/{order.public_id}")
    assert choice.public_id in page.links["Gör en ny beställning"]


def test_a_placement_that_is_over_links_to_its_last_month(
    client: StrictClient, app: Flask
) -> None:
    worker = make.user(Role.CASEWORKER)
    person = make.person(caseworker=worker)
    placement = make.placement(person, end_day=date(2026, 3, 1))
    client.login(worker)
    page = client.page(f"/placeringar/{placement.public_id}")
    assert f'href="/narvaro/{placement.public_id}/2026-02"' in page.html
