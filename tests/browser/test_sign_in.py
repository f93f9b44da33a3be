"""Signing in and out in a real browser."""

from collections.abc import Callable

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.extensions import db
from tests import make
from tests.browser.reader import Reader

STAFF = [role for role in Role if role not in {Role.CLIENT, Role.REPRESENTATIVE}]


@pytest.mark.parametrize("role", STAFF)
def test_a_role_signs_in_and_out(
    cloned_app: Flask, readers: Callable[[], Reader], role: Role
) -> None:
    with cloned_app.app_context():
        make.system()
        user = make.user(role)
        db.session.commit()
    reader = readers().sign_in(user)
    assert reader.heading
    reader.sign_out(user)
    reader.page.goto(f"{reader.address}/start")
    assert reader.page.url.startswith(f"{reader.address}/logga-in")
