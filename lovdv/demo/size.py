"""How large the demo is, from which day it is seen, and the months it covers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

PEOPLE, MONTHS, SEED = 390, 13, 1994
FEWEST, MOST_PEOPLE = 40, 100_000
MOST_MONTHS = 36


def first_of(day: date, months: int = 0) -> date:
    """The 1st of the day's month, so many months later.

    >>> first_of(date(2026, 11, 5), -13)
    datetime.date(2025, 10, 1)
    """
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def weekday_after(day: date) -> date:
    """The day, or the Monday after when it is a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


@dataclass(frozen=True)
class Size:
    """The demo is seen on `as_of`; `months` have gone by, the last one is waiting."""

    as_of: date
    people: int = PEOPLE
    months: int = MONTHS
    seed: int = SEED

    @property
    def start(self) -> date:
        """The day the municipality began to use lovdv."""
        return first_of(self.as_of, -self.months)

    @property
    def history(self) -> list[date]:
        """The months that have gone by, each by its first day."""
        return [first_of(self.start, number) for number in range(self.months)]

    @property
    def price_change(self) -> date:
        """The 1st of April inside the history, or the first month's own day."""
        return next((day for day in self.history if day.month == 4), self.start)

    def share(self, of_default: int) -> int:
        """So many of the default's 390 people, in this size; at least one."""
        return max(1, round(of_default * self.people / PEOPLE))

    def random(self, about: str) -> Random:
        """A source of its own for each part, so that one does not disturb another."""
        return Random(f"{self.seed} {about}")  # noqa: S311  (a demo, not a secret)

    def working_days(self, start: date, end: date) -> Iterator[date]:
        for number in range((end - start).days):
            day = start + timedelta(days=number)
            if day.weekday() < 5:
                yield day
