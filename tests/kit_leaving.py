"""What the tests of a leaving provider share: a unit, people of every kind, an exit."""

from datetime import date

from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import invitations, regrets, regretting
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Invitation
from lovdv.extensions import db
from lovdv.leaving import operations, progress
from lovdv.leaving.models import ExitPerson, ProviderExit
from lovdv.people.models import Client
from lovdv.placements.models import Order, Placement
from lovdv.providers.models import Unit
from tests import make
from tests.kit_queues import choose

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


def step(leaving: ProviderExit, client: Client) -> str:
    found = progress.rows(leaving, leaving.people)
    return next(row.step for row in found if row.client.id == client.id)


def regret(client: Client) -> None:
    made = regrets.newest(client.id)
    assert made is not None
    regretting.regret(choice=made, made_by=MadeBy())


def take_back(client: Client, unit: Unit) -> None:
    """Choose the unit, and regret it."""
    choose(client, unit)
    regret(client)


def ordered(client: Client, unit: Unit, status: str = "sent") -> Order:
    """The order of the person's latest choice."""
    made = regrets.newest(client.id)
    return make.order(client, unit, status=status, choice_id=made.id if made else None)


def asked(client: Client) -> Invitation:
    found = invitations.open_invitation(client.id)
    assert found is not None
    return found
