"""Reading what was expected by a day but not booked by then, row by row."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, null, select

from lovdv.basis.models import BasisObjection, BasisObjectionAnswer
from lovdv.extensions import db
from lovdv.payouts.models import HeldItem, Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED, is_on_hold
from lovdv.placements.models import Placement
from lovdv.providers.models import Provider, Unit
from payments import Month


def booked_late(choice_system_id: int, day: date) -> Sequence[Any]:
    """What concerns months up to the day, and was booked in a later period."""
    return _lines(
        choice_system_id,
        PaymentRun.status.in_(BOOKED),
        PaymentRun.month > day,
        PaymentLine.month <= day,
        ~is_on_hold(PaymentLine),
    )


def not_attested(choice_system_id: int, day: date) -> Sequence[Any]:
    """What is computed and waits for its attest, whichever period it is of."""
    return _lines(
        choice_system_id,
        PaymentRun.status == "computed",
        PaymentLine.month <= day,
        ~is_on_hold(PaymentLine),
    )


def on_hold(choice_system_id: int, day: date) -> Sequence[Any]:
    """What the latest run holds; an earlier run's hold is in it if it still stands."""
    return _lines(
        choice_system_id,
        PaymentRun.id == _latest_run(choice_system_id),
        PaymentLine.month <= day,
        is_on_hold(PaymentLine),
    )


def _latest_run(choice_system_id: int) -> Any:
    return (
        select(PaymentRun.id)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status != "replaced",
        )
        .order_by(PaymentRun.month.desc())
        .limit(1)
        .scalar_subquery()
    )


def _lines(choice_system_id: int, *conditions: ColumnElement[bool]) -> Sequence[Any]:
    """The net by month and placement; what comes to nothing is left out."""
    query = (
        select(PaymentLine)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(PaymentRun.choice_system_id == choice_system_id, *conditions)
        .with_only_columns(
            PaymentLine.month.label("month"),
            Payee.name.label("provider"),
            Payee.organisation_number,
            Unit.name.label("unit"),
            Placement.number,
            func.sum(PaymentLine.amount).label("amount"),
            literal("").label("note"),
        )
        .group_by(
            PaymentLine.month,
            Payee.name,
            Payee.organisation_number,
            Unit.name,
            Placement.number,
        )
        .having(func.sum(PaymentLine.amount) != 0)
    )
    return db.session.execute(query).all()


def _placed() -> Select[Any]:
    return (
        select(Placement)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Provider, Provider.id == Unit.provider_id)
    )


WHO = (
    Provider.name.label("provider"),
    Provider.organisation_number,
    Unit.name.label("unit"),
    Placement.number,
)


def held_items(choice_system_id: int, day: date) -> Sequence[Any]:
    """What the latest run has stopped or left out."""
    query = (
        _placed()
        .join(HeldItem, HeldItem.placement_id == Placement.id)
        .where(HeldItem.run_id == _latest_run(choice_system_id), HeldItem.month <= day)
        .with_only_columns(
            HeldItem.month,
            *WHO,
            HeldItem.amount,
            HeldItem.message.label("note"),
            HeldItem.reason,
        )
    )
    return db.session.execute(query).all()


def objections(choice_system_id: int, day: date) -> Sequence[Any]:
    """What units dispute and nobody has answered; the amount is not known."""
    query = (
        select(BasisObjection)
        .join(Unit, Unit.id == BasisObjection.unit_id)
        .join(Provider, Provider.id == Unit.provider_id)
        .outerjoin(Placement, Placement.id == BasisObjection.placement_id)
        .outerjoin(
            BasisObjectionAnswer,
            BasisObjectionAnswer.objection_id == BasisObjection.id,
        )
        .where(
            BasisObjection.choice_system_id == choice_system_id,
            BasisObjection.concerns <= day,
            BasisObjectionAnswer.id.is_(None),
        )
        .with_only_columns(
            BasisObjection.concerns.label("month"),
            *WHO,
            null().label("amount"),
            literal("Beloppet är inte känt.").label("note"),
        )
    )
    return db.session.execute(query).all()


def months_not_run(choice_system_id: int, day: date) -> list[Month]:
    """The months up to the day after the last one that has been run."""
    last = db.session.scalar(
        select(func.max(PaymentRun.month)).where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status != "replaced",
        )
    )
    found: list[Month] = []
    month = Month.of(last).next if last else None
    while month is not None and month.first <= day:
        found.append(month)
        month = month.next
    return found


def expected(choice_system_id: int, month: Month) -> Sequence[Any]:
    """The placements that are paid for in the month, with their last paid month's sum.

    None stands where nothing has been paid yet.
    """
    latest = _latest_run(choice_system_id)
    paid = (
        select(PaymentLine)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .where(PaymentRun.id == latest, PaymentLine.month == PaymentRun.month)
        .with_only_columns(
            PaymentLine.placement_id.label("placement"),
            func.sum(PaymentLine.amount).label("amount"),
        )
        .group_by(PaymentLine.placement_id)
        .subquery()
    )
    query = (
        _placed()
        .outerjoin(paid, paid.c.placement == Placement.id)
        .where(
            Placement.choice_system_id == choice_system_id,
            Placement.annulled_at.is_(None),
            Placement.paid_first_day < month.end,
            (Placement.paid_end_day.is_(None)) | (Placement.paid_end_day > month.first),
        )
        .with_only_columns(*WHO, paid.c.amount, literal("").label("note"))
    )
    return db.session.execute(query).all()
