"""Changing: attesting a run and making its files. Computing stands in computing.py."""

import hashlib

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import checking, computing, line_queries, queries, workbooks
from lovdv.payouts.locking import lock
from lovdv.payouts.models import ExportFile, PaymentRun
from lovdv.placements.reporting import lock_month
from lovdv.providers.models import Provider


def attest(*, run: PaymentRun, by_id: int, seen: str | None = None) -> None:
    """Another than the preparer approves, while the facts are still the same.

    `seen` is checking.seal() of what the approver was shown. The months are locked,
    so that what was approved is still there to read.
    """
    lock(run.choice_system_id)
    db.session.refresh(run)
    if run.status != "computed":
        raise Refused("Körningen är redan attesterad eller ersatt av en nyare.")
    if run.prepared_by_id == by_id:
        raise Refused(
            "Du har räknat den här körningen själv. Be en kollega att attestera."
        )
    findings = queries.findings(run)
    if any(finding.decided_by_id == by_id for finding in findings):
        raise Refused(
            "Du har beslutat om en kontroll i den här körningen. Be en kollega att "
            "attestera."
        )
    undecided = sum(map(checking.needs_decision, findings))
    if undecided:
        raise Refused(
            f"{undecided} kontroller saknar beslut. Be ekonomen att betala eller hålla "
            "inne varje rad."
        )
    if seen is not None and seen != checking.seal(run):
        raise Refused(
            "Beslut om kontrollerna har ändrats medan du läste. Läs sidan igen och "
            "attestera om det stämmer."
        )
    if computing.current_digest(run) != run.inputs_digest or checking.is_outdated(run):
        raise Refused(
            "Uppgifter har ändrats sedan månaden räknades. Be ekonomen att räkna om "
            "den, så att du attesterar det som gäller nu."
        )
    for month in line_queries.months_of(run):
        lock_month(
            choice_system_id=run.choice_system_id, month=month, known_at=run.known_at
        )
    run.status, run.attested_by_id, run.attested_at = "attested", by_id, now()
    db.session.flush()
    audit.change("run.attest", object=run.public_id, after={"total": run.total})


def export(*, run: PaymentRun, by_id: int | None) -> ExportFile:
    """Make the files once, and let nothing change after."""
    lock(run.choice_system_id)
    db.session.refresh(run)
    if run.status != "attested":
        raise Refused("Bara en attesterad körning går att ta ut, och bara en gång.")
    finance = _made(run, workbooks.for_finance(run), by_id)
    for provider in line_queries.providers_of(run):
        _made(run, workbooks.for_provider(run, provider), by_id, provider)
    run.status, run.exported_by_id, run.exported_at = "exported", by_id, now()
    db.session.flush()
    audit.change("run.export", object=run.public_id, after={"sha256": finance.sha256})
    return finance


def _made(
    run: PaymentRun, content: bytes, by_id: int | None, provider: Provider | None = None
) -> ExportFile:
    made = ExportFile(
        run_id=run.id,
        kind="finance" if provider is None else "provider",
        provider_id=None if provider is None else provider.id,
        name=workbooks.file_name(run, provider),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=now(),
        created_by_id=by_id,
    )
    db.session.add(made)
    return made
