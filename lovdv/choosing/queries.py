"""Reading how far a person has come, and the units that the answers leave first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lovdv.access import Actor
from lovdv.choice import invitations, listing, ordering, snapshot
from lovdv.choice.models import Choice
from lovdv.choice.overview import Entry
from lovdv.choice.queries import saved_units
from lovdv.choice.regrets import CHOSEN
from lovdv.choice.snapshot import Offer
from lovdv.choosing.models import StepAnswers
from lovdv.extensions import db
from lovdv.people.models import Client, Decision


@dataclass(frozen=True)
class Looked:
    """The units in the person's own order: those that fit, and all of them."""

    offer: Offer
    fitting: listing.Comparison
    all: listing.Comparison
    saved: frozenset[str]

    @property
    def narrowed(self) -> bool:
        return len(self.fitting.entries) < len(self.all.entries)

    @property
    def kept(self) -> list[Entry]:
        """Those that the person has saved, in the same order as everywhere."""
        return [each for each in self.all.entries if each.public_id in self.saved]

    @property
    def gone(self) -> int:
        """How many of the saved ones nobody can choose any longer."""
        return len(self.saved) - len(self.kept)


def answers_of(client_id: int) -> StepAnswers | None:
    return db.session.scalars(
        select(StepAnswers).where(StepAnswers.client_id == client_id)
    ).first()


def look(
    client: Client, decision: Decision, answers: StepAnswers | None
) -> Looked | None:
    """What the person's answers leave; None while the choice system is not open."""
    offer = _offer(decision.choice_system_id)
    if offer is None:
        return None
    seed = ordering.seed_for(client.public_id)
    return Looked(
        offer,
        listing.compare(offer, seed, wish_of(answers)),
        listing.compare(offer, seed, listing.Wish()),
        frozenset(saved_units(client.id)),
    )


def _offer(choice_system_id: int) -> Offer | None:
    offers: Sequence[Offer] = snapshot.site().offers
    return next((each for each in offers if each.id == choice_system_id), None)


def wish_of(answers: StepAnswers | None) -> listing.Wish:
    if answers is None:
        return listing.Wish()
    return listing.Wish(area=answers.area, ticked=answers.ticked)


def shown_by_steps(client: Client, decision: Decision) -> Mapping[str, object]:
    """What the questions showed first, to be kept with the choice."""
    looked = look(client, decision, answers_of(client.id))
    if looked is None:
        return {}
    first = [each.public_id for each in looked.fitting.entries]
    return {"way": "steps", "shown_first": first}


def choice_heard(actor: Actor, public_id: str) -> Choice:
    """A choice whose regret the actor may write down; else NoResultFound (404)."""
    return db.session.scalars(
        select(Choice)
        .join(Client, Client.id == Choice.client_id)
        .where(
            invitations.heard_by(actor, Choice.client_id),
            Choice.public_id == public_id,
            Choice.kind.in_(CHOSEN),
            Client.died_on.is_(None),
        )
        .options(joinedload(Choice.unit))
    ).one()
