"""The extensions, all unbound until the factory binds them."""

from inspect import iscoroutinefunction

from flask import Flask
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect


class Database(SQLAlchemy):
    """Only ordinary sessions: closing asynchronous ones starts an event loop each time.

    That loop costs more than the rest of a small request, and cannot be started in
    a thread that already runs one.
    """

    def init_app(self, app: Flask) -> None:  # type: ignore[override]
        super().init_app(app)
        app.teardown_appcontext_funcs = [
            close
            for close in app.teardown_appcontext_funcs
            if not iscoroutinefunction(close)
        ]


db = Database(session_options={"expire_on_commit": False})
login_manager = LoginManager()
csrf = CSRFProtect()
