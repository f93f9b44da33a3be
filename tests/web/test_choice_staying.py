"""What the person's pages say of where they are: only what is true of the place."""

from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.choice import regretting
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Choice
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient
from tests.kit_queues import choose

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def person(app: Flask, client: StrictClient) -> Client:
    app.config["DEMO"] = True
    new = make.person(first_name="Kim")
    make.decision(new)
    client.login(make.user(Role.CLIENT, client=new))
    return new


@pytest.fixture
def unit(person: Client) -> Unit:
    return make.unit(name="Ateljén")


def own(person: Client) -> str:
    return f"/mitt-val/{person.public_id}"


def receipt(person: Client, made: Choice) -> str:
    return f"{own(person)}/kvitto/{made.public_id}"


def stays(person: Client, unit: Unit, **place: object) -> Choice:
    """An invitation answered with "I want to stay"."""
    make.placement(person, unit, **place)
    make.invitation(person)
    return choose(person, unit)


def test_a_place_that_was_regretted_is_not_where_one_stays(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    made = choose(person, unit)
    make.placement(person, unit, first_day=APRIL)
    regretting.regret(choice=made, made_by=MadeBy())
    text = client.page(own(person)).text
    for words in ("Nu är du på Ateljén", "kvar på Ateljén", "börja på Ateljén"):
        assert words not in text
    assert "Då ordnar kommunen en plats åt dig" in text


def test_a_place_to_come_is_told_with_its_first_day(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    make.invitation(person)
    choose(person, unit)
    make.placement(person, unit, first_day=APRIL)
    text = client.page(own(person)).text
    assert "Du ska börja på Ateljén" in text
    assert "Då börjar du på Ateljén onsdag 1 april 2026." in text
    assert "kvar på Ateljén" not in text


def test_a_place_that_ends_is_told_with_its_last_day(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    make.placement(person, unit, end_day=MAY)
    other = make.unit(name="Kafét")
    made = choose(person, other)
    make.placement(person, other, first_day=MAY)
    regretting.regret(choice=made, made_by=MadeBy())
    text = client.page(own(person)).text
    assert "Nu är du på Ateljén" in text
    assert "Sista dagen är torsdag 30 april 2026." in text
    assert "Då är du på Ateljén till och med torsdag 30 april 2026." in text
    assert "kvar på Ateljén" not in text


def test_to_stay_is_to_stay_where_the_place_goes_on(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    made = stays(person, unit)
    assert "Du är kvar på Ateljén." in client.page(receipt(person, made)).text
    assert "Du har valt att vara kvar på Ateljén" in client.page(own(person)).text


def test_the_receipt_of_a_stay_follows_the_place(
    app: Flask, client: StrictClient, person: Client, unit: Unit
) -> None:
    made = stays(person, unit, end_day=MAY)
    text = client.page(receipt(person, made)).text
    assert "Du är på Ateljén till och med torsdag 30 april 2026." in text
    assert "Du är kvar på" not in text
    app.config["TODAY"] = "2026-05-01"
    client.login(make.user(Role.CLIENT, client=person))
    text = client.page(receipt(person, made)).text
    assert "Du har inte längre någon plats på Ateljén." in text


def test_who_regretted_and_chose_the_same_again_was_never_there(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    make.invitation(person)
    first = choose(person, unit)
    make.placement(person, unit, first_day=APRIL)
    regretting.regret(choice=first, made_by=MadeBy())
    asked = client.page(f"{own(person)}/valj/{unit.public_id}")
    assert asked.heading == "Vill du ha kvar platsen på Ateljén?"
    again = choose(person, unit)
    text = client.page(receipt(person, again)).text
    assert "Ha kvar platsen på Ateljén." in text
    assert "Första dagen på Ateljén är onsdag 1 april 2026." in text
    for page in (text, client.page(own(person)).text):
        assert "kvar på Ateljén" not in page


def test_a_regretted_stay_took_nothing_back_that_was_asked(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    made = stays(person, unit)
    asked = client.page(f"{receipt(person, made)}/angra").text
    assert "Vi tar tillbaka" not in asked
    regretting.regret(choice=made, made_by=MadeBy())
    assert "Vi har tagit tillbaka" not in client.page(receipt(person, made)).text


def test_the_last_day_before_another_place_is_never_after_the_place_has_ended(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    make.placement(person, unit, end_day=date(2026, 3, 20))
    other = make.unit(name="Kafét")
    text = client.page(f"{own(person)}/valj/{other.public_id}").text
    assert "Sista dagen på Ateljén är torsdag 19 mars 2026." in text


def test_the_button_to_stay_names_the_unit(
    client: StrictClient, person: Client, unit: Unit
) -> None:
    make.placement(person, unit)
    make.invitation(person)
    page = client.page(f"/mitt-val/{person.public_id}/valj/{unit.public_id}")
    assert "Ja, jag vill vara kvar på Ateljén" in page.text
