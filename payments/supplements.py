"""Supplements: named extra amounts a day, a month or once, as lines of their own."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from payments.absence import RESETTING, SPLIT, UNPAID, PaidMonth
from payments.calendar import ATTENDED
from payments.cutting import Problem, any_covers
from payments.errors import (
    MissingProof,
    MissingReason,
    NoDayForSupplement,
    PaymentError,
    SupplementTwice,
    UnknownSupplement,
)
from payments.facts import Supplement
from payments.lines import HUNDRED, ONCE, SUPPLEMENT, Held, Line, Priced, amount_of
from payments.marking import Marking, Place
from payments.month import Month
from payments.rates import Ref
from payments.rule_rows import WHOLE, SupplementRule
from payments.rules import RuleSet
from payments.settling import Settling

BY_ATTENDANCE = ("attended", "paid_days")


class Supplements:
    """The supplements of one month under one rule set."""

    def __init__(
        self, month: Month, rules: RuleSet, marking: Marking, settling: Settling
    ) -> None:
        self._month = month
        self._days = (*month.every_day(), month.end)
        self._first = month.first.toordinal()
        self._by_code = {rule.code: rule for rule in rules.supplements}
        self._rounding = rules.rounding
        self._marking = marking
        self._settling = settling

    def rests_on_attendance(self, kind: str) -> bool:
        """Whether what is reported decides lines of the kind."""
        rule = self._by_code.get(kind.removeprefix(SUPPLEMENT))
        return bool(rule and rule.per == "day" and rule.counted in BY_ATTENDANCE)

    def add(
        self, place: Place, paid: PaidMonth | None, lines: list[Line], held: list[Held]
    ) -> None:
        """Every supplement that the placement has a day of in the month."""
        for one in place.facts.supplements:
            low, high = self._within(place, one)
            if low >= high and not self._is_missed(place, one):
                continue
            try:
                rule = self._rule(place, one)
                lines += self._lines(place, paid, one, rule, (low, high))
            except PaymentError as error:
                low = min(low, self._month.days - 1)
                problem = Problem(low, max(high, low + 1), error)
                kind = SUPPLEMENT + one.code
                held.append(self._settling.held(place, problem, kind))

    def _is_missed(self, place: Place, one: Supplement) -> bool:
        """Whether it is paid once, and begins in the month on no day of the place."""
        rule, facts = self._by_code.get(one.code), place.facts
        was_never = facts.end is not None and facts.end <= facts.start
        if rule is None or rule.per != "once" or was_never or not _has_days(one):
            return False
        return self._begins(place, one)

    def _begins(self, place: Place, one: Supplement) -> bool:
        """In the month of its first day, or in the place's first if that is later."""
        return max(one.start, place.facts.start) in self._month

    def _within(self, place: Place, one: Supplement) -> tuple[int, int]:
        low = max(place.low, one.start.toordinal() - self._first)
        if one.end is None:
            return low, place.high
        return low, min(place.high, one.end.toordinal() - self._first)

    def _rule(self, place: Place, one: Supplement) -> SupplementRule:
        """The rule that the placement's row rests on, with all it asks for."""
        rule = self._by_code.get(one.code)
        if rule is None:
            raise UnknownSupplement(one.code)
        if rule.needs_proof and not one.proof:
            raise MissingProof(rule.name)
        is_ending = one.end is not None or rule.per == "once"
        own = one.amount is not None and one.reason and is_ending
        if rule.is_individual and not own:
            raise MissingReason(rule.name)
        if any(self._meet(place, rule, one, other) for other in _besides(place, one)):
            raise SupplementTwice(rule.name)
        if place.error is not None and self.rests_on_attendance(SUPPLEMENT + one.code):
            raise place.error
        return rule

    def _meet(
        self, place: Place, rule: SupplementRule, one: Supplement, other: Supplement
    ) -> bool:
        """Whether both would be paid for a day, or once in the same month."""
        if rule.per == "once":
            begins = [some.start for some in (one, other) if _has_days(some)]
            return len(begins) == 2 and all(day in self._month for day in begins)
        (low, high), (start, end) = self._within(place, one), self._within(place, other)
        return max(low, start) < min(high, end)

    def _lines(
        self,
        place: Place,
        paid: PaidMonth | None,
        one: Supplement,
        rule: SupplementRule,
        within: tuple[int, int],
    ) -> list[Line]:
        """A line for each amount that holds within the period."""
        if rule.per == "once":
            return self._once(place, paid, one, rule, within)
        counted = self._counted(place, paid, rule)
        lines = []
        for low, high, amount in self._amounts(one, rule, within):
            days = sum(counted[low:high])
            if days:
                priced = self._priced(place, one, rule, (low, high), (days, amount))
                if priced.amount:  # what is rounded to nothing is no line
                    lines.append(Line(place.facts.ref, self._refs(place), (), priced))
        return lines

    def _once(
        self,
        place: Place,
        paid: PaidMonth | None,
        one: Supplement,
        rule: SupplementRule,
        within: tuple[int, int],
    ) -> list[Line]:
        """The whole amount in the month of the first day, if a day there counts."""
        if not self._begins(place, one):
            return []
        counted = self._counted(place, paid, rule)
        for low, high, amount in self._amounts(one, rule, within):
            if one.start in self._month and any(counted[low:high]):
                priced = self._priced(place, one, rule, (low, high), (1, amount))
                return [Line(place.facts.ref, self._refs(place), (), priced)]
        raise NoDayForSupplement(rule.name)

    def _amounts(
        self, one: Supplement, rule: SupplementRule, within: tuple[int, int]
    ) -> Iterator[tuple[int, int, int]]:
        low, high = within
        if rule.is_individual:
            yield low, high, one.amount or 0
            return
        starts = [day.toordinal() - self._first for day, _ in rule.amounts]
        if starts[0] > low:
            raise UnknownSupplement(one.code)
        spans = pairwise([*starts, max(high, starts[-1])])
        for (start, end), (_, amount) in zip(spans, rule.amounts, strict=True):
            if max(start, low) < min(end, high):
                yield max(start, low), min(end, high), amount

    def _counted(
        self, place: Place, paid: PaidMonth | None, rule: SupplementRule
    ) -> Sequence[bool]:
        """Day by day, whether it counts: inside the contract and not resting."""
        kind = rule.counted if rule.per == "day" else "calendar_days"
        plan = self._marking.plan(place) if kind == "planned_days" or not paid else ""
        return [
            self._is_here(place, offset)
            and self._counts(place, paid, plan, kind, offset)
            for offset in range(self._month.days)
        ]

    def _is_here(self, place: Place, offset: int) -> bool:
        facts, day = place.facts, self._days[offset]
        rests = any_covers(facts.pauses, day) or offset in place.off
        return any_covers(facts.contracts, day) and not rests

    def _counts(
        self, place: Place, paid: PaidMonth | None, plan: str, kind: str, offset: int
    ) -> bool:
        if kind == "calendar_days":
            return True
        if kind == "planned_days" or paid is None or place.marked is None:
            return plan[offset] == ATTENDED
        if kind == "attended":
            return not RESETTING.isdisjoint(place.marked.letters(offset))
        if paid.shares[offset] == SPLIT:
            return any(share for *_, share in paid.pieces[offset])
        return paid.shares[offset] != UNPAID

    def _refs(self, place: Place) -> tuple[Ref, ...]:
        levels = self._settling.cutting.levels(place.facts)
        return tuple(dict.fromkeys(span.decision for span in levels))

    def _priced(
        self,
        place: Place,
        one: Supplement,
        rule: SupplementRule,
        within: tuple[int, int],
        cost: tuple[int, int],
    ) -> Priced:
        days, amount = cost
        of = self._month.days if rule.per == "month" else 1
        return Priced(
            kind=SUPPLEMENT + rule.code,
            month=self._month,
            start=self._days[within[0]],
            end=self._days[within[1]],
            level="",
            extent_class="",
            regi=place.facts.regi,
            cells=(),
            unit=ONCE if rule.per == "once" else rule.per,
            price=amount,
            hundredths=days * HUNDRED,
            of=of,
            share=WHOLE,
            rounding=self._rounding,
            amount=amount_of(amount, days * HUNDRED, of, WHOLE, self._rounding),
            days=days,
            counted="",
            rules=_told(one, rule),
        )


def _besides(place: Place, one: Supplement) -> list[Supplement]:
    """The same supplement, granted once more."""
    others = place.facts.supplements
    return [other for other in others if other is not one and other.code == one.code]


def _has_days(one: Supplement) -> bool:
    return one.end is None or one.start < one.end


COUNTED_NAMES = {
    "paid_days": "dagar som betalas",
    "attended": "dagar med närvaro",
    "planned_days": "planerade dagar",
    "calendar_days": "kalenderdagar",
}


def _told(one: Supplement, rule: SupplementRule) -> tuple[str, ...]:
    """What the line names: the supplement, what it counts and what it rests on."""
    told = [f"tillägg {rule.name}"]
    if rule.per == "day":
        told.append(COUNTED_NAMES[rule.counted])
    if rule.per == "month":
        told.append("del av månad efter kalenderdagar")
    rests = {"beslut": one.reference, "skäl": one.reason, "underlag": one.proof}
    return (*told, *(f"{name}: {text}" for name, text in rests.items() if text))
