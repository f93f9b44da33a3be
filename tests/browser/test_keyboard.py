"""What can be done without a mouse: the skip link, the menu, the month grid."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.placements.models import AttendanceMonth
from tests import make
from tests.browser.reader import Reader

MARCH = date(2026, 3, 1)


@pytest.fixture
def provider(cloned_app: Flask) -> User:
    """A unit with two people; on the first of April, March is to be confirmed."""
    cloned_app.config["TODAY"] = "2026-04-01"
    with cloned_app.app_context():
        unit = make.unit()
        for first, last in (("Abel", "Alm"), ("Berit", "Berg")):
            make.placement(make.person(first_name=first, last_name=last), unit)
        user = make.user(Role.PROVIDER, unit=unit)
        db.session.commit()
        return user


def focused(reader: Reader, what: str) -> str:
    """A property of what has the focus; nothing while the page itself has it."""
    nothing = "document.activeElement === document.body"
    value: str = reader.page.evaluate(
        f"({nothing} ? '' : document.activeElement.{what}) || ''"
    )
    return value


def tab_until(reader: Reader, what: str, wanted: str) -> None:
    """Press Tab until the focus stands on it, as somebody without a mouse would."""
    for _ in range(120):
        if wanted in focused(reader, what):
            return
        reader.page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached with Tab")


def codes(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(
            select(AttendanceMonth)
            .where(AttendanceMonth.month == MARCH)
            .order_by(AttendanceMonth.placement_id)
        )
        return [row.codes for row in rows]


def test_the_first_tab_leads_past_the_menu(
    provider: User, readers: Callable[[], Reader]
) -> None:
    reader = readers().sign_in(provider)
    reader.page.keyboard.press("Tab")
    assert focused(reader, "textContent") == "Hoppa till innehållet"
    reader.page.keyboard.press("Enter")
    assert focused(reader, "id") == "innehall"


def test_the_month_is_filled_and_confirmed_with_the_keyboard_only(
    cloned_app: Flask, provider: User, readers: Callable[[], Reader]
) -> None:
    reader = readers().sign_in(provider)
    reader.open("/narvaro?month=2026-03")
    keys = reader.page.keyboard
    tab_until(reader, "ariaLabel", "2 mars 2026")
    keys.type("a")
    keys.press("ArrowDown")
    keys.type("O")
    keys.press("ArrowRight")
    keys.type("A")
    keys.press("Home")
    keys.press("End")
    assert focused(reader, "name").endswith("-31")
    tab_until(reader, "textContent", "Spara och bekräfta alla")
    keys.press("Enter")
    reader.main().get_by_text("Bekräftad", exact=True).first.wait_for()
    abel, berit = codes(cloned_app)
    assert (abel[1], berit[1], berit[2]) == ("A", "O", "A")
    assert abel[2] == "N"


def test_a_menu_closes_on_escape_and_gives_the_focus_back(
    provider: User, readers: Callable[[], Reader]
) -> None:
    reader = readers().sign_in(provider)
    tab_until(reader, "textContent", provider.name)
    reader.page.keyboard.press("Enter")
    reader.page.get_by_role("button", name="Logga ut").wait_for()
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Escape")
    assert provider.name in focused(reader, "textContent")
