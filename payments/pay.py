"""Placements, levels, attendance, rates and rules in; lines and held items out.

A month is cut where facts change: paid period, contract, level, plan, price, pause.
Neighbours that pay alike are merged before anything is rounded.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from payments.absence import DayShares, PaidMonth
from payments.calendar import ATTENDED
from payments.cutting import Cutting, Piece, Problem
from payments.facts import ClientMonth, Count, LevelSpan
from payments.lines import HUNDRED, PLACE, Due, Held, Line, Priced, amount_of
from payments.marking import Marking, Place
from payments.month import Month
from payments.rates import PriceSpan, Ref
from payments.rules import WHOLE, RuleSet
from payments.tallies import Counting, Tallies, Tally

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
        self._days = (*month.every_day(), month.end)
        self._by_day = rules.basis == "day"
        self._marking = Marking(month, rules, closed)
        self._cutting = Cutting(month, rules, prices)
        self._shares = DayShares(month, rules)
        self._counting = Counting(rules)
        named = COUNTED_NAMES[rules.counted]
        proration = () if self._by_day else (PRORATION_NAMES[rules.proration],)
        self._named: tuple[str, ...] = (named, *proration)

    def due(self, client: ClientMonth) -> Due:
        """All that is due for a client: every line, and whatever stops one."""
        lines: list[Line] = []
        held: list[Held] = []
        if len(client.placements) == 1:
            carry = self._alone(client, lines, held)
        else:
            carry = self._together(client, lines, held)
        return Due(tuple(lines), tuple(held), carry)

    def _alone(
        self, client: ClientMonth, lines: list[Line], held: list[Held]
    ) -> tuple[Count, ...]:
        """Most clients have one placement."""
        place = self._marking.place(client.placements[0])
        marked = place.marked
        if marked is None or marked.pieces:
            return self._together(client, lines, held)
        paid, carry = self._shares.one(marked.codes, client.carry)
        if place.low < place.high:
            self._settle(place, paid, lines, held)
        return carry

    def _together(
        self, client: ClientMonth, lines: list[Line], held: list[Held]
    ) -> tuple[Count, ...]:
        places = [self._marking.place(facts) for facts in client.placements]
        self._marking.find_same_hours(places)
        marked = [place.marked for place in places if place.marked is not None]
        paid, carry = self._shares.paid(marked, client.carry)
        months = iter(paid)
        for place in places:
            month = next(months) if place.marked is not None else None
            if place.error is not None:
                problem = Problem(place.low, place.high, place.error)
                held.append(self._held(place, problem))
            elif place.low < place.high:
                self._settle(place, month, lines, held)
        return carry

    def _settle(
        self,
        place: Place,
        paid: PaidMonth | None,
        lines: list[Line],
        held: list[Held],
    ) -> None:
        facts = place.facts
        levels = self._cutting.levels(facts)
        cut = self._cutting.cut(place, levels)
        if cut.problems:
            held += self._stopped(place, paid, cut.problems)
        is_plain = not (facts.pauses or place.by_plan or place.twice)
        for piece in cut.pieces:
            decisions, level_refs = _refs(piece, levels)
            priced = self._known if is_plain else self._priced
            lines += [
                Line(facts.ref, decisions, level_refs, one)
                for one in priced(place, piece, paid)
            ]

    def _stopped(
        self, place: Place, paid: PaidMonth | None, problems: Sequence[Problem]
    ) -> list[Held]:
        """Neighbours with the same problem are one; without a day to pay, none."""
        runs: list[tuple[Problem, bool]] = []
        for problem in problems:
            due = self._is_due(place, paid, problem)
            last, was_due = runs[-1] if runs else (None, False)
            alike = last is not None and str(last.error) == str(problem.error)
            if last is not None and alike and last.high == problem.low:
                runs[-1] = last._replace(high=problem.high), was_due or due
            else:
                runs.append((problem, due))
        return [self._held(place, problem) for problem, due in runs if due]

    def _is_due(self, place: Place, paid: PaidMonth | None, problem: Problem) -> bool:
        """Whether anything would be paid, had nothing been wrong."""
        low, high, _ = problem
        if paid is None:
            return True
        share = self._cutting.pause_share(place.facts, self._days[low])
        if share is not None:
            return bool(share and self._planned(place, low, high))
        return bool(self._counting.tallies(paid, low, high))

    def _planned(self, place: Place, low: int, high: int) -> int:
        """By the plan: attendance is not reported while a placement rests."""
        return self._marking.plan(place).count(ATTENDED, low, high)

    def _known(
        self, place: Place, piece: Piece, paid: PaidMonth | None
    ) -> tuple[Priced, ...]:
        """What a piece costs, remembered where the same days cost the same."""
        if paid is not None and paid.pieces:
            return self._priced(place, piece, paid)
        # The counting gives the very same tuple for the same days, and keeps it.
        key = id(self._counting.tallies(paid, piece.low, piece.high)) if paid else 0
        known = piece.priced.get(key)
        if known is None:
            known = piece.priced[key] = self._priced(place, piece, paid)
        return known

    def _priced(
        self, place: Place, piece: Piece, paid: PaidMonth | None
    ) -> tuple[Priced, ...]:
        share = piece.terms.pause_share
        if share is not None:
            tallies = self._pause_tallies(place, piece, share)
        elif paid is None:
            tallies = (self._calendar_tally(piece, WHOLE, ()),)
        else:
            tallies = self._counting.tallies(paid, piece.low, piece.high)
        return self._cost(place, piece, tallies)

    def _cost(self, place: Place, piece: Piece, tallies: Tallies) -> tuple[Priced, ...]:
        of = 1 if self._by_day or self._rules.proration == "none" else self._length
        rules = self._fired(place, piece)
        regi = place.facts.regi
        return tuple(self._one(piece, regi, tally, of, rules) for tally in tallies)

    def _one(
        self, piece: Piece, regi: str, tally: Tally, of: int, rules: tuple[str, ...]
    ) -> Priced:
        terms, rounding = piece.terms, self._rules.rounding
        return Priced(
            kind=PLACE,
            month=self._month,
            start=self._days[piece.low],
            end=self._days[piece.high],
            level=terms.level,
            extent_class=terms.extent_class,
            regi=regi,
            cells=piece.cells,
            unit=terms.unit,
            price=terms.price,
            hundredths=tally.hundredths,
            of=of,
            share=tally.share,
            rounding=rounding,
            amount=amount_of(terms.price, tally.hundredths, of, tally.share, rounding),
            days=tally.days,
            counted=tally.counted,
            rules=rules + tally.rules,
        )

    def _pause_tallies(self, place: Place, piece: Piece, share: int) -> Tallies:
        if share == 0:
            return ()
        rule = (f"uppehåll: {share} %",)
        if not self._by_day:
            return (self._calendar_tally(piece, share, rule),)
        days = self._planned(place, piece.low, piece.high)
        return (Tally(share, days * HUNDRED, days, "", rule),) if days else ()

    def _calendar_tally(
        self, piece: Piece, share: int, rules: tuple[str, ...]
    ) -> Tally:
        days = piece.high - piece.low
        parts = 1 if self._rules.proration == "none" else days
        return Tally(share, parts * HUNDRED, days, "", rules)

    def _fired(self, place: Place, piece: Piece) -> tuple[str, ...]:
        named = self._named
        if place.by_plan:
            named = (*named, PLAN_PAID)
        if any(piece.low <= offset < piece.high for offset in place.twice):
            named = (*named, HOURS_TWICE)
        return named

    def _held(self, place: Place, problem: Problem) -> Held:
        return Held(
            placement=place.facts.ref,
            kind=PLACE,
            month=self._month,
            start=self._days[problem.low],
            end=self._days[problem.high],
            error=problem.error.name,
            message=str(problem.error),
        )


def _refs(
    piece: Piece, levels: Sequence[LevelSpan]
) -> tuple[tuple[Ref, ...], tuple[Ref, ...]]:
    """The decisions and the levels that a piece rests on."""
    if len(piece.levels) == 1:
        only = levels[piece.levels[0]]
        return (only.decision,), (only.ref,)
    spans = [levels[which] for which in piece.levels]
    decisions = tuple(dict.fromkeys(span.decision for span in spans))
    return decisions, tuple(dict.fromkeys(span.ref for span in spans))
