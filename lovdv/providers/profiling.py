"""A unit's presentation: drafted by the unit, reviewed and published for all to see.

The words that praise are refused: what is published must be factual and the same
for everyone (9 kap. 1 § LOV).
"""

import re
from collections.abc import Mapping

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.providers import queries
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_models import ProfilePhoto
from lovdv.providers.questions import QUESTIONS, Kind

PRAISE = re.compile(
    r"\b(bäst\w*|ledande|unik\w*|prisbelön\w*|prisad\w*|prisvinn\w*|utmärkt\w*"
    r"|utmärkelse\w*|hederspris\w*|förstapris\w*|nominera\w*|diplomera\w*"
    r"|nummer ett|marknadsledande|oslagbar\w*|fantastisk\w*|världsklass|exklusiv\w*"
    r"|rekommendera\w*|vinnare|enastående|toppkvalitet|förstklassig\w*)\b",
    re.IGNORECASE,
)
DOUBTFUL = re.compile(
    r"\b(årets (?:verksamhet|utförare|arbetsplats|företag|chef|initiativ)\w*"
    r"|certifiera\w*|kvalitetsmärk\w*|populär\w*|omtyckt\w*|uppskatta\w*"
    r"|hög kvalitet|(?:vann|vunnit|fick|fått) (?:ett )?pris\w*|(?:många|alla) säger)\b",
    re.IGNORECASE,
)
EDITABLE = frozenset({"draft", "returned"})


def praise_in(text: str) -> list[str]:
    """Words that praise instead of telling.

    >>> praise_in("Vi är bäst i stan och har ett kafé.")
    ['bäst']
    """
    return [found.group(0) for found in PRAISE.finditer(text)]


def doubtful_in(text: str) -> list[str]:
    """Words that may praise or tell of an award; somebody has to look at them.

    >>> doubtful_in("Vi blev årets arbetsplats. Årets sista dag är stängd.")
    ['årets arbetsplats']
    """
    return [found.group(0) for found in DOUBTFUL.finditer(text)]


def flagged_in(text: str) -> list[str]:
    return praise_in(text) + doubtful_in(text)


def draft_of(unit: Unit, *, by: int) -> Profile:
    """The version being worked on; a new one, like the published, when there is none.

    What is sent in is not changed until the municipality has answered.
    """
    newest = queries.newest_profile(unit)
    if newest is not None and newest.status == "submitted":
        raise Refused(
            "Presentationen är inskickad och granskas av kommunen. "
            "Vänta tills ni har fått svar."
        )
    if newest is not None and newest.status in EDITABLE:
        return newest
    return _next_version(unit, newest, by)


def _next_version(unit: Unit, before: Profile | None, by: int) -> Profile:
    new = Profile(
        unit_id=unit.id,
        version=before.version + 1 if before else 1,
        created_at=now(),
        status="draft",
        facts=dict(before.facts) if before else {},
        text=before.text if before else "",
        easy_text=before.easy_text if before else "",
        written_by_id=by,
    )
    db.session.add(new)
    db.session.flush()
    if before is not None:
        _bring_photos(before, new)
    return new


def _bring_photos(before: Profile, new: Profile) -> None:
    for held in _photos(before):
        db.session.add(
            ProfilePhoto(
                profile_id=new.id,
                slot=held.slot,
                photo_id=held.photo_id,
                alt=held.alt,
                consented=held.consented,
                consent_by_id=held.consent_by_id,
                consent_at=held.consent_at,
            )
        )
    db.session.flush()


def _photos(profile: Profile) -> list[ProfilePhoto]:
    return list(
        db.session.scalars(
            select(ProfilePhoto).where(ProfilePhoto.profile_id == profile.id)
        )
    )


def save_draft(
    *, unit: Unit, facts: Mapping[str, object], text: str, easy_text: str, by: int
) -> Profile:
    """Write on the version being worked on, or begin a new one after the published."""
    draft = draft_of(unit, by=by)
    draft.facts, draft.text, draft.easy_text = dict(facts), text, easy_text
    draft.written_by_id = by
    db.session.flush()
    audit.change("profile.draft", object=draft.public_id)
    return draft


def submit(profile: Profile) -> None:
    """Send it to the municipality; its facts count as checked on this day."""
    refuse_praise(profile)
    if not profile.text:
        raise Refused("Skriv den vanliga texten innan ni skickar in.", "text")
    profile.status, profile.checked_on = "submitted", today()
    profile.submitted_at, profile.review_note = now(), ""
    db.session.flush()
    audit.change("profile.submit", object=profile.public_id)


def refuse_praise(profile: Profile) -> None:
    for field, text in written(profile):
        found = praise_in(text)
        if found:
            raise Refused(
                f"Ta bort värdeord som ”{found[0]}”. Skriv vad som finns och görs, "
                "så att alla presentationer går att jämföra.",
                field,
            )


def flags(profile: Profile) -> dict[str, list[str]]:
    """By field, the words that praise, tell of awards or may do so."""
    found = {field: flagged_in(text) for field, text in written(profile)}
    return {field: words for field, words in found.items() if words}


def written(profile: Profile) -> list[tuple[str, str]]:
    """Everything the unit has put in its own words, by field."""
    answers = [
        (question.key, str(profile.facts.get(question.key, "")))
        for question in QUESTIONS
        if question.kind is Kind.TEXT
    ]
    photos = [(f"photo_{held.slot}", held.alt) for held in _photos(profile)]
    texts = [("text", profile.text), ("easy_text", profile.easy_text)]
    return [*texts, *answers, *photos]
