"""What is paid after a placement's end: a line of its own, by a rule that it names."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from payments.absence import PaidMonth
from payments.calendar import ATTENDED
from payments.cutting import Piece, Problem, any_covers
from payments.errors import MissingNotice
from payments.facts import Ended, PlacementMonth
from payments.lines import AFTER_END, HUNDRED, Held, Line
from payments.marking import Marking, Place
from payments.month import Month
from payments.pricing import As
from payments.rule_rows import EndRule
from payments.rules import RuleSet
from payments.settling import Settling, refs
from payments.tallies import Tallies, Tally
from payments.timed import Timed

DAY = timedelta(days=1)


class Tails:
    """The days after ends in one month, at the terms of the place."""

    def __init__(
        self, month: Month, rules: RuleSet, marking: Marking, settling: Settling
    ) -> None:
        self._month = month
        self._rules = rules
        self._marking = marking
        self._settling = settling

    def add(self, facts: PlacementMonth, lines: list[Line], held: list[Held]) -> None:
        """The tail of a placement in the month, if a rule pays one."""
        ended, end = facts.ended, facts.end
        rule = self._rules.end_rule(ended.reason) if ended else None
        if ended is None or end is None or rule is None or rule.share == 0:
            return
        if end <= facts.start:
            return
        until = _until(rule, ended, end)
        if until is None:
            held += self._without_notice(facts, end)
        elif not self._is_paid_whole(end):
            place = self._place(facts, end, until)
            if place.low < place.high:
                self._settle(place, rule, lines, held)

    def _without_notice(self, facts: PlacementMonth, end: date) -> Iterator[Held]:
        """Told once, in the month of the first day after the end."""
        if end in self._month:
            offset = (end - self._month.first).days
            problem = Problem(offset, offset + 1, MissingNotice())
            yield self._settling.held(Place(facts, 0, 0), problem, AFTER_END)

    def _is_paid_whole(self, end: date) -> bool:
        """Whether the month of the end is paid to its last day already."""
        whole = self._rules.is_monthly and self._rules.proration == "none"
        return whole and end - DAY in self._month

    def _place(self, facts: PlacementMonth, end: date, until: date) -> Place:
        first = self._month.first
        low = max(0, (end - first).days)
        high = min(self._month.days, (until - first).days)
        resumed = _on_last_terms(facts, end - DAY)._replace(
            start=end, end=until, pauses=(), attendance=None
        )
        return Place(resumed, low, high)

    def _settle(
        self, place: Place, rule: EndRule, lines: list[Line], held: list[Held]
    ) -> None:
        how = As(AFTER_END, (str(rule),))
        cutting = self._settling.cutting_at(place.facts.start - DAY)
        levels = cutting.levels(place.facts)
        for by_day, timed in self._days(place, rule, held):
            cut = cutting.cut(place, levels, by_day)
            held += [
                self._settling.held(place, problem, AFTER_END)
                for problem in cut.problems
                if self._is_due(place, problem)
            ]
            for piece in cut.pieces:
                decisions, level_refs = refs(piece, levels)
                tallies = self._tallies(place, piece, rule, timed)
                lines += [
                    Line(place.facts.ref, decisions, level_refs, one)
                    for one in self._settling.pricing.cost(place, piece, tallies, how)
                ]

    def _days(
        self, place: Place, rule: EndRule, held: list[Held]
    ) -> Iterator[tuple[str, Timed | None]]:
        """The planned days by class, where the rules pay by their minutes."""
        if not self._rules.is_timed:
            yield "", None
            return
        place.marked = marked = self._marking.by_plan(place)
        pieces = {
            offset: tuple((code, minutes, rule.share) for code, minutes in day)
            for offset, day in marked.pieces.items()
            if marked.codes[offset] == ATTENDED
        }
        paid = PaidMonth(marked.codes, "", pieces)
        timed = self._settling.timing.timed(place, paid)
        held += self._settling.stopped_days(place, timed, AFTER_END)
        if self._rules.is_by_the_day:
            yield from timed.by_class([one.name for one in self._rules.classes])
        else:
            yield "", timed

    def _tallies(
        self, place: Place, piece: Piece, rule: EndRule, timed: Timed | None
    ) -> Tallies:
        pricing, (low, high) = self._settling.pricing, (piece.low, piece.high)
        if timed is not None:
            return pricing.counting.tallies(timed.paid, low, high)
        if self._rules.is_monthly:
            days, of = pricing.proration.tail(place, low, high)
        else:
            days, of = pricing.planned(place, low, high), 0
        return (Tally(rule.share, days * HUNDRED, days, "", (), of),) if days else ()

    def _is_due(self, place: Place, problem: Problem) -> bool:
        """A day that nobody planned is missed by nobody, but a month's part is."""
        pricing = self._settling.pricing
        is_planned = pricing.planned(place, problem.low, problem.high)
        return self._rules.is_monthly or bool(is_planned)


def _on_last_terms(facts: PlacementMonth, last: date) -> PlacementMonth:
    """The levels and plans of the last day go on; later ones never begin."""
    levels = [
        span._replace(end=None) if any_covers((span,), last) else span
        for span in facts.levels
        if span.start <= last
    ]
    plans = [
        replace(span, end=None) if span.covers(last) else span
        for span in facts.plans
        if span.start <= last
    ]
    return facts._replace(levels=tuple(levels), plans=tuple(plans))


def _until(rule: EndRule, ended: Ended, end: date) -> date | None:
    """Up to which day the tail goes; None: it counts from a day nobody has told."""
    since = end if rule.since == "end" else ended.noticed
    if since is None:
        return None
    if rule.days is not None:
        return since + timedelta(days=rule.days)
    last = end - DAY if rule.since == "end" else since
    return Month.of(last).end
