"""Reading users, grants and sessions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from lovdv.access import ALLOWED, ROLE_NAMES, Actor, Permission, Role
from lovdv.accounts.models import (
    LoginAttempt,
    LoginSession,
    RoleGrant,
    Team,
    TeamMember,
    User,
)
from lovdv.clock import now, today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.providers.models import Unit


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of(token: str) -> Actor | None:
    """The actor of a session that is still alive; None when it has ended."""
    row = db.session.execute(
        select(LoginSession, User)
        .join(User, User.id == LoginSession.user_id)
        .where(
            LoginSession.token_digest == token_digest(token),
            LoginSession.ended_at.is_(None),
            User.active,
        )
    ).first()
    if row is None:
        return None
    login, user = row
    grants = grants_of(user.id, today(), municipality_id=login.municipality_id)
    roles = frozenset(Role(grant.role) for grant in grants)
    idle, longest = time_limits(roles)
    if now() - login.seen_at > idle or now() - login.created_at > longest:
        return None
    return _actor(token, user, login, grants, idle) if grants else None


def _actor(
    token: str,
    user: User,
    login: LoginSession,
    grants: Sequence[RoleGrant],
    idle: timedelta,
) -> Actor:
    units = tuple(
        (unit_id, name)
        for unit_id, name in db.session.execute(
            select(Unit.id, Unit.name)
            .where(Unit.id.in_([g.unit_id for g in grants if g.unit_id]))
            .order_by(Unit.sort_key)
        )
    )
    allowed = [ALLOWED[Role(grant.role)] for grant in grants]
    extra = (
        {Permission.PERSON_PROTECTED}
        if any(g.sees_protected for g in grants)
        else set()
    )
    return Actor(
        session_token=token,
        user_id=user.id,
        public_id=user.public_id,
        name=user.name,
        municipality_id=login.municipality_id,
        roles=frozenset(Role(grant.role) for grant in grants),
        permissions=frozenset[Permission]().union(*allowed, extra),
        seen_at=login.seen_at,
        secrecy_accepted=user.secrecy_accepted_at is not None,
        unit_id=login.unit_id if login.unit_id in dict(units) else None,
        client_id=next((g.client_id for g in grants if g.client_id), None),
        idle_seconds=int(idle.total_seconds()),
        units=units,
    )


def time_limits(roles: frozenset[Role]) -> tuple[timedelta, timedelta]:
    """The strictest idle and absolute time of the roles held."""
    limits = current_app.config["SESSION_LIMITS"]
    chosen = [limits.get(role, limits["default"]) for role in roles] or [
        limits["default"]
    ]
    return (
        timedelta(minutes=min(idle for idle, _ in chosen)),
        timedelta(minutes=min(longest for _, longest in chosen)),
    )


def grants_of(
    user_id: int, on: date, *, municipality_id: int | None = None
) -> Sequence[RoleGrant]:
    query = select(RoleGrant).where(
        RoleGrant.user_id == user_id,
        in_period(on, RoleGrant.first_day, RoleGrant.end_day),
    )
    if municipality_id is not None:
        query = query.where(RoleGrant.municipality_id == municipality_id)
    return db.session.scalars(query.order_by(RoleGrant.id)).all()


def user_named(login: str) -> User | None:
    return db.session.scalars(
        select(User).where(User.login == login.casefold(), User.active)
    ).first()


@dataclass(frozen=True)
class Held:
    """A role that a user has or has had, in words."""

    grant: RoleGrant
    name: str
    unit: str
    open: bool


def held_by(user: User, municipality_id: int, on: date) -> Sequence[Held]:
    """The user's roles in the municipality, with the names of units."""
    grants = [g for g in user.grants if g.municipality_id == municipality_id]
    units = select(Unit.id, Unit.name).where(
        Unit.id.in_([g.unit_id for g in grants if g.unit_id])
    )
    names = dict(db.session.execute(units).all())
    return [
        Held(
            grant=g,
            name=ROLE_NAMES[Role(g.role)],
            unit=names.get(g.unit_id or 0, ""),
            open=g.end_day is None or g.end_day > on,
        )
        for g in grants
    ]


def users_in(municipality_id: int) -> Sequence[User]:
    holders = select(RoleGrant.user_id).where(
        RoleGrant.municipality_id == municipality_id
    )
    return db.session.scalars(
        select(User)
        .where(User.id.in_(holders))
        .options(selectinload(User.grants))
        .order_by(User.name)
    ).all()


def user_in(municipality_id: int, public_id: str) -> User:
    """A user with a grant in the municipality, else NoResultFound."""
    holders = select(RoleGrant.user_id).where(
        RoleGrant.municipality_id == municipality_id
    )
    return db.session.scalars(
        select(User)
        .where(User.public_id == public_id, User.id.in_(holders))
        .options(selectinload(User.grants))
    ).one()


def has_role_elsewhere(user_id: int, municipality_id: int, on: date) -> bool:
    """Whether a role in another municipality holds on a day or is to begin."""
    elsewhere = select(RoleGrant.id).where(
        RoleGrant.user_id == user_id,
        RoleGrant.municipality_id != municipality_id,
        RoleGrant.end_day.is_(None) | (RoleGrant.end_day > on),
    )
    return db.session.scalars(elsewhere).first() is not None


def holders_of(municipality_id: int, role: Role, on: date) -> Sequence[User]:
    """Users who hold a role in the municipality on a day, by name."""
    holders = select(RoleGrant.user_id).where(
        RoleGrant.municipality_id == municipality_id,
        RoleGrant.role == role,
        in_period(on, RoleGrant.first_day, RoleGrant.end_day),
    )
    return db.session.scalars(
        select(User).where(User.id.in_(holders), User.active).order_by(User.name)
    ).all()


def teams_in(municipality_id: int) -> Sequence[Team]:
    return db.session.scalars(
        select(Team).where(Team.municipality_id == municipality_id).order_by(Team.name)
    ).all()


def teams_of(user_id: int, on: date) -> Sequence[int]:
    """Ids of the teams that a user is in on a day."""
    return db.session.scalars(
        select(TeamMember.team_id).where(
            TeamMember.user_id == user_id,
            in_period(on, TeamMember.first_day, TeamMember.end_day),
        )
    ).all()


def members_of(team_id: int | None, on: date) -> Sequence[int]:
    """Ids of the users who are in a team on a day."""
    return db.session.scalars(
        select(TeamMember.user_id).where(
            TeamMember.team_id == team_id,
            in_period(on, TeamMember.first_day, TeamMember.end_day),
        )
    ).all()


def failures_for(login_digest: str, since: datetime) -> int:
    """Failed sign-ins to an account since a moment and the last that succeeded."""
    own = LoginAttempt.login_digest == login_digest
    last_good = db.session.scalar(
        select(func.max(LoginAttempt.at)).where(own, LoginAttempt.succeeded)
    )
    return _failures(own, max(since, last_good) if last_good else since)


def failures_from(address_digest: str, since: datetime) -> int:
    """Failed sign-ins from an address; one that succeeds excuses no others."""
    return _failures(LoginAttempt.address_digest == address_digest, since)


def _failures(which: ColumnElement[bool], after: datetime) -> int:
    count = select(func.count()).select_from(LoginAttempt)
    failed = count.where(which, ~LoginAttempt.succeeded, LoginAttempt.at > after)
    return db.session.scalar(failed) or 0


def open_sessions(user_id: int) -> Sequence[LoginSession]:
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc())
    ).all()


def name_of(user_id: int | None) -> str:
    """Who did something; without a user it was done by a command."""
    user = None if user_id is None else db.session.get(User, user_id)
    return "kommando" if user is None else user.name
