"""Lines that are booked already come through the migration that shares their terms."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from lovdv import migrate
from lovdv.extensions import db

OWN = {
    "run_id": 1,
    "placement_id": 1,
    "decisions": "1",
    "levels": "1 2",
    "payee_id": 1,
}
SHARED = {
    "kind": "place",
    "month": "2026-02-01",
    "first_day": "2026-02-01",
    "end_day": "2026-03-01",
    "level": "2",
    "extent_class": "heltid",
    "regi": "extern",
    "cells": "3",
    "unit": "day",
    "price": 62600,
    "hundredths": 2000,
    "of": 1,
    "share": 100,
    "rounding": 1,
    "amount": 1252000,
    "days": 20,
    "counted": "N:20",
    "rules": "planerade dagar minus obetald frånvaro",
}
LINES = (
    {**OWN, **SHARED, "corrects_id": None},
    {**OWN, **SHARED, "placement_id": 2, "corrects_id": None},
    {**OWN, **SHARED, "run_id": 2, "amount": -1252000, "corrects_id": 1},
    {**OWN, **SHARED, "run_id": 2, "level": "3", "price": 77900, "corrects_id": None},
)
COLUMNS = ", ".join(f'"{name}"' for name in LINES[0])


@pytest.fixture
def engine(cloned_app: Flask) -> Engine:
    with cloned_app.app_context():
        return db.engine


def fill(connection: Connection) -> None:
    marks = ", ".join(f":{name}" for name in LINES[0])
    connection.execute(
        text(f"INSERT INTO payment_line ({COLUMNS}) VALUES ({marks})"), list(LINES)
    )


def read(connection: Connection, source: str) -> Sequence[Any]:
    names = ", ".join(
        f'payment_line."{name}"' if name in {*OWN, "corrects_id"} else f'"{name}"'
        for name in LINES[0]
    )
    rows = connection.execute(
        text(f"SELECT {names} FROM {source} ORDER BY payment_line.id")
    )
    return [tuple(str(value) for value in row) for row in rows]


JOINED = (
    "payment_line JOIN line_terms ON line_terms.run_id = payment_line.run_id"
    " AND line_terms.number = payment_line.terms"
)


def test_booked_lines_are_the_same_before_and_after_and_back(engine: Engine) -> None:
    migrate.downgrade(engine, "0003")
    with engine.begin() as connection:
        fill(connection)
        before = read(connection, "payment_line")
    migrate.upgrade(engine, "0004")
    with engine.connect() as connection:
        assert read(connection, JOINED) == before
        shared = connection.scalar(text("SELECT count(*) FROM line_terms"))
    assert shared == 3
    migrate.downgrade(engine, "0003")
    with engine.connect() as connection:
        assert read(connection, "payment_line") == before
