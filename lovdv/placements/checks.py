"""What must hold before somebody is ordered or placed; each refusal says what to do."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from lovdv.clock import today
from lovdv.database import Base
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import last_day
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.placements.models import Placement
from lovdv.placements.occupancy import Place, held_on
from lovdv.placements.plans import half_days_text
from lovdv.providers.capacity import ceilings_of
from lovdv.providers.models import Contract, ContractUnit, Unit

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Cover:
    """A contract as it covers a unit: the days that may be paid."""

    contract: Contract
    first_day: date
    end_day: date | None
    leaves_from: date | None = None  # the unit is leaving: no orders since that day


def locked(row: Row) -> Row:
    """The row anew, held until the transaction ends (SQLite holds the whole file)."""
    kind = type(row)
    return db.session.scalars(
        select(kind)
        .where(kind.id == row.id)  # type: ignore[attr-defined]
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def require_living(client: Client, on: date) -> None:
    if client.died_on is not None and client.died_on < on:
        raise Refused("Personen är avliden. Det går inte att beställa en plats.")


def require_decision(client: Client, decision: Decision, on: date) -> None:
    if decision.client_id != client.id:
        raise Refused("Beslutet gäller en annan person. Välj ett annat.", "decision")
    if decision.status not in HOLDING:
        raise Refused("Beslutet gäller inte. Välj ett beslut som gäller.", "decision")
    if on < decision.first_day:
        raise Refused(
            f"Beslutet börjar gälla {day_text(decision.first_day)}. "
            "Välj den dagen eller en senare.",
            "wanted_start",
        )
    if decision.end_day is not None and on >= decision.end_day:
        raise Refused(
            f"Beslutet gäller till och med {last_day(decision.end_day)}. "
            "Välj en tidigare dag, eller ett beslut som gäller då.",
            "wanted_start",
        )


def cover_of(unit: Unit, choice_system_id: int, on: date) -> Cover:
    """The contract that covers the unit on a day, and how long it is covered then.

    A contract that follows on another without a gap goes on where that ended.
    """
    periods = _periods(unit, choice_system_id)
    found = [period for period in periods if _holds(period, on)]
    if not found:
        raise Refused(
            f"{unit.name} har inget avtal som gäller {day_text(on)}. "
            "Välj en annan enhet eller en annan dag.",
            "unit",
        )
    end_day = found[-1].end_day
    for period in periods:
        if end_day is not None and _holds(period, end_day):
            end_day = period.end_day
    return Cover(
        found[-1].contract,
        found[-1].first_day,
        earliest((end_day, unit.end_day)),
        found[-1].leaves_from,
    )


def _periods(unit: Unit, choice_system_id: int) -> list[Cover]:
    """When contracts of the system cover the unit, the first first."""
    rows = db.session.scalars(
        select(ContractUnit)
        .join(ContractUnit.contract)
        .where(
            ContractUnit.unit_id == unit.id,
            Contract.choice_system_id == choice_system_id,
        )
        .options(contains_eager(ContractUnit.contract))
        .execution_options(populate_existing=True)
    )
    return sorted((_period(row) for row in rows), key=lambda period: period.first_day)


def _period(row: ContractUnit) -> Cover:
    contract = row.contract
    return Cover(
        contract,
        max(contract.first_day, contract.signed_on, row.first_day),
        earliest((contract.end_day, row.end_day)),
        row.closed_from,
    )


def _holds(period: Cover, day: date) -> bool:
    return period.first_day <= day and (period.end_day is None or day < period.end_day)


def require_permit(unit: Unit, on: date) -> None:
    if not unit.permit_number.strip():
        raise Refused(
            f"{unit.name} saknar tillstånd från IVO. Ingen plats får beställas där.",
            "unit",
        )
    if on < unit.first_day or (unit.end_day is not None and on >= unit.end_day):
        raise Refused(
            f"{unit.name} är inte öppen {day_text(on)}. Välj en annan enhet.", "unit"
        )


def require_open(cover: Cover, unit: Unit, on: date) -> None:
    """A unit that leaves takes nobody more, whenever they chose it."""
    if cover.leaves_from is not None and cover.leaves_from <= max(on, today()):
        raise Refused(
            f"{unit.name} ska sluta och tar inte emot fler. Välj en annan enhet.",
            "unit",
        )
    closed = cover.contract.closed_from
    if closed is not None and closed <= on:
        raise Refused(
            f"{unit.name} tar inte emot nya val sedan {day_text(closed)}. "
            "Välj en annan enhet.",
            "unit",
        )


def require_no_overlap(
    client: Client,
    unit: Unit,
    first_day: date,
    end_day: date | None,
    *,
    besides: int | None = None,
) -> None:
    """Nobody is placed twice at a unit on the same day. The client's row is locked."""
    query = select(Placement).where(
        Placement.client_id == client.id,
        Placement.unit_id == unit.id,
        Placement.annulled_at.is_(None),
        or_(Placement.end_day.is_(None), Placement.end_day > first_day),
        Placement.id != (besides or 0),
    )
    if end_day is not None:
        query = query.where(Placement.first_day < end_day)
    for found in db.session.scalars(query.limit(1)):
        raise Refused(
            f"Personen har redan en plats på {unit.name} från "
            f"{day_text(found.first_day)} ({found.number}). Ändra den i stället.",
            "unit",
        )


def _full_half_days(
    unit: Unit, day: date, half_days: Collection[str], held: Mapping[Place, int]
) -> set[str]:
    """Which of the wanted half-days have no room on a day beside those held."""
    ceilings = ceilings_of([unit], day)[unit.id]
    return {
        key
        for key in half_days
        if held.get(_place(key), 0) >= ceilings.get(_place(key), 0)
    }


def _place(key: str) -> Place:
    return int(key[0]), key[1:]


def require_room(
    unit: Unit,
    first_day: date,
    half_days: Collection[str],
    *,
    end_day: date | None = None,
    besides: Collection[int] = (),
    but_for: Placement | None = None,
    but_to: Client | None = None,
) -> None:
    """Never more at the same time than the ceiling and the permit allow, then or later.

    `besides` are orders that are not counted, `but_for` the placement itself, and
    `but_to` a person whose own offers are not.
    """
    full: set[str] = set()
    for day, held in held_on(
        unit.id,
        first_day,
        end_day,
        besides=besides,
        but_for=but_for.id if but_for else None,
        but_to=but_to.id if but_to else None,
    ):
        full |= _full_half_days(unit, day, half_days, held)
    if full:
        raise Refused(
            f"{unit.name} är full: {half_days_text(full)}. Vänta på en ledig plats, "
            "ändra dagarna eller låt personen välja en annan enhet.",
            "half_days",
        )
