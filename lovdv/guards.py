"""What may never change, enforced by the database itself.

A table says in `info` that it is guarded; `create()` makes the triggers on either
database and is run after every migration, since a rebuilt table loses its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, inspect, text

MESSAGE = "lovdv: this row is decided and never changes"


@dataclass(frozen=True)
class Guard:
    """When a row is frozen, as SQL about OLD.

    `condition` None freezes every row from the start. `parent` is the table whose
    row decides for its children, found through `key`.
    """

    condition: str | None = None
    parent: str | None = None
    key: str | None = None


def append_only() -> dict[str, Guard]:
    """Rows are inserted and then stand as they are."""
    return {"guard": Guard()}


def frozen_when(condition: str) -> dict[str, Guard]:
    """Rows change until `condition` (about OLD) holds, never after."""
    return {"guard": Guard(condition=condition)}


def frozen_with(parent: str, key: str, condition: str) -> dict[str, Guard]:
    """Rows follow their parent: `condition` is about the parent's columns."""
    return {"guard": Guard(condition=condition, parent=parent, key=key)}


def guarded(metadata: MetaData) -> list[Table]:
    return [t for t in metadata.sorted_tables if "guard" in t.info]


def create(connection: Connection, metadata: MetaData) -> None:
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    present = set(inspect(connection).get_table_names())
    for table in guarded(metadata):
        if table.name not in present:
            continue
        for statement in statements(table, table.info["guard"]):
            connection.execute(text(statement))


def drop(connection: Connection, metadata: MetaData) -> None:
    """Take the guards away, for a migration that rebuilds guarded tables."""
    for table in guarded(metadata):
        for kind in ("update", "delete", "insert", "truncate"):
            name = f"guard_{table.name}_{kind}"
            if connection.dialect.name == "sqlite":
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            else:
                connection.execute(
                    text(f'DROP TRIGGER IF EXISTS {name} ON "{table.name}"')
                )


def _frozen(guard: Guard, row: str) -> str:
    if guard.condition is None:
        return "1=1"
    if guard.parent is None:
        return guard.condition.replace("OLD.", f"{row}.")
    return (
        f'EXISTS (SELECT 1 FROM "{guard.parent}" AS parent'
        f" WHERE parent.id = {row}.{guard.key} AND ({guard.condition}))"
    )


def _either(guard: Guard, kind: str) -> str:
    """A child may neither leave a frozen parent nor be moved to one."""
    if guard.parent is None or kind == "delete":
        return _frozen(guard, "OLD")
    return f"{_frozen(guard, 'OLD')} OR {_frozen(guard, 'NEW')}"


def _moved(guard: Guard) -> str:
    if guard.parent is None:
        return ""
    return f"IF {_frozen(guard, 'NEW')} THEN RAISE EXCEPTION '{MESSAGE}'; END IF;"


def _keys(table: Table) -> Iterator[tuple[list[str], str]]:
    """The columns of every key, and the rows of a partial one."""
    yield [column.name for column in table.primary_key], ""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns], ""
    for index in table.indexes:
        if index.unique:
            rows = index.dialect_options["sqlite"]["where"]
            told = "" if rows is None else str(rows)
            yield [column.name for column in index.columns], told


def _replaced(table: Table) -> str:
    """SQLite: an insert that would push out a row with the same key."""
    return " OR ".join(_same(key, rows) for key, rows in _keys(table))


def _same(key: list[str], rows: str) -> str:
    """`rows` needs no prefix: inside the trigger only `old` has plain columns."""
    equal = [f'old."{name}" = NEW."{name}"' for name in key]
    return "(" + " AND ".join([*equal, *([f"({rows})"] if rows else [])]) + ")"


def _sqlite(table: Table, guard: Guard) -> Iterator[str]:
    abort = f"SELECT RAISE(ABORT, '{MESSAGE}')"
    for kind in ("update", "delete"):
        name = f"guard_{table.name}_{kind}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f'CREATE TRIGGER {name} BEFORE {kind.upper()} ON "{table.name}"'
            f" WHEN {_either(guard, kind)} BEGIN {abort}; END"
        )
    name = f"guard_{table.name}_insert"
    yield f"DROP TRIGGER IF EXISTS {name}"
    frozen_now = (
        f"{_frozen(guard, 'NEW')}" if guard.parent else "0=1"
    )  # children of a frozen parent may not be added
    yield (
        f'CREATE TRIGGER {name} BEFORE INSERT ON "{table.name}"'
        f' WHEN {frozen_now} OR EXISTS (SELECT 1 FROM "{table.name}" AS old'
        f" WHERE ({_replaced(table)}) AND {_frozen(guard, 'old')})"
        f" BEGIN {abort}; END"
    )


def _postgresql(table: Table, guard: Guard) -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger AS $$"
        f" BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$ LANGUAGE plpgsql"
    )
    function = f"guard_{table.name}_row"
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger AS $$ BEGIN"
        f" IF {_frozen(guard, 'OLD')} THEN RAISE EXCEPTION '{MESSAGE}'; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;"
        f" {_moved(guard)} RETURN NEW; END $$"
        " LANGUAGE plpgsql"
    )
    for kind in ("update", "delete"):
        name = f"guard_{table.name}_{kind}"
        yield f'DROP TRIGGER IF EXISTS {name} ON "{table.name}"'
        yield (
            f'CREATE TRIGGER {name} BEFORE {kind.upper()} ON "{table.name}"'
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    if guard.parent:
        added = f"guard_{table.name}_added"
        yield (
            f"CREATE OR REPLACE FUNCTION {added}() RETURNS trigger AS $$ BEGIN"
            f" IF {_frozen(guard, 'NEW')} THEN RAISE EXCEPTION '{MESSAGE}'; END IF;"
            " RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        name = f"guard_{table.name}_insert"
        yield f'DROP TRIGGER IF EXISTS {name} ON "{table.name}"'
        yield (
            f'CREATE TRIGGER {name} BEFORE INSERT ON "{table.name}"'
            f" FOR EACH ROW EXECUTE FUNCTION {added}()"
        )
    name = f"guard_{table.name}_truncate"
    yield f'DROP TRIGGER IF EXISTS {name} ON "{table.name}"'
    yield (
        f'CREATE TRIGGER {name} BEFORE TRUNCATE ON "{table.name}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION guard_refuse()"
    )
