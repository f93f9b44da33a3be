"""make bench: measure, compare with the yardstick, and write docs/performance.md."""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import create_engine, text

from lovdv import migrate
from tests.bench import consequences, scoring
from tests.bench.databases import ROOT, postgresql_databases, sqlite_databases
from tests.bench.section import PAGE
from tests.kit_databases import postgres_server

SIZES = tuple(int(n) for n in os.environ.get("BENCH", "400,5000,40000").split(","))
AIM_RATIO, AIM_MEMORY, AIM_GROWTH = 2, 250, 1.1
Result = dict[str, Any]
ABOUT = (
    "The month has 21 weekdays, a price that changes on the 16th, a level that changes",
    "for every tenth person, and a tenth of the days away. *The yardstick* is",
    "`tests/data/prices/bench.sql`: one aggregate SELECT over the same facts as day",
    "rows, fetched to the end, by turns with the month in the same process. A figure",
    "is the middle of three. *The month* reads the facts, computes every line, writes",
    "them and commits. Memory is the peak of a process that does only that. Controls",
    "and export are their own processes.",
)


def measured(url: str, count: int) -> Result:
    """Fill, then each measure in a process of its own."""
    engine = create_engine(url)
    migrate.upgrade(engine)
    engine.dispose()
    _run("filled", url, count)
    result: Result = {"people": count}
    for name in ("month", "alone", "controls", "export"):
        result[name] = _run(name, url, count)
    return result


def _run(name: str, url: str, count: int) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.measure", name, url, str(count)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LOVDV_INSTANCE": tempfile.gettempdir()},
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    kinds = {"SQLite": sqlite_databases}
    if postgres_server() is not None:
        kinds["PostgreSQL"] = postgresql_databases
    results: dict[str, list[Result]] = {}
    for kind, databases in kinds.items():
        results[kind] = []
        for count in SIZES:
            with databases() as url:
                results[kind].append(measured(url, count))
            sys.stdout.write(f"{kind}: {_told(results[kind][-1])}\n")
            sys.stdout.flush()
    if len(SIZES) == 3:
        PAGE.write_text("\n".join(page(results)) + "\n", "utf-8")


def _told(result: Result) -> str:
    month = result["month"]
    return (
        f"{result['people']} people, {month['lines']} lines: {month['seconds']:.2f} s,"
        f" {month['seconds'] / month['yardstick']:.2f} x the yardstick,"
        f" {result['alone']['memory']:.0f} MB;"
        f" controls {result['controls']['seconds']:.2f} s,"
        f" export {result['export']['seconds']:.2f} s"
    )


def page(results: dict[str, list[Result]]) -> Iterator[str]:
    yield from _heading()
    for kind, rows in results.items():
        yield from _table(kind, rows)
    yield from _aims(results)
    yield ""
    yield from scoring.section()
    yield from consequences.measured_section()


def _heading() -> Iterator[str]:
    day = datetime.now(UTC).date()  # noqa: TID251 - when it was measured
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    yield "# Performance"
    yield ""
    yield f"Made by `make bench` on {day}: {os.cpu_count()} cores, {memory} GB memory,"
    yield f"Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__},"
    yield f"SQLite {sqlite3.sqlite_version}, PostgreSQL {_postgres_version()}."
    yield ""
    yield from ABOUT
    yield ""


def _postgres_version() -> str:
    server = postgres_server()
    if server is None:
        return "not measured"
    engine = create_engine(server)
    with engine.connect() as connection:
        version = connection.scalar(text("SHOW server_version"))
    engine.dispose()
    return str(version).split(" ", maxsplit=1)[0]


def _table(kind: str, rows: list[Result]) -> Iterator[str]:
    yield f"## {kind}"
    yield ""
    yield (
        "| people | lines | yardstick s | month s | ratio | µs a person | month MB"
        " | controls s | ratio | controls MB | export s | ratio | export MB |"
    )
    yield "|---" * 13 + "|"
    for row in rows:
        yield "| " + " | ".join(_cells(row)) + " |"
    yield ""


def _cells(row: Result) -> Iterator[str]:
    month, controls, export = row["month"], row["controls"], row["export"]
    plain = month["yardstick"]
    yield f"{row['people']:,}"
    yield f"{month['lines']:,}"
    yield f"{plain:.3f}"
    yield f"{month['seconds']:.3f}"
    yield f"{month['seconds'] / plain:.2f}"
    yield f"{month['seconds'] / row['people'] * 1e6:.0f}"
    yield f"{row['alone']['memory']:.0f}"
    for other in (controls, export):
        yield f"{other['seconds']:.3f}"
        yield f"{other['seconds'] / plain:.2f}"
        yield f"{other['memory']:.0f}"


def _aims(results: dict[str, list[Result]]) -> Iterator[str]:
    yield "## Aims"
    yield ""
    for kind, rows in results.items():
        small, big = rows[0], rows[-1]
        ratio = big["month"]["seconds"] / big["month"]["yardstick"]
        growth = _each(big) / _each(small)
        memory = big["alone"]["memory"]
        yield f"- {kind}: ratio {ratio:.2f} (aim ≤ {AIM_RATIO}),"
        yield f"  {_met(ratio, AIM_RATIO)};"
        yield f"  {memory:.0f} MB (aim < {AIM_MEMORY}), {_met(memory, AIM_MEMORY)};"
        yield f"  a person at {big['people']:,} costs {growth:.2f} x one at"
        yield f"  {small['people']} (aim ≤ {AIM_GROWTH}), {_met(growth, AIM_GROWTH)}."


def _each(row: Result) -> float:
    return float(row["month"]["seconds"]) / int(row["people"])


def _met(value: float, aim: float) -> str:
    return "met" if value <= aim else "not met"


if __name__ == "__main__":
    main()
