"""record who did or read what about which person.

A request collects its rows with read() and change(). Changes are written in the
same transaction as what they tell of, last before commit; the reads of a page that
changed nothing are written by a short transaction of their own before the page is
sent, and if that fails the page is not shown.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from flask import (
    Flask,
    Response,
    g,
    has_request_context,
    render_template,
)
from flask_login import current_user
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from lovdv import crypto
from lovdv.audit_chain import Acting, Entry, write
from lovdv.database import begin_reading, writing
from lovdv.errors import log_failure
from lovdv.extensions import db

Pending: TypeAlias = dict[Entry, None]
"""In the order they came, each once."""

_pending: ContextVar[Pending | None] = ContextVar("audit_pending", default=None)
_acting: ContextVar[Acting | None] = ContextVar("audit_acting", default=None)


@contextmanager
def acting(municipality_id: int | None, actor: str = "command") -> Iterator[None]:
    """Say who acts: a command, or a sign-in that is not yet a session."""
    mark = _acting.set(Acting(municipality_id or 0, actor))
    try:
        yield
    finally:
        _acting.reset(mark)


def read(action: str, *, about: Iterable[int] = (), object: str = "") -> None:
    """A person, or several in a list, was shown. `about` are client ids."""
    _add(Entry(_who(), action, True, tuple(sorted(set(about))), object, ""))


def change(
    action: str,
    *,
    about: Iterable[int] = (),
    object: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Something was changed: field names with keyed digests of the values."""
    digest = json.dumps(_digests(before or {}, after or {}), sort_keys=True)
    _add(Entry(_who(), action, False, tuple(sorted(set(about))), object, digest))


def _digests(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, list[str]]:
    return {
        name: [
            crypto.digest(str(side[name]))[:16] if name in side else ""
            for side in (before, after)
        ]
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _add(entry: Entry) -> None:
    _rows().setdefault(entry)


def _rows() -> Pending:
    if has_request_context():
        found: Pending = g.setdefault("audit_pending", {})
        return found
    rows = _pending.get()
    if rows is None:
        rows = {}
        _pending.set(rows)
    return rows


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of the transaction that can fail alone; its changes are then forgotten."""
    rows = _rows()
    before = len(rows)
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        added = [rows.popitem()[0] for _ in range(len(rows) - before)]
        rows.update(dict.fromkeys(e for e in reversed(added) if e.read))
        raise


def _who() -> Acting:
    chosen = _acting.get()
    if chosen is not None:
        return chosen
    if has_request_context() and current_user.is_authenticated:
        return Acting(current_user.municipality_id, current_user.public_id)
    return Acting(0, "nobody" if has_request_context() else "command")


@event.listens_for(Session, "before_commit")
def _write_with_changes(session: Session) -> None:
    rows = _rows()
    if rows and not session.in_nested_transaction():
        session.flush()
        write(session, list(rows))
        rows.clear()


@event.listens_for(Session, "after_soft_rollback")
def _forget_changes(session: Session, ended: SessionTransaction) -> None:
    """What was rolled back did not happen; what was read was read."""
    if ended.parent is None:
        rows = _rows()
        for entry in [entry for entry in rows if not entry.read]:
            del rows[entry]


def finish(response: Response) -> Response:
    """After a request: write the reads of a page that changed nothing."""
    rows = [entry for entry in g.pop("audit_pending", {}) if entry.read]
    if not rows or response.status_code >= 500:
        return response
    try:
        db.session.rollback()
        with writing():
            write(db.session, rows)
            db.session.commit()
    except Exception:  # noqa: BLE001 - whatever failed, the page is withheld
        log_failure(sys.exc_info())
        db.session.rollback()
        response.status_code = 500
        response.set_data(render_template("errors/500.html", code=500))
    finally:
        begin_reading()
    return response


def init_app(app: Flask) -> None:
    app.after_request(finish)
