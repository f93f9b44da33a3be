"""What waits for an assessor: to score, to review, to establish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.needs import reviewing, statement_queries
from lovdv.needs.models import Assessment, Level, Review
from lovdv.needs.queries import seen_assessments
from lovdv.needs.reminders import ToAssess, found_for
from lovdv.needs.statement_models import Statement
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.people.queries import visible_people
from lovdv.start import Waiting


@dataclass(frozen=True)
class Worklists:
    to_assess: Sequence[ToAssess] = ()
    drafts: Sequence[Assessment] = ()
    colleagues_drafts: Sequence[Assessment] = ()
    to_review: Sequence[Assessment] = ()
    to_review_elsewhere: Sequence[Assessment] = ()
    to_establish: Sequence[Assessment] = ()
    disagreed: Sequence[Assessment] = ()
    awaited: Sequence[Statement] = ()

    @property
    def shown(self) -> set[int]:
        """Every person whom the lists show."""
        parts = (
            self.to_assess,
            self.drafts,
            self.colleagues_drafts,
            self.to_review,
            self.to_review_elsewhere,
            self.to_establish,
            self.disagreed,
            self.awaited,
        )
        return {item.client.id for part in parts for item in part}


def worklists(actor: Actor) -> Worklists:
    """Everything that the actor can take on now."""
    to_review, elsewhere = _to_review(actor)
    return Worklists(
        to_assess=to_assess(actor),
        drafts=drafts(actor),
        colleagues_drafts=colleagues_drafts(actor),
        to_review=to_review,
        to_review_elsewhere=elsewhere,
        to_establish=to_establish(actor),
        disagreed=disagreed(actor),
        awaited=statement_queries.awaited(actor),
    )


def _to_review(actor: Actor) -> tuple[Sequence[Assessment], Sequence[Assessment]]:
    if not actor.may(Permission.ASSESSMENT_REVIEW):
        return (), ()
    return reviewing.to_review(actor)


def drafts(actor: Actor) -> Sequence[Assessment]:
    return db.session.scalars(
        seen_assessments(actor)
        .where(Assessment.assessor_id == actor.user_id, Assessment.signed_at.is_(None))
        .order_by(Assessment.updated_at.desc())
    ).all()


def colleagues_drafts(actor: Actor) -> Sequence[Assessment]:
    """Begun by others in the actor's cases, to be taken over when they are away."""
    if not actor.may(Permission.ASSESSMENT_SCORE):
        return ()
    return db.session.scalars(
        seen_assessments(actor)
        .where(Assessment.assessor_id != actor.user_id, Assessment.signed_at.is_(None))
        .order_by(Assessment.updated_at)
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
    """Those that a reviewer did not agree with: to be scored anew by the case's."""
    return db.session.scalars(
        seen_assessments(actor)
        .join(Review, Review.assessment_id == Assessment.id)
        .where(
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
    """Decisions without level, asked to be assessed anew, or due; by day."""
    return found_for(_decisions_at_rest(actor))


def _decisions_at_rest(actor: Actor) -> list[tuple[Client, Decision]]:
    """Decisions in the actor's scope that no assessment is under way for."""
    seen = visible_people(actor).with_only_columns(Client.id)
    under_way = exists().where(
        Assessment.decision_id == Decision.id,
        ~exists().where(Level.assessment_id == Assessment.id),
        ~_superseded(),
    )
    rows = db.session.execute(
        select(Client, Decision)
        .join(Decision, Decision.client_id == Client.id)
        .where(
            Client.id.in_(seen),
            Client.died_on.is_(None),
            Decision.status.in_(HOLDING),
            Decision.end_day.is_(None) | (Decision.end_day > today()),
            ~under_way,
        )
        .order_by(Client.sort_key)
    )
    return [(client, decision) for client, decision in rows]


# By cause: what the start page calls it, and whether it must not wait.
CAUSES = {
    "expired": ("Preliminära nivåer som har gått ut", True),
    "asked": ("Ändrat behov: ny bedömning begärd", False),
    "no_level": ("Bedömningar att göra", False),
    "ordinary": ("Ordinarie bedömningar", False),
    "interval": ("Nya bedömningar efter tid", False),
}


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for this person on the start page."""
    found: list[Waiting] = []
    if actor.may(Permission.ASSESSMENT_READ):
        found += _reminders(actor)
    if actor.may(Permission.ASSESSMENT_SCORE):
        found += [
            *_waiting("Påbörjade bedömningar", len(drafts(actor))),
            *_waiting("Bedömningar att göra om", len(disagreed(actor))),
            *_late_statements(actor),
        ]
    if actor.may(Permission.ASSESSMENT_REVIEW):
        own, elsewhere = reviewing.to_review(actor)
        found += _waiting("Bedömningar att granska", len(own))
        found += _waiting("Bedömningar att granska i andra team", len(elsewhere))
    if actor.may(Permission.LEVEL_ESTABLISH):
        found += _waiting("Nivåer att fastställa", len(to_establish(actor)))
    if actor.may(Permission.STATEMENT_WRITE):
        found += _to_state(actor)
    return found


def _waiting(title: str, count: int) -> list[Waiting]:
    return [Waiting(title, "needs.assessments", count)] if count else []


def _reminders(actor: Actor) -> Iterable[Waiting]:
    """What is to be assessed, by why; whoever only follows the case sees the dues."""
    found = to_assess(actor)
    scores = actor.may(Permission.ASSESSMENT_SCORE)
    for cause, (title, must) in CAUSES.items():
        here = [item for item in found if item.cause == cause]
        if not here or (cause == "no_level" and not scores):
            continue
        days = [item.due for item in here if item.due and cause != "asked"]
        yield Waiting(
            title,
            "needs.assessments",
            len(here),
            text="" if scores else "Nivåbedömaren gör bedömningen.",
            due=min(days, default=None),
            urgent=must or any(day < today() for day in days),
        )


def _late_statements(actor: Actor) -> list[Waiting]:
    late = statement_queries.late(actor)
    if not late:
        return []
    text = "Verksamheten har inte svarat. Påminn, eller bedöm utan."
    return [
        Waiting(
            "Yttranden som dröjer",
            "needs.assessments",
            len(late),
            text=text,
            due=late[0].due_on,
            urgent=True,
        )
    ]


def _to_state(actor: Actor) -> list[Waiting]:
    """The unit's reminder: there from the day it is asked, urgent near the day."""
    waits = statement_queries.unwritten(actor)
    if not waits:
        return []
    first = waits[0].due_on
    text = "Kommunen ber om verksamhetens bild inför en nivåbedömning."
    return [
        Waiting(
            "Yttranden att skriva",
            "needs.unit_statements",
            len(waits),
            text=text,
            due=first,
            urgent=first <= today() + statement_queries.SOON,
        )
    ]
