"""What the tests of choosing share: units, a full one, a notice rule, what was kept."""

from sqlalchemy import select

from lovdv.choice.models import Choice
from lovdv.extensions import db
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from tests import make


def units(count: int) -> list[Unit]:
    return [make.unit(name=f"Ateljé {number}") for number in range(count)]


def fill(unit: Unit) -> None:
    """No room at all on any half-day."""
    for weekday in range(5):
        for half in ("am", "pm"):
            make.capacity(unit, ceiling=0, weekday=weekday, half=half)


def by_the_20th() -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="choice",
        first_day=make.START,
        value={"notice": {"kind": "by_day", "day": 20, "months": 2}},
    )


def the_choice() -> Choice:
    return db.session.scalars(select(Choice)).one()


def no_choices() -> bool:
    return db.session.scalars(select(Choice)).first() is None
