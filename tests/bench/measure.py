"""One measure in a process of its own; prints what it found as JSON."""

import gc
import json
import resource
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import make_url, select

from lovdv.controls import checking, sample
from lovdv.controls import queries as control_queries
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.payouts import computing, operations
from lovdv.payouts.models import PaymentRun
from lovdv.systems.models import ChoiceSystem
from payments import Month
from tests.bench.fill import MONTH, PRICES, fill, fill_month, fill_yardstick
from tests.bench.parts import parts_of
from tests.kit_app import closing, make_app

BENCH = (PRICES / "bench.sql").read_text("utf-8")
TODAY = "2027-12-05"
YEAR = 12
TIMES = 3
"""Each is timed this often, by turns; the middle value is told."""


def yardstick_connection(url: str) -> Any:
    """A database of its own: bench.sql names its tables as we name ours."""
    if url.startswith("sqlite"):
        return sqlite3.connect(f"{make_url(url).database}-yardstick")
    found = make_url(url).set(drivername="postgresql")
    found = found.set(database=f"{found.database}_yardstick")
    return psycopg.connect(found.render_as_string(hide_password=False))


def filled(url: str, count: int) -> dict[str, Any]:
    """Both databases, filled from the same facts."""
    with closing(make_app(url, TODAY=TODAY)) as app, app.app_context():
        with db.engine.begin() as connection:
            fill(connection, count)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    with yardstick_connection(url) as connection:
        fill_yardstick(connection, count)
    return {}


def month(url: str, _count: int) -> dict[str, Any]:
    """Compute and book, by turns with the yardstick, in the same process."""
    plain, ours = [], []
    with (
        closing(make_app(url, TODAY=TODAY)) as app,
        yardstick_connection(url) as yardstick,
    ):
        for _ in range(TIMES):
            plain.append(_timed(lambda: _select(yardstick)))
            ours.append(_timed(lambda: _book(app)))
        with app.app_context():
            run = _last_run()
            lines, total = run.line_count, run.total
    return {
        "yardstick": statistics.median(plain),
        "seconds": statistics.median(ours),
        "lines": lines,
        "total": total,
    }


def alone(url: str, _count: int) -> dict[str, Any]:
    """The same once more, alone, for the memory it needs."""
    with closing(make_app(url, TODAY=TODAY)) as app:
        _book(app)
    return {"memory": _peak()}


def controls(url: str, _count: int) -> dict[str, Any]:
    with closing(make_app(url, TODAY=TODAY)) as app, app.app_context():
        run = _last_run()
        seconds = _timed(lambda: (checking.check(run), db.session.commit()))
        found = len(control_queries.findings(run))
    return {"seconds": seconds, "memory": _peak(), "findings": found}


def export(url: str, _count: int) -> dict[str, Any]:
    """The files for finance and for the provider, after decisions and an attest."""
    with closing(make_app(url, TODAY=TODAY)) as app, app.app_context():
        run = _last_run()
        _look_at_the_sample(run)
        found = [f for f in control_queries.findings(run) if checking.needs_decision(f)]
        if found:
            checking.decide(run=run, findings=found, decision="pay", reason="x", by=1)
        operations.attest(run=run, by_id=2)
        db.session.commit()
        seconds = _timed(lambda: _export(run))
    return {"seconds": seconds, "memory": _peak()}


def _look_at_the_sample(run: PaymentRun) -> None:
    for drawn in sample.sampled_lines(run):
        checking.look(
            run=run,
            sampled=drawn,
            seen=dict.fromkeys(sample.SEEN, True),
            result=sample.RIGHT,
            note="",
            by_id=1,
        )


def parts(url: str, _count: int) -> dict[str, Any]:
    with closing(make_app(url, TODAY=TODAY)) as app, app.app_context():
        return dict(parts_of(MONTH))


def correction(url: str, count: int) -> dict[str, Any]:
    """The month after: its own lines, and the month before in which nothing changed."""
    with closing(make_app(url, TODAY=TODAY)) as app:
        _fill_month(app, count, MONTH.next)
        found = [_timed(lambda: _book(app, MONTH.next)) for _ in range(TIMES)]
        with app.app_context():
            lines = _last_run().line_count
    return {"seconds": statistics.median(found), "lines": lines, "memory": _peak()}


def year(url: str, count: int) -> dict[str, Any]:
    """A year on: its own lines, and twelve months before in which nothing changed."""
    with closing(make_app(url, TODAY=TODAY)) as app:
        for month in (MONTH.plus(n) for n in range(1, YEAR)):
            _attest(app)
            _fill_month(app, count, month.next)
            seconds = _timed(lambda month=month: _book(app, month.next))
    return {"seconds": seconds, "memory": _peak()}


def _fill_month(app: Any, count: int, month: Month) -> None:
    with app.app_context(), db.engine.begin() as connection:
        fill_month(connection, count, month)
        connection.exec_driver_sql("ANALYZE")


def _attest(app: Any) -> None:
    """What was computed is booked, controls and all apart."""
    with app.app_context():
        run = _last_run()
        run.status, run.attested_by_id, run.attested_at = "attested", 2, run.computed_at
        db.session.commit()


def _export(run: PaymentRun) -> None:
    ledger.export(run=run, by_id=1)
    db.session.commit()


def _book(app: Any, month: Month = MONTH) -> None:
    with app.app_context():
        seen = db.session.scalars(
            select(PaymentRun).where(PaymentRun.status == "computed")
        ).one_or_none()
        system = db.session.scalars(select(ChoiceSystem)).one()
        computing.book_month(system=system, month=month, by_id=1, seen=seen)
        db.session.commit()


def _last_run() -> PaymentRun:
    return db.session.scalars(
        select(PaymentRun).where(PaymentRun.status == "computed")
    ).one()


def _select(connection: Any) -> int:
    cursor = connection.cursor()
    cursor.execute(BENCH)
    fetched = 0
    while rows := cursor.fetchmany(1_000):
        fetched += len(rows)
    connection.rollback()
    return fetched


def _timed(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _peak() -> float:
    """The process's highest memory so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


MEASURES = {
    measure.__name__: measure
    for measure in (filled, month, alone, parts, controls, export, correction, year)
}

if __name__ == "__main__":
    name, url, count = sys.argv[1:]
    found = MEASURES[name](url, int(count))
    sys.stdout.write(json.dumps(found) + "\n")
