"""Whose orders and placements an actor may see: own unit, or own people."""

from sqlalchemy import ColumnElement, Select, false, or_, select

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.people.models import Client
from lovdv.people.scope import visible_people
from lovdv.placements.models import Order, OrderChange, Placement
from lovdv.placements.settings import grace
from lovdv.systems import queries as systems
from lovdv.systems.models import ChoiceSystem


def is_at_unit(actor: Actor) -> bool:
    return actor.unit_id is not None and actor.may(Permission.ATTENDANCE_REPORT)


def placements_at_unit(actor: Actor) -> ColumnElement[bool]:
    """SQL: at the actor's own unit, and not ended longer ago than the grace."""
    if not is_at_unit(actor):
        return false()
    day = today()
    seen = [
        (Placement.choice_system_id == system.id)
        & or_(
            Placement.end_day.is_(None),
            Placement.end_day > day - grace(system.id),
        )
        for system in systems.systems_of(actor.municipality_id)
    ]
    return (
        (Placement.unit_id == actor.unit_id)
        & Placement.annulled_at.is_(None)
        & or_(false(), *seen)
    )


def orders_at_unit(actor: Actor) -> ColumnElement[bool]:
    """SQL: waits for the unit's answer, or became a placement that it still sees.

    What the unit declined, or the caseworker took back, is no longer its business.
    """
    if not is_at_unit(actor):
        return false()
    own = select(Placement.id).where(placements_at_unit(actor))
    made = select(Placement.order_id).where(
        Placement.id.in_(own), Placement.order_id.is_not(None)
    )
    changed = select(OrderChange.order_id).where(
        OrderChange.placement_id.in_(own), OrderChange.kind == "plan"
    )
    home = select(ChoiceSystem.id).where(
        ChoiceSystem.municipality_id == actor.municipality_id
    )
    return (
        (Order.unit_id == actor.unit_id)
        & Order.choice_system_id.in_(home)
        & or_(
            Order.status == "sent",
            (Order.status == "confirmed")
            & or_(Order.id.in_(made), Order.id.in_(changed)),
        )
    )


def people_of(actor: Actor) -> Select[tuple[int]]:
    """The ids of the people whose cases the actor may read; a unit's staff: none."""
    people = visible_people(actor).with_only_columns(Client.id)
    return people if actor.may(Permission.PERSON_READ) else people.where(false())


def placements_of_people(actor: Actor) -> ColumnElement[bool]:
    return Placement.client_id.in_(people_of(actor))


def orders_of_people(actor: Actor) -> ColumnElement[bool]:
    return Order.client_id.in_(people_of(actor))


def placements_seen(actor: Actor) -> ColumnElement[bool]:
    return or_(placements_at_unit(actor), placements_of_people(actor))


def orders_seen(actor: Actor) -> ColumnElement[bool]:
    return or_(orders_at_unit(actor), orders_of_people(actor))
