"""Names left out of free text, for a reader who may not see a protected identity."""

import re
from collections.abc import Callable, Sequence

from flask_login import current_user
from sqlalchemy import select

from lovdv.extensions import db
from lovdv.people.models import Client, Mandate, Supporter
from lovdv.people.names import HIDDEN_CIRCLE
from lovdv.people.protection import sees_identity

Shown = Callable[[str], str]


def shown_to_reader(client: Client) -> Shown:
    """How the reader sees a text about the person: as written, or without names."""
    if sees_identity(client) or current_user.client_id == client.id:
        return str
    return without(_names(client))


def hides_names(client: Client) -> bool:
    return not sees_identity(client) and current_user.client_id != client.id


def without(names: Sequence[str]) -> Shown:
    """Put '(skyddat namn)' where a name stands, with or without an s after it.

    >>> without(["Kim"])("Kims mamma säger att KIM vill. Kimono.")
    '(skyddat namn) mamma säger att (skyddat namn) vill. Kimono.'
    """
    parts = sorted({p for name in names for p in name.split()}, key=len, reverse=True)
    if not parts:
        return str
    found = "|".join(re.escape(part) for part in parts)
    pattern = re.compile(rf"\b(?:{found})s?\b", re.IGNORECASE)
    return lambda text: pattern.sub(HIDDEN_CIRCLE, text)


def _names(client: Client) -> list[str]:
    """The person's, and those of the people around, who would tell who it is."""
    around = [
        *db.session.scalars(select(Mandate.name).where(Mandate.client_id == client.id)),
        *db.session.scalars(
            select(Supporter.name).where(Supporter.client_id == client.id)
        ),
    ]
    return [client.first_name, client.last_name, *around]
