"""What a run pays otherwise than the month before it, in few figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from lovdv.extensions import db
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED, is_on_hold
from payments import Month

RAISED, LOWERED, NEW, ENDED, SAME = "Höjda", "Sänkta", "Nya", "Avslutade", "Lika"
CORRECTED = "Rättelser av tidigare månader"
HELD = "Hålls inne, betalas inte nu"

Amounts = Mapping[int, int]
"""By placement, in öre."""


@dataclass(frozen=True)
class Changed:
    """How many placements changed in one way, and what it comes to."""

    name: str
    placements: int
    amount: int


def since_before(run: PaymentRun, provider_id: int | None = None) -> list[Changed]:
    """Raised, lowered, new and ended since the month before, corrected, and on hold.

    Together they are what is paid now less what was paid for the month before.
    """
    before = Month.of(run.month).previous.first
    whose = [] if provider_id is None else [Payee.provider_id == provider_id]
    booked = select(PaymentRun.id).where(
        PaymentRun.choice_system_id == run.choice_system_id,
        PaymentRun.status.in_(BOOKED),
        PaymentRun.month < run.month,
    )
    mine = PaymentLine.run_id == run.id
    own = PaymentLine.month == run.month
    now = _amounts(mine, own, *whose)
    then = _amounts(
        PaymentLine.run_id.in_(booked),
        PaymentLine.month == before,
        ~is_on_hold(PaymentLine),
        *whose,
    )
    held = _amounts(mine, is_on_hold(PaymentLine), *whose)
    return [
        *_sorted(now, then),
        _summed(CORRECTED, _amounts(mine, ~own, *whose).values()),
        _summed(HELD, [-amount for amount in held.values()]),
    ]


def _amounts(*which: ColumnElement[bool]) -> Amounts:
    """The sum of each placement's lines."""
    rows = db.session.execute(
        select(PaymentLine.placement_id, func.sum(PaymentLine.amount))
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .where(*which)
        .group_by(PaymentLine.placement_id)
    )
    return {placement: int(amount) for placement, amount in rows}


def _sorted(now: Amounts, then: Amounts) -> list[Changed]:
    differences = {
        placement: now.get(placement, 0) - then.get(placement, 0)
        for placement in now.keys() | then.keys()
    }
    found: dict[str, list[int]] = {kind: [] for kind in (RAISED, LOWERED, NEW, ENDED)}
    for placement, difference in differences.items():
        kind = _kind(placement, difference, now, then)
        if kind != SAME:
            found[kind].append(difference)
    return [_summed(kind, amounts) for kind, amounts in found.items()]


def _kind(placement: int, difference: int, now: Amounts, then: Amounts) -> str:
    if placement not in then:
        return NEW
    if placement not in now:
        return ENDED
    if not difference:
        return SAME
    return RAISED if difference > 0 else LOWERED


def _summed(name: str, amounts: Iterable[int]) -> Changed:
    listed = list(amounts)
    return Changed(name, len(listed), sum(listed))
