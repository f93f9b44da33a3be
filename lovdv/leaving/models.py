"""A provider's exit: which units, until when, whom it concerned and what it ended.

Everything is added and nothing is edited: a new last day is a row of its own, and an
exit that is taken back says so in a row of its own.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.accounts.models import User
from lovdv.choice.models import Invitation
from lovdv.database import Base, Numbered, Public
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, ContractUnit, Unit


class ProviderExit(Public, Base):
    """Units of a contract that stop, announced on a day; why, and by whom."""

    __tablename__ = "provider_exit"
    __table_args__ = ({"info": guards.append_only()},)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    announced_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(30))
    note: Mapped[str] = mapped_column(String(300), default="")
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    contract: Mapped[Contract] = relationship()
    begun_by: Mapped[User] = relationship()
    units: Mapped[list[ExitUnit]] = relationship(order_by="ExitUnit.id")
    days: Mapped[list[ExitDay]] = relationship(order_by="ExitDay.id")
    people: Mapped[list[ExitPerson]] = relationship(
        back_populates="leaving", order_by="ExitPerson.id"
    )
    withdrawal: Mapped[ExitWithdrawal | None] = relationship()

    @property
    def end_day(self) -> date:
        """The first day without them, as last decided."""
        return self.days[-1].end_day

    def state(self, on: date) -> str:
        """announced, ended or withdrawn."""
        if self.withdrawal is not None:
            return "withdrawn"
        return "ended" if self.end_day <= on else "announced"


class ExitUnit(Numbered, Base):
    """A unit that stops, and until when the contract covered it before that."""

    __tablename__ = "exit_unit"
    __table_args__ = (
        UniqueConstraint("exit_id", "contract_unit_id"),
        {"info": guards.append_only()},
    )

    exit_id: Mapped[int] = mapped_column(ForeignKey("provider_exit.id"))
    contract_unit_id: Mapped[int] = mapped_column(
        ForeignKey("contract_unit.id"), index=True
    )
    end_before: Mapped[date | None]

    cover: Mapped[ContractUnit] = relationship()


class ExitDay(Numbered, Base):
    """A last day as decided; the latest row counts. Half-open."""

    __tablename__ = "exit_day"
    __table_args__ = ({"info": guards.append_only()},)

    exit_id: Mapped[int] = mapped_column(ForeignKey("provider_exit.id"), index=True)
    end_day: Mapped[date]
    why: Mapped[str] = mapped_column(String(300), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    decided_by: Mapped[User] = relationship()


class ExitPerson(Numbered, Base):
    """Somebody concerned: how, and the new choice that was offered."""

    __tablename__ = "exit_person"
    __table_args__ = (
        UniqueConstraint("exit_id", "client_id"),
        CheckConstraint(
            "how IN ('placed', 'coming', 'ordered', 'offered', 'queued', 'chosen')",
            name="how",
        ),
        {"info": guards.append_only()},
    )

    exit_id: Mapped[int] = mapped_column(ForeignKey("provider_exit.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    how: Mapped[str] = mapped_column(String(10))
    # None: no decision holds after the last day, so there is nothing to choose for,
    # or another invitation, in another choice system, waits for an answer
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"))
    # what an open invitation was about before it was turned into this; "": made anew
    kind_before: Mapped[str] = mapped_column(String(20), default="")
    found_at: Mapped[datetime]

    leaving: Mapped[ProviderExit] = relationship(back_populates="people")
    client: Mapped[Client] = relationship()
    unit: Mapped[Unit] = relationship()
    invitation: Mapped[Invitation | None] = relationship()


class ExitPlacement(Numbered, Base):
    """A place that the exit gave an end, and the end that it had before."""

    __tablename__ = "exit_placement"
    __table_args__ = (
        UniqueConstraint("exit_id", "placement_id"),
        {"info": guards.append_only()},
    )

    exit_id: Mapped[int] = mapped_column(ForeignKey("provider_exit.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    end_before: Mapped[date | None]
    reason_before: Mapped[str] = mapped_column(String(30), default="")

    placement: Mapped[Placement] = relationship()


class ExitWithdrawal(Numbered, Base):
    """The units stay after all: why, and who said so."""

    __tablename__ = "exit_withdrawal"
    __table_args__ = (
        UniqueConstraint("exit_id"),
        {"info": guards.append_only()},
    )

    exit_id: Mapped[int] = mapped_column(ForeignKey("provider_exit.id"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User] = relationship()
