"""Statute references shown to users: dated texts, since laws are renumbered."""

import json
from datetime import date
from functools import cache

from flask import Flask

from lovdv.clock import today
from lovdv.paths import PACKAGE


@cache
def _texts() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(
        (PACKAGE / "statutes.json").read_text("utf-8")
    )
    return found


def statute(key: str, on: date | None = None) -> str:
    """The reference in force on a day, like 'LSS 9 § 10'. KeyError: no such key."""
    asked = (on or today()).isoformat()
    known = [t for t in _texts()[key] if t["first_day"] <= asked]
    return max(known, key=lambda t: t["first_day"])["text"]


def init_app(app: Flask) -> None:
    app.jinja_env.globals["statute"] = statute
