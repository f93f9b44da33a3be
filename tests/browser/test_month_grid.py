"""The month grid by keyboard alone: arrows move, letters set, only changes are sent."""

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.placements.months import latest_rows
from payments.month import Month
from tests import make
from tests.browser.reader import Reader

Readers = Callable[[], Reader]
FEBRUARY = Month(2026, 2)


@pytest.fixture
def people(cloned_app: Flask) -> tuple[User, list[tuple[int, str]]]:
    """Staff at a unit where two people have a place: ids and random ids, by name."""
    with cloned_app.app_context():
        unit = make.unit()
        placed = [
            make.placement(make.person(last_name=name), unit)
            for name in ("Ahl", "Berg")
        ]
        user = make.user(Role.PROVIDER, unit=unit)
        found = [(placement.id, placement.public_id) for placement in placed]
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
    return user, found


def test_a_month_is_filled_with_the_keyboard(
    cloned_app: Flask, readers: Readers, people: tuple[User, list[tuple[int, str]]]
) -> None:
    user, ((first, first_id), (second, second_id)) = people
    reader = readers().sign_in(user)
    reader.open("/narvaro?month=2026-02")
    keys = reader.page.keyboard
    reader.page.locator(f"[name=d-{first_id}-3]").focus()
    for key in ("a", "ArrowRight", "l", "ArrowDown", "s", "ArrowLeft", "o"):
        keys.press(key)
    keys.press("Backspace")
    with reader.page.expect_request("**/narvaro/2026-02") as sent:
        reader.press("Spara")
    reader.sees("Sparat.")
    fields = parse_qs(sent.value.post_data or "")
    days = {name: value for name, value in fields.items() if name.startswith("d-")}
    assert days == {
        f"d-{first_id}-3": ["A"],
        f"d-{first_id}-4": ["L"],
        f"d-{second_id}-4": ["S"],
    }
    with cloned_app.app_context():
        rows = latest_rows([first, second], FEBRUARY)
        assert rows[first].codes[2:4] == "AL"
        assert rows[second].codes[2:4] == ".S"
    assert reader.axe() == []
