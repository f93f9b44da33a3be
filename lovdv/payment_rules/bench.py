"""Rules tried on one placement and month, real or made up, with every step shown."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.payouts.facts import Facts, terms
from lovdv.placements.models import Placement
from payments import (
    EFFECTS,
    Attendance,
    Calculation,
    ClientMonth,
    Count,
    DayPart,
    Held,
    LevelSpan,
    Line,
    Month,
    Part,
    PaymentError,
    PlacementMonth,
    PlanSpan,
    PriceCell,
    PriceSpan,
    RuleSet,
    Span,
    WeekPlan,
    day_steps,
    explained,
    planned_codes,
)
from payments.calendar import NAMES, NOT_PLANNED
from payments.file_rows import hours_of
from payments.lines import HUNDRED
from payments.rule_rows import number
from payments.steps import DayStep as Counted

ALWAYS = date(1900, 1, 1)
MONTHS_BACK = 3
"""An absence that goes on is counted from so many months back."""

_DAY = re.compile(r"(\d{1,2})\s*([A-Za-z?-])(?:\s+(\S+))?")


ClientMonths: TypeAlias = Sequence[tuple[Month, ClientMonth, Collection[date]]]
"""A client's months in order, each with its closed days."""


@dataclass(frozen=True)
class Case:
    """One client's month, and the months before it that absence runs on from."""

    month: Month
    placement: object
    read: Callable[[RuleSet], ClientMonths]
    """With what a rule set asks for; the month itself last, if any day is paid."""
    prices: Sequence[PriceSpan]
    price: int | None = None
    """Öre, to try the rules by when no list has their prices."""

    def prices_for(self, rules: RuleSet, client: ClientMonth) -> Sequence[PriceSpan]:
        if self.price is None:
            return self.prices
        return (_one_price(rules, self.price, client),)


@dataclass(frozen=True)
class Invented:
    """A case that nobody has, as typed."""

    level: str
    regi: str
    week: Sequence[str]
    first_day: date | None
    end_day: date | None
    days: str
    price: int | None = None


@dataclass(frozen=True)
class DayStep:
    """What a day was counted as, and how much of it is paid."""

    day: date
    what: str
    planned: str
    paid: str
    makes: str = ""
    """The class or the units that the day's hours make, where they make any."""


@dataclass(frozen=True)
class TriedLine:
    line: Line
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """What a rule set makes of a case."""

    extent_class: str
    days: tuple[DayStep, ...]
    lines: tuple[TriedLine, ...]
    held: tuple[Held, ...]

    @property
    def total(self) -> int:
        return sum(one.line.amount for one in self.lines)


NOTHING = Tried(extent_class="ingen", days=(), lines=(), held=())
"""No day of the month is paid, nor any day after an end."""


def real(placement: Placement, month: Month) -> Case:
    """A placement of the municipality's as it is known now."""
    known = terms(placement.choice_system_id, now())
    months = [month.plus(-back) for back in range(MONTHS_BACK, -1, -1)]
    found = [Facts.read(one, known) for one in months]
    read = partial(_client_months, found, placement.id)
    return Case(month, placement.id, read, known.prices)


def _client_months(
    found: Sequence[Facts], placement_id: int, rules: RuleSet
) -> ClientMonths:
    return [
        (facts.month, client, facts.closed)
        for facts in found
        for client in facts.under(rules).clients({})
        if any(one.ref == placement_id for one in client.placements)
    ]


def invented(
    choice_system_id: int, month: Month, typed: Invented, closed: Collection[date]
) -> Case:
    """A made-up placement on the municipality's own prices."""
    known = terms(choice_system_id, now())
    plan = PlanSpan.of(_plan(month, typed.week), ALWAYS)
    start = typed.first_day or ALWAYS
    level = LevelSpan(ALWAYS, None, typed.level, "nivå", "beslut")
    placement = PlacementMonth(
        ref="påhittad",
        start=start,
        end=typed.end_day,
        regi=typed.regi,
        levels=(level,),
        plans=(plan,),
        attendance=_attendance(month, plan, typed.days, closed),
        contracts=(Span(ALWAYS, None),),
    )
    client = ClientMonth("påhittad", (placement,))
    return Case(
        month,
        placement.ref,
        lambda _: [(month, client, closed)],
        known.prices,
        typed.price,
    )


def _plan(month: Month, week: Sequence[str]) -> WeekPlan:
    hours = [hours_of(text) if text.strip() else None for text in week]
    for text, found in zip(week, hours, strict=True):
        if text.strip() and found is None:
            raise Refused(f"”{text}” är inga tider. Skriv till exempel 9-15.", "monday")
    if not any(hours):
        raise Refused("Skriv tider för minst en veckodag.", "monday")
    monday = month.first - timedelta(days=month.first.weekday())
    return WeekPlan(monday, (tuple(hours),))


def _attendance(
    month: Month, plan: PlanSpan, text: str, closed: Collection[date]
) -> Attendance:
    """As planned, but for the days that are told."""
    codes = list(planned_codes(month, [plan], closed))
    parts: dict[int, tuple[Part, ...]] = {}
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        day, code, times = _told_day(piece, month)
        hours = hours_of(times) if times else None
        if hours is None:
            codes[day - 1] = code
        else:
            parts[day] = (*parts.get(day, ()), Part(code, hours.start, hours.end))
    return Attendance("".join(codes), parts)


def _told_day(piece: str, month: Month) -> tuple[int, str, str]:
    found = _DAY.fullmatch(piece)
    code = found[2].upper() if found else ""
    known = found is not None and (code in EFFECTS or code in "-?")
    if found is None or not known or not 1 <= int(found[1]) <= month.days:
        raise Refused(
            f"”{piece}” går inte att läsa. Skriv dag och bokstav: 5 A, 19 A 12-15. "
            f"Bokstäverna är {' '.join(EFFECTS)}.",
            "days",
        )
    if found[3] and hours_of(found[3]) is None:
        raise Refused(f"”{found[3]}” är inga tider. Skriv till exempel 12-15.", "days")
    return int(found[1]), code, found[3] or ""


def _one_price(rules: RuleSet, price: int, client: ClientMonth) -> PriceSpan:
    """The same price for every level and class that the case can have."""
    cells = {
        (span.level, one.name, place.regi): (
            PriceCell(
                span.level, one.name, place.regi, rules.price_unit, price, "angivet"
            ),
        )
        for place in client.placements
        for span in place.levels
        for one in rules.classes
    }
    return PriceSpan(ALWAYS, None, cells)


def beside(
    case: Case, rules: RuleSet, in_force: RuleSet | None
) -> tuple[Tried, Tried | None]:
    """The case under the rules that are tried, and under those in force."""
    then = tried(case, rules)
    by_lists = replace(case, price=None)
    now_paid = None if in_force is None else tried(by_lists, in_force)
    if then is NOTHING and now_paid in (None, NOTHING):
        raise Refused(
            f"Placeringen har ingen betald dag i {case.month}. Välj en annan månad.",
            "month",
        )
    return then, now_paid


def tried(case: Case, rules: RuleSet) -> Tried:
    """The case under one rule set: days, class, lines and what is held."""
    months = case.read(rules)
    if not months or months[-1][0] != case.month:
        return NOTHING
    carry: tuple[Count, ...] = ()
    for month, client, closed in months:
        known = client._replace(carry=carry)
        prices = case.prices_for(rules, client)
        due = Calculation(month, rules, prices, closed).due(known)
        before, carry = carry, due.carry
    placement = next(one for one in client.placements if one.ref == case.placement)
    return Tried(
        extent_class=_class(rules, placement, case.month),
        days=_days(case.month, rules, placement, closed, before),
        lines=tuple(
            TriedLine(line, explained(line))
            for line in due.lines
            if line.placement == case.placement
        ),
        held=tuple(one for one in due.held if one.placement == case.placement),
    )


def _class(rules: RuleSet, placement: PlacementMonth, month: Month) -> str:
    plans = [one for one in placement.plans if one.start < month.end]
    if not plans:
        return "ingen plan"
    try:
        return rules.extent_class(plans[-1].extent)
    except PaymentError as error:
        return str(error)


def _days(
    month: Month,
    rules: RuleSet,
    placement: PlacementMonth,
    closed: Collection[date],
    carry: tuple[Count, ...],
) -> tuple[DayStep, ...]:
    """Day by day, when the rules count days and the attendance can be read."""
    try:
        steps = day_steps(month, rules, placement, closed, carry)
    except PaymentError:
        return ()
    counted = [one for one in steps if one.code != NOT_PLANNED]
    return tuple(_shown(rules, one) for one in counted)


def _shown(rules: RuleSet, one: Counted) -> DayStep:
    hours = f"{number(Fraction(one.planned_minutes, 60))} timmar"
    return DayStep(
        day=one.day,
        what=_named(one.code),
        planned=hours if one.planned_minutes else "inget",
        paid=", ".join(_part(rules, part) for part in one.parts),
        makes=one.fault or one.bundle or one.extent_class,
    )


def _part(rules: RuleSet, part: DayPart) -> str:
    """What a part of the day is, how large it is, and the share paid of it."""
    share, size = f"{part.share} %", Fraction(part.hundredths, HUNDRED)
    if rules.basis == "hour":
        return f"{number(size / 60)} timmar {_named(part.code)}: {share}"
    if part.hundredths == HUNDRED:
        return share
    return f"{number(size)} dag {_named(part.code)}: {share}"


def _named(code: str) -> str:
    return NAMES.get(EFFECTS.get(code, ""), "inte rapporterad")


def differences(now_paid: Tried | None, then: Tried) -> int | None:
    """What the tried rules pay beside those in force."""
    return None if now_paid is None else then.total - now_paid.total
