"""Reading objections: the unit's own, those to answer, and those of a row."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.basis.models import BasisObjection, BasisObjectionAnswer
from lovdv.clock import start_of, today
from lovdv.extensions import db
from payments import Month

NEWS = timedelta(days=14)
SHOWN = timedelta(days=365)


def objections(actor: Actor) -> Sequence[BasisObjection]:
    """Those that wait, the first due first, then those answered the last year."""
    since = start_of(today() - SHOWN)
    rows = db.session.scalars(
        _seen(actor)
        .outerjoin(BasisObjectionAnswer)
        .where(
            BasisObjectionAnswer.id.is_(None)
            | (BasisObjectionAnswer.answered_at >= since)
        )
    ).all()
    waiting = [row for row in rows if row.answer is None]
    answered = [row for row in rows if row.answer is not None]
    waiting.sort(key=lambda row: (row.answer_by, row.id))
    answered.sort(key=lambda row: row.answer.id if row.answer else 0, reverse=True)
    return [*waiting, *answered]


def objection(actor: Actor, public_id: str) -> BasisObjection:
    return db.session.scalars(
        _seen(actor).where(BasisObjection.public_id == public_id)
    ).one()


def of_month(actor: Actor, unit_id: int, month: Month) -> Sequence[BasisObjection]:
    """What was sent about a unit's month, the latest first."""
    return db.session.scalars(
        _seen(actor)
        .where(BasisObjection.unit_id == unit_id, BasisObjection.month == month.first)
        .order_by(BasisObjection.id.desc())
    ).all()


def unanswered_for(placement_id: int, month: Month, concerns: Month) -> bool:
    return (
        db.session.scalars(
            select(BasisObjection)
            .outerjoin(BasisObjectionAnswer)
            .where(
                BasisObjection.placement_id == placement_id,
                BasisObjection.month == month.first,
                BasisObjection.concerns == concerns.first,
                BasisObjectionAnswer.id.is_(None),
            )
        ).first()
        is not None
    )


def is_told_missing(unit_id: int, month: Month, text: str) -> bool:
    """Whether the unit has said the same, of somebody not in the list, unanswered."""
    found = (
        select(BasisObjection.id)
        .outerjoin(BasisObjectionAnswer)
        .where(
            BasisObjection.unit_id == unit_id,
            BasisObjection.month == month.first,
            BasisObjection.kind == "missing",
            BasisObjection.placement_id.is_(None),
            BasisObjection.text == text,
            BasisObjectionAnswer.id.is_(None),
        )
    )
    return db.session.scalar(found.limit(1)) is not None


def to_answer(actor: Actor) -> Sequence[BasisObjection]:
    return [row for row in objections(actor) if row.answer is None]


def newly_answered(actor: Actor) -> Sequence[BasisObjection]:
    since = start_of(today() - NEWS)
    return [
        row
        for row in objections(actor)
        if row.answer is not None and row.answer.answered_at >= since
    ]


def _seen(actor: Actor) -> Select[tuple[BasisObjection]]:
    """The municipality's to finance; to a unit its own."""
    found = (
        select(BasisObjection)
        .where(BasisObjection.municipality_id == actor.municipality_id)
        .options(
            joinedload(BasisObjection.unit),
            joinedload(BasisObjection.placement),
            joinedload(BasisObjection.sent_by),
            joinedload(BasisObjection.answer).joinedload(
                BasisObjectionAnswer.answered_by
            ),
            selectinload(BasisObjection.lines),
        )
    )
    if actor.may(Permission.RUN_READ):
        return found
    return found.where(BasisObjection.unit_id == (actor.unit_id or 0))
