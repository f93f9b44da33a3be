"""Reading people, their decisions, representatives and history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import selectinload

from lovdv import crypto
from lovdv.access import Actor, Permission, Role
from lovdv.accounts.models import RoleGrant, Team, TeamMember, User
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.formats import search_key
from lovdv.people import numbers, progress
from lovdv.people.models import (
    Assignment,
    Client,
    ClientNumber,
    Decision,
    LifeEvent,
    Mandate,
    Offer,
    Remark,
    Supporter,
)
from lovdv.people.scope import (
    assigned_to,
    known_person,
    mandates_held,
    opened_by,
    own_people,
    own_person,
    person,
    visible_people,
)
from lovdv.start import Waiting

__all__ = [
    "assigned_to",
    "known_person",
    "mandates_held",
    "opened_by",
    "own_people",
    "own_person",
    "person",
    "visible_people",
]

SEALED, BLIND = "client_number.sealed", "client_number.blind"
MOST_HITS = 20


@dataclass(frozen=True)
class Hits:
    """What a search found: cases the actor may open, and those that only exist."""

    own: Sequence[Client]
    others: Sequence[Client]
    more: bool

    @property
    def all(self) -> list[Client]:
        return [*self.own, *self.others]


@dataclass(frozen=True)
class PageOfPeople:
    """One page of a list of people."""

    people: Sequence[Client]
    number: int
    count: int
    total: int

    @property
    def shown(self) -> Sequence[int]:
        near = range(max(1, self.number - 2), min(self.count, self.number + 2) + 1)
        return sorted({1, *near, self.count})


def people(actor: Actor, number: int = 1, size: int = 50) -> PageOfPeople:
    """The actor's and the actor's team's people by name, a page at a time."""
    seen = visible_people(actor)
    total = db.session.scalar(select(func.count()).select_from(seen.subquery())) or 0
    count = max(1, -(-total // size))
    number = min(max(1, number), count)
    found = db.session.scalars(
        seen.order_by(*_order(actor), Client.id)
        .options(selectinload(Client.decisions).selectinload(Decision.interruptions))
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return PageOfPeople(found, number, count, total)


def _order(actor: Actor) -> Sequence[ColumnElement[Any]]:
    """By name; a hidden name's place would tell it, so those come last."""
    if actor.may(Permission.PERSON_PROTECTED):
        return (Client.sort_key,)
    hidden = Client.protection != ""
    return (hidden, case((hidden, Client.case_number), else_=Client.sort_key))


def search(actor: Actor, text: str) -> Hits:
    """By the full number, the case number or the beginning of names; nothing else."""
    found = db.session.scalars(
        select(Client)
        .where(Client.municipality_id == actor.municipality_id, _sought(actor, text))
        .order_by(Client.sort_key, Client.id)
        .limit(MOST_HITS + 1)
    ).all()
    shown = found[:MOST_HITS]
    seen = set(
        db.session.scalars(
            visible_people(actor)
            .with_only_columns(Client.id)
            .where(Client.id.in_([c.id for c in shown]))
        )
    )
    return Hits(
        own=[c for c in shown if c.id in seen],
        others=[c for c in shown if c.id not in seen],
        more=len(found) > MOST_HITS,
    )


def _sought(actor: Actor, text: str) -> ColumnElement[bool]:
    plain = " ".join(text.split())
    ways = [Client.case_number.in_({plain, plain.upper(), plain.lower()})]
    try:
        number = numbers.read(plain, on=today())
    except numbers.NotANumber:
        pass
    else:
        ways.append(Client.id.in_(_holders(actor.municipality_id, number.text)))
    words = search_key(plain).split()
    if words and max(map(len, words)) >= 2 and not any(c.isdigit() for c in plain):
        named = _named(words)
        hidden = not actor.may(Permission.PERSON_PROTECTED)
        ways.append(named & (Client.protection == "") if hidden else named)
    return or_(*ways)


def _named(words: Sequence[str]) -> ColumnElement[bool]:
    """Each word begins one of the names that the person has or has had."""
    found: ColumnElement[bool] = Client.id.is_not(None)
    for word in words:
        found &= Client.search_key.startswith(
            word, autoescape=True
        ) | Client.search_key.contains(f" {word}", autoescape=True)
    return found


def _holders(municipality_id: int, text: str) -> ColumnElement[int]:
    return (
        select(ClientNumber.client_id)
        .where(
            ClientNumber.municipality_id == municipality_id,
            ClientNumber.blind == crypto.blind_index(text, BLIND),
        )
        .scalar_subquery()
    )


def holder_of(municipality_id: int, text: str) -> Client | None:
    """Who has, or has had, the full number."""
    return db.session.scalars(
        select(Client).where(Client.id == _holders(municipality_id, text))
    ).first()


def number_of(client: Client, on: date) -> ClientNumber | None:
    """The number in force on a day."""
    begun = [n for n in client.numbers if n.first_day <= on]
    return begun[-1] if begun else None


def number_text(number: ClientNumber) -> str:
    return crypto.decrypt(number.sealed, SEALED, number.public_id)


def masked_number(client: Client, on: date) -> str:
    number = number_of(client, on)
    return numbers.masked(number.kind, number_text(number)) if number else ""


def responsible(client_ids: Collection[int], on: date) -> Mapping[int, str]:
    """Who holds the case on a day, by client: names of users and teams."""
    rows = db.session.execute(
        select(Assignment.client_id, User.name, Team.name)
        .outerjoin(User, User.id == Assignment.user_id)
        .outerjoin(Team, Team.id == Assignment.team_id)
        .where(
            Assignment.client_id.in_(client_ids),
            in_period(on, Assignment.first_day, Assignment.end_day),
        )
        .order_by(Assignment.first_day, Assignment.id)
    )
    found: dict[int, list[str]] = {}
    for client_id, user, team in rows:
        found.setdefault(client_id, []).append(user or team)
    return {
        client_id: ", ".join(dict.fromkeys(names)) for client_id, names in found.items()
    }


def caseworkers(client_id: int, on: date) -> str:
    """The people, not the teams, who hold the case on a day."""
    return ", ".join(
        db.session.scalars(
            select(User.name)
            .join(Assignment, Assignment.user_id == User.id)
            .where(
                Assignment.client_id == client_id,
                in_period(on, Assignment.first_day, Assignment.end_day),
            )
            .order_by(Assignment.first_day, Assignment.id)
        )
    )


def held_by(
    municipality_id: int, *, user_id: int | None = None, team_id: int | None = None
) -> Sequence[Client]:
    """The people whose case a user, or a team, holds today, by name."""
    holder = Assignment.user_id == user_id if user_id else Assignment.team_id == team_id
    held = select(Assignment.client_id).where(
        holder, in_period(today(), Assignment.first_day, Assignment.end_day)
    )
    return db.session.scalars(
        select(Client)
        .where(Client.municipality_id == municipality_id, Client.id.in_(held))
        .order_by(Client.sort_key, Client.id)
    ).all()


def team_mates(actor: Actor, on: date) -> Sequence[User]:
    """The actor and those who share a team with the actor, by name."""
    teams = select(TeamMember.team_id).where(
        TeamMember.user_id == actor.user_id,
        in_period(on, TeamMember.first_day, TeamMember.end_day),
    )
    mates = select(TeamMember.user_id).where(
        TeamMember.team_id.in_(teams),
        in_period(on, TeamMember.first_day, TeamMember.end_day),
    )
    return db.session.scalars(
        select(User)
        .where(
            or_(
                User.id == actor.user_id,
                User.id.in_(mates) & _is_caseworker(actor.municipality_id, on),
            )
        )
        .order_by(User.name)
    ).all()


def _is_caseworker(municipality_id: int, on: date) -> ColumnElement[bool]:
    return User.id.in_(
        select(RoleGrant.user_id).where(
            RoleGrant.municipality_id == municipality_id,
            RoleGrant.role == Role.CASEWORKER,
            in_period(on, RoleGrant.first_day, RoleGrant.end_day),
        )
    )


def decision(client: Client, public_id: str) -> Decision:
    return db.session.scalars(
        select(Decision).where(
            Decision.client_id == client.id, Decision.public_id == public_id
        )
    ).one()


def decisions_in_force(client: Client, on: date) -> Sequence[Decision]:
    """Those that are not yet over on a day, the ones still to begin included."""
    return [
        d
        for d in client.decisions
        if d.status not in ("replaced", "ended")
        and (d.end_day is None or d.end_day > on)
    ]


def offer(decision: Decision, public_id: str) -> Offer:
    return db.session.scalars(
        select(Offer).where(
            Offer.decision_id == decision.id, Offer.public_id == public_id
        )
    ).one()


def mandate(client: Client, public_id: str) -> Mandate:
    return db.session.scalars(
        select(Mandate).where(
            Mandate.client_id == client.id, Mandate.public_id == public_id
        )
    ).one()


def supporter(client: Client, public_id: str) -> Supporter:
    return db.session.scalars(
        select(Supporter).where(
            Supporter.client_id == client.id, Supporter.public_id == public_id
        )
    ).one()


def events_of(client: Client) -> Sequence[LifeEvent]:
    return db.session.scalars(
        select(LifeEvent)
        .where(LifeEvent.client_id == client.id)
        .order_by(LifeEvent.day.desc(), LifeEvent.id.desc())
    ).all()


def remarks_of(client: Client) -> Sequence[Remark]:
    return db.session.scalars(
        select(Remark).where(Remark.client_id == client.id).order_by(Remark.id.desc())
    ).all()


def remark(client: Client, public_id: str) -> Remark:
    return db.session.scalars(
        select(Remark).where(
            Remark.client_id == client.id, Remark.public_id == public_id
        )
    ).one()


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person on the start page."""
    if not actor.may(Permission.PERSON_WRITE):
        return ()
    return (*progress.waiting(actor), *_remarks_waiting(actor))


def _remarks_waiting(actor: Actor) -> Sequence[Waiting]:
    count = db.session.scalar(
        select(func.count())
        .select_from(Remark)
        .where(
            Remark.answered_at.is_(None),
            Remark.client_id.in_(visible_people(actor).with_only_columns(Client.id)),
        )
    )
    if not count:
        return ()
    text = "Någon tycker att en uppgift är fel och väntar på svar."
    return (Waiting("Synpunkter från personer", "people.remarks", count, text),)


def open_remarks(actor: Actor) -> Sequence[tuple[Remark, Client]]:
    rows = db.session.execute(
        select(Remark, Client)
        .join(Client, Client.id == Remark.client_id)
        .where(
            Remark.answered_at.is_(None),
            Client.id.in_(visible_people(actor).with_only_columns(Client.id)),
        )
        .order_by(Remark.made_at)
    )
    return [(found, client) for found, client in rows]
