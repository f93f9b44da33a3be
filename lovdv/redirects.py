"""Where a form may send its reader afterwards: addresses of our own only."""

from urllib.parse import urlsplit


def own_path(target: str | None, otherwise: str) -> str:
    """The target when it is a path of ours, else `otherwise`.

    Browsers and urlsplit drop control characters and read a backslash as a slash,
    so a target with any of them is not trusted.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    if any(c <= " " or c in "\\\x7f" for c in target):
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target
