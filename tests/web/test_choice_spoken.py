"""How the pages call the person: "du" to themself, by name to a representative."""

import re
from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.choice.models import Choice
from lovdv.people.models import Client
from lovdv.preferences import COOKIE
from lovdv.reading.lix import AIM, measure
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import fill
from tests.kit_queues import choose, line, no_level_required, offer, small_unit, taken
from tests.kit_reading import EASY, sentences

ABOUT_THE_PERSON = re.compile(
    r"\b[Dd]u (?:har valt|valde|har ångrat|ångrade|står i kö|är nummer|är kvar|vill|"
    r"kan ångra|kan börja|kan komma|kan välja|kan byta|har sparat|har börjat)\b"
    r"|\b[Nn]är du kan börja|\bdin handläggare|\bditt (?:val|kvitto|förnamn)\b"
)
BESIDE = ("Bra att veta", "Läs det här tillsammans. ”Du” är Kim.")
"""From these words on the page says to whom it speaks."""


@pytest.fixture
def person(app: Flask, client: StrictClient) -> Client:
    """Kim, with a representative who is signed in."""
    app.config["DEMO"] = True
    new = make.person(first_name="Kim")
    make.decision(new)
    make.invitation(new)
    holder = make.user(Role.REPRESENTATIVE)
    make.mandate(new, holder)
    client.login(holder)
    return new


@pytest.fixture
def made(person: Client) -> Choice:
    unit = make.unit(name="Kafét")
    fill(unit)
    return choose(person, unit)


def own(person: Client) -> str:
    return f"/mitt-val/{person.public_id}"


def receipt(person: Client, made: Choice) -> str:
    return f"{own(person)}/kvitto/{made.public_id}"


def misspoken(text: str) -> list[str]:
    """What is said as to the person, up to where the page says that it does so."""
    return ABOUT_THE_PERSON.findall(text.partition(BESIDE[1])[0])


def test_the_person_is_spoken_to_and_the_representative_told_about_them(
    client: StrictClient, person: Client, made: Choice
) -> None:
    about = client.page(receipt(person, made)).text
    for words in ("Det här valde Kim", "Kim valde själv.", "Kim står i kö till Kafét."):
        assert words in about
    assert "Kim har valt Kafét" in client.page(own(person)).text
    client.login(make.user(Role.CLIENT, client=person))
    said = client.page(receipt(person, made)).text
    for words in ("Det här valde du", "Du valde själv.", "Du står i kö till Kafét."):
        assert words in said
    assert "Du har valt Kafét" in client.page(own(person)).text


def test_no_page_of_a_choice_calls_the_representative_by_the_persons_du(
    client: StrictClient, person: Client, made: Choice
) -> None:
    told = receipt(person, made)
    for path in (own(person), told, f"{told}/angra"):
        assert misspoken(client.page(path).text) == [], path
    answer = client.send(f"{told}/angra", own_will="agrees")
    for path in (own(person), answer.location, f"{told}/angra"):
        assert misspoken(client.page(path).text) == [], path


def test_the_page_that_asks_for_the_choice_asks_about_the_person(
    client: StrictClient, person: Client
) -> None:
    unit = make.unit(name="Kafét")
    fill(unit)
    page = client.page(f"{own(person)}/valj/{unit.public_id}")
    assert page.heading == "Vill Kim välja Kafét?"
    assert "Ja, Kim väljer Kafét" in page.text
    assert misspoken(page.text) == []


def test_no_page_of_a_visit_calls_the_representative_by_the_persons_du(
    client: StrictClient, person: Client
) -> None:
    unit = make.unit(name="Kafét")
    ask = f"{own(person)}/besok/ny/{unit.public_id}"
    asked = client.send(ask, own_will="agrees", named="yes").location
    for path in (own(person), f"{own(person)}/besok", ask, asked):
        assert misspoken(client.page(path).text) == [], path
    assert "Vad de vet om Kim" in client.page(asked).text


def test_no_page_of_an_offer_calls_the_representative_by_the_persons_du(
    client: StrictClient, person: Client
) -> None:
    no_level_required()
    unit = small_unit(name="Kafét")
    place = taken(unit)
    choose(person, unit)
    place.end_day = date(2026, 4, 1)
    made = offer(line(unit)[0].entry)
    path = f"{own(person)}/erbjudande/{made.public_id}"
    assert client.page(path).heading == "Vill Kim börja på Kafét?"
    for each in (path, f"{path}/nej"):
        assert misspoken(client.page(each).text) == [], each
    client.send(f"{path}/nej", own_will="agrees", reason="travel")
    text = client.page(path).text
    assert "Kim har sagt nej" in text
    assert misspoken(text) == []


def test_the_questions_are_to_be_asked_of_the_person(
    client: StrictClient, person: Client
) -> None:
    page = client.page(f"{own(person)}/steg/gora")
    assert page.heading == "Fråga Kim: Vad vill du göra på dagarna?"
    for words in (BESIDE[1], "Kim vet inte", "Kim vill ha hjälp"):
        assert words in page.text


def test_the_representatives_pages_are_easy_to_read(
    client: StrictClient, person: Client, made: Choice
) -> None:
    client.set_cookie(COOKIE, EASY)
    told, names = receipt(person, made), ["Kim", "Kafét", person.last_name]
    paths = (own(person), told, f"{told}/angra", f"{own(person)}/steg/gora")
    found = {path: measure(sentences(client.page(path)), names).lix for path in paths}
    assert {path: lix for path, lix in found.items() if lix >= AIM} == {}
