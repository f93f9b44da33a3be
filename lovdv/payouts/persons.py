"""Whom a run's pages and files are about: client ids for the log of reads."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select

from lovdv.extensions import db
from lovdv.payouts import queries
from lovdv.payouts.models import HeldItem, Payee, PaymentLine, PaymentRun
from lovdv.placements.models import Placement


def of_placements(placements: Iterable[int | None]) -> Sequence[int]:
    """Those who have the placements; None is a row about nobody."""
    wanted = {one for one in placements if one is not None}
    if not wanted:
        return ()
    return _of(select(Placement.id).where(Placement.id.in_(wanted)))


def of_lines(lines: Iterable[int]) -> Sequence[int]:
    return _of(select(PaymentLine.placement_id).where(PaymentLine.id.in_(set(lines))))


def paid_in(run: PaymentRun, provider_id: int | None = None) -> Sequence[int]:
    """Those whom the run's files pay for, or those of one provider."""
    lines = queries.paid_lines(run).with_only_columns(PaymentLine.placement_id)
    if provider_id is not None:
        lines = lines.join(Payee, Payee.id == PaymentLine.payee_id).where(
            Payee.provider_id == provider_id
        )
    return _of(lines)


def counted_in(run: PaymentRun) -> Sequence[int]:
    """Everybody who has a line in the run, held or not."""
    return _of(select(PaymentLine.placement_id).where(PaymentLine.run_id == run.id))


def left_out_of(run: PaymentRun) -> Sequence[int]:
    """Those whose corrections are older than corrections go back."""
    return _of(
        select(HeldItem.placement_id).where(
            HeldItem.run_id == run.id, HeldItem.reason == "left_out"
        )
    )


def _of(placements: Select[tuple[int]]) -> Sequence[int]:
    return db.session.scalars(
        select(Placement.client_id).where(Placement.id.in_(placements)).distinct()
    ).all()
