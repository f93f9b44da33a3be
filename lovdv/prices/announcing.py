"""A new price model is told to the providers before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.formats import day
from lovdv.prices.comparing import RULE, is_new_model
from lovdv.systems.queries import rule
from payments import PriceCell

LEAST_REASON = 10
"""Characters; an override without a reason is no override."""


@dataclass(frozen=True)
class Announcement:
    """When and how providers were told, or why the list holds all the same."""

    on: date | None = None
    reference: str = ""
    override_reason: str = ""


UNSAID = Announcement()


def is_needed(
    choice_system_id: int, cells: Sequence[PriceCell], first_day: date
) -> bool:
    """By the rule in force: for a new price model, or for every list."""
    if rule(choice_system_id, RULE, first_day)["announce"] == "every_list":
        return True
    return is_new_model(choice_system_id, cells, first_day)


def refuse_unannounced(
    choice_system_id: int,
    cells: Sequence[PriceCell],
    first_day: date,
    told: Announcement,
) -> None:
    """Refuse a list that needs to be announced in time and was not."""
    _refuse_half_said(told)
    if told.override_reason or not is_needed(choice_system_id, cells, first_day):
        return
    if told.on is None:
        raise Refused(
            "Utförarna ska ha fått veta om listan innan den börjar gälla. Skriv vilken "
            "dag det tillkännagavs, eller varför listan ska gälla ändå.",
            "announced_on",
        )
    days = int(str(rule(choice_system_id, RULE, first_day)["notice_days"]))
    earliest = told.on + timedelta(days=days)
    if first_day < earliest:
        raise Refused(
            f"Utförarna ska få veta minst {days} dagar före. Tillkännagivandet "
            f"{day(told.on)} räcker för en lista från {day(earliest)}. Ändra första "
            "dagen, eller skriv varför listan ska gälla ändå.",
            "announced_on",
        )


def _refuse_half_said(told: Announcement) -> None:
    if told.on is not None and told.on > today():
        raise Refused(
            "Tillkännagivandet har inte hänt ännu. Skriv en dag som har varit.",
            "announced_on",
        )
    if told.on is not None and not told.reference:
        raise Refused(
            "Skriv hur det tillkännagavs, till exempel brevets beteckning.",
            "announcement",
        )
    if told.override_reason and len(told.override_reason) < LEAST_REASON:
        raise Refused(
            "Skriv skälet så att en granskare förstår det.", "override_reason"
        )
