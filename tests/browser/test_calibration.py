"""Blind scoring in a real browser: by keyboard only, saved meanwhile, then final."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.accounts.models import User
from lovdv.calibration.models import BlindAnswer, BlindScoring
from lovdv.extensions import db
from tests import make
from tests import make_calibration as made
from tests.browser.reader import Reader

Readers = Callable[[], Reader]


@pytest.fixture
def assessor(cloned_app: Flask) -> User:
    """One of two who are invited to score the same case."""
    with cloned_app.app_context():
        make.instrument()
        users = made.assessors("", "")
        made.round_of(users)
        db.session.commit()
        db.session.refresh(users[0])
        db.session.expunge(users[0])
    return users[0]


@pytest.fixture
def path(cloned_app: Flask, assessor: User) -> str:
    with cloned_app.app_context():
        own = BlindScoring.assessor_id == assessor.id
        found = db.session.scalars(select(BlindScoring).where(own)).one()
        return f"/mina-kalibreringar/{found.public_id}"


def stored(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.scalars(select(BlindAnswer)).all()
        return {row.question: row.answer for row in rows}


def test_a_case_is_scored_and_handed_in_by_keyboard_only(
    readers: Readers, cloned_app: Flask, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    page = reader.page
    assert reader.axe() == []
    page.locator("[data-question=mat] input").first.focus()
    for _ in ("mat", "resa", "oro", "ofta"):
        page.keyboard.press("1")
        page.locator("[data-told]", has_text="Allt är sparat.").wait_for()
        page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Tack. Bedömningen är inlämnad.").wait_for()
    assert stored(cloned_app) == dict.fromkeys(("mat", "resa", "oro", "ofta"), "1")
    assert "Nivå" not in page.locator("main").inner_text()


def test_what_is_answered_is_there_in_another_window_without_any_button(
    readers: Readers, cloned_app: Flask, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    page = reader.page
    page.locator("[data-question=mat]").get_by_label("Mycket stöd.").check()
    page.locator("[data-question=mat] textarea").fill("Äter inte själv.")
    page.locator("[data-told]", has_text="Allt är sparat.").wait_for()
    page.reload()
    kept = page.locator("[data-question=mat] textarea").input_value()
    assert kept == "Äter inte själv."
    assert stored(cloned_app)["mat"] == "2"
