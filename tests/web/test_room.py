"""Room at a unit: everybody who holds a place is counted, and nobody twice."""

from datetime import date

import pytest
from flask import Flask

from lovdv.errors import Refused
from lovdv.placements import operations, orders, planning
from lovdv.placements.models import Pause, Placement
from lovdv.providers.capacity import room
from lovdv.providers.models import Unit
from tests import make
from tests.web.test_orders import WEEK, level_required, send

FEBRUARY, APRIL = date(2026, 2, 1), date(2026, 4, 1)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
MONDAYS = [[["09:00", "15:00"], *[None] * 6]]
TWO_DAYS = [[["09:00", "15:00"], ["09:00", "15:00"], *[None] * 5]]


def given_up(placement: Placement, end_day: date | None) -> Pause:
    """A pause in which somebody else may have the place."""
    return planning.pause(
        placement=placement,
        first_day=FEBRUARY,
        end_day=end_day,
        place_kept=False,
        frees_capacity=True,
    )


@pytest.fixture
def small(app: Flask) -> Unit:
    """A unit with one place."""
    level_required(required=False)
    return make.unit(permit_maximum=1)


def test_coming_back_early_competes_with_others_only(small: Unit) -> None:
    placement = make.placement(unit=small)
    pause = given_up(placement, JUNE)
    planning.end_pause(placement=placement, pause=pause, end_day=APRIL)
    assert pause.end_day == APRIL


def test_coming_back_to_a_place_that_was_given_away_is_refused(small: Unit) -> None:
    placement = make.placement(unit=small)
    pause = given_up(placement, JUNE)
    make.placement(unit=small, first_day=FEBRUARY, end_day=MAY)
    with pytest.raises(Refused, match="är full"):
        planning.end_pause(placement=placement, pause=pause, end_day=APRIL)
    planning.end_pause(placement=placement, pause=pause, end_day=MAY)


def test_a_pause_is_not_taken_away_when_the_place_is_somebody_elses(
    small: Unit,
) -> None:
    placement = make.placement(unit=small)
    pause = given_up(placement, JUNE)
    make.placement(unit=small, first_day=FEBRUARY, end_day=MAY)
    with pytest.raises(Refused, match="är full"):
        planning.annul_pause(placement=placement, pause=pause)
    assert pause.annulled_at is None


def test_a_pause_is_not_lengthened_into_the_next(app: Flask) -> None:
    placement = make.placement()
    first, _ = (
        planning.pause(placement=placement, first_day=day, end_day=day.replace(day=10))
        for day in (APRIL, MAY)
    )
    with pytest.raises(Refused, match="redan en paus från 1 maj 2026"):
        planning.end_pause(placement=placement, pause=first, end_day=date(2026, 5, 2))


def test_an_earlier_plan_does_not_compete_with_ones_own_later(small: Unit) -> None:
    placement = make.placement(unit=small, times=MONDAYS)
    for first_day in (JUNE, MAY):
        planning.set_plan(placement=placement, first_day=first_day, times=TWO_DAYS)
    assert [plan.first_day for plan in placement.week_plans][1:] == [MAY, JUNE]


def test_lengthening_needs_a_place_that_is_free(small: Unit) -> None:
    placement = make.placement(unit=small, end_day=APRIL)
    make.placement(unit=small, first_day=JUNE)
    operations.end(placement=placement, end_day=JUNE, reason="own_wish")
    with pytest.raises(Refused, match="är full"):
        operations.end(placement=placement, end_day=date(2026, 6, 2), reason="work")
    assert placement.end_day == JUNE


def test_a_place_is_ordered_anew_where_it_is_held(small: Unit) -> None:
    placement = make.placement(unit=small)
    order = send(placement.client, small, wanted_start=APRIL, replaces=placement)
    after = orders.confirm(order=order, start_day=APRIL, times=WEEK)
    assert (placement.end_day, after.first_day) == (APRIL, APRIL)


def test_no_ceiling_gives_more_room_than_the_permit(app: Flask) -> None:
    unit = make.unit(permit_maximum=6)
    make.capacity(unit, ceiling=20, weekday=0, half="am")
    assert room(unit, APRIL).ceilings == {(0, "am"): 6}
