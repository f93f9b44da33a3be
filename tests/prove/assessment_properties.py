"""The properties of the assessment engine, on many more examples than make test."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "1000"))
FILES = (
    "test_scoring_properties",
    "test_scorer",
    "test_advice",
    "test_difference",
    "test_instrument_schema",
    "test_published_files",
)


def prove() -> Iterator[str]:
    """Run each file; a failure is told with its last lines."""
    yield f"Random instruments and random answers, {EXAMPLES} examples a property"
    yield "(four times as many for files that are spoilt in a place), drawn anew each"
    yield "time."
    yield ""
    yield "| file | outcome | seconds |"
    yield "|---|---|---|"
    failed = []
    for name in FILES:
        begun = time.perf_counter()
        done = _run(name)
        seconds = time.perf_counter() - begun
        last = done.stdout.strip().splitlines()[-1].split(" in ")[0]
        yield f"| tests/engines/{name}.py | {last} | {seconds:.0f} |"
        if done.returncode:
            failed += [f"## {name}", "", "```", *done.stdout.splitlines()[-60:], "```"]
    yield ""
    yield from failed or ["Nothing failed."]


def _run(name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", f"tests/engines/{name}.py"],
        cwd=ROOT,
        env={**os.environ, "LOVDV_EXAMPLES": str(EXAMPLES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
