"""What has changed in a unit's month since the month before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lovdv.access import Actor
from lovdv.basis import changes, queries
from lovdv.basis.queries import UnitLine
from lovdv.basis.rows import UnitMonth
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.payouts.standing import line_of
from lovdv.placements.models import Placement
from payments import Line, Month


@dataclass(frozen=True)
class Change:
    """What is new about one placement."""

    placement: Placement
    month: Month
    told: tuple[str, ...]


@dataclass(frozen=True)
class Since:
    """The month before, and what is not as it was then."""

    paid_before: int
    changes: tuple[Change, ...]


def since(actor: Actor, found: UnitMonth) -> Since:
    """Corrections of earlier months, and who has come, gone or got other terms."""
    before = found.month.previous
    was, now = (_paid_for(actor, found, month) for month in (before, found.month))
    placements = queries.placements_with({*was, *now})
    changed = [
        Change(placements[ref], found.month, told)
        for ref in placements
        if (told := _told(was.get(ref, ()), now.get(ref, ())))
    ]
    corrected = [
        Change(row.placement, row.month, row.reasons)
        for row in found.rows
        if row.month != found.month and row.paid
    ]
    amount = sum(line.amount for lines in was.values() for line in lines)
    by_number = sorted(changed, key=lambda change: change.placement.number)
    return Since(amount, (*corrected, *by_number))


def _told(was: Sequence[Line], now: Sequence[Line]) -> tuple[str, ...]:
    if not was:
        return tuple(f"Ny i månaden: {changes.formula(line)}" for line in now)
    if not now:
        return ("Betaldes förra månaden men inte den här.",)
    return changes.since_last(was, now)


def _paid_for(
    actor: Actor, found: UnitMonth, month: Month
) -> Mapping[int, Sequence[Line]]:
    """By placement, what was paid for a month as it stood when this one was run."""
    rows = queries.lines_booked(
        actor,
        found.unit.id,
        PaymentLine.month == month.first,
        PaymentRun.month <= found.month.first,
    )
    lines: dict[int, list[Line]] = defaultdict(list)
    for row in _standing([one for one in rows if one.hold is None]):
        lines[row.line.placement_id].append(line_of(row.line))
    return lines


def _standing(rows: Sequence[UnitLine]) -> list[UnitLine]:
    taken = {one.line.corrects_id for one in rows}
    return [
        one for one in rows if one.line.corrects_id is None and one.line.id not in taken
    ]
