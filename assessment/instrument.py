"""Frozen values: instrument, domain, question, scale, level and limits."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from assessment.errors import NoSuchQuestionError
from assessment.level_rules import Condition, Decision, Interval, LevelRule, Table
from assessment.numbers import times

NOT_RELEVANT = "ej relevant"
NOT_ASSESSED = "ej bedömd"

LATER = {"later": True}
"""Fields that came after the format: left out of the text when they are not used,
so that what was published before them keeps its digest."""


class Direction(StrEnum):
    """Whether more points mean more need of support, or less."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


class Basis(StrEnum):
    """What the limits are compared with: points, or per cent of the maximum."""

    POINTS = "points"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """One possible answer: the code that is stored and the points it gives."""

    code: str
    points: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    id: str
    steps: tuple[ScaleStep, ...]

    def step(self, code: str) -> ScaleStep | None:
        return next((step for step in self.steps if step.code == code), None)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; it is asked when every condition in shown_when holds."""

    id: str
    text: str
    scale: str
    weight: Decimal = Decimal(1)
    descriptions: tuple[tuple[str, str], ...] = ()
    required: bool = True
    may_be_irrelevant: bool = False
    shown_when: tuple[Condition, ...] = ()

    def description(self, code: str) -> str:
        return dict(self.descriptions).get(code, "")

    def may_be_absent(self) -> bool:
        return self.may_be_irrelevant or not self.required or bool(self.shown_when)


@dataclass(frozen=True, slots=True)
class Domain:
    id: str
    title: str
    questions: tuple[Question, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A level's label as text, the price level it gives and what it means."""

    label: str
    price_level: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The points that give one level; None means without bound on that side."""

    level: str
    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool

    def contains(self, value: Decimal, *, scale: Decimal = Decimal(1)) -> bool:
        """Tell whether value/scale is inside, without dividing anything."""
        if self.low is not None:
            low = times(self.low, scale)
            if value < low or (value == low and not self.low_included):
                return False
        if self.high is not None:
            high = times(self.high, scale)
            if value > high or (value == high and not self.high_included):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of an instrument; levels stand in order from least need.

    The level is given by the first of these that says something: the decisions, the
    tables, the limits. Then the rules may lift or fix it.
    """

    id: str
    version: str
    title: str
    source: str
    scales: tuple[Scale, ...]
    domains: tuple[Domain, ...]
    levels: tuple[Level, ...]
    limits: tuple[Limit, ...]
    rules: tuple[LevelRule, ...] = ()
    direction: Direction = Direction.ASCENDING
    basis: Basis = Basis.POINTS
    irrelevant_lowers_maximum: bool = False
    text: str = ""
    decisions: tuple[Decision, ...] = field(default=(), metadata=LATER)
    tables: tuple[Table, ...] = field(default=(), metadata=LATER)
    reassessment: tuple[Interval, ...] = field(default=(), metadata=LATER)

    def questions(self) -> tuple[Question, ...]:
        return tuple(
            question for domain in self.domains for question in domain.questions
        )

    def question(self, name: str) -> Question:
        return _named(name, {item.id: item for item in self.questions()})

    def scale(self, name: str) -> Scale:
        return _named(name, {item.id: item for item in self.scales})

    def level(self, label: str) -> Level:
        return _named(label, {item.label: item for item in self.levels})

    def rank(self, label: str) -> int:
        """Return the level's place in the order of need, the least need first."""
        return self.levels.index(self.level(label))

    def reassessment_months(self, age: int | None) -> int | None:
        """Return after how many months the need is assessed again, by age in years.

        An unknown age gets the shortest interval; an age before the first gets none.
        """
        reached = [
            interval
            for interval in self.reassessment
            if age is None or interval.from_age <= age
        ]
        if age is None:
            return min((interval.months for interval in reached), default=None)
        return reached[-1].months if reached else None


Named = TypeVar("Named")


def _named(name: str, items: dict[str, Named]) -> Named:
    try:
        return items[name]
    except KeyError:
        raise NoSuchQuestionError(name) from None
