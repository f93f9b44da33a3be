"""Whether the log is whole: every row, every segment, nothing cut off.

The chain cannot tell that its newest months have been taken away together with their
heads: what is left is whole. Whoever keeps the heads elsewhere, and gives them to
missing(), sees that too.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lovdv.audit_chain import Audit, AuditSegment, AuditSubject, row_hash, seal_of
from lovdv.people.models import Client

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


@dataclass(frozen=True)
class Fault:
    """A place where a chain does not hold."""

    chain: int
    segment: date
    number: int
    message: str


@dataclass(frozen=True)
class Head:
    """Where a chain ends now; `chain` is the municipality's id, 0 for the system."""

    chain: int
    segment: date
    rows: int
    head: str


def heads(session: Session) -> Sequence[Head]:
    """The last head of each chain: to be written down and kept elsewhere."""
    latest: dict[int, Head] = {}
    for segment in session.scalars(
        select(AuditSegment).order_by(AuditSegment.chain, AuditSegment.segment)
    ):
        latest[segment.chain] = Head(
            segment.chain, segment.segment, segment.rows, segment.head
        )
    return list(latest.values())


def missing(session: Session, kept: Collection[str]) -> Sequence[str]:
    """The heads that were written down before and that no chain holds any more."""
    return [head for head in kept if not _is_known(session, head)]


def _is_known(session: Session, head: str) -> bool:
    """As a row's hash, or as a segment's ends when retention has taken the rows."""
    row = select(Audit.id).where(Audit.hash == head)
    ends = select(AuditSegment.chain).where(
        (AuditSegment.head == head) | (AuditSegment.opening == head)
    )
    return (
        session.scalars(row).first() is not None
        or session.scalars(ends).first() is not None
    )


def verify(session: Session) -> Iterator[Fault]:
    """Every place where the log does not hold; nothing when it is whole."""
    heads: dict[int, str] = {}
    for segment in session.scalars(
        select(AuditSegment).order_by(AuditSegment.chain, AuditSegment.segment)
    ):
        if segment.seal != seal_of(segment):
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
        if row.hash != row_hash(told, sorted(about.get(row.id, []))):
            yield _fault(segment, row.number, "raden har ändrats efter att den skrevs")
        previous = row.hash
    if (count, previous) != (segment.rows, segment.head):
        yield _fault(segment, segment.rows, "rader saknas i slutet av segmentet")


def _orphans(session: Session) -> Iterator[Fault]:
    """Rows whose segment head has been removed."""
    known = select(AuditSegment.chain, AuditSegment.segment)
    rows = session.execute(select(Audit.chain, Audit.segment).distinct().except_(known))
    for chain, segment in rows:
        yield Fault(chain, segment, 0, "segmentets huvud saknas")


def _fault(segment: AuditSegment, number: int, message: str) -> Fault:
    return Fault(segment.chain, segment.segment, number, message)
