"""The photos of a presentation: the same places for every unit, own regi too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from lovdv import audit
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.providers import pictures, profiling
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_models import Photo, ProfilePhoto

SLOTS: Mapping[str, str] = {
    "entrance": "Entrén",
    "room": "Lokalen",
    "activity": "Det man gör",
    "activity_2": "Mer av det man gör",
}
HINTS: Mapping[str, str] = {
    "entrance": "Dörren man går in genom, så som den syns från gatan.",
    "room": "Rummet där man är mest.",
    "activity": "Något man gör hos er.",
    "activity_2": "Något annat man gör hos er.",
}
SIZES = {"480": Photo.small, "1200": Photo.large}


@dataclass(frozen=True)
class Shown:
    """A photo as pages show it."""

    slot: str
    digest: str
    alt: str
    width: int
    height: int

    @property
    def words(self) -> str:
        return SLOTS[self.slot]

    @property
    def small_height(self) -> int:
        return self.height * self.small_width // self.width

    @property
    def small_width(self) -> int:
        longest = max(self.width, self.height)
        return self.width * min(pictures.SMALL, longest) // longest


def put(
    *, unit: Unit, slot: str, content: bytes | None, alt: str, consented: bool, by: int
) -> ProfilePhoto:
    """Put a photo in its place in the draft; without content only its words change."""
    draft = profiling.draft_of(unit, by=by)
    kept = _in_slot(draft, slot)
    photo_id = kept.photo_id if content is None and kept else _kept(content, by).id
    new = kept or ProfilePhoto(profile_id=draft.id, slot=slot)
    new.photo_id, new.alt, new.consented = photo_id, alt, consented
    new.consent_by_id, new.consent_at = by, now()
    db.session.add(new)
    db.session.flush()
    audit.change("profile.photo", object=draft.public_id)
    return new


def take_out(*, unit: Unit, slot: str, by: int) -> None:
    """Leave the place empty in the next version; what is published stands."""
    draft = profiling.draft_of(unit, by=by)
    kept = _in_slot(draft, slot)
    if kept is not None:
        db.session.delete(kept)
        db.session.flush()
    audit.change("profile.photo_out", object=draft.public_id)


def withdraw(*, unit: Unit, digest: str, by: int) -> None:
    """Somebody in the picture has changed their mind: it is gone at once."""
    photo = db.session.scalars(
        select(Photo)
        .join(ProfilePhoto, ProfilePhoto.photo_id == Photo.id)
        .join(Profile, Profile.id == ProfilePhoto.profile_id)
        .where(Photo.digest == digest, Profile.unit_id == unit.id)
        .distinct()
    ).one()
    if photo.withdrawn_at is not None:
        return
    photo.small = photo.large = None
    photo.withdrawn_by_id, photo.withdrawn_at = by, now()
    db.session.flush()
    audit.change("photo.withdraw", object=unit.public_id)


def _kept(content: bytes | None, by: int) -> Photo:
    """The picture under its digest: the same one is kept once."""
    made = pictures.encoded(content or b"")
    found = db.session.scalars(
        select(Photo).where(Photo.digest == made.digest)
    ).one_or_none()
    if found is not None and found.withdrawn_at is None:
        return found
    if found is not None:
        raise pictures.Refused(WITHDRAWN, "file")
    new = Photo(
        digest=made.digest,
        width=made.width,
        height=made.height,
        small=made.small,
        large=made.large,
        uploaded_by_id=by,
        uploaded_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    return new


WITHDRAWN = (
    "Den här bilden har tagits bort för att någon i den har ångrat sig. "
    "Välj en annan bild."
)


def _in_slot(profile: Profile, slot: str) -> ProfilePhoto | None:
    return db.session.scalars(
        select(ProfilePhoto).where(
            ProfilePhoto.profile_id == profile.id, ProfilePhoto.slot == slot
        )
    ).one_or_none()


def photos_of(profile_ids: Sequence[int]) -> dict[int, list[Shown]]:
    """The photos of each presentation, in the places' order; withdrawn ones left out.

    Small rows: the pictures themselves are not read.
    """
    rows = db.session.execute(
        select(
            ProfilePhoto.profile_id,
            ProfilePhoto.slot,
            ProfilePhoto.alt,
            Photo.digest,
            Photo.width,
            Photo.height,
        )
        .join(Photo, Photo.id == ProfilePhoto.photo_id)
        .where(ProfilePhoto.profile_id.in_(profile_ids), Photo.withdrawn_at.is_(None))
    )
    found: dict[int, list[Shown]] = {}
    for row in rows:
        shown = Shown(row.slot, row.digest, row.alt, row.width, row.height)
        found.setdefault(row.profile_id, []).append(shown)
    order = list(SLOTS)
    return {
        each: sorted(held, key=lambda shown: order.index(shown.slot))
        for each, held in found.items()
    }


def held_by(profile: Profile) -> dict[str, ProfilePhoto]:
    """Every place that has a photo, withdrawn or not, with its consent."""
    rows = db.session.scalars(
        select(ProfilePhoto)
        .where(ProfilePhoto.profile_id == profile.id)
        .options(joinedload(ProfilePhoto.photo))
    )
    return {row.slot: row for row in rows}


def public_picture(digest: str, size: str) -> bytes | None:
    """A picture that stands in a presentation that is published now."""
    later = aliased(Profile)
    superseded = exists().where(
        later.unit_id == Profile.unit_id,
        later.status == "published",
        later.version > Profile.version,
    )
    return db.session.scalars(
        select(SIZES[size])
        .join(ProfilePhoto, ProfilePhoto.photo_id == Photo.id)
        .join(Profile, Profile.id == ProfilePhoto.profile_id)
        .where(Photo.digest == digest, Profile.status == "published", ~superseded)
        .limit(1)
    ).first()


def picture_of(unit: Unit, digest: str, size: str) -> bytes | None:
    """A picture in any version of the unit's presentation, for those who write it."""
    return db.session.scalars(
        select(SIZES[size])
        .join(ProfilePhoto, ProfilePhoto.photo_id == Photo.id)
        .join(Profile, Profile.id == ProfilePhoto.profile_id)
        .where(Photo.digest == digest, Profile.unit_id == unit.id)
        .limit(1)
    ).first()
