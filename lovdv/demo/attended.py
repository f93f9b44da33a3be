"""The demo's months as reported: the plan, with absences drawn for each person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from lovdv.demo.cast import Times
from lovdv.demo.ground import Ground, at
from lovdv.demo.placed import Placed
from lovdv.demo.rows import add
from lovdv.demo.size import Size
from lovdv.placements.models import AttendanceMonth
from lovdv.placements.plans import clock_text, spans
from payments.calendar import (
    ATTENDED,
    EXTRA,
    NOT_PLANNED,
    PlanSpan,
    hours_on,
    planned_codes,
)
from payments.month import Month

AWAY = "AAAAAASSOLL"
"""The letters of single absences, by how common they are."""

ILL_IN_A_HUNDRED = 6
PART_IN_A_HUNDRED = 4
REPORTED_BY, REPORTED_LATE = 3, 20
"""The day of the next month when the unit confirmed; a few after the run."""

LATE_MONTH, LATE_ONE_IN = -5, 120


@dataclass(frozen=True)
class _Plan:
    """A row of week_plan, as the reader of plans wants it."""

    first_day: date
    times: Times
    revision: int = 1


@dataclass(frozen=True)
class Reported:
    """A month as confirmed."""

    codes: str
    planned: str
    minutes_planned: int
    minutes_attended: int
    details: dict[str, list[dict[str, str]]]


def add_months(ground: Ground, placed: list[Placed], months: list[date]) -> None:
    """Confirmed months, one row for every placement that has a day in them."""
    rng = ground.size.random(f"attendance {months[0]}")
    for first in months:
        month = Month.of(first)
        rows = [
            _row(one, month, reported, late=_is_late(ground.size, one, first))
            for one in placed
            for reported in _reported(ground, one, month, rng)
        ]
        add(AttendanceMonth, rows)


def _is_late(size: Size, one: Placed, first: date) -> bool:
    """One month a few were forgotten; the run after pays them."""
    late_month = size.history[LATE_MONTH:][:1]
    return [first] == late_month and one.rooted.resident.number % LATE_ONE_IN == 0


def _row(
    one: Placed, month: Month, reported: Reported, *, late: bool
) -> dict[str, object]:
    day = REPORTED_LATE if late else REPORTED_BY
    moment = at(month.end + timedelta(days=day - 1), 8)
    return {
        "placement_id": one.placement_id,
        "month": month.first,
        "status": "confirmed",
        "codes": reported.codes,
        "details": reported.details,
        "planned": reported.planned,
        "minutes_planned": reported.minutes_planned,
        "minutes_attended": reported.minutes_attended,
        "confirmed_at": moment,
        "updated_at": moment,
    }


def _reported(
    ground: Ground, one: Placed, month: Month, rng: Random
) -> Iterator[Reported]:
    """The month with its absences; nothing for a month outside the placement."""
    first_day, end_day = max(one.stay.first_day, ground.size.start), one.stay.end_day
    if first_day >= month.end or (end_day is not None and end_day <= month.first):
        return
    plans = plan_spans(one)
    held = _held(
        one, month, first_day, _planned(plans, month, frozenset(ground.closed))
    )
    codes, details = _with_absences(held, month, plans, rng)
    yield Reported(
        codes=codes,
        planned="".join("1" if code in "NK" else "0" for code in held),
        minutes_planned=_minutes(held, {}, month, plans),
        minutes_attended=_minutes(codes, details, month, plans),
        details=details,
    )


def plan_spans(one: Placed) -> tuple[PlanSpan, ...]:
    return spans(_Plan(day, times) for day, times in one.stay.plans)


@lru_cache(maxsize=4096)
def _planned(plans: tuple[PlanSpan, ...], month: Month, closed: frozenset[date]) -> str:
    return planned_codes(month, plans, closed)


def _held(one: Placed, month: Month, first_day: date, planned: str) -> str:
    """The plan on the days that the placement holds."""
    end_day, paused = one.stay.end_day, one.rooted.resident.paused
    if first_day <= month.first and paused is None and end_day is None:
        return planned
    return "".join(
        code
        if day >= first_day
        and (end_day is None or day < end_day)
        and not (paused and paused[0] <= day < paused[1])
        else NOT_PLANNED
        for day, code in zip(month.every_day(), planned, strict=True)
    )


def _with_absences(
    held: str, month: Month, plans: tuple[PlanSpan, ...], rng: Random
) -> tuple[str, dict[str, list[dict[str, str]]]]:
    letters = list(held)
    here = [n for n, code in enumerate(held) if code == ATTENDED]
    if not here:
        return held, {}
    for number in rng.sample(here, min(rng.choice((0, 0, 0, 1, 1, 2)), len(here))):
        letters[number] = rng.choice(AWAY)
    if rng.randrange(100) < ILL_IN_A_HUNDRED:
        start = rng.randrange(len(here))
        for number in here[start : start + rng.randint(3, 14)]:
            letters[number] = "A"
    codes = "".join(letters)
    if rng.randrange(100) < PART_IN_A_HUNDRED:
        return codes, _part_of_a_day(codes, month, plans, rng)
    return codes, {}


def _part_of_a_day(
    codes: str, month: Month, plans: tuple[PlanSpan, ...], rng: Random
) -> dict[str, list[dict[str, str]]]:
    """Gone home early one day: the afternoon is absence, told in time."""
    here = [n for n, code in enumerate(codes) if code == ATTENDED]
    if not here:
        return {}
    number = rng.choice(here)
    hours = hours_on(month.every_day()[number], plans)
    if hours is None or hours.end <= 13 * 60:
        return {}
    part = {"from": clock_text(12 * 60), "to": clock_text(hours.end), "code": "A"}
    return {str(number + 1): [part]}


def _minutes(
    codes: str,
    details: Mapping[str, list[dict[str, str]]],
    month: Month,
    plans: tuple[PlanSpan, ...],
) -> int:
    total = 0
    for number, (day, code) in enumerate(zip(month.every_day(), codes, strict=True), 1):
        if code not in (ATTENDED, EXTRA):
            continue
        hours = hours_on(day, plans)
        total += hours.minutes if hours else 0
        for part in details.get(str(number), []):
            total -= _length(part)
    return total


def _length(part: Mapping[str, str]) -> int:
    start, end = (int(part[at][:2]) * 60 + int(part[at][3:]) for at in ("from", "to"))
    return end - start
