"""The application as tests run it: settings, undone transactions, a strict client."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import Context
from functools import cached_property
from typing import Any

from flask import Flask, Response, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine
from werkzeug.test import TestResponse

from lovdv import create_app
from lovdv.accounts import operations
from lovdv.accounts.models import User
from lovdv.extensions import db
from tests.kit_page import Form, Page, check

DAY = "2026-03-16"
"""The day on which tests take place, a Monday, unless they say otherwise."""

KEY = "a" * 43 + "="
SETTINGS: dict[str, object] = {
    "TESTING": True,
    "SECRET_KEY": "only for tests",
    "KEYS": {"encryption": {"1": KEY}, "index": KEY, "audit": KEY},
    "TODAY": DAY,
    "KEEP_SITE": False,
    "ARGON2": {"time_cost": 1, "memory_cost": 8, "parallelism": 1},
}


class PageResponse(Response):
    """An answer whose page has been parsed, and found whole."""

    @cached_property
    def page(self) -> Page:
        return check(self.get_data(as_text=True))


TOKENS = re.compile(r'(name="csrf_token" value|data-token)="[^"]*"')
_whole: set[int] = set()


def require_whole(response: TestResponse) -> None:
    """Fail on a broken page; one that has been found whole is not parsed again."""
    seen = hash(TOKENS.sub("", response.get_data(as_text=True)))
    if seen not in _whole and response.get_data():
        assert response.page
        _whole.add(seen)


class StrictClient(FlaskClient):
    """Signs in without the form, sends the token, and refuses broken HTML.

    Each request runs in a context of its own, as on a server, although the test
    holds an application context; what the test's session held is read anew.
    """

    def __init__(self, application: Flask, *_: Any, **kwargs: Any) -> None:
        super().__init__(application, PageResponse, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            db.session.commit()
        response = Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.expire_all()
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            require_whole(response)
        return response

    def login(self, user: User) -> "StrictClient":
        """Open a session for the user; the form itself has its own tests."""
        token = operations.open_session(user=user)
        db.session.commit()
        with self.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return self

    def post(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Post with the token that the page would have held."""
        if "json" not in kwargs:
            data = dict(kwargs.get("data") or {})
            data.setdefault("csrf_token", self.token())
            kwargs["data"] = data
        return super().post(*args, **kwargs)

    def post_without_token(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().post(*args, **kwargs)

    def token(self) -> str:
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", "0" * 40)
        key = str(self.application.secret_key)
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))

    def page(self, path: str) -> Page:
        """The page at an address that answers 200."""
        response = self.get(path)
        assert response.status_code == 200, f"{path}: {response.status}"
        return response.page

    def form(self, path: str, containing: str | None = None) -> Form:
        return self.page(path).form(containing)

    def send(
        self, path: str, containing: str | None = None, **values: object
    ) -> TestResponse:
        """Open the page, fill in its form as a user would, and send it.

        What is not named keeps the value that the page gave it; None leaves a
        box unticked. `containing` picks the form that has that field.
        """
        form = self.form(path, containing)
        address = form.action or path
        if form.method == "get":
            return self.get(address, query_string=form.filled(values))
        return self.post(address, data=form.filled(values))


class Compiled(BytecodeCache):
    """The page templates, compiled once a process for all applications it makes."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def make_app(url: str, **settings: object) -> Flask:
    app = create_app({**SETTINGS, "DATABASE_URL": url, **settings})
    app.test_client_class = StrictClient
    app.jinja_env.bytecode_cache = COMPILED
    return app


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@contextmanager
def closing(app: Flask) -> Iterator[Flask]:
    try:
        yield app
    finally:
        engine_of(app).dispose()


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """All sessions of the app share one connection; whatever they commit is undone.

    A commit releases a savepoint, a rollback goes back to it.
    """
    with app.app_context():
        engine, sessions = db.engine, db.sessionmaker
    settings = dict(sessions.kw)
    with engine.connect() as connection:
        transaction = connection.begin()
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        engine.connect = lambda: nullcontext(connection)  # type: ignore[assignment,method-assign,return-value]
        engine.begin = lambda: _nested(connection)  # type: ignore[method-assign]
        try:
            yield
        finally:
            del engine.connect, engine.begin
            sessions.kw.clear()
            sessions.kw.update(settings)
            transaction.rollback()


@contextmanager
def _nested(connection: Connection) -> Iterator[Connection]:
    with connection.begin_nested():
        yield connection
