"""A year's budget against what is paid so far and what known decisions will cost."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.followup.small_counts import LEAST
from lovdv.forecast import queries
from lovdv.forecast.models import Budget
from lovdv.forecast.months import (
    Dues,
    WholeMonth,
    attended,
    by_plan,
    month_alone,
    paid_month,
    paid_months,
    planned_month,
    reported,
    total,
)
from lovdv.forecast.scenarios import scaled
from lovdv.payouts.facts import Terms, terms
from lovdv.systems.models import ChoiceSystem
from payments import Month, Ref, rounded
from payments.indexing import WHOLE as WHOLE_INDEX
from payments.indexing import index_shown

MONTHS = 12
WHOLE = Fraction(1)
MOST_BACK = 12
"""Months before the latest paid one that may tell what is paid of a plan."""


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
class Lately:
    """How much of the plan was paid, and in which month; in none, the plan is whole."""

    share: Fraction = WHOLE
    month: Month | None = None

    @property
    def told(self) -> str:
        return index_shown(
            rounded(self.share.numerator * WHOLE_INDEX, self.share.denominator)
        )


@dataclass(frozen=True)
class Year:
    year: int
    budget: Budget | None
    months: Sequence[YearMonth]
    lately: Lately

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
    lately = _lately(system, known)
    budget = queries.budget(system.id, number)
    months = [Month(number, place) for place in range(1, MONTHS + 1)]
    found = [
        _paid(month, paid.get(month))
        if latest is not None and month <= latest
        else _to_come(known, month, lately.share)
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
        lately,
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


def _lately(system: ChoiceSystem, known: Terms) -> Lately:
    """From the latest paid month that is reported enough to say anything."""
    paid = paid_months(system)
    for month in paid:
        if paid[0] - month > MOST_BACK:
            break
        share = _share(system, known, month)
        if share is not None:
            return Lately(share, month)
    return Lately()


def _share(system: ChoiceSystem, known: Terms, month: Month) -> Fraction | None:
    """Absence lowers what is paid under the plan; by how much, in a month.

    Only places whose attendance is reported, and of which nothing is held, say
    anything of it. What is not reported yet says nothing: it is no absence where it
    waits, and no attendance where the plan is paid meanwhile and settled later.
    """
    alone = month_alone(system, known, month)
    planned = by_plan(alone).due(known)
    if not _is_enough(planned, attended(alone.clients)):
        return None
    due = paid_month(system, known, month).due(known)
    told = reported(due)
    if not _is_enough(planned, told):
        return None
    return Fraction(total(due, told), total(planned, told))


def _is_enough(planned: Dues, told: Collection[Ref]) -> bool:
    """Whether those told of are half of the plan or more, and not too few people."""
    people = sum(
        any(line.placement in told for line in due.lines) for _, due in planned
    )
    part = total(planned, told)
    return people >= LEAST and part > 0 and 2 * part >= total(planned)


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
