"""Frozen values for everything that gives or changes a level beside the limits."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class RuleKind(StrEnum):
    """A floor lifts the level to at least a level; a fixed rule decides it."""

    FLOOR = "floor"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: one question, a domain's sub-total or the total.

    A question's points are taken before weighting, a sum's after.
    """

    question: str = ""
    domain: str = ""
    total: bool = False

    @property
    def named(self) -> str:
        """Return which of the three it is."""
        if self.total:
            return "total"
        return "domain" if self.domain else "question"


def within(points: Decimal, least: Decimal | None, most: Decimal | None) -> bool:
    if least is not None and points < least:
        return False
    return most is None or points <= most


@dataclass(frozen=True, slots=True)
class Condition(Subject):
    """Holds when the subject's points are within the bounds, which are included."""

    at_least: Decimal | None = None
    at_most: Decimal | None = None

    def holds(self, points: Decimal | None) -> bool:
        return points is not None and within(points, self.at_least, self.at_most)


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of points on one key of a table; the bounds are included."""

    label: str
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    def holds(self, points: Decimal) -> bool:
        return within(points, self.at_least, self.at_most)


@dataclass(frozen=True, slots=True)
class TableKey(Subject):
    bands: tuple[Band, ...] = ()

    def band(self, points: Decimal | None) -> str | None:
        """Return the label of the band that the points fall in, if any."""
        if points is None:
            return None
        return next((band.label for band in self.bands if band.holds(points)), None)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One cell of the table: a band per key, and the level there."""

    bands: tuple[str, ...]
    level: str


@dataclass(frozen=True, slots=True)
class Table:
    """A look-up table on two to four keys; a combination without row says nothing."""

    id: str
    text: str
    keys: tuple[TableKey, ...]
    rows: tuple[TableRow, ...]

    def level(self, bands: tuple[str | None, ...]) -> str | None:
        return next((row.level for row in self.rows if row.bands == bands), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the ordered list; without conditions it always holds."""

    id: str
    text: str
    when: tuple[Condition, ...]
    level: str


@dataclass(frozen=True, slots=True)
class LevelRule:
    """What happens to the level when every condition in when holds."""

    id: str
    kind: RuleKind
    text: str
    when: tuple[Condition, ...]
    level: str


@dataclass(frozen=True, slots=True)
class Interval:
    """From this age the need is assessed again after so many months."""

    from_age: int
    months: int
