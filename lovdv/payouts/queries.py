"""Reading: runs, their sums, and what is held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.payouts.models import HeldItem, Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import is_on_hold
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit


def runs(actor: Actor) -> Sequence[PaymentRun]:
    return db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.municipality_id == actor.municipality_id,
            PaymentRun.status != "replaced",
        )
        .order_by(PaymentRun.month.desc(), PaymentRun.id.desc())
    ).all()


def run(actor: Actor, public_id: str) -> PaymentRun:
    return db.session.scalars(
        select(PaymentRun).where(
            PaymentRun.municipality_id == actor.municipality_id,
            PaymentRun.public_id == public_id,
        )
    ).one()


def last_run(choice_system_id: int) -> PaymentRun | None:
    return db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status != "replaced",
        )
        .order_by(PaymentRun.month.desc())
        .limit(1)
    ).first()


@dataclass(frozen=True)
class ProviderTotal:
    name: str
    regi: str
    lines: int
    amount: int


def totals(found: PaymentRun) -> list[ProviderTotal]:
    """What the run pays each provider; what is on hold is not counted."""
    rows = db.session.execute(
        paid_lines(found)
        .with_only_columns(
            Payee.name,
            PaymentLine.regi,
            func.count().label("lines"),
            func.sum(PaymentLine.amount).label("amount"),
        )
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .group_by(Payee.provider_id, Payee.name, PaymentLine.regi)
        .order_by(PaymentLine.regi, Payee.name)
    )
    return [ProviderTotal(name, regi, n, int(a)) for name, regi, n, a in rows]


def paid_lines(found: PaymentRun) -> Select[Any]:
    return select(PaymentLine).where(
        PaymentLine.run_id == found.id, ~is_on_hold(PaymentLine)
    )


@dataclass(frozen=True)
class RunSums:
    """How a run's money parts: paid now, corrections in it, and on hold."""

    paid: int
    corrected: int
    on_hold: int


def sums(found: PaymentRun) -> RunSums:
    held = is_on_hold(PaymentLine)
    earlier = PaymentLine.month != found.month
    paid, corrected, on_hold = db.session.execute(
        select(
            func.coalesce(func.sum(case((~held, PaymentLine.amount))), 0),
            func.coalesce(func.sum(case((~held & earlier, PaymentLine.amount))), 0),
            func.coalesce(func.sum(case((held, PaymentLine.amount))), 0),
        ).where(PaymentLine.run_id == found.id)
    ).one()
    return RunSums(int(paid), int(corrected), int(on_hold))


def held_counts(found: PaymentRun) -> tuple[int, int, int]:
    """Lines on hold, items stopped, items left out."""
    held = db.session.scalar(
        select(func.count()).where(
            PaymentLine.run_id == found.id, is_on_hold(PaymentLine)
        )
    )
    rows = db.session.execute(
        select(HeldItem.reason, func.count())
        .where(HeldItem.run_id == found.id)
        .group_by(HeldItem.reason)
    )
    counted = {reason: number for reason, number in rows}  # noqa: C416 - rows of two
    return held or 0, counted.get("stopped", 0), counted.get("left_out", 0)


def placement_numbers(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {ref for ref in ids if ref is not None}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Placement.id, Placement.number).where(Placement.id.in_(wanted))
    )
    return {row.id: row.number for row in rows}


def held_items(found: PaymentRun, unit_id: int | None = None) -> Sequence[Any]:
    query = (
        select(HeldItem, Placement.number, Unit.name)
        .join(Placement, Placement.id == HeldItem.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(HeldItem.run_id == found.id)
        .order_by(HeldItem.reason, HeldItem.error, HeldItem.month, Placement.number)
    )
    if unit_id is not None:
        query = query.where(Placement.unit_id == unit_id)
    return db.session.execute(query).all()
