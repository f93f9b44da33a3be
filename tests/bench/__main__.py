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
from tests.bench import comparison, consequences, parts, scoring, spreadsheets
from tests.bench.databases import ROOT, postgresql_databases, sqlite_databases
from tests.bench.section import PAGE
from tests.kit_databases import postgres_server

SIZES = tuple(int(n) for n in os.environ.get("BENCH", "400,5000,40000").split(","))
AIM_RATIO, AIM_CORRECTION, AIM_MEMORY, AIM_GROWTH = 1.0, 1.5, 250, 1.1
A_YEAR = 5_000
"""A year of months is run for so many people, or fewer."""

MEMORY_OF = {
    "alone": "computed and booked",
    "controls": "controls",
    "export": "export",
    "correction": "the month after",
}
Result = dict[str, Any]
ABOUT = (
    "The month has 21 weekdays, a price that changes on the 16th, a level that changes",
    "for every tenth person, and a tenth of the days away. *The yardstick* is",
    "`tests/data/prices/bench.sql`: one aggregate SELECT over the same facts as day",
    "rows, fetched to the end, by turns with the month in the same process. A figure",
    "is the middle of three. *The month* reads the facts, computes every line, writes",
    "them and commits. Memory is the peak of a process that does only that. Controls",
    "and export are their own processes. *The month after* computes and books a month",
    "of its own, and reads the one before, in which nothing has changed; *a year on*",
    "has twelve such months before it.",
)


def measured(url: str, count: int) -> Result:
    """Fill, then each measure in a process of its own."""
    engine = create_engine(url)
    migrate.upgrade(engine)
    engine.dispose()
    _run("filled", url, count)
    result: Result = {"people": count}
    names = ["month", "alone", "parts", "controls", "export", "correction"]
    for name in [*names, "year"] if count <= A_YEAR else names:
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
        f" export {result['export']['seconds']:.2f} s,"
        f" {result['export']['memory']:.0f} MB;"
        f" the month after {_times(result, 'correction')} x the month"
    )


def _times(result: Result, name: str) -> str:
    """How many times the month something takes."""
    if name not in result:
        return "–"
    return f"{result[name]['seconds'] / result['month']['seconds']:.2f}"


def page(results: dict[str, list[Result]]) -> Iterator[str]:
    yield from _heading()
    for kind, rows in results.items():
        yield from _table(kind, rows)
    yield from _aims(results)
    yield ""
    yield from parts.section(results)
    yield from spreadsheets.measured_section()
    yield from scoring.section()
    yield from consequences.measured_section()
    yield ""
    yield from comparison.measured_section()


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
        " | controls s | ratio | controls MB | export s | ratio | export MB"
        " | the month after, x the month | a year on, x the month |"
    )
    yield "|---" * 15 + "|"
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
    yield _times(row, "correction")
    yield _times(row, "year")


def _aims(results: dict[str, list[Result]]) -> Iterator[str]:
    yield "## Aims"
    yield ""
    for kind, rows in results.items():
        small, big = rows[0], rows[-1]
        month = big["month"]["seconds"]
        yield f"- {kind}, {big['people']:,} people:"
        yield from _aim("computed and booked", month / big["month"]["yardstick"])
        after = big["correction"]["seconds"] / month
        yield from _aim("the month after, nothing changed", after, AIM_CORRECTION)
        yield from _aim(
            f"a person against one of {small['people']}",
            _each(big) / _each(small),
            AIM_GROWTH,
        )
        for name in ("alone", "controls", "export", "correction"):
            memory = big[name]["memory"]
            yield from _aim(f"memory, {MEMORY_OF[name]}", memory, AIM_MEMORY, "MB")


def _aim(
    what: str, value: float, aim: float = AIM_RATIO, unit: str = "x"
) -> Iterator[str]:
    shown = f"{value:.0f}" if unit == "MB" else f"{value:.2f}"
    met = "met" if value <= aim else "**not met**"
    yield f"  - {what}: {shown} {unit} (aim ≤ {aim} {unit}), {met};"


def _each(row: Result) -> float:
    return float(row["month"]["seconds"]) / int(row["people"])


if __name__ == "__main__":
    main()
