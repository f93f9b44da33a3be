"""Reading instruments, assessments and levels, each within the actor's scope."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.needs.models import (
    Assessment,
    EarlierAssessor,
    InstrumentVersion,
    Level,
    ReassessmentAnswer,
    ReassessmentRequest,
    SignedAssessment,
)
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.people.queries import own_people, visible_people
from lovdv.systems.models import ChoiceSystem


@dataclass(frozen=True, slots=True)
class LevelSpan:
    """An established level over its days, half-open; the last has no end."""

    client_id: int
    decision_id: int
    level_id: int
    level: str
    price_level: str
    first_day: date
    end_day: date | None


def level_spans(
    choice_system_id: int,
    known: datetime | None = None,
    decision_ids: Collection[int] | None = None,
) -> dict[int, list[LevelSpan]]:
    """Every decision's levels as known at a moment, in one query, by decision."""
    query = select(
        Level.client_id,
        Level.decision_id,
        Level.id,
        Level.level,
        Level.price_level,
        Level.first_day,
    ).where(Level.choice_system_id == choice_system_id)
    if known is not None:
        query = query.where(Level.established_at <= known)
    if decision_ids is not None:
        query = query.where(Level.decision_id.in_(decision_ids))
    rows = db.session.execute(
        query.order_by(Level.decision_id, Level.first_day, Level.revision)
    )
    return _spans(LevelSpan(*row, None) for row in rows)


def _spans(levels: Iterable[LevelSpan]) -> dict[int, list[LevelSpan]]:
    """Give each level its end: the next first day; a later revision replaces."""
    found: dict[int, list[LevelSpan]] = {}
    for level in levels:
        spans = found.setdefault(level.decision_id, [])
        if spans and spans[-1].first_day == level.first_day:
            spans.pop()
        if spans:
            spans[-1] = _ended(spans[-1], level.first_day)
        spans.append(level)
    return found


def _ended(span: LevelSpan, end_day: date) -> LevelSpan:
    return LevelSpan(
        span.client_id,
        span.decision_id,
        span.level_id,
        span.level,
        span.price_level,
        span.first_day,
        end_day,
    )


def level_on(decision_id: int, on: date, known: datetime | None = None) -> Level | None:
    """The level in force on a day; None when none has been established by then."""
    query = select(Level).where(Level.decision_id == decision_id, Level.first_day <= on)
    if known is not None:
        query = query.where(Level.established_at <= known)
    return db.session.scalars(
        query.order_by(Level.first_day.desc(), Level.revision.desc()).limit(1)
    ).first()


def levels_of(decision_id: int) -> Sequence[Level]:
    """Every established level of a decision, the latest first."""
    return db.session.scalars(
        select(Level)
        .where(Level.decision_id == decision_id)
        .options(joinedload(Level.assessment), joinedload(Level.established_by))
        .order_by(Level.first_day.desc(), Level.revision.desc())
    ).all()


def versions(actor: Actor) -> Sequence[InstrumentVersion]:
    """Every version of the municipality's instruments, the latest first."""
    return db.session.scalars(
        _versions(actor).order_by(
            InstrumentVersion.first_day.desc().nulls_first(),
            InstrumentVersion.id.desc(),
        )
    ).all()


def version(actor: Actor, public_id: str) -> InstrumentVersion:
    return db.session.scalars(
        _versions(actor).where(InstrumentVersion.public_id == public_id)
    ).one()


def _versions(actor: Actor) -> Select[tuple[InstrumentVersion]]:
    return (
        select(InstrumentVersion)
        .join(InstrumentVersion.choice_system)
        .where(ChoiceSystem.municipality_id == actor.municipality_id)
        .options(contains_eager(InstrumentVersion.choice_system))
    )


def version_on(choice_system_id: int, on: date) -> InstrumentVersion | None:
    """The published version in force on a day."""
    return db.session.scalars(
        select(InstrumentVersion)
        .where(
            InstrumentVersion.choice_system_id == choice_system_id,
            InstrumentVersion.status == "published",
            InstrumentVersion.first_day <= on,
        )
        .order_by(InstrumentVersion.first_day.desc())
        .limit(1)
    ).first()


def seen_assessments(actor: Actor) -> Select[tuple[Assessment]]:
    """The assessments of the people whose cases the actor may read."""
    seen = visible_people(actor).with_only_columns(Client.id)
    return (
        select(Assessment)
        .where(Assessment.client_id.in_(seen))
        .options(
            joinedload(Assessment.client),
            joinedload(Assessment.decision),
            joinedload(Assessment.instrument_version),
            joinedload(Assessment.assessor),
            joinedload(Assessment.signed),
            joinedload(Assessment.review),
        )
    )


def own_draft(actor: Actor, public_id: str) -> Assessment:
    """A draft that the actor scores; a colleague's is not there."""
    return db.session.scalars(
        seen_assessments(actor)
        .where(
            Assessment.public_id == public_id,
            Assessment.assessor_id == actor.user_id,
            Assessment.signed_at.is_(None),
        )
        .options(selectinload(Assessment.answers), selectinload(Assessment.words))
    ).one()


def colleagues_draft(actor: Actor, public_id: str) -> Assessment:
    """A draft that somebody else has begun in a case that the actor may read."""
    return db.session.scalars(
        seen_assessments(actor).where(
            Assessment.public_id == public_id,
            Assessment.assessor_id != actor.user_id,
            Assessment.signed_at.is_(None),
        )
    ).one()


def signed(actor: Actor, public_id: str) -> Assessment:
    """A signed assessment of a person in the actor's scope."""
    return db.session.scalars(
        seen_assessments(actor)
        .where(Assessment.public_id == public_id, Assessment.signed_at.is_not(None))
        .options(selectinload(Assessment.objections))
    ).one()


def assessments_of(actor: Actor, client: Client) -> Sequence[Assessment]:
    """A person's assessments, the latest first; drafts only to their assessor."""
    return db.session.scalars(
        seen_assessments(actor)
        .where(
            Assessment.client_id == client.id,
            Assessment.signed_at.is_not(None)
            | (Assessment.assessor_id == actor.user_id),
        )
        .order_by(Assessment.id.desc())
    ).all()


def earlier_signed(assessment: Assessment) -> SignedAssessment | None:
    """The person's last assessment signed before this one."""
    query = (
        select(SignedAssessment)
        .join(Assessment, Assessment.id == SignedAssessment.assessment_id)
        .where(
            Assessment.client_id == assessment.client_id,
            Assessment.id != assessment.id,
        )
    )
    if assessment.signed_at is not None:
        query = query.where(SignedAssessment.signed_at < assessment.signed_at)
    return db.session.scalars(
        query.order_by(SignedAssessment.signed_at.desc()).limit(1)
    ).first()


def level_from(assessment_id: int) -> Level | None:
    """The level that an assessment was established as, if it was."""
    return db.session.scalars(
        select(Level)
        .where(Level.assessment_id == assessment_id)
        .order_by(Level.id)
        .limit(1)
    ).first()


def later_level(assessment: Assessment) -> Level | None:
    """A level of the same decision that a later assessment has given."""
    return db.session.scalars(
        select(Level)
        .where(
            Level.decision_id == assessment.decision_id,
            Level.assessment_id > assessment.id,
        )
        .limit(1)
    ).first()


def levels_in_force(decision_id: int) -> list[Level]:
    """The levels that count, each from its first day, the latest first."""
    found: dict[date, Level] = {}
    for level in levels_of(decision_id):
        found.setdefault(level.first_day, level)
    return list(found.values())


def open_draft(decision_id: int) -> Assessment | None:
    """The draft somebody has begun for a decision."""
    return db.session.scalars(
        select(Assessment)
        .where(Assessment.decision_id == decision_id, Assessment.signed_at.is_(None))
        .options(joinedload(Assessment.assessor))
        .limit(1)
    ).first()


def earlier_assessors(assessment_id: int) -> set[int]:
    """Who held the draft before it was taken over."""
    return set(
        db.session.scalars(
            select(EarlierAssessor.user_id).where(
                EarlierAssessor.assessment_id == assessment_id
            )
        )
    )


def has_scored(assessment: Assessment, user_id: int) -> bool:
    """Whether somebody holds the assessment or has held it: then it is their own."""
    return user_id in {assessment.assessor_id, *earlier_assessors(assessment.id)}


def waiting_requests(
    decision_ids: Collection[int],
) -> Select[tuple[ReassessmentRequest]]:
    """Requests that no assessment has been begun for and nobody has said no to."""
    declined = exists().where(
        ReassessmentAnswer.request_id == ReassessmentRequest.id,
        ReassessmentAnswer.verdict == "declined",
    )
    return (
        select(ReassessmentRequest)
        .where(
            ReassessmentRequest.decision_id.in_(decision_ids),
            ReassessmentRequest.assessment_id.is_(None),
            ~declined,
        )
        .order_by(ReassessmentRequest.id)
    )


def requests_without_level(
    decision_ids: Collection[int],
) -> Select[tuple[ReassessmentRequest]]:
    """Requests behind a signed assessment that has not become a level."""
    return (
        select(ReassessmentRequest)
        .join(Assessment, Assessment.id == ReassessmentRequest.assessment_id)
        .where(
            ReassessmentRequest.decision_id.in_(decision_ids),
            Assessment.signed_at.is_not(None),
            ~exists().where(Level.assessment_id == Assessment.id),
        )
        .order_by(ReassessmentRequest.id)
    )


def requests_behind(assessment_id: int) -> Sequence[ReassessmentRequest]:
    """The requests that an assessment answers, the earliest first."""
    return db.session.scalars(
        select(ReassessmentRequest)
        .where(ReassessmentRequest.assessment_id == assessment_id)
        .order_by(ReassessmentRequest.id)
    ).all()


def request_behind(assessment_id: int) -> ReassessmentRequest | None:
    """The first of the requests that an assessment answers."""
    return next(iter(requests_behind(assessment_id)), None)


def decisions_to_assess(client_id: int, on: date) -> Sequence[Decision]:
    """A person's decisions that have not ended, the latest first."""
    return db.session.scalars(
        select(Decision)
        .where(
            Decision.client_id == client_id,
            Decision.status.in_(HOLDING),
            Decision.end_day.is_(None) | (Decision.end_day > on),
        )
        .order_by(Decision.first_day.desc())
    ).all()


def decisions_of(client_id: int) -> Sequence[Decision]:
    """Every decision of a person, the latest first."""
    return db.session.scalars(
        select(Decision)
        .where(Decision.client_id == client_id)
        .order_by(Decision.first_day.desc())
    ).all()


def own_client(actor: Actor, public_id: str) -> Client:
    """The actor as client, or a person whom the actor represents."""
    return db.session.scalars(
        own_people(actor).where(Client.public_id == public_id)
    ).one()


def own_clients(actor: Actor) -> Sequence[Client]:
    return db.session.scalars(own_people(actor).order_by(Client.sort_key)).all()
