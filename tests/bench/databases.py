"""Databases for one measure, made for it and thrown away."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit_databases import create_database, drop_database, postgres_server

ROOT = Path(__file__).parents[2]


@contextmanager
def sqlite_databases() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lovdv-bench-") as folder:
        yield f"sqlite:///{folder}/bench.sqlite"


@contextmanager
def postgresql_databases() -> Iterator[str]:
    server = postgres_server()
    assert server is not None
    name = f"lovdv_bench_{secrets.token_hex(4)}"
    for each in (name, f"{name}_yardstick"):
        create_database(server, each)
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        for each in (name, f"{name}_yardstick"):
            drop_database(server, each)
