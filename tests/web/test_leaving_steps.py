"""A unit leaves: the next step for each person, until a new place or the last day."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.choice import (
    invitations,
    not_choosing,
    supporting,
)
from lovdv.choice import operations as choosing
from lovdv.choice.models import Invitation, QueueEntry
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.leaving import progress
from lovdv.leaving.models import ProviderExit
from lovdv.people.models import Client, Decision
from lovdv.placements import orders
from lovdv.providers.models import Unit
from tests import make
from tests.kit_leaving import MAY, asked, begun, ordered, placed, regret, step
from tests.kit_queues import (
    choose,
    no_level_required,
)


@pytest.fixture(autouse=True)
def rules(app: Flask) -> None:
    no_level_required()


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ateljén")


def test_the_next_step_follows_the_person_all_the_way(app: Flask, unit: Unit) -> None:
    placement, leaving = placed(unit), begun(unit)
    client, new = placement.client, make.unit(name="Kafét")
    assert step(leaving, client) == "reach"
    make.attempt(asked(client), make.user(Role.GUIDE), purpose="inform")
    assert step(leaving, client) == "answer"
    app.config["TODAY"] = "2026-04-03"
    assert step(leaving, client) == "no_place"
    choosing.choose(
        client=client,
        decision=make.decision_of(client),
        unit=new,
        made_by=choosing.MadeBy(),
        told=choosing.Told(channel="self", shown={}),
        expecting=asked(client).public_id,
    )
    assert step(leaving, client) == "order"
    order = make.order(client, new)
    assert step(leaving, client) == "unit"
    order.status = "declined"
    assert step(leaving, client) == "declined"
    make.placement(client, new, first_day=MAY)
    assert step(leaving, client) == "done"


@pytest.fixture
def left(unit: Unit) -> tuple[ProviderExit, Client]:
    """Somebody whose place ends."""
    placement = placed(unit)
    return begun(unit), placement.client


def test_a_new_choice_is_to_be_ordered_whatever_another_unit_said(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    declines = make.unit()
    choose(client, declines)
    ordered(client, declines, "declined")
    assert step(leaving, client) == "declined"
    choose(client, make.unit())
    assert step(leaving, client) == "order"


def test_a_choice_taken_back_after_a_unit_said_no_is_asked_for_anew(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    declines = make.unit()
    choose(client, declines)
    ordered(client, declines, "declined")
    regret(client)
    assert step(leaving, client) == "reach"


def test_the_choice_before_does_not_come_back_when_the_next_is_regretted(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    choose(client, make.unit())
    choose(client, make.unit())
    regret(client)
    assert step(leaving, client) == "invite"


def test_an_order_that_was_withdrawn_leaves_the_choice_to_be_ordered(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    new = make.unit()
    choose(client, new)
    orders.withdraw(order=ordered(client, new))
    assert step(leaving, client) == "order"


def test_an_order_without_a_choice_that_was_withdrawn_waits_for_the_person(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    order = make.order(client, make.unit())
    assert step(leaving, client) == "unit"
    orders.withdraw(order=order)
    assert step(leaving, client) == "reach"


def test_a_place_that_the_person_has_said_no_to_is_not_a_new_place(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    new = make.unit()
    choose(client, new)
    make.placement(client, new, first_day=MAY)
    assert step(leaving, client) == "done"
    regret(client)
    assert step(leaving, client) == "reach"


def test_a_second_place_beside_the_one_that_ends_is_no_new_place(unit: Unit) -> None:
    placement = placed(unit)
    other = make.placement(placement.client, make.unit())
    leaving = begun(unit)
    assert step(leaving, placement.client) == "reach"
    choose(placement.client, other.unit)
    assert step(leaving, placement.client) == "done"


def test_a_place_for_a_day_is_no_new_place(
    app: Flask, left: tuple[ProviderExit, Client]
) -> None:
    leaving, client = left
    make.placement(client, make.unit(), first_day=MAY, end_day=date(2026, 5, 2))
    assert step(leaving, client) == "reach"
    app.config["TODAY"] = "2026-05-20"
    assert step(leaving, client) == "no_place"


def test_a_chosen_place_that_has_ended_is_not_ordered_again(
    app: Flask, left: tuple[ProviderExit, Client]
) -> None:
    leaving, client = left
    new = make.unit()
    choose(client, new)
    place = make.placement(client, new, first_day=MAY)
    assert step(leaving, client) == "done"
    place.end_day = date(2026, 7, 1)
    db.session.flush()
    assert step(leaving, client) == "invite"
    make.decision_of(client).end_day = date(2026, 7, 1)
    db.session.flush()
    assert step(leaving, client) == "done"
    app.config["TODAY"] = "2026-07-20"
    assert step(leaving, client) == "over"


def test_a_place_after_the_three_months_does_not_hide_them(unit: Unit) -> None:
    before = placed(unit)
    make.attended(before, date(2025, 2, 3))
    leaving = begun(unit)
    place = make.placement(before.client, make.unit(), first_day=date(2026, 8, 1))
    assert step(leaving, before.client) == "done"
    place.first_day = date(2026, 8, 2)
    db.session.flush()
    [row] = progress.rows(leaving, leaving.people)
    assert (row.step, row.clock_ends, row.place) == ("late", date(2026, 8, 1), place)


def test_who_is_invited_again_is_waited_for_and_not_invited_once_more(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    not_choosing.end_without_place(
        invitation=asked(client),
        outcome="wants_to_wait",
        note="Vill vänta till hösten.",
        by=make.user(Role.CASEWORKER).id,
    )
    assert step(leaving, client) == "invite"
    supporting.invite(client=client, decision=make.decision_of(client))
    assert step(leaving, client) == "reach"


def test_who_has_got_a_decision_since_is_to_be_asked(unit: Unit) -> None:
    placement = placed(unit)
    client = placement.client
    make.decision_of(client).end_day = date(2026, 4, 15)
    leaving = begun(unit)
    make.decision(client, first_day=date(2026, 4, 15))
    assert step(leaving, client) == "ask"
    supporting.invite(client=client, decision=make.decision_of(client))
    assert step(leaving, client) == "reach"


def test_who_chose_a_unit_that_leaves_in_its_turn_is_asked_again(
    left: tuple[ProviderExit, Client],
) -> None:
    leaving, client = left
    next_one = make.unit()
    choose(client, next_one)
    begun(next_one)
    assert step(leaving, client) == "reach"


def test_an_exit_asks_about_the_decision_of_its_own_choice_system(unit: Unit) -> None:
    client = placed(unit).client
    other = make.system(name="Sysselsättning", municipality=make.municipality())
    make.decision(client, system=other, first_day=date(2024, 1, 1))
    leaving = begun(unit)
    assert asked(client).decision.choice_system_id == make.system().id
    pick_elsewhere = make.order(client, make.unit(), status="declined")
    pick_elsewhere.choice_system_id = other.id
    db.session.flush()
    assert step(leaving, client) == "reach"


def elsewhere(client: Client) -> tuple[Invitation, Unit]:
    """An open invitation in another choice system, and a unit there."""
    system = make.system(name="Sysselsättning", municipality=make.municipality())
    other = make.unit(contracted=False)
    make.contract(other, system=system)
    make.decision(client, system=system, first_day=date(2026, 1, 1))
    return make.invitation(client), other


def test_an_invitation_in_another_choice_system_is_left_as_it_is(unit: Unit) -> None:
    client = placed(unit).client
    invitation, other = elsewhere(client)
    leaving = begun(unit)
    assert (invitation.kind, invitation.answer_by) == ("first", date(2026, 3, 23))
    assert leaving.people[0].invitation_id is None
    assert step(leaving, client) == "ask"
    invitation.closed_on = today()
    db.session.add(QueueEntry(client_id=client.id, unit_id=other.id, since=now()))
    db.session.flush()
    assert step(leaving, client) == "ask"
    home = db.session.scalars(
        select(Decision).where(Decision.choice_system_id == make.system().id)
    ).one()
    supporting.invite(client=client, decision=home)
    assert step(leaving, client) == "reach"
    db.session.add(QueueEntry(client_id=client.id, unit_id=make.unit().id, since=now()))
    db.session.flush()
    assert step(leaving, client) == "queue"


def test_nobody_stays_by_silence_at_a_place_in_another_choice_system(
    unit: Unit,
) -> None:
    client = placed(unit).client
    invitation, other = elsewhere(client)
    assert not invitations.keeps_place(invitation)
    place = make.placement(client, other)
    place.choice_system_id = invitation.decision.choice_system_id
    db.session.flush()
    assert invitations.keeps_place(invitation)
