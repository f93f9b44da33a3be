"""Municipality, choice system and the rules each has decided."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Public


class Municipality(Public, Base):
    """The responsible authority."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    organisation_number: Mapped[str] = mapped_column(String(20), default="")
    contact: Mapped[str] = mapped_column(String(300), default="")


class ChoiceSystem(Public, Base):
    """One municipality's valfrihetssystem for one service."""

    __tablename__ = "choice_system"

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    service: Mapped[str] = mapped_column(String(40), default="daglig_verksamhet")
    first_day: Mapped[date]
    end_day: Mapped[date | None]

    municipality: Mapped[Municipality] = relationship()


class Rule(Public, Base):
    """A rule that the municipality decided, from a first day.

    In force on a day is, among the rows with that key whose first day has come,
    the one with the latest first day, and of those the highest revision. `known`
    at a moment are the rows decided by then.
    """

    __tablename__ = "rule"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "key", "first_day", "revision"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    key: Mapped[str] = mapped_column(String(40))
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    value: Mapped[dict[str, object]] = mapped_column(JSON)
    reference: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
