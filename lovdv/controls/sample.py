"""The sample of a run: drawn once from a recorded seed, and looked at line by line."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import String, cast, func, select

from lovdv import audit
from lovdv.clock import now
from lovdv.controls import settings as control_settings
from lovdv.controls.models import Finding, SampledLine
from lovdv.controls.settings import Setting
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts.locking import lock
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.placements.models import Placement
from payments import Ref, controls
from payments.money import shown
from payments.month import Month
from payments.sampling import cochran, drawn, weight

SAMPLE = "sample"
RIGHT, WRONG = "right", "wrong"
FIXED_DATA, WHOLE_MONTHS = "fixed_data", "whole_months"
"""The findings that weigh."""

RUNS_BACK = 12
SEEN = ("attendance_seen", "decision_seen", "plan_seen")
LOOKED = (*SEEN, "result", "note", "looked_by_id", "looked_at")
MOST_HOLDS = 4
"""More lines held than this make a unit no likelier to be drawn."""


Seen = Mapping[str, bool]
"""attendance_seen, decision_seen and plan_seen."""


class Weighed(NamedTuple):
    """A line of the frame, with the name and the weight it is drawn by."""

    name: str
    weight: int
    line_id: int
    amount: int


@dataclass(frozen=True)
class Drawn:
    """A line that was drawn, as the finding it becomes."""

    line_id: int
    weight: int
    finding: controls.Finding


def seed_for(run: PaymentRun) -> str:
    """The seed of the computation that this one replaces, or a new one.

    Nobody gets another sample by computing the month again.
    """
    replaced = db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.month == run.month,
            PaymentRun.status == "replaced",
        )
        .order_by(PaymentRun.id.desc())
    ).all()
    seeds = (control_settings.seed_of(one) for one in replaced)
    return next(filter(None, seeds), None) or secrets.token_hex(8)


def draw(
    run: PaymentRun, setting: Setting, found: Iterable[controls.Finding], seed: str
) -> list[Drawn]:
    """The lines to look at. What weighs is in the run: its lines and its findings."""
    size = sample_size(run, setting)
    chosen = drawn(weighed(run, setting, found), size, seed)
    lines = {
        line.id: line
        for line in db.session.scalars(
            select(PaymentLine).where(
                PaymentLine.id.in_([one.line_id for one in chosen])
            )
        )
    }
    return [
        Drawn(one.line_id, one.weight, _finding(lines[one.line_id])) for one in chosen
    ]


def sample_size(run: PaymentRun, setting: Setting) -> int:
    knobs = setting.knobs
    if not knobs["cochran"]:
        return knobs["size"]
    lines = db.session.scalar(
        select(func.count(PaymentLine.id)).where(*_pays_something(run))
    )
    return cochran(lines or 0, confidence=knobs["confidence"], margin=knobs["margin"])


def weighed(
    run: PaymentRun, setting: Setting, found: Iterable[controls.Finding]
) -> Iterator[Weighed]:
    """Every line that pays something, under a name that a recount gives it too."""
    extra = _Extra.told(run, setting, found)
    name = (
        Placement.number
        + " "
        + func.substr(cast(PaymentLine.month, String), 1, 7)
        + " "
        + PaymentLine.kind
        + " "
        + cast(PaymentLine.first_day, String)
    )
    rows = db.session.execute(
        select(
            name,
            PaymentLine.amount,
            PaymentLine.id,
            PaymentLine.placement_id,
            Placement.unit_id,
        )
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .where(*_pays_something(run))
        .execution_options(yield_per=10_000)
    )
    for told, amount, line_id, placement, unit in rows:
        heavy = weight(amount, extra_percent=extra.of(placement, unit))
        yield Weighed(told, heavy, line_id, amount)


def _pays_something(run: PaymentRun) -> tuple[Any, ...]:
    """SQL: what may be drawn; not what takes back a booked line."""
    return (
        PaymentLine.run_id == run.id,
        PaymentLine.corrects_id.is_(None),
        PaymentLine.amount > 0,
    )


@dataclass(frozen=True)
class _Extra:
    """What speaks of risk, in per cent."""

    units: Mapping[int, int]
    """By unit: for lines that were held in the last runs, and changed fixed data."""
    untouched: frozenset[object]
    """Placements without any deviation, month after month."""
    percent: int

    @classmethod
    def told(
        cls, run: PaymentRun, setting: Setting, found: Iterable[controls.Finding]
    ) -> "_Extra":
        told = list(found)
        changed = {one.contract for one in told if one.control == FIXED_DATA}
        units = {
            unit: min(number, MOST_HOLDS) * setting.knobs["history"]
            for unit, number in _held_lately(run).items()
        }
        for unit in _units_of(run, changed):
            units[unit] = units.get(unit, 0) + setting.knobs["changed"]
        untouched = {one.placement for one in told if one.control == WHOLE_MONTHS}
        return cls(units, frozenset(untouched), setting.knobs["untouched"])

    def of(self, placement: int, unit: int) -> int:
        idle = self.percent if placement in self.untouched else 0
        return self.units.get(unit, 0) + idle


def _held_lately(run: PaymentRun) -> Mapping[int, int]:
    """By unit: placements that somebody has decided to hold in the runs before."""
    first = Month.of(run.month).plus(-RUNS_BACK).first
    rows = db.session.execute(
        select(Placement.unit_id, func.count())
        .select_from(Finding)
        .join(PaymentRun, PaymentRun.id == Finding.run_id)
        .join(Placement, Placement.id == Finding.placement_id)
        .where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.status.in_(BOOKED),
            PaymentRun.month >= first,
            PaymentRun.month < run.month,
            Finding.decision == "hold",
        )
        .group_by(Placement.unit_id)
    )
    return {unit: number for unit, number in rows}  # noqa: C416 - rows of two


def _units_of(run: PaymentRun, contracts: set[Ref | None]) -> Sequence[int]:
    if not contracts:
        return ()
    return db.session.scalars(
        select(Placement.unit_id)
        .join(PaymentLine, PaymentLine.placement_id == Placement.id)
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .where(PaymentLine.run_id == run.id, Payee.contract_id.in_(contracts))
        .distinct()
    ).all()


def _finding(line: PaymentLine) -> controls.Finding:
    last = line.end_day - timedelta(days=1)
    told = f"Dragen rad: {line.first_day} till och med {last}, {shown(line.amount)}."
    month = Month.of(line.month)
    return controls.Finding(SAMPLE, line.placement_id, month, told, line.amount)


def look(
    *,
    run: PaymentRun,
    sampled: SampledLine,
    seen: Seen,
    result: str,
    note: str,
    by_id: int,
) -> None:
    """What somebody saw: the line is right and paid, or wrong and held."""
    lock(run.choice_system_id)
    db.session.refresh(run, ["status"])
    if run.status != "computed":
        raise Refused("Körningen är attesterad och ändras inte längre.")
    if result == RIGHT and not all(seen.values()):
        raise Refused(
            "Kryssa för det du har sett. En rad är rätt först när närvaron, beslutet "
            "och planen är sedda.",
            "attendance_seen",
        )
    if result == WRONG and not note:
        raise Refused("Skriv vad som är fel, så att det går att rätta.", "note")
    for name, value in seen.items():
        setattr(sampled, name, value)
    sampled.result, sampled.note = result, note
    sampled.looked_by_id, sampled.looked_at = by_id, now()
    finding = sampled.finding
    finding.decision = "pay" if result == RIGHT else "hold"
    finding.reason = note or "Närvaron, beslutet och planen är sedda."
    finding.decided_by_id, finding.decided_at = by_id, now()
    db.session.flush()
    audit.change(
        "sample.look", object=finding.public_id, after={"result": result, "note": note}
    )


def copy_look(earlier: Finding | None, row: SampledLine) -> None:
    """What was seen of the same line before the month was computed again."""
    if earlier is None:
        return
    before = db.session.scalars(
        select(SampledLine).where(SampledLine.finding_id == earlier.id)
    ).one_or_none()
    for name in LOOKED if before else ():
        setattr(row, name, getattr(before, name))


def weighing(run: PaymentRun) -> list[controls.Finding]:
    """What the run itself keeps of the findings that weighed when it was drawn."""
    rows = db.session.scalars(
        select(Finding).where(
            Finding.run_id == run.id, Finding.control.in_((FIXED_DATA, WHOLE_MONTHS))
        )
    )
    return [
        controls.Finding(
            row.control,
            row.placement_id,
            Month.of(row.month),
            row.message,
            row.amount,
            row.contract_id,
        )
        for row in rows
    ]


def sampled_lines(run: PaymentRun) -> Sequence[SampledLine]:
    """In the order in which they weigh, the heaviest first."""
    return db.session.scalars(
        select(SampledLine)
        .where(SampledLine.run_id == run.id)
        .order_by(SampledLine.weight.desc(), SampledLine.id)
    ).all()
