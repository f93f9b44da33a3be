"""Bringing a database to the newest tables, and back; plain Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from lovdv.database import writing
from lovdv.models import metadata
from lovdv.paths import migrations_folder


def config(connection: Connection) -> Config:
    made = Config(str(migrations_folder() / "alembic.ini"))
    made.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    with _altering(engine) as connection:
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    with _altering(engine) as connection:
        command.downgrade(config(connection), revision)


@contextmanager
def _altering(engine: Engine) -> Iterator[Connection]:
    """A transaction in which SQLite may rebuild a table that rows refer to.

    The check of references is off meanwhile, and is made before the commit.
    """
    with writing(), engine.connect() as connection:
        _check_references(connection, on=False)
        try:
            with connection.begin():
                yield connection
                _require_references(connection)
        finally:
            _check_references(connection, on=True)


def _check_references(connection: Connection, *, on: bool) -> None:
    """Outside a transaction, since SQLite does not hear it within one."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
        cursor.close()


def _require_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"A row of {broken[0]} refers to one that is gone.")


def newest() -> str | None:
    return ScriptDirectory(str(migrations_folder())).get_current_head()


def is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current is not None and current == newest()


def differences(engine: Engine) -> list[object]:
    """What the models say that the migrations do not; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": metadata}
        )
        return list(compare_metadata(context, metadata))
