"""What a person disputes, and what the municipality says to it: kept beside, as is."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv import audit
from lovdv.access import Actor
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.needs.models import Assessment, Objection, ObjectionAnswer
from lovdv.people.models import Client
from lovdv.people.queries import visible_people


def annotate(*, assessment: Assessment, text: str, voice: str, by_id: int) -> Objection:
    """Keep what the person disputes beside the assessment, which stands as it is."""
    new = Objection(
        assessment_id=assessment.id,
        text=text,
        voice=voice,
        noted_at=now(),
        noted_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "assessment.annotate",
        about=[assessment.client_id],
        object=assessment.public_id,
        after={"text": text},
    )
    return new


def answer(
    *, assessment: Assessment, objection: Objection, text: str, by_id: int
) -> ObjectionAnswer:
    """Say something to an objection; what was said before stands too."""
    new = ObjectionAnswer(
        objection_id=objection.id,
        text=text,
        answered_at=now(),
        answered_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    db.session.expire(objection, ["answers"])
    audit.change(
        "assessment.answer_objection",
        about=[assessment.client_id],
        object=objection.public_id,
        after={"text": text},
    )
    return new


def found(actor: Actor, public_id: str) -> tuple[Assessment, Objection]:
    """An objection to an assessment of a person in the actor's scope."""
    row = db.session.execute(
        _seen(actor)
        .where(Objection.public_id == public_id)
        .options(joinedload(Assessment.client))
    ).one()
    return row.Assessment, row.Objection


def unanswered(actor: Actor) -> list[tuple[Assessment, Objection]]:
    """Objections that nobody has said anything to, the oldest first."""
    said = exists().where(ObjectionAnswer.objection_id == Objection.id)
    rows = db.session.execute(
        _seen(actor)
        .where(~said)
        .options(joinedload(Assessment.client))
        .order_by(Objection.id)
    )
    return [(row.Assessment, row.Objection) for row in rows]


def of(assessment_id: int) -> Sequence[Objection]:
    """What the person disputes in an assessment, with every answer."""
    return db.session.scalars(
        select(Objection)
        .where(Objection.assessment_id == assessment_id)
        .options(
            joinedload(Objection.noted_by),
            selectinload(Objection.answers).joinedload(ObjectionAnswer.answered_by),
        )
        .order_by(Objection.id)
    ).all()


def _seen(actor: Actor) -> Select[tuple[Assessment, Objection]]:
    seen = visible_people(actor).with_only_columns(Client.id)
    return (
        select(Assessment, Objection)
        .join(Objection, Objection.assessment_id == Assessment.id)
        .where(Assessment.client_id.in_(seen))
    )
