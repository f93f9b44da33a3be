"""Substitutes, conflicts of interest, handing over, and answers after the start."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.choice.models import ContactAttempt, Invitation
from lovdv.database import Base, Public
from lovdv.providers.models import Provider, Unit


class GuideSubstitute(Public, Base):
    """Somebody who does a guide's work on some days, under their own name."""

    __tablename__ = "guide_substitute"
    __table_args__ = (
        CheckConstraint("first_day < end_day", name="days"),
        CheckConstraint("guide_id <> substitute_id", name="another"),
        {"info": guards.frozen_when("OLD.withdrawn_at IS NOT NULL")},
    )

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    guide_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date]  # half-open
    named_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    named_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]

    guide: Mapped[User] = relationship(foreign_keys=guide_id)
    substitute: Mapped[User] = relationship(foreign_keys=substitute_id)


class GuideConflict(Public, Base):
    """What ties a guide to a provider, or to one of its units, as the guide says it."""

    __tablename__ = "guide_conflict"
    __table_args__ = (
        CheckConstraint("(provider_id IS NULL) <> (unit_id IS NULL)", name="one"),
        {"info": guards.frozen_when("OLD.end_day IS NOT NULL")},
    )

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str] = mapped_column(String(300))
    first_day: Mapped[date]
    end_day: Mapped[date | None]  # half-open
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    declared_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=user_id)
    provider: Mapped[Provider | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    @property
    def about(self) -> str:
        if self.provider is not None:
            return self.provider.name
        return self.unit.name if self.unit else ""


class GuideDeclaration(Public, Base):
    """A guide's word that nothing but what is declared stands in the way."""

    __tablename__ = "guide_declaration"
    __table_args__ = ({"info": guards.append_only()},)

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    declared_at: Mapped[datetime]


class GuideHandover(Public, Base):
    """One person given from a guide to another, and why."""

    __tablename__ = "guide_handover"
    __table_args__ = ({"info": guards.append_only()},)

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    invitation: Mapped[Invitation] = relationship()
    from_guide: Mapped[User] = relationship(foreign_keys=from_id)
    to_guide: Mapped[User] = relationship(foreign_keys=to_id)


class StartAnswer(Public, Base):
    """What the person answered when asked how it goes, so long after the start."""

    __tablename__ = "start_answer"
    __table_args__ = (
        CheckConstraint("feeling IN ('good', 'fair', 'bad')", name="feeling"),
        {"info": guards.append_only()},
    )

    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("contact_attempt.id"), unique=True
    )
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    feeling: Mapped[str] = mapped_column(String(10))
    wants_rechoice: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    attempt: Mapped[ContactAttempt] = relationship()
