"""The statement: what is known to fail, and when and how the pages were tested.

The faults are kept by hand in statement.json; `make prove` writes tested.json when
every page has passed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Fault:
    """Something that is known not to work for all, and what to do instead."""

    what: str
    affects: str
    instead: str
    mended_by: date | None


@dataclass(frozen=True)
class Statement:
    standard: str
    reviewed_on: date
    faults: Sequence[Fault]
    tested_on: date
    pages: int
    ways: Sequence[str]
    """How the pages were tested."""
    untested: Sequence[str]
    """What nobody has tried yet."""

    @property
    def status(self) -> str:
        return "delvis förenlig" if self.faults or self.untested else "helt förenlig"


@cache
def statement() -> Statement:
    known, tested = _read("statement"), _read("tested")
    return Statement(
        standard=known["standard"],
        reviewed_on=date.fromisoformat(known["reviewed_on"]),
        faults=[_fault(row) for row in known["faults"]],
        tested_on=date.fromisoformat(tested["on"]),
        pages=tested["pages"],
        ways=tested["ways"],
        untested=known["untested"],
    )


def _fault(row: dict[str, str]) -> Fault:
    by = row.get("mended_by")
    day = date.fromisoformat(by) if by else None
    return Fault(row["what"], row["affects"], row["instead"], day)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found
