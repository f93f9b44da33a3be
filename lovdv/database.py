"""Base, constraint names, column types, how each database is opened."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    event,
    inspect,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from lovdv.errors import Refused

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; SQLite keeps it without zone and gets it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must carry its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value


class Kronor(TypeDecorator[Decimal]):
    """Kronor as Decimal in the code and whole ören in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"kronor are Decimal, not {type(value).__name__}")
        ore = value * 100
        if ore != ore.to_integral_value():
            raise ValueError(f"{value} kr is not a whole number of ören")
        return int(ore)

    def process_result_value(
        self, value: int | None, dialect: Dialect
    ) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


SwedishKey = String(200).with_variant(String(200, collation="C"), "postgresql")
"""A column that holds formats.swedish_key(), so that the database sorts å ä ö."""


def random_id() -> str:
    """The id that stands in addresses and logs; says nothing about the row."""
    return secrets.token_hex(10)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {
        datetime: Instant,
        Decimal: Kronor,
    }


class Numbered:
    """An inner key, never shown."""

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, sort_order=-10
    )


class Public(Numbered):
    """An inner key and a random id for addresses and logs."""

    public_id: Mapped[str] = mapped_column(
        String(20), default=random_id, unique=True, sort_order=-9
    )


_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once.

    A transaction that reads first and writes later can fail half-way when another
    writer came between; one that begins immediate waits its turn instead.
    """
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def begin_writing() -> None:
    """The same for the rest of this context (a request, a command)."""
    _writing.set(True)


def begin_reading() -> None:
    _writing.set(False)


def prepare(engine: Engine) -> Engine:
    """Open SQLite as a database that several processes write to."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    for setting in (
        "busy_timeout = 10000",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@event.listens_for(Session, "before_flush")
def _refuse_long_texts(session: Session, _context: object, _instances: object) -> None:
    """SQLite keeps any length and PostgreSQL stops; both refuse here, by the field."""
    for row in session.new | session.dirty:
        for name, longest in _text_lengths(type(row)):
            text = row.__dict__.get(name)
            if isinstance(text, str) and len(text) > longest:
                raise Refused(
                    f"Texten är för lång: {len(text)} tecken. "
                    f"Korta den till högst {longest}.",
                    name,
                )


@cache
def _text_lengths(model: type) -> tuple[tuple[str, int], ...]:
    columns = inspect(model).columns
    return tuple(
        (key, column.type.length)
        for key, column in columns.items()
        if isinstance(column.type, String) and column.type.length
    )


def in_period(day: date, first_day: Any, end_day: Any) -> Any:
    """SQL: the half-open period first_day..end_day (None: open) holds the day."""
    return (first_day <= day) & ((end_day.is_(None)) | (end_day > day))
