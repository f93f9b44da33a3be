"""Deciding templates; what is decided stands, and a new one takes over from its day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import answers, sie_settings, text_reading
from lovdv.ledger.models import FileTemplate
from lovdv.ledger.text_reading import TemplateFaults
from lovdv.systems.models import ChoiceSystem

READERS = {
    "text": text_reading.read,
    "sie": sie_settings.read,
    "answer": answers.read_settings,
}
ENDED = "none"


def check(kind: str, value: Mapping[str, object]) -> None:
    """Refuse a value with faults; each is said."""
    if kind == ENDED:
        return
    try:
        READERS[kind](value)
    except TemplateFaults as found:
        raise Refused(" ".join(found.faults)) from found


def decide(
    *,
    system: ChoiceSystem,
    name: str,
    kind: str,
    value: Mapping[str, object],
    first_day: date,
    reference: str = "",
    by_id: int | None = None,
) -> FileTemplate:
    check(kind, value)
    latest = db.session.scalar(
        select(func.max(FileTemplate.revision)).where(
            FileTemplate.choice_system_id == system.id,
            FileTemplate.name == name,
            FileTemplate.first_day == first_day,
        )
    )
    new = FileTemplate(
        choice_system_id=system.id,
        name=name,
        kind=kind,
        value=dict(value),
        first_day=first_day,
        revision=(latest or 0) + 1,
        reference=reference,
        decided_at=now(),
        decided_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("template.decide", object=new.public_id, after={"value": value})
    return new


def end(*, template: FileTemplate, first_day: date, by_id: int | None) -> FileTemplate:
    """From that day no file is made by the name."""
    if first_day < template.first_day:
        raise Refused(
            f"Mallen gäller från {template.first_day} och kan inte upphöra före det.",
            "first_day",
        )
    system = db.session.get_one(ChoiceSystem, template.choice_system_id)
    return decide(
        system=system,
        name=template.name,
        kind=ENDED,
        value={},
        first_day=first_day,
        reference=template.reference,
        by_id=by_id,
    )
