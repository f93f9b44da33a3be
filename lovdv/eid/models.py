"""Which number a user identifies with, as a keyed index that tells nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv.accounts.models import User
from lovdv.database import Base, Numbered


class UserIdentity(Numbered, Base):
    """A user's personnummer or samordningsnummer; one user has one at a time.

    The number itself is not kept: it is only ever asked whether one is the same.
    """

    __tablename__ = "user_identity"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    blind: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    added_at: Mapped[datetime]
    # None: the person's own first sign-in made it.
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=user_id)
