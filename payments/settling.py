"""One placement's month, once its days are known: its lines, and what stops them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from payments.absence import PaidMonth
from payments.cutting import Cutting, Piece, Problem, any_covers
from payments.errors import PaymentError
from payments.facts import LevelSpan
from payments.lines import PLACE, Held, Line
from payments.marking import Marking, Place
from payments.month import Month
from payments.pricing import Pricing
from payments.rates import PriceSpan, Ref
from payments.rules import RuleSet
from payments.timed import Timed, Timing


class Settling:
    """Settles placements of one month under one rule set and the prices in force."""

    def __init__(
        self,
        month: Month,
        rules: RuleSet,
        prices: Sequence[PriceSpan],
        marking: Marking,
    ) -> None:
        self._month = month
        self._days = (*month.every_day(), month.end)
        self._names = [one.name for one in rules.classes]
        self._rules = rules
        self._prices = prices
        self._cutting_at: dict[date | None, Cutting] = {}
        self.cutting = Cutting(month, rules, prices)
        self.pricing = Pricing(month, rules, marking)
        self.timing = Timing(rules, marking)
        self.settle = self._settle_timed if rules.is_timed else self._settle

    def cutting_at(self, day: date) -> Cutting:
        """By the prices of a day, whatever they are in the month."""
        found = [span for span in self._prices if any_covers((span,), day)]
        since = found[0].start if found else None
        if since not in self._cutting_at:
            kept = [replace(span, start=date.min, end=None) for span in found[:1]]
            self._cutting_at[since] = Cutting(self._month, self._rules, kept)
        return self._cutting_at[since]

    def _settle(
        self,
        place: Place,
        paid: PaidMonth | None,
        lines: list[Line],
        held: list[Held],
    ) -> None:
        facts = place.facts
        levels = self.cutting.levels(facts)
        cut = self.cutting.cut(place, levels)
        if cut.problems:
            held += self._stopped(place, paid, cut.problems)
        is_plain = not (facts.pauses or place.by_plan or place.twice or place.among)
        for piece in cut.pieces:
            decisions, level_refs = refs(piece, levels)
            priced = self.pricing.known if is_plain else self.pricing.priced
            lines += [
                Line(facts.ref, decisions, level_refs, one)
                for one in priced(place, piece, paid)
            ]

    def _settle_timed(
        self,
        place: Place,
        paid: PaidMonth | None,
        lines: list[Line],
        held: list[Held],
    ) -> None:
        """By the minutes of each day; days with a class of their own, class by class.

        A day that cannot be judged is held alone.
        """
        assert paid is not None
        facts = place.facts
        if facts.pauses:
            resting = [self.cutting.pause_share(facts, day) for day in self._days]
            paid = self.timing.resting(place, paid, resting)
        timed = self.timing.timed(place, paid)
        found: list[Held] = []
        if self._rules.is_by_the_day:
            for name, days in timed.by_class(self._names):
                lines += self._settle_days(place, days, name, found)
        else:
            lines += self._settle_days(place, timed, "", found)
        found += self.stopped_days(place, timed)
        held += dict.fromkeys(found)

    def stopped_days(
        self, place: Place, timed: Timed, kind: str = PLACE
    ) -> Sequence[Held]:
        """Each day that cannot be judged, those next to each other as one."""
        return [self.held(place, problem, kind) for problem in _joined(timed.stops)]

    def _settle_days(
        self, place: Place, timed: Timed, by_day: str, held: list[Held]
    ) -> Iterator[Line]:
        levels = self.cutting.levels(place.facts)
        cut = self.cutting.cut(place, levels, by_day)
        held += self._stopped(place, timed.paid, cut.problems)
        for piece in cut.pieces:
            decisions, level_refs = refs(piece, levels)
            for one in self.pricing.priced(place, piece, timed.paid, timed):
                yield Line(place.facts.ref, decisions, level_refs, one)

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
        return [self.held(place, problem) for problem, due in runs if due]

    def _is_due(self, place: Place, paid: PaidMonth | None, problem: Problem) -> bool:
        """Whether anything would be paid, had nothing been wrong."""
        low, high, _ = problem
        if paid is None:
            return True
        share = self.cutting.pause_share(place.facts, self._days[low])
        if share is not None:
            return bool(share and self.pricing.planned(place, low, high))
        return bool(self.pricing.counting.tallies(paid, low, high))

    def held(
        self,
        place: Place,
        problem: Problem,
        kind: str = PLACE,
        amount: int | None = None,
    ) -> Held:
        return Held(
            placement=place.facts.ref,
            kind=kind,
            month=self._month,
            start=self._days[problem.low],
            end=self._days[problem.high],
            error=problem.error.name,
            message=str(problem.error),
            amount=amount,
        )


def _joined(stops: Mapping[int, PaymentError]) -> Sequence[Problem]:
    """Days next to each other that are stopped for the same reason are one."""
    found: list[Problem] = []
    for offset in sorted(stops):
        error = stops[offset]
        last = found[-1] if found else None
        if last and last.high == offset and str(last.error) == str(error):
            found[-1] = last._replace(high=offset + 1)
        else:
            found.append(Problem(offset, offset + 1, error))
    return found


def refs(
    piece: Piece, levels: Sequence[LevelSpan]
) -> tuple[tuple[Ref, ...], tuple[Ref, ...]]:
    """The decisions and the levels that a piece rests on."""
    if len(piece.levels) == 1:
        only = levels[piece.levels[0]]
        return (only.decision,), (only.ref,)
    spans = [levels[which] for which in piece.levels]
    decisions = tuple(dict.fromkeys(span.decision for span in spans))
    return decisions, tuple(dict.fromkeys(span.ref for span in spans))
