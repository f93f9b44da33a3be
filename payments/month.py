"""A month, from its first day up to the next month's first; and days as written."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from payments.errors import NotAMonth

_WRITTEN = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"(?:19|2[01])\d\d(-?)\d\d\1\d\d")


def day_of(text: str) -> date:
    """A day as a person writes it, from 1900 to 2199; ValueError for anything else.

    >>> day_of("2026-01-31") == day_of("20260131")
    True

    A week and its day, 2026-W10-4, and a year typed wrong, 0226-01-31, are no days.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month.

    >>> november = Month(2026, 11)
    >>> november.first, november.end, november.days
    (datetime.date(2026, 11, 1), datetime.date(2026, 12, 1), 30)
    >>> str(november.next.next), november - Month(2025, 11)
    ('2027-01', 12)
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1900 <= self.year <= 9998):
            raise NotAMonth(f"{self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Self:
        if not _WRITTEN.fullmatch(text):
            raise NotAMonth(text)
        return cls(int(text[:4]), int(text[5:]))

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        return self.next.first

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def next(self) -> Self:
        return self.plus(1)

    @property
    def previous(self) -> Self:
        return self.plus(-1)

    def plus(self, months: int) -> Self:
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return type(self)(year, number + 1)

    def __sub__(self, other: "Month") -> int:
        return (self.year - other.year) * 12 + self.number - other.number

    def __contains__(self, day: date) -> bool:
        return day.year == self.year and day.month == self.number

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    def every_day(self) -> tuple[date, ...]:
        first = self.first
        return tuple(first + timedelta(days=n) for n in range(self.days))
