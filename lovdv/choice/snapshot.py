"""What the public site shows, read once and kept while nothing has changed.

Every change is logged, and each process asks the log how far it has come before it
shows what it has kept. Nothing is kept for longer than a minute, nor past midnight.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import current_app, get_template_attribute
from sqlalchemy import func, select

from lovdv.audit_chain import AuditSegment
from lovdv.choice import distance, invitations
from lovdv.choice.overview import Entry, overview
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.formats import swedish_key
from lovdv.providers.capacity import Room, rooms
from lovdv.providers.profile_photos import Shown, photos_of
from lovdv.systems.queries import rule

KEPT = "lovdv_comparison"
FACES = 10_000
"""Parts of pages kept at most, whatever readers tick."""

Stamp = tuple[date, datetime, int]


@dataclass
class Offer:
    """One choice system on one day: its units, their room and their photos."""

    id: int
    public_id: str
    name: str
    municipality: str
    on: date
    entries: list[Entry]
    places: list[distance.Place]
    _faces: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _rooms: dict[int, Room] = field(default_factory=dict)

    def rooms_of(self, entries: Sequence[Entry]) -> dict[int, Room]:
        """Room is counted when a page first shows the unit, and then kept."""
        new = [entry for entry in entries if entry.id not in self._rooms]
        if new:
            self._rooms.update(rooms(new, self.on))
        return self._rooms

    @cached_property
    def photos(self) -> dict[int, list[Shown]]:
        return photos_of([e.presentation.profile_id for e in self.entries if e.version])

    @cached_property
    def areas(self) -> list[str]:
        return sorted({e.area for e in self.entries if e.area}, key=swedish_key)

    def photos_at(self, entry: Entry) -> Sequence[Shown]:
        return self.photos.get(entry.presentation.profile_id, ())

    def face(self, macro: str, key: tuple[str, ...], *shown: object) -> Any:
        """A part of a page that is the same for all who read in the same way."""
        found = self._faces.get((macro, *key))
        if found is None:
            found = get_template_attribute("choice/parts.html", macro)(*shown)
            if len(self._faces) < FACES:
                self._faces[macro, *key] = found
        return found


@dataclass(frozen=True)
class Site:
    """Every choice system that is open, as it stood when the stamp was taken."""

    stamp: Stamp
    offers: list[Offer]


def site() -> Site:
    """What is kept, or read anew when something has changed."""
    kept: Site | None = current_app.extensions.get(KEPT)
    stamp = _stamp()
    if kept is not None and kept.stamp == stamp and current_app.config["KEEP_SITE"]:
        return kept
    made = Site(stamp, [_offer(system) for system in invitations.open_systems(today())])
    current_app.extensions[KEPT] = made
    return made


def _stamp() -> Stamp:
    """The day, the minute, and how many changes the log has."""
    changes = db.session.scalar(select(func.sum(AuditSegment.changes)))
    return today(), now().replace(second=0, microsecond=0), int(changes or 0)


def _offer(system: Any) -> Offer:
    return Offer(
        system.id,
        system.public_id,
        system.name,
        system.municipality.name,
        today(),
        overview(system.id, today()),
        distance.places_of(rule(system.id, "map", today())),
    )
