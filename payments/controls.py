"""What must be looked at before money leaves. Each control is a small function."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Protocol

from payments.calendar import ATTENDED, CLOSED, EXTRA, NOT_PLANNED
from payments.control_catalogue import TITLES
from payments.errors import (
    AmbiguousRate,
    MissingAttendance,
    MissingRate,
    NoPriceList,
    WrongUnit,
)
from payments.facts import Span
from payments.lines import Held
from payments.marking import IDLE
from payments.money import shown
from payments.month import Month
from payments.rates import Ref

RATE_ERRORS = frozenset(
    error.__name__ for error in (MissingRate, AmbiguousRate, NoPriceList, WrongUnit)
)


class HasAmount(Protocol):
    @property
    def amount(self) -> int: ...


class Paid(Protocol):
    """What the controls need to know of a line."""

    @property
    def placement(self) -> Ref: ...

    @property
    def month(self) -> Month: ...

    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date: ...

    @property
    def amount(self) -> int: ...

    @property
    def counted(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person must decide on: pay or hold, with a reason."""

    control: str
    placement: Ref | None
    month: Month
    message: str
    amount: int = 0
    contract: Ref | None = None
    """Where it is about everything that is paid under a contract, or at a unit."""
    unit: Ref | None = None

    @property
    def title(self) -> str:
        return TITLES[self.control]


@dataclass(frozen=True, slots=True)
class DaysOf:
    """The days of a client's placement in a month, as a string of codes."""

    client: Ref
    placement: Ref
    number: str
    """What people call the placement."""
    month: Month
    codes: str
    is_own: bool = True
    """Whether the run pays it; otherwise it is only compared with."""


def total_differs(
    month: Month, lines: Iterable[HasAmount], total: int
) -> list[Finding]:
    """The run's total must be the sum of its lines."""
    summed = sum(line.amount for line in lines)
    if summed == total:
        return []
    message = f"Raderna blir {shown(summed)} men körningen säger {shown(total)}."
    return [Finding("total", None, month, message, total - summed)]


def same_day_twice(months: Iterable[DaysOf]) -> list[Finding]:
    """Days that one client spends on two placements."""
    return [
        finding for one, other in pairs(months) for finding in _same_days(one, other)
    ]


def pairs(months: Iterable[DaysOf]) -> Iterator[tuple[DaysOf, DaysOf]]:
    """Each two placements of a client in a month, the first one the run's own."""
    by_client: dict[tuple[Ref, Month], list[DaysOf]] = {}
    for days in months:
        by_client.setdefault((days.client, days.month), []).append(days)
    for placements in by_client.values():
        for one, other in combinations(placements, 2):
            if one.is_own:
                yield one, other
            elif other.is_own:
                yield other, one


def _same_days(one: DaysOf, other: DaysOf) -> list[Finding]:
    both = enumerate(zip(one.codes, other.codes, strict=True), start=1)
    days = [str(day) for day, codes in both if IDLE.isdisjoint(codes)]
    if not days:
        return []
    listed = f"Dag {', '.join(days)} finns också på placering {other.number}."
    return [Finding("same_day_twice", one.placement, one.month, listed)]


def outside_period(
    lines: Iterable[Paid], periods: Mapping[Ref, Sequence[Span]]
) -> list[Finding]:
    """Lines with a day outside both ends of what was agreed."""
    return _outside(
        "outside_period", "Raden har dagar utanför perioden.", lines, periods
    )


def outside_decision(
    lines: Iterable[Paid], periods: Mapping[Ref, Sequence[Span]]
) -> list[Finding]:
    """Lines with a day that the decision does not cover."""
    return _outside(
        "outside_decision", "Beslutet täcker inte alla dagar.", lines, periods
    )


def outside_contract(
    lines: Iterable[Paid], periods: Mapping[Ref, Sequence[Span]]
) -> list[Finding]:
    """Lines with a day when no contract covers the unit."""
    return _outside(
        "outside_contract", "Inget avtal täcker alla dagar.", lines, periods
    )


def outside_permit(
    lines: Iterable[Paid], periods: Mapping[Ref, Sequence[Span]]
) -> list[Finding]:
    """Lines with a day when the unit has no permit; without any, it has no span."""
    return _outside(
        "outside_permit", "Enhetens tillstånd täcker inte alla dagar.", lines, periods
    )


def _outside(
    control: str,
    message: str,
    lines: Iterable[Paid],
    periods: Mapping[Ref, Sequence[Span]],
) -> list[Finding]:
    return [
        _finding(control, line, message)
        for line in lines
        if not covers(periods.get(line.placement, ()), line.start, line.end)
    ]


def covers(spans: Sequence[Span], start: date, end: date) -> bool:
    """Whether the spans, where they meet or overlap, hold every day between.

    >>> turn, low, high = date(2026, 2, 1), date(2026, 1, 15), date(2026, 3, 1)
    >>> halves = Span(date(2026, 1, 1), turn), Span(turn, None)
    >>> covers(halves, low, high), covers(halves[:1], low, turn)
    (True, True)
    >>> covers(halves[:1], low, high), covers((), low, turn)
    (False, False)
    """
    reached = start
    for span in sorted(spans, key=lambda one: one.start):
        if span.start <= reached and (span.end is None or span.end > reached):
            if span.end is None:
                return True
            reached = span.end
    return reached >= end


def after_end(lines: Iterable[Paid], last_days: Mapping[Ref, date]) -> list[Finding]:
    """Lines that pay for days after the placement has ended."""
    return [
        _finding("after_end", line, f"Sista dagen var {last_days[line.placement]}.")
        for line in lines
        if line.placement in last_days
        and line.end - timedelta(days=1) > last_days[line.placement]
    ]


def after_death(lines: Iterable[Paid], deaths: Mapping[Ref, date]) -> list[Finding]:
    """Lines that pay for days after the person died."""
    return [
        _finding("after_death", line, f"Personen avled {deaths[line.placement]}.")
        for line in lines
        if line.placement in deaths
        and line.end - timedelta(days=1) > deaths[line.placement]
    ]


def closed_days(lines: Iterable[Paid]) -> list[Finding]:
    """Lines that pay for a day when the unit was closed."""
    return [
        _finding("closed_day", line, "Raden betalar stängda dagar enligt regel.")
        for line in lines
        if f"{CLOSED}:" in line.counted
    ]


def outside_plan(months: Iterable[DaysOf]) -> list[Finding]:
    """Days attended that were not planned."""
    return [
        Finding(
            "outside_plan",
            days.placement,
            days.month,
            f"{number_of(days.codes.count(EXTRA), 'dag', 'dagar')} med närvaro "
            "utanför planen.",
        )
        for days in months
        if EXTRA in days.codes
    ]


def more_than_before(
    month: Month,
    now: Mapping[Ref, int],
    before: Mapping[Ref, int],
    *,
    percent: int,
    least: int,
) -> list[Finding]:
    """Placements paid so many per cent more than the most that they had before."""
    return [
        Finding(
            "more_than_before",
            placement,
            month,
            f"{shown(amount)} mot som mest {shown(before[placement])} månaderna före.",
            amount - before[placement],
        )
        for placement, amount in now.items()
        if before.get(placement, 0) > 0
        and amount - before[placement] >= least
        and amount * 100 > before[placement] * (100 + percent)
    ]


def stopped(held: Iterable[Held]) -> list[Finding]:
    """What could not be paid: attendance or a price is missing, or something else."""
    return [
        Finding(
            _stop(one.error), one.placement, one.month, one.message, one.amount or 0
        )
        for one in held
    ]


def _stop(error: str) -> str:
    if error == MissingAttendance.__name__:
        return "missing_attendance"
    return "missing_rate" if error in RATE_ERRORS else "stopped"


def whole_months(
    history: Mapping[Ref, Sequence[str]], month: Month, *, least: int
) -> list[Finding]:
    """Placements where nothing has deviated from the plan for months on end."""
    return [
        Finding(
            "whole_months",
            placement,
            month,
            f"{least} månader i rad är alla planerade dagar närvaro.",
        )
        for placement, months in history.items()
        if len(months) >= least and all(_untouched(m) for m in months[-least:])
    ]


def _untouched(codes: str) -> bool:
    return ATTENDED in codes and set(codes) <= {ATTENDED, NOT_PLANNED, CLOSED}


def number_of(things: int, one: str, many: str) -> str:
    """So many, as people say it.

    >>> number_of(1, "dag", "dagar"), number_of(4, "dag", "dagar")
    ('1 dag', '4 dagar')
    """
    return f"{things} {one if things == 1 else many}"


def _finding(control: str, line: Paid, message: str) -> Finding:
    return Finding(control, line.placement, line.month, message, line.amount)
