"""Users, role grants, teams, server-side sessions and sign-in attempts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv.database import Base, Numbered, Public


class User(Public, Base):
    """Somebody who signs in."""

    __tablename__ = "user"

    login: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    secrecy_accepted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="user", order_by="RoleGrant.id"
    )


class RoleGrant(Public, Base):
    """One role of one user, in one municipality, for providers at one unit."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(role = 'provider') = (unit_id IS NOT NULL)", name="unit"),
        CheckConstraint("(role = 'client') = (client_id IS NOT NULL)", name="client"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    sees_protected: Mapped[bool] = mapped_column(default=False)
    first_day: Mapped[date]
    end_day: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="grants")


class Team(Public, Base):
    """Caseworkers who cover for each other."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("municipality_id", "name"),)

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    name: Mapped[str] = mapped_column(String(80))


class TeamMember(Numbered, Base):
    __tablename__ = "team_member"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date | None]


class LoginSession(Numbered, Base):
    """A signed-in session; ending the row signs the user out everywhere it is used."""

    __tablename__ = "login_session"

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LoginAttempt(Numbered, Base):
    """A sign-in that was tried; names and addresses as keyed digests only."""

    __tablename__ = "login_attempt"

    login_digest: Mapped[str] = mapped_column(String(32), index=True)
    address_digest: Mapped[str] = mapped_column(String(32), index=True)
    succeeded: Mapped[bool]
    at: Mapped[datetime]
