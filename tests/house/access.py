"""The access table: every endpoint, what it asks for, and which roles it lets in.

`python -m tests.house.access` prints the table as the code now declares it. The
tests compare access.txt with the code, and then with what the pages answer.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from lovdv.access import ALLOWED, Permission, Role

TABLE = Path(__file__).with_name("access.txt")
OPEN = "public"
NOBODY = "nobody"
COLUMNS = {
    NOBODY: "–",
    Role.CASEWORKER: "ca",
    Role.ASSESSOR: "as",
    Role.CLIENT: "cl",
    Role.REPRESENTATIVE: "re",
    Role.SUPPORTER: "su",
    Role.GUIDE: "gu",
    Role.PROVIDER: "pr",
    Role.FINANCE: "fi",
    Role.APPROVER: "ap",
    Role.LEAD: "le",
    Role.MANAGER: "ma",
    Role.LOG_REVIEWER: "lo",
    Role.ADMIN: "ad",
}
SAMPLES: Mapping[str, object] = {
    "default": "0" * 20,
    "int": 1,
    "path": "css/x.css",
}


@dataclass(frozen=True)
class Row:
    """One endpoint: its methods, its permission, and who comes in."""

    endpoint: str
    methods: str
    permission: str
    lets_in: frozenset[str]

    def __str__(self) -> str:
        marks = "  ".join("x" if who in self.lets_in else "." for who in COLUMNS)
        return f"{self.endpoint:<34} {self.methods:<9} {self.permission:<19} {marks}"


def heading() -> str:
    columns = " ".join(f"{short:<2}" for short in COLUMNS.values())
    return f"{'endpoint':<34} {'methods':<9} {'permission':<19} {columns.strip()}"


def declared(app: Flask) -> Iterator[Row]:
    """The rows that the code declares, by endpoint."""
    rules: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        rules.setdefault(rule.endpoint, set()).update(rule.methods or ())
    for endpoint, methods in sorted(rules.items()):
        view = app.view_functions[endpoint]
        needed = getattr(view, "lovdv_access", "")
        if endpoint == "static":
            needed = OPEN
        shown = ",".join(sorted(methods - {"HEAD", "OPTIONS"}))
        yield Row(endpoint, shown, str(needed), lets_in(needed))


def lets_in(needed: object) -> frozenset[str]:
    if needed == OPEN:
        return frozenset(COLUMNS)
    if not isinstance(needed, Permission):
        return frozenset()
    return frozenset(role for role in Role if needed in ALLOWED[role])


def written() -> list[Row]:
    """The rows of access.txt."""
    rows = []
    for line in TABLE.read_text("utf-8").splitlines()[1:]:
        endpoint, methods, permission, *marks = line.split()
        who = zip(COLUMNS, marks, strict=True)
        inside = frozenset(name for name, mark in who if mark == "x")
        rows.append(Row(endpoint, methods, permission, inside))
    return rows


def address(rule: Rule) -> str:
    """An address of the rule, about something that does not exist."""
    values = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
            continue
        kind = type(converter).__name__.removesuffix("Converter").lower()
        values[name] = SAMPLES.get(kind, SAMPLES["default"])
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return str(built[1])


def main() -> None:
    from tests.kit_app import make_app  # noqa: PLC0415  (the table itself needs no app)

    app = make_app("sqlite://")
    lines = [heading(), *map(str, declared(app))]
    sys.stdout.write("\n".join(line.rstrip() for line in lines) + "\n")


if __name__ == "__main__":
    main()
