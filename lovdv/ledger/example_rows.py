"""How a template turns out on the rows of an attested run, or on made-up ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger.account_queries import Accounts, run_lines
from lovdv.ledger.contents import content_of
from lovdv.ledger.models import FileTemplate
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.standing import BOOKED

ROWS = 8
"""Lines of the run that the example is made of."""


@dataclass(frozen=True)
class Example:
    """The beginning of the file as text, or what stands in its way."""

    month: date | None = None
    text: str = ""
    fault: str = ""


def shown(choice_system_id: int, kind: str, value: Mapping[str, object]) -> Example:
    """The file on some lines of the latest attested run."""
    run = _latest(choice_system_id)
    if kind not in ("text", "sie"):
        return Example()
    if run is None:
        return Example(fault="Ingen körning är attesterad ännu att visa rader ur.")
    accounts = Accounts(run, run_lines(run).first(ROWS), latest=True)
    template = FileTemplate(name="Exemplet", kind=kind, value=dict(value))
    try:
        content = content_of(template, accounts).content
    except Refused as refusal:
        return Example(run.month, fault=refusal.message)
    return Example(run.month, text=_text(content, kind, value))


def _text(content: bytes, kind: str, value: Mapping[str, object]) -> str:
    encoding = "cp437" if kind == "sie" else str(value.get("encoding", "utf-8-sig"))
    return content.decode(encoding).replace("\r\n", "\n")


def _latest(choice_system_id: int) -> PaymentRun | None:
    return db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status.in_(BOOKED),
        )
        .order_by(PaymentRun.month.desc())
        .limit(1)
    ).first()
