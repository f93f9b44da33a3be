"""A year's budget against what is paid so far and what known decisions will cost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.forecast import queries
from lovdv.forecast.models import Budget
from lovdv.forecast.months import (
    WholeMonth,
    by_plan,
    paid_month,
    planned_month,
    reported,
    total,
)
from lovdv.forecast.scenarios import scaled
from lovdv.payouts.facts import Terms, terms
from lovdv.systems.models import ChoiceSystem
from payments import Month, rounded
from payments.indexing import WHOLE as WHOLE_INDEX
from payments.indexing import index_shown

MONTHS = 12
WHOLE = Fraction(1)


@dataclass(frozen=True)
class Ahead:
    """Decisions known now that change a month to come."""

    people: int
    starts: int
    ends: int
    levels: int


@dataclass(frozen=True)
class YearMonth:
    """A month of the year in öre: paid, or planned and expected, or without a run."""

    month: Month
    paid: int | None
    planned: int | None
    expected: int
    so_far: int
    """Paid and expected from January on."""
    budget_so_far: int | None
    ahead: Ahead | None
    held: Mapping[str, int]
    """What could not be priced, by reason."""

    @property
    def has_run(self) -> bool:
        return self.paid is not None or self.planned is not None


@dataclass(frozen=True)
class Year:
    year: int
    budget: Budget | None
    months: Sequence[YearMonth]
    share: Fraction
    """What was paid of the plan in the latest paid month, where it was reported."""

    @property
    def share_told(self) -> str:
        return index_shown(
            rounded(self.share.numerator * WHOLE_INDEX, self.share.denominator)
        )

    @property
    def paid(self) -> int:
        return sum(one.paid or 0 for one in self.months)

    @property
    def expected(self) -> int:
        """The whole year: paid so far, and what is to come."""
        return sum(one.expected for one in self.months)

    @property
    def left(self) -> int | None:
        """What remains of the budget at the end of the year; negative: too little."""
        return None if self.budget is None else self.budget.amount - self.expected

    @property
    def held(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for one in self.months:
            found.update(one.held)
        return found


def year(system: ChoiceSystem, number: int) -> Year:
    known = terms(system.id, now())
    paid = queries.paid_by_month(system.id, number)
    latest = queries.latest_paid(system.id)
    share = WHOLE if latest is None else _share(system, known, latest)
    budget = queries.budget(system.id, number)
    months = [Month(number, place) for place in range(1, MONTHS + 1)]
    found = [
        _paid(month, paid.get(month))
        if latest is not None and month <= latest
        else _to_come(known, month, share)
        for month in months
    ]
    sums = accumulate(one.expected for one in found)
    return Year(
        number,
        budget,
        [
            YearMonth(
                one.month,
                one.paid,
                one.planned,
                one.expected,
                so_far,
                None if budget is None else part_of(budget.amount, place),
                one.ahead,
                one.held,
            )
            for place, (one, so_far) in enumerate(zip(found, sums, strict=True), 1)
        ],
        share,
    )


def part_of(amount: int, months: int) -> int:
    """A year's budget, a twelfth a month.

    66 million kronor at the end of March:

    >>> part_of(6_600_000_000, 3)
    1650000000
    """
    return rounded(amount * months, MONTHS)


def _paid(month: Month, amount: int | None) -> YearMonth:
    """A month without a run, before the first one, cost nothing here."""
    return YearMonth(month, amount, None, amount or 0, 0, None, None, {})


def _share(system: ChoiceSystem, known: Terms, latest: Month) -> Fraction:
    """Absence lowers what is paid under the plan; by how much, lately.

    Only places whose attendance is reported, and of which nothing is held, say
    anything of it. What is not reported yet says nothing: it is no absence where it
    waits, and no attendance where the plan is paid meanwhile and settled later. Where
    nobody needs to report, the plan is what is paid.
    """
    whole = paid_month(system, known, latest)
    due = whole.due(known)
    told = reported(due)
    planned = total(by_plan(whole).due(known), told)
    return Fraction(total(due, told), planned) if planned else WHOLE


def _to_come(known: Terms, month: Month, share: Fraction) -> YearMonth:
    whole = planned_month(known, month)
    dues = whole.due(known)
    planned = total(dues)
    held = Counter(one.message for _, due in dues for one in due.held)
    expected = scaled(planned, share)
    return YearMonth(
        month, None, planned, expected, 0, None, _ahead(whole, known), held
    )


def _ahead(whole: WholeMonth, known: Terms) -> Ahead:
    placements = [one for client in whole.clients for one in client.placements]
    levels = {span for one in placements for span in one.levels}
    return Ahead(
        people=len(whole.clients),
        starts=sum(_inside(one.start, whole.month) for one in placements),
        ends=sum(_inside(one.end, whole.month) for one in placements),
        levels=sum(_inside(span.start, whole.month) for span in levels),
    )


def _inside(day: date | None, month: Month) -> bool:
    return day is not None and month.first <= day < month.end


def decide_budget(
    *,
    system: ChoiceSystem,
    year: int,
    amount: int,
    reference: str,
    by_id: int | None,
) -> Budget:
    """A year's budget in öre; a later decision for the same year is a new revision."""
    revision = db.session.scalar(
        select(func.coalesce(func.max(Budget.revision), 0)).where(
            Budget.choice_system_id == system.id, Budget.year == year
        )
    )
    new = Budget(
        choice_system_id=system.id,
        year=year,
        revision=(revision or 0) + 1,
        amount=amount,
        reference=reference,
        decided_at=now(),
        decided_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("budget.decide", object=new.public_id, after={"amount": amount})
    return new
