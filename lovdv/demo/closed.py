"""The days when the demo's units are closed."""

from collections.abc import Iterator
from datetime import date, timedelta

import holidays

from lovdv.demo.size import Size

SUMMER_WEEKS = (29, 30)


def closed_days(size: Size) -> dict[date, str]:
    """Holidays, bridge days and two summer weeks, on weekdays, by day."""
    years = range(size.start.year, size.as_of.year + 2)
    named = holidays.country_holidays(
        "SE", years=years, language="sv", categories=("public", "de_facto")
    )
    days = {day: str(name) for day, name in named.items() if day.weekday() < 5}
    for year in years:
        days |= dict.fromkeys(_summer(year), "Sommarstängt")
    bridges = {
        day: "Klämdag" for day in list(days) for day in _bridges(day, days, named)
    }
    return dict(sorted((bridges | days).items()))


def _summer(year: int) -> Iterator[date]:
    for week in SUMMER_WEEKS:
        for weekday in range(1, 6):
            yield date.fromisocalendar(year, week, weekday)


def _bridges(
    day: date, days: dict[date, str], named: holidays.HolidayBase
) -> Iterator[date]:
    """A Friday after a Thursday off, a Monday before a Tuesday off."""
    if day not in named:
        return
    for weekday, step in ((3, 1), (1, -1)):
        other = day + timedelta(days=step)
        if day.weekday() == weekday and other not in days:
            yield other
