"""Making the demo municipality: its ground, its people, its months, its today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from lovdv import audit
from lovdv.accounts.models import User
from lovdv.accounts.passwords import hashed
from lovdv.database import writing
from lovdv.demo.accounted import account, grant, hear, regret
from lovdv.demo.acting import set_day
from lovdv.demo.ahead import look_ahead
from lovdv.demo.allowed import allow, dispute
from lovdv.demo.attended import add_months
from lovdv.demo.calibrated import calibrate
from lovdv.demo.cast import cast, places
from lovdv.demo.ground import Ground, lay
from lovdv.demo.paid import pay
from lovdv.demo.people import Rooted, add_people
from lovdv.demo.placed import Placed, add_placements
from lovdv.demo.scored import add_assessments
from lovdv.demo.size import Size
from lovdv.demo.today import OWN_UNIT, PROVIDERS, happen
from lovdv.demo.tried import try_out
from lovdv.demo.units import Units, add_units
from lovdv.demo.users import PASSWORD
from lovdv.extensions import db
from lovdv.formats import month

Tell = Callable[[str], None]
ALLOWED = 4
"""How many of the last months the demo counts habiliteringsersättning for."""


@dataclass(frozen=True)
class Settled:
    """What the months and the last weeks are made on."""

    ground: Ground
    units: Units
    rooted: list[Rooted]
    placed: list[Placed]


def make(size: Size, tell: Tell, *, pay_months: bool = True) -> None:
    """Fill an empty, migrated database; each month at its own days."""
    settled = _settle(size, tell)
    if pay_months:
        account(settled.ground)
        grant(settled.ground)
    for first in size.history[:-1]:
        tell(f"{month(first).capitalize()} ...")
        _report(settled, settled.placed, first)
        if pay_months:
            if first == size.history[-2]:
                regret(settled.ground)
            pay(settled.ground, first)
            if first in size.history[-ALLOWED:]:
                allow(settled.ground, first)
    tell("Det som väntar i dag ...")
    _report(settled, _confirmed_already(settled), size.history[-1])
    happen(settled.ground, settled.units, settled.rooted, settled.placed)
    if pay_months:
        dispute(settled.ground, OWN_UNIT, PROVIDERS[OWN_UNIT])
        hear(settled.ground)
    calibrate(settled.ground, settled.rooted)
    set_day(size.as_of)
    try_out(settled.ground)
    if pay_months:
        look_ahead(settled.ground)
    _open(settled.ground)


def _settle(size: Size, tell: Tell) -> Settled:
    """All that stood before the months began, or is known of them beforehand."""
    people, where = cast(size), places(size)
    tell(f"{len(people)} personer och {len(where)} verksamheter ...")
    set_day(size.start)
    with writing(), audit.acting(None):
        ground = lay(size)
        units = add_units(ground, where, people)
        rooted = add_people(ground, people)
        add_assessments(ground, rooted)
        placed = add_placements(ground, units, rooted)
        db.session.commit()
    return Settled(ground, units, rooted, placed)


def _report(settled: Settled, placed: list[Placed], first: date) -> None:
    with writing(), audit.acting(settled.ground.municipality_id):
        add_months(settled.ground, placed, [first])
        db.session.commit()


def _open(ground: Ground) -> None:
    """Last of all a password, so that nobody signs in to what is half made.

    One hash for all: the password is the same and shown.
    """
    with writing(), audit.acting(ground.municipality_id):
        db.session.execute(update(User).values(password_hash=hashed(PASSWORD)))
        db.session.commit()


def _confirmed_already(settled: Settled) -> list[Placed]:
    """The last month: the units that one can sign in to have not confirmed yet."""
    where = settled.units.where
    return [one for one in settled.placed if where[one.stay.unit].name not in PROVIDERS]
