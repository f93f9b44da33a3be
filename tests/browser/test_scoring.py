"""Scoring in a real browser: saved while typing, two tabs, a lost connection."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.needs.models import Answer, Assessment
from tests import make
from tests.browser.reader import Reader

Readers = Callable[[], Reader]
MEAL = "Lite stöd. Måltid – behöver påminnelse."
MUCH = "Mycket stöd. Måltid – behöver någon bredvid."


@pytest.fixture
def assessor(cloned_app: Flask) -> User:
    """An assessor with a draft for one person."""
    with cloned_app.app_context():
        user = make.user(Role.ASSESSOR)
        make.draft(make.person(caseworker=user), user)
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
    return user


@pytest.fixture
def path(cloned_app: Flask, assessor: User) -> str:
    with cloned_app.app_context():
        draft = db.session.scalars(select(Assessment)).one()
        return f"/bedomningar/{draft.public_id}/omrade/vardag"


def stored(app: Flask) -> dict[str, tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Answer)).all()
        return {row.question: (row.answer, row.reason) for row in rows}


def meal(reader: Reader) -> object:
    return reader.page.locator("[data-question=mat]")


def test_answer_and_reason_are_saved_while_typing(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    reader.tick(MEAL)
    meal(reader).get_by_label("Motivering").fill("Dukar själv.")
    meal(reader).get_by_text("Sparat.", exact=True).wait_for()
    assert stored(cloned_app) == {"mat": ("1", "Dukar själv.")}


def test_what_a_lost_connection_stopped_is_sent_again(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    reader.context.set_offline(True)
    reader.tick(MEAL)
    meal(reader).get_by_text("Inte sparat ännu").wait_for()
    assert stored(cloned_app) == {}
    reader.context.set_offline(False)
    meal(reader).get_by_text("Sparat.", exact=True).wait_for()
    assert stored(cloned_app) == {"mat": ("1", "")}


def test_a_session_that_has_ended_loses_nothing(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    cookies = reader.context.cookies()
    reader.context.clear_cookies()
    reader.tick(MEAL)
    meal(reader).get_by_text("du är utloggad").wait_for()
    reader.context.add_cookies(cookies)
    meal(reader).get_by_text("Sparat.", exact=True).wait_for()
    assert stored(cloned_app) == {"mat": ("1", "")}


def test_two_tabs_do_not_overwrite_each_other(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    one, other = readers().sign_in(assessor), readers().sign_in(assessor)
    for reader in (one, other):
        reader.open(path)
    one.tick(MEAL)
    meal(one).get_by_text("Sparat.", exact=True).wait_for()
    other.tick(MUCH)
    meal(other).get_by_text("annat fönster").wait_for()
    assert stored(cloned_app) == {"mat": ("1", "")}
    meal(other).get_by_label("Motivering").fill("Jag var med i dag.")
    meal(other).get_by_text("Sparat.", exact=True).wait_for()
    assert stored(cloned_app) == {"mat": ("2", "Jag var med i dag.")}


def test_a_domain_is_scored_with_the_keyboard_only(
    readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    keys = reader.page.keyboard
    reader.page.locator("#answer-mat-0").focus()
    keys.press("Space")
    keys.press("ArrowDown")
    for _ in range(2):
        keys.press("Tab")
    keys.press("Space")
    reader.page.locator("[name=step][value=done]").focus()
    keys.press("Enter")
    reader.sees("Området är klart: 1 av 4 poäng")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_scoring_page_is_accessible_and_fits(
    readers: Readers, assessor: User, path: str, width: int
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    assert reader.overflow(width) <= 0
    assert reader.axe() == []
