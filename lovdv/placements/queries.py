"""Reading orders and placements, and what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.choice.models import Choice
from lovdv.choice.regrets import regretted_among
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.people.names import listed_key
from lovdv.placements import due
from lovdv.placements.facts import MonthFacts, first_attended_day, month_facts
from lovdv.placements.models import (
    Order,
    OrderChange,
    Pause,
    Placement,
    WeekPlan,
    Workplace,
)
from lovdv.placements.occupancy import occupancy
from lovdv.placements.scope import (
    is_at_unit,
    orders_at_unit,
    orders_of_people,
    orders_seen,
    people_of,
    placements_at_unit,
    placements_of_people,
    placements_seen,
)
from lovdv.providers.models import Unit
from lovdv.providers.queries import units_leaving
from lovdv.queues.lines import lines
from lovdv.start import Waiting

__all__ = ["MonthFacts", "first_attended_day", "month_facts", "occupancy"]

ORDERED_BY = ("chosen", "rechoice", "no_choice")
ANSWERS_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class ListedOrder:
    """An order as lists show it; `changes` when it is about new times."""

    order: Order
    changes: bool
    overdue: bool

    @property
    def rank(self) -> tuple[int, date]:
        """Overdue first, then what waits, then what the unit said no to."""
        if self.order.status == "sent":
            return (0 if self.overdue else 1, self.order.answer_by)
        return (2 if self.order.status == "declined" else 3, self.order.wanted_start)


@dataclass(frozen=True)
class ToOrder:
    """A choice that nobody has ordered a place for yet."""

    choice: Choice
    client: Client
    unit: Unit

    @property
    def first_day(self) -> date:
        """The first day that the notice rule allows; for most, any day."""
        return self.choice.effective_day or date.min

    @property
    def start(self) -> date | None:
        """The day to order: as the person wants, but not before the notice is out."""
        return max(
            filter(None, (self.choice.wanted_start, self.choice.effective_day)),
            default=None,
        )


def orders(actor: Actor) -> list[ListedOrder]:
    """Those that wait, and those answered lately, the most urgent first."""
    rows = db.session.scalars(
        select(Order)
        .where(
            orders_seen(actor),
            or_(Order.status == "sent", Order.answered_at > due.ago(ANSWERS_SHOWN)),
        )
        .options(
            joinedload(Order.client), joinedload(Order.unit), joinedload(Order.about)
        )
    )
    return sorted((listed(order) for order in rows), key=lambda found: found.rank)


def listed(order: Order) -> ListedOrder:
    return ListedOrder(
        order,
        changes=order.about is not None and order.about.kind == "plan",
        overdue=order.status == "sent" and order.answer_by < today(),
    )


def is_unsolved(order: Order, among: Sequence[ListedOrder]) -> bool:
    """Declined, and the person has had no order since."""
    return order.status == "declined" and not any(
        each.order.client_id == order.client_id and each.order.sent_at > order.sent_at
        for each in among
    )


def order(actor: Actor, public_id: str) -> Order:
    return _one_order(orders_seen(actor), public_id)


def order_to_answer(actor: Actor, public_id: str) -> Order:
    return _one_order(orders_at_unit(actor), public_id)


def choice_behind(order: Order) -> Choice | None:
    return order.choice_id and db.session.get(Choice, order.choice_id)


def may_answer(actor: Actor, order: Order) -> bool:
    """Whether the order waits for the answer of the actor's own unit."""
    own = is_at_unit(actor) and order.unit_id == actor.unit_id
    return own and order.status == "sent"


def order_to_manage(actor: Actor, public_id: str) -> Order:
    return _one_order(orders_of_people(actor), public_id)


def _one_order(seen: ColumnElement[bool], public_id: str) -> Order:
    return db.session.scalars(
        select(Order)
        .where(seen, Order.public_id == public_id)
        .options(
            joinedload(Order.client),
            joinedload(Order.unit),
            joinedload(Order.about).joinedload(OrderChange.placement),
        )
    ).one()


def placement_of_order(order: Order) -> Placement | None:
    """What the order became, or the placement whose times it changes."""
    if order.about is not None and order.about.kind == "plan":
        return order.about.placement
    return db.session.scalars(
        select(Placement).where(Placement.order_id == order.id)
    ).first()


def placements(actor: Actor, *, ended: bool = False) -> Sequence[Placement]:
    """The placements that the actor sees today, by name; or those that have ended."""
    day = today()
    has_ended = Placement.end_day <= day
    return sorted(
        db.session.scalars(
            _placements(placements_seen(actor)).where(
                Placement.annulled_at.is_(None),
                has_ended if ended else or_(Placement.end_day.is_(None), ~has_ended),
            )
        ),
        key=lambda found: (listed_key(found.client), found.first_day),
    )


def _placements(seen: ColumnElement[bool]) -> Select[tuple[Placement]]:
    return (
        select(Placement)
        .where(seen)
        .options(
            joinedload(Placement.client),
            joinedload(Placement.unit),
            selectinload(Placement.week_plans),
            selectinload(Placement.pauses),
        )
    )


def placement(actor: Actor, public_id: str) -> Placement:
    return _one_placement(placements_seen(actor), public_id)


def placement_at_unit(actor: Actor, public_id: str) -> Placement:
    return _one_placement(placements_at_unit(actor), public_id)


def placement_to_manage(actor: Actor, public_id: str) -> Placement:
    return _one_placement(placements_of_people(actor), public_id)


def _one_placement(seen: ColumnElement[bool], public_id: str) -> Placement:
    return db.session.scalars(
        _placements(seen)
        .where(Placement.public_id == public_id)
        .options(joinedload(Placement.workplace), joinedload(Placement.order))
    ).one()


def placements_of(client_id: int, on: date) -> Sequence[Placement]:
    """A person's placements that go on, or begin later; the first first."""
    return db.session.scalars(
        _placements(Placement.client_id == client_id)
        .where(
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > on),
        )
        .order_by(Placement.first_day)
    ).all()


def decisions_to_order(client_id: int, on: date) -> Sequence[Decision]:
    """Decisions that are carried out: in force or appealed, and not yet ended."""
    return db.session.scalars(
        _decisions_on(on)
        .where(Decision.client_id == client_id)
        .order_by(Decision.first_day)
    ).all()


def _decisions_on(day: date) -> Select[tuple[Decision]]:
    return select(Decision).where(
        Decision.status.in_(HOLDING),
        or_(Decision.end_day.is_(None), Decision.end_day > day),
    )


def choice_of(client_id: int, public_id: str) -> ToOrder:
    """A person's choice that places, else NoResultFound (404)."""
    row = db.session.execute(
        _choices(
            (Choice.client_id == client_id)
            & (Choice.public_id == public_id)
            & Choice.kind.in_(ORDERED_BY)
        )
    ).one()
    return ToOrder(*row)


def choices_to_order(actor: Actor) -> list[ToOrder]:
    """The latest choice of each of the actor's people, when nothing came of it yet."""
    rows = db.session.execute(
        _choices(Choice.client_id.in_(people_of(actor))).order_by(
            Choice.registered_at, Choice.id
        )
    )
    decided = _decisions_on(today()).where(Decision.client_id.in_(people_of(actor)))
    columns = Decision.client_id, Decision.choice_system_id
    going_on = {
        tuple(row) for row in db.session.execute(decided.with_only_columns(*columns))
    }
    newest = {row.Choice.client_id: ToOrder(*row) for row in rows}
    waiting = [found for found in newest.values() if found.choice.kind in ORDERED_BY]
    taken_back = regretted_among([found.choice.id for found in waiting])
    waiting = [found for found in waiting if found.choice.id not in taken_back]
    choices = [found.choice for found in waiting]
    ordered, placed = _ordered(choices), _placed(choices)
    queued = _in_line({found.choice.unit_id for found in waiting}, actor)
    leaving = units_leaving(today())
    return [
        found
        for found in waiting
        if found.choice.id not in ordered
        and (found.choice.client_id, found.choice.choice_system_id) in going_on
        and (found.choice.client_id, found.choice.unit_id) not in placed
        and (found.choice.client_id, found.choice.unit_id) not in queued
        and (found.choice.unit_id, found.choice.choice_system_id) not in leaving
    ]


def _in_line(unit_ids: set[int | None], actor: Actor) -> set[tuple[int, int]]:
    """Who waits in which queue, and so is offered a place before it is ordered."""
    found = lines([each for each in unit_ids if each], actor.municipality_id)
    return {
        (one.entry.client_id, one.entry.unit_id)
        for rows in found.values()
        for one in rows
        if one.waits
    }


def _choices(which: ColumnElement[bool]) -> Select[tuple[Choice, Client, Unit]]:
    return (
        select(Choice, Client, Unit)
        .join(Client, Client.id == Choice.client_id)
        .outerjoin(Unit, Unit.id == Choice.unit_id)
        .where(which)
    )


def _ordered(choices: Sequence[Choice]) -> set[int | None]:
    """Those with an order that waits, or became a place that stands."""
    annulled = select(Placement.order_id).where(
        Placement.order_id.is_not(None), Placement.annulled_at.is_not(None)
    )
    return set(
        db.session.scalars(
            select(Order.choice_id).where(
                Order.choice_id.in_([choice.id for choice in choices]),
                Order.status.in_(("sent", "confirmed")),
                Order.id.not_in(annulled),
            )
        )
    )


def _placed(choices: Sequence[Choice]) -> set[tuple[int, int | None]]:
    """Who has a place where, that has not ended."""
    rows = db.session.execute(
        select(Placement.client_id, Placement.unit_id).where(
            Placement.client_id.in_([choice.client_id for choice in choices]),
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > today()),
        )
    )
    return {(client_id, unit_id) for client_id, unit_id in rows}


def plan_on(placement: Placement, day: date) -> WeekPlan | None:
    """The plan in force on a day, or the first one to come."""
    plans = sorted(placement.week_plans, key=lambda p: (p.first_day, p.revision))
    begun = [plan for plan in plans if plan.first_day <= day]
    return begun[-1] if begun else next(iter(plans), None)


def pause_of(placement: Placement, public_id: str) -> Pause:
    """A pause of the placement that has not been taken away, else NoResultFound."""
    return db.session.scalars(
        select(Pause).where(
            Pause.placement_id == placement.id,
            Pause.public_id == public_id,
            Pause.annulled_at.is_(None),
        )
    ).one()


def workplaces(unit_id: int) -> Sequence[Workplace]:
    return db.session.scalars(
        select(Workplace)
        .where(Workplace.unit_id == unit_id)
        .order_by(Workplace.employer)
    ).all()


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person on the start page."""
    found: list[Waiting] = []
    if actor.may(Permission.ORDER_READ):
        found += _waiting_orders(actor)
    if is_at_unit(actor):
        found += due.months(actor)
    if actor.may(Permission.PLACEMENT_READ):
        found += due.follow_ups(actor)
    return found


def _waiting_orders(actor: Actor) -> list[Waiting]:
    found = orders(actor)
    sent = [each for each in found if each.order.status == "sent"]
    late = [each for each in sent if each.overdue]
    new = [each for each in sent if not each.overdue]
    items = []
    if late:
        items.append(
            _orders_item("Beställningar med passerat svarsdatum", late, urgent=True)
        )
    if is_at_unit(actor) and new:
        items.append(_orders_item("Beställningar att svara på", new, urgent=False))
    if actor.may(Permission.ORDER_WRITE):
        items += _waiting_for_caseworker(actor, found)
    return items


def _orders_item(title: str, found: list[ListedOrder], *, urgent: bool) -> Waiting:
    first = min(each.order.answer_by for each in found)
    return Waiting(
        title, "placements.orders", count=len(found), due=first, urgent=urgent
    )


def _waiting_for_caseworker(actor: Actor, found: list[ListedOrder]) -> list[Waiting]:
    declined = sum(is_unsolved(each.order, found) for each in found)
    to_order = len(choices_to_order(actor))
    items = []
    if declined:
        items.append(
            Waiting(
                "Enheten har avböjt",
                "placements.orders",
                count=declined,
                text="Gör en ny beställning eller prata med personen.",
                urgent=True,
            )
        )
    if to_order:
        items.append(Waiting("Val att beställa", "placements.orders", count=to_order))
    return items
