"""The municipality's rules about orders, placements and attendance, typed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast

from lovdv.clock import today
from lovdv.systems import queries as systems


def whole(choice_system_id: int, key: str, name: str, on: date | None = None) -> int:
    return cast(int, systems.rule(choice_system_id, key, on or today())[name])


def holds(choice_system_id: int, key: str, name: str, on: date | None = None) -> bool:
    return bool(systems.rule(choice_system_id, key, on or today())[name])


def word(choice_system_id: int, key: str, name: str, on: date | None = None) -> str:
    return str(systems.rule(choice_system_id, key, on or today())[name])


def words(choice_system_id: int, key: str, name: str) -> Mapping[str, str]:
    """A closed list: codes and what they are called."""
    return cast(Mapping[str, str], systems.rule(choice_system_id, key, today())[name])


def end_reasons(choice_system_id: int) -> Mapping[str, str]:
    return words(choice_system_id, "placement", "end_reasons")


def decline_reasons(choice_system_id: int) -> Mapping[str, str]:
    return words(choice_system_id, "order", "decline_reasons")


def grace(choice_system_id: int) -> timedelta:
    """How long a unit still reads a placement that has ended."""
    return timedelta(days=whole(choice_system_id, "attendance", "grace_days"))
