"""Placements, levels, attendance, rates and rules in; lines and held items out.

A month is cut where facts change: paid period, contract, level, plan, price, pause.
Neighbours that pay alike are merged before anything is rounded.
"""

from collections.abc import Collection, Sequence
from datetime import date

from payments.absence import DayShares, PaidMonth
from payments.beside import Beside
from payments.cutting import Problem
from payments.facts import ClientMonth, Count
from payments.lines import Due, Held, Line
from payments.marking import Marking, Place
from payments.month import Month
from payments.rates import PriceSpan
from payments.rules import RuleSet
from payments.settling import Settling
from payments.together import Together


class Calculation:
    """One month under one rule set and the prices in force, for client after client."""

    def __init__(
        self,
        month: Month,
        rules: RuleSet,
        prices: Sequence[PriceSpan],
        closed: Collection[date] = (),
    ) -> None:
        self._marking = Marking(month, rules, closed)
        self._shares = DayShares(month, rules)
        self._settling = Settling(month, rules, prices, self._marking)
        cutting = self._settling.cutting
        self._together_with = Together(month, rules, self._marking, cutting)
        self._settle = self._settling.settle
        self._beside = Beside(month, rules, self._marking, self._settling)
        self._is_more = self._beside.is_more

    def due(self, client: ClientMonth) -> Due:
        """All that is due for a client: every line, and whatever stops one."""
        lines: list[Line] = []
        held: list[Held] = []
        placements = client.placements
        is_more = self._is_more or any(one.supplements for one in placements)
        if len(placements) == 1 and not is_more:
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
        self._together_with.see(places)
        self._marking.find_same_hours(places)
        marked = [place.marked for place in places if place.marked is not None]
        paid, carry = self._shares.paid(marked, client.carry)
        months = iter(paid)
        for place in places:
            month = next(months) if place.marked is not None else None
            if month is not None and place.shared:
                month = self._together_with.parted(place, places, month)
            if self._is_more or place.facts.supplements:
                self._settle_more(place, month, lines, held)
            else:
                self._settle_one(place, month, lines, held)
        return carry

    def _settle_more(
        self,
        place: Place,
        month: PaidMonth | None,
        lines: list[Line],
        held: list[Held],
    ) -> None:
        """With what stands beside the place's own lines."""
        own: list[Line] = []
        stopped: list[Held] = []
        self._settle_one(place, month, own, stopped)
        self._beside.add(place, month, own, stopped)
        lines += own
        held += stopped

    def _settle_one(
        self,
        place: Place,
        month: PaidMonth | None,
        lines: list[Line],
        held: list[Held],
    ) -> None:
        if place.error is not None:
            problem = Problem(place.low, place.high, place.error)
            held.append(self._settling.held(place, problem))
        elif place.low < place.high:
            self._settle(place, month, lines, held)
