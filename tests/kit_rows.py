"""Any row of any table, for tests about tables and not about what they mean."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    text,
)

from lovdv import guards
from lovdv.database import Instant, Kronor

Key = tuple[object, ...]
Values = dict[str, object]

A_ROW = object()
"""Stands for the key of some row in the table that the column points at."""

# What a table's own checks ask for beside a closed list of words (found in the
# table); everything else is made up from the type.
NEEDED: Mapping[str, Values] = {
    "capacity": {"weekday": 0},
    "choice": {"kind": "not_reached"},
    "choice_paper": {"reason": "Pappret är borta."},
    "claim_entry": {"kind": "payment"},
    "decision": {"law": "SoL"},
    "guide_conflict": {"provider_id": A_ROW},
    "guide_substitute": {"first_day": date(2026, 1, 1), "end_day": date(2026, 2, 1)},
    "read_back": {"row_count": 0, "matched": 0, "unmatched": 0},
    "unit": {"permit_maximum": 1},
}
_numbers = count(1)


def some_row(connection: Connection, table: Table, **values: object) -> Key:
    """Insert a row, and the rows it points at; returns its primary key."""
    told = with_rows(connection, table, {**NEEDED.get(table.name, {}), **values})
    for column in table.columns:
        if column.name not in told and _must_be_told(column):
            told[column.name] = _value(connection, column)
    result = connection.execute(insert(table).values(**told))
    return tuple(result.inserted_primary_key or ())


def with_rows(connection: Connection, table: Table, values: Values) -> Values:
    """The same values, with a real key wherever A_ROW stands."""
    return {
        name: _value(connection, table.c[name]) if value is A_ROW else value
        for name, value in values.items()
    }


def _must_be_told(column: Column[object]) -> bool:
    counted = column.primary_key and not column.foreign_keys and _alone(column)
    return (
        not column.nullable
        and column.default is None
        and column.server_default is None
        and not (counted and column.autoincrement)
    )


def _alone(column: Column[object]) -> bool:
    return len(column.table.primary_key) == 1


def _value(connection: Connection, column: Column[object]) -> object:
    for key in column.foreign_keys:
        return some_row(connection, key.column.table)[0]
    return _allowed(column) or made_up(column)


def _allowed(column: Column[object]) -> str | None:
    """The first word of the closed list that a check holds the column to."""
    for constraint in column.table.constraints:
        if isinstance(constraint, CheckConstraint):
            words = rf"^{column.name} IN \('([^']+)'"
            found = re.match(words, str(constraint.sqltext))
            if found:
                return found[1]
    return None


def made_up(column: Column[object]) -> object:
    """A value of the column's type, unlike the ones before."""
    number, kind = next(_numbers), column.type
    if isinstance(kind, Instant):
        return datetime(2026, 1, 1, tzinfo=UTC).replace(microsecond=number)
    if isinstance(kind, Kronor):
        return Decimal(number)
    if isinstance(kind, JSON):
        return {"number": number}
    if isinstance(kind, String):
        return f"{short(number)}{column.name}"[: kind.length or 80]
    if isinstance(kind, LargeBinary):
        return number.to_bytes(16, "big")
    plain = {Boolean: bool(number % 2), Date: date.fromordinal(730_000 + number)}
    for type_, value in plain.items():
        if isinstance(kind, type_):
            return value
    assert isinstance(kind, Integer), f"{column}: {kind}"
    return number


def short(number: int) -> str:
    """Four characters, so that even the shortest column tells rows apart."""
    digits = ""
    for _ in range(4):
        number, last = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[last] + digits
    return digits


def is_frozen(guard: guards.Guard, table: Table) -> str:
    """SQL: the guard holds for the row, told by the table's own name."""
    if guard.condition is None:
        return "1=1"
    if guard.parent is None:
        return guard.condition.replace("OLD.", f'"{table.name}".')
    return (
        f'EXISTS (SELECT 1 FROM "{guard.parent}" AS parent WHERE parent.id = '
        f'"{table.name}".{guard.key} AND ({guard.condition}))'
    )


def frozen_rows(connection: Connection, metadata: MetaData) -> dict[Key, str]:
    """Every row that may never change, by table and key, as a digest of the whole."""
    found: dict[Key, str] = {}
    present = set(inspect(connection).get_table_names())
    for table in guards.guarded(metadata):
        if table.name not in present:
            continue
        condition = text(is_frozen(table.info["guard"], table))
        for row in connection.execute(select(table).where(condition)).mappings():
            key = (table.name, *(row[column.name] for column in table.primary_key))
            found[key] = hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()
    return found
