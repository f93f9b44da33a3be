"""What the tests of a leaving provider share: a unit, people of every kind, an exit."""

from datetime import date

from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.leaving import operations
from lovdv.leaving.models import ExitPerson, ProviderExit
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from tests import make

MAY = date(2026, 5, 1)
"""The first day without the unit; its last day is 30 April."""


def begun(
    *units: Unit, end_day: date = MAY, by: User | None = None, reason: str = "closes"
) -> ProviderExit:
    return operations.begin(
        contract=make.contract_of(units[0]),
        units=[unit.public_id for unit in units],
        end_day=end_day,
        reason=reason,
        note="",
        by_id=(by or make.user(Role.LEAD)).id,
    )


def placed(unit: Unit, caseworker: User | None = None, **values: object) -> Placement:
    person = make.person(caseworker=caseworker)
    make.decision(person)
    return make.placement(person, unit, **values)


def how(client: Client) -> str:
    return db.session.scalars(
        select(ExitPerson.how).where(ExitPerson.client_id == client.id)
    ).one()
