"""Counting for those who follow up, and the log for those who review it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, func, select

from lovdv.access import Actor
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.choice.models import Choice
from lovdv.choice.regrets import regretted
from lovdv.choice.words import KINDS
from lovdv.clock import STOCKHOLM, start_of
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.followup.small_counts import median
from lovdv.followup.words import told
from lovdv.people.models import Client, Decision, Opening
from lovdv.people.progress import OVER, clocks_in
from lovdv.placements.facts import first_attended_day
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract

YEAR = timedelta(days=365)
MORNING, EVENING = 6, 22
# The person's own reading, the review itself, and lists that show a name in passing.
LEFT_OUT = ("own.%", "%.own%", "log.%", "%list")
PLACING = ("chosen", "rechoice", "stay", "no_choice")
REGIS = {"intern": "Egen regi", "extern": "Extern utförare"}


@dataclass(frozen=True)
class Clocks:
    """How many three-month clocks run, and how far they have come."""

    running: int
    warned: int
    over: int
    interrupted: int


@dataclass(frozen=True)
class Figures:
    """What the figures page shows; whole counts, hidden later where small."""

    with_decision: int
    by_law: Mapping[str, int]
    placed: int
    placed_by_regi: Mapping[str, int]
    choices: Mapping[str, int]
    clocks: Clocks
    days_to_start: int | None

    @property
    def placing_choices(self) -> int:
        return sum(self.choices.get(KINDS[kind], 0) for kind in PLACING)


def figures(municipality_id: int, on: date) -> Figures:
    laws = _decisions_by_law(municipality_id, on)
    return Figures(
        with_decision=_with_decision(municipality_id, on),
        by_law=laws,
        placed=_placed(municipality_id, on),
        placed_by_regi=_placed_by_regi(municipality_id, on),
        choices=_choices(municipality_id, on),
        clocks=_clocks(municipality_id, on),
        days_to_start=median(_days_to_start(municipality_id, on)),
    )


PEOPLE_DECIDED = func.count(Decision.client_id.distinct())
PEOPLE_PLACED = func.count(Placement.client_id.distinct())


def _decided(counted: Select[Any], municipality_id: int, on: date) -> Select[Any]:
    return (
        counted.select_from(Decision)
        .join(Client, Client.id == Decision.client_id)
        .where(
            Client.municipality_id == municipality_id,
            Decision.status.not_in(OVER),
            in_period(on, Decision.first_day, Decision.end_day),
        )
    )


def _with_decision(municipality_id: int, on: date) -> int:
    """People; one with two decisions is one."""
    found = db.session.scalar(_decided(select(PEOPLE_DECIDED), municipality_id, on))
    return found or 0


def _decisions_by_law(municipality_id: int, on: date) -> dict[str, int]:
    rows = db.session.execute(
        _decided(select(Decision.law, PEOPLE_DECIDED), municipality_id, on)
        .group_by(Decision.law)
        .order_by(Decision.law)
    ).all()
    return dict(rows)


def _places(counted: Select[Any], municipality_id: int, on: date) -> Select[Any]:
    return (
        counted.select_from(Placement)
        .join(Contract, Contract.id == Placement.contract_id)
        .where(
            Placement.municipality_id == municipality_id,
            Placement.annulled_at.is_(None),
            in_period(on, Placement.first_day, Placement.end_day),
        )
    )


def _placed(municipality_id: int, on: date) -> int:
    """People; one with two places is one."""
    found = db.session.scalar(_places(select(PEOPLE_PLACED), municipality_id, on))
    return found or 0


def _placed_by_regi(municipality_id: int, on: date) -> dict[str, int]:
    rows = db.session.execute(
        _places(select(Contract.regi, PEOPLE_PLACED), municipality_id, on).group_by(
            Contract.regi
        )
    ).all()
    found = dict(rows)
    return {words: found.get(regi, 0) for regi, words in REGIS.items()}


def _choices(municipality_id: int, on: date) -> dict[str, int]:
    """Choices of the last year by kind, in words."""
    rows = db.session.execute(
        select(Choice.kind, func.count())
        .join(Client, Client.id == Choice.client_id)
        .where(
            Client.municipality_id == municipality_id,
            Choice.registered_at >= start_of(on - YEAR),
            Choice.id.not_in(regretted()),
        )
        .group_by(Choice.kind)
    ).all()
    found = dict(rows)
    return {words: found[kind] for kind, words in KINDS.items() if kind in found}


def _clocks(municipality_id: int, on: date) -> Clocks:
    found = [row.clock for row in clocks_in(municipality_id, on)]
    return Clocks(
        running=len(found),
        warned=sum(clock.warned > 0 for clock in found),
        over=sum(clock.over for clock in found),
        interrupted=sum(clock.interrupted for clock in found),
    )


def _days_to_start(municipality_id: int, on: date) -> list[int]:
    """Days from decision to first attended day, for decisions of the last year."""
    decided = dict(
        db.session.execute(
            select(Decision.id, Decision.decided_on)
            .join(Client, Client.id == Decision.client_id)
            .where(
                Client.municipality_id == municipality_id,
                Decision.decided_on >= on - YEAR,
                Decision.decided_on <= on,
            )
        ).all()
    )
    started = first_attended_day(list(decided))
    return [(day - decided[key]).days for key, day in started.items()]


@dataclass(frozen=True)
class Opened:
    """A case opened outside the assignment."""

    at: datetime
    reader: str
    case_number: str
    client_id: int
    reason: str
    protected: bool


@dataclass(frozen=True)
class Read:
    """A row of the log about somebody."""

    at: datetime
    reader: str
    what: str
    case_numbers: tuple[str, ...]
    client_ids: tuple[int, ...]
    protected: bool
    at_night: bool


def openings(actor: Actor, since: datetime) -> Sequence[Opened]:
    """Every case of the municipality opened with a reason, the latest first."""
    rows = db.session.execute(
        select(Opening, User.name, Client)
        .join(User, User.id == Opening.user_id)
        .join(Client, Client.id == Opening.client_id)
        .where(Client.municipality_id == actor.municipality_id, Opening.at >= since)
        .order_by(Opening.at.desc(), Opening.id.desc())
    )
    return [
        Opened(
            at=opening.at,
            reader=name,
            case_number=client.case_number,
            client_id=client.id,
            reason=opening.reason,
            protected=client.protected,
        )
        for opening, name, client in rows
    ]


def sample(actor: Actor, since: datetime, size: int, seed: str) -> Sequence[Read]:
    """Readings drawn from a time: the same for everyone as long as the seed is.

    Lists are left out; what is drawn is somebody's case being opened or searched.
    """
    found = db.session.scalars(_readings(actor, since).order_by(Audit.id)).all()
    return _reads(sorted(found, key=lambda row: _lot(seed, row))[:size])


def of_protected(actor: Actor, since: datetime, most: int = 50) -> Sequence[Read]:
    """The latest readings about people whose identity is protected."""
    hidden = (
        select(AuditSubject.audit_id)
        .join(Client, Client.id == AuditSubject.client_id)
        .where(Client.protection != "")
    )
    return _reads(
        db.session.scalars(
            _readings(actor, since)
            .where(Audit.id.in_(hidden))
            .order_by(Audit.id.desc())
            .limit(most)
        ).all()
    )


def _readings(actor: Actor, since: datetime) -> Select[tuple[int]]:
    """Ids of rows where a member of staff read about somebody, lists left out."""
    return select(Audit.id).where(
        Audit.chain == actor.municipality_id,
        Audit.read,
        Audit.at >= since,
        *(Audit.action.not_like(pattern) for pattern in LEFT_OUT),
        Audit.id.in_(select(AuditSubject.audit_id)),
    )


def _lot(seed: str, row: int) -> bytes:
    return sha256(f"{seed}:{row}".encode()).digest()


def _reads(audit_ids: Collection[int]) -> Sequence[Read]:
    rows = db.session.execute(
        select(Audit, User.name, Client)
        .join(AuditSubject, AuditSubject.audit_id == Audit.id)
        .join(Client, Client.id == AuditSubject.client_id)
        .outerjoin(User, User.public_id == Audit.actor)
        .where(Audit.id.in_(audit_ids))
        .order_by(Audit.id.desc(), Client.id)
    )
    found: dict[int, tuple[Audit, str, list[Client]]] = {}
    for row, name, client in rows:
        found.setdefault(row.id, (row, name or row.actor, []))[2].append(client)
    return [_read(*parts) for parts in found.values()]


def _read(row: Audit, reader: str, clients: list[Client]) -> Read:
    hour = row.at.astimezone(STOCKHOLM).hour
    return Read(
        at=row.at,
        reader=reader,
        what=told(row.action),
        case_numbers=tuple(client.case_number for client in clients),
        client_ids=tuple(client.id for client in clients),
        protected=any(client.protected for client in clients),
        at_night=not MORNING <= hour < EVENING,
    )
