"""Changing: deciding the rules, attesting a run and making its file."""

import hashlib
from collections.abc import Mapping
from datetime import date

from lovdv import audit
from lovdv.allowance import computing, queries, workbooks
from lovdv.allowance.models import AllowanceFile, AllowanceRun
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts.locking import lock
from lovdv.placements.reporting import lock_month
from lovdv.systems.models import ChoiceSystem, Rule
from lovdv.systems.operations import decide_rule
from payments import PaymentError
from payments.allowance_rules import read_allowance
from payments.errors import BadRule


def decide(
    *,
    system: ChoiceSystem,
    first_day: date,
    value: Mapping[str, object],
    reference: str,
    by_id: int,
) -> Rule:
    """New rules from a first day; what the engine cannot read is not decided."""
    told = {
        **value,
        "source": reference,
        "first_day": first_day.isoformat(),
        "revision": "1",
        "decided_at": now().isoformat(),
    }
    try:
        read_allowance(told)
    except PaymentError as error:
        raise _refusal(error) from error
    return decide_rule(
        choice_system_id=system.id,
        key="allowance",
        first_day=first_day,
        value=value,
        reference=reference,
        decided_by_id=by_id,
    )


def _refusal(error: PaymentError) -> Refused:
    """What the engine could not read, at the field that it names."""
    if isinstance(error, BadRule):
        return Refused(error.why[:1].upper() + error.why[1:], error.where)
    return Refused(str(error))


def attest(*, run: AllowanceRun, by_id: int) -> None:
    """Another than the preparer approves, while the facts are still the same.

    The attendance that was counted is locked, so that it is still there to read.
    """
    lock(run.choice_system_id)
    db.session.refresh(run)
    if run.status != "computed":
        raise Refused("Körningen är redan attesterad eller ersatt av en nyare.")
    if run.prepared_by_id == by_id:
        raise Refused(
            "Du har räknat den här körningen själv. Be en kollega att attestera."
        )
    if computing.current_digest(run) != run.inputs_digest:
        raise Refused(
            "Uppgifter har ändrats sedan månaden räknades. Be ekonomen att räkna om "
            "den, så att du attesterar det som gäller nu."
        )
    for month in queries.months_of(run):
        lock_month(
            choice_system_id=run.choice_system_id, month=month, known_at=run.known_at
        )
    run.status, run.attested_by_id, run.attested_at = "attested", by_id, now()
    db.session.flush()
    audit.change("allowance.attest", object=run.public_id, after={"total": run.total})


def export(*, run: AllowanceRun, by_id: int) -> AllowanceFile:
    """The list for payment, made once."""
    lock(run.choice_system_id)
    db.session.refresh(run)
    if run.status == "exported":
        raise Refused("Filen är redan gjord. Hämta den på sidan.")
    if run.status != "attested":
        raise Refused("Körningen är inte attesterad. Be en kollega att attestera den.")
    content = workbooks.for_payment(run)
    new = AllowanceFile(
        run_id=run.id,
        name=f"habiliteringsersattning_{run.month:%Y-%m}_{run.public_id[:8]}.xlsx",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=now(),
        created_by_id=by_id,
    )
    db.session.add(new)
    run.status, run.exported_by_id, run.exported_at = "exported", by_id, now()
    db.session.flush()
    audit.change("allowance.export", object=run.public_id, after={"sha": new.sha256})
    return new
