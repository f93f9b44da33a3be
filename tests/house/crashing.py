"""A month from computing to export and the next one, killed again and again.

Shared by make test and make prove: the months are first paid undisturbed on a
database of their own, and then on one where every operation is killed at points.
"""

import hashlib
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import aliased

from lovdv import audit_check
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.controls.models import Finding, Hold
from lovdv.extensions import db
from lovdv.ledger.models import ExportFile
from lovdv.models import metadata
from lovdv.payouts.models import Attestation, HeldItem, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.placements import operations as placements
from lovdv.placements.models import AttendanceMonth, Placement
from lovdv.providers.models import Provider
from lovdv.systems.operations import decide_rule
from tests import make, make_payments
from tests.house.sources import ROOT

FEBRUARY = ("compute", "decide", "hold", "compute", "attest_first", "attest_second")
MARCH = ("compute", "decide", "pay_held", "attest_first", "attest_second")
CHANGE = "change"
"""Between the months: a place that is paid for turns out to have ended."""

SEQUENCE = (*FEBRUARY, "export", CHANGE, *MARCH, "export")
NAMED = (
    (0, "lovdv.payouts.computing:_new_run"),
    (0, "lovdv.payouts.booking:book"),
    (0, "lovdv.payouts.computing:_list_held"),
    (0, "lovdv.controls.checking:check"),
    (0, "lovdv.audit_chain:write"),
    (2, "lovdv.payouts.holding:_spread"),
    (3, "lovdv.payouts.holding:carry"),
    (4, "lovdv.payouts.operations:_take"),
    (5, "lovdv.payouts.operations:_finish"),
    (5, "lovdv.placements.reporting:lock_month"),
    (6, "lovdv.ledger.workbooks:for_provider"),
    (8, "lovdv.payouts.computing:_corrections"),
)
"""Points with a name: the operation's place in the sequence, and the function."""


@dataclass(frozen=True)
class Point:
    """Where in the sequence somebody pulls the plug, and where in the operation."""

    place: int
    kind: str
    at: Any = None

    def __str__(self) -> str:
        told = "" if self.at is None else f" {self.at}"
        return f"{self.place + 1} {SEQUENCE[self.place]}: {self.kind}{told}"


STAFF = {
    "Ekonomen": Role.FINANCE,
    "Den första": Role.APPROVER,
    "Den andra": Role.APPROVER,
}


def begin() -> None:
    """Two providers with two persons each, a control that finds, two who attest."""
    make_payments.payment_rules()
    make_payments.prices()
    steps = {"rows": [{"from_amount": "0", "steps": 2}]}
    system = make.system()
    decide_rule(
        choice_system_id=system.id, key="attest", first_day=make.START, value=steps
    )
    for provider in (make.provider(name="Ena"), make.provider(name="Andra")):
        unit = make.unit(provider=provider)
        for label, changed in (("1", {}), ("2", {"d8": "X"})):
            person = make.person()
            make.decision(person)
            make.level(person, label, first_day=make.START)
            make_payments.month_of(make.placement(person, unit), **changed)
    for name, role in STAFF.items():
        make.user(role, name=name)
    db.session.commit()


def change() -> None:
    first, *others = db.session.scalars(select(Placement).order_by(Placement.id))
    placements.end(placement=first, end_day=date(2026, 2, 16), reason="own_wish")
    for placement in others:
        make_payments.month_of(placement, "2026-03", d7="X")
    db.session.commit()


@dataclass
class Dying:
    """The process whose children do the operations."""

    process: "subprocess.Popen[str]"

    def ask(self, operation: str, kind: str, at: object = None) -> dict[str, Any]:
        pipe, answers = self.process.stdin, self.process.stdout
        assert pipe is not None
        assert answers is not None
        asked = {"operation": operation, "point": kind, "at": at}
        pipe.write(json.dumps(asked) + "\n")
        pipe.flush()
        found: dict[str, Any] = json.loads(answers.readline())
        return found

    def live(self, operation: str) -> None:
        answer = self.ask(operation, "live")
        assert answer["done"], answer["told"]


@contextmanager
def dying() -> Iterator[Dying]:
    url = db.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.house.dying", url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Dying(process)
    finally:
        process.communicate(timeout=60)


def exact() -> str:
    """A digest of every row there is."""
    _alone()
    told = hashlib.sha256()
    for table in metadata.sorted_tables:
        rows = db.session.execute(select(table).order_by(*table.primary_key))
        told.update(f"{table.name} {rows.all()!r}\n".encode())
    db.session.rollback()
    return told.hexdigest()


def _alone() -> None:
    """PostgreSQL takes a moment to notice that somebody has died."""
    if db.engine.dialect.name != "postgresql":
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    while db.session.scalar(others):
        db.session.execute(text("SELECT pg_sleep(0.01)"))
        db.session.rollback()  # within a transaction the answer stays the same
    db.session.rollback()


Told = list[tuple[Any, ...]]


def meaning() -> dict[str, Told]:
    """What the database says, without the ids and instants that differ by nature."""
    found = {
        "runs": _rows(
            select(
                PaymentRun.month,
                PaymentRun.status,
                PaymentRun.total,
                PaymentRun.line_count,
            )
        ),
        "lines": _lines(),
        "held": _rows(
            select(HeldItem.month, HeldItem.reason, HeldItem.error, HeldItem.amount)
        ),
        "holds": _rows(
            select(Hold.month, Hold.reason, Placement.id, PaymentRun.month)
            .join(Placement, Placement.id == Hold.placement_id)
            .join(PaymentRun, PaymentRun.id == Hold.run_id)
        ),
        "findings": _rows(
            select(Finding.control, Finding.placement_id, Finding.message)
            .add_columns(Finding.amount, Finding.decision)
            .join(PaymentRun, PaymentRun.id == Finding.run_id)
        ),
        "attests": _rows(
            select(Provider.name, Attestation.step, User.name, Attestation.amount)
            .join(Provider, Provider.id == Attestation.provider_id)
            .join(User, User.id == Attestation.by_id)
        ),
        "files": _rows(select(ExportFile.kind, func.count()).group_by(ExportFile.kind)),
        "attendance": _rows(
            select(
                AttendanceMonth.placement_id,
                AttendanceMonth.month,
                AttendanceMonth.version,
                AttendanceMonth.status,
            )
        ),
    }
    db.session.rollback()
    return found


def _rows(query: Any) -> Told:
    return sorted((tuple(row) for row in db.session.execute(query)), key=repr)


def _lines() -> Told:
    """Every line with its run, what it is, and what it takes back."""
    taken = aliased(PaymentLine)
    return _rows(
        select(
            PaymentRun.month,
            PaymentRun.status,
            PaymentLine.placement_id,
            PaymentLine.kind,
            PaymentLine.month,
            PaymentLine.first_day,
            PaymentLine.end_day,
            PaymentLine.amount,
            PaymentLine.rules,
            taken.month,
            taken.amount,
        )
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .outerjoin(taken, taken.id == PaymentLine.corrects_id)
    )


@dataclass(frozen=True)
class Stage:
    """What the database says after an operation, and how much that operation does."""

    meaning: dict[str, Told]
    statements: int = 0
    lines: int = 0


def undisturbed(app: Flask) -> list[Stage]:
    """The sequence when nobody is killed."""
    with app.app_context():
        begin()
        with dying() as process:
            return [_stage(process, operation) for operation in SEQUENCE]


def _stage(process: Dying, operation: str) -> Stage:
    counted: dict[str, int] = {}
    if operation != CHANGE:
        answer = process.ask(operation, "count")
        assert answer["done"], answer["told"]
        counted = json.loads(answer["told"])
    _live(process, operation)
    return Stage(meaning(), **counted)


def _live(process: Dying, operation: str) -> None:
    if operation == CHANGE:
        change()
        return
    process.live(operation)


@dataclass
class Toll:
    """How it went."""

    killed: int = 0
    whole: int = 0
    """Killed after the commit, so that everything was there."""
    outlived: int = 0
    """The point was never reached: the operation was done before the delay."""
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Toll") -> None:
        self.killed += other.killed
        self.whole += other.whole
        self.outlived += other.outlived
        self.kinds.update(other.kinds)
        self.faults += other.faults


def disturbed(app: Flask, expected: Sequence[Stage], points: Sequence[Point]) -> Toll:
    """The same, but for the deaths; the state after each is all or nothing."""
    toll = Toll()
    with app.app_context():
        begin()
        with dying() as process:
            for place, operation in enumerate(SEQUENCE):
                mine = [one for one in ordered(points) if one.place == place]
                after = expected[place].meaning
                if not _tried(process, operation, mine, after, toll):
                    _live(process, operation)
                if meaning() != after:
                    toll.faults.append(f"{operation} differs after the deaths")
        _check_books(toll)
    return toll


def _tried(
    process: Dying,
    operation: str,
    points: Sequence[Point],
    expected: dict[str, Told],
    toll: Toll,
) -> bool:
    """Die at every point; says whether the operation got done in the end."""
    before = exact()
    for point in points:
        answer = process.ask(operation, point.kind, point.at)
        toll.kinds[point.kind] += 1
        toll.killed += answer["killed"]
        if not (answer["killed"] or (point.kind == "delay" and answer["done"])):
            toll.faults.append(f"{point}: not killed. {answer['told']}")
        if exact() == before:
            continue
        toll.whole += answer["killed"]
        toll.outlived += not answer["killed"]
        if meaning() != expected:
            toll.faults.append(f"{point}: half of it is there")
        return True
    return False


def _check_books(toll: Toll) -> None:
    """No line twice, each taken back at most once, sums and log whole."""
    taken = Counter(
        db.session.scalars(
            select(PaymentLine.corrects_id)
            .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
            .where(PaymentLine.corrects_id.is_not(None), PaymentRun.status.in_(BOOKED))
        )
    )
    toll.faults += [
        f"line {line} taken back twice" for line, n in taken.items() if n > 1
    ]
    for run in db.session.scalars(select(PaymentRun)):
        lines = db.session.execute(
            select(func.count(), func.coalesce(func.sum(PaymentLine.amount), 0)).where(
                PaymentLine.run_id == run.id
            )
        ).one()
        if tuple(map(int, lines)) != (run.line_count, run.total):
            toll.faults.append(f"the sum of {run.month:%Y-%m} is not that of its lines")
    toll.faults += [str(fault) for fault in audit_check.verify(db.session)]


def named_points() -> list[Point]:
    return [Point(place, "call", function) for place, function in NAMED]


KINDS = {"statement": 9, "line": 6, "delay": 4, "committed": 1}
"""How often a drawn point is of each kind."""

LONGEST = 500
"""Milliseconds to wait before a death by chance."""

IN_ORDER = ("call", "statement", "line", "delay", "committed")
"""The last two may find the operation done; then it is not tried any more."""


def drawn_points(
    stages: Sequence[Stage], chance: random.Random, number: int
) -> list[Point]:
    """So many points by chance, spread over the operations."""
    places = [place for place, stage in enumerate(stages) if stage.statements]
    return [_drawn(places[n % len(places)], stages, chance) for n in range(number)]


def _drawn(place: int, stages: Sequence[Stage], chance: random.Random) -> Point:
    [kind] = chance.choices([*KINDS], [*KINDS.values()])
    most = {
        "statement": stages[place].statements,
        "line": stages[place].lines,
        "delay": LONGEST,
    }
    return Point(place, kind, chance.randint(1, most[kind]) if kind in most else None)


def ordered(points: Sequence[Point]) -> list[Point]:
    """Those that may find the operation done come last, the longest delay after."""
    return sorted(
        points,
        key=lambda point: (
            point.place,
            IN_ORDER.index(point.kind),
            point.at if point.kind == "delay" else 0,
        ),
    )
