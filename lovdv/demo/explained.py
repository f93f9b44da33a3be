"""The demo's objections and requests for a new assessment, with their answers."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.demo.doing import Do, Doing
from lovdv.demo.people import Rooted
from lovdv.extensions import db
from lovdv.needs import objections, reassessments
from lovdv.needs.models import Assessment, Objection, ReassessmentRequest
from lovdv.people.models import Client, Decision

ASKED_BEFORE = timedelta(days=45)
"""How long before a new level somebody asked for it."""

REASONS = (
    ("Behöver mer hjälp vid måltider sedan i somras.", "Två personal vid varje lunch."),
    ("Orkar inte hela dagar längre.", "Somnar efter lunch tre dagar av fem sedan maj."),
    ("Reser själv nu.", "Har åkt buss 4 ensam varje dag sedan i augusti."),
)
NO = "Vi gick igenom det med er i våras. Hör av er om det ändras."


@dataclass(frozen=True)
class Explaining:
    """What is done about levels that somebody wants changed."""

    doing: Doing

    def ask_at(self, unit: str) -> Do:
        """The unit asks, and gives its evidence."""
        return lambda one, actor: self.ask(one, actor, unit)

    def ask_oneself(self, one: Rooted, actor: Actor) -> None:
        self.ask(one, actor, "")

    def ask(self, one: Rooted, actor: Actor, unit: str) -> None:
        reason, evidence = REASONS[one.resident.number % len(REASONS)]
        reassessments.ask(
            client=db.session.get_one(Client, one.client_id),
            decision=db.session.get_one(Decision, one.decision_id),
            reason=reason,
            evidence=evidence if unit else "",
            unit_id=self.doing.unit(unit).id if unit else None,
            by_id=actor.user_id,
        )

    def decline(self, one: Rooted, actor: Actor) -> None:
        reassessments.answer(
            request=_request_of(one), verdict="declined", text=NO, by_id=actor.user_id
        )

    def grant(self, one: Rooted, actor: Actor) -> None:
        """The new assessment has been made since: the demo's history holds it."""
        request = _request_of(one)
        reassessments.answer(
            request=request,
            verdict="granted",
            text="Vi hör av oss om en tid.",
            by_id=actor.user_id,
        )
        request.assessment_id = db.session.scalars(
            select(Assessment.id)
            .where(Assessment.decision_id == one.decision_id)
            .order_by(Assessment.id.desc())
            .limit(1)
        ).one()

    def object_to(self, text: str) -> Do:
        return lambda one, actor: objections.annotate(
            assessment=_assessment_of(one),
            text=text,
            voice="client",
            by_id=actor.user_id,
        )

    def answer(self, one: Rooted, actor: Actor) -> None:
        assessment = _assessment_of(one)
        objection = db.session.scalars(
            select(Objection).where(Objection.assessment_id == assessment.id)
        ).one()
        objections.answer(
            assessment=assessment,
            objection=objection,
            text="Tack. Vi pratar om det när vi ses den 20 november.",
            by_id=actor.user_id,
        )


def _request_of(one: Rooted) -> ReassessmentRequest:
    return db.session.scalars(
        select(ReassessmentRequest).where(
            ReassessmentRequest.decision_id == one.decision_id
        )
    ).one()


def _assessment_of(one: Rooted) -> Assessment:
    return db.session.scalars(
        select(Assessment).where(Assessment.decision_id == one.decision_id)
    ).one()
