"""Where the person is, from when and how long: what their pages may promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.choice import invitations
from lovdv.choice.models import Choice, Invitation
from lovdv.clock import local_day, today
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.providers.queries import units_leaving


@dataclass(frozen=True)
class Place:
    """A place that the person has, or has been given and not yet begun at."""

    unit: Unit
    first_day: date
    last_day: date | None
    leaves: bool  # the unit stops

    @property
    def begun(self) -> bool:
        return self.first_day <= today()

    def last_day_before(self, day: date) -> date:
        """The last day here for somebody who may begin elsewhere on the day."""
        before = day - timedelta(days=1)
        return before if self.last_day is None else min(before, self.last_day)


def place_of(placement: Placement | None) -> Place | None:
    if placement is None:
        return None
    end = placement.end_day
    return Place(
        invitations.unit_named(placement.unit_id),
        placement.first_day,
        None if end is None else end - timedelta(days=1),
        (placement.unit_id, placement.choice_system_id) in units_leaving(today()),
    )


def place_held(client_id: int) -> Place | None:
    """Where the person is or is to begin, but for what a regret leaves to undo."""
    return place_of(next(iter(invitations.standing_places(client_id, today())), None))


def place_told(invitation: Invitation | None, place: Place | None) -> Place | None:
    """The place to tell of: when a unit stops, rather one that goes on elsewhere."""
    if invitation is None or invitation.kind != "provider_left":
        return place
    return place_of(invitations.kept_place(invitation)) or place


def place_chosen(choice: Choice) -> Place | None:
    """The place that the person chose to stay at; None when it has ended."""
    places: Sequence[Placement] = invitations.standing_places(choice.client_id, today())
    found = (each for each in places if each.unit_id == choice.unit_id)
    return place_of(next(found, None))


def stayed(choice: Choice, place: Place | None) -> bool:
    """Whether the person was there already when they chose to stay."""
    return place is None or place.first_day <= local_day(choice.registered_at)
