"""What parts of a month cost: each part's days, by share, at its terms."""

from collections.abc import Mapping
from dataclasses import dataclass

from payments.absence import PaidMonth
from payments.calendar import ATTENDED
from payments.cutting import Piece
from payments.lines import HUNDRED, PLACE, Priced, amount_of
from payments.marking import Marking, Place
from payments.month import Month
from payments.proration import Proration
from payments.rule_rows import WHOLE
from payments.rules import RuleSet
from payments.tallies import Counting, Tallies, Tally
from payments.timed import Timed

COUNTED_NAMES: Mapping[str, str] = {
    "planned_less_unpaid_absence": "planerade dagar minus obetald frånvaro",
    "ordered_time": "beställd tid oavsett närvaro",
    "attended": "dagar med närvaro",
}
PRORATION_NAMES: Mapping[str, str] = {
    "calendar_days": "del av månad efter kalenderdagar",
    "weekdays": "del av månad efter vardagar",
    "planned_days": "del av månad efter planerade dagar",
    "none": "hel månad även när bara en del gäller",
}
BY_DAY_NAMES: Mapping[str, str] = {
    "planned_hours_a_day": "varje dag har sin klass, efter dagens planerade timmar",
    "counted_hours_a_day": "varje dag har sin klass, efter dagens timmar som räknas",
}
CONCURRENT_NAMES: Mapping[str, str] = {
    "total": "klassen är samlad för alla placeringar",
    "main": "bara huvudplaceringen betalas",
}
PLAN_PAID = "månaden är inte rapporterad: planen betalas och stäms av senare"
HOURS_TWICE = "samma timmar på två placeringar betalas"
MINUTES = 60


@dataclass(frozen=True, slots=True)
class As:
    """What kind of line a part becomes, and the rules that it names first."""

    kind: str = PLACE
    rules: tuple[str, ...] = ()


THE_PLACE = As()


class Pricing:
    """Prices the parts of placements' months under one rule set."""

    def __init__(self, month: Month, rules: RuleSet, marking: Marking) -> None:
        self._month = month
        self._rules = rules
        self._marking = marking
        self._days = (*month.every_day(), month.end)
        self.counting = Counting(rules)
        self.proration = Proration(month, rules)
        self._by_day = not rules.is_monthly
        self._of = MINUTES if rules.basis == "hour" else 1
        self._named = _named(rules, self.proration.kind)

    def known(
        self, place: Place, piece: Piece, paid: PaidMonth | None
    ) -> tuple[Priced, ...]:
        """What a piece costs, remembered where the same days cost the same."""
        if paid is not None and paid.pieces:
            return self.priced(place, piece, paid)
        # The counting gives the very same tuple for the same days, and keeps it.
        key = id(self.counting.tallies(paid, piece.low, piece.high)) if paid else 0
        known = piece.priced.get(key)
        if known is None:
            known = piece.priced[key] = self.priced(place, piece, paid)
        return known

    def priced(
        self,
        place: Place,
        piece: Piece,
        paid: PaidMonth | None,
        timed: Timed | None = None,
    ) -> tuple[Priced, ...]:
        fired = timed.fired(piece.low, piece.high) if timed else ()
        tallies = self._tallies(place, piece, paid)
        return self.cost(place, piece, tallies, As(rules=fired))

    def _tallies(self, place: Place, piece: Piece, paid: PaidMonth | None) -> Tallies:
        share = piece.terms.pause_share
        if share is not None:
            return self._pause_tallies(place, piece, share, paid)
        if paid is None:
            return self._parts(place, piece, WHOLE, ())
        return self.counting.tallies(paid, piece.low, piece.high)

    def cost(
        self, place: Place, piece: Piece, tallies: Tallies, how: As
    ) -> tuple[Priced, ...]:
        rules = how.rules + self._fired(place, piece)
        regi = place.facts.regi
        return tuple(
            self._one(piece, regi, tally, how.kind, rules) for tally in tallies
        )

    def _one(
        self, piece: Piece, regi: str, tally: Tally, kind: str, rules: tuple[str, ...]
    ) -> Priced:
        terms, rounding = piece.terms, self._rules.rounding
        part, whole = terms.part
        hundredths, of = tally.hundredths * part, (tally.of or self._of) * whole
        return Priced(
            kind=kind,
            month=self._month,
            start=self._days[piece.low],
            end=self._days[piece.high],
            level=terms.level,
            extent_class=terms.extent_class,
            regi=regi,
            cells=piece.cells,
            unit=terms.unit,
            price=terms.price,
            hundredths=hundredths,
            of=of,
            share=tally.share,
            rounding=rounding,
            amount=amount_of(terms.price, hundredths, of, tally.share, rounding),
            days=tally.days,
            counted=tally.counted,
            rules=rules + tally.rules,
        )

    def _pause_tallies(
        self, place: Place, piece: Piece, share: int, paid: PaidMonth | None
    ) -> Tallies:
        if share == 0:
            return ()
        rule = (f"uppehåll: {share} %",)
        if not self._by_day:
            return self._parts(place, piece, share, rule)
        if self._rules.is_timed and paid is not None:
            found = self.counting.tallies(paid, piece.low, piece.high)
            return tuple(_resting(tally, rule) for tally in found)
        days = self.planned(place, piece.low, piece.high)
        return (Tally(share, days * HUNDRED, days, "", rule),) if days else ()

    def planned(self, place: Place, low: int, high: int) -> int:
        """By the plan: attendance is not reported while a placement rests."""
        return self._marking.plan(place).count(ATTENDED, low, high)

    def _parts(
        self, place: Place, piece: Piece, share: int, rules: tuple[str, ...]
    ) -> Tallies:
        """The part of the month that the piece is; none if it has nothing of it."""
        days, of = self.proration.part(place, piece.low, piece.high)
        if days == 0:
            return ()
        counted = piece.high - piece.low if self.proration.kind == "none" else days
        return (Tally(share, days * HUNDRED, counted, "", rules, of),)

    def _fired(self, place: Place, piece: Piece) -> tuple[str, ...]:
        named = self._named + piece.terms.told
        vat = self._rules.vat
        if vat and vat.kind == "included" and vat.concerns(place.facts.regi):
            named = (*named, f"momskompensation {vat.percent} % ingår i priset")
        if place.by_plan:
            named = (*named, PLAN_PAID)
        if any(piece.low <= offset < piece.high for offset in place.twice):
            named = (*named, HOURS_TWICE)
        if place.among:
            named = (*named, *_together(place, piece, self._rules))
        return named


def _named(rules: RuleSet, proration: str) -> tuple[str, ...]:
    """What every line of the rule set names."""
    named = [COUNTED_NAMES[rules.counted]]
    if rules.is_by_the_day:
        named.append(BY_DAY_NAMES[rules.measure])
    if rules.is_monthly:
        named.append(PRORATION_NAMES[proration])
        if proration != "none" and rules.proration == "none":
            named.append("vid start och slut: hel månad")
        if proration != "none" and rules.at_change == "none":
            named.append("vid ändring: månadens första villkor gäller")
    return tuple(named)


def _together(place: Place, piece: Piece, rules: RuleSet) -> tuple[str, ...]:
    """How the client's placements are paid together."""
    named = CONCURRENT_NAMES[rules.concurrent]
    part, whole = piece.terms.part
    if part == whole:
        return (named,)
    return (named, f"andel av planerad tid: {part} av {whole} minuter på fyra veckor")


def _resting(tally: Tally, rules: tuple[str, ...]) -> Tally:
    return Tally(tally.share, tally.hundredths, tally.days, "", rules)
