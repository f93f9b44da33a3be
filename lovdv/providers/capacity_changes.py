"""Ceilings as they have been decided: in force, to come and before; and new ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lovdv import audit
from lovdv.accounts.models import User
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.placements.checks import locked
from lovdv.placements.occupancy import peak
from lovdv.placements.plans import half_day_text
from lovdv.providers.capacity import Half, permitted
from lovdv.providers.models import Capacity, Unit
from lovdv.systems.queries import rule


@dataclass(frozen=True)
class Change:
    """Ceilings decided from a day, who noted them and how many are above them."""

    unit: Unit
    first_day: date
    notified_on: date | None
    noted_by: str
    ceilings: Mapping[Half, int]
    in_force: bool
    above: Mapping[Half, int]

    @property
    def most_above(self) -> int:
        """At most so many more than the ceiling have a place; they stay."""
        return max(self.above.values(), default=0)


def changes(unit: Unit, on: date) -> list[Change]:
    """Every decided ceiling that holds or will or did, the latest first day first."""
    return changes_of([unit], on)


def changes_of(units: Collection[Unit], on: date) -> list[Change]:
    by_id = {unit.id: unit for unit in units}
    rows = db.session.execute(
        select(Capacity, User.name)
        .outerjoin(User, User.id == Capacity.noted_by_id)
        .where(Capacity.unit_id.in_(by_id))
        .order_by(Capacity.first_day, Capacity.revision)
    )
    latest: dict[tuple[int, date], list[tuple[Capacity, str]]] = {}
    for row, name in rows:
        kept = latest.setdefault((row.unit_id, row.first_day), [])
        if kept and kept[0][0].revision != row.revision:
            kept.clear()
        kept.append((row, name or ""))
    holding = {unit_id: day for unit_id, day in sorted(latest) if day <= on}
    return [
        _change(by_id[unit_id], rows, in_force=holding.get(unit_id) == day, on=on)
        for (unit_id, day), rows in sorted(
            latest.items(), key=lambda item: item[0][1], reverse=True
        )
    ]


def _change(
    unit: Unit, rows: Sequence[tuple[Capacity, str]], *, in_force: bool, on: date
) -> Change:
    first, name = rows[0]
    ceilings = {(row.weekday, row.half): row.ceiling for row, _ in rows}
    counts = in_force or first.first_day > on
    return Change(
        unit=unit,
        first_day=first.first_day,
        notified_on=first.notified_on,
        noted_by=name,
        ceilings=ceilings,
        in_force=in_force,
        above=above(unit, ceilings, max(first.first_day, on)) if counts else {},
    )


def above(unit: Unit, ceilings: Mapping[Half, int], on: date) -> dict[Half, int]:
    """How many more than a ceiling hold a place from a day; nobody is moved for it."""
    allowed, held = permitted(unit, ceilings), peak(unit.id, on)
    found = {half: count - allowed.get(half, 0) for half, count in held.items()}
    return {half: more for half, more in sorted(found.items()) if more > 0}


def coming(units: Collection[Unit], on: date) -> list[Change]:
    """Ceilings that count from a later day, the next first."""
    return [each for each in changes_of(units, on) if each.first_day > on][::-1]


def coming_ceilings(unit: Unit) -> list[int]:
    """The ceilings decided from a later day."""
    rows = select(Capacity.ceiling).where(
        Capacity.unit_id == unit.id, Capacity.first_day > today()
    )
    return list(db.session.scalars(rows))


def has_ceilings(unit: Unit) -> bool:
    count = select(func.count()).where(Capacity.unit_id == unit.id)
    return bool(db.session.scalar(count))


def earliest_change(notify_by_day: int, on: date) -> date:
    """The first day a changed ceiling may count: notified by the day, the next 1st.

    >>> earliest_change(15, date(2026, 11, 15)), earliest_change(15, date(2026, 11, 16))
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
    """
    months = on.year * 12 + on.month - 1 + 1 + (on.day > notify_by_day)
    return date(months // 12, months % 12 + 1, 1)


def earliest_from(choice_system_id: int, notified_on: date) -> date:
    """The same by the choice system's rule."""
    by_day = rule(choice_system_id, "capacity", notified_on)["notify_by_day"]
    assert isinstance(by_day, int)
    return earliest_change(by_day, notified_on)


def notify(
    *,
    unit: Unit,
    choice_system_id: int,
    ceilings: Mapping[Half, int],
    first_day: date,
    by_id: int,
) -> None:
    """The unit's own word today: it counts from the day that the rule gives, or on."""
    _require_notice(choice_system_id, first_day, today())
    set_capacity(
        unit=unit,
        choice_system_id=choice_system_id,
        ceilings=ceilings,
        first_day=first_day,
        notified_on=today(),
        by_id=by_id,
    )


def set_capacity(
    *,
    unit: Unit,
    choice_system_id: int,
    ceilings: Mapping[Half, int],
    first_day: date,
    notified_on: date,
    by_id: int | None = None,
) -> None:
    """New ceilings by weekday half-day from a day; nobody is moved because of it."""
    locked(unit)
    if notified_on > today():
        raise Refused("Dagen har inte varit än. Skriv när det anmäldes.", "notified_on")
    _require_permitted(unit, ceilings)
    if has_ceilings(unit):
        _require_notice(choice_system_id, first_day, notified_on)
    revision = _next_revision(unit, first_day)
    for (weekday, half), ceiling in ceilings.items():
        db.session.add(
            Capacity(
                unit_id=unit.id,
                weekday=weekday,
                half=half,
                ceiling=ceiling,
                first_day=first_day,
                revision=revision,
                notified_on=notified_on,
                noted_by_id=by_id,
            )
        )
    db.session.flush()
    told = {f"{weekday} {half}": n for (weekday, half), n in ceilings.items()}
    audit.change("capacity.set", object=unit.public_id, after=told)


def _require_permitted(unit: Unit, ceilings: Mapping[Half, int]) -> None:
    for (weekday, half), ceiling in ceilings.items():
        if not 0 <= ceiling <= unit.permit_maximum:
            raise Refused(
                f"{half_day_text(f'{weekday}{half}').capitalize()}: taket kan vara "
                f"högst {unit.permit_maximum}, som tillståndet säger.",
                f"c{weekday}{half}",
            )


def _require_notice(choice_system_id: int, first_day: date, notified_on: date) -> None:
    earliest = earliest_from(choice_system_id, notified_on)
    if first_day < earliest:
        raise Refused(
            f"En ändring som anmäls {day_text(notified_on)} gäller tidigast "
            f"{day_text(earliest)}.",
            "first_day",
        )


def _next_revision(unit: Unit, first_day: date) -> int:
    last = db.session.scalar(
        select(func.coalesce(func.max(Capacity.revision), 0)).where(
            Capacity.unit_id == unit.id, Capacity.first_day == first_day
        )
    )
    return (last or 0) + 1
