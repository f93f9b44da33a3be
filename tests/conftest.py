"""Three kits: undone transactions, cloned databases, and nothing for the engines."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings

from lovdv import guards, migrate
from lovdv.extensions import db
from lovdv.models import metadata
from tests import kit_missing
from tests.kit_app import StrictClient, closing, engine_of, make_app, rolled_back
from tests.kit_databases import (
    PostgresTemplate,
    SqliteTemplate,
    Template,
    create_database,
    drop_database,
    kinds,
    postgres_server,
)

INSTANCE = tempfile.mkdtemp(prefix="lovdv-tests-")
os.environ["LOVDV_INSTANCE"] = INSTANCE

settings.register_profile("test", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("prove", deadline=None, max_examples=5000, print_blob=True)
settings.load_profile(os.environ.get("LOVDV_HYPOTHESIS", "test"))


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(INSTANCE, ignore_errors=True)
    if not hasattr(config, "workerinput"):
        kit_missing.tell(config)


LONGEST = "test_pages.py"
"""Begun first, so that nobody waits for it last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name != LONGEST)
    for part in kit_missing.parts():
        for item in items:
            if part.marker in item.keywords:
                item.add_marker(pytest.mark.skip(reason=part.reason))


@pytest.fixture(scope="session", params=kinds())
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database; every test that touches one runs once on each."""
    return str(request.param)


@pytest.fixture(scope="session")
def template(kind: str) -> Iterator[Template]:
    """A migrated, empty database of the kind."""
    maker = _sqlite_template if kind == "sqlite" else _postgres_template
    yield from maker()


def _migrated(url: str) -> None:
    """Made by the migrations, or by the models while a migration is being written."""
    with closing(make_app(url)) as app:
        engine = engine_of(app)
        if os.environ.get("LOVDV_TEST_SCHEMA") != "models":
            migrate.upgrade(engine)
            return
        with engine.begin() as connection:
            metadata.create_all(connection)
            guards.create(connection, metadata)


def _sqlite_template() -> Iterator[SqliteTemplate]:
    with tempfile.TemporaryDirectory(prefix="lovdv-tests-") as folder:
        made = SqliteTemplate(Path(folder))
        _migrated(made.url)
        yield made


def _postgres_template() -> Iterator[PostgresTemplate]:
    server = postgres_server()
    assert server is not None
    made = PostgresTemplate(server, f"lovdv_test_{secrets.token_hex(4)}")
    create_database(server, made.name)
    try:
        _migrated(made.url)
        yield made
    finally:
        drop_database(server, made.name)


@pytest.fixture(scope="session")
def _shared_app(template: Template) -> Iterator[Flask]:
    url = template.clone()
    with closing(make_app(url)) as app:
        yield app
    template.drop(url)


@pytest.fixture
def app(_shared_app: Flask) -> Iterator[Flask]:
    """The application in an application context; all it writes is undone."""
    before = dict(_shared_app.config)
    with rolled_back(_shared_app), _shared_app.app_context():
        yield _shared_app
        db.session.rollback()  # so that the log forgets what was never committed
        db.session.close()
    _shared_app.config.clear()
    _shared_app.config.update(before)


@pytest.fixture
def client(app: Flask) -> StrictClient:
    """A browser without a session; `client.login(user)` gives it one."""
    return StrictClient(app)


@pytest.fixture
def clients(app: Flask) -> Callable[[], StrictClient]:
    """As many browsers as a test needs."""
    return lambda: StrictClient(app)


@pytest.fixture
def cloned_app(template: Template) -> Iterator[Flask]:
    """An application on a database of its own, where commits are real."""
    url = template.clone()
    with closing(make_app(url)) as app:
        yield app
    template.drop(url)
