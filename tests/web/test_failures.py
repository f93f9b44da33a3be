"""What cannot be kept is refused by the field; what fails tells nobody's name."""

import logging

import pytest
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lovdv.access import Role
from lovdv.accounts import operations
from lovdv.errors import Refused
from lovdv.extensions import db
from tests import make
from tests.kit_app import StrictClient

NAMED = "Astrid Lindgren 19071114-0000"


def test_a_text_longer_than_its_column_is_refused_by_its_field(app: Flask) -> None:
    with pytest.raises(Refused, match="Korta den till högst 120") as refused:
        operations.register(login="kim", name="K" * 121, password=None)
    assert refused.value.field == "name"


def test_a_null_character_is_a_bad_request(client: StrictClient) -> None:
    assert client.get("/verksamheter?q=a%00b").status_code == 400
    answer = client.post("/logga-in", data={"login": "a\0b", "password": "x"})
    assert answer.status_code == 400


def test_the_error_log_holds_no_word_of_what_failed(
    app: Flask, client: StrictClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client.login(make.user(Role.ADMIN))
    views = app.view_functions
    kept = views["accounts.users"]

    def failing() -> str:
        raise SQLAlchemyError(NAMED)

    failing.lovdv_access = kept.lovdv_access  # type: ignore[attr-defined]
    views["accounts.users"] = failing
    try:
        with caplog.at_level(logging.ERROR):
            assert client.get("/anvandare").status_code == 500
    finally:
        views["accounts.users"] = kept
        db.session.rollback()
    assert "SQLAlchemyError" in caplog.text
    assert "accounts.users" in caplog.text
    assert "Astrid" not in caplog.text


def test_the_database_tells_no_parameters(app: Flask) -> None:
    assert db.engine.hide_parameters
