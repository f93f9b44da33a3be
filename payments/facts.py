"""What is known about a client's month: the frozen values that pay.py reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from payments.calendar import PlanSpan
from payments.rates import Ref


@dataclass(frozen=True, slots=True)
class Span:
    """A period from a day up to, not including, another; open without one."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Days when a placement rests; without a share of its own the rules' is paid."""

    start: date
    end: date | None
    share: int | None = None
    kept: bool = True
    """Whether the place is kept meanwhile."""


class LevelSpan(NamedTuple):
    """An established level in force, with what established it."""

    start: date
    end: date | None
    level: str
    ref: Ref
    decision: Ref


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a day under one code, in minutes after midnight."""

    code: str
    start: int
    end: int
    told: datetime | None = None
    """When an absence was told, on the clock of the place."""

    @property
    def minutes(self) -> int:
        return self.end - self.start


class Attendance(NamedTuple):
    """A month as frozen in one version: a character a day, parts where needed."""

    codes: str
    parts: Mapping[int, tuple[Part, ...]] = MappingProxyType({})
    """By day of the month; what the parts leave of the plan has the day's code."""
    reported: date | None = None
    """When the unit reported it; None: in time."""


class Ended(NamedTuple):
    """Why a placement ended, and the day that was told."""

    reason: str
    noticed: date | None = None


class Supplement(NamedTuple):
    """An extra amount that a placement has for a period."""

    code: str
    start: date
    end: date | None
    reference: str = ""
    """What decided it."""
    amount: int | None = None
    """In öre, where it is the placement's own."""
    reason: str = ""
    proof: str = ""


class PlacementMonth(NamedTuple):
    """A placement's paid period and what holds for it in one month."""

    ref: Ref
    start: date
    end: date | None
    regi: str
    levels: tuple[LevelSpan, ...]
    plans: tuple[PlanSpan, ...]
    attendance: Attendance | None
    contracts: tuple[Span, ...]
    pauses: tuple[Pause, ...] = ()
    closed: frozenset[date] = frozenset()
    """The unit's own closed days."""
    ended: Ended | None = None
    supplements: tuple[Supplement, ...] = ()
    main: bool = False
    """Whether it goes before the client's other placements."""


class Count(NamedTuple):
    """How far a run of absence has come."""

    group: str
    planned: int
    """Its planned days so far, and its calendar days."""
    calendar: int
    last: int
    """The ordinal of its latest day; 0 when a day was attended after it."""
    year: int = 0
    """The calendar year that it is counted for, if it is."""


class ClientMonth(NamedTuple):
    """One client's placements in one month."""

    ref: Ref
    placements: tuple[PlacementMonth, ...]
    carry: tuple[Count, ...] = ()
    """The runs of absence that were going on when the month began."""
