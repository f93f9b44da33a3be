"""Bulk reading for the month run and the clock: plain rows, one query a table."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, or_, select
from sqlalchemy.orm import aliased

from lovdv.extensions import db
from lovdv.people import renewals
from lovdv.people.models import Decision
from lovdv.placements.codes import HERE, to_engine
from lovdv.placements.models import (
    AttendanceMonth,
    ClosedDay,
    Pause,
    Placement,
    WeekPlan,
)
from lovdv.visits import tried
from payments.calendar import ATTENDED, EXTRA
from payments.month import Month

ONE_QUERY = 10_000


@dataclass(frozen=True)
class MonthFacts:
    """A choice system's month as known at an instant."""

    placements: Sequence[Row[Any]]
    """id, number, client_id, decision_id, unit_id, contract_id, start, end"""
    plans: Sequence[Row[Any]]
    """placement_id, first_day, revision, times (as JSON text)"""
    attendance: Sequence[tuple[int, int, str, str, Mapping[str, Any]]]
    """placement_id, version, status, codes, details"""
    pauses: Sequence[Row[Any]]
    """placement_id, start, end, share_paid"""
    closed: Sequence[Row[Any]]
    """unit_id (None: all), day, name"""


def month_facts(
    choice_system_id: int,
    month: date,
    known_at: datetime | None = None,
    calendar_at: datetime | None = None,
) -> MonthFacts:
    """Everything about placements that a month's payment rests on.

    Only what was confirmed by `known_at` counts as reported; None: all that is
    known now. `calendar_at`: the closed days are those known then, for a month that
    has been paid by them.
    """
    held = Month.of(month)
    return MonthFacts(
        placements=plain_rows(_placements(choice_system_id, held, known_at)),
        plans=plain_rows(_plans(choice_system_id, held, known_at)),
        attendance=list(_attendance(choice_system_id, held, known_at)),
        pauses=plain_rows(_pauses(choice_system_id, held, known_at)),
        closed=plain_rows(_closed(choice_system_id, held, calendar_at or known_at)),
    )


def plain_rows(query: Select[Any]) -> Sequence[Row[Any]]:
    """Straight from the connection: plain columns by the ten thousand need no ORM."""
    db.session.flush()
    return db.session.connection().execute(query).all()


def _in_month(choice_system_id: int, month: Month, known_at: datetime | None) -> Any:
    """SQL: the placement is paid for some day of the month."""
    found = (
        (Placement.choice_system_id == choice_system_id)
        & (Placement.paid_first_day < month.end)
        & or_(Placement.paid_end_day.is_(None), Placement.paid_end_day > month.first)
        & _standing(Placement.annulled_at, known_at)
    )
    return found if known_at is None else found & (Placement.recorded_at <= known_at)


def _standing(annulled_at: Any, known_at: datetime | None) -> Any:
    """SQL: not annulled, as known at the instant."""
    never = annulled_at.is_(None)
    return never if known_at is None else or_(never, annulled_at > known_at)


def _known(at: Any, known_at: datetime | None) -> Any:
    return at.is_not(None) if known_at is None else at <= known_at


def _placements(system_id: int, month: Month, known_at: datetime | None) -> Select[Any]:
    return (
        select(
            Placement.id,
            Placement.number,
            Placement.client_id,
            Placement.decision_id,
            Placement.unit_id,
            Placement.contract_id,
            Placement.paid_first_day.label("start"),
            Placement.paid_end_day.label("end"),
        )
        .where(_in_month(system_id, month, known_at))
        .order_by(Placement.client_id, Placement.id)
    )


def _plans(system_id: int, month: Month, known_at: datetime | None) -> Select[Any]:
    return (
        select(
            WeekPlan.placement_id,
            WeekPlan.first_day,
            WeekPlan.revision,
            cast(WeekPlan.times, Text).label("times"),
        )
        .join(Placement, Placement.id == WeekPlan.placement_id)
        .where(
            _in_month(system_id, month, known_at),
            WeekPlan.first_day < month.end,
            _known(WeekPlan.decided_at, known_at),
        )
        .order_by(WeekPlan.placement_id, WeekPlan.first_day, WeekPlan.revision)
    )


def _attendance(
    system_id: int, month: Month, known_at: datetime | None
) -> Iterator[tuple[int, int, str, str, Mapping[str, Any]]]:
    """The latest version of each that was confirmed; letters as the engine has them."""
    rows = plain_rows(
        select(
            AttendanceMonth.placement_id,
            AttendanceMonth.version,
            AttendanceMonth.status,
            AttendanceMonth.codes,
            cast(AttendanceMonth.details, Text),
        )
        .join(Placement, Placement.id == AttendanceMonth.placement_id)
        .where(
            AttendanceMonth.month == month.first,
            AttendanceMonth.status != "open",
            _in_month(system_id, month, known_at),
            _known(AttendanceMonth.confirmed_at, known_at),
        )
        .order_by(AttendanceMonth.placement_id, AttendanceMonth.version)
    )
    latest = {row[0]: row for row in rows}
    letters = to_engine(system_id, month.first)
    for placement_id, version, status, codes, text in latest.values():
        details = NOTHING if text == "{}" else json.loads(text)
        if letters:
            details = _translated(details, letters)
        # To translate by nothing costs as much as the rest of the loop.
        told = codes.translate(letters) if letters else codes
        yield placement_id, version, status, told, details


NOTHING: Mapping[str, Any] = MappingProxyType({})


def _translated(
    details: Mapping[str, list[dict[str, str]]], letters: Mapping[int, str]
) -> dict[str, list[dict[str, str]]]:
    return {
        day: [{**part, "code": part["code"].translate(letters)} for part in parts]
        for day, parts in details.items()
    }


def _pauses(system_id: int, month: Month, known_at: datetime | None) -> Select[Any]:
    return (
        select(
            Pause.placement_id,
            Pause.first_day.label("start"),
            Pause.end_day.label("end"),
            Pause.share_paid,
        )
        .join(Placement, Placement.id == Pause.placement_id)
        .where(
            _in_month(system_id, month, known_at),
            Pause.first_day < month.end,
            or_(Pause.end_day.is_(None), Pause.end_day > month.first),
            _standing(Pause.annulled_at, known_at),
            _known(Pause.recorded_at, known_at),
        )
        .order_by(Pause.placement_id, Pause.first_day)
    )


def _closed(system_id: int, month: Month, known_at: datetime | None) -> Select[Any]:
    return (
        select(ClosedDay.unit_id, ClosedDay.day, ClosedDay.name)
        .where(
            ClosedDay.choice_system_id == system_id,
            ClosedDay.day >= month.first,
            ClosedDay.day < month.end,
            _standing(ClosedDay.annulled_at, known_at),
            _known(ClosedDay.decided_at, known_at),
        )
        .order_by(ClosedDay.day, ClosedDay.unit_id)
    )


def first_attended_day(decision_ids: Collection[int]) -> dict[int, date]:
    """The first day somebody is reported as attending, by decision.

    A decision is executed from then on; one that follows without a gap on another
    has been since that one was, if the place goes on. A day that the unit has set is
    reported at once, one that only stands in a plan when the month is confirmed; and
    what was confirmed stands until a correction of it is confirmed. A day that was
    tried before the choice counts where the municipality's rule says so.
    """
    found: dict[int, date] = {}
    asked = sorted(set(decision_ids))
    for start in range(0, len(asked), ONE_QUERY):
        some = asked[start : start + ONE_QUERY]
        for decision_id, *reported in _first_months(some):
            for day in _days(*reported):
                found[decision_id] = min(day, found.get(decision_id, day))
    for decision_id, placement_ids in _carried(asked).items():
        days = _attended_days(placement_ids)
        found |= {decision_id: min(days)} if days else {}
    for decision_id, day in tried.first_days(asked).items():
        found[decision_id] = min(day, found.get(decision_id, day))
    return found


def _carried(decision_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """By decision: placements under earlier ones that went on when it followed."""
    earlier = renewals.before(decision_ids)
    pairs = [(one, old) for one, olds in earlier.items() for old in olds]
    if not pairs:
        return {}
    later = aliased(Decision)
    rows = db.session.execute(
        select(later.id, Placement.decision_id, Placement.id)
        .join(later, later.client_id == Placement.client_id)
        .where(
            later.id.in_(list(earlier)),
            Placement.decision_id.in_({old for _, old in pairs}),
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > later.first_day),
        )
    )
    found: dict[int, list[int]] = {}
    for one, old, placement_id in rows:
        if old in earlier[one]:
            found.setdefault(one, []).append(placement_id)
    return found


def last_attended_day(placement_ids: Collection[int]) -> date | None:
    """The last day somebody is reported as attending some of the placements."""
    return max(_attended_days(placement_ids), default=None)


def _attended_days(placement_ids: Collection[int]) -> set[date]:
    rows = db.session.execute(
        _attended(Placement.id.in_(placement_ids)).with_only_columns(
            AttendanceMonth.month, AttendanceMonth.codes, AttendanceMonth.details
        )
    )
    return {day for row in rows for day in _days(*row)}


def left_without_place(decision_ids: Collection[int], on: date) -> dict[int, date]:
    """Since when a decision that has had a place has none on a day, by decision."""
    last = _last_places(Placement.decision_id, sorted(set(decision_ids)), on)
    carried = _carried(decision_ids)
    ends = _last_places(
        Placement.id, [one for some in carried.values() for one in some], on
    )
    for decision_id, placement_ids in carried.items():
        days = [ends[one] for one in placement_ids if one in ends]
        if days:
            last[decision_id] = max([*days, last.get(decision_id, date.min)])
    for decision_id, day in tried.left_after(decision_ids, on).items():
        last[decision_id] = max(day, last.get(decision_id, day))
    return {key: day for key, day in last.items() if day <= on}


def _last_places(by: Any, among: Sequence[int], on: date) -> dict[int, date]:
    """When the last place that has begun ends, by decision or by placement."""
    last = func.max(func.coalesce(Placement.end_day, date.max))
    rows = db.session.execute(
        select(by, last)
        .where(
            by.in_(among), Placement.annulled_at.is_(None), Placement.first_day <= on
        )
        .group_by(by)
    )
    return dict(rows.all())


def _first_months(decision_ids: Sequence[int]) -> Sequence[Row[Any]]:
    first = (
        _attended(Placement.decision_id.in_(decision_ids))
        .with_only_columns(
            Placement.decision_id, func.min(AttendanceMonth.month).label("month")
        )
        .group_by(Placement.decision_id)
        .subquery()
    )
    return db.session.execute(
        _attended(Placement.decision_id.in_(decision_ids))
        .with_only_columns(
            Placement.decision_id,
            AttendanceMonth.month,
            AttendanceMonth.codes,
            AttendanceMonth.details,
        )
        .join(
            first,
            (first.c.decision_id == Placement.decision_id)
            & (first.c.month == AttendanceMonth.month),
        )
    ).all()


def _attended(which: ColumnElement[bool]) -> Select[Any]:
    """Versions that hold an attended day, but for those that are corrected."""
    later = aliased(AttendanceMonth)
    newer = select(later.id).where(
        later.placement_id == AttendanceMonth.placement_id,
        later.month == AttendanceMonth.month,
        later.version > AttendanceMonth.version,
        later.status != "open",
    )
    return (
        select(AttendanceMonth.id)
        .join(Placement, Placement.id == AttendanceMonth.placement_id)
        .where(
            which,
            Placement.annulled_at.is_(None),
            or_(
                AttendanceMonth.codes.contains(ATTENDED),
                AttendanceMonth.codes.contains(EXTRA),
                cast(AttendanceMonth.details, Text).contains(f'"{ATTENDED}"'),
                cast(AttendanceMonth.details, Text).contains(f'"{EXTRA}"'),
            ),
            ~newer.exists(),
        )
    )


def _days(
    month: date, codes: str, details: Mapping[str, list[dict[str, str]]]
) -> set[date]:
    here = {n for n, code in enumerate(codes, 1) if code in HERE}
    here |= {
        int(day)
        for day, parts in details.items()
        if any(part["code"] in HERE for part in parts)
    }
    return {month.replace(day=day) for day in here}
