"""The three-month clock: has a favourable decision been carried out in time?

Pure functions over days. A decision is carried out on the first day that the person
attended. The clock stops by that, or when the decision has ended; a declined offer
does not stop it. An interruption starts it again, until the person is back.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Facts:
    """The days that decide. Ends are half-open; None: not yet."""

    decided_on: date
    first_attended: date | None = None
    ended_on: date | None = None
    interruptions: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True)
class Limits:
    """The rule 'clock' of the choice system."""

    months: int = 3
    warn_days: tuple[int, ...] = (60, 75, 90)


@dataclass(frozen=True)
class Clock:
    """A clock that runs: since when, the last day, how far it has come."""

    interrupted: bool
    since: date
    last_day: date
    days: int
    warned: int  # the highest of the warning days that has been reached, or 0
    urgent: bool  # the last of them has been reached

    @property
    def days_left(self) -> int:
        return (self.last_day - self.since).days - self.days

    @property
    def over(self) -> bool:
        return self.days_left < 0


def running(facts: Facts, on: date, limits: Limits) -> Clock | None:
    """The clock as it stands on a day; None when nothing is waited for."""
    if facts.ended_on is not None and facts.ended_on <= on:
        return None
    started = facts.first_attended is not None and facts.first_attended <= on
    since = _interrupted_since(facts, on) if started else facts.decided_on
    if since is None or since > on:
        return None
    days = (on - since).days
    warned = max((w for w in limits.warn_days if w <= days), default=0)
    return Clock(
        interrupted=started,
        since=since,
        last_day=months_after(since, limits.months),
        days=days,
        warned=warned,
        urgent=bool(warned) and warned == max(limits.warn_days),
    )


def _interrupted_since(facts: Facts, on: date) -> date | None:
    """The first day of what goes on; interruptions may overlap."""
    return min(
        (
            first
            for first, back in facts.interruptions
            if first <= on and (back is None or back > on)
        ),
        default=None,
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day.

    >>> months_after(date(2025, 11, 30), 3)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ends_within(end_day: date | None, on: date, days: int) -> bool:
    """The last day of a half-open period lies from today to so many days ahead."""
    if end_day is None:
        return False
    last = end_day - timedelta(days=1)
    return on <= last <= on + timedelta(days=days)
