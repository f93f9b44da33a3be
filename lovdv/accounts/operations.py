"""Signing in and out, sessions, users and their roles."""

import secrets
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, update

from lovdv import audit, crypto
from lovdv.access import ROLE_NAMES, Role
from lovdv.accounts import passwords, queries
from lovdv.accounts.models import LoginAttempt, LoginSession, RoleGrant, User
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text

WAIT = (
    "För många försök att logga in. Vänta {minutes} minuter och försök igen, "
    "eller be systemadministratören om hjälp."
)
ELSEWHERE = (
    "{name} har en roll i en annan kommun också. Du kan avsluta rollerna här, men "
    "bara den andra kommunen kan stänga kontot eller ge ett nytt lösenord."
)
OWN_PASSWORD = "Byt ditt eget lösenord under Mitt konto."
WRONG_PRESENT = "Det är inte ditt nuvarande lösenord. Skriv det igen."
WRONG = "Fel användarnamn eller lösenord. Kontrollera stavningen och försök igen."
NO_ROLE = (
    "Ditt konto har ingen roll som gäller i dag. Be systemadministratören om hjälp."
)
NO_PASSWORD_LOGIN = (
    "Brukare och företrädare loggar in med e-legitimation. Ring kommunen om du "
    "behöver hjälp att välja."
)
ONLY_DEMO = frozenset({Role.CLIENT, Role.REPRESENTATIVE})


def throttle(*, login: str, address: str) -> None:
    """Refuses when there have been too many failures lately."""
    told = current_app.config
    minutes = int(told["SIGN_IN_MINUTES"])
    since = now() - timedelta(minutes=minutes)
    by_login = queries.failures_for(crypto.digest(login.casefold()), since)
    by_address = queries.failures_from(crypto.digest(address), since)
    if by_login >= int(told["SIGN_IN_TRIES"]) or by_address >= int(
        told["SIGN_IN_TRIES_PER_ADDRESS"]
    ):
        raise Refused(WAIT.format(minutes=minutes))


def try_password(*, login: str, password: str, address: str) -> User | None:
    """The user, or None; the attempt is recorded either way."""
    user = queries.user_named(login)
    good = passwords.matches(user.password_hash if user else None, password)
    db.session.add(
        LoginAttempt(
            login_digest=crypto.digest(login.casefold()),
            address_digest=crypto.digest(address),
            succeeded=good,
            at=now(),
        )
    )
    if not good:
        audit.change("session.refused")
        return None
    return user


def open_session(*, user: User, identified: bool = False) -> str:
    """A new session for the user; returns the token that the cookie carries.

    Those who choose for themselves must have identified, but for in the demo.
    """
    grants = queries.grants_of(user.id, today())
    if not grants:
        raise Refused(NO_ROLE)
    roles = {Role(grant.role) for grant in grants}
    if roles <= ONLY_DEMO and not (identified or current_app.config["DEMO"]):
        raise Refused(NO_PASSWORD_LOGIN)
    token = secrets.token_urlsafe(32)
    db.session.add(
        LoginSession(
            token_digest=queries.token_digest(token),
            user_id=user.id,
            municipality_id=grants[0].municipality_id,
            unit_id=next((g.unit_id for g in grants if g.unit_id), None),
            created_at=now(),
            seen_at=now(),
        )
    )
    with audit.acting(grants[0].municipality_id, user.public_id):
        audit.change("session.open", object=user.public_id)
        db.session.flush()
    return token


def end_session(*, token: str) -> None:
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.token_digest == queries.token_digest(token))
        .values(ended_at=now())
    )
    audit.change("session.end")


def end_sessions(*, user: User) -> None:
    """End every session of a user: the password changed, or the account closed."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
        .values(ended_at=now())
    )
    audit.change("session.end_all", object=user.public_id)


def keep_alive(*, token: str) -> None:
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.token_digest == queries.token_digest(token))
        .values(seen_at=now())
    )


def switch_unit(*, token: str, unit_id: int) -> None:
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.token_digest == queries.token_digest(token))
        .values(unit_id=unit_id)
    )
    audit.change("session.unit", after={"unit": unit_id})


def accept_secrecy(*, user_id: int) -> None:
    user = db.session.get_one(User, user_id)
    user.secrecy_accepted_at = now()
    audit.change("user.secrecy", object=user.public_id)


def register(*, login: str, name: str, password: str | None, email: str = "") -> User:
    new = User(
        login=login.casefold(),
        name=name,
        email=email,
        password_hash=passwords.hashed(password) if password else None,
        created_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("user.register", object=new.public_id)
    return new


def change_password(*, user: User, present: str, password: str, address: str) -> bool:
    """The user's own change; False when the present password is wrong.

    Guesses are counted as at sign-in: a session left open is no way round it.
    """
    throttle(login=user.login, address=address)
    if try_password(login=user.login, password=present, address=address) is None:
        return False
    set_password(user=user, password=password)
    return True


def set_password(*, user: User, password: str) -> None:
    if len(password) < passwords.SHORTEST:
        raise Refused(
            f"Lösenordet är för kort. Använd minst {passwords.SHORTEST} tecken.",
            "password",
        )
    user.password_hash = passwords.hashed(password)
    audit.change("user.password", object=user.public_id)
    end_sessions(user=user)


def require_only_here(user: User, municipality_id: int) -> None:
    """An account that another municipality relies on is not this one's to shut."""
    if queries.has_role_elsewhere(user.id, municipality_id, today()):
        raise Refused(ELSEWHERE.format(name=user.name))


def set_active(*, user: User, active: bool) -> None:
    audit.change(
        "user.active",
        object=user.public_id,
        before={"active": user.active},
        after={"active": active},
    )
    user.active = active
    if not active:
        end_sessions(user=user)


def grant(
    *,
    user: User,
    role: Role,
    municipality_id: int,
    first_day: date,
    end_day: date | None = None,
    unit_id: int | None = None,
    client_id: int | None = None,
    sees_protected: bool = False,
) -> RoleGrant:
    if (role is Role.PROVIDER) != (unit_id is not None):
        raise Refused(
            f"{ROLE_NAMES[role]}: välj en enhet för utförare och bara för dem.",
            "unit",
        )
    _refuse_held_already(
        (RoleGrant.user_id == user.id)
        & (RoleGrant.role == role.value)
        & (RoleGrant.municipality_id == municipality_id)
        & RoleGrant.unit_id.is_not_distinct_from(unit_id)
        & RoleGrant.client_id.is_not_distinct_from(client_id),
        user,
        first_day,
        end_day,
    )
    new = RoleGrant(
        user_id=user.id,
        role=role.value,
        municipality_id=municipality_id,
        unit_id=unit_id,
        client_id=client_id,
        sees_protected=sees_protected,
        first_day=first_day,
        end_day=end_day,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("role.grant", object=user.public_id, after={"role": role.value})
    return new


def _refuse_held_already(
    alike: ColumnElement[bool], user: User, first_day: date, end_day: date | None
) -> None:
    """A role held twice would outlive the end of one of the two."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    query = select(RoleGrant).where(
        alike, RoleGrant.end_day.is_(None) | (RoleGrant.end_day > first_day)
    )
    if end_day is not None:
        query = query.where(RoleGrant.first_day < end_day)
    held = db.session.scalars(query).first()
    if held is not None:
        raise Refused(
            f"{user.name} har redan den rollen från {day_text(held.first_day)}. "
            "Avsluta den först om något ska ändras.",
            "role",
        )


def end_grant(*, user: User, public_id: str, end_day: date) -> None:
    found = db.session.scalars(
        select(RoleGrant).where(
            RoleGrant.user_id == user.id, RoleGrant.public_id == public_id
        )
    ).one()
    audit.change(
        "role.end",
        object=user.public_id,
        before={"end": found.end_day},
        after={"end": end_day},
    )
    found.end_day = max(end_day, found.first_day)
