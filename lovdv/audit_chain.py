"""The log's tables, and how a row is added to a municipality's chain.

One hash chain a municipality, in monthly segments. Each segment opens with the last
hash of the one before, so that a segment can be removed and the rest still verified.
Rows hold random ids and keyed digests only, never a name or a number.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from lovdv import crypto, guards
from lovdv.clock import now
from lovdv.database import Base, Numbered
from lovdv.people.models import Client

OPENING = "0" * 64
ONE_QUERY = 10_000


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
    digest: Mapped[str] = mapped_column(Text, default="")
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

    `changes` counts the rows that are not reads. `seal` is a keyed hash over the rest,
    so that neither rows cut off at the end nor a rewritten head pass unseen.
    """

    __tablename__ = "audit_segment"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    segment: Mapped[date] = mapped_column(primary_key=True)
    opening: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
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


def write(session: Session, entries: list[Entry]) -> None:
    """Append to the chains; last in the transaction, under each chain's lock."""
    for chain in sorted({entry.who.chain for entry in entries}):
        _append(session, chain, [e for e in entries if e.who.chain == chain])


def _append(session: Session, chain: int, entries: list[Entry]) -> None:
    at = now()
    _lock(session, chain)
    segment = _segment(session, chain, date(at.year, at.month, 1))
    before, subjects = segment.rows, _subjects(session, entries)
    rows = []
    for entry in entries:
        row = _row(segment, entry, at, subjects)
        segment.rows, segment.head = row["number"], row["hash"]
        segment.changes += not entry.read
        rows.append(row)
    segment.seal = seal_of(segment)
    session.execute(insert(Audit), rows)
    _tell_subjects(session, segment, before, entries)
    session.flush()


def _tell_subjects(
    session: Session, segment: AuditSegment, before: int, entries: list[Entry]
) -> None:
    """Whom each of the new rows is about, by their numbers after `before`."""
    if not any(entry.about for entry in entries):
        return
    ids = dict(
        session.execute(
            select(Audit.number, Audit.id).where(
                Audit.chain == segment.chain,
                Audit.segment == segment.segment,
                Audit.number > before,
            )
        ).all()
    )
    session.execute(
        insert(AuditSubject),
        [
            {"audit_id": ids[number], "client_id": client_id}
            for number, entry in enumerate(entries, start=before + 1)
            for client_id in entry.about
        ],
    )


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
        chain=chain,
        segment=month,
        opening=opening,
        rows=0,
        changes=0,
        head=opening,
        seal="",
    )
    session.add(new)
    return new


def _subjects(session: Session, entries: list[Entry]) -> dict[int, str]:
    wanted = sorted({c for entry in entries for c in entry.about})
    return {
        row.id: row.public_id
        for start in range(0, len(wanted), ONE_QUERY)
        for row in session.execute(
            select(Client.id, Client.public_id).where(
                Client.id.in_(wanted[start : start + ONE_QUERY])
            )
        )
    }


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
    row["hash"] = row_hash(row, sorted(subjects[c] for c in entry.about))
    return row


def row_hash(row: Mapping[str, object], subjects: list[str]) -> str:
    told = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
    }
    return crypto.chained(
        json.dumps([told, subjects], sort_keys=True, ensure_ascii=False).encode()
    )


def seal_of(segment: AuditSegment) -> str:
    told = [
        segment.chain,
        segment.segment.isoformat(),
        segment.opening,
        segment.rows,
        segment.head,
    ]
    return crypto.chained(json.dumps(told).encode())
