"""Mutation testing of an engine, with mutmut: how many small faults the tests notice.

The engine and its tests are copied to a folder of their own, so that nothing but them
is seen and nothing here is changed. Properties run on few examples, for each mutant
runs all tests that reach it until one fails. PROVE_FOLDER names a folder to go on in,
PROVE_MINUTES when to stop, PROVE_SAMPLE how many of each module's mutants that were not
run before are drawn, instead of all; what was not run is told.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.prove.survivors import explanation

ROOT = Path(__file__).parents[2]
EXAMPLES, AIM = 8, 95
MADE_ONLY = "none of them"
"""Matches no mutant: all are made, and none is run."""
TIMED_OUT = {-24, 24, 36, 152, 255}
"""How mutmut notes a mutant that used up its time."""
CONFTEST = f"""
from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutation",
    max_examples={EXAMPLES},
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("mutation")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: left out of make quick")
"""


@dataclass(frozen=True)
class Engine:
    """What is mutated, and what the tests that must notice it are made of."""

    package: str
    modules: Sequence[str]
    tests: Sequence[str]
    """Names of files in tests/engines, or patterns of names; and their helpers."""
    helpers: Sequence[str]
    data: Sequence[str]
    """Folders in tests/data."""
    aims: Sequence[str]
    """Modules that are held to the aim by themselves."""
    pages: Sequence[str] = ()
    """Files in docs/ that the tests read."""

    @property
    def files(self) -> list[Path]:
        folder = ROOT / "tests" / "engines"
        names = (*self.helpers, *self.tests)
        return [path for name in names for path in sorted(folder.glob(f"{name}.py"))]


def prove(engine: Engine) -> Iterator[str]:
    """Mutate, run, and tell the counts and every survivor with why it survives."""
    with tempfile.TemporaryDirectory(prefix="lovdv-prove-") as name:
        folder = Path(os.environ.get("PROVE_FOLDER", name))
        _fill(engine, folder)
        sample = os.environ.get("PROVE_SAMPLE")
        _run(folder, _drawn(engine, folder, int(sample)) if sample else ())
        counts = dict(_counts(engine, folder))
        yield from _told(engine, counts)
        yield from _survivors(folder)


def _fill(engine: Engine, folder: Path) -> None:
    """Copy what is needed; a folder filled before is gone on with."""
    engines = folder / "tests" / "engines"
    engines.mkdir(parents=True, exist_ok=True)
    package = engine.package
    shutil.copytree(ROOT / package, folder / package, dirs_exist_ok=True)
    for name in engine.data:
        data = Path("tests", "data", name)
        shutil.copytree(ROOT / data, folder / data, dirs_exist_ok=True)
    for name in engine.pages:
        (folder / "docs").mkdir(exist_ok=True)
        shutil.copy(ROOT / "docs" / name, folder / "docs")
    shutil.copy(ROOT / "tests" / "__init__.py", folder / "tests")
    for file in engine.files:
        shutil.copy(file, engines)
    (folder / "tests" / "conftest.py").write_text(CONFTEST, "utf-8")
    _forget_survivors(folder / "mutants" / package)
    lines = ["[mutmut]", "source_paths =", f"    {package}", "only_mutate ="]
    lines += [f"    {package}/{name}.py" for name in engine.modules]
    if engine.pages:
        lines += ["also_copy =", "    docs"]
    lines += ["pytest_add_cli_args_test_selection =", "    tests/engines"]
    lines += ["pytest_add_cli_args =", "    --import-mode=importlib", "    -p"]
    lines += ["    no:cacheprovider", ""]
    (folder / "setup.cfg").write_text("\n".join(lines), "utf-8")


def _forget_survivors(folder: Path) -> None:
    """Try again what lived the last time: the tests may be better now."""
    for notes in folder.glob("*.meta"):
        kept = json.loads(notes.read_text("utf-8"))
        codes = kept["exit_code_by_key"]
        for name, code in codes.items():
            codes[name] = None if code in {0, 33} else code
        notes.write_text(json.dumps(kept, indent=4), "utf-8")


def _drawn(engine: Engine, folder: Path, number: int) -> list[str]:
    """So many of each module's mutants that are not run yet, drawn by their names."""
    _run(folder, [MADE_ONLY])
    found = []
    for name in engine.modules:
        codes = _codes(engine, folder, name)
        waiting = [one for one, code in codes.items() if code is None]
        waiting.sort(key=lambda one: hashlib.sha256(one.encode()).hexdigest())
        found += waiting[:number]
    return found


def _run(folder: Path, names: Sequence[str]) -> None:
    """Run the mutants, as interrupted from the keyboard when the time is out."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children"]
    # One that is started in the background would not hear the interruption.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(
        [*command, os.environ.get("PROVE_WORKERS", "2"), *names],
        cwd=folder,
        env=_environment(),
        stdout=(folder / "mutmut.log").open("w", encoding="utf-8"),
        stderr=subprocess.STDOUT,
    )
    minutes = os.environ.get("PROVE_MINUTES")
    try:
        running.wait(60 * float(minutes) if minutes else None)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
        running.wait()


def _environment() -> dict[str, str]:
    return {**os.environ, "LOVDV_EXAMPLES": str(EXAMPLES), "PYTHONPATH": ""}


def _mutmut(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"mutmut {' '.join(arguments)} failed:\n{done.stdout[-4000:]}")
    return done.stdout


def _counts(engine: Engine, folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Count each module's mutants by status, from mutmut's own notes."""
    for name in engine.modules:
        codes = _codes(engine, folder, name).values()
        yield (
            name,
            {
                "mutants": len(codes),
                "killed": sum(code not in {0, 33, None} for code in codes),
                "timed out": sum(code in TIMED_OUT for code in codes),
                "survived": sum(code in {0, 33} for code in codes),
                "not run": sum(code is None for code in codes),
            },
        )


def _codes(engine: Engine, folder: Path, name: str) -> dict[str, int | None]:
    notes = folder / "mutants" / engine.package / f"{name}.py.meta"
    return dict(json.loads(notes.read_text("utf-8"))["exit_code_by_key"])


def _told(engine: Engine, counts: dict[str, dict[str, int]]) -> Iterator[str]:
    tests = [file.stem for file in engine.files if file.stem.startswith("test_")]
    yield f"Tests: {', '.join(tests)}; properties on {EXAMPLES} examples. A mutant that"
    yield "makes a test hang is killed (and counted as timed out too); one that no test"
    yield "reaches has survived."
    yield ""
    columns = ("mutants", "killed", "timed out", "survived", "not run")
    yield f"| module | {' | '.join(columns)} | killed % of run |"
    yield "|---" * (len(columns) + 2) + "|"
    whole = {name: sum(row[name] for row in counts.values()) for name in columns}
    for name, row in {**counts, "all": whole}.items():
        cells = " | ".join(str(row[column]) for column in columns)
        yield f"| {name} | {cells} | {_share(row):.1f} |"
    yield ""
    for name in (*engine.aims, "all"):
        share = _share({**counts, "all": whole}[name])
        met = "met" if share >= AIM else "not met"
        yield f"- Aim for {name}, at least {AIM} % killed: {share:.1f} %, {met}."
    yield ""


def _share(row: dict[str, int]) -> float:
    return 100 * row["killed"] / max(1, row["mutants"] - row["not run"])


def _survivors(folder: Path) -> Iterator[str]:
    yield "## Survivors"
    yield ""
    names = [
        line.split(":")[0].strip()
        for line in _mutmut(folder, "results").splitlines()
        if line.strip().endswith((": survived", ": no tests"))
    ]
    for name in names:
        shown = _mutmut(folder, "show", name).splitlines()
        change = [line for line in shown if re.match(r"[-+](?![-+])", line)]
        function = name.rpartition("__mutmut_")[0]
        new = " ".join(line[1:].strip() for line in change if line[0] == "+")
        yield f"- `{function}`: {explanation(function, new)}"
        yield ""
        yield "  ```diff"
        yield from (f"  {line}" for line in change)
        yield "  ```"
        yield ""
    if not names:
        yield "None."
