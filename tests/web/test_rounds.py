"""Introduction rounds: everyone with a place is asked, and silence keeps it."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import ALLOWED, Actor, Role
from lovdv.accounts.models import User
from lovdv.choice import regretting
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Choice, Invitation
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from lovdv.rounds import operations
from lovdv.rounds.models import IntroductionRound, RoundInvitation
from tests import make
from tests.kit_app import StrictClient
from tests.kit_leaving import placed
from tests.kit_races import at_once
from tests.kit_reading import EASY


@pytest.fixture(autouse=True)
def demo(app: Flask) -> None:
    app.config["DEMO"] = True


@pytest.fixture
def caseworker(client: StrictClient) -> User:
    found = make.user(Role.CASEWORKER)
    client.login(found)
    return found


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ateljén")


def path() -> str:
    return f"/introduktion/ny/{make.system().public_id}"


def invited() -> set[int]:
    rows = select(Invitation.client_id).where(Invitation.kind == "introduction")
    return set(db.session.scalars(rows))


def started(client: StrictClient, **values: object) -> str:
    answer = client.post(path(), data={"step": "confirm", **values})
    assert answer.location
    return str(answer.location)


def test_the_preview_says_who_is_asked_and_who_is_left_out(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    asked = placed(unit, caseworker).client
    waits = placed(unit, caseworker).client
    make.invitation(waits)
    over = placed(unit, caseworker).client
    make.decision_of(over).status = "ended"
    hidden = placed(unit, caseworker).client
    hidden.protection = "sekretessmarkering"
    placed(unit, caseworker, end_day=date(2026, 4, 1))
    dead = placed(unit, caseworker).client
    dead.died_on = date(2026, 3, 1)
    placed(unit, make.user(Role.CASEWORKER))
    page = client.page(path())
    assert sorted(row[2] for row in page.table()) == sorted(
        [
            "Har redan en inbjudan som väntar på svar",
            "Beslutet gäller inte",
            "Skyddade personuppgifter, bjuds in för sig",
            "Platsen har redan en sista dag",
        ]
    )
    assert "måndag 6 april 2026" in page.text
    assert invited() == set()
    started(client)
    assert invited() == {asked.id}


def test_one_button_invites_all_and_a_second_time_nobody(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    people = {placed(unit, caseworker).client_id for _ in range(3)}
    page = client.page(started(client))
    assert "Inbjudna" in page.text
    assert page.links["Gör breven"] == "/val/brev"
    assert invited() == people
    again = client.post(path(), data={"step": "confirm"})
    assert "Det finns ingen att bjuda in" in again.page.text
    assert len(db.session.scalars(select(IntroductionRound)).all()) == 1


def test_who_was_in_a_round_is_not_asked_again_in_the_next(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    placed(unit, caseworker)
    started(client)
    db.session.scalars(select(Invitation)).one().closed_on = date(2026, 3, 16)
    assert "Har redan fått frågan" in client.page(path()).text


def test_a_round_may_be_for_some_units_only(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    here = placed(unit, caseworker).client_id
    placed(make.unit(name="Kafét"), caseworker)
    shown = client.post(path(), data={"step": "look", "units": unit.public_id}).page
    assert "Kafét" in shown.text
    address = started(client, units=unit.public_id)
    assert invited() == {here}
    assert "Ateljén" in client.page(address).text
    unknown = client.post(path(), data={"step": "confirm", "units": "finns-inte"})
    assert unknown.status_code == 200
    assert len(db.session.scalars(select(IntroductionRound)).all()) == 1


def test_a_round_is_of_one_choice_system(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    both, elsewhere = placed(unit, caseworker).client, placed(unit, caseworker).client
    other = make.system(name="Sysselsättning", municipality=make.municipality())
    make.decision(both, system=other, first_day=date(2024, 1, 1))
    make.decision_of(elsewhere).choice_system_id = other.id
    page = client.page(path())
    assert "Beslutet gäller inte" in page.text
    started(client)
    sent = db.session.scalars(select(Invitation)).one()
    assert sent.client_id == both.id
    assert sent.decision.choice_system_id == make.system().id


def test_who_was_asked_in_another_choice_system_is_asked_in_this(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    person = placed(unit, caseworker).client
    started(client)
    asked = db.session.scalars(select(Invitation)).one()
    asked.closed_on = date(2026, 3, 16)
    other = make.system(name="Sysselsättning", municipality=make.municipality())
    make.decision(person, system=other)
    make.placement(person, make.unit()).choice_system_id = other.id
    client.post(f"/introduktion/ny/{other.public_id}", data={"step": "confirm"})
    second = db.session.scalars(
        select(Invitation).where(Invitation.closed_on.is_(None))
    ).one()
    assert second.decision.choice_system_id == other.id


@pytest.mark.parametrize("way", ["reading=normal", EASY], ids=["normal", "easy"])
def test_every_invited_person_may_say_i_want_to_stay(
    client: StrictClient, caseworker: User, unit: Unit, way: str
) -> None:
    person = placed(unit, caseworker).client
    make.contract_of(unit).closed_from = date(2026, 3, 1)  # for new choices
    address = started(client)
    me = client.login(make.user(Role.CLIENT, client=person))
    me.set_cookie("visning", way)
    stay = me.page(f"/mitt-val/{person.public_id}").links["Jag vill vara kvar"]
    me.send(stay)
    made = db.session.scalars(select(Choice)).one()
    assert (made.kind, made.unit_id) == ("stay", unit.id)
    client.login(caseworker)
    assert client.page(address).table()[0][1] == "Vill vara kvar"


def test_the_progress_tells_stay_from_silence_and_other(
    app: Flask, client: StrictClient, caseworker: User, unit: Unit
) -> None:
    stays, silent, waits = (placed(unit, caseworker).client for _ in range(3))
    address = started(client)
    _stay(client, stays)
    app.config["TODAY"] = "2026-04-07"
    client.login(caseworker)
    assert "Svarstiden har gått ut" in client.page(address).text
    _open(waits).answer_by = date(2026, 4, 20)
    client.post("/icke-val/kvar")
    text = client.page(address).text
    for words in ("Vill vara kvar", "Svarade inte, är kvar", "Väntar på svar"):
        assert words in text
    rows = {row[0]: row[1] for row in client.page(address).table()}
    assert sorted(rows.values()) == [
        "Svarade inte, är kvar",
        "Vill vara kvar",
        "Väntar på svar",
    ]
    assert _kinds(silent) == ["silent"]


def test_an_answer_taken_back_waits_again(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    person = placed(unit, caseworker).client
    address = started(client)
    _stay(client, person)
    made = db.session.scalars(select(Choice)).one()
    regretting.regret(choice=made, made_by=MadeBy())
    client.login(caseworker)
    assert client.page(address).table()[0][1] == "Väntar på svar"


def _stay(client: StrictClient, person: Client) -> None:
    me = client.login(make.user(Role.CLIENT, client=person))
    me.send(me.page(f"/mitt-val/{person.public_id}").links["Jag vill vara kvar"])


def _open(person: Client) -> Invitation:
    return db.session.scalars(
        select(Invitation).where(Invitation.client_id == person.id)
    ).one()


def _kinds(person: Client) -> list[str]:
    return list(
        db.session.scalars(select(Choice.kind).where(Choice.client_id == person.id))
    )


# Who may


def test_the_lead_sees_numbers_and_nobody(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    person = placed(unit, caseworker).client
    address = started(client)
    client.login(make.user(Role.LEAD))
    page = client.page(address)
    assert "Inbjudna" in page.text
    assert person.last_name not in page.text
    assert client.get(path()).status_code == 403
    assert len(client.page("/introduktion").table()) == 1


def test_others_do_not_find_the_round(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    placed(unit, caseworker)
    address = started(client)
    client.login(make.user(Role.CASEWORKER))
    assert client.get(address).status_code == 404
    elsewhere = make.municipality(name="Annan")
    client.login(make.user(Role.CASEWORKER, municipality=elsewhere))
    assert client.get(path()).status_code == 404
    client.login(make.user(Role.PROVIDER, unit=unit))
    assert client.get("/introduktion").status_code == 403


def test_nobody_with_a_place_says_so(client: StrictClient, caseworker: User) -> None:
    assert "Det finns ingen att bjuda in." in client.page(path()).text
    assert "Ingen runda är gjord än." in client.page("/introduktion").text


# Two at once


@pytest.fixture
def ready(cloned_app: Flask) -> Iterator[Flask]:
    with cloned_app.app_context():
        caseworker = make.user(Role.CASEWORKER)
        unit = make.unit()
        for _ in range(3):
            placed(unit, caseworker)
        db.session.commit()
        yield cloned_app


def _begin() -> None:
    user = db.session.scalars(select(User)).one()
    actor = Actor(
        session_token="",
        user_id=user.id,
        public_id=user.public_id,
        name=user.name,
        municipality_id=make.municipality().id,
        roles=frozenset({Role.CASEWORKER}),
        permissions=ALLOWED[Role.CASEWORKER],
        seen_at=now(),
    )
    operations.begin(actor=actor, system=make.system(), units=[])


@pytest.mark.slow
def test_two_rounds_at_once_make_one_invitation_each(ready: Flask) -> None:
    refused = at_once(ready, _begin, _begin)
    assert sorted(bool(words) for words in refused) == [False, True]
    assert len(db.session.scalars(select(Invitation)).all()) == 3
    assert len(db.session.scalars(select(RoundInvitation)).all()) == 3
