"""When a unit can be visited: its weekdays and hours, and the days it is closed."""

from datetime import date

from lovdv.formats import weekday
from lovdv.placements.months import closed_in
from lovdv.placements.plans import hours_text, minutes_of
from lovdv.placements.workdays import holidays_of
from lovdv.providers.capacity import ceilings_of
from lovdv.providers.models import Unit
from lovdv.providers.queries import published
from lovdv.providers.questions import DAYS, days_in_words
from lovdv.visits.models import VisitRequest
from payments.calendar import Hours

BY_DAY = Hours(6 * 60, 20 * 60)
"""The hours of a unit that has not said when it opens and closes."""


def hindered(request: VisitRequest, day: date) -> str:
    """What stops a visit on the day, in words; empty when the unit is open."""
    days = _open_days(request.unit, day)
    if day.weekday() not in days:
        names = [option.words for option in DAYS.values()]
        told = days_in_words([names[number] for number in sorted(days)])
        return (
            f"{weekday(day).capitalize()} har ni inte öppet. Välj en dag då ni har "
            f"öppet: {told}."
        )
    name = _closed(request, day)
    if name:
        return f"{weekday(day).capitalize()} är det stängt: {name}. Välj en annan dag."
    return ""


def outside_hours(unit: Unit, clock: str) -> str:
    """What is wrong with a time of day, in words; empty when the unit is open then."""
    hours = _hours(_facts(unit))
    if hours.start <= minutes_of(clock) <= hours.end:
        return ""
    opens, closes = hours_text(hours).split("–")
    return f"Välj en tid mellan {opens} och {closes}."


def unwished(request: VisitRequest) -> list[date]:
    """The proposed days that are none of the weekdays that suit the person."""
    keys = list(DAYS)
    wished = {keys.index(key) for key in request.weekdays}
    return [
        day for day in request.proposed_days if wished and day.weekday() not in wished
    ]


def _facts(unit: Unit) -> dict[str, object]:
    profile = published([unit.id]).get(unit.id)
    return profile.facts if profile else {}


def _open_days(unit: Unit, day: date) -> set[int]:
    """As the unit has told; else the weekdays on which it may have anybody."""
    told = _facts(unit).get("open_days")
    if isinstance(told, list) and told:
        return {number for number, key in enumerate(DAYS) if key in told}
    ceilings = ceilings_of([unit], day)[unit.id]
    return {number for (number, _), most in ceilings.items() if most} or set(range(5))


def _closed(request: VisitRequest, day: date) -> str:
    """Why everybody is off: a holiday, or a day that the municipality has decided."""
    decided = {
        each.day: each.name
        for each in closed_in(request.decision.choice_system_id, day.year)
        if each.unit_id in (None, request.unit_id)
    }
    return (holidays_of(day.year) | decided).get(day, "")


def _hours(facts: dict[str, object]) -> Hours:
    try:
        start, end = (minutes_of(str(facts[key])) for key in ("opens", "closes"))
    except (KeyError, ValueError):
        return BY_DAY
    return Hours(start, end) if start < end else BY_DAY
