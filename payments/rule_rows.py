"""The rows that a rule set is made of: classes, absence, pause, end, supplements."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from payments.calendar import NAMES

WHOLE = 100
AFTER_END = {"end": "slutet", "notice": "beskedet"}


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range; a closed bound belongs to it."""

    value: Fraction
    closed: bool


@dataclass(frozen=True, slots=True)
class Range:
    """From one bound to another, or on for ever."""

    lower: Bound
    upper: Bound | None

    def holds(self, value: Fraction) -> bool:
        low, high = self.lower, self.upper
        above = value > low.value or (low.closed and value == low.value)
        if high is None:
            return above
        return above and (value < high.value or (high.closed and value == high.value))

    def meets(self, other: "Range") -> bool:
        """Whether some value lies in both."""
        return not (self.is_below(other) or other.is_below(self))

    def is_below(self, other: "Range") -> bool:
        if self.upper is None:
            return False
        mine, theirs = self.upper, other.lower
        shared = mine.closed and theirs.closed
        return mine.value < theirs.value or (mine.value == theirs.value and not shared)

    def in_words(self, what: str) -> str:
        """As people say it: "från 2 till och med 5 timmar"."""
        low = f"{'från' if self.lower.closed else 'över'} {number(self.lower.value)}"
        if self.upper is None:
            return f"{low} {what}"
        until = "till och med" if self.upper.closed else "under"
        high = f"{until} {number(self.upper.value)} {what}"
        starts = self.lower.closed and self.lower.value == 0
        return high if starts else f"{low} {high}"


@dataclass(frozen=True, slots=True)
class ExtentClass(Range):
    name: str


@dataclass(frozen=True, slots=True)
class Bundle(Range):
    """How many hundredths of a unit a day with so many hours is paid as."""

    units: int

    def __str__(self) -> str:
        units = number(Fraction(self.units, 100))
        return f"{self.in_words('timmar')} räknas som {units}"


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """Which share is paid from one day of an absence to another, both included."""

    effect: str
    first: int
    last: int | None
    share: int
    counting: str
    restart: str
    group: str

    @property
    def counts(self) -> bool:
        return self.first > 1 or self.last is not None

    def matches(self, number: int) -> bool:
        return self.first <= number and (self.last is None or number <= self.last)

    def __str__(self) -> str:
        name = NAMES[self.effect]
        if not self.counts:
            return f"{name}: {self.share} %"
        days = "planerade dagar" if self.counting == "planned_days" else "kalenderdagar"
        last = "och framåt" if self.last is None else f"till {self.last}"
        of = RESTART_WORDS[self.restart]
        return f"{name}, {days} {self.first} {last}{of}: {self.share} %"


RESTART_WORDS = {"attended": "", "month": " i månaden", "calendar_year": " under året"}


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """How long before an absence it must be told: hours, or days and a clock time."""

    hours: int | None
    days: int | None
    by: int | None
    """In minutes after midnight."""


@dataclass(frozen=True, slots=True)
class PauseRule:
    """The share paid from one day of a pause to another, both included."""

    first: int
    last: int | None
    share: int
    kept: bool | None
    """Whether it holds for a place that is kept, or given up; None: for both."""

    def matches(self, number: int, *, kept: bool) -> bool:
        is_reached = self.first <= number and (self.last is None or number <= self.last)
        return is_reached and self.kept in (None, kept)


@dataclass(frozen=True, slots=True)
class EndRule:
    """What is paid after an end with one reason."""

    reason: str
    since: str
    days: int | None
    """None: to the end of the month."""
    share: int

    def __str__(self) -> str:
        since = AFTER_END[self.since]
        far = "månaden ut" if self.days is None else f"{self.days} dagar"
        return f"efter slutet ({self.reason}): {far} från {since}, {self.share} %"


@dataclass(frozen=True, slots=True)
class SupplementRule:
    """An extra amount that exists; without amounts the placement's own says it."""

    code: str
    name: str
    per: str
    counted: str
    needs_proof: bool
    amounts: tuple[tuple[date, int], ...]
    """From which day, and öre; in order of days."""

    @property
    def is_individual(self) -> bool:
        return not self.amounts


@dataclass(frozen=True, slots=True)
class VatRule:
    """VAT compensation that the price of a regi includes, or that is added to it."""

    kind: str
    percent: int
    regi: str

    def concerns(self, regi: str) -> bool:
        return self.regi in (regi, "alla")


def number(value: Fraction) -> str:
    """A number as people write it, to the hundredth.

    >>> number(Fraction(37, 2)), number(Fraction(6))
    ('18,5', '6')
    """
    whole, part = divmod(round(value * 100), 100)
    return f"{whole},{part:02}".rstrip("0") if part else str(whole)


def hours(minutes: int) -> str:
    """A number of minutes as people say it.

    >>> hours(301), hours(360)
    ('5 timmar 1 minuter', '6 timmar')
    """
    sign = "\N{MINUS SIGN}" if minutes < 0 else ""
    whole, rest = divmod(abs(minutes), 60)
    return f"{sign}{whole} timmar {rest} minuter" if rest else f"{sign}{whole} timmar"
