"""The person chooses, alone or with a representative."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import operations
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Choice, QueueEntry, SavedUnit
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import by_the_20th, fill, no_choices, the_choice, units
from tests.kit_reading import MUST_SAY


@pytest.fixture
def chooser(app: Flask, client: StrictClient) -> Client:
    """A person with a decision, signed in (password login is for demo only)."""
    app.config["DEMO"] = True
    person = make.person()
    make.decision(person)
    client.login(make.user(Role.CLIENT, client=person))
    return person


def test_the_own_page_says_what_must_be_said_and_never_the_level(
    client: StrictClient, chooser: Client
) -> None:
    make.invitation(chooser)
    page = client.page(f"/mitt-val/{chooser.public_id}")
    for words in MUST_SAY:
        assert words in page.text
    assert "måndag 23 mars 2026" in page.text
    for word in ("nivå", "icke-val", "ersättning"):
        assert word not in page.text.lower()


def test_what_the_municipality_arranged_is_not_told_as_the_persons_choice(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit(name="Kafét")
    own = f"/mitt-val/{chooser.public_id}"
    decision = make.decision_of(chooser)
    told = operations.Told(channel="caseworker", shown={})
    arranged = operations.new_choice(
        chooser, decision, None, MadeBy(who="nobody"), told
    )
    arranged.kind, arranged.unit_id = "no_choice", unit.id
    db.session.add(arranged)
    db.session.flush()
    assert "Det här har jag valt förut" not in client.page(own).text


def test_the_person_saves_compares_and_chooses(
    client: StrictClient, chooser: Client
) -> None:
    unit, other = units(2)
    make.profile(unit, version=3)
    invitation = make.invitation(chooser)
    page = client.page(f"/verksamheter/{unit.public_id}")
    client.post(
        f"/mitt-val/{chooser.public_id}/spara",
        data={"unit": unit.public_id, "keep": "1"},
    )
    assert unit.name in client.page(f"/mitt-val/{chooser.public_id}").text
    client.send(page.links["Jag vill välja den här"])
    made = the_choice()
    assert (made.kind, made.made_by, made.channel) == ("chosen", "person", "self")
    assert made.unit_id == unit.id
    assert sorted(made.shown["units"]) == sorted(
        [[unit.public_id, 3], [other.public_id, 0]]
    )
    assert invitation.closed_on == date(2026, 3, 16)
    assert (
        f"Du har valt {unit.name}"
        in client.get("/mitt-val", follow_redirects=True).page.text
    )


def test_a_saved_unit_can_be_forgotten(client: StrictClient, chooser: Client) -> None:
    unit = make.unit()
    path = f"/mitt-val/{chooser.public_id}/spara"
    client.post(path, data={"unit": unit.public_id, "keep": "1"})
    client.post(path, data={"unit": unit.public_id, "keep": "1"})
    assert len(db.session.scalars(select(SavedUnit)).all()) == 1
    client.post(path, data={"unit": unit.public_id, "keep": "0"})
    assert db.session.scalars(select(SavedUnit)).all() == []


def test_choosing_again_shows_the_exact_days_first(
    client: StrictClient, chooser: Client
) -> None:
    by_the_20th()
    old, new = units(2)
    make.placement(chooser, old)
    path = f"/mitt-val/{chooser.public_id}/valj/{new.public_id}"
    page = client.page(path)
    assert f"Sista dagen på {old.name} är torsdag 30 april 2026" in page.text
    assert page.one("time", class_="lov-day").get("datetime") == "2026-05-01"
    client.send(path)
    made = the_choice()
    assert (made.kind, made.effective_day) == ("rechoice", date(2026, 5, 1))


def test_the_person_may_stay(client: StrictClient, chooser: Client) -> None:
    unit = make.unit()
    make.placement(chooser, unit)
    make.invitation(chooser, kind="introduction")
    page = client.page(f"/mitt-val/{chooser.public_id}")
    client.send(page.links["Jag vill vara kvar"])
    assert (the_choice().kind, the_choice().effective_day) == ("stay", None)


def test_a_full_unit_gives_a_place_in_the_queue(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit()
    fill(unit)
    path = f"/mitt-val/{chooser.public_id}/valj/{unit.public_id}"
    assert "ställs du i kö" in client.page(path).text
    client.send(path)
    assert db.session.scalars(select(QueueEntry)).one().unit_id == unit.id
    assert "Du står i kö" in client.page(f"/mitt-val/{chooser.public_id}").text
    other = make.unit()
    client.send(f"/mitt-val/{chooser.public_id}/valj/{other.public_id}")
    assert db.session.scalars(select(QueueEntry)).one().end_reason == "new_choice"


def test_a_unit_that_closed_in_the_meantime_is_refused_calmly(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit()
    path = f"/mitt-val/{chooser.public_id}/valj/{unit.public_id}"
    form = client.form(path)
    make.contract_of(unit).closed_from = date(2026, 3, 16)
    response = client.post(path, data=form.filled({}))
    assert "tar inte emot fler just nu" in response.page.text
    assert no_choices()


def test_two_windows_make_one_choice(client: StrictClient, chooser: Client) -> None:
    first, second = units(2)
    make.invitation(chooser)
    paths = [
        f"/mitt-val/{chooser.public_id}/valj/{u.public_id}" for u in (first, second)
    ]
    forms = [client.form(path).filled({}) for path in paths]
    client.post(paths[0], data=forms[0])
    response = client.post(paths[1], data=forms[1])
    assert "redan registrerat" in response.page.text
    assert the_choice().unit_id == first.id
    assert f"Valet av {first.name}" in response.page.text
    again = client.post(paths[0], data=forms[0])
    assert again.location.endswith(f"/kvitto/{the_choice().public_id}")


def test_the_page_says_what_ends_when_something_else_is_chosen(
    client: StrictClient, chooser: Client
) -> None:
    full, other = units(2)
    fill(full)
    make.invitation(chooser)
    path = f"/mitt-val/{chooser.public_id}/valj/"
    assert "gäller inte längre" not in client.page(path + full.public_id).text
    client.send(path + full.public_id)
    page = client.page(path + other.public_id)
    assert f"Platsen i kön till {full.name}" in page.text


def test_who_has_chosen_and_asks_for_help_has_no_new_last_day(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit(name="Kafét")
    make.invitation(chooser)
    own = f"/mitt-val/{chooser.public_id}"
    client.send(f"{own}/valj/{unit.public_id}")
    client.post(f"{own}/hjalp")
    page = client.page(own)
    assert "23 mars" not in page.text
    assert "Du har valt Kafét. Det gäller tills du väljer något annat." in page.text
    assert "Välj var du vill vara" not in client.page("/start").text


def test_asking_for_help_puts_the_person_on_the_guides_list(
    client: StrictClient, chooser: Client
) -> None:
    invitation = make.invitation(chooser)
    client.post(f"/mitt-val/{chooser.public_id}/hjalp")
    assert invitation.wants_support
    page = client.page(f"/mitt-val/{chooser.public_id}")
    assert "En lots hör snart av sig" in page.text


def test_somebody_elses_choice_is_not_there(
    client: StrictClient, chooser: Client
) -> None:
    other, unit = make.person(), make.unit()
    make.decision(other)
    for path in ("", "/spara", "/hjalp", f"/valj/{unit.public_id}"):
        address = f"/mitt-val/{other.public_id}{path}"
        answer = (
            client.post(address)
            if path in {"/spara", "/hjalp"}
            else client.get(address)
        )
        assert answer.status_code == 404


def test_without_a_decision_in_force_there_is_nothing_to_choose(
    app: Flask, client: StrictClient
) -> None:
    app.config["DEMO"] = True
    person = make.person()
    make.decision(person, end_day=date(2026, 3, 1))
    client.login(make.user(Role.CLIENT, client=person))
    unit = make.unit()
    response = client.get(f"/mitt-val/{person.public_id}/valj/{unit.public_id}")
    assert response.status_code == 409
    assert "inget beslut" in response.page.text


def test_the_order_that_was_shown_is_the_order_that_is_kept(
    client: StrictClient, chooser: Client
) -> None:
    for name in ("Ceder", "Alm", "Bok"):
        make.unit(name=name)
    page = client.page("/verksamheter?ordning=alphabetical&s=abc")
    unit_page = client.page(page.links["Bok"])
    client.send(unit_page.links["Jag vill välja den här"])
    shown = the_choice().shown
    names = dict(db.session.execute(select(Unit.public_id, Unit.name)).all())
    assert (shown["sort"], shown["seed"]) == ("alphabetical", "abc")
    assert [names[each] for each, _ in shown["units"]] == ["Alm", "Bok", "Ceder"]


def test_a_unit_that_said_no_can_be_chosen_again(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit()
    make.invitation(chooser)
    path = f"/mitt-val/{chooser.public_id}/valj/{unit.public_id}"
    client.send(path)
    order = make.order(chooser, unit, choice_id=the_choice().id)
    assert "/kvitto/" in client.send(path).location
    order.status = "declined"
    db.session.flush()
    client.send(path)
    assert db.session.scalars(select(Choice.unit_id)).all() == [unit.id, unit.id]


def test_the_choice_is_kept_on_the_decision_that_is_invited_to(
    client: StrictClient, chooser: Client
) -> None:
    ending = make.decision_of(chooser)
    ending.end_day = date(2026, 4, 1)
    coming = make.decision(chooser, first_day=date(2026, 4, 1))
    make.invitation(chooser).decision_id = coming.id
    client.send(f"/mitt-val/{chooser.public_id}/valj/{make.unit().public_id}")
    assert the_choice().decision_id == coming.id


def test_who_has_a_place_keeps_it_without_choosing(
    client: StrictClient, chooser: Client
) -> None:
    make.placement(chooser, make.unit(name="Ateljén"))
    path = f"/mitt-val/{chooser.public_id}"
    form = client.page(path).form(action=f"{path}/hjalp")
    client.post(form.action, data=form.filled({}))
    page = client.page(path)
    assert "Då är du kvar på Ateljén." in page.text
    assert "egen verksamhet" not in page.text


# ---- A representative ----


def test_a_representative_of_several_compares_for_the_one_they_come_from(
    client: StrictClient, representative: User
) -> None:
    first, second, unit = make.person(), make.person(), make.unit()
    for person in (first, second):
        make.mandate(person, representative)
        make.decision(person)
    assert "Jag vill välja" not in client.page(f"/verksamheter/{unit.public_id}").text
    own = client.page(f"/mitt-val/{second.public_id}")
    listed = client.page(own.links["Titta och jämför"])
    page = client.page(listed.links[unit.name])
    client.send(page.links["Jag vill välja den här"], own_will="agrees")
    assert the_choice().client_id == second.id


@pytest.fixture
def representative(app: Flask, client: StrictClient) -> User:
    app.config["DEMO"] = True
    user = make.user(Role.REPRESENTATIVE)
    client.login(user)
    return user


def test_a_representative_chooses_with_the_persons_own_will(
    client: StrictClient, representative: User
) -> None:
    person, unit = make.person(), make.unit()
    mandate = make.mandate(person, representative)
    make.decision(person)
    path = f"/mitt-val/{person.public_id}/valj/{unit.public_id}"
    assert "Välj vad personen själv vill." in client.send(path).page.errors
    client.send(path, own_will="agrees", own_will_note="Pekade på bilden.")
    made = the_choice()
    assert (made.made_by, made.mandate_id) == ("representative", mandate.id)
    assert (made.own_will, made.own_will_note) == ("agrees", "Pekade på bilden.")


@pytest.mark.parametrize(
    ("will", "message"),
    [
        ("does_not_agree", "Personen håller inte med."),
        ("unknown", "Skriv hur ni försökte ta reda på"),
    ],
)
def test_a_god_man_does_not_choose_against_or_without_asking(
    client: StrictClient, representative: User, will: str, message: str
) -> None:
    person, unit = make.person(), make.unit()
    make.mandate(person, representative)
    make.decision(person)
    response = client.send(
        f"/mitt-val/{person.public_id}/valj/{unit.public_id}", own_will=will
    )
    assert any(error.startswith(message) for error in response.page.errors)
    assert no_choices()


@pytest.mark.parametrize(
    "mandate",
    [{"scope": ["forvalta_egendom"]}, {"end_day": date(2026, 3, 16)}],
    ids=["property only", "lapsed today"],
)
def test_outside_the_mandate_the_person_is_not_there(
    client: StrictClient, representative: User, mandate: dict[str, object]
) -> None:
    person, unit = make.person(), make.unit()
    make.mandate(person, representative, **mandate)
    make.decision(person)
    for path in (
        f"/mitt-val/{person.public_id}",
        "/valj/".join((f"/mitt-val/{person.public_id}", unit.public_id)),
    ):
        assert client.get(path).status_code == 404
    assert "ingen som du får välja för" in client.page("/mitt-val").text


def test_a_mandate_without_care_for_the_person_may_read_but_not_choose(
    client: StrictClient, representative: User
) -> None:
    person, unit = make.person(), make.unit()
    make.mandate(person, representative, scope=["bevaka_ratt"])
    make.decision(person)
    path = f"/mitt-val/{person.public_id}/valj/{unit.public_id}"
    page = client.page(path)
    assert "räcker inte" in page.text
    sent = {"own_will": "agrees", "expecting": ""}
    response = client.post(path, data=sent)
    assert "uppdrag" in response.page.text
    assert no_choices()
