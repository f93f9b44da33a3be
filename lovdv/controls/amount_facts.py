"""What the controls read of amounts: this run's, and what was booked before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from lovdv.extensions import db
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED, is_on_hold
from lovdv.placements.models import Placement
from payments import Month, Ref

ONE_QUERY = 10_000


def amounts(run: PaymentRun) -> dict[Ref, int]:
    """What the run pays each placement for its own month."""
    rows = db.session.execute(
        select(PaymentLine.placement_id, func.sum(PaymentLine.amount))
        .where(PaymentLine.run_id == run.id, PaymentLine.month == run.month)
        .group_by(PaymentLine.placement_id)
        .order_by(PaymentLine.placement_id)
    )
    return {ref: int(amount) for ref, amount in rows}


def most_before(run: PaymentRun, months: int) -> dict[Ref, int]:
    """The most that was booked for one of the last months, but the one it began in.

    The month after a closed summer is then no more than the one before it.
    """
    paid = (
        _by_month(run, months)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .where(Placement.paid_first_day <= PaymentLine.month)
        .subquery()
    )
    rows = db.session.execute(
        select(paid.c.placement_id, func.max(paid.c.amount)).group_by(
            paid.c.placement_id
        )
    )
    return {ref: int(amount) for ref, amount in rows}


def _booked(run: PaymentRun) -> Any:
    """SQL: the line stands in a booked run of the same choice system."""
    return PaymentLine.run_id.in_(
        select(PaymentRun.id).where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.status.in_(BOOKED),
        )
    )


def by_month(
    run: PaymentRun, placements: Iterable[Ref | None]
) -> dict[tuple[Ref | None, date], int]:
    """By placement and month: what the run pays some placements."""
    asked = sorted(int(ref) for ref in placements if ref is not None)
    found: dict[tuple[Ref | None, date], int] = {}
    for start in range(0, len(asked), ONE_QUERY):
        some = PaymentLine.placement_id.in_(asked[start : start + ONE_QUERY])
        found |= _by_placement_and_month(run, some)
    return found


def corrected(run: PaymentRun) -> dict[tuple[Ref | None, date], int]:
    """By placement and month: what the run adds to earlier months, or takes back."""
    return _by_placement_and_month(run, PaymentLine.month < run.month)


def _by_placement_and_month(
    run: PaymentRun, *which: Any
) -> dict[tuple[Ref | None, date], int]:
    rows = db.session.execute(
        select(
            PaymentLine.placement_id, PaymentLine.month, func.sum(PaymentLine.amount)
        )
        .where(PaymentLine.run_id == run.id, *which)
        .group_by(PaymentLine.placement_id, PaymentLine.month)
    )
    return {(ref, month): int(amount) for ref, month, amount in rows}


def by_contract(run: PaymentRun) -> dict[Ref, int]:
    """What the run pays under each contract, corrections included."""
    paid = (
        select(PaymentLine.payee_id, func.sum(PaymentLine.amount).label("amount"))
        .where(PaymentLine.run_id == run.id)
        .group_by(PaymentLine.payee_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Payee.contract_id, func.sum(paid.c.amount))
        .join(paid, paid.c.payee_id == Payee.id)
        .group_by(Payee.contract_id)
        .order_by(Payee.contract_id)
    )
    return {ref: int(amount) for ref, amount in rows}


def by_unit(run: PaymentRun, month: date) -> dict[Ref, int]:
    """What the run pays for a month, by unit."""
    rows = db.session.execute(
        select(Placement.unit_id, func.sum(PaymentLine.amount))
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .where(PaymentLine.run_id == run.id, PaymentLine.month == month)
        .group_by(Placement.unit_id)
        .order_by(Placement.unit_id)
    )
    return {unit: int(amount) for unit, amount in rows}


def history(
    run: PaymentRun, now: Mapping[Ref, int], months: int
) -> dict[Ref, Sequence[int]]:
    """Each of the last months' booked amount, of placements that never had so much."""
    paid = _by_month(run, months).subquery()
    most = db.session.execute(
        select(paid.c.placement_id, func.max(paid.c.amount)).group_by(
            paid.c.placement_id
        )
    )
    wanted = [ref for ref, amount in most if now.get(ref, 0) > amount]
    return _listed(_by_month(run, months), PaymentLine.placement_id, wanted)


def unit_history(run: PaymentRun, months: int) -> dict[Ref, Sequence[int]]:
    """Each of the last months' booked amount, by unit."""
    query = (
        _by_month(run, months)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .with_only_columns(
            Placement.unit_id,
            PaymentLine.month,
            func.sum(PaymentLine.amount).label("amount"),
        )
        .group_by(None)
        .group_by(Placement.unit_id, PaymentLine.month)
    )
    found: dict[Ref, list[int]] = {}
    for unit, _, amount in db.session.execute(query):
        found.setdefault(unit, []).append(int(amount))
    return dict(found)


def _listed(
    query: Select[Any], key: Any, wanted: Collection[Ref]
) -> dict[Ref, Sequence[int]]:
    found: dict[Ref, list[int]] = {}
    asked = sorted(wanted, key=int)
    for start in range(0, len(asked), ONE_QUERY):
        some = query.where(key.in_(asked[start : start + ONE_QUERY]))
        for ref, _, amount in db.session.execute(some):
            found.setdefault(ref, []).append(int(amount))
    return dict(found)


def _by_month(run: PaymentRun, months: int) -> Select[Any]:
    """What was booked for each of the months before the run's, by placement."""
    return (
        select(
            PaymentLine.placement_id,
            PaymentLine.month,
            func.sum(PaymentLine.amount).label("amount"),
        )
        .where(
            _booked(run),
            PaymentLine.month < run.month,
            PaymentLine.month >= Month.of(run.month).plus(-months).first,
            ~is_on_hold(PaymentLine),
        )
        .group_by(PaymentLine.placement_id, PaymentLine.month)
    )
