"""Two who make the same letters at once: each is made, and sent, once."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import ContactAttempt, Invitation
from lovdv.extensions import db
from lovdv.letters import operations
from lovdv.letters.models import Letter
from lovdv.letters.queries import ToWrite, reminder_day
from tests import make
from tests.kit_races import at_once

pytestmark = pytest.mark.slow


@pytest.fixture
def ready(cloned_app: Flask) -> Iterator[Flask]:
    with cloned_app.app_context():
        make.user(Role.CASEWORKER)
        for _ in range(3):
            person = make.person()
            make.decision(person)
            make.invitation(person)
        db.session.commit()
        yield cloned_app


def _remind() -> None:
    by = db.session.scalars(select(User)).one().id
    asked = [
        ToWrite(each, "reminder", reminder_day(each))
        for each in db.session.scalars(select(Invitation).order_by(Invitation.id))
    ]
    for letter in operations.make_all(asked=asked, by_id=by):
        operations.mark_sent(letter=letter, by_id=by)


def test_each_reminder_is_made_and_sent_once(ready: Flask) -> None:
    assert at_once(ready, _remind, _remind) == ["", ""]
    for kind in (Letter, ContactAttempt):
        assert db.session.scalar(select(func.count()).select_from(kind)) == 3
