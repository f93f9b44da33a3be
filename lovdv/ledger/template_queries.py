"""Reading the templates that files are written after."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.ledger.models import FileTemplate
from lovdv.systems.models import ChoiceSystem

WRITTEN = ("sie", "text")


def templates(choice_system_id: int) -> Sequence[FileTemplate]:
    """Every decided template, by name, the latest first."""
    return db.session.scalars(
        select(FileTemplate)
        .where(FileTemplate.choice_system_id == choice_system_id)
        .order_by(
            FileTemplate.name,
            FileTemplate.first_day.desc(),
            FileTemplate.revision.desc(),
        )
    ).all()


def template(actor: Actor, public_id: str) -> FileTemplate:
    return db.session.scalars(
        select(FileTemplate)
        .join(ChoiceSystem, ChoiceSystem.id == FileTemplate.choice_system_id)
        .where(
            FileTemplate.public_id == public_id,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
    ).one()


def in_force(
    choice_system_id: int,
    on: date,
    *,
    kinds: Sequence[str] = WRITTEN,
    known: datetime | None = None,
) -> list[FileTemplate]:
    """One of each name that holds on the day, as known at a moment."""
    latest: dict[str, FileTemplate] = {}
    for found in templates(choice_system_id):
        late = known is not None and found.decided_at > known
        if found.first_day <= on and not late:
            latest.setdefault(found.name, found)
    return [found for found in latest.values() if found.kind in kinds]
