"""Price lists: uploaded, and as decided."""

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
from lovdv.database import Base, Numbered, Public


class PriceDraft(Public, Base):
    """A list on its way: texts in rows, until decided or thrown away.

    Uploaded from a file, or proposed: the list before raised by an index, and then
    edited cell by cell. `reasons` are by row as counted in the file: why a price is
    another than the proposed one.
    """

    __tablename__ = "price_draft"

    choice_system_id: Mapped[int] = mapped_column(
        ForeignKey("choice_system.id"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    proposed_from_id: Mapped[int | None] = mapped_column(ForeignKey("price_list.id"))
    index_name: Mapped[str] = mapped_column(String(60), default="")
    index_hundredths: Mapped[int | None]  # of a per cent
    reasons: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class PriceList(Public, Base):
    """A whole list as decided, from a first day; the end is derived.

    In force on a day is the list with the latest first day that has come, and of
    those with that day the latest revision known.
    """

    __tablename__ = "price_list"
    __table_args__ = (
        UniqueConstraint("choice_system_id", "first_day", "revision"),
        CheckConstraint("status IN ('preliminary', 'definitive')", name="status"),
        {"info": guards.append_only()},
    )

    choice_system_id: Mapped[int] = mapped_column(ForeignKey("choice_system.id"))
    name: Mapped[str] = mapped_column(String(120))
    first_day: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    reference: Mapped[str] = mapped_column(String(120))
    # Per cent of VAT compensation that the external price includes.
    vat_compensation: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(12), default="definitive")
    index_name: Mapped[str] = mapped_column(String(60), default="")
    index_hundredths: Mapped[int | None]  # of a per cent
    proposed_from_id: Mapped[int | None] = mapped_column(ForeignKey("price_list.id"))
    # When a new price model was told to the providers, or why it holds all the same.
    announced_on: Mapped[date | None]
    announcement: Mapped[str] = mapped_column(String(200), default="")
    override_reason: Mapped[str] = mapped_column(String(400), default="")
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    cells: Mapped[list[PriceCell]] = relationship(
        back_populates="price_list", order_by="PriceCell.id"
    )


class PriceCell(Numbered, Base):
    """One price exactly as decided: whole öre a day, a month or an hour."""

    __tablename__ = "price_cell"
    __table_args__ = (
        UniqueConstraint("price_list_id", "level", "extent_class", "regi"),
        CheckConstraint("regi IN ('extern', 'intern', 'alla')", name="regi"),
        CheckConstraint("unit IN ('day', 'month', 'hour')", name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        {"info": guards.append_only()},
    )

    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id"))
    level: Mapped[str] = mapped_column(String(20))
    extent_class: Mapped[str] = mapped_column(String(40))
    regi: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)  # öre
    # What the index would have given, and why the decision is another.
    proposed: Mapped[int | None] = mapped_column(BigInteger)  # öre
    reason: Mapped[str] = mapped_column(String(300), default="")

    price_list: Mapped[PriceList] = relationship(back_populates="cells")
