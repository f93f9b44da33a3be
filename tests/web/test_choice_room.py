"""The assisted session: the guide is signed in, and the person answers in the room."""

from datetime import date

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import Invitation
from lovdv.extensions import db
from lovdv.guides import operations
from lovdv.providers.models import Unit
from lovdv.reading.lix import AIM, measure
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import by_the_20th, fill, no_choices, the_choice
from tests.kit_page import Page
from tests.kit_reading import sentences

SUPPORT = "Vi läste med bilder."


@pytest.fixture
def guide(client: StrictClient) -> User:
    user = make.user(Role.GUIDE, name="Lisa Lots")
    client.login(user)
    return user


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ateljén")


@pytest.fixture
def invitation(guide: User, unit: Unit) -> Invitation:
    person = make.person(first_name="Eva", last_name="Ek")
    return make.invitation(person, wants_support=True, guide_id=guide.id)


def path(invitation: Invitation) -> str:
    return f"/val/{invitation.public_id}/registrera"


def read_through(
    client: StrictClient, invitation: Invitation, unit: Unit, **values: object
) -> TestResponse:
    told = {"made_by": "person", "channel": "meeting", "support": SUPPORT, **values}
    return client.send(path(invitation), unit=unit.public_id, **told)


def turned(
    client: StrictClient, invitation: Invitation, unit: Unit, **values: object
) -> Page:
    """The screen that is turned to the person."""
    page = read_through(client, invitation, unit, **values).page
    sent = page.form("support").filled({"step": "confirm"})
    return client.page(client.post(path(invitation), data=sent).location)


def answered(client: StrictClient, invitation: Invitation, answer: str) -> Page:
    told = {"answer": answer}
    sent = client.post(f"/val/{invitation.public_id}/i-rummet", data=told)
    return client.page(sent.location)


def test_the_persons_own_yes_is_kept_with_who_was_signed_in(
    client: StrictClient, guide: User, invitation: Invitation, unit: Unit
) -> None:
    shown = turned(client, invitation, unit)
    assert shown.heading == "Vill du välja Ateljén?"
    assert no_choices()
    page = answered(client, invitation, "yes")
    made = the_choice()
    assert (made.channel, made.confirmed) == ("guide", "in_room")
    assert made.confirmed_at == made.registered_at
    assert made.registered_by_id == guide.id
    assert "Ditt val är sparat" in page.text
    assert "Ge tillbaka skärmen till Lisa Lots" in page.text


def test_a_no_registers_nothing_and_keeps_what_was_typed(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    turned(client, invitation, unit)
    done = answered(client, invitation, "no")
    assert "Vi har inte sparat något val" in done.text
    back = client.page(done.links["Jag har skärmen igen"])
    assert "Det ni skrev finns kvar" in back.text
    assert back.form("support").fields["unit"] == [unit.public_id]
    assert SUPPORT in back.text
    assert no_choices()
    assert invitation.closed_on is None


def test_i_do_not_know_registers_nothing_and_is_logged(
    client: StrictClient, guide: User, invitation: Invitation, unit: Unit
) -> None:
    turned(client, invitation, unit)
    assert "Du vet inte än" in answered(client, invitation, "undecided").text
    [logged] = invitation.attempts
    assert (logged.way, logged.result) == ("meeting", "undecided")
    assert logged.by_id == guide.id
    assert no_choices()
    assert "Personen vet inte än" in client.page(f"/stod/{invitation.public_id}").text


def test_the_turned_screen_holds_no_menu_and_no_case(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    make.invitation(make.person(first_name="Annan"), wants_support=True)
    shown = turned(client, invitation, unit)
    for page in (shown, answered(client, invitation, "yes")):
        links = page.links
        assert "Stöd att välja" not in links
        assert "Lots" not in page.one("header").itertext()
        assert invitation.client.case_number not in page.html
        assert "Annan" not in page.html


def test_a_new_choice_tells_the_days_and_that_it_may_be_full(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    by_the_20th()
    fill(unit)
    make.placement(invitation.client, unit=make.unit(name="Bageriet"))
    page = turned(client, invitation, unit)
    assert "Sista dagen på Bageriet är" in page.text
    assert "torsdag 30 april 2026" in page.text
    assert "Det är fullt just nu" in page.text


def test_the_turned_screen_is_easy_to_read(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    shown = turned(client, invitation, unit, wanted_start="2026-04-01")
    for page in (shown, answered(client, invitation, "no")):
        assert measure(sentences(page), ["Ateljén", "Lisa Lots"]).lix < AIM


def test_on_the_phone_it_is_read_aloud_as_before(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    page = read_through(client, invitation, unit, channel="phone").page
    assert "Läs högt för personen" in page.text
    sent = page.form("support").filled({"step": "confirm"})
    client.post(path(invitation), data=sent)
    assert (the_choice().channel, the_choice().confirmed) == ("guide", "phone")


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (
            "2026-03-15",
            "Dagen har varit. Välj i dag eller en senare dag, eller lämna rutan tom.",
        ),
        (
            "2028-03-17",
            "Dagen är mer än två år bort. Välj en tidigare dag, eller lämna rutan tom.",
        ),
    ],
)
def test_nobody_wants_to_begin_on_a_day_that_cannot_be(
    client: StrictClient,
    invitation: Invitation,
    unit: Unit,
    day: str,
    message: str,
) -> None:
    page = read_through(client, invitation, unit, wanted_start=day).page
    assert message in page.errors
    assert no_choices()


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-03-16", "Vill börja måndag 16 mars 2026"),
        ("2028-03-16", "Vill börja torsdag 16 mars 2028"),
    ],
)
def test_the_day_that_the_person_wants_to_begin_is_read_through(
    client: StrictClient, invitation: Invitation, unit: Unit, day: str, told: str
) -> None:
    page = read_through(client, invitation, unit, wanted_start=day).page
    assert told in " ".join(page.text.split())
    without = read_through(client, invitation, unit).page
    assert "Vill börja" not in without.text


def test_in_the_room_nothing_is_kept_past_the_persons_own_page(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    """The step that keeps a choice by phone only turns the screen here."""
    for _ in range(2):
        assert "Vad säger du?" in turned(client, invitation, unit).text
    assert no_choices()


def test_two_answers_make_one_choice(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    turned(client, invitation, unit)
    answered(client, invitation, "yes")
    room = f"/val/{invitation.public_id}/i-rummet"
    assert client.post(room, data={"answer": "yes"}).location == "/val/i-rummet/ja"
    assert the_choice().unit_id == unit.id


def test_only_those_who_register_see_the_last_page(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.MANAGER))
    assert client.get("/val/i-rummet/ja").status_code == 403


def test_what_was_typed_is_there_when_the_reader_changes_the_page(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    """Larger text sends the reader back to the same address."""
    turned(client, invitation, unit)
    page = client.page(f"/val/{invitation.public_id}/i-rummet")
    assert page.heading == "Vill du välja Ateljén?"


def test_nothing_to_answer_leads_to_the_form(
    client: StrictClient, invitation: Invitation
) -> None:
    room = f"/val/{invitation.public_id}/i-rummet"
    assert client.get(room).location == path(invitation)
    turned_down = client.post(room, data={"answer": "yes"})
    assert turned_down.location == path(invitation)
    assert no_choices()


def test_a_unit_that_closes_meanwhile_is_told_and_nothing_is_lost(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    turned(client, invitation, unit)
    make.contract_of(unit).closed_from = date(2026, 3, 1)
    db.session.flush()
    page = answered(client, invitation, "yes")
    assert "tar inte emot nya val" in page.text
    assert SUPPORT in page.text
    assert no_choices()


def test_who_may_not_register_sees_no_room(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    turned(client, invitation, unit)
    client.login(make.user(Role.GUIDE))
    for address in ("i-rummet", "i-rummet/nej"):
        found = client.get(f"/val/{invitation.public_id}/{address}")
        assert found.status_code == 404


def test_a_conflict_declared_meanwhile_stops_it(
    client: StrictClient, guide: User, invitation: Invitation, unit: Unit
) -> None:
    turned(client, invitation, unit)
    operations.declare_conflict(
        user_id=guide.id,
        municipality_id=make.municipality().id,
        provider=unit.provider,
        unit=None,
        reason="Släkt.",
        first_day=date(2026, 3, 16),
    )
    assert "Du har anmält jäv" in answered(client, invitation, "yes").text
    assert no_choices()
