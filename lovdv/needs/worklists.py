"""What waits for an assessor: to score, to review, to establish."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Row, exists, select
from sqlalchemy.orm import aliased

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.needs.models import Assessment, Level, ReassessmentRequest, Review
from lovdv.needs.queries import seen_assessments
from lovdv.people.models import Client, Decision
from lovdv.people.queries import visible_people
from lovdv.placements.facts import first_attended_day
from lovdv.start import Waiting
from lovdv.systems.queries import main_system, rule

NOTICE = timedelta(weeks=4)


@dataclass(frozen=True)
class ToAssess:
    """A decision that needs an assessment, and why now."""

    client: Client
    decision: Decision
    why: str
    kind: str
    due: date | None = None
    request: ReassessmentRequest | None = None


@dataclass(frozen=True)
class Worklists:
    to_assess: Sequence[ToAssess] = ()
    drafts: Sequence[Assessment] = ()
    to_review: Sequence[Assessment] = ()
    to_establish: Sequence[Assessment] = ()
    disagreed: Sequence[Assessment] = ()

    @property
    def shown(self) -> set[int]:
        """Every person whom the lists show."""
        parts = (self.drafts, self.to_review, self.to_establish, self.disagreed)
        return {item.client.id for item in self.to_assess} | {
            assessment.client_id for part in parts for assessment in part
        }


def worklists(actor: Actor) -> Worklists:
    """Everything that the actor can take on now."""
    return Worklists(
        to_assess=to_assess(actor),
        drafts=drafts(actor),
        to_review=to_review(actor),
        to_establish=to_establish(actor),
        disagreed=disagreed(actor),
    )


def drafts(actor: Actor) -> Sequence[Assessment]:
    return db.session.scalars(
        seen_assessments(actor)
        .where(Assessment.assessor_id == actor.user_id, Assessment.signed_at.is_(None))
        .order_by(Assessment.updated_at.desc())
    ).all()


def to_review(actor: Actor) -> Sequence[Assessment]:
    """Signed by a colleague and not reviewed; one's own is never here."""
    return db.session.scalars(
        seen_assessments(actor)
        .where(
            Assessment.signed_at.is_not(None),
            Assessment.needs_review,
            Assessment.assessor_id != actor.user_id,
            ~exists().where(Review.assessment_id == Assessment.id),
        )
        .order_by(Assessment.signed_at)
    ).all()


def to_establish(actor: Actor) -> Sequence[Assessment]:
    """Signed, and agreed by a reviewer where that is needed, but not yet a level."""
    agreed = exists().where(
        Review.assessment_id == Assessment.id, Review.verdict == "agreed"
    )
    return db.session.scalars(
        seen_assessments(actor)
        .where(
            Assessment.signed_at.is_not(None),
            ~Assessment.needs_review | agreed,
            ~exists().where(Level.assessment_id == Assessment.id),
            ~_superseded(),
        )
        .order_by(Assessment.signed_at)
    ).all()


def disagreed(actor: Actor) -> Sequence[Assessment]:
    """The actor's own, that a colleague did not agree with: to be scored anew."""
    return db.session.scalars(
        seen_assessments(actor)
        .join(Review, Review.assessment_id == Assessment.id)
        .where(
            Assessment.assessor_id == actor.user_id,
            Review.verdict == "disagreed",
            ~_superseded(),
        )
        .order_by(Review.reviewed_at)
    ).all()


def _superseded() -> ColumnElement[bool]:
    """SQL: a later assessment for the same decision has been begun."""
    later = aliased(Assessment)
    return exists().where(
        later.decision_id == Assessment.decision_id, later.id > Assessment.id
    )


def to_assess(actor: Actor) -> list[ToAssess]:
    """Decisions without level, asked to be assessed anew, or ordinary due; by due."""
    rows = _decisions_at_rest(actor)
    ids = [decision.id for _, decision in rows]
    asked, levels = _requests(ids), _levels(ids)
    preliminary = [key for key, kind in levels.items() if kind == "preliminary"]
    ordinary = _ordinary_due(actor, preliminary)
    found = []
    for client, decision in rows:
        key = decision.id
        if key in asked:
            found.append(_asked_for(client, decision, asked[key]))
        elif key not in levels:
            found.append(ToAssess(client, decision, "Saknar nivå", "preliminary"))
        elif key in ordinary:
            why, day = "Ordinarie bedömning", ordinary[key]
            found.append(ToAssess(client, decision, why, "ordinary", day))
    return sorted(found, key=lambda item: (item.due is None, item.due or today()))


def _asked_for(
    client: Client, decision: Decision, request: ReassessmentRequest
) -> ToAssess:
    why = "Ny bedömning begärd"
    return ToAssess(client, decision, why, "changed_need", request.asked_on, request)


def _decisions_at_rest(actor: Actor) -> Sequence[Row[tuple[Client, Decision]]]:
    """Decisions in the actor's scope that no assessment is under way for."""
    seen = visible_people(actor).with_only_columns(Client.id)
    under_way = exists().where(
        Assessment.decision_id == Decision.id,
        ~exists().where(Level.assessment_id == Assessment.id),
        ~_superseded(),
    )
    return db.session.execute(
        select(Client, Decision)
        .join(Decision, Decision.client_id == Client.id)
        .where(
            Client.id.in_(seen),
            Client.died_on.is_(None),
            Decision.status.in_(("in_force", "appealed")),
            Decision.end_day.is_(None) | (Decision.end_day > today()),
            ~under_way,
        )
        .order_by(Client.sort_key)
    ).all()


def _requests(decision_ids: Collection[int]) -> dict[int, ReassessmentRequest]:
    rows = db.session.scalars(
        select(ReassessmentRequest)
        .where(
            ReassessmentRequest.decision_id.in_(decision_ids),
            ReassessmentRequest.assessment_id.is_(None),
        )
        .order_by(ReassessmentRequest.id.desc())
    )
    return {request.decision_id: request for request in rows}


def _levels(decision_ids: Collection[int]) -> dict[int, str]:
    """The kind of assessment behind each decision's latest level."""
    rows = db.session.execute(
        select(Level.decision_id, Assessment.kind)
        .join(Assessment, Assessment.id == Level.assessment_id)
        .where(Level.decision_id.in_(decision_ids))
        .order_by(Level.first_day, Level.revision)
    )
    return {row.decision_id: row.kind for row in rows}


def _ordinary_due(actor: Actor, decision_ids: Collection[int]) -> dict[int, date]:
    """When the ordinary assessment is due, for those due within the notice."""
    if not decision_ids:
        return {}
    system = main_system(actor.municipality_id)
    weeks = rule(system.id, "level_effect", today())["ordinary_due_weeks"]
    assert isinstance(weeks, int)
    due = {
        key: day + timedelta(weeks=weeks)
        for key, day in first_attended_day(decision_ids).items()
    }
    return {key: day for key, day in due.items() if day <= today() + NOTICE}


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for this person on the start page."""
    found: list[Waiting] = []
    if actor.may(Permission.ASSESSMENT_SCORE):
        found += [
            *_waiting("Bedömningar att göra", len(to_assess(actor))),
            *_waiting("Påbörjade bedömningar", len(drafts(actor))),
            *_waiting("Bedömningar att göra om", len(disagreed(actor))),
        ]
    if actor.may(Permission.ASSESSMENT_REVIEW):
        found += _waiting("Bedömningar att granska", len(to_review(actor)))
    if actor.may(Permission.LEVEL_ESTABLISH):
        found += _waiting("Nivåer att fastställa", len(to_establish(actor)))
    return found


def _waiting(title: str, count: int) -> list[Waiting]:
    return [Waiting(title, "needs.assessments", count)] if count else []
