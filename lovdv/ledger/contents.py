"""The bytes of a run's file after a template; the same facts give the same bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from lovdv.errors import Refused
from lovdv.ledger import (
    postings,
    sie,
    sie_settings,
    text_files,
    text_reading,
    text_rows,
)
from lovdv.ledger.account_queries import Accounts
from lovdv.ledger.models import FileTemplate
from lovdv.ledger.postings import Posting
from lovdv.ledger.sie_settings import SieSettings
from lovdv.payouts import line_queries
from lovdv.payouts.models import PaymentRun
from lovdv.systems.models import Municipality
from lovdv.systems.queries import municipality
from payments import Month

FORMAT_VERSION = "1"
"""Stands in the file; changed only when what is written for the same facts is."""

TOLD_FAULTS = 3


@dataclass(frozen=True)
class Content:
    """A file before it is kept: what it holds, how many rows, what they come to."""

    content: bytes
    rows: int
    total: int
    mime: str
    ending: str


def content_of(found: FileTemplate, accounts: Accounts) -> Content:
    """The file; whatever stands in its way is a refusal that names the template."""
    require_accounts(found, accounts)
    try:
        return (_sie if found.kind == "sie" else _text)(found, accounts)
    except sie.SieFault as fault:
        raise Refused(f"{found.name}: {fault.message}") from fault
    except text_files.DoesNotFit as fault:
        raise Refused(f"{found.name}: {_told(fault.faults)}") from fault
    except text_reading.TemplateFaults as fault:
        raise Refused(f"{found.name}: {fault}") from fault


def _told(faults: Sequence[text_files.Fault]) -> str:
    some = [
        f"Rad {fault.row}, {fault.field}: {fault.message}"
        if fault.row
        else f"Huvud- eller slutrad, {fault.field}: {fault.message}"
        for fault in faults[:TOLD_FAULTS]
    ]
    more = len(faults) - len(some)
    return " ".join([*some, *([f"Och {more} till."] if more else [])])


def require_accounts(found: FileTemplate, accounts: Accounts) -> None:
    if found.kind == "sie" and not accounts.are_decided:
        raise Refused(
            f"{found.name}: ingen kontering är beslutad, så verifikationerna har inga "
            "konton. Besluta konteringen under Ekonomifiler."
        )
    if accounts.faults:
        lines = sum(fault.lines for fault in accounts.faults)
        raise Refused(
            f"{lines} rader saknar entydig kontering. Se vilka under Ekonomifiler, "
            "Kontering för körningen, och besluta de rader som saknas."
        )


def _postings(accounts: Accounts) -> Iterable[Posting]:
    return postings.of_lines(accounts.run.month, accounts.lines, accounts.strings)


def _sie(found: FileTemplate, accounts: Accounts) -> Content:
    settings = sie_settings.read(found.value)
    home = _home(accounts.run)
    rows = _postings(accounts)
    if settings.per == "account":
        rows = postings.summed(rows)
    vouchers = tuple(
        _voucher(settings, accounts.run, some) for some in postings.vouchers(rows)
    )
    done = text_rows.about(accounts.run, home)["skapad"]
    content = sie.written(
        sie.SieFile(
            program="lovdv",
            version=FORMAT_VERSION,
            made_on=done,
            organisation_number=home.organisation_number,
            name=home.name,
            vouchers=vouchers,
            dimensions={n: name for n, name in settings.names.items() if name},
            account_names=settings.account_names,
            object_names=settings.object_names,
        )
    )
    return Content(
        content=content,
        rows=sum(len(voucher.rows) for voucher in vouchers),
        total=sum(line.amount for line in accounts.lines),
        mime="text/plain; charset=cp437",
        ending="si",
    )


def _home(run: PaymentRun) -> Municipality:
    return municipality(run.municipality_id)


def _voucher(
    settings: SieSettings, run: PaymentRun, some: Sequence[Posting]
) -> sie.Voucher:
    first = some[0]
    return sie.Voucher(
        series=settings.series,
        day=Month.of(run.month).end - timedelta(days=1),
        text=f"{first.provider} {run.month:%Y-%m}",
        rows=tuple(_transaction(settings, one) for one in some),
    )


def _transaction(settings: SieSettings, one: Posting) -> sie.Transaction:
    pairs = [
        (number, getattr(one.string, part)) for part, number in settings.dimensions
    ]
    told = [one.kind.capitalize(), f"{one.month:%Y-%m}"]
    if settings.per == "line" and one.line is not None:
        told.append(one.line.number)
    return sie.Transaction(
        account=one.string.account,
        amount=one.amount,
        objects=tuple(sorted((number, code) for number, code in pairs if code)),
        text=" ".join(told),
    )


def _text(found: FileTemplate, accounts: Accounts) -> Content:
    template = text_reading.read(found.value)
    run = accounts.run
    around = text_rows.about(run, _home(run))
    lists = line_queries.price_list_names(run.choice_system_id)
    rows = text_rows.rows(template.per, _postings(accounts), around, lists)
    return Content(
        content=text_files.written(template, rows, around),
        rows=len(rows),
        total=sum(line.amount for line in accounts.lines),
        mime=f"text/plain; charset={template.encoding}",
        ending="csv" if template.layout == text_files.DELIMITED else "txt",
    )
