"""Keeping what was typed until the person has answered in the room."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from lovdv import audit
from lovdv.choice.draft_models import ChoiceDraft
from lovdv.choice.models import Invitation
from lovdv.choice.supporting import lock
from lovdv.clock import now
from lovdv.extensions import db

KEPT = timedelta(days=7)
"""How long what was typed waits for the person's answer."""

Fields = Sequence[tuple[str, str]]


def keep(*, invitation: Invitation, by: int, fields: Fields) -> None:
    """What was typed last, by the user about the person; older ones are removed."""
    lock(invitation.decision)
    db.session.execute(delete(ChoiceDraft).where(ChoiceDraft.at < now() - KEPT))
    forget(invitation=invitation, by=by)
    told = [[name, value] for name, value in fields]
    db.session.add(
        ChoiceDraft(invitation_id=invitation.id, by_id=by, fields=told, at=now())
    )
    db.session.flush()
    audit.change(
        "choice.draft", about=[invitation.client_id], object=invitation.public_id
    )


def forget(*, invitation: Invitation, by: int) -> None:
    db.session.execute(
        delete(ChoiceDraft).where(
            ChoiceDraft.invitation_id == invitation.id, ChoiceDraft.by_id == by
        )
    )


def kept(*, invitation: Invitation, by: int) -> list[tuple[str, str]]:
    """Names and values; empty when nothing waits."""
    found = db.session.scalars(
        select(ChoiceDraft).where(
            ChoiceDraft.invitation_id == invitation.id,
            ChoiceDraft.by_id == by,
            ChoiceDraft.at >= now() - KEPT,
        )
    ).one_or_none()
    return [(name, value) for name, value in found.fields] if found else []
