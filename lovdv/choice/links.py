"""Short links to take home: the same page for the same address, kept for a time.

A link holds the order, the filters and the saved units, and nothing of the reader.
The same parameters have the same key, so asking twice makes no second row.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from lovdv.choice.link_models import ShortLink
from lovdv.clock import now, start_of, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.providers.profile_freshness import months_after

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is taken for something else when it is read aloud or typed."""

LENGTH = 9
MOST_A_DAY = 5_000
MOST_PARAMETERS, LONGEST = 60, 60

Parameters = Sequence[tuple[str, str]]


def key_of(parameters: Parameters) -> str:
    """The key that belongs to some parameters.

    >>> key_of([("s", "abc")])
    'h9ahu3p2f'
    """
    number = int.from_bytes(sha256(json.dumps(list(parameters)).encode()).digest())
    letters = []
    for _ in range(LENGTH):
        number, left = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[left])
    return "".join(letters)


def keep(
    *, parameters: Parameters, rule: Mapping[str, object], limited: bool = True
) -> ShortLink:
    """A link that leads to them, from today for as long as the rule says.

    Anyone may ask for one, so there is a limit; it does not stop staff (`limited`).
    """
    asked = [(n[:LONGEST], v[:LONGEST]) for n, v in parameters][:MOST_PARAMETERS]
    months = rule["keep_months"]
    assert isinstance(months, int)
    end_day = months_after(today(), months)
    _forget_old()
    key = key_of(asked)
    found = _kept(key)
    if found is None:
        if limited:
            _require_room()
        found = _new(key, asked)
    found.end_day = end_day
    db.session.flush()
    return found


def _kept(key: str) -> ShortLink | None:
    return db.session.scalars(
        select(ShortLink).where(ShortLink.key == key)
    ).one_or_none()


def _new(key: str, asked: Parameters) -> ShortLink:
    """Made now, or in the same moment by somebody who asked for the same."""
    parameters = [list(pair) for pair in asked]
    made = ShortLink(key=key, parameters=parameters, created_at=now(), end_day=today())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        found = _kept(key)
        assert found is not None
        return found
    return made


def _forget_old() -> None:
    db.session.execute(delete(ShortLink).where(ShortLink.end_day <= today()))


def _require_room() -> None:
    """Nobody fills the database with links."""
    made = db.session.scalar(
        select(func.count())
        .select_from(ShortLink)
        .where(ShortLink.created_at >= start_of(today()))
    )
    if (made or 0) >= MOST_A_DAY:
        raise Refused(
            "Det går inte att göra fler länkar i dag. Skriv ut sidan i stället, "
            "eller kom tillbaka i morgon."
        )


def link_with(key: str) -> ShortLink | None:
    """The link, while it lasts."""
    return db.session.scalars(
        select(ShortLink).where(
            ShortLink.key == key.lower(), ShortLink.end_day > today()
        )
    ).one_or_none()
