"""Providers, units, contracts, capacity and profiles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Public, SwedishKey
from lovdv.positions import position_text


class Provider(Public, Base):
    """The organisation (utförare). May serve several municipalities."""

    __tablename__ = "provider"

    name: Mapped[str] = mapped_column(String(120))
    organisation_number: Mapped[str] = mapped_column(String(20), unique=True)
    # one of company, association, municipality, own: motpart in the finance file
    counterpart: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

    units: Mapped[list[Unit]] = relationship(
        back_populates="provider", order_by="Unit.sort_key"
    )
    contracts: Mapped[list[Contract]] = relationship(back_populates="provider")


class Unit(Public, Base):
    """The place people go to (verksamhet)."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("permit_maximum > 0", name="permit_maximum"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(SwedishKey)
    permit_number: Mapped[str] = mapped_column(String(40))
    permit_maximum: Mapped[int]  # persons at the same time, from the IVO permit
    manager: Mapped[str] = mapped_column(String(120))  # föreståndare
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    town: Mapped[str] = mapped_column(String(60), default="")
    area: Mapped[str] = mapped_column(String(60), default="")
    # WGS84 in millionths of a degree, whole numbers
    latitude: Mapped[int | None] = mapped_column(Integer)
    longitude: Mapped[int | None] = mapped_column(Integer)
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    first_day: Mapped[date]
    end_day: Mapped[date | None]

    provider: Mapped[Provider] = relationship(back_populates="units")
    profiles: Mapped[list[Profile]] = relationship(back_populates="unit")

    @property
    def position(self) -> str:
        """Where it is on the map, as people write it; empty when nobody has said."""
        if self.latitude is None or self.longitude is None:
            return ""
        return position_text(self.latitude, self.longitude)


class Capacity(Public, Base):
    """The ceiling of a unit for one half of one weekday, from a day."""

    __tablename__ = "capacity"
    __table_args__ = (
        UniqueConstraint("unit_id", "weekday", "half", "first_day", "revision"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("half IN ('am', 'pm')", name="half"),
        {"info": guards.append_only()},
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    weekday: Mapped[int]  # Monday is 0
    half: Mapped[str] = mapped_column(String(2))
    ceiling: Mapped[int]
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    notified_on: Mapped[date | None]
    # the user who wrote it down: the unit's own, or the municipality's
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Contract(Public, Base):
    """Provider x choice system, dated; the units it covers are its own rows."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("end_day IS NULL OR end_day > first_day", name="period"),
        UniqueConstraint("choice_system_id", "number"),
    )

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    regi: Mapped[str] = mapped_column(String(10))  # extern or intern
    signed_on: Mapped[date]
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    # From this day no new choices are taken.
    closed_from: Mapped[date | None]
    supplier_number: Mapped[str] = mapped_column(String(40), default="")
    # the account string, in the finance system's own form
    account: Mapped[str] = mapped_column(String(80), default="")
    order_reference: Mapped[str] = mapped_column(String(40), default="")
    vat_compensation: Mapped[bool] = mapped_column(default=False)
    is_default: Mapped[bool] = mapped_column(default=False)  # takes icke-val

    provider: Mapped[Provider] = relationship(back_populates="contracts")
    covered: Mapped[list[ContractUnit]] = relationship(back_populates="contract")


class ContractUnit(Public, Base):
    """A unit that a contract covers, from a day to a day."""

    __tablename__ = "contract_unit"
    __table_args__ = (UniqueConstraint("contract_id", "unit_id", "first_day"),)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date | None]
    # The unit leaves: from this day no new choices are taken, nor orders.
    closed_from: Mapped[date | None]

    contract: Mapped[Contract] = relationship(back_populates="covered")
    unit: Mapped[Unit] = relationship()


class Profile(Public, Base):
    """One version of what the municipality publishes about a unit.

    `facts` answers the same questions for every unit; published versions stay.
    """

    __tablename__ = "profile"
    __table_args__ = (
        UniqueConstraint("unit_id", "version"),
        {"info": guards.frozen_when("OLD.status = 'published'")},
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int]
    # One of: draft, submitted, returned, published.
    status: Mapped[str] = mapped_column(String(20), default="draft")
    review_note: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    easy_text: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship(back_populates="profiles")
