"""Several acts at the same instant, each in a thread and a session of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Barrier

from flask import Flask

from lovdv.database import writing
from lovdv.errors import Refused
from lovdv.extensions import db

Act = Callable[[], object]


def at_once(app: Flask, *acts: Act) -> list[str]:
    """What each was refused with, or ''."""
    start = Barrier(len(acts))

    def done(act: Act) -> str:
        with app.app_context(), writing():
            start.wait()
            try:
                act()
                db.session.commit()
            except Refused as refusal:
                db.session.rollback()
                return refusal.message
            return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: Context().run(done, act), acts))


def do(act: Act) -> None:
    with writing():
        act()
        db.session.commit()
