"""What of a unit's presentation waits on the start page: facts to confirm."""

from collections.abc import Sequence

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.providers import profile_freshness
from lovdv.start import Waiting
from lovdv.systems.queries import main_system, rule


def waiting(actor: Actor) -> Sequence[Waiting]:
    """A reminder when the published presentation nears the day it grows old."""
    if not actor.may(Permission.PROFILE_DRAFT) or actor.unit_id is None:
        return []
    found = profile_freshness.of_unit(actor.unit_id, rule_for(actor))
    if found is None or not found.due(today()):
        return []
    return [
        Waiting(
            "Stämmer er presentation fortfarande?",
            "providers.confirm_profile",
            text="Bekräfta med en knapp, eller ändra det som inte stämmer.",
            due=found.lapses_on,
            urgent=found.lapsed(today()),
        )
    ]


def rule_for(actor: Actor) -> dict[str, object]:
    system = main_system(actor.municipality_id)
    return dict(rule(system.id, "profile", today()))
