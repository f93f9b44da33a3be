"""Changing: a unit objects to what it was paid, and finance answers."""

from collections.abc import Iterable

from sqlalchemy import select

from lovdv import audit
from lovdv.basis.dates import answer_by
from lovdv.basis.models import (
    BasisObjection,
    BasisObjectionAnswer,
    BasisObjectionLine,
)
from lovdv.basis.objection_queries import is_told_missing, unanswered_for
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from payments import Month


def object_to(
    *,
    placement: Placement,
    month: Month,
    concerns: Month,
    line_ids: Iterable[int],
    text: str,
    by_id: int,
) -> BasisObjection:
    """A row is disputed: in the basis of one month, about the same or an earlier."""
    _lock(placement.unit_id)
    if unanswered_for(placement.id, month, concerns):
        raise Refused("Raden har redan en invändning som väntar på svar.")
    lines = [BasisObjectionLine(line_id=ref) for ref in line_ids]
    return _sent(
        BasisObjection(
            municipality_id=placement.municipality_id,
            choice_system_id=placement.choice_system_id,
            unit_id=placement.unit_id,
            month=month.first,
            concerns=concerns.first,
            kind="row",
            placement_id=placement.id,
            text=text,
            sent_by_id=by_id,
            lines=lines,
        ),
        [placement.client_id],
    )


def object_to_missing(
    *,
    unit: Unit,
    municipality_id: int,
    choice_system_id: int,
    month: Month,
    placement: Placement | None,
    text: str,
    by_id: int,
) -> BasisObjection:
    """Somebody has no row in the month; `placement` None: is not in the list either."""
    _lock(unit.id)
    if placement and unanswered_for(placement.id, month, month):
        raise Refused("Raden har redan en invändning som väntar på svar.")
    if not placement and is_told_missing(unit.id, month, text):
        raise Refused("Det är redan sagt och väntar på svar.")
    return _sent(
        BasisObjection(
            municipality_id=municipality_id,
            choice_system_id=choice_system_id,
            unit_id=unit.id,
            month=month.first,
            concerns=month.first,
            kind="missing",
            placement_id=placement.id if placement else None,
            text=text,
            sent_by_id=by_id,
        ),
        [placement.client_id] if placement else [],
    )


def _lock(unit_id: int) -> None:
    """One objection at a time from a unit, so that a double click is one."""
    db.session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())


def _sent(new: BasisObjection, about: list[int]) -> BasisObjection:
    new.sent_at, new.answer_by = now(), answer_by(new.choice_system_id)
    db.session.add(new)
    db.session.flush()
    audit.change(
        "basis.object", about=about, object=new.public_id, after={"text": new.text}
    )
    return new


def answer(
    *, objection: BasisObjection, verdict: str, text: str, by_id: int
) -> BasisObjectionAnswer:
    """Right or wrong, with what was changed or why not; said once."""
    if objection.answer is not None:
        raise Refused("Invändningen är redan besvarad. Läs svaret nedan.")
    new = BasisObjectionAnswer(
        objection=objection,
        verdict=verdict,
        text=text,
        answered_at=now(),
        answered_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    placement = objection.placement
    audit.change(
        "basis.answer",
        about=[placement.client_id] if placement else [],
        object=objection.public_id,
        after={"verdict": verdict, "text": text},
    )
    return new
