"""Several acts at the same instant, each in a thread and a session of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context
from threading import Barrier

from flask import Flask
from sqlalchemy import Select, event
from sqlalchemy.orm import ORMExecuteState, Session

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


@contextmanager
def held() -> Iterator[list[str]]:
    """The tables whose rows are locked meanwhile, in that order."""
    tables: list[str] = []

    def note(state: ORMExecuteState) -> None:
        asked = state.statement
        if isinstance(asked, Select) and asked._for_update_arg is not None:
            tables.extend(str(each) for each in asked.get_final_froms())

    event.listen(Session, "do_orm_execute", note)
    try:
        yield tables
    finally:
        event.remove(Session, "do_orm_execute", note)
