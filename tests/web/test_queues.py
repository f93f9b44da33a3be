"""The queue goes by date, and each free place is offered once."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import QueueEntry
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people import event_operations, progress
from lovdv.people.models import Offer
from lovdv.placements import operations as placements
from lovdv.placements import orders
from lovdv.placements.models import Order
from lovdv.providers.capacity import room
from lovdv.providers.models import Unit
from lovdv.queues import operations
from lovdv.queues.models import PassedOver, PlaceOffer
from tests import make
from tests.kit_queues import (
    APRIL,
    SELF,
    WEDNESDAY,
    choose,
    chooser,
    line,
    no_level_required,
    offer,
    queue_rule,
    small_unit,
    taken,
    waiting,
)

ALL_WEEK = tuple(f"{day}{half}" for day in range(5) for half in ("am", "pm"))


@pytest.fixture
def unit(app: Flask) -> Unit:
    """A unit with one place, which becomes free on 1 April."""
    no_level_required()
    found = small_unit()
    placement = taken(found)
    placement.end_day = placement.paid_end_day = APRIL
    return found


def accept(made: PlaceOffer) -> None:
    operations.accept(offer=made, made_by=MadeBy(), told=SELF)


def decline(made: PlaceOffer, reason: str = "wants_to_wait") -> None:
    operations.decline(offer=made, reason=reason, made_by=MadeBy(), told=SELF)


def order(
    entry: QueueEntry, unit: Unit, half_days: tuple[str, ...] = WEDNESDAY
) -> Order:
    return orders.send(
        client=entry.client,
        decision=make.decision_of(entry.client),
        unit=unit,
        goal="Mål",
        extent="Onsdagar",
        half_days=half_days,
        wanted_start=APRIL,
        contact="Handläggaren",
    )


def test_the_queue_is_numbered_by_date(unit: Unit) -> None:
    first, second = waiting(unit, 2)
    assert [(one.entry, one.number) for one in line(unit)] == [(first, 1), (second, 2)]


def test_a_new_chooser_waits_behind_those_who_wait(unit: Unit, app: Flask) -> None:
    waiting(unit, 1)
    app.config["TODAY"] = "2026-04-02"
    assert not room(unit, date(2026, 4, 2)).full
    newcomer = chooser()
    choose(newcomer, unit)
    assert [one.number for one in line(unit)] == [1, 2]
    assert line(unit)[1].entry.client_id == newcomer.id


def test_an_order_goes_before_nobody_who_has_waited_longer(unit: Unit) -> None:
    first, second = waiting(unit, 2)
    with pytest.raises(Refused, match="väntat längre"):
        order(second, unit)
    assert order(first, unit).status == "sent"


def test_an_offer_holds_the_place_until_its_last_day(unit: Unit, app: Flask) -> None:
    first, second = waiting(unit, 2)
    made = offer(first)
    assert made.answer_by == date(2026, 3, 30)
    with pytest.raises(Refused, match="är full"):
        offer(second)
    assert room(unit, APRIL).free((2, "am")) == 0
    app.config["TODAY"] = "2026-03-31"
    assert room(unit, APRIL).free((2, "am")) == 1
    assert made.status(date(2026, 3, 31)) == "expired"


def test_a_free_half_day_that_nobody_is_offered_can_be_offered(unit: Unit) -> None:
    first, second = waiting(unit, 2)
    offer(first)
    made = offer(second, half_days=("3am",), first_day=date(2026, 4, 2))
    assert made.half_days == ["3am"]


def test_passing_somebody_over_needs_a_reason_which_is_kept(unit: Unit) -> None:
    first, second = waiting(unit, 2)
    with pytest.raises(Refused, match="Nummer 1 i kön står före"):
        offer(second)
    with pytest.raises(Refused, match="Nummer 1 i kön står före"):
        offer(second, passed={first.public_id: "because"})
    made = offer(second, passed={first.public_id: "other_days"})
    kept = db.session.scalars(select(PassedOver)).one()
    assert (kept.place_offer_id, kept.queue_entry_id, kept.reason) == (
        made.id,
        first.id,
        "other_days",
    )


def test_a_yes_holds_the_place_until_it_is_ordered(unit: Unit, app: Flask) -> None:
    first, second = waiting(unit, 2)
    accept(offer(first))
    app.config["TODAY"] = "2026-04-20"
    assert room(unit, APRIL).free((2, "am")) == 0
    assert [(one.state, one.number) for one in line(unit)] == [
        ("accepted", 0),
        ("waiting", 1),
    ]
    sent = order(first, unit)
    assert room(unit, APRIL).free((2, "am")) == 0
    assert line(unit)[0].state == "ordered"
    with pytest.raises(Refused, match="är full"):
        offer(second, first_day=date(2026, 4, 22))
    week = [[None, None, ["09:00", "15:00"], *[None] * 4]]
    orders.confirm(order=sent, start_day=date(2026, 4, 22), times=week)
    assert first.end_reason == "placed"
    assert room(unit, date(2026, 4, 22)).held[2, "am"] == 1


def test_a_declined_order_gives_back_the_place_in_line(unit: Unit) -> None:
    first, _ = waiting(unit, 2)
    accept(offer(first))
    orders.decline(order=order(first, unit), reason="target_group")
    assert [(one.state, one.number) for one in line(unit)] == [
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert room(unit, APRIL).free((2, "am")) == 1


def test_an_order_that_is_taken_back_leaves_the_accepted_place(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    accept(offer(first))
    orders.withdraw(order=order(first, unit))
    assert line(unit)[0].state == "accepted"
    assert room(unit, APRIL).free((2, "am")) == 0


@pytest.mark.parametrize(("lapse", "numbers"), [("keep", [1, 2]), ("last", [2, 1])])
def test_the_place_in_line_after_a_no_is_a_rule(
    unit: Unit, lapse: str, numbers: list[int]
) -> None:
    queue_rule(lapse=lapse)
    first, second = waiting(unit, 2)
    decline(offer(first))
    found = {one.entry: one.number for one in line(unit)}
    assert [found[first], found[second]] == numbers


@pytest.mark.parametrize(("lapse", "numbers"), [("keep", [1, 2]), ("last", [2, 1])])
def test_and_so_it_is_after_no_answer(
    unit: Unit, app: Flask, lapse: str, numbers: list[int]
) -> None:
    queue_rule(lapse=lapse)
    first, second = waiting(unit, 2)
    offer(first)
    app.config["TODAY"] = "2026-03-31"
    found = {one.entry: one.number for one in line(unit)}
    assert [found[first], found[second]] == numbers


def test_an_offer_says_what_holds_though_the_rule_changes(unit: Unit) -> None:
    first, second = waiting(unit, 2)
    made = offer(first)
    queue_rule(lapse="last")
    decline(made)
    assert [one.entry for one in line(unit)] == [first, second]


def test_a_no_has_a_reason_from_the_list(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    with pytest.raises(Refused, match="Välj en anledning"):
        decline(offer(first), "vet inte")


def test_every_offer_stands_in_the_clocks_list(unit: Unit, app: Flask) -> None:
    [first] = waiting(unit, 1)
    decline(offer(first), "travel")
    offer(first)
    app.config["TODAY"] = "2026-04-15"
    offer(first, first_day=date(2026, 4, 15))
    kept = db.session.execute(select(Offer.answer, Offer.reason).order_by(Offer.id))
    assert [tuple(row) for row in kept] == [
        ("declined", "Det är för långt dit"),
        ("expired", "Inget svar i tid."),
        ("waiting", ""),
    ]


def test_nobody_has_two_open_offers(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    offer(first)
    with pytest.raises(Refused, match="redan ett erbjudande"):
        offer(first, half_days=("1am",))


def test_an_expired_offer_cannot_be_accepted(unit: Unit, app: Flask) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    app.config["TODAY"] = "2026-03-31"
    with pytest.raises(Refused, match="Sista dagen att svara har gått"):
        accept(made)


def test_an_answer_stands(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    accept(made)
    with pytest.raises(Refused, match="gäller inte längre"):
        decline(made)


def test_a_new_choice_takes_back_the_offer(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    choose(first.client, make.unit())
    assert (made.answer, first.end_reason) == ("withdrawn", "new_choice")
    assert made.offer.answer == "withdrawn"
    assert room(unit, APRIL).free((2, "am")) == 1


def test_a_death_takes_back_the_offer(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    event_operations.record(
        client=first.client,
        kind="death",
        day=date(2026, 3, 15),
        note="",
        by_id=make.user().id,
        settle=True,
    )
    assert (made.answer, first.end_reason) == ("withdrawn", "deceased")
    assert made.offer.answer == "withdrawn"


def test_a_lowered_ceiling_stops_a_yes_but_not_the_place_in_line(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    make.capacity(unit, ceiling=0, weekday=2, half="am", first_day=APRIL)
    with pytest.raises(Refused, match="är full"):
        accept(made)
    assert line(unit)[0].number == 1


def test_an_offer_that_was_taken_back_frees_the_place(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    operations.withdraw(offer=made)
    assert made.offer.answer == "withdrawn"
    assert line(unit)[0].state == "waiting"
    assert room(unit, APRIL).free((2, "am")) == 1


def test_an_exit_makes_room_for_the_first_in_line(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    with pytest.raises(Refused, match="är full"):
        operations.make_offer(
            entry=first,
            half_days=ALL_WEEK,
            first_day=date(2026, 3, 20),
            passed={},
            by_id=make.user().id,
        )
    assert offer(first, half_days=ALL_WEEK).status(date(2026, 3, 16)) == "waiting"


def test_a_placement_is_not_lengthened_into_an_offered_place(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    offer(first)
    [placement] = db.session.scalars(select(placements.Placement))
    with pytest.raises(Refused, match="är full"):
        placements.end(placement=placement, end_day=date(2026, 5, 1), reason="own_wish")


def test_a_ceiling_that_will_be_lower_is_not_offered_past(
    unit: Unit,
) -> None:
    [first] = waiting(unit, 1)
    make.capacity(unit, ceiling=0, weekday=2, half="am", first_day=date(2026, 6, 1))
    with pytest.raises(Refused, match="är full: onsdag"):
        offer(first)


def test_a_declined_offer_does_not_stop_the_clock(unit: Unit) -> None:
    [first] = waiting(unit, 1)
    decision = make.decision_of(first.client)
    before = progress.clocks([decision], APRIL)
    decline(offer(first))
    assert progress.clocks([decision], APRIL) == before != {}
