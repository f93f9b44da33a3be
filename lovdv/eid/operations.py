"""Signing in whoever has identified, and saying which number a user has."""

import secrets

from lovdv import audit
from lovdv.access import Role
from lovdv.accounts import operations as accounts
from lovdv.accounts.models import User
from lovdv.clock import now, today
from lovdv.eid import queries
from lovdv.eid.models import UserIdentity
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people import numbers
from lovdv.people.models import Client

UNKNOWN = (
    "Vi hittar ingen plats för dig här. Har du ett beslut om daglig verksamhet, eller "
    "hjälper du någon som har det? Ring kommunen, så ordnar vi det."
)
CLOSED = "Ditt konto är stängt. Ring kommunen om du behöver hjälp."


def sign_in(*, told: str) -> str:
    """A session's token for the number that a provider has told.

    A user that the number was given to comes first. A person with a case needs no
    account before: the first sign-in makes one.
    """
    number = numbers.read(told, on=today()).text
    user = queries.user_with(number) or _own_account(number)
    if not user.active:
        raise Refused(CLOSED)
    return accounts.open_session(user=user, identified=True)


def _own_account(number: str) -> User:
    person = queries.person_with(number)
    if person is None:
        audit.change("session.unknown")
        raise Refused(UNKNOWN)
    user = queries.account_of(person) or _made_for(person)
    _keep(user, number, by_id=None)
    return user


def _made_for(person: Client) -> User:
    # Those who care for accounts see it: never more than a first name.
    name = "Brukare" if person.protected else person.first_name
    login = f"eid-{secrets.token_hex(8)}"
    user = accounts.register(login=login, name=name, password=None)
    accounts.grant(
        user=user,
        role=Role.CLIENT,
        municipality_id=person.municipality_id,
        first_day=today(),
        client_id=person.id,
    )
    return user


def give_number(*, user: User, told: str, by_id: int) -> None:
    """From now on the user identifies with this number, and with no other."""
    try:
        number = numbers.read(told, on=today())
    except numbers.NotANumber as fault:
        raise Refused(str(fault), "number") from None
    if number.kind is numbers.Kind.RESERVNUMMER:
        raise Refused("Ingen e-legitimation har ett reservnummer.", "number")
    holder = queries.user_with(number.text)
    if holder is not None and holder.id != user.id:
        raise Refused(
            "Numret hör till ett annat konto. Sök upp det, eller ring leverantören.",
            "number",
        )
    _keep(user, number.text, by_id=by_id)


def _keep(user: User, number: str, *, by_id: int | None) -> None:
    earlier = queries.identity_of(user)
    if earlier is not None:
        db.session.delete(earlier)
        db.session.flush()
    db.session.add(
        UserIdentity(
            user_id=user.id,
            blind=queries.blind_of(number),
            added_at=now(),
            added_by_id=by_id,
        )
    )
    db.session.flush()
    audit.change("user.identity", object=user.public_id)
