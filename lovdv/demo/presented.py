"""The demo's presentations: published long ago with photos, and confirmed since."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import update

from lovdv.demo import drawn, users
from lovdv.demo.cast import Place
from lovdv.demo.ground import Ground, at
from lovdv.demo.places import facts
from lovdv.demo.rows import add, add_numbered
from lovdv.extensions import db
from lovdv.providers import pictures
from lovdv.providers.models import Profile
from lovdv.providers.profile_models import Photo, ProfileConfirmation, ProfilePhoto

CONFIRMED = 40
"""Days since most units said that all still holds; a few days more for each."""

FIRST_CHECKED = 210
"""Days since all were checked, at the latest, in a demo of few months too."""

CONFIRMED_LONG_AGO = {"Ekbacken": 165, "Återbruk": 200}
"""One that is soon to be asked again, and one that no longer counts as confirmed."""


def present(ground: Ground, where: list[Place], units: list[int]) -> None:
    """Photos belong to a draft, so that is what each is before it is published."""
    drafts = [
        _draft(ground, place, unit) for place, unit in zip(where, units, strict=True)
    ]
    profiles = add_numbered(Profile, drafts)
    hung = _Hung(ground)
    for number, (place, profile) in enumerate(zip(where, profiles, strict=True)):
        hung.hang(place, number, profile)
    add(ProfilePhoto, hung.rows)
    _publish(ground, profiles)
    add(ProfileConfirmation, list(_confirmed(ground, where, profiles)))


def _draft(ground: Ground, place: Place, unit: int) -> dict[str, object]:
    return {
        "unit_id": unit,
        "version": 1,
        "status": "draft",
        "facts": facts(place.plan),
        "text": place.plan.text,
        "easy_text": place.plan.easy,
        "checked_on": min(ground.first_day, _days_ago(ground, FIRST_CHECKED)),
        "created_at": at(ground.first_day),
    }


def _publish(ground: Ground, profiles: list[int]) -> None:
    db.session.execute(
        update(Profile)
        .where(Profile.id.in_(profiles))
        .values(
            status="published",
            published_by_id=ground.users["systemledare"],
            published_at=at(ground.first_day),
        )
    )


@dataclass
class _Hung:
    """Photos in their places; the same picture is kept once."""

    ground: Ground
    rows: list[dict[str, object]] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)

    def hang(self, place: Place, number: int, profile: int) -> None:
        by = _speaker(self.ground, place)
        for each in drawn.pictures(place.plan, number):
            self.rows.append(
                {
                    "profile_id": profile,
                    "slot": each.slot,
                    "photo_id": self._photo(each.content, by),
                    "alt": each.alt,
                    "consented": True,
                    "consent_by_id": by,
                    "consent_at": at(self.ground.first_day),
                }
            )

    def _photo(self, content: bytes, by: int) -> int:
        made = pictures.encoded(content)
        if made.digest not in self.kept:
            row = {
                "digest": made.digest,
                "width": made.width,
                "height": made.height,
                "small": made.small,
                "large": made.large,
                "uploaded_by_id": by,
                "uploaded_at": at(self.ground.first_day),
            }
            [self.kept[made.digest]] = add_numbered(Photo, [row])
        return self.kept[made.digest]


def _confirmed(
    ground: Ground, where: list[Place], profiles: list[int]
) -> Iterator[dict[str, object]]:
    for number, (place, profile) in enumerate(zip(where, profiles, strict=True)):
        day = _confirmed_on(ground, place, number)
        yield {
            "profile_id": profile,
            "confirmed_on": day,
            "confirmed_by_id": _speaker(ground, place),
            "confirmed_at": at(day),
        }


def _confirmed_on(ground: Ground, place: Place, number: int) -> date:
    usual = CONFIRMED + number % 20 * 4
    days = CONFIRMED_LONG_AGO.get(place.name, usual)
    return _days_ago(ground, days)


def _days_ago(ground: Ground, days: int) -> date:
    return ground.size.as_of - timedelta(days=days)


def _speaker(ground: Ground, place: Place) -> int:
    """Who can sign in for the unit, or the municipality that was told by it."""
    logins = {person.unit: person.login for person in users.USERS if person.unit}
    return ground.users[logins.get(place.name, "systemledare")]
