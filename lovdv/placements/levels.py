"""The level that a place is ordered and paid at."""

from datetime import date

from lovdv.extensions import db
from lovdv.needs.models import Level
from lovdv.needs.queries import level_on
from lovdv.people import renewals
from lovdv.people.models import Decision
from lovdv.placements.models import Placement


def level_held(decision_id: int, on: date) -> Level | None:
    """The decision's own level on a day, or that of the decision it follows on."""
    found = (level_on(each, on) for each in renewals.carried(decision_id))
    return next((level for level in found if level is not None), None)


def level_of(placement: Placement, on: date) -> Level | None:
    """The level of the decision that the placement rests on that day."""
    rests_on = db.session.get_one(Decision, placement.decision_id)
    return level_held(renewals.holding(rests_on, on).id, on)
