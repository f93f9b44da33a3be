"""Everything the person page shows of a case, and the one next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.choice.models import Choice, Invitation
from lovdv.choice.regrets import is_regretted
from lovdv.extensions import db
from lovdv.needs.models import Level
from lovdv.people import events, progress, queries, renewals
from lovdv.people.models import (
    Client,
    Decision,
    LifeEvent,
    Remark,
)
from lovdv.people.numbers import masked
from lovdv.people.three_months import Clock
from lovdv.placements.facts import first_attended_day
from lovdv.placements.levels import level_held
from lovdv.placements.models import Order, Placement
from lovdv.queues.lines import InLine, standing


@dataclass(frozen=True)
class Case:
    """What is known of a person's case on a day."""

    responsible: str
    caseworkers: str
    assigned: bool
    decision: Decision | None
    clock: Clock | None
    level: Level | None
    choice: Choice | None
    invitation: Invitation | None
    orders: Sequence[Order]
    placements: Sequence[Placement]
    first_attended: date | None
    unit_names: Mapping[int, str]
    events: Sequence[LifeEvent]
    remarks: Sequence[Remark]
    standing: InLine | None

    @property
    def next(self) -> str:
        """The first thing that is missing: '' when all runs."""
        missing = (
            ("decision", self.decision),
            ("level", self.level),
            ("choice", self.choice or self.placements),
            ("order", self.placements or self.orders),
            ("answer", self.placements),
        )
        return next((name for name, found in missing if not found), "")

    @property
    def chain(self) -> list[tuple[str, str]]:
        """From decision to the first attended day: done, current or todo."""
        done = (
            ("Beslut", self.decision),
            ("Nivå", self.level),
            ("Val", self.choice or self.placements),
            ("Plats", self.placements),
            ("Igång", self.first_attended),
        )
        steps, current = [], "current"
        for word, found in done:
            steps.append((word, "done" if found else current))
            current = current if found else "todo"
        return steps


def case(client: Client, actor: Actor, on: date) -> Case:
    in_force = queries.decisions_in_force(client, on)
    decision = in_force[0] if in_force else None
    placements = placements_of(client.id, on)
    choice = present_choice(client.id, decision, on)
    orders = _orders(client.id)
    invitations = events.invitations_of(client)
    attended = first_attended_day([decision.id]) if decision else {}
    return Case(
        responsible=queries.responsible([client.id], on).get(client.id, ""),
        caseworkers=queries.caseworkers(client.id, on),
        assigned=_is_assigned(client, actor),
        decision=decision,
        clock=progress.clocks([decision], on).get(decision.id) if decision else None,
        level=level_on(decision.id, on) if decision else None,
        choice=choice,
        invitation=invitations[0] if invitations else None,
        orders=orders,
        placements=placements,
        first_attended=attended.get(decision.id) if decision else None,
        unit_names=_units(client, placements, choice, orders),
        events=queries.events_of(client),
        remarks=queries.remarks_of(client),
        standing=standing(client.id),
    )


def _is_assigned(client: Client, actor: Actor) -> bool:
    mine = select(Client.id).where(Client.id == client.id, queries.assigned_to(actor))
    return db.session.scalar(mine) is not None


def level_on(decision_id: int, on: date) -> Level | None:
    """The level that holds on a day, or else the one that begins next."""
    coming = (
        select(Level)
        .where(Level.decision_id == decision_id, Level.first_day > on)
        .order_by(Level.first_day, Level.revision.desc())
        .limit(1)
    )
    return level_held(decision_id, on) or db.session.scalars(coming).first()


def placements_of(client_id: int, on: date) -> Sequence[Placement]:
    """Placements that hold on a day or are to begin, the first first."""
    return db.session.scalars(
        select(Placement)
        .where(
            Placement.client_id == client_id,
            Placement.annulled_at.is_(None),
            Placement.end_day.is_(None) | (Placement.end_day > on),
        )
        .order_by(Placement.first_day, Placement.id)
    ).all()


def present_choice(
    client_id: int, decision: Decision | None, on: date
) -> Choice | None:
    """The latest choice under the decision, until the place it gave has ended."""
    if decision is None:
        return None
    earlier = renewals.before([decision.id]).get(decision.id, ())
    latest = db.session.scalars(
        select(Choice)
        .where(
            Choice.client_id == client_id,
            Choice.decision_id.in_((decision.id, *earlier)),
        )
        .order_by(Choice.registered_at.desc(), Choice.id.desc())
        .limit(1)
    ).first()
    if latest is None or is_regretted(latest) or _is_over(latest, on):
        return None
    return latest


def _is_over(choice: Choice, on: date) -> bool:
    ended = select(Placement.id).where(
        Placement.client_id == choice.client_id,
        Placement.unit_id == choice.unit_id,
        Placement.annulled_at.is_(None),
        Placement.recorded_at >= choice.registered_at,
        Placement.end_day <= on,
    )
    return db.session.scalars(ended).first() is not None


def _orders(client_id: int) -> Sequence[Order]:
    return db.session.scalars(
        select(Order)
        .where(Order.client_id == client_id, Order.status == "sent")
        .order_by(Order.sent_at)
    ).all()


def _units(
    client: Client,
    placements: Sequence[Placement],
    choice: Choice | None,
    orders: Sequence[Order],
) -> Mapping[int, str]:
    offers = [offer for decision in client.decisions for offer in decision.offers]
    wanted = {row.unit_id for row in (*placements, *orders, *offers)}
    if choice is not None and choice.unit_id is not None:
        wanted.add(choice.unit_id)
    return progress.unit_names(wanted)


def masked_numbers(client: Client) -> list[tuple[str, str, date]]:
    """Every number the person has or has had: kind, masked text, first day."""
    return [
        (n.kind, masked(n.kind, queries.number_text(n)), n.first_day)
        for n in client.numbers
    ]
