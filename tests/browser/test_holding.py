"""Forms whose text is held in the page until it can be sent."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.needs import statements
from tests import make
from tests.browser.reader import Reader
from tests.browser.test_scoring import another_tab, end_sessions

TEXT = "Kim dukar själv hos oss."


@pytest.fixture
def staff(cloned_app: Flask) -> User:
    """A unit that is asked for its statement."""
    with cloned_app.app_context():
        assessor = make.user(Role.ASSESSOR)
        person = make.person(caseworker=assessor)
        make.instrument()
        unit = make.unit()
        statements.ask(
            decision=make.decision_of(person),
            placement=make.placement(person, unit),
            due_on=date(2026, 3, 30),
            question="",
            by_id=assessor.id,
        )
        user = make.user(Role.PROVIDER, unit=unit)
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
        return user


def test_a_statement_survives_a_lost_connection_and_a_time_out(
    cloned_app: Flask, readers: Callable[[], Reader], staff: User
) -> None:
    reader = readers().sign_in(staff)
    reader.open("/yttranden")
    with reader.page.expect_navigation():
        reader.page.locator("main tbody a").click()
    held = reader.page.locator("[data-hold]")
    assert not held.is_visible()
    box = reader.main().get_by_label("Vad ni ser och gör").first
    box.fill(TEXT)
    reader.context.set_offline(True)
    reader.press("Spara utkast")
    held.get_by_text("Ingen kontakt med servern. Inget är skickat").wait_for()
    reader.context.set_offline(False)
    end_sessions(cloned_app)
    reader.press("Spara utkast")
    held.get_by_text("Du är utloggad. Inget är skickat").wait_for()
    assert box.input_value() == TEXT
    assert reader.axe() == []
    another_tab(reader).sign_in(staff)
    reader.page.bring_to_front()
    reader.press("Spara utkast")
    reader.sees("Utkastet är sparat.")
    assert box.input_value() == TEXT
