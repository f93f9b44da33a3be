"""What the controls read of a run: few columns, one query a table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from lovdv.controls.models import Hold
from lovdv.extensions import db
from lovdv.payouts.models import HeldItem, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.people import renewals
from lovdv.people.models import Client, Decision
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, ContractUnit, Unit
from payments import Held, Month, Ref, Span
from payments.calendar import CLOSED


@dataclass(frozen=True, slots=True)
class Summed:
    month: Month
    amount: int


class PaidLine(NamedTuple):
    id: int
    placement: int
    month: Month
    start: date
    end: date
    amount: int
    counted: str


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    unit: int
    paid: Span
    decision: Span
    last_day: date | None
    died_on: date | None


def months(run: PaymentRun) -> list[Summed]:
    """What the lines of each month come to."""
    rows = db.session.execute(
        select(PaymentLine.month, func.sum(PaymentLine.amount))
        .where(PaymentLine.run_id == run.id)
        .group_by(PaymentLine.month)
    )
    return [Summed(Month.of(month), int(amount)) for month, amount in rows]


def suspects(run: PaymentRun) -> list[PaidLine]:
    """The lines with a day that something may not cover; the rest are beyond doubt.

    Those that take back a booked line are of any day, and none of them.
    """
    rows = db.session.execute(
        select(
            PaymentLine.id,
            PaymentLine.placement_id,
            PaymentLine.month,
            PaymentLine.first_day,
            PaymentLine.end_day,
            PaymentLine.amount,
            PaymentLine.counted,
        )
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .join(Decision, Decision.id == Placement.decision_id)
        .join(Client, Client.id == Placement.client_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(
            PaymentLine.run_id == run.id,
            PaymentLine.corrects_id.is_(None),
            or_(
                _beyond(Placement.paid_first_day, Placement.paid_end_day),
                _beyond(Decision.first_day, Decision.end_day),
                _beyond(Unit.first_day, Unit.end_day),
                PaymentLine.end_day > Placement.end_day,
                PaymentLine.end_day > Client.died_on,
                Unit.permit_number == "",
                PaymentLine.counted.contains(f"{CLOSED}:"),
                ~_under_contract(run).exists(),
            ),
        )
        .order_by(PaymentLine.id)
    )
    return [
        PaidLine(ref, placement, Month.of(month), *rest)
        for ref, placement, month, *rest in rows
    ]


def _beyond(first_day: Any, end_day: Any) -> Any:
    """SQL: the line has days outside a period; none are without an end."""
    return or_(PaymentLine.first_day < first_day, PaymentLine.end_day > end_day)


def _under_contract(run: PaymentRun) -> Select[Any]:
    """SQL: what covers the whole line at its unit."""
    return (
        select(ContractUnit.id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(
            ContractUnit.unit_id == Placement.unit_id,
            Contract.choice_system_id == run.choice_system_id,
            ContractUnit.first_day <= PaymentLine.first_day,
            Contract.first_day <= PaymentLine.first_day,
            or_(
                ContractUnit.end_day.is_(None),
                ContractUnit.end_day >= PaymentLine.end_day,
            ),
            or_(Contract.end_day.is_(None), Contract.end_day >= PaymentLine.end_day),
        )
    )


def placements(run: PaymentRun, ids: Iterable[int]) -> dict[Ref, PlacementFacts]:
    rows = db.session.execute(
        select(
            Placement.id,
            Placement.unit_id,
            Placement.paid_first_day,
            Placement.paid_end_day,
            Decision.first_day,
            Decision.end_day,
            Decision.id,
            Placement.end_day,
            Client.died_on,
        )
        .join(Decision, Decision.id == Placement.decision_id)
        .join(Client, Client.id == Placement.client_id)
        .where(Placement.id.in_(sorted(set(ids))))
    )
    renewed = renewals.ends(run.choice_system_id)
    found: dict[Ref, PlacementFacts] = {}
    for ref, unit, start, end, decided, until, decision, ended, died in rows:
        found[ref] = PlacementFacts(
            unit,
            Span(start, end),
            Span(decided, renewed.get(decision, until)),
            ended and ended - timedelta(days=1),
            died,
        )
    return found


def contracted(choice_system_id: int) -> dict[Ref, list[Span]]:
    """By unit: when some contract of the choice system covers it."""
    rows = db.session.execute(
        select(
            ContractUnit.unit_id,
            ContractUnit.first_day,
            ContractUnit.end_day,
            Contract.first_day,
            Contract.end_day,
        )
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(Contract.choice_system_id == choice_system_id)
    )
    found: dict[Ref, list[Span]] = {}
    for unit, start, end, contract_start, contract_end in rows:
        ends = [day for day in (end, contract_end) if day]
        span = Span(max(start, contract_start), min(ends, default=None))
        found.setdefault(unit, []).append(span)
    return found


def permitted(units: Iterable[int]) -> dict[Ref, list[Span]]:
    """By unit: when it may be open; without a permit, never."""
    rows = db.session.execute(
        select(Unit.id, Unit.first_day, Unit.end_day, Unit.permit_number).where(
            Unit.id.in_(sorted(set(units)))
        )
    )
    return {
        unit: [Span(start, end)] if number else [] for unit, start, end, number in rows
    }


def last_booked(run: PaymentRun) -> PaymentRun | None:
    """The booked run before this one."""
    return db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.status.in_(BOOKED),
            PaymentRun.month < run.month,
        )
        .order_by(PaymentRun.month.desc())
        .limit(1)
    ).first()


def held(run: PaymentRun) -> Iterator[Held]:
    rows = db.session.scalars(
        select(HeldItem)
        .where(HeldItem.run_id == run.id, HeldItem.reason == "stopped")
        .order_by(HeldItem.id)
    )
    for row in rows:
        yield Held(
            row.placement_id,
            row.kind,
            Month.of(row.month),
            row.first_day,
            row.end_day,
            row.error,
            row.message,
            row.amount,
        )


def held_before(run: PaymentRun) -> Iterable[tuple[Hold, int]]:
    """What earlier runs held and nobody has paid since, with what this run would pay.

    A later booked run with lines of the month has paid them, or has a hold of its own.
    """
    later = aliased(PaymentRun)
    decided_since = (
        select(PaymentLine.id)
        .join(later, later.id == PaymentLine.run_id)
        .where(
            PaymentLine.placement_id == Hold.placement_id,
            PaymentLine.month == Hold.month,
            later.choice_system_id == PaymentRun.choice_system_id,
            later.status.in_(BOOKED),
            later.month > PaymentRun.month,
        )
    )
    holds = db.session.scalars(
        _holds(run).where(~decided_since.exists()).order_by(PaymentRun.month, Hold.id)
    )
    latest = {(hold.placement_id, hold.month): hold for hold in holds}
    due = _due_of_held(run)
    return [(latest[key], due[key]) for key in sorted(latest) if key in due]


def held_by_a_control(run: PaymentRun) -> Mapping[date, Sequence[int]]:
    """By month: placements that are held before, for what a control found then.

    Where a whole provider was held, nobody had to decide of what was found.
    """
    found: dict[date, list[int]] = defaultdict(list)
    for hold, _ in held_before(run):
        if hold.finding_id is not None:
            found[hold.month].append(hold.placement_id)
    return found


def _holds(run: PaymentRun) -> Select[Any]:
    """The holds of booked runs before this."""
    return (
        select(Hold)
        .join(PaymentRun, PaymentRun.id == Hold.run_id)
        .where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.status.in_(BOOKED),
            PaymentRun.month < run.month,
        )
    )


def _due_of_held(run: PaymentRun) -> Mapping[tuple[int, date], int]:
    """By placement and month, what the run would pay of what was ever held."""
    rows = db.session.execute(
        select(
            PaymentLine.placement_id, PaymentLine.month, func.sum(PaymentLine.amount)
        )
        .where(
            PaymentLine.run_id == run.id,
            PaymentLine.placement_id.in_(
                _holds(run).with_only_columns(Hold.placement_id)
            ),
        )
        .group_by(PaymentLine.placement_id, PaymentLine.month)
    )
    return {(placement, month): int(amount) for placement, month, amount in rows}
