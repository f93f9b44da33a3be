"""House rules that a machine can check: what code and templates may not hold."""

import ast
import re
import subprocess
import sys

import pytest

from tests.house.sources import (
    ENGINES,
    PACKAGES,
    ROOT,
    imported,
    parsed,
    place,
    python_files,
    templates,
)

FEATURES = sorted(
    path.parent.name
    for path in (ROOT / "lovdv").glob("*/__init__.py")
    if path.parent.name != "migrations"
)
DOORS = ("views", "forms")
CLOCK = {"today", "now", "utcnow", "time", "time_ns", "localtime", "gmtime"}
CLOCK_OWNERS = {"date", "datetime", "time", "dt"}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_imported_alone(engine: str) -> None:
    """With no site-packages, and nothing of the application afterwards in memory."""
    other = next(name for name in ENGINES if name != engine)
    code = (
        f"import sys, {engine}, pkgutil, importlib\n"
        f"for m in pkgutil.walk_packages({engine}.__path__, '{engine}.'):\n"
        "    importlib.import_module(m.name)\n"
        f"print([m for m in ('flask', 'sqlalchemy', 'lovdv', '{other}')"
        " if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_the_engines_import_only_the_standard_library_and_themselves() -> None:
    foreign = [
        f"{place(path, node)}: {name}"
        for engine in ENGINES
        for path in python_files(engine)
        for name, node in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names | {engine}
    ]
    assert foreign == []


def test_nothing_of_ours_is_a_float() -> None:
    found = [
        place(path, node)
        for path in python_files(*PACKAGES)
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id in {"Float", "Double", "REAL"})
    ]
    assert found == []


def test_only_the_clock_reads_the_clock() -> None:
    found = [
        place(path, node)
        for path in python_files(*PACKAGES)
        if path.name != "clock.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCK
        and isinstance(node.value, ast.Name)
        and node.value.id in CLOCK_OWNERS
    ]
    assert found == []


def is_door(name: str) -> bool:
    """Whether a module's last name says that it meets the reader."""
    return name in DOORS or name.endswith(tuple(f"_{door}" for door in DOORS))


def test_no_feature_imports_the_views_or_forms_of_another() -> None:
    found = []
    for feature in FEATURES:
        for path in python_files(f"lovdv/{feature}"):
            for name, node in imported(path):
                top, other, *rest = [*name.split("."), "", ""][:3]
                foreign = top == "lovdv" and other in FEATURES and other != feature
                if foreign and is_door(rest[0]):
                    found.append(f"{place(path, node)}: {name}")
    assert found == []


def test_select_stands_only_where_the_database_is_read() -> None:
    """Views, forms and templates ask queries and operations."""
    found = [
        f"{place(path, node)}: {name}"
        for feature in FEATURES
        for path in python_files(f"lovdv/{feature}")
        if is_door(path.stem)
        for name, node in imported(path)
        if name.startswith("sqlalchemy") and name.rsplit(".", 1)[-1] == "select"
    ]
    assert found == []


def test_only_views_and_commands_commit() -> None:
    found = [
        place(path, node)
        for feature in FEATURES
        for path in python_files(f"lovdv/{feature}")
        if path.stem in {"operations", "queries", "forms", "models"}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]
    assert found == []


def test_every_signature_is_annotated() -> None:
    found = [
        f"{place(path)}:{node.lineno} {node.name}"
        for path in python_files(*PACKAGES)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.returns is None
    ]
    assert found == []


def test_no_feature_shares_its_name_with_an_engine() -> None:
    folders = {path.name for path in (ROOT / "lovdv").iterdir()}
    folders |= {path.name for path in (ROOT / "tests").iterdir()}
    assert folders & set(ENGINES) == set()


TEMPLATE_FAULTS = {
    "safe": re.compile(r"\|\s*safe\b"),
    "autoescape off": re.compile(r"{%-?\s*autoescape\s+false"),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "an address elsewhere": re.compile(r"""(?:src|href)=["']?(?:https?:)?//"""),
    "asks for a role": re.compile(r"\.roles?\b|\bRole\."),
}


@pytest.mark.parametrize("fault", TEMPLATE_FAULTS)
def test_no_template_holds(fault: str) -> None:
    found = [
        f"{place(path)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path in templates()
        for text in [path.read_text("utf-8")]
        for match in TEMPLATE_FAULTS[fault].finditer(text)
    ]
    assert found == []


def test_markup_is_never_declared_safe_in_code() -> None:
    found = [
        f"{place(path, node)}: {name}"
        for path in python_files("lovdv")
        for name, node in imported(path)
        if name in {"markupsafe.Markup", "flask.Markup"}
    ]
    assert found == []


MACHINE = re.compile(
    r"(?<![\w./])/(?:work|home|root|Users|tmp/[a-z])\b|registry\.npmjs|files\.pythonhosted"
)
TEXTS = {
    *(".py", ".html", ".md", ".cfg", ".toml", ".txt", ".json", ".css", ".js", ".csv"),
    *("", ".ini", ".mako"),
}


def tracked() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_no_file_names_a_machine() -> None:
    own = "tests/house/test_purity.py"
    found = []
    for name in tracked():
        path = ROOT / name
        if name == own or "vendor" in path.parts or path.suffix not in TEXTS:
            continue
        if path.is_file() and MACHINE.search(path.read_text("utf-8")):
            found.append(name)
    assert found == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_git_holds_nothing_of_an_instance() -> None:
    inside = [name for name in tracked() if name.startswith("instance/")]
    assert inside == ["instance/.gitignore"]
