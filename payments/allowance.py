"""What people are due for the days they took part.

A person is paid once for a day: times at several places are laid together, and the
day belongs to the place where most of it was spent.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from payments.allowance_lines import (
    HUNDRED,
    AllowanceHeld,
    AllowanceLine,
    amount_of,
)
from payments.allowance_rules import FULL, HALF, HOUR, OVER, AllowanceRules
from payments.calendar import (
    EFFECTS,
    EXTRA,
    NOT_PLANNED,
    NOT_REPORTED,
    Hours,
    PlanSpan,
)
from payments.calendar import hours_on as planned_hours
from payments.errors import BadAttendance, MissingAttendance, MissingPlan, PaymentError
from payments.facts import Attendance, Part, Span
from payments.money import shown
from payments.month import Month
from payments.rates import Ref

Minutes: TypeAlias = frozenset[int]
DAYS = (FULL, HALF, HOUR)
WHOLE_DAYS = "".join(EFFECTS) + NOT_PLANNED
"""Letters of days that are told and whole."""


class PlaceMonth(NamedTuple):
    """One placement's month: the days it holds, its plans and what is reported."""

    ref: Ref
    start: date
    end: date | None
    regi: str
    plans: tuple[PlanSpan, ...]
    attendance: Attendance | None
    rests: tuple[Span, ...] = ()


class PersonMonth(NamedTuple):
    """One person's places in a month."""

    ref: Ref
    places: tuple[PlaceMonth, ...]


class AllowanceDue(NamedTuple):
    lines: tuple[AllowanceLine, ...]
    held: tuple[AllowanceHeld, ...]


def allowance_due(
    person: PersonMonth, month: Month, rules: AllowanceRules, base_amount: int | None
) -> AllowanceDue:
    """A person's lines for a month; a place that cannot be counted stops alone."""
    return AllowanceMonth(month, rules, base_amount).due(person)


class AllowanceMonth:
    """Counts people's months under one rule set, one after another."""

    def __init__(
        self, month: Month, rules: AllowanceRules, base_amount: int | None
    ) -> None:
        self.month = month
        self.rules = rules
        self.base_amount = base_amount
        self._days = month.every_day()
        self._first = month.first.toordinal()
        counted = (code for code, effect in EFFECTS.items() if effect in rules.counted)
        self._counted = frozenset(counted)
        self._hours: dict[int, tuple[Sequence[PlanSpan], Sequence[Hours | None]]] = {}
        """By identity, with the plans, so that no others get the same."""
        self._rates: dict[str, tuple[int, str]] = {}
        self._kinds: dict[int, tuple[str, int] | None] = {}

    def due(self, person: PersonMonth) -> AllowanceDue:
        """A person's lines; a place that cannot be counted stops alone."""
        if len(person.places) == 1:
            alone = self._whole_days(person.places[0])
            if alone is not None:
                return alone
        held: list[AllowanceHeld] = []
        attended: dict[Ref, Mapping[int, Minutes]] = {}
        for place in person.places:
            try:
                attended[place.ref] = self._attended(place)
            except PaymentError as error:
                held.append(self._held(place.ref, error))
        counted = [place for place in person.places if place.ref in attended]
        try:
            lines = _lines(counted, attended, self)
        except PaymentError as error:
            stops = [place.ref for place in counted if attended[place.ref]]
            held += [self._held(ref, error) for ref in stops]
            lines = ()
        return AllowanceDue(lines, tuple(held))

    def _held(self, ref: Ref, error: PaymentError) -> AllowanceHeld:
        return AllowanceHeld(ref, self.month, error.name, str(error))

    def _whole_days(self, place: PlaceMonth) -> AllowanceDue | None:
        """A person's only place, with whole planned days; None: it is not so simple."""
        attendance = place.attendance
        if attendance is None or attendance.parts or place.rests:
            return None
        codes = attendance.codes
        if len(codes) != len(self._days) or codes.strip(WHOLE_DAYS):
            return None
        hours, counted = self._planned(place.plans), self._counted
        days: dict[str, list[_Paid]] = defaultdict(list)
        for offset in self._offsets(place):
            if codes[offset] in counted:
                planned = hours[offset]
                if planned is None:
                    return None
                paid = self.paid_day(offset + 1, planned.end - planned.start)
                if paid is not None:
                    days[paid.kind].append(paid)
        kinds = [kind for kind in DAYS if kind in days]
        try:
            lines = [_line(place, kind, days[kind], self) for kind in kinds]
        except PaymentError:
            return None
        return AllowanceDue((*lines, *_over(lines, self)), ())

    def _planned(self, plans: Sequence[PlanSpan]) -> Sequence[Hours | None]:
        """The planned hours of each day; many places have the very same plans."""
        known = self._hours.get(id(plans))
        if known is None:
            hours = [planned_hours(day, plans) for day in self._days]
            known = self._hours[id(plans)] = plans, hours
        return known[1]

    def _offsets(self, place: PlaceMonth) -> Sequence[int]:
        """The days of the month that the place is paid for and does not rest."""
        low = max(0, place.start.toordinal() - self._first)
        high = len(self._days)
        if place.end is not None:
            high = min(high, place.end.toordinal() - self._first)
        held = range(low, high)
        if not place.rests:
            return held
        return [
            offset
            for offset in held
            if not any(_holds(rest, self._days[offset]) for rest in place.rests)
        ]

    def _attended(self, place: PlaceMonth) -> Mapping[int, Minutes]:
        """By day of the month: which minutes the person took part at the place."""
        attendance, hours = place.attendance, self._planned(place.plans)
        if attendance is None:
            if any(hours[offset] for offset in self._offsets(place)):
                raise MissingAttendance
            return {}
        if len(attendance.codes) != len(self._days):
            told = f"{len(attendance.codes)} dagar i en månad med {len(self._days)}."
            raise BadAttendance(told)
        found = {}
        for offset in self._offsets(place):
            minutes = self._minutes(place, attendance, offset, hours[offset])
            if minutes:
                found[offset + 1] = minutes
        return found

    def _minutes(
        self,
        place: PlaceMonth,
        attendance: Attendance,
        offset: int,
        hours: Hours | None,
    ) -> Minutes:
        """What the parts leave of the plan has the day's code."""
        code, parts = attendance.codes[offset], attendance.parts.get(offset + 1, ())
        if code == NOT_REPORTED:
            raise MissingAttendance
        _check_codes(code, parts, offset + 1)
        minutes: Minutes = frozenset()
        if code in self._counted and not (code == EXTRA and parts):
            day = self._days[offset]
            minutes = _all(hours.start, hours.end) if hours else _usual(place, day)
        for part in parts:
            some = _all(part.start, part.end)
            minutes = minutes | some if part.code in self._counted else minutes - some
        return minutes

    def paid_day(self, number: int, minutes: int) -> "_Paid | None":
        """What so long a stay on a day of the month is paid as, if it is."""
        if minutes not in self._kinds:
            self._kinds[minutes] = _paid_as(minutes, self.rules)
        paid = self._kinds[minutes]
        return None if paid is None else _Paid(number, *paid)

    def rate(self, kind: str) -> tuple[int, str]:
        """Öre for a day or an hour of a kind, and the rule in words."""
        if kind not in self._rates:
            rate = self.rules.rate(kind, self.base_amount, self.month.year)
            self._rates[kind] = rate, self.rules.told(kind, rate, self.base_amount)
        return self._rates[kind]


def _holds(rest: Span, day: date) -> bool:
    return rest.start <= day and (rest.end is None or day < rest.end)


@lru_cache(maxsize=1024)
def _all(start: int, end: int) -> Minutes:
    return frozenset(range(start, end))


def _check_codes(code: str, parts: Sequence[Part], number: int) -> None:
    if code != NOT_PLANNED and code not in EFFECTS:
        raise BadAttendance(f"okänd kod {code} dag {number}.")
    if not all(part.code in EFFECTS and part.minutes > 0 for part in parts):
        raise BadAttendance(f"delarna av dag {number} stämmer inte.")


def _usual(place: PlaceMonth, day: date) -> Minutes:
    """A day outside the plan without times is as long as a planned one on average."""
    for span in place.plans:
        if span.covers(day) and span.extent.days:
            return _all(0, span.extent.minutes // span.extent.days)
    raise MissingPlan


class _Paid(NamedTuple):
    """A day that counts: its kind, and its minutes when it is paid by the hour."""

    number: int
    kind: str
    quantity: int


def _lines(
    places: Sequence[PlaceMonth],
    attended: Mapping[Ref, Mapping[int, Minutes]],
    terms: AllowanceMonth,
) -> tuple[AllowanceLine, ...]:
    days: dict[tuple[Ref, str], list[_Paid]] = defaultdict(list)
    for number in sorted({n for found in attended.values() for n in found}):
        here = {ref: some[number] for ref, some in attended.items() if number in some}
        paid = terms.paid_day(number, _minutes_together(here))
        if paid is not None:
            days[_longest(here), paid.kind].append(paid)
    lines = [
        _line(place, kind, days[place.ref, kind], terms)
        for place in places
        for kind in DAYS
        if (place.ref, kind) in days
    ]
    return (*lines, *_over(lines, terms))


def _minutes_together(here: Mapping[Ref, Minutes]) -> int:
    """The minutes of a day at one place or several; the same minute counts once."""
    if len(here) == 1:
        return len(next(iter(here.values())))
    return len(frozenset().union(*here.values()))


def _longest(here: Mapping[Ref, Minutes]) -> Ref:
    """The place where most of the day was spent; of equals the first."""
    return max(here, key=lambda ref: len(here[ref]))


def _paid_as(minutes: int, rules: AllowanceRules) -> tuple[str, int] | None:
    """The kind and quantity of a day of so many minutes."""
    if rules.kind == "hour":
        paid = rules.paid_minutes(minutes)
        return (HOUR, paid) if paid else None
    kind = rules.kind_of_day(minutes)
    return None if kind is None else (kind, HUNDRED)


def _line(
    place: PlaceMonth, kind: str, days: Sequence[_Paid], terms: AllowanceMonth
) -> AllowanceLine:
    rules, month = terms.rules, terms.month
    rate, told = terms.rate(kind)
    quantity = sum(day.quantity for day in days)
    return AllowanceLine(
        placement=place.ref,
        month=month,
        kind=kind,
        quantity=quantity,
        rate=rate,
        rounding=rules.rounding,
        amount=amount_of(kind, quantity, rate, rules.rounding),
        days=" ".join(str(day.number) for day in days),
        rule=told,
        payer=rules.payer[place.regi],
    )


def _over(
    lines: Sequence[AllowanceLine], terms: AllowanceMonth
) -> Iterator[AllowanceLine]:
    """What a month's maximum takes away, from the last places first."""
    rules, month = terms.rules, terms.month
    if rules.month_max is None:
        return
    left = sum(line.amount for line in lines) - rules.month_max
    by_place: dict[tuple[Ref, str], int] = defaultdict(int)
    for line in lines:
        by_place[line.placement, line.payer] += line.amount
    for (placement, payer), amount in reversed(by_place.items()):
        taken = min(left, amount)
        if taken <= 0:
            return
        left -= taken
        yield AllowanceLine(
            placement=placement,
            month=month,
            kind=OVER,
            quantity=1,
            rate=-taken,
            rounding=rules.rounding,
            amount=-taken,
            days="",
            rule=f"{rules.name}: högst {shown(rules.month_max)} i månaden",
            payer=payer,
        )
