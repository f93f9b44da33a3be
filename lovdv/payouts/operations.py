"""Changing: attesting a run, whole or a provider at a time, in as many steps as asked.

Computing stands in computing.py, and holding a provider in holding.py.
"""

from collections.abc import Sequence

from lovdv import audit
from lovdv.clock import now
from lovdv.controls import checking
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import approvals, computing, line_queries
from lovdv.payouts.approvals import Part
from lovdv.payouts.locking import lock
from lovdv.payouts.models import Attestation, PaymentRun
from lovdv.placements.reporting import lock_month


def attest(
    *,
    run: PaymentRun,
    by_id: int,
    seen: str | None = None,
    provider_id: int | None = None,
) -> int:
    """Another than the preparer takes the next step, while the facts are the same.

    Of one provider, or of all that wait for this person; says how many. `seen` is
    approvals.seal() of what the approver was shown. With the last step of the last
    provider the run is attested and its months are locked.
    """
    lock(run.choice_system_id)
    db.session.refresh(run)
    _refuse_person(run, by_id)
    parts = approvals.parts(run)
    asked = [part for part in parts if provider_id in (None, part.provider_id)]
    _refuse_undecided(asked)
    if seen is not None and seen != approvals.seal(asked):
        raise Refused(
            "Beslut om kontrollerna har ändrats medan du läste. Läs sidan igen och "
            "attestera om det stämmer."
        )
    _refuse_changed(run)
    taken = _take(run, asked, by_id)
    if not taken and not all(part.is_approved for part in parts):
        raise Refused(
            "Du har redan attesterat det här. Nästa steg tas av en annan attestant."
        )
    if all(part.is_approved for part in approvals.parts(run)):
        _finish(run, by_id)
    return taken


def _refuse_person(run: PaymentRun, by_id: int) -> None:
    if run.status != "computed":
        raise Refused("Körningen är redan attesterad eller ersatt av en nyare.")
    if run.prepared_by_id == by_id:
        raise Refused(
            "Du har räknat den här körningen själv. Be en kollega att attestera."
        )
    if by_id in approvals.deciders_of(run):
        raise Refused(
            "Du har själv beslutat om något som körningen betalar: en kontroll, en "
            "utförare som hålls inne eller släpps, eller ett tillägg. Be en kollega "
            "att attestera."
        )


def _refuse_undecided(asked: Sequence[Part]) -> None:
    undecided = sum(part.undecided for part in asked)
    if undecided:
        raise Refused(
            f"{undecided} kontroller saknar beslut. Be ekonomen att betala eller hålla "
            "inne varje rad."
        )


def _refuse_changed(run: PaymentRun) -> None:
    if computing.current_digest(run) != run.inputs_digest or checking.is_outdated(run):
        raise Refused(
            "Uppgifter har ändrats sedan månaden räknades. Be ekonomen att räkna om "
            "den, så att du attesterar det som gäller nu."
        )


def _take(run: PaymentRun, asked: Sequence[Part], by_id: int) -> int:
    """The next step of each part that waits for this person."""
    waiting = [part for part in asked if part.waits_for(by_id)]
    for part in waiting:
        db.session.add(
            Attestation(
                run_id=run.id,
                provider_id=part.provider_id,
                step=part.next_step,
                by_id=by_id,
                prepared_by_id=run.prepared_by_id,
                attested_at=now(),
                amount=part.amount,
                seal=part.seal,
            )
        )
    db.session.flush()
    for part in waiting:
        audit.change(
            "run.approve",
            object=run.public_id,
            after={
                "provider": part.public_id,
                "step": part.next_step,
                "amount": part.amount,
            },
        )
    return len(waiting)


def _finish(run: PaymentRun, by_id: int) -> None:
    for month in line_queries.months_of(run):
        lock_month(
            choice_system_id=run.choice_system_id, month=month, known_at=run.known_at
        )
    run.status, run.attested_by_id, run.attested_at = "attested", by_id, now()
    db.session.flush()
    audit.change("run.attest", object=run.public_id, after={"total": run.total})
