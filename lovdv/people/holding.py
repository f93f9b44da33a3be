"""Holding people's rows, so that what is checked stays so until the commit."""

from collections.abc import Collection

from sqlalchemy import select

from lovdv.extensions import db
from lovdv.people.models import Client


def hold(client_ids: Collection[int]) -> None:
    """In one order, so that two who hold the same people never wait in a ring."""
    db.session.execute(
        select(Client.id)
        .where(Client.id.in_(client_ids))
        .order_by(Client.id)
        .with_for_update()
    ).all()
