"""How much room a unit has: its ceiling by weekday half-day, less what is held."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import select

from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.placements.models import Order, Pause, Placement, WeekPlan
from lovdv.providers.models import Capacity, Unit

Half: TypeAlias = tuple[int, str]
Week: TypeAlias = list[list[str] | None]
HALVES = ("am", "pm")
HALF_WORDS = {"am": "förmiddag", "pm": "eftermiddag"}
NOON = "12:00"
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WORKING_HALVES: tuple[Half, ...] = tuple((day, h) for day in range(5) for h in HALVES)


@dataclass(frozen=True)
class Room:
    """Ceilings and how many hold each half-day; no person can be told from it."""

    ceilings: Mapping[Half, int]
    held: Mapping[Half, int]

    def free(self, half: Half) -> int:
        return max(self.ceilings.get(half, 0) - self.held.get(half, 0), 0)

    @property
    def full(self) -> bool:
        return not any(self.free(half) for half in self.ceilings)

    @property
    def free_days(self) -> list[str]:
        """Weekdays with room for somebody, before or after noon."""
        return [
            WEEKDAYS[day]
            for day in range(7)
            if any(self.free((day, half)) for half in HALVES)
        ]


def rooms(units: Iterable[Unit], on: date) -> dict[int, Room]:
    """Each unit's room on a day, by the unit's id."""
    asked = list(units)
    ids = [unit.id for unit in asked]
    ceilings, held = _ceilings(ids, on), _held(ids, on)
    return {
        unit.id: Room(
            ceilings.get(unit.id) or dict.fromkeys(WORKING_HALVES, unit.permit_maximum),
            held.get(unit.id, {}),
        )
        for unit in asked
    }


def room(unit: Unit, on: date) -> Room:
    return rooms([unit], on)[unit.id]


def _ceilings(units: list[int], on: date) -> dict[int, dict[Half, int]]:
    """The ceiling in force: latest first day, then latest revision."""
    rows = db.session.execute(
        select(Capacity.unit_id, Capacity.weekday, Capacity.half, Capacity.ceiling)
        .where(Capacity.unit_id.in_(units), Capacity.first_day <= on)
        .order_by(Capacity.first_day, Capacity.revision)
    )
    found: dict[int, dict[Half, int]] = {}
    for unit, weekday, half, ceiling in rows:
        found.setdefault(unit, {})[weekday, half] = ceiling
    return found


def _held(units: list[int], on: date) -> dict[int, Counter[Half]]:
    """Half-days held by placements, and by orders that wait for an answer."""
    found: dict[int, Counter[Half]] = {unit: Counter() for unit in units}
    for unit, times in _plans(units, on):
        found[unit].update(halves_of(times))
    waiting = select(Order.unit_id).where(
        Order.unit_id.in_(units), Order.status == "sent"
    )
    for unit in db.session.scalars(waiting):
        found[unit].update(WORKING_HALVES)
    return found


def _plans(units: list[int], on: date) -> Iterator[tuple[int, list[Week]]]:
    """Each placement's unit and the plan in force; none yet counts as every weekday."""
    freed = select(Pause.placement_id).where(
        Pause.frees_capacity,
        Pause.annulled_at.is_(None),
        in_period(on, Pause.first_day, Pause.end_day),
    )
    rows = db.session.execute(
        select(Placement.id, Placement.unit_id, WeekPlan.times)
        .outerjoin(
            WeekPlan,
            (WeekPlan.placement_id == Placement.id) & (WeekPlan.first_day <= on),
        )
        .where(
            Placement.unit_id.in_(units),
            Placement.annulled_at.is_(None),
            in_period(on, Placement.first_day, Placement.end_day),
            Placement.id.not_in(freed),
        )
        .order_by(Placement.id, WeekPlan.first_day, WeekPlan.revision)
    )
    latest = {placement: (unit, times) for placement, unit, times in rows}
    every_day: list[Week] = [[["08:00", "16:00"]] * 5 + [None, None]]
    for unit, times in latest.values():
        yield unit, times or every_day


def halves_of(times: list[Week]) -> set[Half]:
    """The half-days that a plan touches in any of its weeks.

    >>> sorted(halves_of([[["09:00", "12:00"], None, None, None, None, None, None]]))
    [(0, 'am')]
    """
    found: set[Half] = set()
    for week in times:
        for weekday, hours in enumerate(week):
            if hours is None:
                continue
            start, end = hours
            if start < NOON:
                found.add((weekday, "am"))
            if end > NOON:
                found.add((weekday, "pm"))
    return found
