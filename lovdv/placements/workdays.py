"""Swedish holidays and working days."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from holidays import DE_FACTO, PUBLIC, Sweden

MONDAY, FRIDAY = 0, 4


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Days off by law or custom: the public ones and the three great eves."""
    found = Sweden(
        years=year,
        include_sundays=False,
        language="sv",
        categories=(PUBLIC, DE_FACTO),
    )
    return dict(sorted(found.items()))


def is_working_day(day: date) -> bool:
    return day.weekday() <= FRIDAY and day not in holidays_of(day.year)


def working_days_after(day: date, count: int) -> date:
    """The last of so many working days, the first being the next.

    >>> working_days_after(date(2026, 4, 1), 2)
    datetime.date(2026, 4, 7)
    """
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def proposed_closed(year: int) -> dict[date, str]:
    """Weekdays that a municipality usually closes: holidays and the days between."""
    found = {d: n for d, n in holidays_of(year).items() if d.weekday() <= FRIDAY}
    return dict(sorted({**dict(_bridges(year)), **found}.items()))


def _bridges(year: int) -> Iterator[tuple[date, str]]:
    """A working Monday before, or Friday after, a single day off."""
    for day in holidays_of(year):
        for step, weekday in ((-1, MONDAY), (1, FRIDAY)):
            between = day + timedelta(days=step)
            if between.weekday() == weekday and is_working_day(between):
                yield between, "Klämdag"
