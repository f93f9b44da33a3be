"""Reading runs of habiliteringsersättning: their rows, sums and what waits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from lovdv.access import Actor
from lovdv.allowance.models import (
    AllowanceEntry,
    AllowanceFile,
    AllowanceRun,
    AllowanceWait,
)
from lovdv.extensions import db
from lovdv.payouts.line_queries import A_PAGE, Page
from lovdv.people.models import Client
from lovdv.people.names import listed_key
from lovdv.placements.models import Placement
from lovdv.placements.scope import placements_at_unit
from lovdv.providers.models import Provider, Unit
from payments import Month, Ref
from payments.allowance_changes import BookedAllowance
from payments.allowance_lines import AllowanceLine

BOOKED = ("attested", "exported")


def runs(actor: Actor) -> Sequence[AllowanceRun]:
    return db.session.scalars(
        select(AllowanceRun)
        .where(
            AllowanceRun.municipality_id == actor.municipality_id,
            AllowanceRun.status != "replaced",
        )
        .order_by(AllowanceRun.month.desc(), AllowanceRun.id.desc())
    ).all()


def run(actor: Actor, public_id: str) -> AllowanceRun:
    return db.session.scalars(
        select(AllowanceRun).where(
            AllowanceRun.municipality_id == actor.municipality_id,
            AllowanceRun.public_id == public_id,
        )
    ).one()


def standing_runs(choice_system_id: int) -> Sequence[AllowanceRun]:
    """The choice system's runs that nothing has replaced, the first month first."""
    return db.session.scalars(
        select(AllowanceRun)
        .where(
            AllowanceRun.choice_system_id == choice_system_id,
            AllowanceRun.status != "replaced",
        )
        .order_by(AllowanceRun.month),
        # What was read before a lock may have changed while others held it.
        execution_options={"populate_existing": True},
    ).all()


def file_of(found: AllowanceRun) -> AllowanceFile | None:
    return db.session.scalars(
        select(AllowanceFile).where(AllowanceFile.run_id == found.id)
    ).one_or_none()


def file_with(found: AllowanceRun) -> AllowanceFile:
    """The run's list for payment; before it is made, NoResultFound."""
    return db.session.scalars(
        select(AllowanceFile).where(AllowanceFile.run_id == found.id)
    ).one()


@dataclass(frozen=True)
class Booked:
    """A month's booked rows, reversals too, and the provider of each."""

    rows: Sequence[BookedAllowance]
    providers: Mapping[Ref, int]


def booked(choice_system_id: int, month: Month) -> Booked:
    found = db.session.scalars(
        select(AllowanceEntry)
        .join(AllowanceRun, AllowanceRun.id == AllowanceEntry.run_id)
        .where(
            AllowanceRun.choice_system_id == choice_system_id,
            AllowanceRun.status.in_(BOOKED),
            AllowanceEntry.month == month.first,
        )
        .order_by(AllowanceEntry.id)
    ).all()
    return Booked(
        [BookedAllowance(row.id, line_of(row), row.corrects_id) for row in found],
        {row.id: row.provider_id for row in found},
    )


def line_of(row: AllowanceEntry) -> AllowanceLine:
    """The engine's line of a booked row."""
    return AllowanceLine(
        placement=row.placement_id,
        month=Month.of(row.month),
        kind=row.kind,
        quantity=row.quantity,
        rate=row.rate,
        rounding=row.rounding,
        amount=row.amount,
        days=row.days,
        rule=row.rule,
        payer=row.payer,
    )


@dataclass(frozen=True)
class Listed:
    """A row with what it leads to."""

    entry: AllowanceEntry
    placement: Placement
    unit: Unit
    provider: Provider


def entries(found: AllowanceRun, placement_id: int | None = None) -> Sequence[Listed]:
    """The run's rows, by provider, unit and placement."""
    query = _entries().where(AllowanceEntry.run_id == found.id)
    if placement_id is not None:
        query = query.where(AllowanceEntry.placement_id == placement_id)
    rows = db.session.execute(
        query.order_by(
            Provider.name,
            Unit.sort_key,
            Placement.number,
            AllowanceEntry.month,
            AllowanceEntry.id,
        )
    )
    return [Listed(*row) for row in rows]


def entry_page(found: AllowanceRun, number: int, url: Callable[[int], str]) -> Page:
    """One page of the month's list, by placement number."""
    query = _entries().where(AllowanceEntry.run_id == found.id)
    rows = db.session.scalar(query.with_only_columns(func.count())) or 0
    count = max(1, -(-rows // A_PAGE))
    shown = min(max(1, number), count)
    some = query.order_by(Placement.number, AllowanceEntry.month, AllowanceEntry.id)
    listed = db.session.execute(some.offset((shown - 1) * A_PAGE).limit(A_PAGE))
    return Page([Listed(*row) for row in listed], shown, count, url)


def _entries() -> Select[tuple[AllowanceEntry, Placement, Unit, Provider]]:
    return (
        select(AllowanceEntry, Placement, Unit, Provider)
        .join(Placement, Placement.id == AllowanceEntry.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Provider, Provider.id == AllowanceEntry.provider_id)
    )


def placement_in(found: AllowanceRun, public_id: str) -> Placement:
    """A placement that the run pays something for, else NoResultFound."""
    return db.session.scalars(
        select(Placement).where(
            Placement.public_id == public_id,
            exists().where(
                AllowanceEntry.placement_id == Placement.id,
                AllowanceEntry.run_id == found.id,
            ),
        )
    ).one()


def waits(found: AllowanceRun) -> Sequence[tuple[AllowanceWait, Placement, Unit]]:
    """The first of what the run could not count; wait_count() says how many."""
    rows = db.session.execute(
        select(AllowanceWait, Placement, Unit)
        .join(Placement, Placement.id == AllowanceWait.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(AllowanceWait.run_id == found.id)
        .order_by(AllowanceWait.reason, AllowanceWait.month, Placement.number)
        .limit(A_PAGE)
    )
    return [(wait, placement, unit) for wait, placement, unit in rows]


def wait_count(found: AllowanceRun) -> int:
    counted = select(func.count()).where(AllowanceWait.run_id == found.id)
    return db.session.scalar(counted) or 0


def own_entries(actor: Actor, month: date) -> Sequence[tuple[Listed, Client]]:
    """What is attested for people whom the actor's unit still sees, by name."""
    rows = db.session.execute(
        _entries()
        .join(AllowanceRun, AllowanceRun.id == AllowanceEntry.run_id)
        .join(Client, Client.id == Placement.client_id)
        .add_columns(Client)
        .where(
            placements_at_unit(actor),
            AllowanceRun.municipality_id == actor.municipality_id,
            AllowanceRun.status.in_(BOOKED),
            AllowanceRun.month == month,
        )
        .order_by(AllowanceEntry.month, AllowanceEntry.id)
    )
    found = [(Listed(*row[:4]), row[4]) for row in rows]
    return sorted(found, key=lambda one: listed_key(one[1]))


def own_months(actor: Actor) -> Sequence[date]:
    """The months with something for the actor's own unit, the latest first."""
    return db.session.scalars(
        select(AllowanceRun.month)
        .join(AllowanceEntry, AllowanceEntry.run_id == AllowanceRun.id)
        .join(Placement, Placement.id == AllowanceEntry.placement_id)
        .where(
            placements_at_unit(actor),
            AllowanceRun.municipality_id == actor.municipality_id,
            AllowanceRun.status.in_(BOOKED),
        )
        .distinct()
        .order_by(AllowanceRun.month.desc())
    ).all()


def months_of(found: AllowanceRun) -> Sequence[date]:
    """The run's own month and the earlier ones that it corrects."""
    corrected = select(AllowanceEntry.month).where(AllowanceEntry.run_id == found.id)
    return sorted({found.month, *db.session.scalars(corrected.distinct())})


@dataclass(frozen=True)
class PayerSum:
    """What a run comes to for one provider's people, by who pays."""

    provider: str
    payer: str
    people: int
    amount: int


def sums(found: AllowanceRun) -> list[PayerSum]:
    rows = db.session.execute(
        select(
            Provider.name,
            AllowanceEntry.payer,
            func.count(Placement.client_id.distinct()),
            func.sum(AllowanceEntry.amount),
        )
        .join(Provider, Provider.id == AllowanceEntry.provider_id)
        .join(Placement, Placement.id == AllowanceEntry.placement_id)
        .where(AllowanceEntry.run_id == found.id)
        .group_by(Provider.id, Provider.name, AllowanceEntry.payer)
        .order_by(Provider.name, AllowanceEntry.payer)
    )
    return [PayerSum(*told, int(amount)) for *told, amount in rows]


def corrected_by(ids: Sequence[int]) -> Mapping[int, int]:
    """By row: the booked row that has taken it back."""
    later, its_run = aliased(AllowanceEntry), aliased(AllowanceRun)
    rows = db.session.execute(
        select(later.corrects_id, later.id)
        .join(its_run, its_run.id == later.run_id)
        .where(later.corrects_id.in_(ids), its_run.status.in_(BOOKED))
    )
    return {taken: taker for taken, taker in rows}  # noqa: C416 - rows of two
