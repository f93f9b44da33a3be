"""What a guide with a conflict of interest may not do."""

from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.guides.queries import conflict_at_place, conflict_with
from lovdv.providers.models import Unit


def require_no_conflict_at_place(user_id: int, client_id: int) -> None:
    """Nobody guides a person who has a place where they are tied themselves."""
    found = conflict_at_place(user_id, client_id, today())
    if found is not None:
        raise Refused(
            f"Du har anmält jäv mot {found.about}, och personen har en plats där. "
            "En annan lots behöver ta uppdraget."
        )


def require_no_conflict_with(user_id: int, unit: Unit) -> None:
    found = conflict_with(user_id, unit, today())
    if found is not None:
        raise Refused(
            f"Du har anmält jäv mot {found.about}. En annan lots, eller "
            "handläggaren, behöver registrera det här."
        )
