"""Cuts a placement's month where facts change, and joins neighbours that pay alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from payments.calendar import PlanSpan, WeekPlan
from payments.errors import (
    AmbiguousLevel,
    MissingLevel,
    MissingPlan,
    OutsideContract,
    PaymentError,
    SameHoursTwice,
)
from payments.facts import LevelSpan, PlacementMonth, Span
from payments.lines import Priced
from payments.marking import Place, Shared
from payments.month import Month
from payments.rates import PriceSpan, Ref
from payments.rules import RuleSet
from payments.terms import Rates, Terms


class Period(Protocol):
    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date | None: ...


Each = TypeVar("Each", bound=Period)


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
        self._rates = Rates(rules)
        # By planned days, two plans alike in figures may still differ.
        by_plan = "planned_days" in (rules.proration, rules.at_change)
        self._told_plan = _plan if by_plan else _extent
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

    def cut(self, place: Place, levels: Sequence[LevelSpan], by_day: str = "") -> Cut:
        """The month in parts; placements whose facts have one shape share them.

        `by_day` is the extent class of the days it is cut for, where each has its own.
        """
        facts = place.facts
        if facts.pauses or place.twice or place.off or place.shared:
            return self._cut(place, levels, by_day)
        shape = (
            self._shape(levels, _level),
            self._known_shape(facts.plans, self._told_plan),
            self._known_shape(facts.contracts, _nothing),
            facts.regi,
            place.low,
            place.high,
            by_day,
        )
        known = self._known.get(shape)
        if known is None:
            known = self._known[shape] = self._cut(place, levels, by_day)
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

    def _cut(self, place: Place, levels: Sequence[LevelSpan], by_day: str) -> Cut:
        pieces: list[Piece] = []
        problems: list[Problem] = []
        for low, high in pairwise(self._cuts(place, levels)):
            if low in place.off:
                continue
            try:
                pieces.append(self._piece(place, levels, (low, high), by_day))
            except PaymentError as error:
                problems.append(Problem(low, high, error))
        merged = _merged(pieces)
        parts_nothing = self._rules.is_monthly and self._rules.at_change == "none"
        if parts_nothing and merged and not place.off:
            return self._whole_month(merged, problems)
        return Cut(tuple(merged), tuple(problems))

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
        cuts.update(cut for cut in self._pause_cuts(facts) if low < cut < high)
        for offset in place.twice:
            cuts.update((offset, offset + 1))
        cuts.update(cut for cut in _together(place) if low < cut < high)
        return sorted(cuts)

    def _pause_cuts(self, facts: PlacementMonth) -> Iterator[int]:
        """Where the rules pay another share of a pause."""
        for pause in facts.pauses if self._rules.pauses else ():
            for row in self._rules.pauses:
                yield pause.start.toordinal() - self._first + row.first - 1

    def _piece(
        self,
        place: Place,
        levels: Sequence[LevelSpan],
        days: tuple[int, int],
        by_day: str,
    ) -> Piece:
        """The terms of a part of the month in which no fact changes."""
        low, high = days
        day, facts = self._days[low], place.facts
        if not any_covers(facts.contracts, day):
            raise OutsideContract
        if low in place.twice and self._rules.same_hours == "held":
            raise SameHoursTwice
        which = _level_on(levels, day)
        level = levels[which].level
        shared = place.shared[low] if place.shared else None
        extent = shared.extent if shared else _plan_on(facts, day).extent
        extent_class = by_day or self._rates.extent_class(extent)
        cell = self._rates.cell(self._prices[low], level, extent_class, facts.regi)
        unit, price, told = self._rates.rate(cell, extent)
        terms = Terms(
            level,
            extent_class,
            unit,
            price,
            self.pause_share(facts, day),
            self._part(shared),
            told,
        )
        return Piece(low, high, terms, (which,), (cell.ref,))

    def _part(self, shared: Shared | None) -> tuple[int, int]:
        """A month is shared by planned time; what is counted by the day is not."""
        if shared is None or not self._rules.is_monthly:
            return 1, 1
        return shared.part, shared.of

    def pause_share(self, facts: PlacementMonth, day: date) -> int | None:
        for pause in facts.pauses:
            if any_covers((pause,), day):
                if pause.share is not None:
                    return pause.share
                day_number = (day - pause.start).days + 1
                return self._rules.share_of_pause(day_number, kept=pause.kept)
        return None

    def _whole_month(self, pieces: Sequence[Piece], problems: Sequence[Problem]) -> Cut:
        """Where a change parts nothing, the first terms of the month hold for it.

        What is stopped or rests is still parted from it, and waits for terms that are
        not known.
        """
        first = pieces[0]
        hidden = [one for one in problems if one.low < first.low and _hides_terms(one)]
        if hidden:
            waits = [hidden[0]._replace(low=one.low, high=one.high) for one in pieces]
            found = sorted((*problems, *waits), key=lambda one: one.low)
            return Cut((), tuple(found))
        if self._rules.proration == "none":
            awake = [one for one in pieces if one.terms.pause_share is None]
            whole = replace(
                first, terms=(awake or pieces)[0].terms, high=pieces[-1].high, priced={}
            )
            return Cut((whole,), tuple(problems))
        carried = [_on_terms_of(first, piece) for piece in pieces]
        return Cut(tuple(_merged(carried)), tuple(problems))


def _plan_on(facts: PlacementMonth, day: date) -> PlanSpan:
    for plan in reversed(facts.plans):
        if plan.start <= day and (plan.end is None or day < plan.end):
            return plan
    raise MissingPlan


def _together(place: Place) -> Iterator[int]:
    """Where the client's placements together change what holds for one."""
    for offset in range(place.low + 1, place.high):
        was_off, is_off = offset - 1 in place.off, offset in place.off
        shared = place.shared
        if was_off != is_off or (shared and shared[offset - 1] != shared[offset]):
            yield offset


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


def _hides_terms(problem: Problem) -> bool:
    """Whether it leaves unknown what the days would have been paid on."""
    return not isinstance(problem.error, (OutsideContract, SameHoursTwice))


def _on_terms_of(first: Piece, piece: Piece) -> Piece:
    """The same days on the first terms, resting as they do."""
    terms = first.terms._replace(pause_share=piece.terms.pause_share)
    return replace(first, low=piece.low, high=piece.high, terms=terms, priced={})


def _level(span: LevelSpan) -> str:
    return span.level


def _extent(span: PlanSpan) -> tuple[int, int]:
    return span.extent.days, span.extent.minutes


def _plan(span: PlanSpan) -> WeekPlan:
    return span.plan


def _nothing(_span: Span) -> None:
    """A contract covers its days, and says no more."""


Value = TypeVar("Value")


def union(one: tuple[Value, ...], other: tuple[Value, ...]) -> tuple[Value, ...]:
    """All of both, in order, each once."""
    return tuple(dict.fromkeys(one + other))
