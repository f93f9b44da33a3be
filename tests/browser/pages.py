"""Which pages a visitor can reach: every link followed, one page for each endpoint."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.browser.demo import Visitor
from tests.kit_app import StrictClient

MOST = 2
"""Pages of the same endpoint that are opened in search of others; a file leads on to
none, and one is enough."""

STARTS = ("/", "/start")
NOT_PAGES = {
    *("static", "health.alive", "health.ready", "health.version"),
    *("eid.begin", "eid.answer"),  # on the way to another site, and back
}


@dataclass
class Found:
    """What a visitor reached: endpoint to its first address; and other files."""

    visitor: Visitor
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)

    @property
    def endpoints(self) -> set[str]:
        """All that answered, those included that only lead on to another page."""
        return {*self.pages, *self.files, *self.passed}


def endpoint_of(app: Flask, path: str) -> str | None:
    """The endpoint that answers a GET at the address, if any."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)


def reached(app: Flask, visitor: Visitor) -> Found:
    """Follow links from the start pages; pages that are not whole fail at once."""
    found = Found(visitor)
    follow(app, found, [path for path in STARTS if path == "/" or visitor.login])
    return found


def follow(app: Flask, found: Found, starts: Iterable[str]) -> None:
    """Add what can be reached from these addresses."""
    client, waiting = found.visitor.client(app), deque(starts)
    seen, opened = set(waiting), dict[str, int]()
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(app, path)
        if endpoint is None or endpoint in NOT_PAGES or endpoint in found.files:
            continue
        if opened.get(endpoint, 0) >= MOST:
            continue
        opened[endpoint] = opened.get(endpoint, 0) + 1
        for link in links(client, path, endpoint, found):
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def links(
    client: StrictClient, path: str, endpoint: str, found: Found
) -> Iterator[str]:
    """Open an address, note it, and tell where it leads."""
    response = client.get(path)
    if 300 <= response.status_code < 400:
        found.passed.add(endpoint)
        yield response.location
        return
    assert response.status_code == 200, (
        f"{found.visitor.role} {path}: {response.status}"
    )
    if response.mimetype != "text/html":
        found.files.setdefault(endpoint, path)
        return
    found.pages.setdefault(endpoint, path)
    for link in response.page.tree.iter("a"):
        yield (link.get("href") or "").split("#")[0]
