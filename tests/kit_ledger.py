"""What the tests of files for finance share: account rows, templates, a run to pay."""

from datetime import date

from lovdv.access import Role
from lovdv.extensions import db
from lovdv.ledger import account_operations, operations, template_operations
from lovdv.ledger.account_operations import Asked
from lovdv.ledger.accounts import AccountString, Facts
from lovdv.ledger.models import FileTemplate
from lovdv.ledger.text_examples import PER_LINE, RAINDANCE, SIE, UNIT4
from lovdv.payouts import operations as runs
from lovdv.payouts.models import PaymentRun
from payments import Month
from tests import make
from tests.kit_payouts import FEBRUARY, compute, settle

START = date(2026, 1, 1)
VALUES = {"sie": SIE, "raindance": RAINDANCE, "unit4": UNIT4, "rows": PER_LINE}


def string(account: str = "4641", **parts: object) -> AccountString:
    told = {
        "responsibility": "3410",
        "operation": "568",
        "contra": "2511",
        **parts,
    }
    return AccountString(account, **told)


def account(
    account: str = "4641",
    *,
    first_day: date = START,
    withdrawn: bool = False,
    asks: Facts | None = None,
    **parts: object,
) -> int:
    """A decided account row; for every line unless `asks` says which."""
    row = Asked(asks or Facts(), string(account, **parts), withdrawn)
    return account_operations.decide(
        system=make.system(),
        rows=[row],
        first_day=first_day,
        reference="Ekonomi 2026/1",
        by_id=None,
    )


def template(name: str, *, first_day: date = START, **changed: object) -> FileTemplate:
    """One of the examples, decided."""
    return template_operations.decide(
        system=make.system(),
        name=name,
        kind="sie" if name == "sie" else "text",
        value={**VALUES[name], **changed},
        first_day=first_day,
    )


def attested(month: Month = FEBRUARY) -> PaymentRun:
    run = compute(month)
    settle(run)
    runs.attest(run=run, by_id=make.user(Role.APPROVER).id)
    db.session.flush()
    return run


def exported(month: Month = FEBRUARY) -> PaymentRun:
    run = attested(month)
    operations.export(run=run, by_id=None)
    return run


WIDE = {"source": "belopp", "width": 20}
