"""Placements: begun, ended, paused and annulled, and never paid outside bounds."""

from datetime import date

import pytest
from flask import Flask

from lovdv.errors import Refused
from lovdv.placements import operations, planning, queries
from lovdv.placements.models import Placement
from tests import make

MONDAY = date(2026, 3, 16)
HALF_WEEK = [[["09:00", "12:00"], None, ["09:00", "12:00"], None, None, None, None]]


def begin(first_day: date = MONDAY, **values: object) -> Placement:
    client = make.person()
    return operations.place(
        client=client,
        decision=make.decision(client),
        unit=make.unit(),
        first_day=first_day,
        **values,
    )


def test_a_placement_gets_a_number_of_its_own(app: Flask) -> None:
    one, other = begin(), begin()
    assert one.number != other.number
    assert one.number.startswith("P")


def test_what_is_paid_keeps_inside_the_decision(app: Flask) -> None:
    client = make.person()
    decision = make.decision(client, end_day=date(2026, 6, 1))
    placement = operations.place(
        client=client, decision=decision, unit=make.unit(), first_day=MONDAY
    )
    assert placement.end_day is None
    assert placement.paid_end_day == date(2026, 6, 1)


def test_a_shortened_decision_shortens_what_is_paid(app: Flask) -> None:
    client = make.person()
    decision = make.decision(client)
    placement = operations.place(
        client=client, decision=decision, unit=make.unit(), first_day=MONDAY
    )
    decision.end_day = date(2026, 5, 1)
    operations.follow_decision(decision=decision)
    assert placement.paid_end_day == date(2026, 5, 1)


def test_a_contract_that_ends_ends_what_is_paid(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    make.contract_of(unit).end_day = date(2026, 7, 1)
    placement = operations.place(
        client=client, decision=make.decision(client), unit=unit, first_day=MONDAY
    )
    assert placement.paid_end_day == date(2026, 7, 1)


def test_nobody_is_placed_twice_at_a_unit(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    operations.place(client=client, decision=decision, unit=unit, first_day=MONDAY)
    with pytest.raises(Refused, match="redan en plats"):
        operations.place(
            client=client, decision=decision, unit=unit, first_day=date(2026, 4, 1)
        )


def test_the_day_after_the_end_is_free_again(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    first = operations.place(
        client=client, decision=decision, unit=unit, first_day=MONDAY
    )
    operations.end(placement=first, end_day=date(2026, 4, 1), reason="own_wish")
    second = operations.place(
        client=client, decision=decision, unit=unit, first_day=date(2026, 4, 1)
    )
    assert second.first_day == first.end_day


def test_lengthening_into_the_next_placement_is_refused(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    first = operations.place(
        client=client, decision=decision, unit=unit, first_day=MONDAY
    )
    operations.end(placement=first, end_day=date(2026, 4, 1), reason="own_wish")
    operations.place(
        client=client, decision=decision, unit=unit, first_day=date(2026, 4, 1)
    )
    with pytest.raises(Refused, match="redan en plats"):
        operations.end(placement=first, end_day=date(2026, 4, 2), reason="own_wish")


@pytest.mark.parametrize(
    ("end_day", "reason", "message"),
    [
        (MONDAY, "work", "annullera"),
        (date(2026, 4, 1), "tired", "Välj en anledning"),
    ],
    ids=["before it began", "a reason that is not in the list"],
)
def test_an_end_is_refused(
    app: Flask, end_day: date, reason: str, message: str
) -> None:
    placement = begin()
    with pytest.raises(Refused, match=message):
        operations.end(placement=placement, end_day=end_day, reason=reason)


def test_an_annulled_placement_stays_and_frees_its_days(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    first = operations.place(
        client=client, decision=decision, unit=unit, first_day=MONDAY
    )
    operations.annul(placement=first, reason="Fel person.")
    operations.place(client=client, decision=decision, unit=unit, first_day=MONDAY)
    assert first.annulled_at is not None


def test_a_death_ends_everything(app: Flask) -> None:
    client = make.person()
    decision = make.decision(client)
    now = operations.place(
        client=client, decision=decision, unit=make.unit(), first_day=MONDAY
    )
    later = operations.place(
        client=client,
        decision=decision,
        unit=make.unit(),
        first_day=date(2026, 5, 1),
    )
    waiting = make.order(client, make.unit())
    operations.end_all(client=client, end_day=date(2026, 4, 2), reason="deceased")
    assert (now.end_day, now.end_reason) == (date(2026, 4, 2), "deceased")
    assert later.annulled_at is not None
    assert waiting.status == "withdrawn"


def test_a_pause_that_frees_the_place_is_not_counted(app: Flask) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    planning.pause(
        placement=placement,
        first_day=MONDAY,
        end_day=None,
        place_kept=False,
        frees_capacity=True,
    )
    assert queries.occupancy([unit.id], MONDAY) == {}
    assert queries.occupancy([unit.id], date(2026, 3, 13))[unit.id, 4, "am"] == 1


def test_two_pauses_never_share_a_day(app: Flask) -> None:
    placement = make.placement()
    planning.pause(placement=placement, first_day=MONDAY, end_day=None)
    with pytest.raises(Refused, match="redan en paus"):
        planning.pause(
            placement=placement, first_day=date(2026, 5, 1), end_day=date(2026, 6, 1)
        )


def test_a_plan_for_the_same_day_is_a_new_revision(app: Flask) -> None:
    placement = make.placement()
    for _ in range(2):
        planning.set_plan(placement=placement, first_day=MONDAY, times=HALF_WEEK)
    assert [plan.revision for plan in placement.week_plans] == [1, 1, 2]
    assert queries.occupancy([placement.unit_id], MONDAY) == {
        (placement.unit_id, 0, "am"): 1,
        (placement.unit_id, 2, "am"): 1,
    }


def test_weeks_that_differ_count_in_their_own_weeks(app: Flask) -> None:
    unit = make.unit()
    monday = [["09:00", "15:00"], *[None] * 6]
    idle = [None] * 7
    for times in ([monday, idle], [idle, monday]):
        make.placement(unit=unit, times=times)
    held = queries.occupancy([unit.id], MONDAY)
    assert held[unit.id, 0, "am"] == 1
