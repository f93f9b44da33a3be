"""A round of invitations to people who already have a place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.choice.models import Invitation
from lovdv.database import Base, Numbered, Public
from lovdv.systems.models import ChoiceSystem


class IntroductionRound(Public, Base):
    """Who was asked together, at which units, and by when to answer."""

    __tablename__ = "introduction_round"
    __table_args__ = ({"info": guards.append_only()},)

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    # names of the units as they were; empty when all were meant
    units: Mapped[list[str]] = mapped_column(JSON)
    answer_by: Mapped[date]
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    choice_system: Mapped[ChoiceSystem] = relationship()
    begun_by: Mapped[User] = relationship()


class RoundInvitation(Numbered, Base):
    """One of the round's invitations; an invitation belongs to one round."""

    __tablename__ = "round_invitation"
    __table_args__ = (
        UniqueConstraint("invitation_id"),
        {"info": guards.append_only()},
    )

    round_id: Mapped[int] = mapped_column(
        ForeignKey("introduction_round.id"), index=True
    )
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"))

    invitation: Mapped[Invitation] = relationship()
