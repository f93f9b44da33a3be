"""Promise 10: killed at any statement, the whole operation is there or none of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from lovdv import audit_check
from lovdv.access import Role
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.payouts.models import PaymentRun
from tests import make, make_payments
from tests.house.dying import OPERATIONS
from tests.house.sources import ROOT

Standing = dict[str, object]

EVERY = os.environ.get("LOVDV_HYPOTHESIS") == "prove"
"""Whether every statement is tried, or the middle and the last ones."""

pytestmark = pytest.mark.slow


@pytest.fixture
def month(cloned_app: Flask) -> Iterator[Flask]:
    """A confirmed month, ready to be computed."""
    with cloned_app.app_context():
        make_payments.payment_rules()
        make_payments.prices()
        for label in ("1", "2"):
            person = make.person()
            make.decision(person)
            make.level(person, label, first_day=make.START)
            make_payments.month_of(make.placement(person))
        make.user(Role.APPROVER)
        db.session.commit()
        yield cloned_app


def run(operation: str, last: int | str) -> subprocess.CompletedProcess[str]:
    """Do the operation in a process of its own, that dies at a statement."""
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.close()
    return subprocess.run(
        [sys.executable, "-m", "tests.house.dying", url, operation, str(last)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def standing() -> Standing:
    """How many rows each table holds, and how far the run has come."""
    found: Standing = {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in metadata.sorted_tables
    }
    found["status"] = db.session.scalars(select(PaymentRun.status)).all()
    db.session.rollback()
    return found


def deaths(operation: str) -> Iterator[int]:
    """The statements to die at."""
    counted = run(operation, "count")
    assert counted.returncode == 0, counted.stderr
    total = int(counted.stdout)
    yield from range(1, total + 1) if EVERY else (total // 2, total - 1, total)


@pytest.mark.usefixtures("month")
def test_a_killed_month_run_is_whole_or_not_there() -> None:
    for operation in OPERATIONS:
        before = standing()
        for last in deaths(operation):
            killed = run(operation, last)
            assert killed.returncode == -signal.SIGKILL, killed.stderr
            assert standing() == before, f"{operation} killed at {last}"
        lived = run(operation, "live")
        assert (lived.returncode, lived.stderr) == (0, "")
        assert standing() != before
    assert list(audit_check.verify(db.session)) == []
