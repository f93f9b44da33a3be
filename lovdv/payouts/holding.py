"""Holding all that a run would pay one provider, so that the others go on."""

from datetime import date
from typing import Any

from sqlalchemy import Select, delete, exists, select, update

from lovdv import audit
from lovdv.clock import now
from lovdv.controls import checking, holds
from lovdv.controls.models import Finding, Hold
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts.locking import lock
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun, ProviderHold
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, Provider


def hold(*, run: PaymentRun, provider: Provider, reason: str, by_id: int) -> None:
    """Nothing is paid to the provider in this run; the reason is kept with it."""
    _require_open(run)
    if not reason.strip():
        raise Refused("Skriv varför, så att det går att förstå sedan.", "reason")
    if standing(run, provider.id) is not None:
        raise Refused("Utföraren hålls redan inne i den här körningen.")
    if db.session.scalar(_months(run, provider.id).limit(1)) is None:
        raise Refused("Körningen har inget att betala till utföraren.")
    new = ProviderHold(
        run_id=run.id,
        provider_id=provider.id,
        reason=reason,
        decided_by_id=by_id,
        decided_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    _spread(new)
    audit.change(
        "provider.hold",
        object=run.public_id,
        after={"provider": provider.public_id, "reason": reason},
    )


def release(*, run: PaymentRun, provider: Provider, by_id: int) -> None:
    """The provider is paid again, but for what a control's decision holds.

    Who released is kept: to pay is a decision too, and its maker does not attest it.
    """
    _require_open(run)
    found = standing(run, provider.id)
    if found is None:
        raise Refused("Utföraren hålls inte inne i den här körningen.")
    db.session.execute(
        delete(Hold).where(
            Hold.run_id == run.id,
            Hold.finding_id.is_(None),
            Hold.placement_id.in_(_placements(provider.id)),
        )
    )
    found.released_by_id, found.released_at = by_id, now()
    db.session.flush()
    holds.follow(run)
    audit.change(
        "provider.release",
        object=run.public_id,
        before={"provider": provider.public_id, "reason": found.reason},
    )


def pay_held_before(
    *, run: PaymentRun, provider: Provider, reason: str, by_id: int
) -> int:
    """All that earlier runs held for the provider is paid in this one."""
    found = held_before(run, provider.id)
    checking.decide(run=run, findings=found, decision="pay", reason=reason, by=by_id)
    return len(found)


def held_before(run: PaymentRun, provider_id: int) -> list[Finding]:
    """What an earlier run held for the provider, and this one still holds."""
    return list(
        db.session.scalars(
            select(Finding)
            .where(
                Finding.run_id == run.id,
                Finding.control == checking.HELD_BEFORE,
                Finding.decision == "hold",
                Finding.placement_id.in_(_placements(provider_id)),
            )
            .order_by(Finding.id)
        )
    )


def carry(run: PaymentRun, replaced: PaymentRun) -> None:
    """What was decided of providers holds in the new computation of the month too."""
    rows = db.session.scalars(
        select(ProviderHold)
        .where(ProviderHold.run_id == replaced.id)
        .order_by(ProviderHold.id)
    ).all()
    for row in rows:
        new = ProviderHold(
            run_id=run.id,
            provider_id=row.provider_id,
            reason=row.reason,
            decided_by_id=row.decided_by_id,
            decided_at=row.decided_at,
            released_by_id=row.released_by_id,
            released_at=row.released_at,
        )
        db.session.add(new)
        db.session.flush()
        if new.released_at is None:
            _spread(new)


def standing(run: PaymentRun, provider_id: int) -> ProviderHold | None:
    return db.session.scalars(
        select(ProviderHold).where(
            ProviderHold.run_id == run.id,
            ProviderHold.provider_id == provider_id,
            ProviderHold.released_at.is_(None),
        )
    ).one_or_none()


def _require_open(run: PaymentRun) -> None:
    lock(run.choice_system_id)
    db.session.refresh(run)
    if run.status != "computed":
        raise Refused("Körningen är attesterad och ändras inte längre.")


def _months(run: PaymentRun, provider_id: int) -> Select[Any]:
    """Each placement and month that the run has lines of for the provider."""
    return (
        select(PaymentLine.placement_id, PaymentLine.month)
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .where(PaymentLine.run_id == run.id, Payee.provider_id == provider_id)
        .distinct()
        .order_by(PaymentLine.placement_id, PaymentLine.month)
    )


def _placements(provider_id: int) -> Select[Any]:
    return (
        select(Placement.id)
        .join(Contract, Contract.id == Placement.contract_id)
        .where(Contract.provider_id == provider_id)
    )


def _spread(held: ProviderHold) -> None:
    """Hold every month of its placements; a control's own hold becomes the whole's."""
    run = db.session.get_one(PaymentRun, held.run_id)
    db.session.execute(
        update(Hold)
        .where(
            Hold.run_id == run.id,
            Hold.placement_id.in_(_placements(held.provider_id)),
        )
        .values(
            finding_id=None,
            reason=held.reason,
            decided_by_id=held.decided_by_id,
            decided_at=held.decided_at,
        )
        .execution_options(synchronize_session="fetch")
    )
    already = exists().where(
        Hold.run_id == run.id,
        Hold.placement_id == PaymentLine.placement_id,
        Hold.month == PaymentLine.month,
    )
    rows = db.session.execute(_months(run, held.provider_id).where(~already))
    db.session.add_all(_hold(held, placement, month) for placement, month in rows.all())
    db.session.flush()


def _hold(held: ProviderHold, placement: int, month: date) -> Hold:
    return Hold(
        run_id=held.run_id,
        placement_id=placement,
        month=month,
        finding_id=None,
        reason=held.reason,
        decided_by_id=held.decided_by_id,
        decided_at=held.decided_at,
    )
