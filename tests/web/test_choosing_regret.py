"""The receipt of a choice, and the time to take the choice back."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import not_choosing
from lovdv.choice.models import Choice, ChoiceRegret, Invitation, QueueEntry
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.fairness.queries import by_unit
from lovdv.followup.queries import figures
from lovdv.people.hub import present_choice
from lovdv.people.models import Client
from lovdv.placements import orders
from lovdv.placements.models import Order
from lovdv.placements.queries import choices_to_order
from lovdv.providers.models import Unit
from lovdv.reading.lix import AIM, measure
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import fill, the_choice
from tests.kit_reading import read, sentences, world_in
from tests.make_calibration import actor as actor_of


@pytest.fixture
def chooser(app: Flask, client: StrictClient) -> Client:
    """A person with a decision and an open invitation, signed in."""
    app.config["DEMO"] = True
    person = make.person()
    make.decision(person)
    make.invitation(person)
    client.login(make.user(Role.CLIENT, client=person))
    return person


def regret_days(days: int) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="choice",
        first_day=make.START,
        value={"regret_days": days},
    )


def chosen(client: StrictClient, person: Client, unit: Unit | None = None) -> Choice:
    where = unit or make.unit(name="Ateljén")
    client.send(f"/mitt-val/{person.public_id}/valj/{where.public_id}")
    return the_choice()


def receipt_of(person: Client, choice: Choice) -> str:
    return f"/mitt-val/{person.public_id}/kvitto/{choice.public_id}"


def take_back(client: StrictClient, person: Client, choice: Choice) -> Any:
    return client.send(f"{receipt_of(person, choice)}/angra")


@pytest.fixture
def worker(chooser: Client) -> User:
    user = make.user(Role.CASEWORKER)
    make.assignment(chooser, user)
    return user


def regretted_place(client: StrictClient, person: Client) -> Unit:
    """The unit has said yes to a day in June, and the person takes the choice back."""
    unit = make.unit(name="Ateljén")
    made = chosen(client, person, unit)
    make.placement(person, unit, first_day=date(2026, 6, 1))
    take_back(client, person, made)
    return unit


def test_choosing_gives_a_receipt(client: StrictClient, chooser: Client) -> None:
    unit = make.unit(name="Ateljén")
    path = f"/mitt-val/{chooser.public_id}/valj/{unit.public_id}"
    assert "ångra dig till och med måndag 30 mars 2026" in client.page(path).text
    answer = client.send(path)
    page = client.page(answer.location)
    for words in (
        "Ateljén",
        "Du valde själv.",
        "Vi frågar Ateljén när du kan börja",
        "ångra dig till och med måndag 30 mars 2026",
        "Så klagar du",
    ):
        assert words in page.text
    assert page.one("time", class_="lov-day").get("datetime") == "2026-03-30"


def test_somebody_elses_receipt_is_not_there(
    client: StrictClient, chooser: Client
) -> None:
    made = chosen(client, chooser)
    other = make.person()
    make.decision(other)
    client.login(make.user(Role.CLIENT, client=other))
    for person in (chooser, other):
        for path in ("", "/angra"):
            assert client.get(receipt_of(person, made) + path).status_code == 404


def test_a_choice_taken_back_counts_no_longer_and_opens_the_invitation(
    client: StrictClient, chooser: Client, worker: User
) -> None:
    made = chosen(client, chooser)
    actor = actor_of(worker)
    assert [each.choice.id for each in choices_to_order(actor)] == [made.id]
    page = client.page(take_back(client, chooser, made).location)
    assert "Valet är ångrat" in page.text
    invitation = db.session.scalars(select(Invitation)).one()
    assert (invitation.closed_on, invitation.answer_by) == (None, date(2026, 3, 23))
    assert choices_to_order(actor) == []
    decision = make.decision_of(chooser)
    assert present_choice(chooser.id, decision, date(2026, 3, 16)) is None
    home = make.municipality().id
    assert figures(home, date(2026, 3, 16)).choices == {}
    assert all(not row.kinds for row in by_unit(make.system().id, make.START))
    make.level(chooser)
    with pytest.raises(Refused, match="ångrat valet"):
        orders.send(
            client=chooser,
            decision=decision,
            unit=made.unit,
            goal="Mål",
            extent="Måndagar",
            half_days=("0am",),
            wanted_start=date(2026, 4, 1),
            contact="Handläggaren",
            choice=made,
        )


def test_little_time_left_becomes_a_week(client: StrictClient, chooser: Client) -> None:
    db.session.scalars(select(Invitation)).one().answer_by = date(2026, 3, 17)
    take_back(client, chooser, chosen(client, chooser))
    invitation = db.session.scalars(select(Invitation)).one()
    assert invitation.answer_by == date(2026, 3, 23)


def test_who_chose_without_invitation_is_invited_anew(
    client: StrictClient, chooser: Client
) -> None:
    db.session.delete(db.session.scalars(select(Invitation)).one())
    take_back(client, chooser, chosen(client, chooser))
    assert db.session.scalars(select(Invitation)).one().closed_on is None


def test_a_place_in_the_queue_ends_with_its_reason(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit()
    fill(unit)
    take_back(client, chooser, chosen(client, chooser, unit))
    assert db.session.scalars(select(QueueEntry)).one().end_reason == "regretted"


def test_an_order_without_answer_is_withdrawn(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit()
    made = chosen(client, chooser, unit)
    make.order(chooser, unit, choice_id=made.id)
    take_back(client, chooser, made)
    assert db.session.scalars(select(Order)).one().status == "withdrawn"


def test_another_choice_takes_back_the_order_of_the_one_before(
    client: StrictClient, chooser: Client
) -> None:
    unit, other = make.unit(), make.unit()
    made = chosen(client, chooser, unit)
    make.order(chooser, unit, choice_id=made.id)
    client.send(f"/mitt-val/{chooser.public_id}/valj/{other.public_id}")
    assert len(db.session.scalars(select(Choice)).all()) == 2
    assert db.session.scalars(select(Order)).one().status == "withdrawn"


def test_a_place_to_come_is_the_caseworkers_task_until_it_is_annulled(
    client: StrictClient, chooser: Client, worker: User
) -> None:
    unit = make.unit(name="Ateljén")
    made = chosen(client, chooser, unit)
    place = make.placement(chooser, unit, first_day=date(2026, 4, 1))
    page = client.page(f"{receipt_of(chooser, made)}/angra")
    assert "Ateljén har sagt ja till dig" in page.text
    answer = take_back(client, chooser, made)
    assert "Din handläggare pratar med dem" in client.page(answer.location).text
    client.login(worker)
    assert "Ångrade val" in client.page("/start").text
    assert place.number in client.page("/val/angrade").text
    place.annulled_at = place.recorded_at
    db.session.flush()
    assert "Inget ångrat val väntar" in client.page("/val/angrade").text


def test_nobody_stays_by_silence_at_a_place_that_was_regretted(
    app: Flask, client: StrictClient, chooser: Client, worker: User
) -> None:
    regretted_place(client, chooser)
    app.config["TODAY"] = "2026-05-04"
    client.login(worker)
    client.post("/icke-val/kvar")
    assert [each.kind for each in db.session.scalars(select(Choice))] == ["chosen"]
    assert "Ateljén" in client.page("/val/angrade").text


def test_what_the_municipality_notes_does_not_settle_a_regretted_place(
    client: StrictClient, chooser: Client, worker: User
) -> None:
    regretted_place(client, chooser)
    not_choosing.end_without_place(
        invitation=db.session.scalars(select(Invitation)).one(),
        outcome="wants_to_wait",
        note="Vill vänta till hösten.",
        by=worker.id,
    )
    client.login(worker)
    assert "Ateljén" in client.page("/val/angrade").text


def test_another_choice_leaves_the_regretted_place_to_undo_and_waits_for_nothing(
    client: StrictClient, chooser: Client, worker: User
) -> None:
    regretted_place(client, chooser)
    other = make.unit(name="Kafét")
    client.send(f"/mitt-val/{chooser.public_id}/valj/{other.public_id}")
    new = db.session.scalars(select(Choice).order_by(Choice.id.desc())).first()
    assert (new.kind, new.effective_day) == ("chosen", None)
    client.login(worker)
    assert "Ateljén" in client.page("/val/angrade").text


def test_to_choose_the_same_unit_again_keeps_its_place(
    client: StrictClient, chooser: Client, worker: User
) -> None:
    unit = regretted_place(client, chooser)
    client.send(f"/mitt-val/{chooser.public_id}/valj/{unit.public_id}")
    client.login(worker)
    assert "Inget ångrat val väntar" in client.page("/val/angrade").text


def test_an_old_receipt_says_nothing_of_the_place_of_a_later_choice(
    app: Flask, client: StrictClient, chooser: Client
) -> None:
    made = chosen(client, chooser)
    take_back(client, chooser, made)
    later = make.unit(name="Kafét")
    client.send(f"/mitt-val/{chooser.public_id}/valj/{later.public_id}")
    place = make.placement(chooser, later, first_day=date(2026, 4, 1))
    place.recorded_at = now() + timedelta(minutes=1)
    db.session.flush()
    page = client.page(receipt_of(chooser, made))
    assert "hade redan sagt ja" not in page.text


def test_another_caseworkers_regretted_choice_is_not_in_the_list(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit()
    made = chosen(client, chooser, unit)
    make.placement(chooser, unit, first_day=date(2026, 4, 1))
    take_back(client, chooser, made)
    client.login(make.user(Role.CASEWORKER))
    assert "Inget ångrat val väntar" in client.page("/val/angrade").text


@pytest.mark.parametrize(
    "case",
    [
        ("2026-03-31", None, "Tiden att ångra dig är slut"),
        ("2026-03-20", date(2026, 3, 20), "Du har börjat."),
    ],
    ids=["time is out", "has begun"],
)
def test_too_late_is_told_calmly(
    app: Flask,
    client: StrictClient,
    chooser: Client,
    case: tuple[str, date | None, str],
) -> None:
    day, starts, words = case
    unit = make.unit()
    made = chosen(client, chooser, unit)
    form = client.form(f"{receipt_of(chooser, made)}/angra")
    if starts:
        make.placement(chooser, unit, first_day=starts)
    app.config["TODAY"] = day
    client.login(make.user(Role.CLIENT, client=chooser))
    assert words in client.page(f"{receipt_of(chooser, made)}/angra").text
    answer = client.post(f"{receipt_of(chooser, made)}/angra", data=form.filled({}))
    assert answer.status_code == 200
    assert db.session.scalars(select(ChoiceRegret)).all() == []


def test_two_windows_take_it_back_once(client: StrictClient, chooser: Client) -> None:
    made = chosen(client, chooser)
    form = client.form(f"{receipt_of(chooser, made)}/angra").filled({})
    client.post(f"{receipt_of(chooser, made)}/angra", data=form)
    answer = client.post(f"{receipt_of(chooser, made)}/angra", data=form)
    assert "Du har ångrat det här valet" in answer.page.text
    assert len(db.session.scalars(select(ChoiceRegret)).all()) == 1


def test_after_regret_the_person_chooses_again(
    client: StrictClient, chooser: Client
) -> None:
    unit = make.unit()
    take_back(client, chooser, chosen(client, chooser, unit))
    client.send(f"/mitt-val/{chooser.public_id}/valj/{unit.public_id}")
    first, second = db.session.scalars(select(Choice).order_by(Choice.id)).all()
    assert first.unit_id == second.unit_id
    page = client.page(f"{receipt_of(chooser, first)}/angra")
    assert "Det går inte att ångra" in page.text
    assert "Se ditt kvitto" in client.page(f"/mitt-val/{chooser.public_id}").text


def test_what_was_promised_holds_when_the_rule_changes(
    client: StrictClient, chooser: Client
) -> None:
    made = chosen(client, chooser)
    regret_days(0)
    take_back(client, chooser, made)
    assert db.session.scalars(select(ChoiceRegret)).one().choice_id == made.id


def test_without_time_to_regret_nothing_is_said_of_it(
    client: StrictClient, chooser: Client
) -> None:
    regret_days(0)
    unit = make.unit()
    path = f"/mitt-val/{chooser.public_id}/valj/{unit.public_id}"
    assert "ångra" not in client.page(path).text
    page = client.page(client.send(path).location)
    assert "Du kan välja om när du vill." in page.text
    assert "Jag vill ångra" not in page.text


def test_a_representative_regrets_with_the_persons_own_will(
    app: Flask, client: StrictClient, chooser: Client
) -> None:
    made = chosen(client, chooser)
    holder = make.user(Role.REPRESENTATIVE)
    mandate = make.mandate(chooser, holder)
    client.login(holder)
    path = f"{receipt_of(chooser, made)}/angra"
    assert "Välj vad personen själv vill." in client.send(path).page.errors
    form = client.form(path).filled({"own_will": "agrees"})
    mandate.scope = ["bevaka_ratt"]
    db.session.flush()
    answer = client.post(path, data=form)
    assert "räcker inte" in answer.page.text
    assert db.session.scalars(select(ChoiceRegret)).all() == []
    mandate.scope = ["sorja_for_person"]
    db.session.flush()
    client.send(path, own_will="agrees")
    made_by = db.session.scalars(select(ChoiceRegret)).one()
    assert (made_by.made_by, made_by.mandate_id) == ("representative", mandate.id)


def test_the_receipt_is_easy_to_read_in_every_state(app: Flask) -> None:
    world = world_in(app)
    person = db.session.scalars(select(Client)).one()
    path = world.pages["choice.choose"]
    answer = world.reader.send(path)
    pages = {
        "choosing.receipt": str(answer.location),
        "choosing.regret": f"{answer.location}/angra",
        "choice.own": f"/mitt-val/{person.public_id}",
    }
    found = {
        name: measure(sentences(page), world.names).lix
        for name, page in read(world, "reading=easy", pages)
    }
    assert {name: lix for name, lix in found.items() if lix >= AIM} == {}


def test_the_history_says_that_it_was_regretted(
    client: StrictClient, chooser: Client, worker: User
) -> None:
    take_back(client, chooser, chosen(client, chooser))
    client.login(worker)
    assert "Val, ångrat 2026-03-16" in (
        client.page(f"/val/person/{chooser.public_id}").text
    )
