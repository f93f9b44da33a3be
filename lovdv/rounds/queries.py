"""Reading whom a round would ask, and what those who were asked answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lovdv.access import Actor, Permission
from lovdv.choice.invitations import decision_to_choose_for
from lovdv.choice.models import Choice, Invitation
from lovdv.choice.regrets import regretted
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.people.scope import visible_people
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.rounds.models import IntroductionRound, RoundInvitation
from lovdv.rounds.words import ANSWERS, LEFT_OUT
from lovdv.systems.models import ChoiceSystem


@dataclass(frozen=True)
class Placed:
    """Somebody with a place; `left_out` says why they are not asked."""

    client: Client
    unit: Unit
    decision: Decision | None
    left_out: str = ""


@dataclass(frozen=True)
class Preview:
    """Whom a round asks, and who is left out."""

    rows: Sequence[Placed]

    @property
    def asked(self) -> list[Placed]:
        return [row for row in self.rows if not row.left_out]

    @property
    def left_out(self) -> list[Placed]:
        return [row for row in self.rows if row.left_out]

    @property
    def reasons(self) -> dict[str, int]:
        """How many are left out for which reason."""
        return {
            words: count
            for key, words in LEFT_OUT.items()
            if (count := sum(row.left_out == key for row in self.rows))
        }


def _people(actor: Actor) -> Select[tuple[int]]:
    return visible_people(actor).with_only_columns(Client.id)


def units_with_places(actor: Actor, system: ChoiceSystem) -> Sequence[Unit]:
    """The units where the actor's people have places today."""
    held = _places(actor, system).with_only_columns(Placement.unit_id)
    return db.session.scalars(
        select(Unit)
        .where(Unit.id.in_(held.order_by(None)))
        .options(joinedload(Unit.provider))
        .order_by(Unit.sort_key)
    ).all()


def _places(actor: Actor, system: ChoiceSystem) -> Select[tuple[Placement]]:
    return (
        select(Placement)
        .join(Client, Client.id == Placement.client_id)
        .where(
            Placement.choice_system_id == system.id,
            Placement.annulled_at.is_(None),
            in_period(today(), Placement.first_day, Placement.end_day),
            Placement.client_id.in_(_people(actor)),
            Client.died_on.is_(None),
        )
        .order_by(Client.sort_key, Placement.id)
    )


def preview(actor: Actor, system: ChoiceSystem, units: Collection[str]) -> Preview:
    """The actor's people with a place; at the units, or anywhere when none is named."""
    query = _places(actor, system).options(
        joinedload(Placement.client), joinedload(Placement.unit)
    )
    if units:
        query = query.join(Unit, Unit.id == Placement.unit_id).where(
            Unit.public_id.in_(units)
        )
    by_client: dict[int, Placement] = {}
    for placement in db.session.scalars(query):
        by_client.setdefault(placement.client_id, placement)
    waiting, asked = _waiting(by_client), _asked_before(by_client, system)
    return Preview([_placed(one, waiting, asked) for one in by_client.values()])


def _waiting(client_ids: Collection[int]) -> set[int]:
    """Who has an invitation that waits; nobody has two, whatever they are about."""
    return set(
        db.session.scalars(
            select(Invitation.client_id).where(
                Invitation.client_id.in_(list(client_ids)),
                Invitation.closed_on.is_(None),
            )
        )
    )


def _asked_before(client_ids: Collection[int], system: ChoiceSystem) -> set[int]:
    """Who has been in a round of the same choice system."""
    return set(
        db.session.scalars(
            select(Invitation.client_id)
            .join(RoundInvitation, RoundInvitation.invitation_id == Invitation.id)
            .join(IntroductionRound, IntroductionRound.id == RoundInvitation.round_id)
            .where(
                Invitation.client_id.in_(list(client_ids)),
                IntroductionRound.choice_system_id == system.id,
            )
        )
    )


def _placed(placement: Placement, waiting: set[int], asked: set[int]) -> Placed:
    """Asked about the decision that the place rests on, or has been renewed by."""
    client = placement.client
    decision = decision_to_choose_for(
        client, today(), system=placement.choice_system_id
    )
    holds = decision is not None and decision.first_day <= today()
    why = ""
    if client.id in waiting:
        why = "open"
    elif client.id in asked:
        why = "asked"
    elif not holds:
        why = "decision"
    elif placement.end_day is not None:
        why = "ending"
    elif client.protected:
        why = "protected"
    return Placed(client, placement.unit, decision, why)


# Rounds that have begun


@dataclass(frozen=True)
class Answer:
    """One who was asked, and what became of it."""

    invitation: Invitation
    choice: Choice | None

    @property
    def state(self) -> str:
        if self.choice is None:
            late = self.invitation.answer_by < today()
            return "outcome" if self.invitation.closed_on else _waits(late=late)
        if self.choice.kind in ("stay", "silent"):
            return self.choice.kind
        return "other" if self.choice.unit_id else "outcome"


def _waits(*, late: bool) -> str:
    return "late" if late else "waiting"


def _rounds(actor: Actor) -> Select[tuple[IntroductionRound]]:
    """Every round for those who lead the system; for others those of their people."""
    found = (
        select(IntroductionRound)
        .join(ChoiceSystem, ChoiceSystem.id == IntroductionRound.choice_system_id)
        .where(ChoiceSystem.municipality_id == actor.municipality_id)
        .options(
            joinedload(IntroductionRound.begun_by),
            joinedload(IntroductionRound.choice_system),
        )
        .order_by(IntroductionRound.id.desc())
    )
    if actor.may(Permission.SYSTEM_WRITE):
        return found
    mine = (
        select(RoundInvitation.round_id)
        .join(Invitation, Invitation.id == RoundInvitation.invitation_id)
        .where(Invitation.client_id.in_(_people(actor)))
    )
    return found.where(IntroductionRound.id.in_(mine))


def rounds(actor: Actor) -> Sequence[IntroductionRound]:
    return db.session.scalars(_rounds(actor)).all()


def round_of(actor: Actor, public_id: str) -> IntroductionRound:
    """Else NoResultFound (404)."""
    return db.session.scalars(
        _rounds(actor).where(IntroductionRound.public_id == public_id)
    ).one()


def answers(found: IntroductionRound) -> list[Answer]:
    """Everyone who was asked, to be counted."""
    return _answers(_invitations(found))


def own_answers(actor: Actor, found: IntroductionRound) -> list[Answer]:
    """The actor's own people among them."""
    return _answers(_invitations(found).where(Invitation.client_id.in_(_people(actor))))


def _invitations(found: IntroductionRound) -> Select[tuple[Invitation]]:
    return (
        select(Invitation)
        .join(RoundInvitation, RoundInvitation.invitation_id == Invitation.id)
        .join(Client, Client.id == Invitation.client_id)
        .where(RoundInvitation.round_id == found.id)
        .options(joinedload(Invitation.client))
        .order_by(Client.sort_key, Invitation.id)
    )


def _answers(query: Select[tuple[Invitation]]) -> list[Answer]:
    asked = db.session.scalars(query).all()
    made = db.session.scalars(
        select(Choice)
        .where(
            Choice.invitation_id.in_([each.id for each in asked]),
            Choice.id.not_in(regretted()),
        )
        .options(joinedload(Choice.unit))
        .order_by(Choice.id)
    )
    by_invitation = {choice.invitation_id: choice for choice in made}
    return [Answer(each, by_invitation.get(each.id)) for each in asked]


def counted(rows: Sequence[Answer]) -> dict[str, int]:
    """How many answered what, all kinds named."""
    return {
        words: sum(row.state == key for row in rows)
        for key, (words, _) in ANSWERS.items()
    }
