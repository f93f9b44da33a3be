"""The municipality's rules about providers that leave, typed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import cast

from lovdv.choice.supporting import answer_day
from lovdv.clock import local_day, today
from lovdv.placements.settings import whole, words
from lovdv.systems.queries import rule

FURTHEST = timedelta(days=3 * 365)
"""How far ahead a last day is believed; later than that is mistyped."""


def reasons(choice_system_id: int) -> Mapping[str, str]:
    return words(choice_system_id, "leaving", "exit_reasons")


def latest_answer(choice_system_id: int, end_day: date) -> date:
    """The last day to answer that leaves time to arrange a place before the end.

    When there is no such time, the last day itself; after that, the ordinary time.
    """
    if end_day <= today():
        return answer_day(choice_system_id)
    left = end_day - timedelta(days=whole(choice_system_id, "leaving", "days_before"))
    return left if left > today() else max(end_day - timedelta(days=1), today())


def answer_by_as_found(
    choice_system_id: int, end_day: date, found_at: datetime
) -> date:
    """The last day to answer that somebody invited then has, with this last day."""
    days = rule(choice_system_id, "choice", local_day(found_at), known=found_at)
    ordinary = local_day(found_at) + timedelta(days=cast(int, days["answer_days"]))
    return min(ordinary, latest_answer(choice_system_id, end_day))


def answer_by(choice_system_id: int, end_day: date) -> date:
    """The last day to answer for somebody who is invited today."""
    return min(answer_day(choice_system_id), latest_answer(choice_system_id, end_day))
