"""Properties on many more examples than in make test, drawn anew each time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def prove(files: Mapping[str, int], *arguments: str) -> Iterator[str]:
    """Run each file with its number of examples; a failure has its last lines."""
    yield "| file | examples | outcome | seconds |"
    yield "|---|---|---|---|"
    failed = []
    for name, examples in files.items():
        begun = time.perf_counter()
        done = _run(name, examples, arguments)
        seconds = time.perf_counter() - begun
        last = done.stdout.strip().splitlines()[-1].split(" in ")[0]
        yield f"| tests/{name}.py | {examples} | {last} | {seconds:.0f} |"
        if done.returncode:
            failed += [f"## {name}", "", "```", *done.stdout.splitlines()[-60:], "```"]
    yield ""
    yield from failed or ["Nothing failed."]


def _run(
    name: str, examples: int, arguments: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", f"tests/{name}.py"]
    return subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "LOVDV_EXAMPLES": str(examples),
            "LOVDV_HYPOTHESIS": "prove",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
