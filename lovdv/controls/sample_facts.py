"""What a person looks at to judge a line that was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lovdv.controls.models import Finding, SampledLine
from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.people.models import Decision
from lovdv.placements.codes import STANDS, codes_of
from lovdv.placements.models import AttendanceMonth, Placement
from lovdv.placements.plans import WEEKDAYS, hours_text, spans
from lovdv.providers.models import Unit
from payments.calendar import NOT_PLANNED, PlanSpan


@dataclass(frozen=True)
class LookedAt:
    """A drawn line with the attendance, the decision and the plan it rests on."""

    sampled: SampledLine
    line: PaymentLine
    placement: Placement
    unit: Unit
    decision: Decision
    attendance: Sequence[tuple[str, str]]
    """What was said of days, and which days."""
    plans: Sequence[tuple[PlanSpan, Sequence[str]]]


@dataclass(frozen=True)
class SampleRow:
    """A drawn line in the list."""

    sampled: SampledLine
    finding: Finding
    number: str
    unit: str


def rows(run: PaymentRun) -> list[SampleRow]:
    """The lines that were drawn, the heaviest first."""
    found = db.session.execute(
        select(SampledLine, Finding, Placement.number, Unit.name)
        .join(Finding, Finding.id == SampledLine.finding_id)
        .join(Placement, Placement.id == Finding.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(SampledLine.run_id == run.id)
        .order_by(SampledLine.weight.desc(), SampledLine.id)
    )
    return [SampleRow(*row) for row in found]


def looked_at(run: PaymentRun, public_id: str) -> LookedAt:
    sampled, line, placement, unit, decision = db.session.execute(
        select(SampledLine, PaymentLine, Placement, Unit, Decision)
        .join(PaymentLine, PaymentLine.id == SampledLine.line_id)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Decision, Decision.id == Placement.decision_id)
        .where(SampledLine.run_id == run.id, SampledLine.public_id == public_id)
    ).one()
    return LookedAt(
        sampled,
        line,
        placement,
        unit,
        decision,
        _attendance(run, placement, line.month),
        _plans(placement, line),
    )


def _attendance(
    run: PaymentRun, placement: Placement, month: date
) -> Sequence[tuple[str, str]]:
    row = db.session.scalars(
        select(AttendanceMonth)
        .where(
            AttendanceMonth.placement_id == placement.id,
            AttendanceMonth.month == month,
            AttendanceMonth.status != "open",
        )
        .order_by(AttendanceMonth.version.desc())
        .limit(1)
    ).first()
    names = {code.letter: code.name for code in codes_of(run.choice_system_id, month)}
    return _days(row.codes, names) if row is not None else ()


def _days(codes: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The days of the month under each letter, in the order they first come."""
    found: dict[str, list[str]] = {}
    for day, code in enumerate(codes, start=1):
        if code not in (NOT_PLANNED, STANDS):
            found.setdefault(code, []).append(str(day))
    return [
        (names.get(code, code).capitalize(), ", ".join(days))
        for code, days in found.items()
    ]


def _plans(
    placement: Placement, line: PaymentLine
) -> list[tuple[PlanSpan, Sequence[str]]]:
    """The plans in force on some of the line's days, each week in words."""
    return [
        (span, [_week(week) for week in span.plan.weeks])
        for span in spans(placement.week_plans)
        if span.start < line.end_day and (span.end is None or span.end > line.first_day)
    ]


def _week(week: Sequence[object]) -> str:
    told = [
        f"{name} {hours_text(hours)}"  # type: ignore[arg-type]
        for name, hours in zip(WEEKDAYS, week, strict=True)
        if hours
    ]
    return ", ".join(told) or "inga dagar"
