"""What must be looked at before money leaves. Each control is a small function."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Protocol

from payments.calendar import ATTENDED, CLOSED, EXTRA, NOT_PLANNED
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

TITLES: Mapping[str, str] = {
    "total": "Summan stämmer inte",
    "same_day_twice": "Samma dag på två placeringar",
    "outside_period": "Utanför placeringens betalda tid",
    "outside_decision": "Utanför beslutet",
    "after_end": "Efter slut eller dödsfall",
    "closed_day": "Betald stängd dag",
    "outside_plan": "Närvaro utanför planen",
    "more_than_before": "Mycket mer än månaden före",
    "missing_attendance": "Närvaro saknas",
    "whole_months": "Flera månader helt utan avvikelse",
    "missing_rate": "Pris saknas",
    "stopped": "Stoppad rad",
}
RATE_ERRORS = frozenset(
    error.__name__ for error in (MissingRate, AmbiguousRate, NoPriceList, WrongUnit)
)


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


@dataclass(frozen=True, slots=True)
class DaysOf:
    """The days of a client's placement in a month, as a string of codes."""

    client: Ref
    placement: Ref
    number: str
    """What people call the placement."""
    month: Month
    codes: str


def total_differs(month: Month, lines: Iterable[Paid], total: int) -> list[Finding]:
    """The run's total must be the sum of its lines."""
    summed = sum(line.amount for line in lines)
    if summed == total:
        return []
    message = f"Raderna blir {shown(summed)} men körningen säger {shown(total)}."
    return [Finding("total", None, month, message, total - summed)]


def same_day_twice(months: Iterable[DaysOf]) -> list[Finding]:
    """Days that one client spends on two placements."""
    by_client: dict[tuple[Ref, Month], list[DaysOf]] = {}
    for days in months:
        by_client.setdefault((days.client, days.month), []).append(days)
    return [
        finding
        for placements in by_client.values()
        for one, other in combinations(placements, 2)
        for finding in _same_days(one, other)
    ]


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
    return [
        _finding("outside_period", line, "Raden har dagar utanför perioden.")
        for line in lines
        if not any(_within(line, span) for span in periods.get(line.placement, ()))
    ]


def outside_decision(
    lines: Iterable[Paid], periods: Mapping[Ref, Sequence[Span]]
) -> list[Finding]:
    """Lines with a day that the decision does not cover."""
    return [
        _finding("outside_decision", line, "Beslutet täcker inte alla dagar.")
        for line in lines
        if not any(_within(line, span) for span in periods.get(line.placement, ()))
    ]


def _within(line: Paid, span: Span) -> bool:
    return span.start <= line.start and (span.end is None or line.end <= span.end)


def after_end(lines: Iterable[Paid], last_days: Mapping[Ref, date]) -> list[Finding]:
    """Lines that pay for days after a death or another end."""
    return [
        _finding("after_end", line, f"Sista dagen var {last_days[line.placement]}.")
        for line in lines
        if line.placement in last_days
        and line.end - timedelta(days=1) > last_days[line.placement]
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
            f"{days.codes.count(EXTRA)} dagar med närvaro utanför planen.",
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
    """Placements whose amount has grown by more than so many per cent."""
    return [
        Finding(
            "more_than_before",
            placement,
            month,
            f"{shown(amount)} mot {shown(before[placement])} månaden före.",
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


def _finding(control: str, line: Paid, message: str) -> Finding:
    return Finding(control, line.placement, line.month, message, line.amount)
