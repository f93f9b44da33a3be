"""Asking for a new assessment, and the municipality's answer."""

from datetime import date, timedelta

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import queries
from lovdv.needs.models import Assessment, ReassessmentAnswer, ReassessmentRequest
from lovdv.people import renewals
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.systems.queries import rule


def ask(
    *,
    client: Client,
    decision: Decision,
    reason: str,
    by_id: int,
    unit_id: int | None = None,
    evidence: str = "",
) -> ReassessmentRequest:
    """Ask for a new assessment: the person (no unit), or the unit with its evidence."""
    db.session.refresh(decision, ["status", "end_day"], with_for_update=True)
    _refuse_unanswerable(decision, unit_id)
    new = ReassessmentRequest(
        client_id=client.id,
        decision_id=decision.id,
        reason=reason,
        evidence=evidence,
        unit_id=unit_id,
        asked_on=today(),
        asked_at=now(),
        asked_by_id=by_id,
        answer_by=answer_by(decision.choice_system_id, today()),
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "assessment.ask_again",
        about=[client.id],
        object=new.public_id,
        after={"reason": reason, "evidence": evidence},
    )
    return new


def answer_by(choice_system_id: int, asked_on: date) -> date:
    """The last day to answer, by the rule in force when it was asked."""
    days = rule(choice_system_id, "reassessment", asked_on)["answer_days"]
    assert isinstance(days, int)
    return asked_on + timedelta(days=days)


def is_part_of_decision(decision: Decision) -> bool:
    """Whether the level is part of the decision today, so that a no can be appealed."""
    settings = rule(decision.choice_system_id, "level_effect", today())
    return bool(settings["part_of_decision"])


def _refuse_unanswerable(decision: Decision, unit_id: int | None) -> None:
    over = decision.end_day is not None and decision.end_day <= today()
    if over or decision.status not in HOLDING:
        raise Refused("Beslutet gäller inte längre, så nivån bedöms inte på nytt.")
    if waits(decision.id, unit_id):
        raise Refused(
            "Det finns redan en begäran om ny bedömning. "
            + ("Vänta på svaret." if unit_id else "Kommunen kontaktar dig.")
        )


def waits(decision_id: int, unit_id: int | None = None) -> bool:
    """Whether what the unit, or the person, has asked for is not begun on yet."""
    asked = queries.waiting_requests(renewals.carried(decision_id))
    return any(one.unit_id == unit_id for one in db.session.scalars(asked))


def answer(
    *, request: ReassessmentRequest, verdict: str, text: str, by_id: int
) -> ReassessmentAnswer:
    """A new assessment is to be made, or not and why; said once."""
    db.session.refresh(request, ["assessment_id"], with_for_update=True)
    if request.answer is not None:
        raise Refused("Begäran är redan besvarad.")
    if verdict == "declined" and not text:
        raise Refused("Skriv varför det inte blir någon ny bedömning.", "text")
    draft = queries.open_draft(renewals.holding(request.decision, today()).id)
    if verdict == "granted" and draft is not None:
        request.assessment_id = draft.id
    return _answered(request, verdict, text, by_id)


def _answered(
    request: ReassessmentRequest, verdict: str, text: str, by_id: int
) -> ReassessmentAnswer:
    new = ReassessmentAnswer(
        request=request,
        verdict=verdict,
        text=text,
        answered_at=now(),
        answered_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "assessment.answer_request",
        about=[request.client_id],
        object=request.public_id,
        after={"verdict": verdict, "text": text},
    )
    return new


def begun(assessment: Assessment, by_id: int) -> None:
    """A new assessment is the answer to every request that waits for one.

    Also to those behind an assessment that has given no level: it is made anew, and
    what was asked for keeps its day.
    """
    decisions = renewals.carried(assessment.decision_id)
    for request in (
        *db.session.scalars(queries.waiting_requests(decisions)).all(),
        *db.session.scalars(queries.requests_without_level(decisions)).all(),
    ):
        request.assessment_id = assessment.id
        if request.answer is None:
            _answered(request, "granted", "", by_id)
    db.session.flush()


def let_go(assessment: Assessment) -> None:
    """A draft is thrown away: what was asked for waits again, as granted."""
    for request in queries.requests_behind(assessment.id):
        request.assessment_id = None
    db.session.flush()
