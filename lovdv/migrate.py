"""Bringing a database to the newest tables, and back; plain Alembic."""

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
    with writing(), engine.begin() as connection:
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    with writing(), engine.begin() as connection:
        command.downgrade(config(connection), revision)


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
