"""One question at a time, up to the choice: kept, changeable, and nobody dropped."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import Choice, Invitation, SavedUnit
from lovdv.choosing.models import StepAnswers
from lovdv.choosing.steps import STEPS
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from lovdv.reading.lix import AIM, measure
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import the_choice
from tests.kit_page import classes, text_of
from tests.kit_reading import read, sentences, world_in


@pytest.fixture
def chooser(app: Flask, client: StrictClient) -> Client:
    app.config["DEMO"] = True
    person = make.person()
    make.decision(person)
    make.invitation(person)
    client.login(make.user(Role.CLIENT, client=person))
    return person


@pytest.fixture
def cafe(chooser: Client) -> Unit:
    unit = make.unit(name="Kaféet")
    make.profile(unit, version=2, facts={"activities": ["cafe"]})
    return unit


@pytest.fixture
def wood(chooser: Client) -> Unit:
    unit = make.unit(name="Snickeriet")
    make.profile(unit, facts={"activities": ["wood"]})
    return unit


def path_of(person: Client, slug: str) -> str:
    return f"/mitt-val/{person.public_id}/steg/{slug}"


def send(
    client: StrictClient, person: Client, slug: str, go: str = "next", **told: Any
) -> Any:
    return client.post(path_of(person, slug), data={"go": go, **told})


def answers() -> StepAnswers:
    return db.session.scalars(select(StepAnswers)).one()


def test_one_question_leads_to_the_next_up_to_the_choice(
    client: StrictClient, chooser: Client, cafe: Unit, wood: Unit
) -> None:
    start = client.page(f"/mitt-val/{chooser.public_id}")
    answer = client.get(start.links["En fråga i taget"])
    where = answer.location
    told = {
        "gora": {"svar": "activities:cafe"},
        "tanka": {"svar": [cafe.public_id], "visad": [cafe.public_id]},
        "prova": {"svar": "no"},
        "valj": {"svar": cafe.public_id},
    }
    for number, step in enumerate(STEPS, 1):
        page = client.page(where)
        assert f"Fråga {number} av {len(STEPS)}" in page.text
        assert step.question in page.text
        where = send(client, chooser, step.slug, **told.get(step.slug, {})).location
    receipt = client.send(where)
    assert "Kaféet" in client.page(receipt.location).text
    shown = the_choice().shown
    assert (shown["way"], shown["sort"]) == ("steps", "neutral")
    assert shown["shown_first"] == [cafe.public_id]
    assert sorted(shown["units"]) == sorted([[cafe.public_id, 2], [wood.public_id, 1]])
    assert (answers().step, answers().unit_id) == ("gora", None)


def test_comparing_freely_says_nothing_of_steps(
    client: StrictClient, chooser: Client, cafe: Unit
) -> None:
    client.send(f"/mitt-val/{chooser.public_id}/valj/{cafe.public_id}")
    assert "way" not in the_choice().shown


def test_no_unit_is_dropped_and_the_rest_is_one_click_away(
    client: StrictClient, chooser: Client, cafe: Unit, wood: Unit
) -> None:
    silent = make.unit(name="Tysta huset")
    send(client, chooser, "gora", svar="activities:cafe")
    page = client.page(path_of(chooser, "tanka"))
    assert "2 av 3 visas." in page.text
    assert "1 har inte svarat på ”vad gör man här”" in page.text
    assert "Snickeriet" not in page.text
    assert silent.name in page.text
    everyone = send(client, chooser, "tanka", "all").location
    assert "3 av 3 visas." in client.page(everyone).text
    assert "Snickeriet" in client.page(everyone).text


@pytest.mark.parametrize("go", ["next", "back", "later", "unsure", "help"])
def test_every_way_on_keeps_what_was_ticked(
    client: StrictClient, chooser: Client, go: str
) -> None:
    sent = ["activities:cafe", "activities:music"]
    answer = send(client, chooser, "gora", go, svar=sent)
    assert answer.status_code == 302
    assert client.get(answer.location).status_code == 200
    assert answers().ticked["activities"] == ["cafe", "music"]


def test_one_goes_on_where_one_was_on_another_device(
    app: Flask, client: StrictClient, chooser: Client
) -> None:
    send(client, chooser, "gora", svar="activities:cafe")
    send(client, chooser, "behov", "later", svar="access:lift")
    other = StrictClient(app).login(make.user(Role.CLIENT, client=chooser))
    page = other.page(f"/mitt-val/{chooser.public_id}")
    answer = other.get(page.links["Fortsätt där du var"])
    assert answer.location.endswith("/steg/behov")
    ticked = [
        each.get("value")
        for each in other.page(answer.location).tree.iter("input")
        if each.get("checked") is not None
    ]
    assert ticked == ["access:lift"]
    assert answers().ticked["activities"] == ["cafe"]


def test_an_answer_can_be_changed_and_two_windows_keep_one_row(
    client: StrictClient, chooser: Client
) -> None:
    for sent in (["activities:cafe"], ["activities:wood"], []):
        send(client, chooser, "gora", svar=sent)
    assert answers().ticked["activities"] == []


def test_what_nobody_asked_is_not_kept(client: StrictClient, chooser: Client) -> None:
    send(client, chooser, "gora", svar=["activities:x", "access:lift", "y"])
    send(client, chooser, "plats", svar="Månen")
    send(client, chooser, "prova", svar="kanske")
    assert answers().ticked == {"activities": []}
    assert (answers().area, answers().visit) == ("", "")


def test_hearts_follow_the_ticks_and_others_stay(
    client: StrictClient, chooser: Client, cafe: Unit, wood: Unit
) -> None:
    client.post(
        f"/mitt-val/{chooser.public_id}/spara",
        data={"unit": wood.public_id, "keep": "1"},
    )
    send(client, chooser, "tanka", svar=[cafe.public_id], visad=[cafe.public_id])
    assert set(db.session.scalars(select(SavedUnit.unit_id))) == {cafe.id, wood.id}
    send(client, chooser, "tanka", visad=[cafe.public_id])
    assert set(db.session.scalars(select(SavedUnit.unit_id))) == {wood.id}


def test_nothing_marked_is_told_and_nothing_is_lost(
    client: StrictClient, chooser: Client, cafe: Unit
) -> None:
    send(client, chooser, "tanka", svar=[cafe.public_id], visad=[cafe.public_id])
    answer = send(client, chooser, "valj")
    assert "Välj en av dem." in answer.page.text
    assert "Kaféet" in answer.page.text


def test_a_saved_unit_that_left_is_told_of_calmly(
    client: StrictClient, chooser: Client, cafe: Unit, wood: Unit
) -> None:
    both = [cafe.public_id, wood.public_id]
    send(client, chooser, "tanka", svar=both, visad=both)
    make.contract_of(wood).end_day = date(2026, 3, 1)
    db.session.flush()
    page = client.page(path_of(chooser, "valj"))
    assert "går inte att välja längre" in page.text
    assert "Snickeriet" not in page.text
    assert (
        "Välj en av dem."
        in send(client, chooser, "valj", svar=wood.public_id).page.text
    )


def test_asking_for_help_says_who_helps_and_what_happens(
    client: StrictClient, chooser: Client
) -> None:
    answer = send(client, chooser, "prata", "help")
    page = client.page(answer.location)
    assert "Lotsen hör av sig till dig." in page.text
    invitation = db.session.scalars(select(Invitation)).one()
    assert invitation.wants_support
    invitation.guide_id = make.user(Role.GUIDE, name="Lo Lind", phone="08-1").id
    db.session.flush()
    assert "Lo Lind, telefon 08-1" in client.page(answer.location).text


def test_help_without_an_invitation_makes_one(
    client: StrictClient, chooser: Client
) -> None:
    db.session.delete(db.session.scalars(select(Invitation)).one())
    client.post(f"{path_of(chooser, 'gora')}/hjalp")
    assert db.session.scalars(select(Invitation)).one().wants_support


def test_not_knowing_leads_on(client: StrictClient, chooser: Client) -> None:
    page = client.page(send(client, chooser, "gora", "unsure").location)
    for words in ("Nästa fråga", "Titta på alla", "Jag vill besöka", "Tänka mer"):
        assert client.get(page.links[words]).status_code == 200


def test_somebody_elses_questions_are_not_there(
    client: StrictClient, chooser: Client
) -> None:
    other = make.person()
    make.decision(other)
    for path in ("gora", "gora/vet-inte", "gora/hjalp"):
        assert client.get(path_of(other, path)).status_code == 404
    assert send(client, other, "gora").status_code == 404
    assert client.get(path_of(chooser, "annat")).status_code == 404


def test_without_a_decision_one_is_told_whom_to_call(
    client: StrictClient, chooser: Client
) -> None:
    make.decision_of(chooser).end_day = make.START
    db.session.flush()
    answer = client.get(path_of(chooser, "gora"))
    assert answer.status_code == 409
    assert "Ring kommunen" in answer.page.text


def test_many_units_come_a_page_at_a_time_and_hearts_stay(
    client: StrictClient, chooser: Client
) -> None:
    for number in range(27):
        make.unit(name=f"Hus {number}")
    page = client.page(path_of(chooser, "tanka"))
    assert "Sida 1 av 2" in page.text
    shown = [
        each.get("value")
        for each in page.tree.iter("input")
        if each.get("name") == "visad"
    ]
    answer = send(client, chooser, "tanka", "page-2", svar=shown[:1], visad=shown)
    assert "Sida 2 av 2" in client.page(answer.location).text
    assert len(db.session.scalars(select(SavedUnit)).all()) == 1
    for odd in ("page-x", "page--1", "page-99"):
        location = send(client, chooser, "tanka", odd).location
        assert client.get(location).status_code == 200


def test_every_question_is_easy_and_each_picture_has_its_word(app: Flask) -> None:
    world = world_in(app)
    person = db.session.scalars(select(Client)).one()
    base = f"/mitt-val/{person.public_id}/steg"
    pages = {step.slug: f"{base}/{step.slug}" for step in STEPS}
    pages |= {"unsure": f"{base}/gora/vet-inte", "helped": f"{base}/gora/hjalp"}
    client = world.reader
    client.post(f"{base}/gora", data={"go": "help"})
    hard, alone = {}, []
    for name, page in read(world, "reading=easy&pictures=many", pages):
        lix = measure(sentences(page), world.names).lix
        hard |= {name: lix} if lix >= AIM else {}
        alone += [
            name
            for parent in page.one("main").iter()
            for image in parent
            if "lov-picture" in classes(image) and not text_of(parent)
        ]
    assert (hard, alone) == ({}, [])


@pytest.fixture
def short_mandate(app: Flask, client: StrictClient, chooser: Client) -> User:
    """A representative who may watch over rights, and is signed in."""
    holder = make.user(Role.REPRESENTATIVE)
    make.mandate(chooser, holder, scope=["bevaka_ratt"])
    client.login(holder)
    return holder


def test_a_short_mandate_changes_no_answer_and_chooses_nothing(
    client: StrictClient, chooser: Client, cafe: Unit, short_mandate: User
) -> None:
    own = f"/mitt-val/{chooser.public_id}"
    for answer in (
        send(client, chooser, "tanka", svar=[cafe.public_id], visad=[cafe.public_id]),
        send(client, chooser, "valj", svar=cafe.public_id),
        client.post(f"{own}/spara", data={"unit": cafe.public_id, "keep": "1"}),
    ):
        assert answer.status_code == 409
        assert "Ditt uppdrag räcker inte" in answer.page.text
    for table in (Choice, SavedUnit, StepAnswers):
        assert db.session.scalars(select(table)).first() is None


def test_a_short_mandate_asks_for_help_but_begins_no_choice(
    client: StrictClient, chooser: Client, short_mandate: User
) -> None:
    own = f"/mitt-val/{chooser.public_id}"
    [invitation] = db.session.scalars(select(Invitation))
    invitation.closed_on = date(2026, 3, 16)
    for path in (f"{own}/hjalp", f"{own}/steg/gora/hjalp"):
        assert client.post(path).status_code == 409
    assert db.session.scalars(select(Invitation)).one().id == invitation.id
    invitation.closed_on = None
    assert client.post(f"{own}/hjalp").status_code == 302
    assert db.session.scalars(select(Invitation.wants_support)).one()
