"""A page as a tagged PDF (PDF/UA-1), made of our own files and nothing else."""

from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask.typing import ResponseReturnValue

from lovdv.downloads import attached
from lovdv.errors import Refused

BASE = "https://static.invalid/"
"""Stands for the static folder: what the page's addresses are relative to.

The name leads nowhere (RFC 2606), and nothing is ever asked for over the network.
"""

MIME = "application/pdf"
TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def sent(page: str, name: str) -> ResponseReturnValue:
    """The rendered page as a file to keep."""
    return attached(made(page), name, MIME)


class UnfetchedError(Exception):
    """The page asks for something that is not one of our own files."""


_presses = BoundedSemaphore(2)
"""A PDF takes a second of a processor: a few at a time, so that pages still come."""

SECONDS = 20


def made(page: str) -> bytes:
    """The PDF of a whole HTML page; language, title and headings are the page's own."""
    if not _presses.acquire(timeout=SECONDS):
        raise Refused(
            "Många gör papper just nu. Försök igen om en minut, eller skriv ut sidan "
            "från webbläsaren."
        )
    try:
        return _written(page)
    finally:
        _presses.release()


def _written(page: str) -> bytes:
    # Imported here since it takes a second that no other page or command should wait.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    document = HTML(string=page, base_url=BASE, url_fetcher=_fetcher())
    try:
        written: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise UnfetchedError(str(error)) from error
    return written


def _fetcher() -> Any:
    """Reads our own static files and data addresses, and refuses everything else."""
    from weasyprint.urls import (  # noqa: PLC0415  (see made)
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                content, kind = own_file(url)
            except (ValueError, OSError) as error:
                raise FatalURLFetchingError(f"not one of our own files: {url}") from (
                    error
                )
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OwnFiles(allowed_protocols=("data",))


def own_file(url: str) -> tuple[bytes, str]:
    """A file of the static folder and its type; never one outside it."""
    if not url.startswith(BASE):
        raise ValueError(url)
    folder = current_app.static_folder
    assert folder is not None
    root = Path(folder).resolve()
    file = (root / unquote(urlsplit(url).path).lstrip("/")).resolve()
    if not file.is_relative_to(root) or file.suffix not in TYPES:
        raise ValueError(url)
    return file.read_bytes(), TYPES[file.suffix]
