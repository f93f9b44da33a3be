"""A process whose children do one operation each and are killed on the way.

For each line on standard input (an operation and a point, as JSON) a child is forked
that opens the database and does the operation, and a line says how it went. Points:
`statement` n (before it, the commit being the last), `line` n (of our own code, as
traced), `call` of a function (module:name), `delay` in ms (whatever it does then, in
C code too), `committed` (just after), `count` (do it, take it back, tell how many
statements and lines it was), and `live`.
"""

import json
import os
import select as waiting
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from lovdv.accounts.models import RoleGrant
from lovdv.controls import checking
from lovdv.controls import queries as control_queries
from lovdv.database import writing
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.payouts import computing, holding, operations, queries
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.providers.models import Provider
from lovdv.systems.models import ChoiceSystem
from payments import Month
from tests.kit_app import make_app

FIRST = Month(2026, 2)
TODAY = "2026-04-07"
ROOT = Path(__file__).parents[2]
TRACED = tuple(
    str(ROOT / folder)
    for folder in ("payments", "lovdv/payouts", "lovdv/controls", "lovdv/ledger")
)


def _system() -> ChoiceSystem:
    return db.session.scalars(select(ChoiceSystem)).one()


def _last() -> PaymentRun | None:
    return queries.last_run(_system().id)


def _run() -> PaymentRun:
    found = _last()
    assert found is not None
    return found


def _holder(role: str, number: int = 0) -> int:
    grants = select(RoleGrant.user_id).where(RoleGrant.role == role)
    return db.session.scalars(grants.order_by(RoleGrant.user_id)).all()[number]


def _disputed() -> Provider:
    return db.session.scalars(
        select(Provider).order_by(Provider.id.desc()).limit(1)
    ).one()


def _compute() -> None:
    """The first month, the next one, or the one that waits once more."""
    last = _last()
    waits = last is not None and last.status not in BOOKED
    month = FIRST if last is None else Month.of(last.month)
    computing.compute(
        system=_system(),
        month=month.next if last is not None and not waits else month,
        by_id=_holder("finance"),
        seen=last if waits else None,
    )


def _decide() -> None:
    run = _run()
    found = [f for f in control_queries.findings(run) if checking.needs_decision(f)]
    by = _holder("finance")
    checking.decide(run=run, findings=found, decision="pay", reason="Ja", by=by)


def _hold() -> None:
    holding.hold(
        run=_run(), provider=_disputed(), reason="Tvist", by_id=_holder("finance")
    )


def _pay_held() -> None:
    holding.pay_held_before(
        run=_run(), provider=_disputed(), reason="Klart", by_id=_holder("finance")
    )


OPERATIONS: Mapping[str, Callable[[], object]] = {
    "compute": _compute,
    "decide": _decide,
    "hold": _hold,
    "pay_held": _pay_held,
    "attest_first": lambda: operations.attest(
        run=_run(), by_id=_holder("approver"), seen=None
    ),
    "attest_second": lambda: operations.attest(
        run=_run(), by_id=_holder("approver", 1), seen=None
    ),
    "export": lambda: ledger.export(run=_run(), by_id=None),
}


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Steps:
    """Counts statements and lines, and dies at the one that was asked for."""

    statement: int = 0
    line: int = 0
    statements: int = 0
    lines: int = 0

    def at_statement(self, *_: object, **__: object) -> None:
        self.statements += 1
        if self.statements == self.statement:
            _die()

    def at_call(self, frame: FrameType, _event: str, _value: object) -> Any:
        return self.at_line if frame.f_code.co_filename.startswith(TRACED) else None

    def at_line(self, _frame: FrameType, event_: str, _value: object) -> Any:
        if event_ == "line":
            self.lines += 1
            if self.lines == self.line:
                _die()
        return self.at_line


def _at_function(name: str) -> Callable[[FrameType, str, object], None]:
    def called(frame: FrameType, event_: str, _value: object) -> None:
        here = f"{frame.f_globals.get('__name__')}:{frame.f_code.co_name}"
        if event_ == "call" and here == name:
            _die()

    return called


def _work(app: Flask, operation: str, point: str, at: Any) -> Mapping[str, int]:
    """What the child does; returns only when it was not killed."""
    with app.app_context(), writing():
        steps = Steps(**{point: at} if point in ("statement", "line") else {})
        event.listen(db.engine, "before_cursor_execute", steps.at_statement)
        event.listen(db.engine, "commit", steps.at_statement)
        if point in ("line", "count"):
            sys.settrace(steps.at_call)
        if point == "call":
            sys.setprofile(_at_function(at))
        OPERATIONS[operation]()
        db.session.flush()
        if point == "count":
            sys.settrace(None)
            db.session.rollback()
            return {"statements": steps.statements + 1, "lines": steps.lines}
        db.session.commit()
        if point == "committed":
            _die()
        return {}


def _forked(app: Flask, asked: Mapping[str, Any]) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(app, asked, writer)
    os.close(writer)
    if asked["point"] == "delay":
        waiting.select([reader], [], [], asked["at"] / 1000)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "done": os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0,
        "told": told,
    }


def _child(app: Flask, asked: Mapping[str, Any], writer: int) -> None:
    try:
        found = _work(app, asked["operation"], asked["point"], asked.get("at"))
        os.write(writer, json.dumps(found).encode())
    except BaseException:  # noqa: BLE001 - the parent tells what went wrong
        os.write(writer, traceback.format_exc().encode())
        os._exit(1)
    os._exit(0)


def main(url: str) -> None:
    """The children inherit the application, and nothing that has been opened."""
    app = make_app(url, TODAY=TODAY)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(app, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
