"""What easy read asks of units and of the lead, on the start page."""

from collections.abc import Sequence

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.providers import queries as providers
from lovdv.providers.models import Unit
from lovdv.reading import queries
from lovdv.start import Waiting

OWN = (
    "De som läser lättläst ser en sida som är gjord av era fakta. "
    "Skriv hellre med egna ord."
)
ALL = "De visas ändå, med en lättläst sida som är gjord av fakta."


def waiting(actor: Actor) -> Sequence[Waiting]:
    found: list[Waiting] = []
    if actor.may(Permission.PROFILE_DRAFT) and actor.unit_id is not None:
        found += _own(db.session.get_one(Unit, actor.unit_id))
    if actor.may(Permission.PROFILE_PUBLISH):
        found += _all(actor.municipality_id)
    return found


def _own(unit: Unit) -> list[Waiting]:
    """Nothing before there is a presentation: that task comes first."""
    newest = providers.newest_profile(unit)
    if newest is None or newest.easy_text or newest.status == "submitted":
        return []
    title = "Skriv er presentation på lättläst"
    return [Waiting(title, "providers.own_profile", text=OWN)]


def _all(municipality_id: int) -> list[Waiting]:
    count = len(queries.without_easy(municipality_id, today()))
    if not count:
        return []
    title = "Verksamheter utan egen lättläst text"
    return [Waiting(title, "reading.without_easy", count=count, text=ALL)]
