"""A unit leaves: everyone concerned is found, and chooses anew."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.choice import (
    invitations,
    not_choosing,
    regrets,
    supporting,
)
from lovdv.choice import operations as choosing
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Invitation, QueueEntry
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.leaving import changing, progress, queries
from lovdv.leaving.models import ExitDay, ExitPerson, ProviderExit
from lovdv.people.models import Client, Decision
from lovdv.people.progress import clocks
from lovdv.placements import orders
from lovdv.placements.models import Order
from lovdv.placements.queries import choices_to_order
from lovdv.providers.models import Unit
from lovdv.providers.queries import offered_unit
from lovdv.systems.operations import decide_rule
from lovdv.visits import operations as visits
from lovdv.visits.models import VisitRequest
from tests import make
from tests.kit_leaving import MAY, asked, begun, how, placed, regret, step, take_back
from tests.kit_queues import (
    choose,
    chooser,
    no_level_required,
    offer,
    small_unit,
    taken,
    waiting,
)
from tests.make_calibration import actor as actor_of

JUNE = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def rules(app: Flask) -> None:
    no_level_required()


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ateljén")


def test_everyone_concerned_is_found_once_and_invited(app: Flask) -> None:
    unit = small_unit(places=2)
    picked, ordered = chooser(), chooser()
    choose(picked, unit)
    here, leaves = placed(unit), taken(unit)
    first, second = waiting(unit, 2)
    leaves.end_day = leaves.paid_end_day = date(2026, 3, 17)
    offer(first, first_day=date(2026, 3, 18))
    coming = placed(unit, first_day=date(2026, 4, 1))
    make.order(ordered, unit)
    leaving = begun(unit)
    assert {person.client_id: person.how for person in leaving.people} == {
        here.client_id: "placed",
        coming.client_id: "coming",
        ordered.id: "ordered",
        first.client_id: "offered",
        second.client_id: "queued",
        picked.id: "chosen",
    }
    assert db.session.scalars(select(Invitation.kind)).all() == ["provider_left"] * 6


def test_what_waited_ends_with_the_reason(unit: Unit) -> None:
    ordered = chooser()
    order = make.order(ordered, unit)
    unit.permit_maximum = 1
    taken(unit)
    [entry] = waiting(unit, 1)
    begun(unit)
    assert order.status == "withdrawn"
    assert (entry.end_reason, entry.ended_at is None) == ("provider_left", False)


def test_places_end_with_the_unit_even_when_no_new_place_is_found(unit: Unit) -> None:
    placement = placed(unit)
    begun(unit)
    assert (placement.end_day, placement.end_reason) == (MAY, "provider")
    assert placement.paid_end_day == MAY
    assert placement.notice_day == today()


def test_a_place_that_would_begin_later_never_was(unit: Unit) -> None:
    placement = placed(unit, first_day=JUNE)
    begun(unit)
    assert placement.annulled_at is not None


def test_a_place_with_an_earlier_end_is_left_as_it_is(unit: Unit) -> None:
    placement = placed(unit, end_day=date(2026, 4, 1), end_reason="own_wish")
    leaving = begun(unit)
    assert (placement.end_day, placement.end_reason) == (date(2026, 4, 1), "own_wish")
    assert leaving.people == []


def test_the_three_months_count_from_the_day_after_the_last(unit: Unit) -> None:
    placement = placed(unit)
    make.attended(placement, date(2025, 2, 3))
    begun(unit)
    decision = make.decision_of(placement.client)
    assert clocks([decision], date(2026, 4, 30)) == {}
    clock = clocks([decision], MAY)[decision.id]
    assert (clock.interrupted, clock.since) == (True, MAY)
    assert clock.last_day == date(2026, 8, 1)


def test_the_unit_is_closed_at_once_and_gone_after_its_last_day(unit: Unit) -> None:
    make.unit(name="Kafét")
    begun(unit)
    system = make.system().id
    found = offered_unit(system, unit.public_id, today())
    assert found is not None
    assert not found.open
    assert offered_unit(system, unit.public_id, MAY) is None
    with pytest.raises(Refused, match="tar inte emot nya val"):
        choose(chooser(), unit)


def test_only_the_chosen_units_of_a_provider_stop(app: Flask) -> None:
    provider = make.provider()
    one = make.unit(provider=provider, contracted=False)
    other = make.unit(provider=provider, contracted=False)
    make.contract(one, other)
    here, there = placed(one), placed(other)
    begun(one)
    assert (here.end_day, there.end_day) == (MAY, None)
    found = offered_unit(make.system().id, other.public_id, today())
    assert found is not None
    assert found.open
    whole = begun(other)
    assert [person.client_id for person in whole.people] == [there.client_id]


def test_nobody_who_chose_before_is_ordered_to_a_unit_that_leaves(unit: Unit) -> None:
    person = chooser()
    choose(person, unit)
    begun(unit)
    with pytest.raises(Refused, match="ska sluta"):
        orders.send(
            client=person,
            decision=make.decision_of(person),
            unit=unit,
            goal="",
            extent="",
            half_days=["0am"],
            wanted_start=date(2026, 4, 1),
            contact="",
        )


# The time to answer


@pytest.mark.parametrize(
    ("end_day", "answer_by"),
    [
        (date(2026, 9, 1), date(2026, 4, 6)),  # the ordinary 21 days
        (date(2026, 5, 1), date(2026, 4, 1)),  # 30 days before the last day
        (date(2026, 4, 10), date(2026, 4, 6)),  # no 30 days left: the ordinary
        (date(2026, 3, 20), date(2026, 3, 19)),  # the last day itself
        (date(2026, 3, 17), date(2026, 3, 16)),  # it is today
    ],
    ids=["plenty", "before the end", "short", "days only", "today"],
)
def test_the_answer_is_due_in_time_for_a_new_place(
    unit: Unit, end_day: date, answer_by: date
) -> None:
    placement = placed(unit)
    begun(unit, end_day=end_day)
    assert asked(placement.client).answer_by == answer_by


def test_how_long_before_is_the_municipalitys_to_say(unit: Unit) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="leaving",
        first_day=make.START,
        value={"days_before": 10},
    )
    placement = placed(unit)
    begun(unit, end_day=date(2026, 4, 5))
    assert asked(placement.client).answer_by == date(2026, 3, 26)


def test_an_open_invitation_is_turned_and_never_two(unit: Unit) -> None:
    placement = placed(unit)
    before = make.invitation(placement.client, kind="introduction")
    leaving = begun(unit)
    now = asked(placement.client)
    assert (now.id, now.kind) == (before.id, "provider_left")
    assert leaving.people[0].kind_before == "introduction"
    assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_an_invitation_made_before_never_gets_shorter_time_than_needed(
    unit: Unit,
) -> None:
    placement = placed(unit)
    make.invitation(placement.client, answer_by=date(2026, 8, 1))
    begun(unit, end_day=date(2026, 9, 1))
    assert asked(placement.client).answer_by == date(2026, 8, 1)


def test_silence_is_not_staying_when_the_unit_leaves(unit: Unit) -> None:
    placement = placed(unit)
    begun(unit)
    assert not invitations.keeps_place(asked(placement.client))


@pytest.fixture
def beside(unit: Unit) -> tuple[Unit, Client]:
    """Somebody with a place that goes on elsewhere, beside one at the unit."""
    goes_on, person = make.unit(name="Bageriet"), placed(unit).client
    make.contract_of(goes_on).is_default = True
    make.placement(person, goes_on, first_day=date(2025, 6, 2))
    return goes_on, person


def test_silence_is_staying_where_another_place_goes_on(
    beside: tuple[Unit, Client], unit: Unit
) -> None:
    goes_on, person = beside
    leaving = begun(unit)
    invitation = asked(person)
    assert invitations.keeps_place(invitation)
    invitation.answer_by = date(2026, 3, 15)
    make.attempt(invitation, make.user(Role.CASEWORKER), purpose="inform")
    assert step(leaving, person) == "keep"
    by = make.user(Role.CASEWORKER).id
    with pytest.raises(Refused, match="behåller den"):
        not_choosing.place_without_choice(
            invitation=invitation, unit=goes_on, reasons={"interest": "x"}, by=by
        )
    not_choosing.keep_as_it_is(invitation=invitation, by=by)
    assert step(leaving, person) == "done"


def test_a_place_elsewhere_with_a_last_day_is_nothing_to_stay_at(unit: Unit) -> None:
    person = placed(unit).client
    make.placement(person, make.unit(), end_day=JUNE)
    begun(unit)
    assert not invitations.keeps_place(asked(person))


# Who is left out, and what is refused


def test_somebody_who_has_died_is_left_out(unit: Unit) -> None:
    placement = placed(unit)
    placement.client.died_on = date(2026, 3, 1)
    assert begun(unit).people == []


def test_without_a_decision_after_the_last_day_there_is_nothing_to_choose(
    unit: Unit,
) -> None:
    placement = placed(unit)
    make.decision_of(placement.client).end_day = date(2026, 4, 15)
    leaving = begun(unit)
    assert leaving.people[0].invitation_id is None
    assert step(leaving, placement.client) == "no_decision"


def test_nobody_without_a_decision_is_lost_for_an_open_invitation(
    unit: Unit,
) -> None:
    person = placed(unit).client
    make.invitation(person)
    make.decision_of(person).end_day = date(2026, 4, 15)
    leaving = begun(unit)
    assert step(leaving, person) == "no_decision"
    not_choosing.end_without_place(
        invitation=asked(person),
        outcome="does_not_want",
        note="Har börjat arbeta.",
        by=make.user(Role.CASEWORKER).id,
    )
    assert step(leaving, person) == "over"


def test_a_last_day_that_has_been_is_refused(unit: Unit) -> None:
    with pytest.raises(Refused, match="redan varit") as refusal:
        begun(unit, end_day=today())
    assert refusal.value.field == "last_day"


def test_a_last_day_after_the_contract_is_refused(unit: Unit) -> None:
    make.contract_of(unit).end_day = date(2026, 4, 15)
    with pytest.raises(Refused, match="14 april 2026"):
        begun(unit)


def test_the_same_unit_cannot_stop_twice(unit: Unit) -> None:
    begun(unit, by=make.user(Role.LEAD, name="Lena Ledare"))
    with pytest.raises(Refused, match="Lena Ledare"):
        begun(unit)
    assert len(db.session.scalars(select(ProviderExit)).all()) == 1


# What comes after


def test_somebody_placed_after_it_was_announced_is_taken_in(unit: Unit) -> None:
    leaving = begun(unit)
    late = placed(unit)
    assert [one.client.id for one in queries.missed(leaving)] == [late.client_id]
    by = make.user(Role.LEAD).id
    assert changing.take_in(leaving=leaving, by_id=by) == 1
    assert (late.end_day, how(late.client)) == (MAY, "placed")
    assert queries.missed(leaving) == []
    assert changing.take_in(leaving=leaving, by_id=by) == 0


def test_a_later_day_is_a_new_row_and_the_places_follow(unit: Unit) -> None:
    placement, leaving = placed(unit), begun(unit)
    by = make.user(Role.LEAD).id
    changing.change_day(leaving=leaving, end_day=JUNE, why="Längre hyra", by_id=by)
    assert (placement.end_day, placement.paid_end_day) == (JUNE, JUNE)
    days = db.session.scalars(select(ExitDay.end_day).order_by(ExitDay.id)).all()
    assert days == [MAY, JUNE]
    assert leaving.end_day == JUNE


def test_an_earlier_day_takes_the_places_and_the_answers_with_it(unit: Unit) -> None:
    placement, leaving = placed(unit), begun(unit)
    own = placed(unit, end_day=date(2026, 4, 20), end_reason="own_wish")
    by, early = make.user(Role.LEAD).id, date(2026, 4, 1)
    changing.change_day(leaving=leaving, end_day=early, why="Konkurs", by_id=by)
    assert (placement.end_day, own.end_day) == (early, early)
    assert asked(placement.client).answer_by <= date(2026, 4, 1)
    changing.change_day(leaving=leaving, end_day=JUNE, why="Räddad", by_id=by)
    assert placement.end_day == JUNE
    assert (own.end_day, own.end_reason) == (date(2026, 4, 20), "own_wish")


def test_a_mistyped_day_that_is_mended_gives_the_time_to_answer_back(
    app: Flask, unit: Unit
) -> None:
    placement, waits, late = placed(unit), placed(unit), placed(unit)
    make.invitation(waits.client, answer_by=date(2026, 3, 23))
    leaving = begun(unit, end_day=JUNE)
    by, people = make.user(Role.LEAD).id, (placement.client, waits.client, late.client)
    supporting.turn(
        asked(late.client), kind="provider_left", answer_by=date(2026, 4, 20)
    )
    before = [asked(person).answer_by for person in people]
    changing.change_day(leaving=leaving, end_day=date(2026, 3, 20), why="a", by_id=by)
    assert {asked(person).answer_by for person in people} == {date(2026, 3, 19)}
    app.config["TODAY"] = "2026-03-18"
    changing.change_day(leaving=leaving, end_day=JUNE, why="Fel dag", by_id=by)
    after = [asked(person).answer_by for person in people]
    assert before == [date(2026, 4, 6), date(2026, 4, 6), date(2026, 4, 20)]
    assert after == [date(2026, 4, 6)] * 3


def test_a_later_day_shortens_nobodys_time_to_answer(unit: Unit) -> None:
    placement, leaving = placed(unit), begun(unit)
    longer = date(2026, 4, 30)
    supporting.turn(asked(placement.client), kind="provider_left", answer_by=longer)
    by = make.user(Role.LEAD).id
    changing.change_day(leaving=leaving, end_day=JUNE, why="Hyran", by_id=by)
    assert asked(placement.client).answer_by == longer


def test_a_later_day_never_gives_two_places_on_a_day(unit: Unit) -> None:
    placement, leaving = placed(unit), begun(unit)
    make.placement(placement.client, make.unit(), first_day=date(2026, 5, 11))
    by = make.user(Role.LEAD).id
    changing.change_day(leaving=leaving, end_day=JUNE, why="Längre hyra", by_id=by)
    assert placement.end_day == date(2026, 5, 11)


def test_a_day_that_is_the_same_or_has_been_is_refused(unit: Unit) -> None:
    leaving, by = begun(unit), make.user(Role.LEAD).id
    for day, words in ((MAY, "redan sista dagen"), (today(), "redan varit")):
        with pytest.raises(Refused, match=words):
            changing.change_day(leaving=leaving, end_day=day, why="x", by_id=by)


def test_taking_it_back_lets_everything_go_on(unit: Unit) -> None:
    unit.permit_maximum = 1
    placement = taken(unit)
    make.decision_of(placement.client)
    [entry] = waiting(unit, 1)
    leaving = begun(unit)
    changing.withdraw(
        leaving=leaving, reason="Ny hyresvärd", by_id=make.user(Role.LEAD).id
    )
    assert leaving.state(today()) == "withdrawn"
    assert (placement.end_day, placement.end_reason) == (None, "")
    assert placement.paid_end_day is None
    assert invitations.open_invitation(placement.client_id) is None
    again = db.session.scalars(
        select(QueueEntry).where(QueueEntry.ended_at.is_(None))
    ).one()
    assert (again.client_id, again.since) == (entry.client_id, entry.since)
    found = offered_unit(make.system().id, unit.public_id, today())
    assert found is not None
    assert found.open
    begun(unit)  # it may be announced anew


def test_who_regrets_when_the_unit_stays_keeps_the_place_by_silence(
    unit: Unit,
) -> None:
    placement, leaving = placed(unit), begun(unit)
    person, waits = placement.client, asked(placement.client)
    choosing.choose(
        client=person,
        decision=make.decision_of(person),
        unit=make.unit(),
        made_by=MadeBy(),
        told=choosing.Told(channel="self", shown={}),
        expecting=waits.public_id,
    )
    changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)
    regret(person)
    assert (asked(person).id, asked(person).kind) == (waits.id, "rechoice")
    assert invitations.keeps_place(asked(person))


def test_who_lost_a_place_to_come_is_asked_although_it_is_taken_back(
    unit: Unit,
) -> None:
    coming, leaving = placed(unit, first_day=JUNE), begun(unit)
    changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)
    assert asked(coming.client).kind == "first"


def test_an_order_that_was_taken_back_is_to_be_sent_anew(unit: Unit) -> None:
    caseworker = make.user(Role.CASEWORKER)
    person = chooser(caseworker)
    choose(person, unit)
    made = regrets.newest(person.id)
    make.order(person, unit, choice_id=made.id if made else None)
    leaving = begun(unit)
    changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)
    assert invitations.open_invitation(person.id) is None
    assert [row.client.id for row in choices_to_order(actor_of(caseworker))] == [
        person.id
    ]


def test_an_invitation_that_was_turned_is_turned_back(unit: Unit) -> None:
    placement = placed(unit)
    before = make.invitation(placement.client, kind="introduction")
    leaving = begun(unit)
    changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)
    assert (before.kind, before.closed_on) == ("introduction", None)


def test_who_has_moved_on_is_not_moved_back(unit: Unit) -> None:
    placement, leaving = placed(unit), begun(unit)
    make.placement(placement.client, make.unit(), first_day=MAY)
    changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)
    assert placement.end_day == MAY


def test_a_choice_taken_back_ties_nobody_to_the_unit(unit: Unit) -> None:
    person = chooser()
    take_back(person, unit)
    assert begun(unit).people == []
    assert asked(person).kind == "first"


def test_a_choice_taken_back_after_the_exit_is_nothing_to_order(unit: Unit) -> None:
    placement, leaving = placed(unit), begun(unit)
    take_back(placement.client, make.unit())
    assert step(leaving, placement.client) == "reach"


def test_nobody_comes_back_in_line_for_a_choice_taken_back(unit: Unit) -> None:
    unit.permit_maximum = 1
    taken(unit)
    [entry] = waiting(unit, 1)
    leaving = begun(unit)
    regret(entry.client)
    changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)
    assert db.session.scalars(select(QueueEntry)).all() == [entry]


def test_who_has_died_does_not_come_back_in_line(unit: Unit) -> None:
    unit.permit_maximum = 1
    taken(unit)
    [entry] = waiting(unit, 1)
    leaving = begun(unit)
    entry.client.died_on = date(2026, 3, 16)
    changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)
    assert db.session.scalars(select(QueueEntry)).all() == [entry]


def test_an_exit_that_has_ended_is_not_taken_back(app: Flask, unit: Unit) -> None:
    leaving = begun(unit)
    app.config["TODAY"] = "2026-05-01"
    with pytest.raises(Refused, match="har redan slutat"):
        changing.withdraw(leaving=leaving, reason="x", by_id=make.user(Role.LEAD).id)


# What is next for each person


def test_the_most_urgent_stands_first(app: Flask, unit: Unit) -> None:
    late, told, done = placed(unit), placed(unit), placed(unit)
    make.attended(late, date(2025, 2, 3))
    leaving = begun(unit)
    asked(late.client).answer_by = date(2026, 3, 15)
    make.attempt(asked(told.client), make.user(Role.GUIDE), purpose="inform")
    make.placement(done.client, make.unit(), first_day=MAY)
    found = progress.rows(leaving, leaving.people)
    assert [row.step for row in found] == ["no_place", "answer", "done"]
    assert found[-1].clock_ends is None
    assert found[0].clock_left == (date(2026, 8, 1) - date(2026, 3, 16)).days


def test_what_is_decided_about_an_exit_never_changes(unit: Unit) -> None:
    placed(unit)
    begun(unit)
    person = db.session.scalars(select(ExitPerson)).one()
    person.how = "queued"
    with pytest.raises(Exception, match="never changes"):
        db.session.flush()
    db.session.rollback()


def test_orders_of_the_exit_are_only_those_that_wait(unit: Unit) -> None:
    person = chooser()
    answered = make.order(person, unit, status="declined")
    begun(unit)
    assert db.session.get_one(Order, answered.id).status == "declined"


def visit(decision: Decision, unit: Unit) -> VisitRequest:
    return visits.ask(
        client=decision.client,
        decision=decision,
        unit=unit,
        kind="visit",
        days=1,
        weekdays=["mon"],
        consents=False,
        made_by=MadeBy(),
    )


def test_a_visit_that_nobody_is_done_with_is_taken_back(unit: Unit) -> None:
    asked = visit(make.decision(make.person()), unit)
    begun(unit)
    assert asked.status == "cancelled"


def test_a_visit_in_another_choice_system_goes_on(unit: Unit) -> None:
    other = make.municipality(name="Grannkommunen")
    system = make.system(municipality=other)
    make.contract(unit, system=system)
    asked = visit(make.decision(make.person(municipality=other), system=system), unit)
    begun(unit)
    assert asked.status == "asked"
