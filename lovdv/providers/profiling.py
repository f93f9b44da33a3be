"""A unit's presentation: drafted by the unit, reviewed and published for all to see.

The words that praise are refused: what is published must be factual and the same
for everyone (9 kap. 1 § LOV).
"""

import re
from collections.abc import Mapping

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.providers import queries
from lovdv.providers.models import Profile, Unit
from lovdv.providers.questions import QUESTIONS, Kind

PRAISE = re.compile(
    r"\b(bäst\w*|ledande|unik\w*|prisbelön\w*|prisad\w*|utmärkt\w*"
    r"|nummer ett|marknadsledande|oslagbar\w*|fantastisk\w*|världsklass|exklusiv\w*"
    r"|rekommendera\w*|vinnare|enastående)\b",
    re.IGNORECASE,
)
EDITABLE = frozenset({"draft", "returned"})


def praise_in(text: str) -> list[str]:
    """Words that praise instead of telling.

    >>> praise_in("Vi är bäst i stan och har ett kafé.")
    ['bäst']
    """
    return [found.group(0) for found in PRAISE.finditer(text)]


def save_draft(
    *, unit: Unit, facts: Mapping[str, object], text: str, easy_text: str, by: int
) -> Profile:
    """Write on the version being worked on, or begin a new one after the published."""
    newest = queries.newest_profile(unit)
    if newest is not None and newest.status == "submitted":
        raise Refused(
            "Presentationen är inskickad och granskas av kommunen. "
            "Vänta tills ni har fått svar."
        )
    if newest is None or newest.status not in EDITABLE:
        newest = Profile(
            unit_id=unit.id,
            version=newest.version + 1 if newest else 1,
            created_at=now(),
            status="draft",
            facts={},
        )
        db.session.add(newest)
    newest.facts, newest.text, newest.easy_text = dict(facts), text, easy_text
    newest.written_by_id = by
    db.session.flush()
    audit.change("profile.draft", object=newest.public_id)
    return newest


def submit(profile: Profile) -> None:
    """Send it to the municipality; its facts count as checked on this day."""
    _refuse_praise(profile)
    if not profile.text:
        raise Refused("Skriv den vanliga texten innan ni skickar in.", "text")
    profile.status, profile.checked_on = "submitted", today()
    profile.review_note = ""
    audit.change("profile.submit", object=profile.public_id)


def publish(profile: Profile, *, by: int) -> None:
    _require_submitted(profile)
    _refuse_praise(profile)
    profile.status, profile.published_by_id = "published", by
    profile.published_at = now()
    audit.change("profile.publish", object=profile.public_id)


def send_back(profile: Profile, *, note: str) -> None:
    _require_submitted(profile)
    profile.status, profile.review_note = "returned", note
    audit.change("profile.return", object=profile.public_id)


def _require_submitted(profile: Profile) -> None:
    if profile.status != "submitted":
        raise Refused("Presentationen är redan granskad. Ladda om sidan.")


def _refuse_praise(profile: Profile) -> None:
    for field, text in _written(profile):
        found = praise_in(text)
        if found:
            raise Refused(
                f"Ta bort värdeord som ”{found[0]}”. Skriv vad som finns och görs, "
                "så att alla presentationer går att jämföra.",
                field,
            )


def _written(profile: Profile) -> list[tuple[str, str]]:
    """Everything the unit has put in its own words, by field."""
    answers = [
        (question.key, str(profile.facts.get(question.key, "")))
        for question in QUESTIONS
        if question.kind is Kind.TEXT
    ]
    return [("text", profile.text), ("easy_text", profile.easy_text), *answers]
