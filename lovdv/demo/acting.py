"""Acting as a user of the demo, on a day of its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from flask import current_app
from sqlalchemy import select

from lovdv import audit
from lovdv.access import ALLOWED, Actor
from lovdv.accounts.models import User
from lovdv.clock import now
from lovdv.database import writing
from lovdv.demo import users
from lovdv.demo.ground import Ground
from lovdv.extensions import db


def set_day(day: date) -> None:
    """Move the demo's clock."""
    current_app.config["TODAY"] = day.isoformat()


@contextmanager
def acting_as(ground: Ground, login: str) -> Iterator[Actor]:
    """One transaction in the name of a user; committed at the end."""
    with writing():
        actor = actor_of(ground, login)
        with audit.acting(ground.municipality_id, actor.public_id):
            yield actor
            db.session.commit()
    db.session.expunge_all()


def actor_of(ground: Ground, login: str) -> Actor:
    person = next(p for p in users.USERS if p.login == login)
    number = ground.users[login]
    public_id = db.session.scalars(select(User.public_id).where(User.id == number))
    return Actor(
        session_token="",
        seen_at=now(),
        user_id=number,
        public_id=public_id.one(),
        name=person.name,
        municipality_id=ground.municipality_id,
        roles=frozenset(person.roles),
        permissions=frozenset().union(*(ALLOWED[role] for role in person.roles)),
    )
