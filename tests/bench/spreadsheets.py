"""A workbook of 40,000 lines, beside a write-only openpyxl loop of the same cells.

python -m tests.bench.spreadsheets measures and prints; with --write it also puts its
section in docs/performance.md.
"""

import gc
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from statistics import median

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from lovdv import excel
from lovdv.ledger.workbooks import COLUMNS
from tests.bench.databases import ROOT
from tests.bench.section import put_section

HEADING = "## Excel"
LINES = int(os.environ.get("BENCH_LINES", "40000"))
TIMES = 3
AIM_RATIO = 1.15
Row = Sequence[excel.Value]
ABOUT = (
    f"`excel.workbook` with {LINES:,} lines in the {len(COLUMNS)} columns of the",
    "finance file, by turns with *the loop*: openpyxl's write-only mode, one",
    "`WriteOnlyCell` a column used again for every row, the same values and number",
    "formats. A figure is the middle of three; seconds are the process's own. Memory",
    "is the peak of the process before the loop's first turn.",
)


def rows() -> Iterator[Row]:
    """Some texts stand in every line, some in one only, as in a month."""
    for number in range(LINES):
        yield [_value(column, number) for column in COLUMNS]


def _value(column: excel.Column, number: int) -> excel.Value:
    if column.kind in (excel.MONTH, excel.DAY):
        return date(2026, 11, 1)
    if column.kind in (excel.AMOUNT, excel.QUANTITY):
        return Decimal(62_600 + number % 500).scaleb(-2)
    if column.title in ("rad", "placeringsnr"):
        return f"P{number:06}"
    return f"{column.title} {number % 40}"


def ours() -> bytes:
    return excel.workbook([excel.Sheet("Underlag", COLUMNS, rows())], title="Mätning")


def loop() -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("Underlag")
    page.append([column.title for column in COLUMNS])
    cells = [WriteOnlyCell(page) for _ in COLUMNS]
    for cell, column in zip(cells, COLUMNS, strict=True):
        cell.number_format = excel.NUMBER_FORMATS[column.kind]
    for row in rows():
        for cell, value in zip(cells, row, strict=True):
            cell.value = value
        page.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def measure() -> dict[str, float]:
    mine, theirs = [], []
    mine.append(_timed(ours))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for turn in range(TIMES):
        if turn:
            mine.append(_timed(ours))
        theirs.append(_timed(loop))
    return {"ours": median(mine), "loop": median(theirs), "memory": memory}


def _timed(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    act()
    return time.process_time() - begun


def section(row: dict[str, float]) -> Iterator[str]:
    ratio = row["ours"] / row["loop"]
    met = "met" if ratio <= AIM_RATIO else "not met"
    yield HEADING
    yield ""
    yield from ABOUT
    yield ""
    yield "| lines | loop s | ours s | ratio | MB |"
    yield "|---|---|---|---|---|"
    yield (
        f"| {LINES:,} | {row['loop']:.2f} | {row['ours']:.2f} | {ratio:.2f}"
        f" | {row['memory']:.0f} |"
    )
    yield ""
    yield f"Aim: ratio ≤ {AIM_RATIO}; {met}."
    yield ""


def measured_section() -> Iterator[str]:
    """Measure in a process of its own, and yield the lines of the section."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.spreadsheets", "--measure"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LOVDV_INSTANCE": tempfile.gettempdir()},
    )
    yield from section(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    if "--measure" in sys.argv:
        sys.stdout.write(json.dumps(measure()) + "\n")
    else:
        told = list(measured_section())
        sys.stdout.write("\n".join(told) + "\n")
        if "--write" in sys.argv:
            put_section(HEADING, told)
