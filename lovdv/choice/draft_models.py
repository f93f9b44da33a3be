"""What has been typed about a choice while the person is asked in the room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lovdv.choice.models import Invitation
from lovdv.database import Base, Numbered


class ChoiceDraft(Numbered, Base):
    """One user's fields about one invitation; gone when the choice is registered."""

    __tablename__ = "choice_draft"
    __table_args__ = (UniqueConstraint("invitation_id", "by_id"),)

    invitation_id: Mapped[int] = mapped_column(ForeignKey(Invitation.id))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    fields: Mapped[list[list[str]]] = mapped_column(JSON)  # names and values
    at: Mapped[datetime]
