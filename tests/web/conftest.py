"""Fixtures that several files of web tests use."""

import pytest
from flask import Flask

from tests import make_payments


@pytest.fixture
def in_april(app: Flask) -> None:
    app.config["TODAY"] = "2026-04-07"


@pytest.fixture
def terms(app: Flask) -> None:
    make_payments.payment_rules()
    make_payments.prices()
