"""Chromium, once a session; a server and a person per test."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.browser.reader import Reader
from tests.browser.serving import serving
from tests.kit_missing import chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    """What a page's own scripts do is the same on both; the chain is run on each."""
    return str(request.param)


@pytest.fixture(scope="session")
def launched() -> Iterator[Callable[..., Browser]]:
    """Chromium, begun with what its owner has set."""
    with sync_playwright() as playwright:
        made: list[Browser] = []

        def launch(*arguments: str) -> Browser:
            made.append(
                playwright.chromium.launch(
                    executable_path=chromium(), args=list(arguments)
                )
            )
            return made[-1]

        yield launch
        for each in made:
            each.close()


@pytest.fixture(scope="session")
def browser(launched: Callable[..., Browser]) -> Browser:
    return launched()


@pytest.fixture
def address(cloned_app: Flask) -> Iterator[str]:
    """Where the application answers, on a database of its own."""
    with serving(cloned_app) as found:
        yield found


@pytest.fixture
def readers(browser: Browser, address: str) -> Iterator[Callable[..., Reader]]:
    """As many people at browsers of their own as the test needs, set up as told."""
    made: list[Reader] = []

    def another(
        kind: type[Reader] = Reader, at: Browser = browser, **options: Any
    ) -> Reader:
        context = at.new_context(base_url=address, locale="sv-SE", **options)
        context.set_default_timeout(20_000)
        made.append(kind(context, address))
        return made[-1]

    yield another
    for reader in made:
        sys.stdout.write(reader.told())
        reader.context.close()
    assert [fault for reader in made for fault in reader.faults] == []
