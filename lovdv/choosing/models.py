"""What a person has answered so far, one question at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lovdv.database import Base, Numbered


class StepAnswers(Numbered, Base):
    """The person's own answers: kept, changeable, and no part of the choice.

    What was shown is kept with the choice; what the person wished is not.
    """

    __tablename__ = "step_answers"
    __table_args__ = (UniqueConstraint("client_id"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    # the step to come back to
    step: Mapped[str] = mapped_column(String(20))
    # {"activities": ["cafe"], ...} by the questions that every unit answers
    ticked: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    area: Mapped[str] = mapped_column(String(60), default="")
    # "" not answered, visit, try_out, no
    visit: Mapped[str] = mapped_column(String(10), default="")
    # the unit that was marked last, before it is chosen
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    updated_at: Mapped[datetime]
