"""Two at once about one choice: it is taken back once, and never half."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import drafts, regretting, supporting
from lovdv.choice.draft_models import ChoiceDraft
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import (
    Choice,
    ChoiceRegret,
    Invitation,
    QueueEntry,
    SavedUnit,
)
from lovdv.choosing import operations as steps
from lovdv.choosing.models import StepAnswers
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.placements import orders
from lovdv.placements.models import Order, Placement
from lovdv.providers.models import Unit
from lovdv.visits import operations as visits
from lovdv.visits.models import VisitDay, VisitRequest
from tests import make
from tests.kit_queues import APRIL, WEDNESDAY, choose, chooser, no_level_required
from tests.kit_races import at_once, do

pytestmark = pytest.mark.slow
WEEK = [[["09:00", "15:00"], None, None, None, None, None, None]]


@pytest.fixture
def ready(cloned_app: Flask) -> Iterator[Flask]:
    """Somebody who has chosen the first of two units."""
    with cloned_app.app_context():
        no_level_required()
        make.unit()
        make.unit()
        person = chooser()
        choose(person, _units()[0])
        db.session.commit()
        yield cloned_app


def _units() -> list[Unit]:
    return list(db.session.scalars(select(Unit).order_by(Unit.id)))


def _person() -> Client:
    return db.session.scalars(select(Client)).one()


def _first() -> Choice:
    return db.session.scalars(select(Choice).order_by(Choice.id)).first()


def _regret() -> None:
    regretting.regret(choice=_first(), made_by=MadeBy())


def _order() -> None:
    orders.send(
        client=_person(),
        decision=make.decision_of(_person()),
        unit=_units()[0],
        goal="Mål",
        extent="Onsdagar",
        half_days=WEDNESDAY,
        wanted_start=APRIL,
        contact="Handläggaren",
        choice=_first(),
    )


def _confirm() -> None:
    order = db.session.scalars(select(Order)).one()
    orders.confirm(order=order, start_day=APRIL, times=WEEK)


def _choose_other() -> None:
    choose(_person(), _units()[1])


def _ask_to_visit() -> None:
    visits.ask(
        client=_person(),
        decision=make.decision_of(_person()),
        unit=_units()[1],
        kind="visit",
        days=1,
        weekdays=(),
        consents=False,
        made_by=MadeBy(),
    )


def _the_request() -> VisitRequest:
    return db.session.scalars(select(VisitRequest)).one()


def _answer_visit() -> None:
    visits.answer(request=_the_request(), days=[APRIL], clock="9.30", words="")


def _cancel_visit() -> None:
    visits.cancel(request=_the_request())


def _hold_day() -> None:
    visits.record_day(request=_the_request(), day=date(2026, 3, 16))


def _save() -> None:
    supporting.save_unit(client=_person(), unit=_units()[0])


def _invite() -> None:
    make.user(Role.GUIDE)
    make.invitation(_person())


def _keep_draft() -> None:
    drafts.keep(
        invitation=db.session.scalars(select(Invitation)).one(),
        by=db.session.scalars(select(User.id).order_by(User.id)).first(),
        fields=[("support", "Samtal.")],
    )


def _all(kind: type) -> list:
    db.session.rollback()
    return list(db.session.scalars(select(kind).order_by(kind.id)))


def test_three_windows_take_it_back_once(ready: Flask) -> None:
    told = at_once(ready, _regret, _regret, _regret)
    assert sorted(map(bool, told)) == [False, True, True], told
    assert len(_all(ChoiceRegret)) == 1
    assert len(_all(Invitation)) == 1


def test_regret_and_an_order_leave_no_order_that_waits(ready: Flask) -> None:
    told = at_once(ready, _regret, _order)
    assert not told[0]
    assert [each.status for each in _all(Order)] in ([], ["withdrawn"])


def test_regret_and_the_units_yes_never_leave_a_place_nobody_minds(
    ready: Flask,
) -> None:
    do(_order)
    told = at_once(ready, _regret, _confirm)
    assert not told[0]
    [order], places = _all(Order), _all(Placement)
    if told[1]:
        assert (order.status, places) == ("withdrawn", [])
        return
    [place] = places
    [regret] = _all(ChoiceRegret)
    assert order.status == "confirmed"
    assert place.recorded_at <= regret.regretted_at
    assert place.first_day == date(2026, 4, 1)


def test_regret_and_a_new_choice_leave_one_choice_or_none(ready: Flask) -> None:
    told = at_once(ready, _regret, _choose_other)
    db.session.rollback()
    if told[0]:
        assert "nyare val" in told[0]
        assert _all(ChoiceRegret) == []
    assert len(_all(Choice)) == (1 if told[1] else 2)
    assert all(entry.ended_at for entry in _all(QueueEntry)[:1])


def test_three_windows_ask_a_unit_once(ready: Flask) -> None:
    told = at_once(ready, _ask_to_visit, _ask_to_visit, _ask_to_visit)
    assert sorted(map(bool, told)) == [False, True, True], told
    assert len(_all(VisitRequest)) == 1


def test_three_windows_save_a_unit_once(ready: Flask) -> None:
    assert at_once(ready, *[_save] * 3) == [""] * 3
    assert len(_all(SavedUnit)) == 1


def test_a_draft_that_is_sent_three_times_is_kept_once(ready: Flask) -> None:
    do(_invite)
    assert at_once(ready, *[_keep_draft] * 3) == [""] * 3
    assert len(_all(ChoiceDraft)) == 1


def test_an_answer_and_a_cancellation_leave_it_taken_back(ready: Flask) -> None:
    do(_ask_to_visit)
    told = at_once(ready, _answer_visit, _cancel_visit)
    assert not told[1]
    assert [each.status for each in _all(VisitRequest)] == ["cancelled"]


def test_a_day_is_recorded_once(ready: Flask) -> None:
    do(_ask_to_visit)
    do(_answer_visit)
    told = at_once(ready, _hold_day, _hold_day, _hold_day)
    assert sorted(map(bool, told)) == [False, True, True], told
    assert len(_all(VisitDay)) == 1


def test_windows_that_answer_the_same_question_keep_one_row(ready: Flask) -> None:
    def answer() -> None:
        steps.keep(
            client=_person(),
            decision=make.decision_of(_person()),
            step="gora",
            told={"ticked": {"activities": ["cafe"]}},
        )

    assert not any(at_once(ready, answer, answer, answer))
    assert len(_all(StepAnswers)) == 1
