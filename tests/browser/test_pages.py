"""Every page and every role in Chromium: axe-core, narrow windows, dark and light."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from lovdv.access import Role
from tests.browser.demo import NOBODY, Visitor, made, opened, visitors
from tests.browser.pages import NOT_PAGES, Found, reached
from tests.browser.reader import Reader
from tests.browser.serving import serving

WHO = [NOBODY, *Role]
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
    ]
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo on SQLite; what the pages look like is the same on PostgreSQL."""
    shared = Path(tmp_path_factory.getbasetemp())
    with opened(made(shared.parent if "popen" in shared.name else shared)) as app:
        yield app


@pytest.fixture(scope="module")
def found(demo_app: Flask) -> dict[str, Found]:
    return {who.role: reached(demo_app, who) for who in visitors(demo_app)}


@pytest.fixture(scope="module")
def served(demo_app: Flask) -> Iterator[str]:
    with serving(demo_app) as address:
        yield address


def signed_in(browser: Browser, address: str, app: Flask, who: Visitor) -> Reader:
    """A browser that holds the visitor's session cookie."""
    context = browser.new_context(base_url=address, locale="sv-SE")
    cookie = who.client(app).get_cookie(app.config["SESSION_COOKIE_NAME"])
    if cookie is not None:
        context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": address}]
        )
    return Reader(context, address)


def test_the_demo_has_somebody_for_each_role(found: dict[str, Found]) -> None:
    assert set(found) == set(WHO)


def test_every_page_is_reached_by_somebody(
    demo_app: Flask, found: dict[str, Found]
) -> None:
    there = {
        rule.endpoint
        for rule in demo_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    linked = set().union(*(each.endpoints for each in found.values()))
    assert there - linked - NOT_PAGES - ONLY_WHEN_NEEDED == set()


# Reached by being sent there, not by a link.
ONLY_WHEN_NEEDED = {"accounts.secrecy"}


@pytest.mark.parametrize("who", WHO)
def test_axe_finds_nothing_on_any_page(
    who: str, browser: Browser, served: str, demo_app: Flask, found: dict[str, Found]
) -> None:
    reader = signed_in(browser, served, demo_app, found[who].visitor)
    violations = []
    for path in found[who].pages.values():
        reader.open(path)
        violations += [f"{path} light: {fault}" for fault in reader.axe(**RULES)]
        reader.page.emulate_media(color_scheme="dark")
        violations += [f"{path} dark: {fault}" for fault in reader.axe(**COLOURS)]
        reader.page.emulate_media(color_scheme="light")
    reader.context.close()
    assert (violations, reader.faults) == ([], [])


@pytest.mark.parametrize("who", WHO)
def test_no_page_is_wider_than_a_small_telephone(
    who: str, browser: Browser, served: str, demo_app: Flask, found: dict[str, Found]
) -> None:
    reader = signed_in(browser, served, demo_app, found[who].visitor)
    wide = []
    for path in found[who].pages.values():
        reader.open(path)
        if reader.overflow(320) > 0:
            wide.append(f"{path}: {reader.overflow(320)} px")
    reader.context.close()
    assert wide == []
