"""What is shipped equals what is in the folders."""

from configparser import ConfigParser
from pathlib import PurePath

from tests.house.sources import PACKAGES, ROOT, templates

SHIPPED_ELSEWHERE = {"lovdv.migrations.versions"}


def setup() -> ConfigParser:
    found = ConfigParser()
    found.read(ROOT / "setup.cfg", "utf-8")
    return found


def listed() -> list[str]:
    return setup()["options"]["packages"].split()


def folders_with_code() -> set[str]:
    return {
        ".".join(path.parent.relative_to(ROOT).parts)
        for name in PACKAGES
        for path in (ROOT / name).rglob("*.py")
    }


def test_the_packages_listed_are_the_folders_that_hold_code() -> None:
    expected = folders_with_code() - SHIPPED_ELSEWHERE | {"lovdv.templates"}
    assert set(listed()) == expected


def test_the_packages_stand_in_order_and_once() -> None:
    assert listed() == sorted(set(listed()))


def test_every_package_has_an_init_with_a_docstring() -> None:
    for name in set(listed()) - {"lovdv.templates"}:
        init = ROOT.joinpath(*name.split("."), "__init__.py")
        assert init.read_text("utf-8").startswith('"""'), name


def test_every_file_beside_the_code_is_matched_by_package_data() -> None:
    patterns = setup()["options.package_data"]
    unmatched = []
    for path in (p for name in PACKAGES for p in (ROOT / name).rglob("*")):
        if path.suffix in {".py", ".pyc"} or path.is_dir():
            continue
        if not _shipped(path.relative_to(ROOT), patterns):
            unmatched.append(str(path.relative_to(ROOT)))
    assert unmatched == []


def _shipped(path: PurePath, patterns: dict[str, str]) -> bool:
    """Whether one package's patterns take the file along."""
    for depth in range(1, len(path.parts)):
        package = ".".join(path.parts[:depth])
        inside = PurePath(*path.parts[depth:])
        for pattern in patterns.get(package, "").split():
            deep = pattern.startswith("static/**") and inside.parts[0] == "static"
            if deep or (inside.match(pattern) and "/" not in str(inside)):
                return True
    return False


def test_every_template_is_html() -> None:
    others = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and path not in templates()
    ]
    assert others == []


def test_the_top_level_is_what_the_house_says() -> None:
    allowed = {
        *("lovdv", "assessment", "payments", "templates", "instance", "tests"),
        *("docs", "setup.cfg", "pyproject.toml", "Makefile", "README.md"),
        *("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
        *("build", "dist", "shots", "lovdv.egg-info"),  # made here, not in git
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - allowed == set()


def test_every_dependency_is_bounded_above() -> None:
    options = setup()
    lines = options["options"]["install_requires"].splitlines()
    for extra in options["options.extras_require"].values():
        lines += extra.splitlines()
    unbounded = [line for line in lines if line and "<" not in line]
    assert [line for line in unbounded if not line.startswith("lovdv[")] == []


def test_the_locks_hold_a_hash_for_every_version_and_no_address() -> None:
    for lock in sorted((ROOT / ".ci" / "locks").glob("*.txt")):
        text = lock.read_text("ascii")
        requirements = [part for part in text.split("\n\n") if "==" in part]
        assert requirements, lock.name
        assert "://" not in text, lock.name
        assert all("--hash=sha256:" in part for part in requirements), lock.name
