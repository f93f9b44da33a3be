"""Frozen values that scoring gives: a level that explains itself, or why there is none.

Every value carries a kind or a plain field, so that a page can say it in words.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

from assessment.level_rules import RuleKind, Subject
from assessment.numbers import ZERO


class ReasonKind(StrEnum):
    """Why there is no level."""

    MISSING = "missing"
    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_ANSWER = "unknown_answer"
    IRRELEVANT_REFUSED = "irrelevant_refused"
    NOTHING_MEASURED = "nothing_measured"
    OUTSIDE_LIMITS = "outside_limits"
    NOTHING_DECIDES = "nothing_decides"


class NotCounted(StrEnum):
    """Why an answer, or the lack of one, gives no points."""

    HIDDEN = "hidden"
    IRRELEVANT = "irrelevant"
    OPTIONAL = "optional"


_MESSAGES = {
    ReasonKind.MISSING: "Frågan ”{question}” är inte besvarad. Välj ett svar.",
    ReasonKind.UNKNOWN_QUESTION: (
        "Frågan ”{question}” finns inte i instrumentet. Rätta frågans namn."
    ),
    ReasonKind.UNKNOWN_ANSWER: (
        "Svaret ”{answer}” finns inte på frågan ”{question}”. Välj ett svar i skalan."
    ),
    ReasonKind.IRRELEVANT_REFUSED: (
        "Frågan ”{question}” kan inte besvaras med ”ej relevant”. "
        "Välj ett svar i skalan."
    ),
    ReasonKind.NOTHING_MEASURED: (
        "Alla frågor är ej relevanta, så det finns inget att räkna på. "
        "Besvara minst en fråga."
    ),
    ReasonKind.OUTSIDE_LIMITS: (
        "Summan ligger utanför instrumentets gränser. Rätta instrumentet."
    ),
    ReasonKind.NOTHING_DECIDES: (
        "Inget i instrumentet ger en nivå för de här svaren. Rätta instrumentet."
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stops the level; several can stand at once."""

    kind: ReasonKind
    question: str = ""
    answer: str = ""

    @property
    def message(self) -> str:
        return _MESSAGES[self.kind].format(question=self.question, answer=self.answer)


@dataclass(frozen=True, slots=True)
class DomainPoints:
    """A domain's sub-total so far; it is complete when nothing is missing."""

    domain: str
    points: Decimal
    maximum: Decimal
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Counted:
    """An answer's points times the question's weight."""

    question: str
    answer: str
    scale_points: Decimal
    weight: Decimal
    points: Decimal
    maximum: Decimal
    kind: Literal["counted"] = "counted"


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A question without points: hidden, not relevant or optional."""

    question: str
    answer: str
    why: NotCounted
    maximum: Decimal
    kind: Literal["uncounted"] = "uncounted"


@dataclass(frozen=True, slots=True)
class DomainSum:
    domain: str
    points: Decimal
    maximum: Decimal
    kind: Literal["domain_sum"] = "domain_sum"


@dataclass(frozen=True, slots=True)
class Sum:
    points: Decimal
    maximum: Decimal
    kind: Literal["sum"] = "sum"


@dataclass(frozen=True, slots=True)
class ByLimit:
    """The limit that the sum, or its share of the maximum, falls within."""

    level: str
    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool
    basis: str
    kind: Literal["by_limit"] = "by_limit"


@dataclass(frozen=True, slots=True)
class ByDecision:
    """The first row of the ordered list whose conditions hold."""

    decision: str
    text: str
    level: str
    kind: Literal["by_decision"] = "by_decision"


@dataclass(frozen=True, slots=True)
class KeyBand(Subject):
    """Where one key of a table landed."""

    points: Decimal = ZERO
    band: str = ""


@dataclass(frozen=True, slots=True)
class ByTable:
    """The cell of the first table that has one for the answers."""

    table: str
    text: str
    keys: tuple[KeyBand, ...]
    level: str
    kind: Literal["by_table"] = "by_table"


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule whose conditions held, and whether it changed the level."""

    rule: str
    rule_kind: RuleKind
    text: str
    level: str
    changed: bool
    kind: Literal["rule"] = "rule"


@dataclass(frozen=True, slots=True)
class Priced:
    level: str
    price_level: str
    kind: Literal["priced"] = "priced"


TraceStep: TypeAlias = (
    Counted
    | Uncounted
    | DomainSum
    | Sum
    | ByDecision
    | ByTable
    | ByLimit
    | FiredRule
    | Priced
)
Base: TypeAlias = ByDecision | ByTable | ByLimit
"""What gave the level, before the rules."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How many points there are to another level; more than, when not included."""

    level: str
    points: Decimal
    more_than: bool


@dataclass(frozen=True, slots=True)
class Margins:
    """Points to the levels next to this one; or the rules, the decision or the table
    that holds the level whatever the points are."""

    higher: Margin | None
    lower: Margin | None
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A level with everything that made it.

    level_by_points is the level before the rules, also when a decision or a table
    gave it.
    """

    instrument: str
    version: str
    level: str
    price_level: str
    level_by_points: str
    points: Decimal
    maximum: Decimal
    domains: tuple[DomainPoints, ...]
    fired: tuple[FiredRule, ...]
    margins: Margins
    not_counted: tuple[Uncounted, ...]
    trace: tuple[TraceStep, ...]


@dataclass(frozen=True, slots=True)
class NoLevel:
    """No level, and every reason for that; the domains show how far it has come."""

    instrument: str
    version: str
    reasons: tuple[Reason, ...]
    domains: tuple[DomainPoints, ...]
    not_counted: tuple[Uncounted, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(
            reason.question
            for reason in self.reasons
            if reason.kind is ReasonKind.MISSING
        )

    @property
    def is_only_incomplete(self) -> bool:
        return all(reason.kind is ReasonKind.MISSING for reason in self.reasons)
