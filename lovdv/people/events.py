"""What a life event would end and cancel, said before anything is done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from lovdv.choice.models import Invitation, QueueEntry
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.people import renewals
from lovdv.people.models import Client, Decision, Mandate, Offer, Supporter
from lovdv.people.queries import decisions_in_force
from lovdv.placements.models import Order, Placement
from lovdv.providers.models import Unit

# Events that end daglig verksamhet, and the reason that is given for the end.
ENDING = {
    "death": "deceased",
    "move": "moved",
    "work": "work",
    "studies": "studies",
    "pension": "pension",
}


@dataclass(frozen=True)
class Proposal:
    """What follows if the caseworker says yes."""

    kind: str
    day: date
    end_day: date | None  # the first day without daglig verksamhet; None: no end
    decisions: Sequence[Decision] = ()
    placements: Sequence[tuple[Placement, str]] = ()
    orders: Sequence[tuple[Order, str]] = ()
    offers: Sequence[tuple[Offer, str]] = ()
    queue: Sequence[tuple[QueueEntry, str]] = ()
    invitations: Sequence[Invitation] = ()
    mandates: Sequence[Mandate] = ()
    supporters: Sequence[Supporter] = ()
    because: str = ""
    nameless: bool = False  # the person's identity is protected, so the circle's is

    @property
    def reason(self) -> str:
        return self.because or ENDING.get(self.kind, "")

    @property
    def field(self) -> str:
        """Where the day was typed: the end of one decision has a form of its own."""
        return "last_day" if self.because else "day"

    @property
    def lines(self) -> list[str]:
        """Each thing that will happen, as a sentence."""
        if self.end_day is None:
            return []
        last = day_text(self.end_day - timedelta(days=1))
        return [
            *(f"Beslut {d.reference} avslutas {last}." for d in self.decisions),
            *(
                f"Placering {p.number} vid {unit} avslutas {last}."
                if p.first_day < self.end_day
                else self._undone(p, unit)
                for p, unit in self.placements
            ),
            *(f"Beställningen till {unit} dras tillbaka." for _, unit in self.orders),
            *(f"Erbjudandet från {unit} dras tillbaka." for _, unit in self.offers),
            *(f"Personen tas bort ur kön till {unit}." for _, unit in self.queue),
            *("Inbjudan att välja avslutas." for _ in self.invitations),
            *(
                f"{self._called('Uppdraget för', m.name, 'En företrädares uppdrag')}"
                f" avslutas {last}."
                for m in self.mandates
            ),
            *(
                f"{self._called('Stödpersonen', s.name, 'En stödperson')} avslutas."
                for s in self.supporters
            ),
        ]

    def _undone(self, placement: Placement, unit: str) -> str:
        begun = placement.first_day <= today()
        how = (
            f"som började {day_text(placement.first_day)} men där ingen dag är "
            "rapporterad som närvarande eller betald"
            if begun
            else "som inte har börjat"
        )
        return f"Placering {placement.number} vid {unit}, {how}, tas bort."

    def _called(self, what: str, name: str, nameless: str) -> str:
        return nameless if self.nameless else f"{what} {name}"


def last_day_of(kind: str, day: date) -> date:
    """The last day of daglig verksamhet: the day of a death, else the day before."""
    return day if kind == "death" else day - timedelta(days=1)


def proposal(client: Client, kind: str, day: date) -> Proposal:
    if kind not in ENDING:
        return Proposal(kind, day, None)
    return ending(client, kind, day, last_day_of(kind, day) + timedelta(days=1))


def ending(client: Client, kind: str, day: date, end_day: date) -> Proposal:
    """What an end of all daglig verksamhet from a day would take with it."""
    dead = kind == "death"
    return Proposal(
        kind,
        day,
        end_day,
        decisions=[
            d
            for d in decisions_in_force(client, end_day - timedelta(days=1))
            if d.end_day is None or d.end_day > end_day
        ],
        nameless=client.protected,
        placements=_placements(client, end_day),
        orders=_orders(client),
        offers=_offers(client),
        queue=queue_of(client),
        invitations=invitations_of(client),
        mandates=[m for m in client.mandates if _open(m.end_day, end_day)]
        if dead
        else (),
        supporters=[s for s in client.supporters if _open(s.end_day, end_day)]
        if dead
        else (),
    )


def _open(end: date | None, day: date) -> bool:
    return end is None or end > day


def _placements(client: Client, end_day: date) -> list[tuple[Placement, str]]:
    rows = db.session.execute(
        select(Placement, Unit.name)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(
            Placement.client_id == client.id,
            Placement.annulled_at.is_(None),
            Placement.end_day.is_(None) | (Placement.end_day > end_day),
        )
        .order_by(Placement.first_day)
    )
    return [(placement, unit) for placement, unit in rows]


def _orders(client: Client) -> list[tuple[Order, str]]:
    rows = db.session.execute(
        select(Order, Unit.name)
        .join(Unit, Unit.id == Order.unit_id)
        .where(Order.client_id == client.id, Order.status == "sent")
    )
    return [(order, unit) for order, unit in rows]


def _offers(client: Client) -> list[tuple[Offer, str]]:
    """Those that wait and that no order carries with it."""
    ordered = select(Order.id).where(
        Order.decision_id == Offer.decision_id,
        Order.unit_id == Offer.unit_id,
        Order.status == "sent",
    )
    rows = db.session.execute(
        select(Offer, Unit.name)
        .join(Unit, Unit.id == Offer.unit_id)
        .join(Decision, Decision.id == Offer.decision_id)
        .where(
            Decision.client_id == client.id,
            Offer.answer == "waiting",
            ~ordered.exists(),
        )
    )
    return [(offer, unit) for offer, unit in rows]


def queue_of(client: Client) -> list[tuple[QueueEntry, str]]:
    rows = db.session.execute(
        select(QueueEntry, Unit.name)
        .join(Unit, Unit.id == QueueEntry.unit_id)
        .where(QueueEntry.client_id == client.id, QueueEntry.ended_at.is_(None))
    )
    return [(entry, unit) for entry, unit in rows]


def invitations_of(client: Client) -> Sequence[Invitation]:
    return db.session.scalars(
        select(Invitation).where(
            Invitation.client_id == client.id, Invitation.closed_on.is_(None)
        )
    ).all()


def end_of_decision(
    client: Client, decision: Decision, end_day: date, reason: str
) -> Proposal:
    """What the end of one decision takes with it: all that rests on it.

    A place that was ordered under an earlier decision rests on the one that follows.
    """
    whole = ending(client, reason, end_day, end_day)
    earlier = renewals.before([decision.id]).get(decision.id, ())
    rest = [d for d in whole.decisions if d.id != decision.id]
    return replace(
        whole,
        because=reason,
        decisions=[decision],
        placements=[
            (p, unit)
            for p, unit in whole.placements
            if p.decision_id in (decision.id, *earlier)
        ],
        queue=() if rest else whole.queue,
        invitations=[i for i in whole.invitations if i.decision_id == decision.id],
        orders=[(o, u) for o, u in whole.orders if o.decision_id == decision.id],
        offers=[(o, u) for o, u in whole.offers if o.decision_id == decision.id],
        mandates=(),
        supporters=(),
    )
