"""What a version of the instrument would have meant, computed and kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.database import Base, Public
from lovdv.needs.models import InstrumentVersion


class Consequence(Public, Base):
    """One run of a version over everybody's present answers; counts, never names.

    `digest` is that of the version's text when it was run: a draft may have changed
    since. `found` is the result as JSON (consequences.Found).
    """

    __tablename__ = "consequence"
    __table_args__ = ({"info": guards.append_only()},)

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    instrument_version_id: Mapped[int] = mapped_column(
        ForeignKey("instrument_version.id")
    )
    digest: Mapped[str] = mapped_column(String(64))
    on_day: Mapped[date]
    found: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    instrument_version: Mapped[InstrumentVersion] = relationship()
    made_by: Mapped[User | None] = relationship()
