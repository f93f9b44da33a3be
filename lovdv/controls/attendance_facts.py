"""What the controls read of attendance: only the months that can hold something."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from lovdv.controls import unit_facts
from lovdv.controls.attendance_sql import here_on, in_month, latest, outside_plan
from lovdv.extensions import db
from lovdv.payouts.models import HeldItem, PaymentLine, PaymentRun
from lovdv.placements.codes import to_engine
from lovdv.placements.models import (
    AttendanceMonth,
    ClosedDay,
    Placement,
    WeekPlan,
)
from lovdv.placements.plans import minutes_of, spans
from payments import Month, Part, PlanSpan, Ref
from payments.calendar import ATTENDED, CLOSED, EXTRA, NOT_PLANNED, hours_on
from payments.controls import DaysOf
from payments.day_controls import HoursByDay, Visit, claimed_hours, crowded

COLUMNS = (
    Placement.client_id,
    Placement.id,
    Placement.number,
    Placement.choice_system_id,
    Placement.unit_id,
    AttendanceMonth.codes,
    AttendanceMonth.details,
)
WEEKEND = 5


class Reported:
    """The attendance of one month of a run, as it was last confirmed.

    Of an earlier month than the run's own, what the run pays more for is its own, but
    for placements `seen`; the rest has been looked at before, and is compared with.
    """

    def __init__(
        self, run: PaymentRun, month: Month | None = None, seen: Collection[int] = ()
    ) -> None:
        self._run = run
        self._seen = seen
        self.month = month or Month.of(run.month)
        self._is_earlier = self.month.first != run.month
        self._letters: dict[int, Mapping[int, str]] = {}

    @cached_property
    def compared(self) -> list[DaysOf]:
        """Of people with several placements, or with days outside the plan."""
        return self._days_of(self._compared)

    @cached_property
    def hours(self) -> dict[Ref, HoursByDay]:
        """By placement of people with several: the hours of each day that count."""
        number = Counter(row.client_id for row in self._compared)
        rows = [row for row in self._compared if number[row.client_id] > 1]
        plans = _plans([row.id for row in rows])
        return {row.id: dict(self._hours(row, plans.get(row.id, ()))) for row in rows}

    @cached_property
    def _compared(self) -> Sequence[Row[Any]]:
        asked = or_(Placement.client_id.in_(self._several()), outside_plan())
        if not self._is_earlier:
            return self._rows(asked)
        concerned = select(Placement.client_id).where(self._own())
        return self._rows(asked, Placement.client_id.in_(concerned))

    def _days_of(
        self, rows: Sequence[Row[Any]], *, but_stopped: bool = True
    ) -> list[DaysOf]:
        """In the engine's letters; days that are stopped are not paid."""
        return [self._days(row, but_stopped=but_stopped) for row in rows]

    def placed(self) -> Any:
        """SQL: placements in the month; in an earlier one, those the run pays."""
        placed = in_month(self._run, self.month)
        return and_(placed, self._own()) if self._is_earlier else placed

    def _own(self) -> Any:
        own = Placement.choice_system_id == self._run.choice_system_id
        return and_(own, Placement.id.in_(self._paid())) if self._is_earlier else own

    def _paid(self) -> Select[Any]:
        """Placements that the run pays more for the month than was paid before."""
        return (
            select(PaymentLine.placement_id)
            .where(
                PaymentLine.run_id == self._run.id,
                PaymentLine.month == self.month.first,
                PaymentLine.placement_id.not_in(self._seen),
            )
            .group_by(PaymentLine.placement_id)
            .having(func.sum(PaymentLine.amount) > 0)
        )

    @cached_property
    def _paid_refs(self) -> frozenset[int]:
        return frozenset(db.session.scalars(self._paid()))

    def visits(
        self, limits: Mapping[Ref, unit_facts.Limits], *, over: int
    ) -> Iterator[Visit]:
        """Everybody at units on days with perhaps too many, whoever pays for them."""
        for unit, most in limits.items():
            rows = db.session.execute(
                latest(AttendanceMonth.month == self.month.first)
                .where(Placement.unit_id == unit)
                .with_only_columns(*COLUMNS)
            ).all()
            told = [self._perhaps_here(row) for row in rows]
            days = crowded(self.month, told, most, over=over)
            if days:
                yield from self._visits(unit, rows, days)

    def _perhaps_here(self, row: Row[Any]) -> str:
        """A day that is told in parts may be here in some of them."""
        days = list(row.codes.translate(self._read(row)))
        for day in row.details:
            days[int(day) - 1] = EXTRA
        return "".join(days)

    def _visits(
        self, unit: Ref, rows: Sequence[Row[Any]], days: Collection[int]
    ) -> Iterator[Visit]:
        plans = _plans([row.id for row in rows])
        for row in rows:
            hours = self._hours(row, plans.get(row.id, ()), here_only=days)
            for number, counted in hours:
                day = self.month.first + timedelta(days=number - 1)
                for some in counted:
                    yield Visit(unit, row.client_id, day, some)

    def of_clients(self, clients: Collection[Ref]) -> list[DaysOf]:
        """What the run pays for some people, stopped days included."""
        if not clients:
            return []
        rows = self._rows(self._own(), Placement.client_id.in_(list(clients)))
        return self._days_of(rows, but_stopped=False)

    def on_closed_days(
        self,
    ) -> tuple[list[DaysOf], dict[Ref, set[date]], dict[Ref, set[date]]]:
        """Those here on a weekend or a closed day, with what was closed and planned."""
        shut = self._closed()
        weekend = [day for day in self.month.every_day() if day.weekday() >= WEEKEND]
        asked = [here_on({*weekend, *shut.get(None, ())})]
        asked += [
            and_(Placement.unit_id == unit, here_on(days))
            for unit, days in shut.items()
            if unit is not None
        ]
        rows = self._rows(self._own(), or_(*asked))
        closed = {row.id: self._shut_at(shut, row.unit_id) for row in rows}
        plans = _plans([row.id for row in rows])
        planned = {
            row.id: {day for day in weekend if hours_on(day, plans.get(row.id, ()))}
            for row in rows
        }
        return self._days_of(rows, but_stopped=False), closed, planned

    def _shut_at(self, shut: Mapping[int | None, set[date]], unit: int) -> set[date]:
        return shut.get(None, set()) | shut.get(unit, set())

    def _closed(self) -> dict[int | None, set[date]]:
        """Closed days by unit; None: where it is closed everywhere."""
        rows = db.session.execute(
            select(ClosedDay.unit_id, ClosedDay.day).where(
                ClosedDay.choice_system_id == self._run.choice_system_id,
                ClosedDay.annulled_at.is_(None),
                ClosedDay.day >= self.month.first,
                ClosedDay.day < self.month.end,
            )
        )
        found: dict[int | None, set[date]] = defaultdict(set)
        for unit, day in rows:
            found[unit].add(day)
        return found

    def identical(self, least: int) -> list[list[DaysOf]]:
        """Groups with the same days at the same unit, with so many days of absence."""
        absent = AttendanceMonth.codes
        for letter in (ATTENDED, EXTRA, NOT_PLANNED, CLOSED):
            absent = func.replace(absent, letter, "")  # type: ignore[assignment]
        asked = (
            AttendanceMonth.month == self.month.first,
            Placement.choice_system_id == self._run.choice_system_id,
            func.length(absent) >= least,
        )
        same = (
            latest(*asked)
            .with_only_columns(Placement.unit_id, AttendanceMonth.codes)
            .group_by(Placement.unit_id, AttendanceMonth.codes)
            .having(func.count() > 1)
            .subquery()
        )
        rows = db.session.execute(
            latest(*asked)
            .join(
                same,
                and_(
                    same.c.unit_id == Placement.unit_id,
                    same.c.codes == AttendanceMonth.codes,
                ),
            )
            .with_only_columns(*COLUMNS)
            .order_by(Placement.unit_id, AttendanceMonth.codes, Placement.id)
        )
        groups: dict[tuple[int, str], list[DaysOf]] = defaultdict(list)
        for row in rows:
            groups[row.unit_id, row.codes].append(self._days(row, but_stopped=False))
        return [
            sorted(group, key=lambda one: not one.is_own)
            for group in groups.values()
            if any(one.is_own for one in group)
        ]

    def untouched(self, number: int) -> dict[Ref, Sequence[str]]:
        """Months attended exactly as planned, of placements with nothing but such."""
        bare = AttendanceMonth.codes
        for letter in (ATTENDED, NOT_PLANNED, CLOSED):
            bare = func.replace(bare, letter, "")  # type: ignore[assignment]
        rows = db.session.execute(
            latest(
                Placement.choice_system_id == self._run.choice_system_id,
                AttendanceMonth.month >= self.month.plus(1 - number).first,
                AttendanceMonth.month <= self._run.month,
                bare == "",
                AttendanceMonth.codes.contains(ATTENDED),
            )
            .with_only_columns(Placement.id, func.min(AttendanceMonth.codes))
            .group_by(Placement.id)
            .having(func.count() == number)
        )
        return {ref: (codes,) * number for ref, codes in rows}

    def _several(self) -> Select[Any]:
        """People with more than one placement in the month, in any choice system."""
        return (
            select(Placement.client_id)
            .where(in_month(self._run, self.month))
            .group_by(Placement.client_id)
            .having(func.count() > 1)
        )

    def _rows(self, *which: Any) -> Sequence[Row[Any]]:
        return db.session.execute(
            latest(
                Placement.municipality_id == self._run.municipality_id,
                AttendanceMonth.month == self.month.first,
                *which,
            )
            .with_only_columns(*COLUMNS)
            .order_by(Placement.client_id, Placement.id)
        ).all()

    def _is_own(self, row: Row[Any]) -> bool:
        own = bool(row.choice_system_id == self._run.choice_system_id)
        return own and (not self._is_earlier or row.id in self._paid_refs)

    def _days(self, row: Row[Any], *, but_stopped: bool) -> DaysOf:
        codes = _with_parts(row.codes.translate(self._read(row)), row.details)
        if but_stopped:
            codes = _without(codes, self._stops.get(row.id, ()))
        return DaysOf(
            row.client_id, row.id, row.number, self.month, codes, self._is_own(row)
        )

    def _hours(
        self,
        row: Row[Any],
        plans: Sequence[PlanSpan],
        *,
        here_only: Collection[int] | None = None,
    ) -> Iterator[tuple[int, Any]]:
        """The hours that are not away, or on some days those that somebody was here."""
        is_here = here_only is not None
        codes = row.codes.translate(self._read(row))
        if not is_here:
            codes = _without(codes, self._stops.get(row.id, ()))
        for number, code in enumerate(codes, start=1):
            if here_only is not None and number not in here_only:
                continue
            parts = self._parts(row, number)
            if code == NOT_PLANNED and not parts:
                continue
            day = self.month.first + timedelta(days=number - 1)
            planned = hours_on(day, plans)
            counted = claimed_hours(code, planned, parts, here_only=is_here)
            if counted:
                yield number, counted

    def _parts(self, row: Row[Any], number: int) -> list[Part]:
        letters = self._read(row)
        return [
            Part(
                part["code"].translate(letters),
                minutes_of(part["from"]),
                minutes_of(part["to"]),
            )
            for part in row.details.get(str(number), ())
        ]

    def _read(self, row: Row[Any]) -> Mapping[int, str]:
        """How to read the letters of the row's choice system."""
        system = row.choice_system_id
        if system not in self._letters:
            self._letters[system] = to_engine(system, self.month.first)
        return self._letters[system]

    @cached_property
    def _stops(self) -> Mapping[Ref, Sequence[tuple[int, int]]]:
        """By placement: the days of the month that something stops."""
        found: dict[Ref, list[tuple[int, int]]] = defaultdict(list)
        rows = db.session.execute(
            select(HeldItem.placement_id, HeldItem.first_day, HeldItem.end_day).where(
                HeldItem.run_id == self._run.id,
                HeldItem.month == self.month.first,
                HeldItem.reason == "stopped",
            )
        )
        first = self.month.first
        for placement, start, end in rows:
            found[placement].append(((start - first).days, (end - first).days))
        return found


def _with_parts(codes: str, details: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    """A day that is attended outside the plan in part is such a day."""
    days = list(codes)
    for day, parts in details.items():
        if any(part["code"] == EXTRA for part in parts):
            days[int(day) - 1] = EXTRA
    return "".join(days)


def _without(codes: str, stops: Sequence[tuple[int, int]]) -> str:
    for low, high in stops:
        codes = codes[:low] + NOT_PLANNED * (high - low) + codes[high:]
    return codes


def _plans(placements: Sequence[int]) -> dict[Ref, tuple[PlanSpan, ...]]:
    rows = db.session.scalars(
        select(WeekPlan)
        .where(WeekPlan.placement_id.in_(placements))
        .order_by(WeekPlan.placement_id, WeekPlan.first_day, WeekPlan.revision)
    )
    found: dict[Ref, list[WeekPlan]] = defaultdict(list)
    for row in rows:
        found[row.placement_id].append(row)
    return {ref: spans(listed) for ref, listed in found.items()}
