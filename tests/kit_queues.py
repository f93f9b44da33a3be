"""What the tests of queues share: a small unit, people in its queue, offers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import operations as choosing
from lovdv.choice.invitations import open_invitation
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Choice, QueueEntry
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.queues import lines, operations
from lovdv.queues.models import PlaceOffer
from lovdv.systems.operations import decide_rule
from tests import make

APRIL = date(2026, 4, 1)
WEDNESDAY = ("2am", "2pm")
SELF = operations.Told("self")


def small_unit(places: int = 1, **values: object) -> Unit:
    return make.unit(permit_maximum=places, **values)


def taken(unit: Unit) -> Placement:
    """Somebody who has a place all week."""
    return make.placement(unit=unit)


def chooser(caseworker: User | None = None) -> Client:
    person = make.person(caseworker=caseworker)
    make.decision(person)
    return person


def choose(client: Client, unit: Unit) -> Choice:
    invitation = open_invitation(client.id)
    return choosing.choose(
        client=client,
        decision=make.decision_of(client),
        unit=unit,
        made_by=MadeBy(),
        told=choosing.Told(channel="self", shown={}),
        expecting=invitation.public_id if invitation else "",
    )


def waiting(unit: Unit, count: int, caseworker: User | None = None) -> list[QueueEntry]:
    """As many people in the queue, a day between each, the first in March."""
    found = []
    for number in range(count):
        person = chooser(caseworker)
        choose(person, unit)
        [own] = [one for one in line(unit) if one.entry.client_id == person.id]
        own.entry.since = datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=number)
        found.append(own.entry)
    return found


def line(unit: Unit) -> list[lines.InLine]:
    return lines.line(unit.id, make.municipality().id)


def offer(
    entry: QueueEntry,
    *,
    half_days: tuple[str, ...] = WEDNESDAY,
    first_day: date = APRIL,
    passed: Mapping[str, str] | None = None,
    by: User | None = None,
) -> PlaceOffer:
    return operations.make_offer(
        entry=entry,
        half_days=half_days,
        first_day=first_day,
        passed=passed or {},
        by_id=(by or make.user(Role.CASEWORKER)).id,
    )


def queue_rule(**value: object) -> None:
    _rule("queue", value)


def no_level_required() -> None:
    _rule("order", {"level_required": False})


def _rule(key: str, value: dict[str, object]) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key=key,
        first_day=make.START,
        value=value,
    )
