"""Two at once: each place is given once, each answer stands, and nobody is lost."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from lovdv.access import Role
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Choice, QueueEntry
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.placements import orders
from lovdv.placements.models import Order
from lovdv.providers import capacity_changes
from lovdv.providers.capacity import WORKING_HALVES, room
from lovdv.providers.models import Unit
from lovdv.queues import lines, operations
from lovdv.queues.models import PlaceOffer
from tests import make
from tests.kit_queues import (
    APRIL,
    SELF,
    WEDNESDAY,
    choose,
    chooser,
    line,
    no_level_required,
    offer,
    small_unit,
    taken,
    waiting,
)
from tests.kit_races import Act, at_once, do

pytestmark = pytest.mark.slow


@pytest.fixture
def ready(cloned_app: Flask) -> Iterator[Flask]:
    """A unit whose one place becomes free on 1 April, and two who wait for it."""
    with cloned_app.app_context():
        no_level_required()
        unit = small_unit()
        placement = taken(unit)
        placement.end_day = placement.paid_end_day = APRIL
        waiting(unit, 2)
        chooser()
        make.unit()
        make.user(Role.CASEWORKER)
        db.session.commit()
        yield cloned_app


def _units() -> list[Unit]:
    return list(db.session.scalars(select(Unit).order_by(Unit.id)))


def _entry(number: int) -> QueueEntry:
    return db.session.scalars(select(QueueEntry).order_by(QueueEntry.since)).all()[
        number
    ]


def _newcomer() -> Client:
    waits = select(QueueEntry.client_id)
    return db.session.scalars(
        select(Client).where(Client.id.not_in(waits)).order_by(Client.id.desc())
    ).first()


def _offer_to(number: int) -> Act:
    def act() -> None:
        passed = {_entry(0).public_id: "other_days"} if number else {}
        offer(_entry(number), passed=passed)

    return act


def _accept() -> None:
    operations.accept(offer=_the_offer(), made_by=MadeBy(), told=SELF)


def _decline() -> None:
    operations.decline(offer=_the_offer(), reason="travel", made_by=MadeBy(), told=SELF)


def _withdraw() -> None:
    operations.withdraw(offer=_the_offer())


def _the_offer() -> PlaceOffer:
    return db.session.scalars(select(PlaceOffer)).one()


def _order_first() -> None:
    _order(_entry(0).client, _units()[0])


def _order(client: Client, unit: Unit) -> None:
    orders.send(
        client=client,
        decision=make.decision_of(client),
        unit=unit,
        goal="Mål",
        extent="Måndagar",
        half_days=WEDNESDAY,
        wanted_start=APRIL,
        contact="Handläggaren",
    )


def _choose_elsewhere() -> None:
    choose(_entry(0).client, _units()[1])


def _close_the_unit() -> None:
    capacity_changes.set_capacity(
        unit=_units()[0],
        choice_system_id=make.system().id,
        ceilings=dict.fromkeys(WORKING_HALVES, 0),
        first_day=APRIL,
        notified_on=make.START,
    )


def count(kind: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def one_of(told: list[str]) -> bool:
    """Whether one did it and the others were told why not."""
    return sum(not text for text in told) == 1


def test_the_same_place_is_offered_once(ready: Flask) -> None:
    told = at_once(ready, _offer_to(0), _offer_to(1))
    assert one_of(told), told
    assert any("är full" in text or "står före" in text for text in told)
    assert count(PlaceOffer) == 1


def test_the_same_person_is_offered_once(ready: Flask) -> None:
    assert one_of(at_once(ready, _offer_to(0), _offer_to(0), _offer_to(0)))
    assert count(PlaceOffer) == 1


def test_an_offer_and_an_order_of_the_same_place_make_one(ready: Flask) -> None:
    told = at_once(ready, _offer_to(1), _order_first)
    assert one_of(told), told
    assert count(PlaceOffer) + count(Order) == 1


def test_yes_and_no_in_two_windows_make_one_answer(ready: Flask) -> None:
    do(_offer_to(0))
    told = at_once(ready, _accept, _decline, _accept)
    assert one_of(told), told
    db.session.rollback()
    assert _the_offer().offer.answer == _the_offer().answer != ""


def test_a_yes_and_a_withdrawal_make_one(ready: Flask) -> None:
    do(_offer_to(0))
    assert one_of(at_once(ready, _accept, _withdraw))
    db.session.rollback()
    assert _the_offer().answer in ("accepted", "withdrawn")


def test_a_yes_and_a_new_choice_leave_the_person_in_one_place(ready: Flask) -> None:
    do(_offer_to(0))
    told = at_once(ready, _accept, _choose_elsewhere)
    assert not told[1]
    db.session.rollback()
    entry = db.session.scalars(
        select(QueueEntry).where(QueueEntry.client_id == _the_offer().client_id)
    ).one()
    assert entry.end_reason == "new_choice"
    assert _the_offer().answer == ("withdrawn" if told[0] else "accepted")
    assert room(_units()[0], APRIL).free((0, "am")) == 1


def test_a_yes_and_a_lowered_ceiling_never_give_a_place_above_it(
    ready: Flask,
) -> None:
    do(_offer_to(0))
    at_once(ready, _accept, _close_the_unit)
    db.session.rollback()
    [first, _] = lines.line(_units()[0].id, make.municipality().id)
    assert first.state in ("accepted", "offered")
    told = at_once(ready, _order_first)
    assert "är full" in told[0] or "väntar på svar" in told[0]


def test_two_windows_that_choose_a_full_unit_stand_in_line_once(
    ready: Flask,
) -> None:
    newcomer = _newcomer().id

    def act() -> None:
        choose(db.session.get_one(Client, newcomer), _units()[0])

    assert one_of(at_once(ready, act, act, act))
    assert count(QueueEntry) == 3
    mine = select(func.count()).where(Choice.client_id == newcomer)
    assert db.session.scalar(mine) == 1
    assert [one.number for one in line(_units()[0])] == [1, 2, 3]
