"""Which months of placements a run's decisions hold."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from lovdv.clock import now
from lovdv.controls.models import Finding, Hold
from lovdv.extensions import db
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.placements.models import Placement

Target = tuple[int, date]
"""A placement and a month."""


def follow(run: PaymentRun) -> None:
    """Make the holds those of the decisions: one for each month that some holds.

    What is held with a whole provider is not a finding's, and stays.
    """
    standing = {
        (hold.placement_id, hold.month): hold
        for hold in db.session.scalars(select(Hold).where(Hold.run_id == run.id))
    }
    wanted = _wanted(run)
    for target, hold in standing.items():
        if hold.finding_id is not None and not _is_of(hold, wanted.get(target)):
            db.session.delete(hold)
    db.session.flush()
    db.session.add_all(
        _hold(target, finding)
        for target, finding in wanted.items()
        if target not in standing or not _stands(standing[target], finding)
    )
    db.session.flush()


def _wanted(run: PaymentRun) -> dict[Target, Finding]:
    """Each held month with the first decision that holds it."""
    found: dict[Target, Finding] = {}
    for finding in db.session.scalars(
        select(Finding)
        .where(Finding.run_id == run.id, Finding.decision == "hold")
        .order_by(Finding.id)
    ):
        for target in _targets(finding):
            found.setdefault(target, finding)
    return found


def _targets(finding: Finding) -> Iterator[Target]:
    if finding.placement_id is not None:
        yield finding.placement_id, finding.month
        return
    query = select(PaymentLine.placement_id, PaymentLine.month).where(
        PaymentLine.run_id == finding.run_id
    )
    if finding.contract_id is not None:
        query = query.join(Payee, Payee.id == PaymentLine.payee_id).where(
            Payee.contract_id == finding.contract_id
        )
    elif finding.unit_id is not None:
        query = query.join(Placement, Placement.id == PaymentLine.placement_id).where(
            Placement.unit_id == finding.unit_id, PaymentLine.month == finding.month
        )
    else:
        return
    yield from (
        (row.placement_id, row.month) for row in db.session.execute(query.distinct())
    )


def _is_of(hold: Hold, finding: Finding | None) -> bool:
    return (
        finding is not None
        and hold.finding_id == finding.id
        and (hold.reason, hold.decided_by_id) == (finding.reason, finding.decided_by_id)
    )


def _stands(hold: Hold, finding: Finding) -> bool:
    return hold.finding_id is None or _is_of(hold, finding)


def _hold(target: Target, finding: Finding) -> Hold:
    placement, month = target
    return Hold(
        run_id=finding.run_id,
        placement_id=placement,
        month=month,
        finding_id=finding.id,
        reason=finding.reason,
        decided_by_id=finding.decided_by_id,
        decided_at=finding.decided_at or now(),
    )
