"""What is kept of forecasts: budgets, scenarios, baselines, and files to compare."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lovdv import guards
from lovdv.database import Base, Public


class Budget(Public, Base):
    """What is decided for a year; the latest revision holds."""

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "year", "revision"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    year: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    reference: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Scenario(Public, Base):
    """What if: what was changed, and what the month would then have cost.

    `changes` is what the form said; `outcome` the sums before and after, and how many
    people cost how much, kept so that scenarios can be compared although facts have
    moved on.
    """

    __tablename__ = "scenario"
    __table_args__ = ({"info": guards.append_only()},)

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    month: Mapped[date]  # the first day of the month whose facts it rests on
    changes: Mapped[dict[str, object]] = mapped_column(JSON)
    outcome: Mapped[dict[str, object]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Baseline(Public, Base):
    """Figures as they were on a day, to evaluate against later."""

    __tablename__ = "baseline"
    __table_args__ = ({"info": guards.append_only()},)

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(400), default="")
    figures: Mapped[dict[str, object]] = mapped_column(JSON)
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ShadowFile(Public, Base):
    """What was paid by other means, line by line, to compare with; kept until thrown.

    Only the columns that are compared; nothing of it reaches the book.
    """

    __tablename__ = "shadow_file"

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
