"""Rule sets on their way, and supplements granted to placements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Public
from lovdv.placements.models import Placement


class RuleDraft(Public, Base):
    """A rule set that is being written, until it is decided or thrown away.

    `content` is the rule file's form, whole or in part. `version` counts what has been
    saved, so that nobody writes over what somebody else has saved meanwhile.
    """

    __tablename__ = "payment_rule_draft"

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    started_from: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @property
    def name(self) -> str:
        return str(self.content.get("name") or "Utan namn")


class SupplementGrant(Public, Base):
    """An extra amount that a placement has from a day; ended by a row in its place."""

    __tablename__ = "supplement_grant"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        CheckConstraint("amount > 0", name="amount"),
        {"info": guards.append_only()},
    )

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    code: Mapped[str] = mapped_column(String(28))
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)  # öre, when individual
    reason: Mapped[str] = mapped_column(String(400), default="")
    proof: Mapped[str] = mapped_column(String(200), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("supplement_grant.id"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    placement: Mapped[Placement] = relationship()
