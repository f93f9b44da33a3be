"""Reading the uploads that somebody has not finished."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select

from lovdv import crypto
from lovdv.access import Actor, Permission
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.imports.kinds import KINDS
from lovdv.imports.models import ImportDraft
from lovdv.imports.running import Examined, Kind, Scope, from_rows
from lovdv.systems.queries import main_system

SEALED = "import_draft.sealed"
NEEDS = {
    "people": Permission.PERSON_WRITE,
    "decisions": Permission.DECISION_WRITE,
    "placements": Permission.PLACEMENT_WRITE,
    "attendance": Permission.ATTENDANCE_REPORT,
}
"""What else the reader must be allowed to: the same as on the pages."""


@dataclass(frozen=True)
class Opened:
    """A draft with its rows and what was found when it was uploaded."""

    draft: ImportDraft
    kind: Kind
    rows: Sequence[Sequence[str]]
    examined: Examined


def kinds_for(actor: Actor) -> list[Kind]:
    """What the actor may read in."""
    return [kind for name, kind in KINDS.items() if actor.may(NEEDS[name])]


def require_few(rows: Sequence[Sequence[str]]) -> None:
    """Refuse a file whose reading would keep everybody else waiting too long."""
    most = int(current_app.config["IMPORT_ROWS"])
    if len(rows) - 1 > most:
        raise Refused(
            f"Filen har {len(rows) - 1} rader. Här går högst {most} att läsa in åt "
            "gången. Dela upp den, eller be driften läsa in den med lovdv import.",
            "file",
        )


def scope_of(actor: Actor, draft: ImportDraft | None = None) -> Scope:
    return Scope(
        municipality_id=actor.municipality_id,
        system=main_system(actor.municipality_id),
        actor=actor,
        month=draft.month if draft else None,
    )


def drafts(actor: Actor) -> Sequence[ImportDraft]:
    """The actor's own; nobody sees another's."""
    return db.session.scalars(
        select(ImportDraft)
        .where(
            ImportDraft.uploaded_by_id == actor.user_id,
            ImportDraft.municipality_id == actor.municipality_id,
        )
        .order_by(ImportDraft.id)
    ).all()


def opened(actor: Actor, public_id: str) -> Opened:
    """One of the actor's own; NoResultFound (404) otherwise."""
    draft = db.session.scalars(
        select(ImportDraft).where(
            ImportDraft.uploaded_by_id == actor.user_id,
            ImportDraft.municipality_id == actor.municipality_id,
            ImportDraft.public_id == public_id,
        )
    ).one()
    held: dict[str, Any] = json.loads(
        crypto.decrypt(draft.sealed, SEALED, draft.public_id)
    )
    return Opened(draft, KINDS[draft.kind], held["rows"], from_rows(held["results"]))
