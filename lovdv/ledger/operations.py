"""Making a run's files, once; made again they are the same or say they correct."""

import hashlib

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import queries, template_queries, workbooks
from lovdv.ledger.account_queries import Accounts, accounts_of
from lovdv.ledger.contents import Content, content_of, require_accounts
from lovdv.ledger.models import ExportFile, FileTemplate, LedgerFile
from lovdv.payouts import line_queries
from lovdv.payouts.locking import lock
from lovdv.payouts.models import PaymentRun
from lovdv.providers.models import Provider


def export(*, run: PaymentRun, by_id: int | None) -> ExportFile:
    """Make the files once, and let nothing change after."""
    lock(run.choice_system_id)
    db.session.refresh(run)
    if run.status != "attested":
        raise Refused("Bara en attesterad körning går att ta ut, och bara en gång.")
    run.exported_at = now()
    accounts = accounts_of(run)
    finance = _made(run, workbooks.for_finance(run, accounts), by_id)
    for provider in line_queries.providers_of(run):
        _made(run, workbooks.for_provider(run, provider), by_id, provider)
    _after_templates(run, accounts, by_id)
    run.status, run.exported_by_id = "exported", by_id
    db.session.flush()
    audit.change("run.export", object=run.public_id, after={"sha256": finance.sha256})
    return finance


def _after_templates(run: PaymentRun, accounts: Accounts, by_id: int | None) -> None:
    """Every template in force gives its file, or nothing at all is made."""
    for found in template_queries.in_force(run.choice_system_id, run.month):
        _keep(run, found, content_of(found, accounts), by_id)


def make(
    *, run: PaymentRun, template: FileTemplate, by_id: int | None, reason: str = ""
) -> LedgerFile:
    """The run's file by the template as decided now.

    The first of its kind, the very same as the latest, or, with a reason, a new
    version that says which one it corrects.
    """
    lock(run.choice_system_id)
    if run.status != "exported":
        raise Refused("Körningen är inte exporterad ännu. Ta ut den först.")
    accounts = Accounts(run, accounts_of(run).lines, latest=True)
    content = content_of(template, accounts)
    last = queries.latest_file(run.choice_system_id, _key(run, template))
    if last is not None and last.sha256 == sha256(content.content):
        return last
    if last is not None and not reason:
        raise Refused(
            "Filen blir en annan än den som redan är gjord. Skriv varför den ska "
            "rättas, så görs en ny version bredvid den gamla.",
            "reason",
        )
    return _keep(run, template, content, by_id, corrects=last, reason=reason)


def faults_before(run: PaymentRun) -> list[str]:
    """What would stop the export, so that it can be put right before."""
    accounts = accounts_of(run)
    told: dict[str, None] = {}
    for found in template_queries.in_force(run.choice_system_id, run.month):
        try:
            require_accounts(found, accounts)
            content_of(found, accounts)
        except Refused as refusal:
            told.setdefault(refusal.message)
    return list(told)


def _made(
    run: PaymentRun, content: bytes, by_id: int | None, provider: Provider | None = None
) -> ExportFile:
    made = ExportFile(
        run_id=run.id,
        kind="finance" if provider is None else "provider",
        provider_id=None if provider is None else provider.id,
        name=workbooks.file_name(run, provider),
        content=content,
        sha256=sha256(content),
        created_at=now(),
        created_by_id=by_id,
    )
    db.session.add(made)
    return made


def _keep(
    run: PaymentRun,
    template: FileTemplate,
    content: Content,
    by_id: int | None,
    *,
    corrects: LedgerFile | None = None,
    reason: str = "",
) -> LedgerFile:
    version = 1 if corrects is None else corrects.version + 1
    stem = f"{workbooks.plain(template.name)}_{run.month:%Y-%m}_{run.public_id[:8]}"
    return keep_file(
        choice_system_id=run.choice_system_id,
        run=run,
        key=_key(run, template),
        kind=template.kind,
        template_id=template.id,
        stem=stem,
        content=content,
        version=version,
        corrects=corrects,
        reason=reason,
        by_id=by_id,
    )


def keep_file(
    *,
    choice_system_id: int,
    key: str,
    kind: str,
    stem: str,
    content: Content,
    by_id: int | None,
    run: PaymentRun | None = None,
    template_id: int | None = None,
    version: int = 1,
    corrects: LedgerFile | None = None,
    reason: str = "",
) -> LedgerFile:
    """Keep a file as it was made; a correction says so in its name too."""
    mark = "" if version == 1 else f"_rattad-{version}"
    made = LedgerFile(
        choice_system_id=choice_system_id,
        run_id=None if run is None else run.id,
        key=key,
        kind=kind,
        template_id=template_id,
        version=version,
        corrects_id=None if corrects is None else corrects.id,
        reason=reason,
        name=f"{stem}{mark}.{content.ending}",
        mime=content.mime,
        rows=content.rows,
        total=content.total,
        content=content.content,
        sha256=sha256(content.content),
        created_at=now(),
        created_by_id=by_id,
    )
    db.session.add(made)
    db.session.flush()
    audit.change("ledger.file", object=made.public_id, after={"sha256": made.sha256})
    return made


def _key(run: PaymentRun, template: FileTemplate) -> str:
    return f"{run.public_id}/{template.name}"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
