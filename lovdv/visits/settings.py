"""The municipality's rule about visits and try-out days, typed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from lovdv.clock import local_day, today
from lovdv.placements.settings import holds, whole, words
from lovdv.placements.workdays import working_days_after
from lovdv.systems.queries import rule


def try_out_offered(choice_system_id: int) -> bool:
    return holds(choice_system_id, "visit", "try_out")


def try_out_days(choice_system_id: int) -> int:
    """How many days a person may try each unit."""
    return whole(choice_system_id, "visit", "try_out_days")


def paid(choice_system_id: int) -> bool:
    return holds(choice_system_id, "visit", "paid")


def starts_clock(choice_system_id: int) -> bool:
    return holds(choice_system_id, "visit", "starts_clock")


def answer_by(choice_system_id: int) -> date:
    """The last day for a unit to answer what is asked today."""
    days = whole(choice_system_id, "visit", "answer_working_days")
    return working_days_after(today(), days)


def name_days(choice_system_id: int, at: datetime) -> int:
    """How long after a visit the unit knows the name of who agreed to it then."""
    return _promised(choice_system_id, "name_days", at)


def ahead_days(choice_system_id: int, at: datetime) -> int:
    """How far ahead of the asking a unit may propose a day."""
    return _promised(choice_system_id, "ahead_days", at)


def _promised(choice_system_id: int, name: str, at: datetime) -> int:
    """As it was known then: what is decided later changes nothing that was promised."""
    return cast(int, rule(choice_system_id, "visit", local_day(at), known=at)[name])


def decline_reasons(choice_system_id: int) -> Mapping[str, str]:
    return words(choice_system_id, "visit", "decline_reasons")
