"""The signed paper that a choice was made on, or why there is none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.choice.models import Choice
from lovdv.database import Base, Public
from lovdv.people.models import Client


class ChoicePaper(Public, Base):
    """A scan or photo of a signed paper, as it was read in.

    It waits without a choice until the choice has been read through. A paper that is
    gone for good has a reason and no content.
    """

    __tablename__ = "choice_paper"
    __table_args__ = (
        CheckConstraint("(content IS NULL) = (reason <> '')", name="content"),
        UniqueConstraint("choice_id"),
        {"info": guards.frozen_when("OLD.choice_id IS NOT NULL")},
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("choice.id"))
    media: Mapped[str] = mapped_column(String(40), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)  # bytes
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(index=True)

    client: Mapped[Client] = relationship()
    choice: Mapped[Choice | None] = relationship()
