"""Databases for tests: one migrated template per kind, and clones of it."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

POSTGRES = "LOVDV_TEST_POSTGRES"
DEFAULT_ADDRESS = "127.0.0.1:5432"
KINDS = ("sqlite", "postgresql")


def kinds() -> list[object]:
    """Each kind of database, marked so that the missing can be left out."""
    return [
        pytest.param(kind, marks=[pytest.mark.postgresql] * (kind != "sqlite"))
        for kind in KINDS
    ]


class Template(Protocol):
    """A migrated, empty database that is cloned and never written to."""

    kind: str

    @property
    def url(self) -> str: ...

    def clone(self) -> str:
        """A fresh database of its own; the address to open it by."""

    def drop(self, url: str) -> None: ...


@dataclass(frozen=True)
class SqliteTemplate:
    folder: Path
    kind: str = "sqlite"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'template.sqlite'}"

    def clone(self) -> str:
        copy = self.folder / f"{secrets.token_hex(4)}.sqlite"
        shutil.copyfile(self.folder / "template.sqlite", copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        database = make_url(url).database
        for ending in ("", "-wal", "-shm"):
            Path(f"{database}{ending}").unlink(missing_ok=True)


@dataclass(frozen=True)
class PostgresTemplate:
    server: URL
    name: str
    kind: str = "postgresql"

    @property
    def url(self) -> str:
        return _text(self.server.set(database=self.name))

    def clone(self) -> str:
        copy = f"{self.name}_{secrets.token_hex(4)}"
        with _serving(self.server) as connection:
            connection.execute(text(f'CREATE DATABASE "{copy}" TEMPLATE "{self.name}"'))
        return _text(self.server.set(database=copy))

    def drop(self, url: str) -> None:
        drop_database(self.server, make_url(url).database or "")


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def _serving(server: URL) -> Iterator[Connection]:
    """A connection outside any transaction, as CREATE DATABASE wants it."""
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def create_database(server: URL, name: str) -> None:
    with _serving(server) as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))


def drop_database(server: URL, name: str) -> None:
    with _serving(server) as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _candidates() -> Iterator[URL]:
    """Where PostgreSQL may answer: an address, or a whole URL."""
    chosen = os.environ.get(POSTGRES) or DEFAULT_ADDRESS
    if "://" in chosen:
        yield make_url(chosen).set(drivername="postgresql+psycopg")
        return
    host, _, port = chosen.partition(":")
    for user in dict.fromkeys(("postgres", os.environ.get("USER") or "root")):
        yield URL.create(
            "postgresql+psycopg",
            username=user,
            host=host,
            port=int(port or 5432),
            database="postgres",
            query={"connect_timeout": "3"},
        )


@cache
def postgres_server() -> URL | None:
    """The server to make test databases on, or None when there is none."""
    for url in _candidates():
        try:
            with _serving(url) as connection:
                may_create = connection.scalar(
                    text(
                        "SELECT rolcreatedb OR rolsuper FROM pg_roles"
                        " WHERE rolname = current_user"
                    )
                )
        except OperationalError:
            continue
        if may_create:
            return url
    return None
