"""How a signed-in session meets each request."""

from datetime import timedelta

from flask import Flask, Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from lovdv.access import Actor, Anonymous, Role
from lovdv.accounts import operations, queries
from lovdv.clock import now
from lovdv.database import begin_reading, writing
from lovdv.extensions import db, login_manager

TOUCH = timedelta(seconds=60)
OPEN_BEFORE_SECRECY = {"accounts.secrecy", "accounts.sign_out", "preferences.save"}


def init_app(app: Flask) -> None:
    login_manager.session_protection = None  # sessions are rows of ours
    login_manager.anonymous_user = Anonymous
    login_manager.init_app(app)
    app.before_request(ask_for_secrecy)
    app.after_request(stay_alive)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> Actor | None:
    return queries.actor_of(token)


def enter(token: str) -> None:
    """From now on the browser has this session, and nothing from before it."""
    session.clear()
    login_user(queries.actor_of(token))


def ask_for_secrecy() -> ResponseReturnValue | None:
    """Providers' staff accept the duty of secrecy before they see anybody."""
    if request.endpoint in OPEN_BEFORE_SECRECY or request.endpoint == "static":
        return None
    if not current_user.is_authenticated or Role.PROVIDER not in current_user.roles:
        return None
    if current_user.secrecy_accepted:
        return None
    return redirect(url_for("accounts.secrecy"))


def stay_alive(response: Response) -> Response:
    """Note that the session was used, at most once a minute."""
    if request.endpoint == "static" or not current_user.is_authenticated:
        return response
    if response.status_code >= 500:
        return response
    if current_user.seen_at < now() - TOUCH:
        db.session.rollback()
        with writing():
            operations.keep_alive(token=current_user.session_token)
            db.session.commit()
        begin_reading()
    return response
