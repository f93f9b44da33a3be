"""What stands beside the place's own lines: late reports, tails, supplements, VAT."""

from collections.abc import Sequence
from dataclasses import replace

from payments.absence import PaidMonth
from payments.cutting import Problem
from payments.dates import last_report
from payments.errors import ReportedTooLate
from payments.lines import AMOUNT, HUNDRED, PLACE, VAT, Held, Line, Priced, amount_of
from payments.marking import Marking, Place
from payments.money import rounded
from payments.month import Month
from payments.rule_rows import WHOLE, VatRule
from payments.rules import RuleSet
from payments.settling import Settling
from payments.supplements import Supplements
from payments.tails import Tails


def vat_of(rule: VatRule | None, regi: str, amount: int) -> int:
    """The VAT compensation that is part of an amount whose price includes it.

    6 per cent in 1 060 kr are 60 kr; what is paid is still 1 060 kr:

    >>> vat_of(VatRule("included", 6, "extern"), "extern", 106000)
    6000
    >>> vat_of(VatRule("included", 6, "extern"), "intern", 106000)
    0
    """
    if rule is None or rule.kind != "included" or not rule.concerns(regi):
        return 0
    return rounded(amount * rule.percent, WHOLE + rule.percent)


class Beside:
    """Adds to placements' lines of one month what else the rule set pays or stops."""

    def __init__(
        self, month: Month, rules: RuleSet, marking: Marking, settling: Settling
    ) -> None:
        self._month = month
        self._rules = rules
        self._settling = settling
        self._tails = Tails(month, rules, marking, settling)
        self._supplements = Supplements(month, rules, marking, settling)
        self._last_report = last_report(rules, month)
        self._vat = rules.vat if rules.vat and rules.vat.kind == "added" else None
        self.is_more = bool(
            rules.after_end or rules.supplements or self._vat or rules.late_months
        )

    def add(
        self, place: Place, paid: PaidMonth | None, lines: list[Line], held: list[Held]
    ) -> None:
        """To one placement's lines and held items, the others."""
        self._supplements.add(place, paid, lines, held)
        if self._is_late(place):
            self._hold_late(place, lines, held)
        self._tails.add(place.facts, lines, held)
        if self._vat is not None and self._vat.concerns(place.facts.regi):
            self._add_vat(place, self._vat, lines, held)

    def _is_late(self, place: Place) -> bool:
        attendance, last = place.facts.attendance, self._last_report
        if attendance is None or attendance.reported is None or last is None:
            return False
        by_plan = self._rules.is_monthly or self._rules.is_by_plan
        return not by_plan and attendance.reported > last

    def _hold_late(self, place: Place, lines: list[Line], held: list[Held]) -> None:
        """What rests on a late report, with the sum that it would have been."""
        attendance, last = place.facts.attendance, self._last_report
        assert attendance is not None
        late = [line for line in lines if self._rests_on_report(line)]
        lines[:] = [line for line in lines if not self._rests_on_report(line)]
        error = ReportedTooLate(str(attendance.reported), str(last))
        problem = Problem(place.low, place.high, error)
        for kind in dict.fromkeys(line.kind for line in late):
            amount = sum(line.amount for line in late if line.kind == kind)
            held.append(self._settling.held(place, problem, kind, amount))

    def _rests_on_report(self, line: Line) -> bool:
        return line.kind == PLACE or self._supplements.rests_on_attendance(line.kind)

    def _add_vat(
        self, place: Place, vat: VatRule, lines: list[Line], held: list[Held]
    ) -> None:
        """Of all that the placement is paid; where something waits, so does this."""
        held += [replace(one, kind=VAT, amount=None) for one in held]
        paid = sum(line.amount for line in lines)
        if paid:
            refs = dict.fromkeys(ref for line in lines for ref in line.decisions)
            priced = self._added(place, vat, lines, paid)
            lines.append(Line(place.facts.ref, tuple(refs), (), priced))

    def _added(
        self, place: Place, vat: VatRule, lines: Sequence[Line], paid: int
    ) -> Priced:
        rounding = self._rules.rounding
        return Priced(
            kind=VAT,
            month=self._month,
            start=min(line.start for line in lines),
            end=max(line.end for line in lines),
            level="",
            extent_class="",
            regi=place.facts.regi,
            cells=(),
            unit=AMOUNT,
            price=paid,
            hundredths=HUNDRED,
            of=1,
            share=vat.percent,
            rounding=rounding,
            amount=amount_of(paid, HUNDRED, 1, vat.percent, rounding),
            days=0,
            counted="",
            rules=(f"momskompensation {vat.percent} % läggs till",),
        )
