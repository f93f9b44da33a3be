"""The kits that the other tests stand on do what they say."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from lovdv.access import Role
from lovdv.accounts import operations
from lovdv.accounts.models import LoginSession, User
from lovdv.extensions import db
from tests import make
from tests.kit_app import StrictClient
from tests.kit_page import BrokenPage, check

FRAME = (
    '<!doctype html><html lang="sv"><head><title>Prov</title></head>'
    "<body><main><h1>Prov</h1>{}</main></body></html>"
)


def users() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_gone_in_the_next(app: Flask, turn: str) -> None:
    assert users() == 0
    operations.register(login="prov", name=turn, password=None)
    db.session.commit()
    assert users() == 1


def test_a_rollback_keeps_what_was_committed_before(app: Flask) -> None:
    operations.register(login="kvar", name="Kvar", password=None)
    db.session.commit()
    operations.register(login="bort", name="Bort", password=None)
    db.session.rollback()
    assert users() == 1


def test_what_a_request_commits_is_seen_by_the_test(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.ADMIN)
    client.login(user).post("/session/forlang")
    client.login(user).post("/logga-ut")
    ended = select(LoginSession.ended_at).order_by(LoginSession.id)
    assert [at is None for at in db.session.scalars(ended)] == [True, False]


def test_a_cloned_database_is_its_own(cloned_app: Flask, app: Flask) -> None:
    with cloned_app.app_context():
        operations.register(login="prov", name="Prov", password=None)
        db.session.commit()
    assert users() == 0


FAULTS: dict[str, tuple[str, str]] = {
    "unclosed": ("<p><em>hej</p>", "Unexpected end tag"),
    "same id twice": ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
    "inline style": ('<p style="color:red">hej</p>', "inline style"),
    "inline script": ("<script>alert(1)</script>", "inline script"),
    "event": ('<p onclick="x()">hej</p>', "inline script"),
    "no label": ('<input name="a">', "no label"),
    "label to nothing": ('<label for="b">B</label>', "points at nothing"),
    "skipped heading": ("<h3>Tredje</h3>", "follows level 1"),
    "no token": ('<form method="post"></form>', "no csrf_token"),
    "no alt": ('<img src="a.png">', "without alt"),
    "dead anchor": ('<a href="#x">Gå</a>', "which is nothing"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_page_is_refused(name: str) -> None:
    html, reason = FAULTS[name]
    with pytest.raises(BrokenPage) as refused:
        check(FRAME.format(html))
    assert reason in str(refused.value)


def test_a_whole_page_is_taken() -> None:
    page = check(FRAME.format('<label for="a">A</label><input id="a" name="a">'))
    assert (page.title, page.heading) == ("Prov", "Prov")


def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    page = check(
        FRAME.format(
            '<form><label>A <input name="a" value="1"></label>'
            '<label>B <input type="checkbox" name="b" checked></label>'
            '<label>C <input type="radio" name="c" value="x"></label>'
            '<label>D <select name="d"><option value="2">två</option>'
            '<option value="3" selected>tre</option></select></label>'
            '<label>E <textarea name="e">\ntext</textarea></label>'
            '<button name="f" value="g">Skicka</button></form>'
        )
    )
    form = page.form()
    assert form.fields == {"a": ["1"], "b": ["on"], "d": ["3"], "e": ["text"]}
    assert form.filled({"a": 2, "b": None, "f": "g"}) == {
        "a": 2,
        "d": ["3"],
        "e": ["text"],
        "f": "g",
    }


def test_a_page_without_a_session_sends_to_sign_in(
    clients: Callable[[], StrictClient],
) -> None:
    response = clients().get("/start")
    assert response.status_code == 302
    assert "/logga-in" in response.location


def test_every_builder_makes_a_row_that_the_database_takes(app: Flask) -> None:
    unit = make.unit()
    person = make.person(caseworker=make.user(Role.CASEWORKER))
    make.user(Role.PROVIDER, unit=unit)
    make.user(Role.CLIENT, client=person)
    make.mandate(person, make.user(Role.REPRESENTATIVE))
    make.assignment(person, make.team(make.user(Role.CASEWORKER)))
    make.supporter(person)
    make.capacity(unit, ceiling=10, weekday=0, half="am")
    make.profile(unit)
    make.order(person, unit)
    make.placement(person, unit)
    db.session.commit()
    assert users() == 5
