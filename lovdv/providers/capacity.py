"""How much room a unit has: its ceiling by weekday half-day, less what is held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import select

from lovdv.extensions import db
from lovdv.placements.occupancy import occupancy
from lovdv.placements.plans import HALVES, WEEKDAYS
from lovdv.providers.models import Capacity, Unit

Half: TypeAlias = tuple[int, str]
FEW = 2
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
    def few(self) -> bool:
        """There is room, but not for more than a few on any half-day."""
        most = max((self.free(half) for half in self.ceilings), default=0)
        return 0 < most <= FEW

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
    ceilings = ceilings_of(asked, on)
    held: dict[int, dict[Half, int]] = {unit.id: {} for unit in asked}
    for (unit_id, weekday, half), count in occupancy(ids, on).items():
        held[unit_id][weekday, half] = count
    return {unit.id: Room(ceilings[unit.id], held[unit.id]) for unit in asked}


def ceilings_of(units: Iterable[Unit], on: date) -> dict[int, dict[Half, int]]:
    """How many each unit may have on a day's half, by the unit's id."""
    asked = list(units)
    decided = _ceilings([unit.id for unit in asked], on)
    return {unit.id: permitted(unit, decided.get(unit.id)) for unit in asked}


def permitted(unit: Unit, ceilings: Mapping[Half, int] | None) -> dict[Half, int]:
    """The ceilings, never above the permit; without any, the permit."""
    most = unit.permit_maximum
    if not ceilings:
        return dict.fromkeys(WORKING_HALVES, most)
    return {half: min(ceiling, most) for half, ceiling in ceilings.items()}


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
