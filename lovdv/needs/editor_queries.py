"""Reading versions for the editor."""

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.needs import queries
from lovdv.needs.models import InstrumentVersion


def others(actor: Actor, version: InstrumentVersion) -> list[InstrumentVersion]:
    """What a version can be compared with: the system's other versions."""
    return [
        other
        for other in queries.versions(actor)
        if other.id != version.id and other.choice_system_id == version.choice_system_id
    ]


def open_draft(actor: Actor, public_id: str) -> InstrumentVersion | None:
    """A draft that can still be changed; None when it is published or gone."""
    try:
        found = queries.version(actor, public_id)
    except NoResultFound:
        return None
    return found if found.status == "draft" else None


def version_names(
    choice_system_id: int, code: str, but: int | None = None
) -> frozenset[str]:
    """The version names that an instrument has taken, but for one row."""
    query = select(InstrumentVersion.version).where(
        InstrumentVersion.choice_system_id == choice_system_id,
        InstrumentVersion.code == code,
    )
    if but is not None:
        query = query.where(InstrumentVersion.id != but)
    return frozenset(db.session.scalars(query))
