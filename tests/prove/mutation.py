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
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from tests.prove.survivors import explanation

ROOT = Path(__file__).parents[2]
EXAMPLES, AIM = 8, 95
MADE_ONLY = "none of them"
"""Matches no mutant: mutmut makes all, and runs none."""
PLUGIN = "run_mutants"
NOTHING_RUN = 5
PYTEST = ("--import-mode=importlib", "-p", "no:cacheprovider")
TIMED_OUT = {-24, 24, 36, 152, 255}
"""How mutmut notes a mutant that used up its time."""
SURVIVED = {0, 33}
CHANGED = r"[-+](?![-+])"
DIFFERENCES = """
import json, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant

found = json.load(sys.stdin).items()
json.dump({n: get_diff_for_mutant(n, path=path) for n, path in found}, sys.stdout)
"""
CONFTEST = f"""
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutation",
    max_examples={EXAMPLES},
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
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
        _run(engine, folder)
        counts = dict(_counts(engine, folder))
        yield from _told(engine, counts)
        yield from _survivors(engine, folder)


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
    lines = ["[mutmut]", "source_paths =", f"    {package}", "only_mutate ="]
    lines += [f"    {package}/{name}.py" for name in engine.modules]
    if engine.pages:
        lines += ["also_copy =", "    docs"]
    lines += ["pytest_add_cli_args_test_selection =", "    tests/engines"]
    lines += ["pytest_add_cli_args =", "    --import-mode=importlib", "    -p"]
    lines += ["    no:cacheprovider", ""]
    (folder / "setup.cfg").write_text("\n".join(lines), "utf-8")


def _forget_survivors(engine: Engine, folder: Path) -> None:
    """Try again what lived unexplained the last time: the tests may be better now."""
    unexplained = {one.name for one in _lived(engine, folder) if not one.explained}
    for name in engine.modules:
        notes = _notes(engine, folder, name)
        codes = notes["exit_code_by_key"]
        codes.update(dict.fromkeys(unexplained & codes.keys()))
        _notes_of(engine, folder, name).write_text(json.dumps(notes, indent=4), "utf-8")


def _run(engine: Engine, folder: Path) -> None:
    """Make all mutants, and run what was not run: all, or what is drawn."""
    mutants = folder / "mutants"
    (mutants / "mutmut-stats.json").unlink(missing_ok=True)
    with (folder / "mutmut.log").open("w", encoding="utf-8") as log:
        _called(folder, log, "mutmut", "run", MADE_ONLY)
    _merge(engine, folder)
    _forget_survivors(engine, folder)
    (mutants / "work.json").write_text(json.dumps(_work(engine, folder)), "utf-8")
    shutil.copy(ROOT / "tests" / "prove" / "running.py", mutants / f"{PLUGIN}.py")
    with (folder / "running.log").open("w", encoding="utf-8") as log:
        arguments = ["-p", PLUGIN, "--rootdir=.", "--tb=native", "-q", *PYTEST]
        code = _called(mutants, log, "pytest", *arguments, "tests/engines")
    _merge(engine, folder)
    if code not in {0, NOTHING_RUN}:
        sys.exit(f"The mutants could not be run: see {folder / 'running.log'}")


def _work(engine: Engine, folder: Path) -> dict[str, object]:
    stats = json.loads((folder / "mutants" / "mutmut-stats.json").read_text("utf-8"))
    durations = stats["duration_by_test"]
    reach = stats["tests_by_mangled_function_name"]
    minutes = os.environ.get("PROVE_MINUTES")
    return {
        "mutants": list(_waiting(engine, folder)),
        "tests": {name: sorted(ids, key=durations.get) for name, ids in reach.items()},
        "seconds": {name: sum(map(durations.get, ids)) for name, ids in reach.items()},
        "workers": int(os.environ.get("PROVE_WORKERS", "2")),
        "minutes": float(minutes) if minutes else None,
    }


def _waiting(engine: Engine, folder: Path) -> Iterator[str]:
    """What is not run yet of each module; with PROVE_SAMPLE so many, by their names."""
    sample = os.environ.get("PROVE_SAMPLE")
    for name in engine.modules:
        codes = _notes(engine, folder, name)["exit_code_by_key"]
        waiting = [one for one, code in codes.items() if code is None]
        if sample:
            waiting.sort(key=lambda one: hashlib.sha256(one.encode()).hexdigest())
            del waiting[int(sample) :]
        yield from waiting


def _merge(engine: Engine, folder: Path) -> None:
    """Move what the plugin found to mutmut's notes, also after it was stopped."""
    outcomes = folder / "mutants" / "outcomes.jsonl"
    if not outcomes.exists():
        return
    found = dict(map(json.loads, outcomes.read_text("utf-8").splitlines()))
    for name in engine.modules:
        notes = _notes(engine, folder, name)
        codes = notes["exit_code_by_key"]
        codes.update({one: found[one] for one in codes if one in found})
        _notes_of(engine, folder, name).write_text(json.dumps(notes, indent=4), "utf-8")
    outcomes.unlink()


def _called(folder: Path, log: TextIO, *arguments: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "LOVDV_EXAMPLES": str(EXAMPLES), "PYTHONPATH": ""},
        stdout=log,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode


def _counts(engine: Engine, folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Count each module's mutants by status, from mutmut's own notes."""
    for name in engine.modules:
        codes = _notes(engine, folder, name)["exit_code_by_key"].values()
        yield (
            name,
            {
                "mutants": len(codes),
                "killed": sum(code not in {*SURVIVED, None} for code in codes),
                "timed out": sum(code in TIMED_OUT for code in codes),
                "survived": sum(code in SURVIVED for code in codes),
                "not run": sum(code is None for code in codes),
            },
        )


def _notes(engine: Engine, folder: Path, name: str) -> dict[str, Any]:
    """What mutmut notes of a module: its mutants by name, and much more."""
    notes = _notes_of(engine, folder, name).read_text("utf-8")
    return dict(json.loads(notes))


def _notes_of(engine: Engine, folder: Path, name: str) -> Path:
    return folder / "mutants" / engine.package / f"{name}.py.meta"


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


@dataclass(frozen=True)
class Survivor:
    """A mutant that lives: its function, and the lines that are other."""

    name: str
    change: Sequence[str]

    @property
    def function(self) -> str:
        return self.name.rpartition("__mutmut_")[0]

    @property
    def explained(self) -> str:
        new = " ".join(line[1:].strip() for line in self.change if line[0] == "+")
        return explanation(self.function, new)


def _lived(engine: Engine, folder: Path) -> list[Survivor]:
    names = {
        name: f"{engine.package}/{module}.py"
        for module in engine.modules
        for name, code in _notes(engine, folder, module)["exit_code_by_key"].items()
        if code in SURVIVED
    }
    done = subprocess.run(
        [sys.executable, "-c", DIFFERENCES],
        input=json.dumps(names),
        cwd=folder,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [
        Survivor(name, [x for x in text.splitlines() if re.match(CHANGED, x)])
        for name, text in json.loads(done.stdout).items()
    ]


def _survivors(engine: Engine, folder: Path) -> Iterator[str]:
    yield "## Survivors"
    yield ""
    found = _lived(engine, folder)
    for one in found:
        yield f"- `{one.function}`: {one.explained or '**not explained**'}"
        yield ""
        yield "  ```diff"
        yield from (f"  {line}" for line in one.change)
        yield "  ```"
        yield ""
    if not found:
        yield "None."
