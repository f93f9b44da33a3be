"""Short links to take home: what the comparison showed, and nothing of the reader."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from lovdv.database import Base, Numbered


class ShortLink(Numbered, Base):
    """The parameters behind a short address, until its last day has passed."""

    __tablename__ = "short_link"

    key: Mapped[str] = mapped_column(String(12), unique=True)
    # [[name, value], ...] in the comparison's address: order, filters, saved units
    parameters: Mapped[list[list[str]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    end_day: Mapped[date]
