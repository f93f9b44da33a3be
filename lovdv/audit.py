"""record who did or read what about which person; one hash chain a municipality.

A request collects its rows with read() and change(). Changes are written in the
same transaction as what they tell of, last before commit; the reads of a page that
changed nothing are written by a short transaction of their own before the page is
sent, and if that fails the page is not shown. Rows hold random ids and keyed
digests only. The chain runs in monthly segments, each opening with the last hash of
the one before, so that a segment can be removed and the rest still verified.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    render_template,
)
from flask_login import current_user
from sqlalchemy import ForeignKey, String, UniqueConstraint, event, insert, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from lovdv import crypto, guards
from lovdv.clock import now
from lovdv.database import Base, Numbered, begin_reading, writing
from lovdv.extensions import db
from lovdv.people.models import Client

OPENING = "0" * 64


class Audit(Numbered, Base):
    """One thing done or read. `chain` is the municipality's id, 0 for the system."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("chain", "segment", "number"),
        {"info": guards.append_only()},
    )

    chain: Mapped[int]
    segment: Mapped[date]  # first day of the month
    number: Mapped[int]  # 1, 2, 3... in the segment
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(20))  # user's random id, or 'command'
    action: Mapped[str] = mapped_column(String(60))
    read: Mapped[bool]
    object: Mapped[str] = mapped_column(String(60), default="")
    digest: Mapped[str] = mapped_column(String(1000), default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditSubject(Base):
    """A person whom an audit row is about."""

    __tablename__ = "audit_subject"
    __table_args__ = ({"info": guards.append_only()},)

    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(
        ForeignKey("client.id"), primary_key=True, index=True
    )


class AuditSegment(Base):
    """Where a chain's month stands: its opening hash, its last and how many rows.

    `seal` is a keyed hash over them, so that neither rows cut off at the end nor a
    rewritten head pass unseen.
    """

    __tablename__ = "audit_segment"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    segment: Mapped[date] = mapped_column(primary_key=True)
    opening: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Acting:
    """Who acts, and in whose chain."""

    chain: int
    actor: str


@dataclass(frozen=True)
class Entry:
    """What is to be written, and who did it."""

    who: Acting
    action: str
    read: bool
    about: tuple[int, ...]
    object: str
    digest: str


@dataclass(frozen=True)
class Fault:
    """A place where a chain does not hold."""

    chain: int
    segment: date
    number: int
    message: str


_pending: ContextVar[list[Entry] | None] = ContextVar("audit_pending", default=None)
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
    _add(Entry(_who(), action, False, tuple(sorted(set(about))), object, digest[:1000]))


def _digests(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, list[str]]:
    return {
        name: [
            crypto.digest(str(side[name]))[:8] if name in side else ""
            for side in (before, after)
        ]
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _add(entry: Entry) -> None:
    rows = _rows()
    if entry not in rows:
        rows.append(entry)


def _rows() -> list[Entry]:
    if has_request_context():
        found: list[Entry] = g.setdefault("audit_pending", [])
        return found
    rows = _pending.get()
    if rows is None:
        rows = []
        _pending.set(rows)
    return rows


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
        write(session, rows)
        rows.clear()


@event.listens_for(Session, "after_soft_rollback")
def _forget_changes(session: Session, ended: SessionTransaction) -> None:
    """What was rolled back did not happen; what was read was read."""
    if ended.parent is None:
        rows = _rows()
        rows[:] = [entry for entry in rows if entry.read]


def write(session: Session, entries: list[Entry]) -> None:
    """Append to the chains; last in the transaction, under each chain's lock."""
    for chain in sorted({entry.who.chain for entry in entries}):
        _append(session, chain, [e for e in entries if e.who.chain == chain])


def _append(session: Session, chain: int, entries: list[Entry]) -> None:
    at = now()
    _lock(session, chain)
    segment = _segment(session, chain, date(at.year, at.month, 1))
    subjects = _subjects(session, entries)
    for entry in entries:
        row = _row(segment, entry, at, subjects)
        audit_id = session.scalar(insert(Audit).values(**row).returning(Audit.id))
        if entry.about:
            session.execute(
                insert(AuditSubject),
                [{"audit_id": audit_id, "client_id": c} for c in entry.about],
            )
        segment.rows, segment.head = row["number"], row["hash"]
    segment.seal = _seal(segment)
    session.flush()


def _lock(session: Session, chain: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        key = zlib.crc32(b"lovdv audit")
        session.execute(
            text("SELECT pg_advisory_xact_lock(:key, :chain)"),
            {"key": key - 2**31, "chain": chain},
        )


def _segment(session: Session, chain: int, month: date) -> AuditSegment:
    last = session.scalar(
        select(AuditSegment)
        .where(AuditSegment.chain == chain)
        .order_by(AuditSegment.segment.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if last is not None and last.segment >= month:
        return last
    opening = last.head if last else OPENING
    new = AuditSegment(
        chain=chain, segment=month, opening=opening, rows=0, head=opening, seal=""
    )
    session.add(new)
    return new


def _subjects(session: Session, entries: list[Entry]) -> dict[int, str]:
    wanted = sorted({c for entry in entries for c in entry.about})
    if not wanted:
        return {}
    rows = session.execute(
        select(Client.id, Client.public_id).where(Client.id.in_(wanted))
    )
    return {row.id: row.public_id for row in rows}


def _row(
    segment: AuditSegment,
    entry: Entry,
    at: datetime,
    subjects: Mapping[int, str],
) -> dict[str, object]:
    row: dict[str, object] = {
        "chain": segment.chain,
        "segment": segment.segment,
        "number": segment.rows + 1,
        "at": at,
        "actor": entry.who.actor,
        "action": entry.action,
        "read": entry.read,
        "object": entry.object,
        "digest": entry.digest,
        "previous": segment.head,
    }
    row["hash"] = _hash(row, sorted(subjects[c] for c in entry.about))
    return row


def _hash(row: Mapping[str, object], subjects: list[str]) -> str:
    told = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
    }
    return crypto.chained(
        json.dumps([told, subjects], sort_keys=True, ensure_ascii=False).encode()
    )


def _seal(segment: AuditSegment) -> str:
    told = [
        segment.chain,
        segment.segment.isoformat(),
        segment.opening,
        segment.rows,
        segment.head,
    ]
    return crypto.chained(json.dumps(told).encode())


def verify(session: Session) -> Iterator[Fault]:
    """Every place where the log does not hold; nothing when it is whole."""
    heads: dict[int, str] = {}
    for segment in session.scalars(
        select(AuditSegment).order_by(AuditSegment.chain, AuditSegment.segment)
    ):
        if segment.seal != _seal(segment):
            yield _fault(segment, 0, "segmentets sigill stämmer inte")
        if heads.get(segment.chain, segment.opening) != segment.opening:
            yield _fault(segment, 0, "segmentet börjar inte där det förra slutade")
        heads[segment.chain] = segment.head
        yield from _verify_rows(session, segment)
    yield from _orphans(session)


def _verify_rows(session: Session, segment: AuditSegment) -> Iterator[Fault]:
    about: dict[int, list[str]] = {}
    pairs = session.execute(
        select(AuditSubject.audit_id, Client.public_id)
        .join(Client, Client.id == AuditSubject.client_id)
        .join(Audit, Audit.id == AuditSubject.audit_id)
        .where(Audit.chain == segment.chain, Audit.segment == segment.segment)
    )
    for audit_id, public_id in pairs:
        about.setdefault(audit_id, []).append(public_id)
    previous, count = segment.opening, 0
    rows = session.scalars(
        select(Audit)
        .where(Audit.chain == segment.chain, Audit.segment == segment.segment)
        .order_by(Audit.number)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        count += 1
        told = {name: getattr(row, name) for name in TOLD}
        if row.number != count:
            yield _fault(segment, row.number, "en rad före den här saknas")
            count = row.number
        elif row.previous != previous:
            yield _fault(segment, row.number, "raden följer inte på raden före")
        if row.hash != _hash(told, sorted(about.get(row.id, []))):
            yield _fault(segment, row.number, "raden har ändrats efter att den skrevs")
        previous = row.hash
    if (count, previous) != (segment.rows, segment.head):
        yield _fault(segment, segment.rows, "rader saknas i slutet av segmentet")


TOLD = (
    "chain",
    "segment",
    "number",
    "at",
    "actor",
    "action",
    "read",
    "object",
    "digest",
    "previous",
)


def _orphans(session: Session) -> Iterator[Fault]:
    """Rows whose segment head has been removed."""
    known = select(AuditSegment.chain, AuditSegment.segment)
    rows = session.execute(select(Audit.chain, Audit.segment).distinct().except_(known))
    for chain, segment in rows:
        yield Fault(chain, segment, 0, "segmentets huvud saknas")


def _fault(segment: AuditSegment, number: int, message: str) -> Fault:
    return Fault(segment.chain, segment.segment, number, message)


def finish(response: Response) -> Response:
    """After a request: write the reads of a page that changed nothing."""
    rows = [entry for entry in g.pop("audit_pending", []) if entry.read]
    if not rows or response.status_code >= 500:
        return response
    try:
        db.session.rollback()
        with writing():
            write(db.session, rows)
            db.session.commit()
    except Exception:
        current_app.logger.exception("the log could not be written; page withheld")
        db.session.rollback()
        response.status_code = 500
        response.set_data(render_template("errors/500.html", code=500))
    finally:
        begin_reading()
    return response


def init_app(app: Flask) -> None:
    app.after_request(finish)
