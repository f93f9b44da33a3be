"""Reading letters, ways of reading, and who has a letter to come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lovdv.access import Actor, Permission
from lovdv.choice.invitations import (
    case_invitations,
    kept_choice,
    open_invitation,
    own_persons,
)
from lovdv.choice.models import Choice, Invitation
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.letters.models import Letter, LetterSent, ReadingWay
from lovdv.letters.words import DEFAULT
from lovdv.people.models import Client
from lovdv.people.names import spoken_name
from lovdv.people.scope import visible_people
from lovdv.start import Waiting
from lovdv.systems.queries import rule

LATELY = timedelta(days=365)


@dataclass(frozen=True)
class ToWrite:
    """A letter that somebody should have; `remind_day` when it is a reminder."""

    invitation: Invitation
    kind: str
    remind_day: date | None = None
    choice: Choice | None = None

    @property
    def client(self) -> Client:
        return self.invitation.client


@dataclass(frozen=True)
class Piles:
    """What waits, and those who are left out of the bulk since they are protected."""

    reminders: list[ToWrite]
    arranged: list[ToWrite]
    unwritten: list[ToWrite]

    def pile(self, name: str) -> list[ToWrite]:
        """reminders, arranged or unwritten: those who can be written to together."""
        rows: list[ToWrite] = getattr(self, name)
        return [each for each in rows if not each.client.protected]

    @property
    def everyone(self) -> list[ToWrite]:
        return [*self.reminders, *self.arranged, *self.unwritten]

    @property
    def protected(self) -> list[ToWrite]:
        return [each for each in self.everyone if each.client.protected]


def piles(actor: Actor) -> Piles:
    """The letters that the actor's people should have, the nearest answer first."""
    waiting = case_invitations(actor)
    return Piles(_to_remind(waiting), _arranged(actor), _unwritten(waiting))


def _to_remind(waiting: Sequence[Invitation]) -> list[ToWrite]:
    due = [(each, reminder_day(each)) for each in waiting]
    asked = [each.id for each, day in due if day is not None]
    made = {(row.invitation_id, row.remind_day) for row in _letters(asked)}
    return [
        ToWrite(each, "reminder", day)
        for each, day in due
        if day is not None and (each.id, day) not in made
    ]


def reminder_day(invitation: Invitation) -> date | None:
    """The last day to remind that has come, while there is still time to answer."""
    if invitation.closed_on is not None or invitation.answer_by < today():
        return None
    days = rule(invitation.decision.choice_system_id, "choice", today())
    before = days["remind_days_before"]
    assert isinstance(before, list)
    came = [invitation.answer_by - timedelta(days=count) for count in before]
    found = [day for day in came if invitation.sent_on < day <= today()]
    if not found or kept_choice(invitation) is not None:
        return None  # they have chosen, and need not answer again
    return max(found)


def _arranged(actor: Actor) -> list[ToWrite]:
    """Places that the municipality has arranged and no letter has told of."""
    told = select(Letter.choice_id).where(
        Letter.choice_id.is_not(None), Letter.kind == "no_choice"
    )
    later = select(func.max(Choice.id)).group_by(Choice.client_id)
    rows = db.session.execute(
        select(Choice, Invitation)
        .join(Invitation, Invitation.id == Choice.invitation_id)
        .join(Client, Client.id == Choice.client_id)
        .where(
            Choice.kind == "no_choice",
            Choice.id.in_(later),
            Choice.id.not_in(told),
            Client.id.in_(_people(actor)),
            Client.died_on.is_(None),
            Invitation.closed_on >= today() - LATELY,
        )
        .options(joinedload(Invitation.client), joinedload(Invitation.decision))
        .order_by(Choice.registered_at)
    )
    return [ToWrite(asked, "no_choice", choice=choice) for choice, asked in rows]


def _unwritten(waiting: Sequence[Invitation]) -> list[ToWrite]:
    """Those who are invited and have had no letter about what it is about now."""
    made = {(row.invitation_id, row.kind) for row in _letters([w.id for w in waiting])}
    found = [(each, letter_kind(each)) for each in waiting]
    return [
        ToWrite(each, kind)
        for each, kind in found
        if (each.id, kind) not in made and each.answer_by >= today()
    ]


def letter_kind(invitation: Invitation) -> str:
    kind = invitation.kind
    return kind if kind in ("provider_left", "introduction") else "invitation"


def _people(actor: Actor) -> Select[tuple[int]]:
    return visible_people(actor).with_only_columns(Client.id)


def _letters(invitation_ids: Collection[int]) -> Sequence[Letter]:
    return db.session.scalars(
        select(Letter).where(Letter.invitation_id.in_(invitation_ids))
    ).all()


def letters_of(invitation_id: int) -> Sequence[Letter]:
    """Every letter about an invitation, the first first."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.invitation_id == invitation_id)
        .options(joinedload(Letter.made_by), joinedload(Letter.sent))
        .order_by(Letter.id)
    ).all()


def letter(actor: Actor, public_id: str) -> Letter:
    """A letter to one of the actor's people; else NoResultFound (404)."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.public_id == public_id, Letter.client_id.in_(_people(actor)))
        .options(
            joinedload(Letter.client),
            joinedload(Letter.invitation),
            joinedload(Letter.made_by),
            joinedload(Letter.sent),
        )
    ).one()


def batch(actor: Actor, name: str) -> Sequence[Letter]:
    """Letters that were made together, of the actor's people."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.batch == name, Letter.client_id.in_(_people(actor)))
        .options(joinedload(Letter.client), joinedload(Letter.sent))
        .order_by(Letter.id)
    ).all()


def invitation_of(actor: Actor, public_id: str) -> Invitation:
    """An invitation of one of the actor's people, closed ones too; else 404."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.public_id == public_id, Invitation.client_id.in_(_people(actor))
        )
        .options(joinedload(Invitation.client), joinedload(Invitation.decision))
    ).one()


def arranged_choice(invitation: Invitation) -> Choice | None:
    """What the municipality arranged when the invitation was not answered.

    None when the person has chosen since, or something else has become of it.
    """
    latest = select(func.max(Choice.id)).where(Choice.client_id == invitation.client_id)
    return db.session.scalars(
        select(Choice)
        .where(
            Choice.invitation_id == invitation.id,
            Choice.kind == "no_choice",
            Choice.id == latest.scalar_subquery(),
        )
        .options(joinedload(Choice.unit))
    ).first()


def to_write(invitation: Invitation, kind: str) -> ToWrite:
    """A letter of the kind, with what it would tell of."""
    due = reminder_day(invitation) if kind == "reminder" else None
    choice = arranged_choice(invitation) if kind == "no_choice" else None
    return ToWrite(invitation, kind, due, choice)


def own_letters(client_id: int) -> Sequence[Letter]:
    """The letters that a person has been sent, the latest first."""
    return db.session.scalars(
        select(Letter)
        .where(
            Letter.client_id == client_id,
            Letter.id.in_(select(LetterSent.letter_id)),
        )
        .order_by(Letter.id.desc())
    ).all()


def own_letter(client_id: int, public_id: str) -> Letter:
    """One of them; else NoResultFound (404)."""
    return db.session.scalars(
        select(Letter).where(
            Letter.client_id == client_id,
            Letter.public_id == public_id,
            Letter.id.in_(select(LetterSent.letter_id)),
        )
    ).one()


def way_of(client_id: int) -> str:
    """How the person wants letters; easy read with pictures until something is said."""
    found = db.session.scalar(
        select(ReadingWay.way)
        .where(ReadingWay.client_id == client_id)
        .order_by(ReadingWay.id.desc())
        .limit(1)
    )
    return found or DEFAULT


# The start page


def waiting(actor: Actor) -> Sequence[Waiting]:
    found: list[Waiting] = []
    if actor.may(Permission.CHOICE_PLACE):
        found += _waiting_letters(piles(actor))
    if actor.may(Permission.CHOICE_OWN):
        found += _waiting_own(actor)
    return found


def _waiting_letters(found: Piles) -> list[Waiting]:
    rows = (
        ("Personer att påminna om valet", found.reminders),
        ("Brev att göra om en plats som är ordnad", found.arranged),
    )
    return [
        Waiting(
            title,
            "letters.index",
            count=len(pile),
            due=min((each.invitation.answer_by for each in pile), default=None)
            if pile is found.reminders
            else None,
        )
        for title, pile in rows
        if pile
    ]


def _waiting_own(actor: Actor) -> list[Waiting]:
    found = []
    for client in own_persons(actor):
        invitation = open_invitation(client.id)
        if invitation is not None and reminder_day(invitation) is not None:
            mine = client.id == actor.client_id
            name = spoken_name(client, actor)
            said = "Du har inte valt än." if mine else f"Än har {name} inte valt."
            found.append(
                Waiting(
                    "Kom ihåg att svara",
                    "choice.own_person",
                    text=f"{said} Det finns fortfarande tid.",
                    due=invitation.answer_by,
                    values=(("public_id", client.public_id),),
                )
            )
    return found
