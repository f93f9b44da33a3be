"""A process that does one operation and is killed at a statement (see test_crash).

Arguments: the database, the operation, and the number of the statement before which
the process kills itself, the commit being the last. `live` lets it do its work, and
`count` takes the work back and prints how many statements there were.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping

from sqlalchemy import event, select

from lovdv.accounts.models import RoleGrant
from lovdv.database import writing
from lovdv.extensions import db
from lovdv.payouts import computing, operations
from lovdv.payouts.models import PaymentRun
from lovdv.systems.models import ChoiceSystem
from payments import Month
from tests.kit_app import make_app

MONTH = Month(2026, 2)


def _system() -> ChoiceSystem:
    return db.session.scalars(select(ChoiceSystem)).one()


def _run() -> PaymentRun:
    return db.session.scalars(select(PaymentRun)).one()


def _approver() -> int:
    grants = select(RoleGrant.user_id).where(RoleGrant.role == "approver")
    return db.session.scalars(grants).one()


OPERATIONS: Mapping[str, Callable[[], object]] = {
    "compute": lambda: computing.compute(system=_system(), month=MONTH, by_id=None),
    "attest": lambda: operations.attest(run=_run(), by_id=_approver()),
    "export": lambda: operations.export(run=_run(), by_id=None),
}


class Counter:
    """Counts statements, and kills its own process before the last one."""

    def __init__(self, last: str) -> None:
        self.last = int(last) if last.isdecimal() else None
        self.number = 0

    def __call__(self, *_: object, **__: object) -> None:
        self.number += 1
        if self.number == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, operation: str, last: str) -> None:
    app = make_app(url, TODAY="2026-03-16")
    with app.app_context(), writing():
        counter = Counter(last)
        event.listen(db.engine, "before_cursor_execute", counter)
        event.listen(db.engine, "commit", counter)
        OPERATIONS[operation]()
        if last == "count":
            db.session.flush()
            sys.stdout.write(str(counter.number + 1))
            return
        db.session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
