"""Registering people, their numbers, names, contact and who is responsible."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from lovdv import audit, crypto
from lovdv.accounts.queries import members_of
from lovdv.choice.models import Invitation
from lovdv.clock import now, start_of, today
from lovdv.database import random_id
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import search_key, swedish_key
from lovdv.people import queries
from lovdv.people.holding import hold
from lovdv.people.models import (
    Assignment,
    Client,
    ClientName,
    ClientNumber,
    LifeEvent,
    Opening,
    Remark,
)
from lovdv.people.numbers import Number

LONG_AGO = date(1900, 1, 1)
CONTACT = ("street", "postcode", "town", "phone", "email", "communication")


def register(
    *,
    municipality_id: int,
    number: Number,
    first_name: str,
    last_name: str,
    case_number: str,
    birth_date: date | None = None,
    first_day: date | None = None,
    **contact: str,
) -> Client:
    """A new person, with a name and a number since birth unless told otherwise."""
    day = first_day or birth_date or number.born or LONG_AGO
    new = Client(
        municipality_id=municipality_id,
        case_number=case_number,
        first_name=first_name,
        last_name=last_name,
        sort_key=swedish_key(last_name, first_name),
        search_key=search_key(first_name, last_name),
        birth_date=birth_date or number.born,
        created_at=now(),
        **{name: contact.get(name, "") for name in CONTACT},
    )
    db.session.add(new)
    db.session.flush()
    _add_name(new, first_name, last_name, day)
    _add_number(new, number, day)
    audit.change(
        "person.register",
        about=[new.id],
        object=new.public_id,
        after={"case_number": case_number, "kind": number.kind},
    )
    return new


def _add_name(client: Client, first: str, last: str, day: date) -> None:
    db.session.add(
        ClientName(client_id=client.id, first_name=first, last_name=last, first_day=day)
    )


def _add_number(client: Client, number: Number, day: date) -> ClientNumber:
    taken = queries.holder_of(client.municipality_id, number.text)
    if taken is not None:
        raise Refused(already_known(taken), "number")
    new = ClientNumber(
        public_id=random_id(),
        client_id=client.id,
        municipality_id=client.municipality_id,
        kind=number.kind,
        blind=crypto.blind_index(number.text, queries.BLIND),
        first_day=day,
    )
    new.sealed = crypto.encrypt(number.text, queries.SEALED, new.public_id)
    db.session.add(new)
    db.session.flush()
    return new


def already_known(client: Client) -> str:
    """What to say about a number that is taken: the case and who holds it."""
    held = queries.responsible([client.id], today()).get(client.id)
    return (
        f"Numret finns redan i ärende {client.case_number}, "
        f"ansvarig {held or 'saknas'}. Sök på numret för att öppna ärendet."
    )


def change_number(
    *, client: Client, number: Number, first_day: date, by_id: int
) -> ClientNumber:
    """A new number from a day; the earlier ones stay and still find the person."""
    lock(client)
    new = _add_number(client, number, first_day)
    _note(client, "number", first_day, by_id)
    audit.change(
        "person.number",
        about=[client.id],
        object=client.public_id,
        after={"kind": number.kind, "first_day": first_day},
    )
    return new


def rename(
    *, client: Client, first_name: str, last_name: str, first_day: date, by_id: int
) -> None:
    """A new name from a day; a search still finds the former ones."""
    if first_day > today():
        raise Refused(
            "Namnet kan inte börja gälla i framtiden. Skriv dagen då det ändrades.",
            "first_day",
        )
    before = {"first_name": client.first_name, "last_name": client.last_name}
    _add_name(client, first_name, last_name, first_day)
    db.session.flush()
    db.session.expire(client, ["names"])
    latest = client.names[-1]
    client.first_name, client.last_name = latest.first_name, latest.last_name
    client.sort_key = swedish_key(client.last_name, client.first_name)
    former = [part for n in client.names[:-1] for part in (n.first_name, n.last_name)]
    client.search_key = search_key(
        client.first_name, client.last_name, *dict.fromkeys(former)
    )
    _note(client, "name", first_day, by_id)
    audit.change(
        "person.rename",
        about=[client.id],
        object=client.public_id,
        before=before,
        after={"first_name": first_name, "last_name": last_name},
    )


def edit(*, client: Client, birth_date: date | None, **contact: str) -> None:
    """How to reach and communicate with the person; other names are refused."""
    before = {name: getattr(client, name) for name in (*CONTACT, "birth_date")}
    for name in CONTACT:
        setattr(client, name, contact.pop(name))
    if contact:
        raise TypeError(f"not contact details: {sorted(contact)}")
    client.birth_date = birth_date
    after = {name: getattr(client, name) for name in (*CONTACT, "birth_date")}
    audit.change(
        "person.edit",
        about=[client.id],
        object=client.public_id,
        before=before,
        after=after,
    )


def protect(*, client: Client, protection: str, alias: str, by_id: int) -> None:
    """Mark the identity as protected, or not; the alias is what a unit calls them."""
    before = {"protection": client.protection, "alias": client.alias}
    if protection and not alias:
        raise Refused(
            "Skriv det namn som enheten ska använda, till exempel ett förnamn.", "alias"
        )
    if protection and not client.protection:
        _note(client, "protection", today(), by_id)
    client.protection, client.alias = protection, alias if protection else ""
    audit.change(
        "person.protect",
        about=[client.id],
        object=client.public_id,
        before=before,
        after={"protection": client.protection, "alias": client.alias},
    )


def _note(client: Client, kind: str, day: date, by_id: int) -> None:
    db.session.add(
        LifeEvent(
            client_id=client.id,
            kind=kind,
            day=day,
            noted_at=now(),
            noted_by_id=by_id,
        )
    )


def reveal(*, client: Client) -> str:
    """The whole number; that it was shown is logged."""
    audit.read("number.reveal", about=[client.id], object=client.public_id)
    number = queries.number_of(client, today())
    return queries.number_text(number) if number else ""


def open_case(*, client: Client, user_id: int, reason: str) -> Opening:
    """Open a case outside the assignment for the rest of the day, with the reason."""
    _refuse_guide(client, [user_id])
    new = Opening(
        client_id=client.id,
        user_id=user_id,
        reason=reason,
        at=now(),
        until=start_of(today() + timedelta(days=1)),
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "person.open",
        about=[client.id],
        object=new.public_id,
        after={"reason": reason},
    )
    return new


def lock(client: Client) -> None:
    """Hold the person's row, so that what is checked stays so until the commit."""
    hold([client.id])


def _refuse_guide(client: Client, user_ids: Collection[int]) -> None:
    """Whoever supports the person's choice does not handle their case."""
    guiding = select(Invitation.id).where(
        Invitation.client_id == client.id,
        Invitation.guide_id.in_(user_ids),
        Invitation.closed_on.is_(None),
    )
    if db.session.scalars(guiding).first() is not None:
        raise Refused(
            f"Den som är lots i ärende {client.case_number} kan inte också handlägga "
            "det. Välj någon annan eller en annan grupp, eller byt lots först."
        )


def assign(
    *,
    client: Client,
    first_day: date,
    user_id: int | None = None,
    team_id: int | None = None,
    end_day: date | None = None,
) -> Assignment:
    """Make a user or a team responsible beside those who already are."""
    _refuse_guide(client, [user_id] if user_id else members_of(team_id, today()))
    new = Assignment(
        client_id=client.id,
        user_id=user_id,
        team_id=team_id,
        first_day=first_day,
        end_day=end_day,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "assignment.add",
        about=[client.id],
        object=client.public_id,
        after={"user": user_id, "team": team_id, "from": first_day, "to": end_day},
    )
    return new


def hand_over(
    *,
    clients: Collection[Client],
    from_user_id: int | None = None,
    from_team_id: int | None = None,
    to_user_id: int | None = None,
    to_team_id: int | None = None,
    first_day: date,
    end_day: date | None,
) -> int:
    """Give cases to a colleague or a team.

    With an end day it is cover: both hold the case until then. Without one, what
    the giver holds ends on the first day.
    """
    for client in clients:
        if not _holds(client, to_user_id, to_team_id, first_day, end_day):
            assign(
                client=client,
                user_id=to_user_id,
                team_id=to_team_id,
                first_day=first_day,
                end_day=end_day,
            )
        if end_day is None:
            _release(client, from_user_id, from_team_id, first_day)
    return len(clients)


def _holds(
    client: Client,
    user_id: int | None,
    team_id: int | None,
    first_day: date,
    end_day: date | None,
) -> bool:
    """Whether the user or team already has the case for all of the period."""
    held = select(Assignment.id).where(
        Assignment.client_id == client.id,
        _holder(user_id, team_id),
        Assignment.first_day <= first_day,
        Assignment.end_day.is_(None)
        if end_day is None
        else or_(Assignment.end_day.is_(None), Assignment.end_day >= end_day),
    )
    return db.session.scalars(held).first() is not None


def _holder(user_id: int | None, team_id: int | None) -> ColumnElement[bool]:
    return Assignment.user_id == user_id if user_id else Assignment.team_id == team_id


def _release(
    client: Client, user_id: int | None, team_id: int | None, day: date
) -> None:
    """What is held ends; what was to begin that day or later never does."""
    held = db.session.scalars(
        select(Assignment).where(
            Assignment.client_id == client.id,
            _holder(user_id, team_id),
            Assignment.end_day.is_(None) | (Assignment.end_day > day),
        )
    )
    for assignment in held:
        assignment.end_day = max(day, assignment.first_day)
        audit.change(
            "assignment.end",
            about=[client.id],
            object=client.public_id,
            after={"to": assignment.end_day},
        )


def remark(*, client: Client, about: str, text: str, by_id: int) -> Remark:
    """What the person says is wrong; nobody may change it."""
    new = Remark(
        client_id=client.id, about=about, text=text, made_at=now(), made_by_id=by_id
    )
    db.session.add(new)
    db.session.flush()
    audit.change("remark.add", about=[client.id], object=new.public_id)
    return new


def answer_remark(*, remark: Remark, answer: str, by_id: int) -> None:
    if remark.answered_at is not None:
        raise Refused("Någon har redan svarat. Ladda om sidan för att se svaret.")
    remark.answer, remark.answered_at, remark.answered_by_id = answer, now(), by_id
    audit.change("remark.answer", about=[remark.client_id], object=remark.public_id)
