"""Objections and requests for a new assessment for tests; see make.py."""

from datetime import date

from lovdv.access import Role
from lovdv.needs import objections, reassessments, scoring
from lovdv.needs.models import Assessment, Objection, ReassessmentRequest
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from tests import make


def objection(assessment: Assessment, text: str) -> Objection:
    """Told to a member of staff."""
    return objections.annotate(
        assessment=assessment,
        text=text,
        voice="told",
        by_id=make.user(Role.CASEWORKER).id,
    )


def signing(draft: Assessment) -> Assessment:
    """The draft, with every domain closed, signed by its assessor."""
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=draft, domain=domain)
    scoring.sign(assessment=draft, by_id=draft.assessor_id)
    return draft


def request(
    client: Client, unit: Unit | None = None, *, asked_on: date | None = None
) -> ReassessmentRequest:
    """The unit asks, or the person."""
    new = reassessments.ask(
        client=client,
        decision=make.decision_of(client),
        reason="Behöver mer hjälp.",
        evidence="Två personal vid maten." if unit else "",
        unit_id=unit.id if unit else None,
        by_id=make.user(Role.PROVIDER, unit=unit).id if unit else make.user().id,
    )
    if asked_on is not None:
        new.asked_on = asked_on
    return new
