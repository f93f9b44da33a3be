"""Reading what readers have told, and what waits for an answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lovdv.access import Actor, Permission
from lovdv.accessibility.models import AccessibilityAnswer, AccessibilityReport
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.start import Waiting


def reports(*, answered: bool) -> Sequence[AccessibilityReport]:
    """Those without an answer by their last day, the others the latest first."""
    query = select(AccessibilityReport).options(
        joinedload(AccessibilityReport.answer).joinedload(
            AccessibilityAnswer.answered_by
        )
    )
    if answered:
        query = query.where(AccessibilityReport.answer.has())
        return db.session.scalars(
            query.order_by(AccessibilityReport.sent_at.desc()).limit(100)
        ).all()
    query = query.where(~AccessibilityReport.answer.has())
    order = AccessibilityReport.answer_by, AccessibilityReport.id
    return db.session.scalars(query.order_by(*order)).all()


def report(public_id: str) -> AccessibilityReport:
    return db.session.scalars(
        select(AccessibilityReport).where(AccessibilityReport.public_id == public_id)
    ).one()


def is_answered(report: AccessibilityReport) -> bool:
    """Asked of the database, while nobody else can answer the same report."""
    own = AccessibilityReport.id == report.id
    db.session.execute(select(AccessibilityReport.id).where(own).with_for_update())
    answers = AccessibilityAnswer.report_id == report.id
    return db.session.scalar(select(AccessibilityAnswer.id).where(answers)) is not None


def sent_since(instant: datetime) -> int:
    return db.session.scalars(
        select(func.count())
        .select_from(AccessibilityReport)
        .where(AccessibilityReport.sent_at > instant)
    ).one()


def waiting(actor: Actor) -> Sequence[Waiting]:
    if not actor.may(Permission.SYSTEM_WRITE):
        return []
    found = reports(answered=False)
    if not found:
        return []
    return [
        Waiting(
            "Synpunkter på tillgängligheten att svara på",
            "accessibility.reports",
            count=len(found),
            due=found[0].answer_by,
            urgent=found[0].answer_by < today(),
        )
    ]
