"""How many hold a place at a unit, by weekday and half-day: numbers, never people."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import Row, select

from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.placements.models import Order, OrderChange, Pause, Placement, WeekPlan
from lovdv.placements.plans import (
    HALVES,
    half_days_on,
    halves_of,
    monday_of,
    read_times,
)
from lovdv.providers.models import Capacity
from lovdv.queues.lines import held_offers
from lovdv.queues.models import PlaceOffer
from payments.calendar import CYCLES

Place: TypeAlias = tuple[int, str]
"""A weekday (Monday is 0) and a half of it: 'am' or 'pm'."""

WORKING_HALVES = tuple(f"{day}{half}" for day in range(5) for half in HALVES)
CYCLE = max(CYCLES)


def occupancy(
    unit_ids: Collection[int],
    day: date,
    *,
    besides: Collection[int] = (),
    but_for: int | None = None,
    but_to: int | None = None,
) -> dict[tuple[int, int, str], int]:
    """Places held on a day, as the plans then go: (unit, weekday, half) to how many.

    A plan that differs between weeks counts in its own weeks, and the fullest week
    tells. An order that waits for an answer holds what it asks for, and an offer to
    somebody in the queue what it offers. `besides` are orders that are not counted,
    `but_for` a placement, `but_to` a person whose own offers are not.
    """
    held: dict[tuple[int, int, str], Counter[int]] = {}
    for unit_id, week, weekday, half in (
        *_held(unit_ids, day, besides, but_for),
        *_offered(unit_ids, day, but_to),
    ):
        held.setdefault((unit_id, weekday, half), Counter())[week] += 1
    return {place: max(weeks.values()) for place, weeks in held.items()}


def _offered(
    unit_ids: Collection[int], day: date, but_to: int | None
) -> Iterator[tuple[int, int, int, str]]:
    for unit_id, half_days in held_offers(unit_ids, day, but_to=but_to):
        yield from _asked(unit_id, half_days)


def held_by(placement: Placement, day: date) -> Collection[str]:
    """The half-days that a placement holds; without a plan, all that are worked."""
    return half_days_on(placement.week_plans, day) or WORKING_HALVES


def peak(unit_id: int, first_day: date) -> dict[Place, int]:
    """The most places held at a unit on any day from a day on."""
    most: dict[Place, int] = {}
    for _, held in held_on(unit_id, first_day):
        for place, count in held.items():
            most[place] = max(most.get(place, 0), count)
    return most


def held_on(
    unit_id: int,
    first_day: date,
    end_day: date | None = None,
    *,
    besides: Collection[int] = (),
    but_for: int | None = None,
    but_to: int | None = None,
) -> Iterator[tuple[date, dict[Place, int]]]:
    """Places held at a unit from a day up to another, on each day that changes it."""
    for day in _turning_points(unit_id, first_day):
        if day > first_day and end_day is not None and day >= end_day:
            break
        held = occupancy(
            [unit_id], day, besides=besides, but_for=but_for, but_to=but_to
        )
        yield day, {(weekday, half): n for (_, weekday, half), n in held.items()}


def _held(
    unit_ids: Collection[int],
    day: date,
    besides: Collection[int],
    but_for: int | None,
) -> Iterator[tuple[int, int, int, str]]:
    for row in _plans(unit_ids, day):
        if row.id == but_for:
            continue
        if row.times is None:
            yield from _asked(row.unit_id, WORKING_HALVES)
            continue
        plan, monday = read_times(row.times, row.first_day), monday_of(day)
        for offset in range(7 * CYCLE):
            hours = plan.hours(monday + timedelta(days=offset))
            for half in halves_of(hours) if hours else ():
                yield row.unit_id, offset // 7, offset % 7, half
    for unit_id, half_days in _orders(unit_ids, day, besides):
        yield from _asked(unit_id, half_days or WORKING_HALVES)


def _asked(
    unit_id: int, half_days: Collection[str]
) -> Iterator[tuple[int, int, int, str]]:
    for week in range(CYCLE):
        for key in half_days:
            yield unit_id, week, int(key[0]), key[1:]


def _plans(unit_ids: Collection[int], day: date) -> Collection[Row[tuple[object, ...]]]:
    """Each placement that holds its place on the day, with the plan in force."""
    freed = select(Pause.placement_id).where(
        Pause.frees_capacity,
        Pause.annulled_at.is_(None),
        in_period(day, Pause.first_day, Pause.end_day),
    )
    rows = db.session.execute(
        select(Placement.id, Placement.unit_id, WeekPlan.first_day, WeekPlan.times)
        .outerjoin(
            WeekPlan,
            (WeekPlan.placement_id == Placement.id) & (WeekPlan.first_day <= day),
        )
        .where(
            Placement.unit_id.in_(unit_ids),
            Placement.annulled_at.is_(None),
            in_period(day, Placement.first_day, Placement.end_day),
            Placement.id.not_in(freed),
        )
        .order_by(Placement.id, WeekPlan.first_day, WeekPlan.revision)
    )
    return {row.id: row for row in rows}.values()


def _orders(
    unit_ids: Collection[int], day: date, besides: Collection[int]
) -> Iterator[tuple[int, list[str]]]:
    """Orders for a new placement that nobody has answered yet."""
    about_plan = select(OrderChange.order_id).where(OrderChange.kind == "plan")
    rows = db.session.execute(
        select(Order.unit_id, Order.half_days).where(
            Order.unit_id.in_(unit_ids),
            Order.status == "sent",
            Order.wanted_start <= day,
            Order.id.not_in(about_plan),
            Order.id.not_in(besides),
        )
    )
    return ((row.unit_id, row.half_days) for row in rows)


def changes(unit_id: int, first_day: date) -> list[date]:
    """The day, and later ones on which more or fewer hold a place than before."""
    of_unit = Placement.unit_id == unit_id
    ends = db.session.scalars(
        select(Placement.end_day).where(of_unit, Placement.annulled_at.is_(None))
    )
    pauses = db.session.scalars(
        select(Pause.first_day)
        .join(Placement, Placement.id == Pause.placement_id)
        .where(of_unit, Pause.frees_capacity, Pause.annulled_at.is_(None))
    )
    later = {day for day in (*ends, *pauses) if day and day > first_day}
    return sorted({*_turning_points(unit_id, first_day), *later})


def _turning_points(unit_id: int, first_day: date) -> list[date]:
    """The day, and later ones when a ceiling changes, or somebody begins or is back."""
    starts = db.session.scalars(
        select(Placement.first_day).where(
            Placement.unit_id == unit_id, Placement.annulled_at.is_(None)
        )
    )
    plans = db.session.scalars(
        select(WeekPlan.first_day)
        .join(Placement, Placement.id == WeekPlan.placement_id)
        .where(Placement.unit_id == unit_id)
    )
    returns = db.session.scalars(
        select(Pause.end_day)
        .join(Placement, Placement.id == Pause.placement_id)
        .where(Placement.unit_id == unit_id, Pause.frees_capacity)
    )
    orders = db.session.scalars(
        select(Order.wanted_start).where(
            Order.unit_id == unit_id, Order.status == "sent"
        )
    )
    offers = db.session.scalars(
        select(PlaceOffer.first_day).where(PlaceOffer.unit_id == unit_id)
    )
    ceilings = db.session.scalars(
        select(Capacity.first_day).where(Capacity.unit_id == unit_id)
    )
    found = {*starts, *plans, *returns, *orders, *offers, *ceilings}
    return sorted({first_day, *(day for day in found if day and day > first_day)})
