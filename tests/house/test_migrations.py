"""The database's history: up, down and up again, and equal to the models."""

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, inspect

from lovdv import guards, migrate
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.paths import migrations_folder

SCRIPTS = ScriptDirectory(str(migrations_folder()))
HISTORY = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


@pytest.fixture
def engine(cloned_app: Flask) -> Engine:
    with cloned_app.app_context():
        return db.engine


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def triggers(engine: Engine) -> set[str]:
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    chosen = sqlite if engine.dialect.name == "sqlite" else postgresql
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(chosen).scalars())


def current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_up_down_and_up_again_gives_the_same_database(engine: Engine) -> None:
    before = tables(engine), triggers(engine)
    migrate.downgrade(engine)
    assert (tables(engine), triggers(engine)) == (set(), set())
    migrate.upgrade(engine)
    assert (tables(engine), triggers(engine)) == before


@pytest.mark.slow
def test_each_step_goes_down_and_up(engine: Engine) -> None:
    for revision in reversed(HISTORY):
        migrate.downgrade(engine, "-1")
        assert current(engine) != revision
    for revision in HISTORY:
        migrate.upgrade(engine, revision)
        assert current(engine) == revision


@pytest.mark.slow
def test_after_each_step_every_guarded_table_has_its_guards(engine: Engine) -> None:
    migrate.downgrade(engine)
    for revision in HISTORY:
        migrate.upgrade(engine, revision)
        there = triggers(engine)
        for table in guards.guarded(metadata):
            if table.name in tables(engine):
                assert f"guard_{table.name}_update" in there, (revision, table.name)
                assert f"guard_{table.name}_delete" in there, (revision, table.name)


def test_the_migrations_say_what_the_models_say(engine: Engine) -> None:
    assert migrate.differences(engine) == []


def test_the_migrations_are_numbered_and_have_one_head() -> None:
    assert SCRIPTS.get_heads() == [HISTORY[-1]]
    assert [f"{number:04}" for number in range(1, len(HISTORY) + 1)] == HISTORY


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda t: str(t.name))
def test_every_constraint_has_a_name_that_a_message_can_be_tied_to(
    table: object,
) -> None:
    constraints = getattr(table, "constraints", set())
    assert [c for c in constraints if not c.name] == []
