"""Telling of a hindrance, and answering it."""

from datetime import timedelta

from flask import current_app

from lovdv import audit
from lovdv.accessibility import queries
from lovdv.accessibility.models import AccessibilityAnswer, AccessibilityReport
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db

MOST_AN_HOUR = 30
"""More than people write; what comes after is a machine's."""


def tell(*, kind: str, text: str, page: str, contact: str) -> AccessibilityReport:
    if queries.sent_since(now() - timedelta(hours=1)) >= MOST_AN_HOUR:
        raise Refused(
            "Det har kommit ovanligt många meddelanden den senaste timmen. Det du har "
            "skrivit finns kvar. Försök igen om en stund, eller ring oss."
        )
    days = current_app.config["ACCESSIBILITY_ANSWER_DAYS"]
    new = AccessibilityReport(
        kind=kind,
        text=text,
        page=page,
        contact=contact,
        sent_at=now(),
        answer_by=today() + timedelta(days=days),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("accessibility.tell", object=new.public_id)
    return new


def answer(*, report: AccessibilityReport, outcome: str, text: str, by_id: int) -> None:
    if queries.is_answered(report):
        raise Refused("En kollega har redan svarat. Ladda om sidan för att se svaret.")
    db.session.add(
        AccessibilityAnswer(
            report_id=report.id,
            outcome=outcome,
            text=text,
            answered_at=now(),
            answered_by_id=by_id,
        )
    )
    db.session.flush()
    told = {"outcome": outcome}
    audit.change("accessibility.answer", object=report.public_id, after=told)
