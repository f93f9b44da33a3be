"""Reading requests for a new assessment: the unit's own, and those to answer."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import contains_eager, joinedload

from lovdv.access import Actor, Permission
from lovdv.clock import start_of, today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.needs import objections
from lovdv.needs.models import Level, ReassessmentAnswer, ReassessmentRequest
from lovdv.people import renewals
from lovdv.people.models import Client, Decision
from lovdv.people.queries import visible_people
from lovdv.placements.models import Placement
from lovdv.placements.scope import is_at_unit, placements_at_unit
from lovdv.start import Waiting

NEWS = timedelta(days=14)


def recent(decision_id: int) -> Sequence[ReassessmentRequest]:
    """Requests that no level has been established after, the latest first."""
    established = exists().where(
        Level.assessment_id == ReassessmentRequest.assessment_id
    )
    return db.session.scalars(
        _with_answer()
        .where(
            ReassessmentRequest.decision_id.in_(renewals.carried(decision_id)),
            ~established,
        )
        .order_by(ReassessmentRequest.id.desc())
        .limit(3)
    ).all()


def _with_answer() -> Select[tuple[ReassessmentRequest]]:
    return select(ReassessmentRequest).options(
        joinedload(ReassessmentRequest.answer),
        joinedload(ReassessmentRequest.unit),
        joinedload(ReassessmentRequest.asked_by),
        joinedload(ReassessmentRequest.decision),
    )


def placements_to_ask_for(actor: Actor) -> Sequence[Placement]:
    """The people placed at the actor's unit today, the unit's own placements."""
    return db.session.scalars(_placed(actor).order_by(Client.sort_key)).all()


def placement_to_ask_for(actor: Actor, public_id: str) -> Placement:
    return db.session.scalars(
        _placed(actor).where(Placement.public_id == public_id)
    ).one()


def decision_of(placement: Placement) -> Decision:
    """The decision that the placement rests on today."""
    rests_on = db.session.get_one(Decision, placement.decision_id)
    return renewals.holding(rests_on, today())


def _placed(actor: Actor) -> Select[tuple[Placement]]:
    return (
        select(Placement)
        .join(Placement.client)
        .where(
            placements_at_unit(actor),
            in_period(today(), Placement.first_day, Placement.end_day),
        )
        .options(contains_eager(Placement.client), joinedload(Placement.unit))
    )


def asked_by_unit(actor: Actor) -> Sequence[ReassessmentRequest]:
    """What the actor's unit has asked for, about people that it still sees."""
    if not is_at_unit(actor):
        return []
    seen = select(Placement.client_id).where(placements_at_unit(actor))
    return db.session.scalars(
        _with_answer()
        .join(ReassessmentRequest.client)
        .where(
            Client.municipality_id == actor.municipality_id,
            ReassessmentRequest.unit_id == actor.unit_id,
            ReassessmentRequest.client_id.in_(seen),
        )
        .options(contains_eager(ReassessmentRequest.client))
        .order_by(ReassessmentRequest.id.desc())
    ).all()


def to_answer(actor: Actor) -> Sequence[ReassessmentRequest]:
    """Requests without an answer in the actor's cases, the first due first."""
    rows = db.session.scalars(_seen(actor).where(_is_unanswered())).all()
    return sorted(rows, key=lambda row: (row.answer_by or row.asked_on, row.id))


def answered(actor: Actor, since: date) -> Sequence[ReassessmentRequest]:
    """What has been answered lately in the actor's cases, the latest first."""
    return db.session.scalars(
        _seen(actor)
        .join(ReassessmentAnswer)
        .where(ReassessmentAnswer.answered_at >= start_of(since))
        .order_by(ReassessmentAnswer.id.desc())
    ).all()


def request(actor: Actor, public_id: str) -> ReassessmentRequest:
    return db.session.scalars(
        _seen(actor).where(ReassessmentRequest.public_id == public_id)
    ).one()


def _is_unanswered() -> ColumnElement[bool]:
    return ~exists().where(ReassessmentAnswer.request_id == ReassessmentRequest.id)


def _seen(actor: Actor) -> Select[tuple[ReassessmentRequest]]:
    """Requests about people whose cases the actor may read."""
    seen = visible_people(actor).with_only_columns(Client.id)
    return (
        _with_answer()
        .join(ReassessmentRequest.client)
        .where(ReassessmentRequest.client_id.in_(seen))
        .options(contains_eager(ReassessmentRequest.client))
    )


def waiting(actor: Actor) -> list[Waiting]:
    """What waits: requests and objections to answer; for a unit, answers to read."""
    found: list[Waiting] = []
    if actor.may(Permission.REASSESSMENT_ANSWER):
        found += [*_requests_waiting(actor), *_objections_waiting(actor)]
    if actor.may(Permission.REASSESSMENT_ASK):
        found += _answers_waiting(actor)
    return found


def _requests_waiting(actor: Actor) -> list[Waiting]:
    rows = to_answer(actor)
    if not rows:
        return []
    title, endpoint = "Begäran om ny bedömning", "needs.reassessments_due"
    return [Waiting(title, endpoint, len(rows), due=rows[0].answer_by)]


def _objections_waiting(actor: Actor) -> list[Waiting]:
    count = len(objections.unanswered(actor))
    title = "Invändningar att besvara"
    return [Waiting(title, "needs.reassessments_due", count)] if count else []


def _answers_waiting(actor: Actor) -> list[Waiting]:
    news = [
        row
        for row in asked_by_unit(actor)
        if row.answer and row.answer.answered_at >= start_of(today() - NEWS)
    ]
    title, endpoint = "Svar om ny bedömning", "needs.reassessments_asked"
    return [Waiting(title, endpoint, len(news))] if news else []
