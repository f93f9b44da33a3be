"""How long a unit knows the first name of somebody who asked to visit."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from lovdv.clock import local_day, today
from lovdv.visits import settings
from lovdv.visits.models import VisitRequest
from lovdv.visits.words import SOMEBODY


def named_until(request: VisitRequest) -> date | None:
    """The last day of the name; None when the unit may not know it, or no longer.

    So many days after the last day that the unit proposed, or had to answer by, as
    the rule said when the person agreed to it.
    """
    if not request.consents:
        return None
    last = max(request.proposed_days, default=request.answer_by)
    days = settings.name_days(request.decision.choice_system_id, request.asked_at)
    until = min(last, furthest_day(request)) + timedelta(days=days)
    return until if today() <= until else None


def furthest_day(request: VisitRequest) -> date:
    """The last day that a unit may propose; so no unit decides how long it is told."""
    days = settings.ahead_days(request.decision.choice_system_id, request.asked_at)
    return local_day(request.asked_at) + timedelta(days=days)


def called(requests: Iterable[VisitRequest]) -> Mapping[int, str]:
    """What the unit calls each who has asked, by request."""
    return {
        each.id: SOMEBODY if named_until(each) is None else each.client.first_name
        for each in requests
    }
