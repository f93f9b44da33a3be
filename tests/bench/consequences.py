"""A new instrument version run over 40,000 people's answers: seconds and memory.

python -m tests.bench.consequences measures and prints; with --write it also puts its
section in docs/performance.md.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, create_engine, insert

from assessment import (
    Domain,
    Instrument,
    Result,
    SignedAnswer,
    canonical_text,
    digest,
    score,
    shipped_instruments,
    signed_text,
)
from lovdv import migrate
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.needs.consequences import found_for
from lovdv.systems.models import ChoiceSystem
from tests.bench.databases import ROOT, postgresql_databases, sqlite_databases
from tests.bench.fill import AT_A_TIME, KNOWN, STARTED, fill
from tests.bench.section import put_section
from tests.kit_app import closing, make_app
from tests.kit_databases import postgres_server

HEADING = "## Consequences of a new instrument version"
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "40000"))
ON = date(2026, 11, 5)
DIFFERENT = 400
"""So many different signed assessments; people share them."""
AIM_SECONDS, AIM_MEMORY = 10, 300
ABOUT = (
    f"`found_for` over {PEOPLE:,} people with a level, a signed assessment and a place",
    "each: the example instrument with five levels, the first question of each of its",
    "nine domains twice as heavy; every change tried apart for those who move, and the",
    "cost of every place. A process of its own; memory is its peak.",
)


def versions() -> tuple[Instrument, Instrument]:
    """The example, and the same with nine heavier questions and no upper limit."""
    old = shipped_instruments()[0]
    top = replace(old.limits[-1], high=None)
    return old, replace(
        old,
        version="bench",
        domains=tuple(map(_heavier, old.domains)),
        limits=(*old.limits[:-1], top),
    )


def _heavier(domain: Domain) -> Domain:
    first, *others = domain.questions
    return replace(domain, questions=(replace(first, weight=first.weight * 2), *others))


def filled(url: str) -> None:
    engine = create_engine(url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        fill(connection, PEOPLE)
        _add_assessments(connection)
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _add_assessments(connection: Connection) -> None:
    old, _ = versions()
    text = canonical_text(old)
    version = {
        "id": 2,
        "choice_system_id": 1,
        "code": old.id,
        "version": old.version,
        "name": old.title,
        "document": text,
        "digest": digest(text),
        "created_at": KNOWN,
    }
    connection.execute(insert(metadata.tables["instrument_version"]), [version])
    told = list(_signed(old))
    for first in range(1, PEOPLE + 1, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, PEOPLE + 1))
        for name, row in (
            ("assessment", _assessment),
            ("signed_assessment", _signed_row),
            ("level", _level),
        ):
            rows = [row(n, told[n % DIFFERENT]) for n in numbers]
            connection.execute(insert(metadata.tables[name]), rows)


def _signed(old: Instrument) -> Iterator[tuple[str, str]]:
    """Level and document of assessments with random answers."""
    draw = random.Random(1994)
    questions = old.questions()
    for _ in range(DIFFERENT):
        answers = {q.id: draw.choice(old.scale(q.scale).steps).code for q in questions}
        result = score(old, answers)
        assert isinstance(result, Result)
        rows = tuple(
            SignedAnswer(name, code, "Så som det var vid mötet.")
            for name, code in sorted(answers.items())
        )
        yield result.level, signed_text(old, rows, result, {"kind": "ordinary"})


def _assessment(number: int, _told: tuple[str, str]) -> dict[str, Any]:
    return {
        "id": number + 1,
        "client_id": number,
        "decision_id": number,
        "instrument_version_id": 2,
        "kind": "ordinary",
        "assessor_id": 1,
        "created_at": KNOWN,
        "updated_at": KNOWN,
    }


def _signed_row(number: int, told: tuple[str, str]) -> dict[str, Any]:
    return {
        "assessment_id": number + 1,
        "document": told[1],
        "digest": "",
        "level": told[0],
        "price_level": told[0],
        "signed_at": KNOWN,
        "signed_by_id": 1,
    }


def _level(number: int, told: tuple[str, str]) -> dict[str, Any]:
    return {
        "client_id": number,
        "decision_id": number,
        "choice_system_id": 1,
        "assessment_id": number + 1,
        "level": told[0],
        "price_level": told[0],
        "first_day": STARTED,
        "revision": 2,
        "established_at": KNOWN,
    }


def measure(url: str) -> dict[str, float]:
    _, new = versions()
    with closing(make_app(url, TODAY=ON.isoformat())) as app, app.app_context():
        system = db.session.get_one(ChoiceSystem, 1)
        begun = time.perf_counter()
        found = found_for(system.id, new, ON)
        seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "memory": memory,
        "people": found.people,
        "moved": found.moved,
        "changes": len(found.drivers),
    }


def _measured(databases: AbstractContextManager[str]) -> dict[str, float]:
    with databases as url:
        filled(url)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.consequences", "--measure", url],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LOVDV_INSTANCE": tempfile.gettempdir()},
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def section(rows: dict[str, dict[str, float]]) -> Iterator[str]:
    yield HEADING
    yield ""
    yield from ABOUT
    yield ""
    yield "| database | people | move | changes that move | s | MB |"
    yield "|---|---|---|---|---|---|"
    for kind, row in rows.items():
        yield (
            f"| {kind} | {row['people']:,.0f} | {row['moved']:,.0f} | "
            f"{row['changes']:.0f} | {row['seconds']:.2f} | {row['memory']:.0f} |"
        )
    yield ""
    seconds = max(row["seconds"] for row in rows.values())
    memory = max(row["memory"] for row in rows.values())
    met = seconds < AIM_SECONDS and memory < AIM_MEMORY
    yield (
        f"Aim: under {AIM_SECONDS} s and {AIM_MEMORY} MB; "
        f"{'met' if met else 'not met'}."
    )


def measured_section() -> Iterator[str]:
    """Measure, and yield the lines of the section."""
    rows = {"SQLite": _measured(sqlite_databases())}
    if postgres_server() is not None:
        rows["PostgreSQL"] = _measured(postgresql_databases())
    yield from section(rows)


if __name__ == "__main__":
    if "--measure" in sys.argv:
        sys.stdout.write(json.dumps(measure(sys.argv[-1])) + "\n")
    else:
        told = list(measured_section())
        sys.stdout.write("\n".join(told) + "\n")
        if "--write" in sys.argv:
            put_section(HEADING, told)
