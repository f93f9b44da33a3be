"""Many rows at once, past the ORM."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert

from lovdv.database import Base
from lovdv.extensions import db

AT_A_TIME = 2000
Rows = Sequence[Mapping[str, Any]]


def add(kind: type[Base], rows: Rows) -> None:
    """Insert rows; columns with defaults may be left out."""
    for chunk in _chunks(rows):
        db.session.execute(insert(_table(kind)), chunk)


def add_numbered(kind: type[Base], rows: Rows) -> list[int]:
    """Insert rows and give their ids, in the rows' order."""
    table = _table(kind)
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [
        number for chunk in _chunks(rows) for number in db.session.scalars(query, chunk)
    ]


def _chunks(rows: Rows) -> list[Rows]:
    return [rows[at : at + AT_A_TIME] for at in range(0, len(rows), AT_A_TIME)]


def _table(kind: type[Base]) -> Table:
    table = kind.__table__
    assert isinstance(table, Table)
    return table
