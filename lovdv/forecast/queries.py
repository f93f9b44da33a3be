"""Reading budgets, scenarios, baselines and what has been paid."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.forecast.models import Baseline, Budget, Scenario, ShadowFile
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED, is_on_hold
from lovdv.systems.models import ChoiceSystem
from payments import Month


def latest_paid(choice_system_id: int) -> Month | None:
    found = db.session.scalar(
        select(func.max(PaymentRun.month)).where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status.in_(BOOKED),
        )
    )
    return None if found is None else Month.of(found)


def paid_by_month(choice_system_id: int, year: int) -> dict[Month, int]:
    """Öre by the month of the run; corrections stand in the month they were booked."""
    rows = db.session.execute(
        select(PaymentRun.month, func.coalesce(func.sum(PaymentLine.amount), 0))
        .outerjoin(
            PaymentLine,
            (PaymentLine.run_id == PaymentRun.id) & ~is_on_hold(PaymentLine),
        )
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status.in_(BOOKED),
            PaymentRun.month >= date(year, 1, 1),
            PaymentRun.month < date(year + 1, 1, 1),
        )
        .group_by(PaymentRun.month)
        .order_by(PaymentRun.month)
    )
    return {Month.of(month): int(amount) for month, amount in rows}


def budget(choice_system_id: int, year: int) -> Budget | None:
    return db.session.scalars(
        select(Budget)
        .where(Budget.choice_system_id == choice_system_id, Budget.year == year)
        .order_by(Budget.revision.desc())
        .limit(1)
    ).first()


def scenarios(actor: Actor) -> Sequence[Scenario]:
    query = _in_municipality(select(Scenario), Scenario.choice_system_id, actor)
    return db.session.scalars(query.order_by(Scenario.id.desc())).all()


def scenarios_beside(kept: Scenario) -> Sequence[Scenario]:
    """Every scenario of the same month, itself too, in the order they were made."""
    return db.session.scalars(
        select(Scenario)
        .where(
            Scenario.choice_system_id == kept.choice_system_id,
            Scenario.month == kept.month,
        )
        .order_by(Scenario.id)
    ).all()


def scenario(actor: Actor, public_id: str) -> Scenario:
    query = _in_municipality(select(Scenario), Scenario.choice_system_id, actor)
    return db.session.scalars(query.where(Scenario.public_id == public_id)).one()


def baselines(actor: Actor) -> Sequence[Baseline]:
    query = _in_municipality(select(Baseline), Baseline.choice_system_id, actor)
    return db.session.scalars(query.order_by(Baseline.day, Baseline.id)).all()


def shadow_files(actor: Actor) -> Sequence[ShadowFile]:
    query = _in_municipality(select(ShadowFile), ShadowFile.choice_system_id, actor)
    return db.session.scalars(query.order_by(ShadowFile.id.desc())).all()


def shadow_file(actor: Actor, public_id: str) -> ShadowFile:
    query = _in_municipality(select(ShadowFile), ShadowFile.choice_system_id, actor)
    return db.session.scalars(query.where(ShadowFile.public_id == public_id)).one()


def _in_municipality(query: Select[Any], system: Any, actor: Actor) -> Select[Any]:
    return query.join(ChoiceSystem, ChoiceSystem.id == system).where(
        ChoiceSystem.municipality_id == actor.municipality_id
    )
