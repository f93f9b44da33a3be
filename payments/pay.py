"""Placements, levels, attendance, rates and rules in; lines and held items out.

A month is cut where facts change: paid period, contract, level, plan, price, pause.
Neighbours that pay alike are merged before anything is rounded.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple, Protocol

from payments.absence import DayShares, PaidMonth, Tally
from payments.calendar import CLOSED, NOT_PLANNED, Extent
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
from payments.facts import ClientMonth, LevelSpan, PlacementMonth
from payments.lines import HUNDRED, PER, PLACE, Due, Held, Line, amount_of
from payments.marking import Marking, Place
from payments.month import Month
from payments.rates import PriceCell, PriceSpan, Ref
from payments.rules import WHOLE, RuleSet

COUNTED_NAMES: Mapping[str, str] = {
    "planned_less_unpaid_absence": "planerade dagar minus obetald frånvaro",
    "ordered_time": "beställd tid oavsett närvaro",
    "attended": "dagar med närvaro",
}
PRORATION_NAMES: Mapping[str, str] = {
    "calendar_days": "del av månad efter kalenderdagar",
    "none": "hel månad även när bara en del gäller",
}
PLAN_PAID = "månaden är inte rapporterad: planen betalas och stäms av senare"
HOURS_TWICE = "samma timmar på två placeringar betalas"


class _Period(Protocol):
    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date | None: ...


class _Terms(NamedTuple):
    """What two neighbours must share to be one line."""

    level: str
    extent_class: str
    unit: str
    price: int
    pause_share: int | None


class _Piece(NamedTuple):
    low: int
    high: int
    terms: _Terms
    decisions: tuple[Ref, ...]
    levels: tuple[Ref, ...]
    cells: tuple[Ref, ...]


class _Problem(NamedTuple):
    low: int
    high: int
    error: PaymentError
    due: bool


class Calculation:
    """One month under one rule set and the prices in force, for client after client."""

    def __init__(
        self,
        month: Month,
        rules: RuleSet,
        prices: Sequence[PriceSpan],
        closed: Collection[date] = (),
    ) -> None:
        self._month = month
        self._rules = rules
        self._length = month.days
        self._first = month.first.toordinal()
        self._days = (*month.every_day(), month.end)
        self._by_day = rules.basis == "day"
        self._marking = Marking(month, rules, closed)
        self._shares = DayShares(month, rules)
        self._prices = [_covering(prices, day) for day in self._days[:-1]]
        self._price_cuts = [
            offset
            for offset in range(1, self._length)
            if self._prices[offset] is not self._prices[offset - 1]
        ]
        self._classes: dict[Extent, str | PaymentError] = {}
        self._cells: dict[tuple[int, str, str, str], PriceCell | PaymentError] = {}
        named = COUNTED_NAMES[rules.counted]
        proration = () if self._by_day else (PRORATION_NAMES[rules.proration],)
        self._named: tuple[str, ...] = (named, *proration)

    def due(self, client: ClientMonth) -> Due:
        """All that is due for a client: every line, and whatever stops one."""
        found = [self._marking.place(facts) for facts in client.placements]
        places = [place for place in found if place.low < place.high]
        if len(places) > 1:
            self._marking.find_same_hours(places)
        marked = [place.marked for place in places if place.marked is not None]
        paid, carry = self._shares.paid(marked, client.carry)
        months = iter(paid)
        lines: list[Line] = []
        held: list[Held] = []
        for place in places:
            month = next(months) if place.marked is not None else None
            self._settle(place, month, lines, held)
        return Due(tuple(lines), tuple(held), carry)

    def _settle(
        self,
        place: Place,
        paid: PaidMonth | None,
        lines: list[Line],
        held: list[Held],
    ) -> None:
        if place.error is not None:
            problem = _Problem(place.low, place.high, place.error, due=True)
            held.append(self._held(place, problem))
            return
        pieces: list[_Piece] = []
        problems: list[_Problem] = []
        for low, high in pairwise(self._cuts(place)):
            try:
                pieces.append(self._piece(place, low, high))
            except PaymentError as error:
                due = self._is_due(place, paid, low, high)
                problems.append(_Problem(low, high, error, due))
        stopped = _merged_problems(problems)
        held.extend(self._held(place, problem) for problem in stopped if problem.due)
        for piece in self._whole_month(_merged(pieces), problems):
            lines.extend(self._lines(place, piece, paid))

    def _cuts(self, place: Place) -> list[int]:
        """Every day from which another fact may hold, ends included."""
        facts, low, high, first = place.facts, place.low, place.high, self._first
        cuts = {low, high}
        for spans in (facts.levels, facts.plans, facts.contracts, facts.pauses):
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

    def _piece(self, place: Place, low: int, high: int) -> _Piece:
        """The terms of a part of the month in which no fact changes."""
        day, facts = self._days[low], place.facts
        if not _any_covers(facts.contracts, day):
            raise OutsideContract
        if low in place.twice and self._rules.same_hours == "held":
            raise SameHoursTwice
        level = _level_on(facts.levels, day)
        extent_class = self._class_on(facts, day)
        cell = self._cell(low, level.level, extent_class, facts.regi)
        share = self._pause_share(facts, day) if facts.pauses else None
        terms = _Terms(level.level, extent_class, cell.unit, cell.amount, share)
        return _Piece(low, high, terms, (level.decision,), (level.ref,), (cell.ref,))

    def _class_on(self, facts: PlacementMonth, day: date) -> str:
        plan = None
        for span in facts.plans:
            if span.covers(day):
                plan = span
        if plan is None:
            raise MissingPlan
        found = self._classes.get(plan.extent)
        if found is None:
            found = self._classes[plan.extent] = self._class_of(plan.extent)
        if isinstance(found, PaymentError):
            raise found
        return found

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
        if isinstance(found, PaymentError):
            raise found
        return found

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

    def _is_due(
        self, place: Place, paid: PaidMonth | None, low: int, high: int
    ) -> bool:
        """Whether anything would be paid, had nothing been wrong."""
        if paid is None:
            return True
        share = self._pause_share(place.facts, self._days[low])
        if share is not None:
            return bool(share and self._planned(place, low, high))
        return bool(self._shares.tallies(paid, low, high))

    def _pause_share(self, facts: PlacementMonth, day: date) -> int | None:
        for pause in facts.pauses:
            if _covers(pause, day):
                default = self._rules.pause_share
                return default if pause.share is None else pause.share
        return None

    def _planned(self, place: Place, low: int, high: int) -> int:
        attendance = place.facts.attendance
        codes = attendance.codes[low:high] if attendance else ""
        return len(codes) - codes.count(NOT_PLANNED) - codes.count(CLOSED)

    def _whole_month(
        self, pieces: Sequence[_Piece], problems: Sequence[_Problem]
    ) -> Sequence[_Piece]:
        """Without proration the first terms of the month hold for all of it."""
        if self._by_day or self._rules.proration != "none" or not pieces:
            return pieces
        if problems and problems[0].low < pieces[0].low:
            return ()
        return (pieces[0]._replace(high=pieces[-1].high),)

    def _lines(
        self, place: Place, piece: _Piece, paid: PaidMonth | None
    ) -> Iterator[Line]:
        share = piece.terms.pause_share
        if share is not None:
            tallies = self._pause_tallies(place, piece, share)
        elif paid is not None:
            tallies = self._shares.tallies(paid, piece.low, piece.high)
        else:
            tallies = (self._calendar_tally(piece, WHOLE, ()),)
        of = 1 if self._by_day or self._rules.proration == "none" else self._length
        rules = self._fired(place, piece)
        for tally in tallies:
            yield self._line(place, piece, tally, of, rules)

    def _line(
        self,
        place: Place,
        piece: _Piece,
        tally: Tally,
        of: int,
        rules: tuple[str, ...],
    ) -> Line:
        low, high, terms, decisions, levels, cells = piece
        rounding = self._rules.rounding
        return Line(
            placement=place.facts.ref,
            kind=PLACE,
            month=self._month,
            start=self._days[low],
            end=self._days[high],
            decisions=decisions,
            level=terms.level,
            levels=levels,
            extent_class=terms.extent_class,
            regi=place.facts.regi,
            cells=cells,
            unit=terms.unit,
            price=terms.price,
            hundredths=tally.hundredths,
            of=of,
            share=tally.share,
            rounding=rounding,
            amount=amount_of(terms.price, tally.hundredths, of, tally.share, rounding),
            days=tally.days,
            counted=tally.counted,
            rules=rules + tally.rules if tally.rules else rules,
        )

    def _pause_tallies(
        self, place: Place, piece: _Piece, share: int
    ) -> tuple[Tally, ...]:
        if share == 0:
            return ()
        rule = (f"uppehåll: {share} %",)
        if not self._by_day:
            return (self._calendar_tally(piece, share, rule),)
        days = self._planned(place, piece.low, piece.high)
        return (Tally(share, days * HUNDRED, days, "", rule),) if days else ()

    def _calendar_tally(
        self, piece: _Piece, share: int, rules: tuple[str, ...]
    ) -> Tally:
        days = piece.high - piece.low
        parts = 1 if self._rules.proration == "none" else days
        return Tally(share, parts * HUNDRED, days, "", rules)

    def _fired(self, place: Place, piece: _Piece) -> tuple[str, ...]:
        named = self._named
        if place.by_plan:
            named = (*named, PLAN_PAID)
        if any(piece.low <= offset < piece.high for offset in place.twice):
            named = (*named, HOURS_TWICE)
        return named

    def _held(self, place: Place, problem: _Problem) -> Held:
        return Held(
            placement=place.facts.ref,
            kind=PLACE,
            month=self._month,
            start=self._days[problem.low],
            end=self._days[problem.high],
            error=problem.error.name,
            message=str(problem.error),
        )


def _covers(span: _Period, day: date) -> bool:
    return span.start <= day and (span.end is None or day < span.end)


def _any_covers(spans: Sequence[_Period], day: date) -> bool:
    return any(_covers(span, day) for span in spans)


def _covering(prices: Sequence[PriceSpan], day: date) -> PriceSpan | None:
    return next((span for span in prices if _covers(span, day)), None)


def _level_on(levels: Sequence[LevelSpan], day: date) -> LevelSpan:
    found = [span for span in levels if _covers(span, day)]
    if not found:
        raise MissingLevel
    if len(found) > 1:
        raise AmbiguousLevel
    return found[0]


def _merged(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Neighbours on the same terms become one, with every reference kept."""
    merged: list[_Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and last.high == piece.low and last.terms == piece.terms:
            merged[-1] = _Piece(
                last.low,
                piece.high,
                last.terms,
                _union(last.decisions, piece.decisions),
                _union(last.levels, piece.levels),
                _union(last.cells, piece.cells),
            )
        else:
            merged.append(piece)
    return merged


def _merged_problems(problems: Sequence[_Problem]) -> list[_Problem]:
    merged: list[_Problem] = []
    for problem in problems:
        last = merged[-1] if merged else None
        if last and last.high == problem.low and str(last.error) == str(problem.error):
            due = last.due or problem.due
            merged[-1] = _Problem(last.low, problem.high, last.error, due)
        else:
            merged.append(problem)
    return merged


def _union(one: tuple[Ref, ...], other: tuple[Ref, ...]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(one + other))
