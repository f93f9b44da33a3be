"""What the start page tells about ceilings."""

from collections.abc import Sequence

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.providers.capacity_changes import coming
from lovdv.providers.queries import units_in
from lovdv.start import Waiting


def waiting(actor: Actor) -> Sequence[Waiting]:
    """Changed ceilings that are notified and do not count yet."""
    if not actor.may(Permission.PROVIDER_WRITE):
        return ()
    found = coming(units_in(actor.municipality_id), today())
    if not found:
        return ()
    return [
        Waiting(
            "Ändrade tak som börjar gälla",
            "providers.coming_ceilings",
            count=len(found),
            text="Ingen som har plats flyttas för att ett tak sänks.",
            due=found[0].first_day,
        )
    ]
