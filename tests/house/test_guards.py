"""What is decided stands: tried against the database itself, on both kinds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from lovdv import guards
from lovdv.extensions import db
from lovdv.models import metadata
from tests.kit_rows import A_ROW, Key, frozen_rows, made_up, some_row, with_rows

# What freezes a row that is not frozen from the start: its own values, or a
# parent's (then set after the child has been written).
FREEZING: dict[str, dict[str, object]] = {
    "allowance_run": {"status": "exported"},
    "assessment": {"signed_at": datetime(2026, 3, 16, tzinfo=UTC)},
    "attendance_month": {"status": "locked"},
    "blind_scoring": {"submitted_at": datetime(2026, 3, 16, tzinfo=UTC)},
    "calibration_round": {"closed_at": datetime(2026, 3, 16, tzinfo=UTC)},
    "choice_paper": {"choice_id": A_ROW},
    "guide_conflict": {"end_day": date(2026, 3, 16)},
    "guide_substitute": {"withdrawn_at": datetime(2026, 3, 16, tzinfo=UTC)},
    "instrument_version": {"status": "published", "first_day": date(2026, 1, 1)},
    "payment_run": {"status": "exported"},
    "photo": {"withdrawn_at": datetime(2026, 3, 16, tzinfo=UTC)},
    "place_offer": {"answer": "accepted"},
    "profile": {"status": "published"},
    "statement": {"given_at": datetime(2026, 3, 16, tzinfo=UTC)},
    "symbol_set": {"status": "ready"},
    "visit_day": {"annulled_at": datetime(2026, 3, 16, tzinfo=UTC)},
    "visit_request": {"status": "cancelled"},
}
TABLES = [table.name for table in guards.guarded(metadata)]


def row_of(connection: Connection, table: Table) -> Key:
    """A frozen row of the table."""
    guard = table.info["guard"]
    if guard.parent is None:
        return some_row(connection, table, **FREEZING.get(table.name, {}))
    parent = metadata.tables[guard.parent]
    parent_key = some_row(connection, parent)
    key = some_row(connection, table, **{guard.key: parent_key[0]})
    freeze = update(parent).where(parent.c.id == parent_key[0])
    frozen = with_rows(connection, parent, FREEZING[parent.name])
    connection.execute(freeze.values(**frozen))
    return key


def that_row(table: Table, key: Key) -> object:
    pairs = zip(table.primary_key, key, strict=True)
    return table.c[0].is_not(None) & _all(column == value for column, value in pairs)


def _all(conditions: Iterator[object]) -> object:
    joined = next(conditions)
    for condition in conditions:
        joined = joined & condition  # type: ignore[operator]
    return joined


@contextmanager
def refused(connection: Connection) -> Iterator[None]:
    """The database says no, by our guard, and nothing else has happened."""
    with pytest.raises(DBAPIError, match=guards.MESSAGE), connection.begin_nested():
        yield


def other_value(connection: Connection, column: Column[object]) -> object:
    """Another value that the column takes, so that only the guard can refuse."""
    for key in column.foreign_keys:
        return some_row(connection, key.column.table)[0]
    return made_up(column)


def replace(connection: Connection, table: Table, key: Key) -> None:
    """Push the row out by another with the same key."""
    row = connection.execute(select(table).where(that_row(table, key))).one()
    if connection.dialect.name == "sqlite":
        connection.execute(
            insert(table).prefix_with("OR REPLACE").values(**row._mapping)
        )
        return
    from_row = ", ".join(f'"{column.name}"' for column in table.columns)
    first = table.columns.values()[-1].name
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    connection.execute(
        text(
            f'INSERT INTO "{table.name}" ({from_row}) SELECT {from_row}'
            f' FROM "{table.name}" WHERE {_where(table)}'
            f' ON CONFLICT ({keys}) DO UPDATE SET "{first}" = EXCLUDED."{first}"'
        ),
        dict(zip((c.name for c in table.primary_key), key, strict=True)),
    )


def _where(table: Table) -> str:
    return " AND ".join(f'"{c.name}" = :{c.name}' for c in table.primary_key)


def rebuild(connection: Connection) -> None:
    """Do what a migration does: SQLite copies the table, PostgreSQL alters it."""
    copies = "always" if connection.dialect.name == "sqlite" else "never"
    operations = Operations(MigrationContext.configure(connection))
    guards.drop(connection, metadata)
    for name in TABLES:
        for change in ("add", "drop"):
            with operations.batch_alter_table(name, recreate=copies) as batch:
                if change == "add":
                    batch.add_column(Column("added", Integer(), nullable=True))
                else:
                    batch.drop_column("added")
    guards.create(connection, metadata)


@pytest.fixture
def connection(app: Flask) -> Connection:
    return db.session.connection()


@pytest.mark.parametrize("name", TABLES)
def test_a_decided_row_is_not_updated(connection: Connection, name: str) -> None:
    table = metadata.tables[name]
    key = row_of(connection, table)
    for column in table.columns:
        value = other_value(connection, column)
        with refused(connection):
            change = update(table).where(that_row(table, key))
            connection.execute(change.values({column.name: value}))


@pytest.mark.parametrize("name", TABLES)
def test_a_decided_row_is_not_deleted(connection: Connection, name: str) -> None:
    table = metadata.tables[name]
    key = row_of(connection, table)
    with refused(connection):
        connection.execute(delete(table).where(that_row(table, key)))
    with refused(connection):
        connection.execute(delete(table))


@pytest.mark.parametrize("name", TABLES)
def test_a_decided_row_is_not_replaced(connection: Connection, name: str) -> None:
    table = metadata.tables[name]
    key = row_of(connection, table)
    with refused(connection):
        replace(connection, table, key)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_decided_rows_is_not_emptied(
    connection: Connection, name: str
) -> None:
    row_of(connection, metadata.tables[name])
    command = "DELETE FROM" if connection.dialect.name == "sqlite" else "TRUNCATE"
    cascade = "" if connection.dialect.name == "sqlite" else " CASCADE"
    with refused(connection):
        connection.execute(text(f'{command} "{name}"{cascade}'))


@pytest.mark.slow
def test_rebuilt_tables_are_still_guarded(cloned_app: Flask) -> None:
    """On a database of its own: SQLite must look away from foreign keys meanwhile."""
    with cloned_app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
        keys = {table: row_of(connection, table) for table in guards.guarded(metadata)}
        before = frozen_rows(connection, metadata)
        rebuild(connection)
        assert frozen_rows(connection, metadata) == before
        for table, key in keys.items():
            with refused(connection):
                connection.execute(delete(table).where(that_row(table, key)))
        connection.rollback()


@pytest.mark.parametrize("name", TABLES)
def test_a_guarded_table_is_told_how_its_rows_freeze(name: str) -> None:
    guard = metadata.tables[name].info["guard"]
    decides = guard.parent or name
    assert (guard.condition is None) != (decides in FREEZING)


@pytest.mark.parametrize("name", sorted(FREEZING))
def test_a_row_that_is_not_yet_decided_may_change(
    connection: Connection, name: str
) -> None:
    table = metadata.tables[name]
    key = some_row(connection, table)
    frozen = with_rows(connection, table, FREEZING[name])
    changed = connection.execute(
        update(table).where(that_row(table, key)).values(**frozen)
    )
    assert changed.rowcount == 1


ATTACKS = st.lists(
    st.tuples(
        st.sampled_from(TABLES),
        st.sampled_from(["update", "delete", "replace", "empty", "insert"]),
        st.integers(0, 30),
    ),
    max_size=12,
)


def attack(connection: Connection, name: str, how: str, which: int) -> None:
    """One try to change what is decided; a refusal is as good as no effect."""
    table = metadata.tables[name]
    keys = [key[1:] for key in frozen_rows(connection, metadata) if key[0] == name]
    key = keys[which % len(keys)]
    column = table.columns.values()[which % len(table.columns)]
    try:
        with connection.begin_nested():
            if how == "update":
                value = other_value(connection, column)
                change = update(table).where(that_row(table, key))
                connection.execute(change.values({column.name: value}))
            elif how == "delete":
                connection.execute(delete(table).where(that_row(table, key)))
            elif how == "replace":
                replace(connection, table, key)
            elif how == "empty":
                connection.execute(delete(table))
            else:
                row_of(connection, table)
    except DBAPIError:
        return


@pytest.mark.slow
def test_promise_2_nothing_decided_changes_after_any_sequence(app: Flask) -> None:
    connection = db.session.connection()
    for name in TABLES:
        row_of(connection, metadata.tables[name])

    @given(ATTACKS)
    def holds(attacks: list[tuple[str, str, int]]) -> None:
        before = frozen_rows(connection, metadata)
        for name, how, which in attacks:
            attack(connection, name, how, which)
        after = frozen_rows(connection, metadata)
        assert before.items() <= after.items()

    holds()
