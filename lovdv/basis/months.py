"""Which months a unit can read, and how they stand in addresses."""

from collections.abc import Sequence

from werkzeug.exceptions import NotFound

from lovdv.access import Actor
from lovdv.basis import queries
from lovdv.basis.dates import Calendar
from lovdv.basis.queries import Basis
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.providers.models import Unit
from lovdv.systems.queries import systems_of
from payments import Month, PaymentError

YEARS = range(2000, 2200)


def month_in(address: str) -> Month:
    """A month as addresses say it, with months before and after it; else 404."""
    try:
        found = Month.read(address)
    except PaymentError:
        raise NotFound from None
    if found.year not in YEARS:
        raise NotFound
    return found


def coming(actor: Actor) -> Sequence[Basis]:
    """The months of the actor's own unit that no run has booked, the latest first."""
    if actor.unit_id is None:
        return []
    unit = db.session.get_one(Unit, actor.unit_id)
    this = Month.of(today())
    months = [this.plus(-n) for n in range(this - _first_open(actor, this) + 1)]
    return [
        Basis(month.first, unit)
        for month in months
        if queries.placed_in(actor, unit.id, month)
    ]


def _first_open(actor: Actor, this: Month) -> Month:
    """The month after the last that is booked; before any run, the month before."""
    nexts = [Calendar.of(system.id) for system in systems_of(actor.municipality_id)]
    months = [calendar.next_run or this.previous for calendar in nexts]
    return min([*months, this])
