"""Every page and every role in Chromium: axe-core, narrow windows, dark and light."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from lovdv.access import Role
from lovdv.extensions import db
from tests.browser import states
from tests.browser.demo import NOBODY, Visitor, made, opened, user_named, visitors
from tests.browser.pages import NOT_PAGES, Found, follow, reached
from tests.browser.reader import Reader
from tests.browser.serving import serving

NEWCOMER = Visitor("newcomer", "utforare2")
"""Somebody at a unit who has not yet accepted the duty of secrecy."""

WHO = [NOBODY, *Role, NEWCOMER.role]
NARROW = 320
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
    ]
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}

# The same for everyone; looked at without sign-in and as client.
FOR_ALL = {
    *("choice.compare", "choice.how", "choice.print_all", "choice.unit"),
    *("accessibility.told", "accessibility.tell", "accessibility.thanks"),
    *("systems.attribution", "systems.privacy"),
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo on SQLite; what the pages look like is the same on PostgreSQL."""
    base = tmp_path_factory.getbasetemp()
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    with opened(made(base if alone else base.parent)) as app:
        yield app


@pytest.fixture(scope="module")
def found(demo_app: Flask) -> dict[str, Found]:
    """All that each role reaches by links, and in states that need some doing."""
    found = {who.role: reached(demo_app, who) for who in visitors(demo_app)}
    for role, paths in states.addresses(states.Stage(demo_app, found)).items():
        follow(demo_app, found[role], paths)
    with demo_app.app_context():
        user_named(str(NEWCOMER.login)).secrecy_accepted_at = None
        db.session.commit()
    found[NEWCOMER.role] = reached(demo_app, NEWCOMER)
    return found


@pytest.fixture(scope="module")
def served(demo_app: Flask, found: dict[str, Found]) -> Iterator[str]:
    assert found
    with serving(demo_app) as address:
        yield address


def signed_in(browser: Browser, address: str, app: Flask, who: Visitor) -> Reader:
    """A browser that holds the visitor's session cookie."""
    context = browser.new_context(base_url=address, locale="sv-SE")
    context.add_cookies(who.cookies(app, address))
    return Reader(context, address)


def own_pages(found: Found) -> list[str]:
    everything = found.visitor.role in {NOBODY, Role.CLIENT}
    return [
        path
        for endpoint, path in found.pages.items()
        if everything or endpoint not in FOR_ALL
    ]


def faults(reader: Reader, path: str) -> Iterator[str]:
    """Everything that is wrong with the page that is open."""
    yield from (f"{path} light: {fault}" for fault in reader.axe(**RULES))
    reader.page.emulate_media(color_scheme="dark")
    yield from (f"{path} dark: {fault}" for fault in reader.axe(**COLOURS))
    reader.page.emulate_media(color_scheme="light")
    if reader.overflow(NARROW) > 0:
        yield f"{path}: {reader.overflow(NARROW)} px wider than {NARROW} px"
    reader.page.set_viewport_size({"width": 1280, "height": 900})


def with_method(app: Flask, method: str) -> set[str]:
    """The endpoints that take the method."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
    }


def test_the_demo_has_somebody_for_each_role(found: dict[str, Found]) -> None:
    assert set(found) == set(WHO)


def test_every_page_is_reached_by_somebody(
    demo_app: Flask, found: dict[str, Found]
) -> None:
    reached = set().union(*(each.endpoints for each in found.values()))
    assert with_method(demo_app, "GET") - reached - NOT_PAGES == set()


@pytest.mark.parametrize("who", WHO)
def test_no_page_has_a_fault(
    who: str, browser: Browser, served: str, demo_app: Flask, found: dict[str, Found]
) -> None:
    reader = signed_in(browser, served, demo_app, found[who].visitor)
    wrong = []
    for path in own_pages(found[who]):
        reader.open(path)
        wrong += faults(reader, path)
    reader.context.close()
    assert (wrong, reader.faults) == ([], [])


@pytest.mark.parametrize("path", ["/finns-inte", "/anvandare", "/narvaro/2026-10"])
def test_no_error_page_has_a_fault(
    path: str, browser: Browser, served: str, demo_app: Flask, found: dict[str, Found]
) -> None:
    reader = signed_in(browser, served, demo_app, found[Role.CASEWORKER].visitor)
    reader.page.goto(served + path)
    wrong = list(faults(reader, path))
    reader.context.close()
    assert wrong == []


def test_no_form_that_is_refused_has_a_fault(
    browser: Browser, served: str, demo_app: Flask, found: dict[str, Found]
) -> None:
    """Each form is sent with its boxes emptied; the answer is looked at."""
    sent: dict[str, str] = {}
    wrong = []
    posted = with_method(demo_app, "POST")
    for each in found.values():
        reader = signed_in(browser, served, demo_app, each.visitor)
        for endpoint, path in each.pages.items():
            if endpoint not in posted or endpoint in sent:
                continue
            if not reader.send_emptied(path):
                continue
            sent[endpoint] = path
            wrong += faults(reader, f"{path}, refused")
        reader.context.close()
    assert wrong == []
    assert len(sent) >= 25


def test_everybody_in_the_demo_signs_in_and_out(
    browser: Browser, served: str, demo_app: Flask
) -> None:
    headings = {}
    for row in demo_app.config["DEMO_LOGINS"]:
        reader = Reader(browser.new_context(locale="sv-SE"), served)
        with demo_app.app_context():
            user = user_named(row["login"])
        reader.sign_in(user, row["password"])
        headings[row["login"]] = reader.heading
        reader.sign_out(user)
        reader.page.goto(f"{served}/start")
        assert reader.page.url.startswith(f"{served}/logga-in")
        reader.context.close()
    assert len(headings) == len(demo_app.config["DEMO_LOGINS"])
    assert all(headings.values()), headings
