"""Finding what rows point at, within what the reader may touch."""

from sqlalchemy import select

from lovdv.clock import today
from lovdv.extensions import db
from lovdv.imports.running import Scope
from lovdv.imports.tables import RowFault
from lovdv.people.models import Client, Decision
from lovdv.people.queries import responsible, visible_people
from lovdv.placements.models import Placement
from lovdv.placements.scope import is_at_unit, placements_at_unit
from lovdv.providers.models import Unit
from lovdv.providers.queries import units_in


def client_of(case_number: str, scope: Scope) -> Client | None:
    """The person with the case number; a case that is another's is a fault."""
    found = db.session.scalars(
        select(Client).where(
            Client.municipality_id == scope.municipality_id,
            Client.case_number == case_number,
        )
    ).first()
    if found is not None:
        _require_seen(found, scope)
    return found


def known_client(case_number: str, scope: Scope) -> Client:
    found = client_of(case_number, scope)
    if found is None:
        raise RowFault(
            f"ärendenummer: {case_number} finns inte. Läs in personen först."
        )
    return found


def _require_seen(client: Client, scope: Scope) -> None:
    if scope.actor is None:
        return
    seen = visible_people(scope.actor).where(Client.id == client.id)
    if db.session.scalars(seen).first() is None:
        held = responsible([client.id], today()).get(client.id, "ingen")
        raise RowFault(
            f"ärendenummer: {client.case_number} finns, ansvarig {held}. "
            "Be den ansvariga läsa in raden, eller öppna ärendet med ett skäl."
        )


def decision_of(reference: str, scope: Scope) -> Decision | None:
    return db.session.scalars(
        select(Decision).where(
            Decision.choice_system_id == scope.system.id,
            Decision.reference == reference,
        )
    ).first()


def unit_of(name: str, scope: Scope) -> Unit:
    named = [
        unit
        for unit in units_in(scope.municipality_id)
        if unit.name.casefold() == name.casefold()
    ]
    if len(named) != 1:
        why = (
            "finns inte bland enheterna med avtal" if not named else "finns två gånger"
        )
        raise RowFault(f"enhet: ”{name}” {why}. Skriv namnet som det står i lovdv.")
    return named[0]


def placement_of(number: str, scope: Scope) -> Placement | None:
    """The placement with the number; a unit finds only its own."""
    query = select(Placement).where(
        Placement.choice_system_id == scope.system.id,
        Placement.number == number,
        Placement.annulled_at.is_(None),
    )
    if scope.actor is not None and is_at_unit(scope.actor):
        query = query.where(placements_at_unit(scope.actor))
    found = db.session.scalars(query).first()
    if found is not None and scope.actor is not None and not is_at_unit(scope.actor):
        _require_seen(found.client, scope)
    return found
