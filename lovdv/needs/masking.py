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

SHORT = 2


def shown_to_reader(client: Client) -> Shown:
    """How the reader sees a text about the person: as written, or without names."""
    if sees_identity(client) or current_user.client_id == client.id:
        return str
    return without(_names(client))


def without(names: Sequence[str]) -> Shown:
    """Put '(skyddat namn)' where a name stands, with or without an s after it.

    A double name is hidden whole and in parts. A word in lower case in a name (von,
    i) is no name by itself, and a short one (Bo) is one only with a capital.

    >>> without(["Kim"])("Kims mamma säger att KIM vill. Kimono.")
    '(skyddat namn) mamma säger att (skyddat namn) vill. Kimono.'
    >>> without(["Anna-Karin von Berg"])("Anna von Berg bor hos Anna-Karin i Lund.")
    '(skyddat namn) von (skyddat namn) bor hos (skyddat namn) i Lund.'
    >>> without(["Bo"])("Bo vill bo kvar. Bos hem.")
    '(skyddat namn) vill bo kvar. (skyddat namn) hem.'
    """
    parts = sorted(_parts(names), key=len, reverse=True)
    if not parts:
        return str
    found = "|".join(_found(part) for part in parts)
    pattern = re.compile(rf"\b(?:{found})s?\b", re.IGNORECASE)
    return lambda text: pattern.sub(HIDDEN_CIRCLE, text)


def _parts(names: Sequence[str]) -> set[str]:
    """Each name whole, its words, and the halves of its double names."""
    found: set[str] = set()
    for name in names:
        words = name.split()
        if any(word != word.lower() for word in words):
            words = [word for word in words if word != word.lower()]
        halves = [half for word in words for half in word.split("-")]
        found |= {" ".join(name.split()), *words, *halves}
    return found - {""}


def _found(part: str) -> str:
    """The pattern of a name; a short one is an ordinary word without its capital."""
    if len(part) > SHORT:
        return re.escape(part)
    return rf"(?-i:{re.escape(part.capitalize())}|{re.escape(part.upper())})"


def _names(client: Client) -> list[str]:
    """The person's, and those of the people around, who would tell who it is."""
    around = [
        *db.session.scalars(select(Mandate.name).where(Mandate.client_id == client.id)),
        *db.session.scalars(
            select(Supporter.name).where(Supporter.client_id == client.id)
        ),
    ]
    return [client.first_name, client.last_name, *around]
