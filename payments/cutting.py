"""Cuts a placement's month where facts change, and joins neighbours that pay alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from payments.calendar import Extent, PlanSpan
from payments.errors import (
    AmbiguousLevel,
    MissingLevel,
    MissingPlan,
    NoPriceList,
    OutsideContract,
    PaymentError,
    SameHoursTwice,
    WrongUnit,
)
from payments.facts import LevelSpan, PlacementMonth, Span
from payments.lines import PER, Priced
from payments.marking import Place
from payments.month import Month
from payments.rates import PriceCell, PriceSpan, Ref
from payments.rules import RuleSet


class Period(Protocol):
    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date | None: ...


Each = TypeVar("Each", bound=Period)


class Terms(NamedTuple):
    """What two neighbours must share to be one line."""

    level: str
    extent_class: str
    unit: str
    price: int
    pause_share: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of the month on the same terms, in days from the month's first."""

    low: int
    high: int
    terms: Terms
    levels: tuple[int, ...]
    """Which of the placement's level spans it rests on."""
    cells: tuple[Ref, ...]
    priced: dict[int, tuple[Priced, ...]] = field(default_factory=dict)
    """What it has cost before, by the identity of the days counted."""


class Problem(NamedTuple):
    """A part of the month that something stops."""

    low: int
    high: int
    error: PaymentError


class Cut(NamedTuple):
    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]


Shape: TypeAlias = tuple[object, ...]


class Cutting:
    """Cuts months under one rule set and the prices in force; alike, alike."""

    def __init__(
        self, month: Month, rules: RuleSet, prices: Sequence[PriceSpan]
    ) -> None:
        self._rules = rules
        self._length = month.days
        self._start, self._end = month.first, month.end
        self._first = month.first.toordinal()
        self._days = month.every_day()
        self._prices = [_covering(prices, day) for day in self._days]
        self._price_cuts = [
            offset
            for offset in range(1, self._length)
            if self._prices[offset] is not self._prices[offset - 1]
        ]
        self._classes: dict[Extent, str | PaymentError] = {}
        self._cells: dict[tuple[int, str, str, str], PriceCell | PaymentError] = {}
        self._known: dict[Shape, Cut] = {}
        self._shapes: dict[int, tuple[object, object]] = {}
        """By identity, with what has it, so that no other gets the same."""

    def levels(self, facts: PlacementMonth) -> Sequence[LevelSpan]:
        """The level spans that have a day in the month."""
        spans = facts.levels
        if len(spans) == 1:
            return spans
        start, end = self._start, self._end
        return [
            span
            for span in spans
            if span.start < end and (span.end is None or start < span.end)
        ]

    def cut(self, place: Place, levels: Sequence[LevelSpan]) -> Cut:
        """The month in parts; placements whose facts have one shape share them."""
        facts = place.facts
        if facts.pauses or place.twice:
            return self._cut(place, levels)
        shape = (
            self._shape(levels, _level),
            self._known_shape(facts.plans, _extent),
            self._known_shape(facts.contracts, _nothing),
            facts.regi,
            place.low,
            place.high,
        )
        known = self._known.get(shape)
        if known is None:
            known = self._known[shape] = self._cut(place, levels)
        return known

    def _known_shape(
        self, spans: Sequence[Each], told: Callable[[Each], object]
    ) -> object:
        """Many placements have the very same plans and contracts."""
        known = self._shapes.get(id(spans))
        if known is None:
            known = self._shapes[id(spans)] = spans, self._shape(spans, told)
        return known[1]

    def _shape(self, spans: Sequence[Each], told: Callable[[Each], object]) -> object:
        """What the month sees of spans: one that covers it all is only what it says."""
        start, end = self._start, self._end
        if len(spans) == 1:
            only = spans[0]
            if only.start <= start and (only.end is None or end <= only.end):
                return told(only)
        return tuple(
            (max(span.start, start), min(span.end or end, end), told(span))
            for span in spans
        )

    def _cut(self, place: Place, levels: Sequence[LevelSpan]) -> Cut:
        pieces: list[Piece] = []
        problems: list[Problem] = []
        for low, high in pairwise(self._cuts(place, levels)):
            try:
                pieces.append(self._piece(place, levels, low, high))
            except PaymentError as error:
                problems.append(Problem(low, high, error))
        whole = self._whole_month(_merged(pieces), problems)
        return Cut(tuple(whole), tuple(problems))

    def _cuts(self, place: Place, levels: Sequence[LevelSpan]) -> list[int]:
        """Every day from which another fact may hold, ends included."""
        facts, low, high, first = place.facts, place.low, place.high, self._first
        cuts = {low, high}
        for spans in (levels, facts.plans, facts.contracts, facts.pauses):
            for span in spans:
                start = span.start.toordinal() - first
                if low < start < high:
                    cuts.add(start)
                if span.end is not None:
                    end = span.end.toordinal() - first
                    if low < end < high:
                        cuts.add(end)
        cuts.update(cut for cut in self._price_cuts if low < cut < high)
        for offset in place.twice:
            cuts.update((offset, offset + 1))
        return sorted(cuts)

    def _piece(
        self, place: Place, levels: Sequence[LevelSpan], low: int, high: int
    ) -> Piece:
        """The terms of a part of the month in which no fact changes."""
        day, facts = self._days[low], place.facts
        if not any_covers(facts.contracts, day):
            raise OutsideContract
        if low in place.twice and self._rules.same_hours == "held":
            raise SameHoursTwice
        which = _level_on(levels, day)
        level = levels[which].level
        extent_class = self._class_on(facts, day)
        cell = self._cell(low, level, extent_class, facts.regi)
        share = self.pause_share(facts, day)
        terms = Terms(level, extent_class, cell.unit, cell.amount, share)
        return Piece(low, high, terms, (which,), (cell.ref,))

    def _class_on(self, facts: PlacementMonth, day: date) -> str:
        for plan in reversed(facts.plans):
            if plan.start <= day and (plan.end is None or day < plan.end):
                break
        else:
            raise MissingPlan
        found = self._classes.get(plan.extent)
        if found is None:
            found = self._classes[plan.extent] = self._class_of(plan.extent)
        if isinstance(found, str):
            return found
        raise found

    def _class_of(self, extent: Extent) -> str | PaymentError:
        try:
            return self._rules.extent_class(extent)
        except PaymentError as error:
            return error

    def _cell(self, offset: int, level: str, extent_class: str, regi: str) -> PriceCell:
        span = self._prices[offset]
        if span is None:
            raise NoPriceList
        key = (id(span), level, extent_class, regi)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self._priced(span, level, extent_class, regi)
        if isinstance(found, PriceCell):
            return found
        raise found

    def _priced(
        self, span: PriceSpan, level: str, extent_class: str, regi: str
    ) -> PriceCell | PaymentError:
        try:
            cell = span.cell(level, extent_class, regi)
        except PaymentError as error:
            return error
        if cell.unit != self._rules.basis:
            return WrongUnit(PER[cell.unit], PER[self._rules.basis])
        return cell

    def pause_share(self, facts: PlacementMonth, day: date) -> int | None:
        for pause in facts.pauses:
            if any_covers((pause,), day):
                default = self._rules.pause_share
                return default if pause.share is None else pause.share
        return None

    def _whole_month(
        self, pieces: Sequence[Piece], problems: Sequence[Problem]
    ) -> Sequence[Piece]:
        """Without proration the first terms of the month hold for all of it."""
        if self._rules.basis == "day" or self._rules.proration != "none" or not pieces:
            return pieces
        if problems and problems[0].low < pieces[0].low:
            return ()
        return (replace(pieces[0], high=pieces[-1].high, priced={}),)


def any_covers(spans: Sequence[Period], day: date) -> bool:
    for span in spans:
        if span.start <= day and (span.end is None or day < span.end):
            return True
    return False


def _covering(prices: Sequence[PriceSpan], day: date) -> PriceSpan | None:
    return next((span for span in prices if any_covers((span,), day)), None)


def _level_on(levels: Sequence[LevelSpan], day: date) -> int:
    """Which of the spans holds the day; one, or a named error."""
    found = [n for n, span in enumerate(levels) if any_covers((span,), day)]
    if not found:
        raise MissingLevel
    if len(found) > 1:
        raise AmbiguousLevel
    return found[0]


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours on the same terms become one, with every reference kept."""
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and last.high == piece.low and last.terms == piece.terms:
            merged[-1] = Piece(
                last.low,
                piece.high,
                last.terms,
                union(last.levels, piece.levels),
                union(last.cells, piece.cells),
            )
        else:
            merged.append(piece)
    return merged


def _level(span: LevelSpan) -> str:
    return span.level


def _extent(span: PlanSpan) -> tuple[int, int]:
    return span.extent.days, span.extent.minutes


def _nothing(_span: Span) -> None:
    """A contract covers its days, and says no more."""


Value = TypeVar("Value")


def union(one: tuple[Value, ...], other: tuple[Value, ...]) -> tuple[Value, ...]:
    """All of both, in order, each once."""
    return tuple(dict.fromkeys(one + other))
