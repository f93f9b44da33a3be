"""Reading attendance: the plan of a month and what has been reported against it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor
from lovdv.clock import STOCKHOLM, today
from lovdv.extensions import db
from lovdv.people.names import listed_key
from lovdv.placements.codes import HERE, STANDS
from lovdv.placements.models import (
    AttendanceMonth,
    ClosedDay,
    LocalAbsence,
    LocalReason,
    Placement,
)
from lovdv.placements.plans import spans
from lovdv.placements.scope import placements_at_unit, placements_seen
from lovdv.placements.settings import whole
from lovdv.systems.models import ChoiceSystem
from payments.calendar import (
    ATTENDED,
    CLOSED,
    EXTRA,
    NOT_PLANNED,
    Hours,
    PlanSpan,
    hours_on,
    planned_codes,
)
from payments.month import Month

OUTSIDE = " "
"""In a plan of ours: the placement does not hold the day, or rests."""


@dataclass(frozen=True)
class PersonMonth:
    """One placement's month: as planned, and the latest version of what is reported."""

    placement: Placement
    month: Month
    spans: tuple[PlanSpan, ...]
    plan: str
    row: AttendanceMonth | None

    @property
    def status(self) -> str:
        return self.row.status if self.row else "open"

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @cached_property
    def days(self) -> tuple[date, ...]:
        return self.month.every_day()

    @cached_property
    def deviations(self) -> str:
        """The letters set by hand in an open month; '.' where the plan stands."""
        return self.row.codes if self.row and self.is_open else STANDS * len(self.plan)

    @cached_property
    def codes(self) -> str:
        """A letter for every day: as frozen, or the plan with its deviations.

        Time that somebody was here on a day that is not planned makes it an extra day.
        """
        if not self.row:
            return self.plan
        if not self.is_open:
            return self.row.codes
        return "".join(self._letter(day.day) for day in self.days)

    def _letter(self, number: int) -> str:
        plan = self.plan[number - 1]
        extra = plan == NOT_PLANNED and self.has_extra(number)
        return self.set_code(number) or (EXTRA if extra else plan)

    @property
    def details(self) -> Mapping[str, list[dict[str, str]]]:
        return self.row.details if self.row else {}

    def set_code(self, number: int) -> str:
        """The letter set on a day of the month; '' where the plan stands."""
        return self.deviations[number - 1].replace(STANDS, "")

    def parts(self, number: int) -> list[dict[str, str]]:
        """What is reported of parts of a day, beside the letter of the whole.

        A letter that is told is kept as parts too, which say nothing but when.
        """
        letter = self.row.codes[number - 1] if self.row else STANDS
        return [
            part
            for part in self._kept(number)
            if part["code"] != letter or "notified_at" not in part
        ]

    def _kept(self, number: int) -> list[dict[str, str]]:
        return self.details.get(str(number), [])

    def told_at(self, number: int) -> datetime | None:
        """When the day's absence was told, in Swedish time."""
        told = [part.get("notified_at") for part in self._kept(number)]
        text = next(filter(None, told), None)
        return datetime.fromisoformat(text).astimezone(STOCKHOLM) if text else None

    @property
    def told(self) -> Mapping[int, datetime]:
        """When the month's absences were told, by the day's number."""
        found = {number: self.told_at(number) for number in map(int, self.details)}
        return {number: at for number, at in found.items() if at}

    def told_letters(self, number: int) -> Mapping[str, datetime]:
        """When the day's absences were told, by their letters."""
        kept = self._kept(number)
        return {
            part["code"]: datetime.fromisoformat(part["notified_at"])
            for part in kept
            if "notified_at" in part
        }

    def has_extra(self, number: int) -> bool:
        """Whether some time of the day is reported as here outside the plan."""
        return any(part["code"] == EXTRA for part in self.parts(number))

    def is_held(self, number: int) -> bool:
        return self.plan[number - 1] != OUTSIDE

    @property
    def rests(self) -> bool:
        """No day of the month is held: nothing to report, nothing to confirm."""
        return not self.plan.strip(OUTSIDE)

    @property
    def waits(self) -> bool:
        """Somebody should confirm it, now or when it is over."""
        return self.is_open and not self.rests

    def is_set(self, number: int) -> bool:
        return bool(self.set_code(number) or self.parts(number))

    def takes_reports(self, number: int) -> bool:
        """Days to come cannot be reported; what was set can always be taken away."""
        open_ = self.is_open and self.days[number - 1] <= today()
        return open_ and (self.is_held(number) or self.is_set(number))

    def tells_of(self, number: int) -> bool:
        """Whether the day is planned, reported or can be."""
        nothing = (NOT_PLANNED, OUTSIDE)
        return (
            self.codes[number - 1] not in nothing
            or self.plan[number - 1] not in nothing
            or self.takes_reports(number)
        )

    def hours(self, number: int) -> Hours | None:
        if not self.is_held(number):
            return None
        return hours_on(self.days[number - 1], self.spans)

    @property
    def over_on(self) -> date:
        """The last planned day; from then on the month can be confirmed."""
        return self.days[max(self.plan.rfind(ATTENDED), 0)]

    @property
    def is_over(self) -> bool:
        """Every planned day has come, so that the month can be confirmed."""
        return not self.rests and self.over_on <= today()

    @property
    def days_attended(self) -> int:
        """Days so far on which the person was here, whole or in part."""
        return sum(
            day <= today() and (code in HERE or self._is_partly_here(day.day))
            for day, code in zip(self.days, self.codes, strict=True)
        )

    def _is_partly_here(self, number: int) -> bool:
        return any(part["code"] in HERE for part in self.parts(number))

    def is_away(self, number: int) -> bool:
        here = (ATTENDED, EXTRA, CLOSED, NOT_PLANNED, OUTSIDE)
        return self.codes[number - 1] not in here

    @property
    def days_away(self) -> int:
        return sum(self.is_away(day.day) for day in self.days)


def month_seen(actor: Actor, month: Month) -> list[PersonMonth]:
    """Everybody with a day of the month whose attendance the actor may read."""
    return _month_of(placements_seen(actor), month)


def month_at_unit(actor: Actor, month: Month) -> list[PersonMonth]:
    """Everybody with a day of the month at the actor's own unit."""
    return _month_of(placements_at_unit(actor), month)


def _month_of(seen: ColumnElement[bool], month: Month) -> list[PersonMonth]:
    return person_months(
        db.session.scalars(
            select(Placement)
            .where(
                seen,
                Placement.annulled_at.is_(None),
                Placement.first_day < month.end,
                or_(Placement.end_day.is_(None), Placement.end_day > month.first),
            )
            .options(
                joinedload(Placement.client),
                joinedload(Placement.unit),
                selectinload(Placement.week_plans),
                selectinload(Placement.pauses),
            )
        ).all(),
        month,
    )


def person_months(placements: Sequence[Placement], month: Month) -> list[PersonMonth]:
    """In the order of names."""
    rows = latest_rows([placement.id for placement in placements], month)
    closed = closed_days({p.choice_system_id for p in placements}, month)
    made = [
        _person_month(placement, month, rows.get(placement.id), closed)
        for placement in placements
    ]
    return sorted(
        made,
        key=lambda one: (listed_key(one.placement.client), one.placement.first_day),
    )


def person_month(placement: Placement, month: Month) -> PersonMonth:
    return person_months([placement], month)[0]


def _person_month(
    placement: Placement,
    month: Month,
    row: AttendanceMonth | None,
    closed: Mapping[tuple[int, int | None], set[date]],
) -> PersonMonth:
    system, unit = placement.choice_system_id, placement.unit_id
    off = closed.get((system, None), set()) | closed.get((system, unit), set())
    plans = spans(placement.week_plans)
    plan = "".join(
        code if holds(placement, day) else OUTSIDE
        for code, day in zip(
            planned_codes(month, plans, off), month.every_day(), strict=True
        )
    )
    return PersonMonth(placement, month, plans, plan, row)


def holds(placement: Placement, day: date) -> bool:
    """Whether a placement has begun, has not ended and does not rest on a day."""
    held = placement.first_day <= day and (
        placement.end_day is None or day < placement.end_day
    )
    return held and not any(
        pause.annulled_at is None
        and pause.first_day <= day
        and (pause.end_day is None or day < pause.end_day)
        for pause in placement.pauses
    )


def latest_rows(
    placement_ids: Collection[int], month: Month
) -> dict[int, AttendanceMonth]:
    rows = db.session.scalars(
        select(AttendanceMonth)
        .where(
            AttendanceMonth.placement_id.in_(placement_ids),
            AttendanceMonth.month == month.first,
        )
        .order_by(AttendanceMonth.version)
    )
    return {row.placement_id: row for row in rows}


def versions(placement: Placement, month: Month) -> Sequence[AttendanceMonth]:
    return db.session.scalars(
        select(AttendanceMonth)
        .where(
            AttendanceMonth.placement_id == placement.id,
            AttendanceMonth.month == month.first,
        )
        .order_by(AttendanceMonth.version)
    ).all()


def closed_days(
    system_ids: Collection[int], month: Month
) -> dict[tuple[int, int | None], set[date]]:
    """Days off by choice system and unit; unit None: every unit."""
    found: dict[tuple[int, int | None], set[date]] = {}
    for system_id, unit_id, day in db.session.execute(
        select(ClosedDay.choice_system_id, ClosedDay.unit_id, ClosedDay.day).where(
            ClosedDay.choice_system_id.in_(system_ids),
            ClosedDay.annulled_at.is_(None),
            ClosedDay.day >= month.first,
            ClosedDay.day < month.end,
        )
    ):
        found.setdefault((system_id, unit_id), set()).add(day)
    return found


def closed_in(choice_system_id: int, year: int) -> Sequence[ClosedDay]:
    return db.session.scalars(
        select(ClosedDay)
        .where(
            ClosedDay.choice_system_id == choice_system_id,
            ClosedDay.annulled_at.is_(None),
            ClosedDay.day >= date(year, 1, 1),
            ClosedDay.day < date(year + 1, 1, 1),
        )
        .options(joinedload(ClosedDay.unit))
        .order_by(ClosedDay.day, ClosedDay.unit_id)
    ).all()


def closed_day(municipality_id: int, public_id: str) -> ClosedDay:
    """A closed day of the municipality, else NoResultFound (404)."""
    return db.session.scalars(
        select(ClosedDay)
        .join(ChoiceSystem, ChoiceSystem.id == ClosedDay.choice_system_id)
        .where(
            ClosedDay.public_id == public_id,
            ClosedDay.annulled_at.is_(None),
            ChoiceSystem.municipality_id == municipality_id,
        )
    ).one()


def confirm_by(choice_system_id: int, month: Month) -> date:
    """The last day to confirm a month."""
    day = whole(choice_system_id, "attendance", "confirm_by_day", month.first)
    return month.end + timedelta(days=day - 1)


def earliest_month(choice_system_id: int) -> Month:
    """The first month that still takes reports."""
    return Month.of(today()).plus(-whole(choice_system_id, "attendance", "back_months"))


def local_reasons(unit_id: int) -> Sequence[LocalReason]:
    """The unit's own names for absences."""
    return db.session.scalars(
        select(LocalReason)
        .where(LocalReason.unit_id == unit_id, LocalReason.ended_at.is_(None))
        .order_by(LocalReason.name)
    ).all()


def local_reason(unit_id: int, public_id: str) -> LocalReason:
    return db.session.scalars(
        select(LocalReason).where(
            LocalReason.unit_id == unit_id,
            LocalReason.public_id == public_id,
            LocalReason.ended_at.is_(None),
        )
    ).one()


def local_absences(placement: Placement, month: Month) -> dict[date, LocalReason]:
    """The unit's own reasons for one person's days; only for the unit."""
    rows = db.session.execute(
        select(LocalAbsence.day, LocalReason)
        .join(LocalReason, LocalReason.id == LocalAbsence.reason_id)
        .where(
            LocalAbsence.placement_id == placement.id,
            LocalReason.unit_id == placement.unit_id,
            LocalAbsence.day >= month.first,
            LocalAbsence.day < month.end,
        )
    )
    return {row.day: row.LocalReason for row in rows}
