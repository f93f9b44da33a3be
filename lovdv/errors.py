"""Error pages, and which exception shows which."""

import logging
import traceback
from types import TracebackType

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

PAGES = {400, 403, 404, 405, 413, 429, 500}

log = logging.getLogger(__name__)


class Refused(Exception):
    """An operation says no; the text tells the user what happened and what to do.

    `field` names the form field the refusal belongs to, when there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(NoResultFound, show_missing)
    app.register_error_handler(Refused, show_refusal)
    app.before_request(refuse_null_characters)
    app.log_exception = log_failure  # type: ignore[method-assign]


def log_failure(
    found: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
) -> None:
    """What failed and where, never an exception's words: they may hold a person."""
    kind, error, trace = found
    names = [] if kind is None else [f"{kind.__module__}.{kind.__qualname__}"]
    cause = error.__cause__ if error else None
    while cause is not None:
        names.append(type(cause).__qualname__)
        cause = cause.__cause__
    log.error(
        "failed: %s %s: %s\n%s",
        request.method,
        request.endpoint,
        " from ".join(names),
        "".join(traceback.format_tb(trace)),
    )


def refuse_null_characters() -> None:
    """No reader types one, and PostgreSQL keeps none."""
    told = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in told):
        raise BadRequest


def show(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    code = error.code or 500
    name = code if code in PAGES else (404 if code < 500 else 500)
    return render_template(f"errors/{name}.html", code=code), code


def show_expired_form(error: CSRFError) -> ResponseReturnValue:
    return render_template("errors/csrf.html", code=400), 400


def show_missing(error: NoResultFound) -> ResponseReturnValue:
    return show(NotFound())


def show_refusal(error: Refused) -> ResponseReturnValue:
    return render_template("errors/refused.html", message=error.message), 409
