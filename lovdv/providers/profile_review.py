"""The municipality's review of a presentation, field by field, and what it says.

Every answer is kept as it was given: the unit can always see what was changed and
why. Approved means that the field is published as the unit wrote it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.providers import profile_photos, profiling
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_models import ProfileReview
from lovdv.providers.profile_photos import SLOTS, Shown
from lovdv.providers.questions import QUESTIONS, Kind, answer

APPROVED, CHANGE = "approved", "change"
TEXTS = {"text": "Presentation", "easy_text": "Presentation på lättläst"}
PHOTO = "photo_"


@dataclass(frozen=True)
class Reviewed:
    """A field as it is published now and as the unit proposes it."""

    key: str
    words: str
    before: str
    after: str
    in_own_words: bool
    photo: Shown | None = None
    new_photo: bool = False
    flags: Sequence[str] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after or self.new_photo


@dataclass(frozen=True)
class Mark:
    """What the reviewer says of one field."""

    verdict: str = APPROVED
    note: str = ""
    wording: str = ""


def fields_of(before: Profile | None, after: Profile) -> list[Reviewed]:
    """Every field of a presentation, in the order of the pages."""
    flags = profiling.flags(after)
    return [
        *_texts(before, after, flags),
        *_answers(before, after, flags),
        *_photos(before, after, flags),
    ]


Flags = Mapping[str, Sequence[str]]


def _texts(before: Profile | None, after: Profile, flags: Flags) -> list[Reviewed]:
    return [
        Reviewed(
            key,
            words,
            getattr(before, key, "") or "",
            getattr(after, key),
            in_own_words=True,
            flags=flags.get(key, ()),
        )
        for key, words in TEXTS.items()
    ]


def _answers(before: Profile | None, after: Profile, flags: Flags) -> list[Reviewed]:
    old = before.facts if before else {}
    return [
        Reviewed(
            q.key,
            q.words,
            answer(q, old),
            answer(q, after.facts),
            in_own_words=q.kind is Kind.TEXT,
            flags=flags.get(q.key, ()),
        )
        for q in QUESTIONS
    ]


def _photos(before: Profile | None, after: Profile, flags: Flags) -> list[Reviewed]:
    profiles = [profile.id for profile in (before, after) if profile]
    found = profile_photos.photos_of(profiles)
    old = {p.slot: p for p in found.get(before.id, ())} if before else {}
    new = {p.slot: p for p in found.get(after.id, ())}
    return [
        Reviewed(
            f"{PHOTO}{slot}",
            f"Bild: {words}",
            old[slot].alt if slot in old else "",
            new[slot].alt if slot in new else "",
            in_own_words=slot in new,
            photo=new.get(slot),
            new_photo=_digest(old.get(slot)) != _digest(new.get(slot)),
            flags=flags.get(f"{PHOTO}{slot}", ()),
        )
        for slot, words in SLOTS.items()
    ]


def _digest(photo: Shown | None) -> str:
    return photo.digest if photo else ""


def proposal(fields: Sequence[Reviewed]) -> str:
    """The same for the same words and photos: what a reviewer has looked at."""
    told = [(field.key, field.after, _digest(field.photo)) for field in fields]
    return sha256(repr(told).encode()).hexdigest()


def require_same(profile: Profile, fields: Sequence[Reviewed], seen: str) -> None:
    """Nobody answers what has been written anew after they opened the page."""
    _require_submitted(profile)
    if seen != proposal(fields):
        raise Refused(
            "Verksamheten har skrivit om presentationen sedan du öppnade sidan. Läs "
            "den igen innan du svarar."
        )


def publish(
    profile: Profile,
    *,
    before: Profile | None,
    marks: Mapping[str, Mark],
    note: str,
    by: int,
) -> None:
    """Publish, with the municipality's own wording where it has marked a change."""
    _require_submitted(profile)
    fields = fields_of(before, profile)
    for field in fields:
        _require_publishable(field, marks.get(field.key, Mark()))
    _reword(profile, marks)
    profiling.refuse_praise(profile)
    _keep(profile, fields, marks, outcome="published", note=note, reviewed_by_id=by)
    profile.review_note = note
    profile.status, profile.published_by_id = "published", by
    profile.published_at = now()
    db.session.flush()
    audit.change("profile.publish", object=profile.public_id)


def send_back(
    profile: Profile,
    *,
    before: Profile | None,
    marks: Mapping[str, Mark],
    note: str,
    by: int,
) -> None:
    """Back to the unit, with what is to be changed and why."""
    _require_submitted(profile)
    fields = fields_of(before, profile)
    for field in fields:
        _require_note(field, marks.get(field.key, Mark()))
    if not note and not any(mark.verdict == CHANGE for mark in marks.values()):
        raise Refused("Skriv vad som behöver ändras, så att de vet.", "note")
    _keep(profile, fields, marks, outcome="returned", note=note, reviewed_by_id=by)
    profile.status, profile.review_note = "returned", note
    db.session.flush()
    audit.change("profile.return", object=profile.public_id)


def _require_submitted(profile: Profile) -> None:
    if profile.status != "submitted":
        raise Refused("Presentationen är redan granskad. Ladda om sidan.")


def _require_note(field: Reviewed, mark: Mark) -> None:
    if mark.verdict == CHANGE and not mark.note:
        raise Refused(
            f"{field.words}: skriv varför det behöver ändras.", f"note_{field.key}"
        )


def _require_publishable(field: Reviewed, mark: Mark) -> None:
    _require_note(field, mark)
    if mark.verdict == CHANGE and not mark.wording:
        raise Refused(
            f"{field.words}: skriv texten som den ska bli, eller skicka tillbaka "
            "presentationen.",
            f"wording_{field.key}" if field.in_own_words else f"verdict_{field.key}",
        )


def _reword(profile: Profile, marks: Mapping[str, Mark]) -> None:
    photos = profile_photos.held_by(profile)
    facts = dict(profile.facts)
    for key, mark in marks.items():
        if mark.verdict != CHANGE:
            continue
        if key in TEXTS:
            setattr(profile, key, mark.wording)
        elif key.startswith(PHOTO):
            photos[key.removeprefix(PHOTO)].alt = mark.wording
        else:
            facts[key] = mark.wording
    profile.facts = facts
    db.session.flush()


def _keep(
    profile: Profile,
    fields: Sequence[Reviewed],
    marks: Mapping[str, Mark],
    **told: object,
) -> None:
    db.session.add(
        ProfileReview(
            profile_id=profile.id,
            fields={
                field.key: _told(field, marks.get(field.key, Mark()))
                for field in fields
                if field.changed or marks.get(field.key, Mark()).verdict == CHANGE
            },
            submitted_at=profile.submitted_at or profile.created_at,
            reviewed_at=now(),
            **told,
        )
    )
    db.session.flush()


def _told(field: Reviewed, mark: Mark) -> dict[str, str]:
    return {
        "words": field.words,
        "verdict": mark.verdict,
        "note": mark.note,
        "before": field.after,
        "after": mark.wording if mark.verdict == CHANGE else field.after,
    }


def reviews_of(unit: Unit) -> Sequence[ProfileReview]:
    """Every answer that the unit has had, the latest first."""
    return db.session.scalars(
        select(ProfileReview)
        .join(Profile, Profile.id == ProfileReview.profile_id)
        .where(Profile.unit_id == unit.id)
        .options(joinedload(ProfileReview.profile))
        .order_by(ProfileReview.reviewed_at.desc(), ProfileReview.id.desc())
    ).all()
