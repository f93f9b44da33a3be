"""Reading who identifies with which number."""

from sqlalchemy import select

from lovdv import crypto
from lovdv.access import Role
from lovdv.accounts.models import RoleGrant, User
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.eid.models import UserIdentity
from lovdv.extensions import db
from lovdv.people import queries as people
from lovdv.people.models import Client
from lovdv.systems.queries import municipalities

BLIND = "user_identity.blind"


def blind_of(number: str) -> bytes:
    return crypto.blind_index(number, BLIND)


def user_with(number: str) -> User | None:
    return db.session.scalars(
        select(User)
        .join(UserIdentity, UserIdentity.user_id == User.id)
        .where(UserIdentity.blind == blind_of(number))
    ).first()


def identity_of(user: User) -> UserIdentity | None:
    return db.session.scalars(
        select(UserIdentity).where(UserIdentity.user_id == user.id)
    ).first()


def person_with(number: str) -> Client | None:
    """Somebody living who has the number, in the first municipality that knows it."""
    for municipality in municipalities():
        found = people.holder_of(municipality.id, number)
        if found is not None and found.died_on is None:
            return found
    return None


def account_of(client: Client) -> User | None:
    """The account that is the person's own."""
    return db.session.scalars(
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.role == Role.CLIENT.value,
            RoleGrant.client_id == client.id,
            in_period(today(), RoleGrant.first_day, RoleGrant.end_day),
        )
    ).first()
