"""Picture sets that a municipality has read in, and the pictures in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lovdv import guards
from lovdv.database import Base, Public


class SymbolSet(Public, Base):
    """A municipality's own pictures: looked through, read in, and at most one in use.

    `faults` holds what the file's rows lacked, each a sentence, while it is a draft.
    """

    __tablename__ = "symbol_set"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'ready', 'used')", name="status"),
        Index(
            "uq_symbol_set_used",
            "municipality_id",
            unique=True,
            sqlite_where=text("status = 'used'"),
            postgresql_where=text("status = 'used'"),
        ),
    )

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    faults: Mapped[list[str]] = mapped_column(JSON, default=list)
    read_at: Mapped[datetime]
    read_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    symbols: Mapped[list[Symbol]] = relationship(
        back_populates="symbol_set", order_by="Symbol.key", cascade="all"
    )


class Symbol(Public, Base):
    """One picture: its word, the cleaned file, and who made it on what terms.

    It never changes once its set has been read in.
    """

    __tablename__ = "symbol"
    __table_args__ = (
        UniqueConstraint("symbol_set_id", "key"),
        CheckConstraint("kind IN ('image/svg+xml', 'image/png')", name="kind"),
        {
            "info": guards.frozen_with(
                "symbol_set", "symbol_set_id", "parent.status <> 'draft'"
            )
        },
    )

    symbol_set_id: Mapped[int] = mapped_column(ForeignKey("symbol_set.id"))
    key: Mapped[str] = mapped_column(String(40))
    word: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    licence: Mapped[str] = mapped_column(String(80))
    author: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(300))

    symbol_set: Mapped[SymbolSet] = relationship(back_populates="symbols")
