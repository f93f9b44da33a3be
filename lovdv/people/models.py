"""Clients, numbers, names, decisions, representatives, assignments, life events."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Public, SwedishKey

HOLDING = ("in_force", "appealed")
"""The status of decisions that are carried out: an appeal does not stop one."""


class Client(Public, Base):
    """The person with the decision (brukare)."""

    __tablename__ = "client"
    __table_args__ = (UniqueConstraint("municipality_id", "case_number"),)

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id"), index=True
    )
    case_number: Mapped[str] = mapped_column(String(40))
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    sort_key: Mapped[str] = mapped_column(SwedishKey, index=True)
    search_key: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    # '', 'sekretessmarkering' or 'skyddad_folkbokforing'
    protection: Mapped[str] = mapped_column(String(30), default="")
    alias: Mapped[str] = mapped_column(String(40), default="")
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    town: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    # How to communicate with the person: words, pictures, AKK, interpreter...
    communication: Mapped[str] = mapped_column(Text, default="")
    died_on: Mapped[date | None]
    created_at: Mapped[datetime]

    numbers: Mapped[list[ClientNumber]] = relationship(
        back_populates="client", order_by="ClientNumber.first_day"
    )
    names: Mapped[list[ClientName]] = relationship(order_by="ClientName.first_day")
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="client", order_by="Decision.first_day"
    )
    mandates: Mapped[list[Mandate]] = relationship(back_populates="client")
    supporters: Mapped[list[Supporter]] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(back_populates="client")

    @property
    def protected(self) -> bool:
        return self.protection != ""


class ClientNumber(Public, Base):
    """A personnummer, samordningsnummer or local reservnummer from a day.

    Encrypted, bound to this row; `blind` finds it by the full number only.
    """

    __tablename__ = "client_number"
    __table_args__ = (UniqueConstraint("municipality_id", "blind"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    kind: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    blind: Mapped[bytes] = mapped_column(LargeBinary(16))
    first_day: Mapped[date]

    client: Mapped[Client] = relationship(back_populates="numbers")


class ClientName(Public, Base):
    """A name that the person had from a day."""

    __tablename__ = "client_name"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    first_day: Mapped[date]


class Decision(Public, Base):
    """A decision kept in the municipality's case system; reference and status here."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "law <> 'LSS' OR personkrets IN (1, 2)", name="lss_personkrets"
        ),
        CheckConstraint("end_day IS NULL OR end_day >= first_day", name="period"),
        UniqueConstraint("choice_system_id", "reference"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    law: Mapped[str] = mapped_column(String(10))  # LSS or SoL
    personkrets: Mapped[int | None]
    extent: Mapped[str] = mapped_column(String(200), default="")
    decided_on: Mapped[date]
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(60))
    # in_force, appealed, replaced, ended
    status: Mapped[str] = mapped_column(String(20), default="in_force")
    status_reason: Mapped[str] = mapped_column(String(300), default="")
    status_day: Mapped[date | None]
    # what was checked when it was decided, see words.CONDITIONS
    conditions: Mapped[list[str]] = mapped_column(JSON, default=list)
    requested_by: Mapped[str] = mapped_column(String(300), default="")
    goal: Mapped[str] = mapped_column(Text, default="")
    end_reason: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]

    client: Mapped[Client] = relationship(back_populates="decisions")
    offers: Mapped[list[Offer]] = relationship(
        back_populates="decision", order_by="Offer.day"
    )
    interruptions: Mapped[list[Interruption]] = relationship(
        order_by="Interruption.first_day"
    )


class Interruption(Public, Base):
    """Days when an executed decision is not carried out; open until resumed."""

    __tablename__ = "interruption"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300))


class Offer(Public, Base):
    """A place that was offered: the day, the unit, the answer and its reason."""

    __tablename__ = "offer"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]
    answer: Mapped[str] = mapped_column(String(20), default="waiting")
    answered_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300), default="")

    decision: Mapped[Decision] = relationship(back_populates="offers")


class Mandate(Public, Base):
    """A representative (företrädare), what the mandate covers and until when."""

    __tablename__ = "mandate"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40), default="")
    # guardian, god_man, forvaltare, framtidsfullmakt, formyndare, ombud
    kind: Mapped[str] = mapped_column(String(30))
    # any of: bevaka_ratt, forvalta_egendom, sorja_for_person
    scope: Mapped[list[str]] = mapped_column(JSON)
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(String(200))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checked_on: Mapped[date | None]
    next_check_on: Mapped[date | None]

    client: Mapped[Client] = relationship(back_populates="mandates")


class Supporter(Public, Base):
    """A recorded person who helps (stödperson); has no authority."""

    __tablename__ = "supporter"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    relation: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    consented_on: Mapped[date]
    end_day: Mapped[date | None]


class Assignment(Public, Base):
    """Who is responsible for the person's case: a user or a team."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (team_id IS NULL)", name="one_holder"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date | None]

    client: Mapped[Client] = relationship(back_populates="assignments")


class Opening(Public, Base):
    """A case opened outside the assignment, with its reason; sampled afterwards."""

    __tablename__ = "opening"
    __table_args__ = ({"info": guards.append_only()},)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    until: Mapped[datetime]


class LifeEvent(Public, Base):
    """Something that happened in the person's life, with its day."""

    __tablename__ = "life_event"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    # death, death_withdrawn, move, name, number, pension, work, studies, hospital,
    # protection
    kind: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Remark(Public, Base):
    """What the person says is wrong; kept as it was said, beside what was written."""

    __tablename__ = "remark"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    about: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
