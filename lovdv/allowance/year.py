"""A calendar year's statement for the state grant: people, days and amounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select

from lovdv.access import Actor
from lovdv.allowance.models import AllowanceEntry, AllowanceRun, YearAmount
from lovdv.allowance.queries import BOOKED
from lovdv.allowance.year_amounts import grants
from lovdv.extensions import db
from lovdv.placements.models import Placement

PAYERS = {
    "municipality": "Kommunen betalar",
    "provider_included": "Utföraren betalar, ingår i priset",
    "provider_billed": "Utföraren betalar och fakturerar kommunen",
}


@dataclass(frozen=True)
class Sums:
    """How much some rows come to; whole days and hours, reversals taken off."""

    people: int
    full: int
    half: int
    minutes: int
    amount: int

    @property
    def hours(self) -> str:
        whole, part = divmod(self.minutes, 60)
        return f"{whole} h {part} min" if part else f"{whole} h"


@dataclass(frozen=True)
class Statement:
    """One year's booked allowance, by payer and by the month that it concerns."""

    year: int
    all: Sums
    payers: Sequence[tuple[str, Sums]]
    months: Sequence[tuple[date, Sums]]
    grant: YearAmount | None

    @property
    def municipal(self) -> int:
        """What the municipality pays, itself or to providers who bill it."""
        paid = ("municipality", "provider_billed")
        return sum(sums.amount for payer, sums in self.payers if payer in paid)

    @property
    def granted(self) -> int:
        """The part of it that the grant covers; never more than was paid."""
        return min(self.grant.amount, self.municipal) if self.grant else 0

    @property
    def to_repay(self) -> int:
        return self.grant.amount - self.granted if self.grant else 0


def years(actor: Actor) -> Sequence[int]:
    """The years with something booked, the latest first."""
    months = db.session.scalars(_booked(actor, AllowanceEntry.month).distinct())
    return sorted({month.year for month in months}, reverse=True)


def statement(actor: Actor, year: int) -> Statement:
    within = (AllowanceEntry.month >= date(year, 1, 1)) & (
        AllowanceEntry.month < date(year + 1, 1, 1)
    )
    whole = db.session.execute(_sums(actor).where(within)).all()
    payer, month = AllowanceEntry.payer, AllowanceEntry.month
    return Statement(
        year=year,
        all=_first(whole),
        payers=_by(_sums(actor, payer).where(within).group_by(payer).order_by(payer)),
        months=_by(_sums(actor, month).where(within).group_by(month).order_by(month)),
        grant=grants(actor.municipality_id).get(year),
    )


def _by(query: Select[Any]) -> list[tuple[Any, Sums]]:
    """The sums of each group; what it is grouped by stands first."""
    return [(key, _made(rest)) for key, *rest in db.session.execute(query)]


def _first(rows: Sequence[Any]) -> Sums:
    return _made(rows[0])


def _made(numbers: Iterable[Any]) -> Sums:
    people, full, half, minutes, amount = (int(number or 0) for number in numbers)
    return Sums(people, full // 100, half // 100, minutes, amount)


def _sums(actor: Actor, *by: Any) -> Select[Any]:
    def quantity(kind: str) -> Any:
        is_kind = AllowanceEntry.kind == kind
        return func.sum(case((is_kind, AllowanceEntry.quantity), else_=0))

    kinds = [quantity(kind) for kind in ("full", "half", "hour")]
    people = func.count(_paid_people().distinct())
    columns = (*by, people, *kinds, func.sum(AllowanceEntry.amount))
    return _booked(actor, *columns)


def _paid_people() -> Any:
    """SQL: the person of a row that stands: neither taken back nor a reversal."""
    taken = select(AllowanceEntry.corrects_id).where(
        AllowanceEntry.corrects_id.is_not(None),
        AllowanceEntry.run_id.in_(_booked_runs()),
    )
    stands = AllowanceEntry.corrects_id.is_(None) & AllowanceEntry.id.not_in(taken)
    return case((stands & (AllowanceEntry.kind != "over"), Placement.client_id))


def _booked_runs() -> Select[Any]:
    return select(AllowanceRun.id).where(AllowanceRun.status.in_(BOOKED))


def _booked(actor: Actor, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(AllowanceEntry)
        .join(AllowanceRun, AllowanceRun.id == AllowanceEntry.run_id)
        .join(Placement, Placement.id == AllowanceEntry.placement_id)
        .where(
            AllowanceRun.municipality_id == actor.municipality_id,
            AllowanceRun.status.in_(BOOKED),
        )
    )
