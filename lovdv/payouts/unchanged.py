"""Earlier months that a run need not compute again: nothing they rest on has changed.

A run reads every month that has been paid, for what was decided or reported too late.
A month is what the last run that computed it made of it, as long as it has the same
seal, and that run held nothing and left nothing out of it.
"""

import hashlib
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from lovdv.controls.models import Hold
from lovdv.extensions import db
from lovdv.payouts.models import ComputedMonth, HeldItem, PaymentRun
from lovdv.payouts.standing import BOOKED
from payments import Count, Month

Carry = Mapping[int, tuple[Count, ...]]
"""By client: the absence that goes on from one month to the next."""


def sealed(digest: str, carry: Carry) -> str:
    """A month's facts, and the absence that was going on when it began."""
    going = sorted((client, counts) for client, counts in carry.items() if counts)
    told = [digest, *(f"{client} {[*map(tuple, counts)]}" for client, counts in going)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def settled_months(choice_system_id: int) -> Mapping[Month, ComputedMonth]:
    """By month, as the last booked run computed it; none that it held anything in."""
    rows = db.session.scalars(
        select(ComputedMonth)
        .join(PaymentRun, PaymentRun.id == ComputedMonth.run_id)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status.in_(BOOKED),
        )
        .order_by(PaymentRun.month)
    )
    last = {row.month: row for row in rows}
    open_still = _months_with(HeldItem, last) | _months_with(Hold, last)
    return {
        Month.of(month): row
        for month, row in last.items()
        if (row.run_id, month) not in open_still
    }


def _months_with(
    kind: type[HeldItem | Hold], last: Mapping[date, ComputedMonth]
) -> set[tuple[int, date]]:
    runs = {row.run_id for row in last.values()}
    rows = db.session.execute(
        select(kind.run_id, kind.month).where(kind.run_id.in_(runs)).distinct()
    )
    return {(run, month) for run, month in rows}


def keep(run: PaymentRun, month: Month, seal: str, carry: Carry) -> None:
    going = {str(client): counts for client, counts in carry.items() if counts}
    db.session.add(
        ComputedMonth(run_id=run.id, month=month.first, seal=seal, carry=going)
    )


def carry_after(kept: ComputedMonth) -> dict[int, tuple[Count, ...]]:
    return {
        int(client): tuple(Count(*count) for count in counts)
        for client, counts in kept.carry.items()
    }
