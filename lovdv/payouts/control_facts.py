"""What the controls read of a run: few columns, one query a table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.orm import aliased

from lovdv.extensions import db
from lovdv.payouts.models import HeldItem, Hold, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED, is_on_hold
from lovdv.people import renewals
from lovdv.people.models import Client, Decision
from lovdv.placements.codes import to_engine
from lovdv.placements.models import AttendanceMonth, Placement
from payments import Held, Month, Ref, Span
from payments.calendar import ATTENDED, CLOSED, EXTRA, NOT_PLANNED
from payments.controls import DaysOf


@dataclass(frozen=True, slots=True)
class PaidLine:
    placement: int
    month: Month
    start: date
    end: date
    amount: int
    counted: str
    is_reversal: bool
    """Whether it takes back a booked line, of any day."""


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    paid: Span
    decision: Span
    last_day: date | None
    """The last day there is anything to pay for: a death, or the placement's end."""


def lines(run: PaymentRun) -> list[PaidLine]:
    rows = db.session.execute(
        select(
            PaymentLine.placement_id,
            PaymentLine.month,
            PaymentLine.first_day,
            PaymentLine.end_day,
            PaymentLine.amount,
            PaymentLine.counted,
            PaymentLine.corrects_id.is_not(None),
        ).where(PaymentLine.run_id == run.id)
    )
    months: dict[date, Month] = {}
    return [
        PaidLine(placement, months.setdefault(month, Month.of(month)), *rest)
        for placement, month, *rest in rows
    ]


def placements(run: PaymentRun) -> dict[Ref, PlacementFacts]:
    rows = db.session.execute(
        select(
            Placement.id,
            Placement.paid_first_day,
            Placement.paid_end_day,
            Decision.first_day,
            Decision.end_day,
            Decision.id,
            Placement.end_day,
            Client.died_on,
        )
        .join(Decision, Decision.id == Placement.decision_id)
        .join(Client, Client.id == Placement.client_id)
        .where(Placement.id.in_(_in_run(run)))
    )
    renewed = renewals.ends(run.choice_system_id)
    return {
        ref: PlacementFacts(
            Span(start, end),
            Span(decided, renewed.get(decision, until)),
            _last_day(ended, died),
        )
        for ref, start, end, decided, until, decision, ended, died in rows
    }


def _last_day(end_day: date | None, died_on: date | None) -> date | None:
    days = [end_day - timedelta(days=1)] if end_day else []
    days += [died_on] if died_on else []
    return min(days, default=None)


def _in_run(run: PaymentRun) -> Select[Any]:
    return select(PaymentLine.placement_id).where(PaymentLine.run_id == run.id)


def months_to_compare(run: PaymentRun) -> list[DaysOf]:
    """Attendance of people with several placements, or with days outside the plan.

    In the engine's letters, and without days that are stopped: those are not paid.
    """
    several = (
        select(Placement.client_id)
        .where(
            Placement.choice_system_id == run.choice_system_id,
            Placement.annulled_at.is_(None),
            Placement.paid_first_day < Month.of(run.month).end,
            or_(Placement.paid_end_day.is_(None), Placement.paid_end_day > run.month),
        )
        .group_by(Placement.client_id)
        .having(func.count() > 1)
    )
    rows = db.session.execute(
        _latest(run, AttendanceMonth.month == run.month)
        .with_only_columns(
            Placement.client_id,
            Placement.id,
            Placement.number,
            AttendanceMonth.codes,
            AttendanceMonth.details,
        )
        .where(
            or_(
                Placement.client_id.in_(several),
                AttendanceMonth.codes.contains(EXTRA),
                cast(AttendanceMonth.details, Text).contains(f'"{EXTRA}"'),
            )
        )
        .order_by(Placement.client_id, Placement.id)
    )
    month, stops = Month.of(run.month), _stops(run)
    letters = to_engine(run.choice_system_id, run.month)
    return [
        DaysOf(
            client,
            ref,
            number,
            month,
            _without(
                _with_parts(codes.translate(letters), details), stops.get(ref, ())
            ),
        )
        for client, ref, number, codes, details in rows
    ]


def _with_parts(codes: str, details: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    """A day that is attended outside the plan in part is such a day."""
    days = list(codes)
    for day, parts in details.items():
        if any(part["code"] == EXTRA for part in parts):
            days[int(day) - 1] = EXTRA
    return "".join(days)


def _stops(run: PaymentRun) -> Mapping[Ref, Sequence[tuple[int, int]]]:
    """By placement: the days of the run's month that something stops."""
    found: dict[Ref, list[tuple[int, int]]] = defaultdict(list)
    rows = db.session.execute(
        select(HeldItem.placement_id, HeldItem.first_day, HeldItem.end_day).where(
            HeldItem.run_id == run.id,
            HeldItem.month == run.month,
            HeldItem.reason == "stopped",
        )
    )
    for placement, start, end in rows:
        found[placement].append(((start - run.month).days, (end - run.month).days))
    return found


def _without(codes: str, stops: Sequence[tuple[int, int]]) -> str:
    for low, high in stops:
        codes = codes[:low] + NOT_PLANNED * (high - low) + codes[high:]
    return codes


def _latest(run: PaymentRun, *which: Any) -> Select[Any]:
    """The latest version of the months of attendance in the run's choice system."""
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
            Placement.choice_system_id == run.choice_system_id,
            Placement.annulled_at.is_(None),
            AttendanceMonth.status != "open",
            ~newer.exists(),
            *which,
        )
    )


def untouched_months(run: PaymentRun, number: int) -> dict[Ref, Sequence[str]]:
    """Months attended exactly as planned, of placements with nothing but such."""
    first = Month.of(run.month).plus(1 - number).first
    bare = AttendanceMonth.codes
    for letter in (ATTENDED, NOT_PLANNED, CLOSED):
        bare = func.replace(bare, letter, "")  # type: ignore[assignment]
    rows = db.session.execute(
        _latest(
            run,
            AttendanceMonth.month >= first,
            AttendanceMonth.month <= run.month,
            bare == "",
            AttendanceMonth.codes.contains(ATTENDED),
        )
        .with_only_columns(Placement.id, func.min(AttendanceMonth.codes))
        .group_by(Placement.id)
        .having(func.count() == number)
    )
    return {ref: (codes,) * number for ref, codes in rows}


def amounts(run: PaymentRun) -> dict[Ref, int]:
    """What the run pays each placement for its own month."""
    return _sums(PaymentLine.run_id == run.id, PaymentLine.month == run.month)


def amounts_before(run: PaymentRun) -> dict[Ref, int]:
    """What was paid for the month before."""
    before = Month.of(run.month).previous.first
    booked = select(PaymentRun.id).where(
        PaymentRun.choice_system_id == run.choice_system_id,
        PaymentRun.status.in_(BOOKED),
    )
    return _sums(
        PaymentLine.run_id.in_(booked),
        PaymentLine.month == before,
        ~is_on_hold(PaymentLine),
    )


def _sums(*which: Any) -> dict[Ref, int]:
    rows = db.session.execute(
        select(PaymentLine.placement_id, func.sum(PaymentLine.amount))
        .where(*which)
        .group_by(PaymentLine.placement_id)
        .order_by(PaymentLine.placement_id)
    )
    return {ref: int(amount) for ref, amount in rows}


def held(run: PaymentRun) -> Iterator[Held]:
    rows = db.session.scalars(
        select(HeldItem)
        .where(HeldItem.run_id == run.id, HeldItem.reason == "stopped")
        .order_by(HeldItem.id)
    )
    for row in rows:
        yield Held(
            row.placement_id,
            row.kind,
            Month.of(row.month),
            row.first_day,
            row.end_day,
            row.error,
            row.message,
            row.amount,
        )


def held_before(run: PaymentRun) -> Iterable[tuple[Hold, int]]:
    """What earlier runs held and nobody has paid since, with what this run would pay.

    A later booked run with lines of the month has paid them, or has a hold of its own.
    """
    later = aliased(PaymentRun)
    decided_since = (
        select(PaymentLine.id)
        .join(later, later.id == PaymentLine.run_id)
        .where(
            PaymentLine.placement_id == Hold.placement_id,
            PaymentLine.month == Hold.month,
            later.choice_system_id == PaymentRun.choice_system_id,
            later.status.in_(BOOKED),
            later.month > PaymentRun.month,
        )
    )
    holds = db.session.scalars(
        _holds(run).where(~decided_since.exists()).order_by(PaymentRun.month, Hold.id)
    )
    latest = {(hold.placement_id, hold.month): hold for hold in holds}
    due = _due_of_held(run)
    return [(latest[key], due[key]) for key in sorted(latest) if key in due]


def _holds(run: PaymentRun) -> Select[Any]:
    """The holds of booked runs before this."""
    return (
        select(Hold)
        .join(PaymentRun, PaymentRun.id == Hold.run_id)
        .where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.status.in_(BOOKED),
            PaymentRun.month < run.month,
        )
    )


def _due_of_held(run: PaymentRun) -> Mapping[tuple[int, date], int]:
    """By placement and month, what the run would pay of what was ever held."""
    rows = db.session.execute(
        select(
            PaymentLine.placement_id, PaymentLine.month, func.sum(PaymentLine.amount)
        )
        .where(
            PaymentLine.run_id == run.id,
            PaymentLine.placement_id.in_(
                _holds(run).with_only_columns(Hold.placement_id)
            ),
        )
        .group_by(PaymentLine.placement_id, PaymentLine.month)
    )
    return {(placement, month): int(amount) for placement, month, amount in rows}
