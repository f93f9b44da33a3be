"""Reading what the controls found, and what is held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, or_, select

from lovdv.controls.models import Finding, Hold
from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.placements.models import Placement
from payments.control_catalogue import LISTS, NOT_PAID


def findings(found: PaymentRun) -> Sequence[Finding]:
    return db.session.scalars(
        select(Finding)
        .where(Finding.run_id == found.id)
        .order_by(Finding.control, Finding.month, Finding.id)
    ).all()


def chosen_findings(
    found: PaymentRun, public_ids: Iterable[str], controls: Iterable[str]
) -> Sequence[Finding]:
    """Those that are ticked, and all that wait under a control that is."""
    waiting = Finding.control.in_(list(controls)) & (Finding.decision == "")
    return db.session.scalars(
        select(Finding)
        .where(
            Finding.run_id == found.id,
            or_(Finding.public_id.in_(list(public_ids)), waiting),
        )
        .order_by(Finding.id)
    ).all()


def holds(found: PaymentRun, unit_id: int | None = None) -> Sequence[Any]:
    """What people have decided to hold, with its amount."""
    query = (
        select(Hold, Placement.number, func.sum(PaymentLine.amount))
        .join(Placement, Placement.id == Hold.placement_id)
        .join(
            PaymentLine,
            (PaymentLine.run_id == Hold.run_id)
            & (PaymentLine.placement_id == Hold.placement_id)
            & (PaymentLine.month == Hold.month),
        )
        .where(Hold.run_id == found.id)
        .group_by(Hold.id, Placement.number)
        .order_by(Hold.month, Placement.number)
    )
    if unit_id is not None:
        query = query.where(Placement.unit_id == unit_id)
    return db.session.execute(query).all()


RUNS_BACK = 12


@dataclass(frozen=True)
class Record:
    """What a control has found in the last runs, and what became of it."""

    runs: int = 0
    findings: int = 0
    paid: int = 0
    held: int = 0


def _paid_anyway() -> Any:
    """SQL: by a decision, or because nobody had to decide."""
    only_told = (
        (Finding.effect == LISTS)
        & (Finding.decision == "")
        & Finding.control.not_in(NOT_PAID)
    )
    return or_(Finding.decision == "pay", only_told)


def records(choice_system_id: int) -> dict[str, Record]:
    """By control, over the last runs that stand."""
    last = (
        select(PaymentRun.id)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status != "replaced",
        )
        .order_by(PaymentRun.month.desc())
        .limit(RUNS_BACK)
    )
    rows = db.session.execute(
        select(
            Finding.control,
            func.count(Finding.run_id.distinct()),
            func.count(),
            func.sum(case((_paid_anyway(), 1), else_=0)),
            func.sum(case((Finding.decision == "hold", 1), else_=0)),
        )
        .where(Finding.run_id.in_(last))
        .group_by(Finding.control)
    )
    return {control: Record(*map(int, counted)) for control, *counted in rows}
