"""Two at once: one exit, one invitation each, and nobody lost."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import Choice, Invitation
from lovdv.extensions import db
from lovdv.leaving import changing, queries
from lovdv.leaving.models import ExitPerson, ProviderExit
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from tests import make
from tests.kit_leaving import begun, placed
from tests.kit_queues import choose, chooser, no_level_required
from tests.kit_races import at_once, do, held

pytestmark = pytest.mark.slow


@pytest.fixture
def ready(cloned_app: Flask) -> Iterator[Flask]:
    """A unit with three people, and somebody who may choose it."""
    with cloned_app.app_context():
        no_level_required()
        unit = make.unit()
        for _ in range(3):
            placed(unit)
        chooser()
        make.user(Role.LEAD)
        db.session.commit()
        yield cloned_app


def _unit() -> Unit:
    return db.session.scalars(select(Unit).order_by(Unit.id)).first()


def _lead() -> User:
    return db.session.scalars(select(User).order_by(User.id.desc())).first()


def _begin() -> None:
    begun(_unit(), by=_lead())


def _withdraw() -> None:
    leaving = db.session.scalars(select(ProviderExit)).one()
    changing.withdraw(leaving=leaving, reason="Räddad", by_id=_lead().id)


def _choose() -> None:
    placed_ones = select(Placement.client_id)
    person = db.session.scalars(
        select(Client).where(Client.id.not_in(placed_ones))
    ).one()
    choose(person, _unit())


def _take_in() -> None:
    leaving = db.session.scalars(select(ProviderExit)).one()
    changing.take_in(leaving=leaving, by_id=_lead().id)


def _count(kind: type) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_two_leads_at_once_make_one_exit(ready: Flask) -> None:
    refused = at_once(ready, _begin, _begin)
    assert sorted(bool(words) for words in refused) == [False, True]
    assert (_count(ProviderExit), _count(ExitPerson)) == (1, 3)
    assert _count(Invitation) == 3


def test_people_are_held_before_their_places(ready: Flask) -> None:
    do(_begin)
    with held() as tables:
        do(_withdraw)
    assert tables.index("client") < tables.index("placement")


def test_taking_in_twice_at_once_invites_once(ready: Flask) -> None:
    do(_begin)
    do(lambda: placed(_unit()))
    assert at_once(ready, _take_in, _take_in) == ["", ""]
    assert (_count(ExitPerson), _count(Invitation)) == (4, 4)


def test_who_chooses_meanwhile_is_refused_or_found(ready: Flask) -> None:
    refused = at_once(ready, _begin, _choose)
    assert refused[0] == ""
    leaving = db.session.scalars(select(ProviderExit)).one()
    known = len(leaving.people) + len(queries.missed(leaving))
    assert known == 3 + _count(Choice)
