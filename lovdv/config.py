"""Configuration: defaults, then instance/config.py, then LOVDV_* variables."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

MEGABYTE = 1024 * 1024

DEFAULTS: dict[str, Any] = {
    "DATABASE_URL": "sqlite:///lovdv.sqlite3",
    # ways to identify: see lovdv.eid.providers.Provider
    "EID": [],
    "DEMO": False,
    "DEMO_LOGINS": [],
    "TODAY": None,
    "HTTPS": True,
    "PROXIES": 0,
    "MUNICIPALITY": "",
    "MAX_CONTENT_LENGTH": 10 * MEGABYTE,
    "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
    "ARGON2": {},
    # what the public site shows is kept in memory until the log says of a change
    "KEEP_SITE": True,
    # days to answer somebody who tells of a hindrance
    "ACCESSIBILITY_ANSWER_DAYS": 7,
    # rows of a file that a page reads in at once; SQLite lets nobody else write then
    "IMPORT_ROWS": 1000,
    # minutes: without a click, and in all; by role, the strictest of those held
    "SESSION_LIMITS": {
        "default": (30, 600),
        "admin": (15, 480),
        "client": (1200, 1440),
        "representative": (60, 1440),
    },
    # wrong passwords within so many minutes, before the next try is refused; many
    # share an address when a town hall is behind one
    "SIGN_IN_MINUTES": 15,
    "SIGN_IN_TRIES": 5,
    "SIGN_IN_TRIES_PER_ADDRESS": 200,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_SSL_STRICT": True,
    "SEND_FILE_MAX_AGE_DEFAULT": 3600,
}


class NotConfigured(SystemExit):
    """Says which setting is missing; the process ends with code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(2)
        self.message = message

    def __str__(self) -> str:
        return self.message


def load(app: Flask, chosen: Mapping[str, Any] | None) -> None:
    app.config.from_mapping(DEFAULTS)
    if chosen is None:
        app.config.from_pyfile("config.py", silent=True)
        app.config.from_prefixed_env("LOVDV")
    else:
        app.config.from_mapping(chosen)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    _require_secret(app)
    _engines(app)
    _cookies(app)
    if app.config["PROXIES"]:
        hops = int(app.config["PROXIES"])
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _require_secret(app: Flask) -> None:
    if app.config.get("SECRET_KEY"):
        app.config["SECRET_KEY"] = str(app.config["SECRET_KEY"])
        return
    if app.debug or app.testing:
        app.config["SECRET_KEY"] = "only for debug and tests"
        return
    message = (
        "LOVDV_SECRET_KEY saknas. Sätt variabeln till en lång slumpad text, "
        "eller skriv SECRET_KEY i instance/config.py."
    )
    sys.stderr.write(f"{message}\n")
    raise NotConfigured(message)


def _engines(app: Flask) -> None:
    if "SQLALCHEMY_ENGINES" not in app.config:
        url = engine_url(str(app.config["DATABASE_URL"]))
        # Parameters are people's names and numbers; they never reach a log.
        app.config["SQLALCHEMY_ENGINES"] = {
            "default": {"url": url, "hide_parameters": True}
        }


def engine_url(text: str) -> str:
    """An address as people write it, with the driver that we use."""
    if text.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + text.split("://", 1)[1]
    return text


def _cookies(app: Flask) -> None:
    secure = bool(app.config["HTTPS"]) and not (
        app.debug or app.testing or app.config["DEMO"]
    )
    app.config["SESSION_COOKIE_SECURE"] = secure
    app.config["SESSION_COOKIE_NAME"] = "__Host-lovdv" if secure else "lovdv"
