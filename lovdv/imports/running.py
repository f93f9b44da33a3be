"""Trying a file row by row, and reading it in: all of it, or the good rows only.

A try does the operations for real inside the transaction and then takes everything
back, so that what it tells is just what will happen.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from lovdv import audit
from lovdv.access import Actor
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.imports.tables import Field, Row, RowFault, read_rows, require
from lovdv.systems.models import ChoiceSystem


class State(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAULT = "fault"


@dataclass(frozen=True)
class Scope:
    """Where the rows belong and who reads them in; no actor: the command."""

    municipality_id: int
    system: ChoiceSystem
    actor: Actor | None = None
    month: date | None = None

    @property
    def user_id(self) -> int | None:
        return self.actor.user_id if self.actor else None


@dataclass(frozen=True)
class Outcome:
    """What a row became: new, changed with what, or the same as before."""

    state: State
    about: str
    notes: tuple[str, ...] = ()
    client_id: int | None = None


class Kind(Protocol):
    """What can be read in from a file."""

    name: str
    title: str
    fields: Sequence[Field]

    def key(self, row: Row) -> tuple[str, ...]:
        """What no two rows of a file may share."""

    def carry_out(self, row: Row, scope: Scope) -> Outcome:
        """Do what the row says through the pages' own operations."""


@dataclass(frozen=True)
class Result:
    """A row's number and what became of it."""

    number: int
    outcome: Outcome


@dataclass(frozen=True)
class Examined:
    """Every row's outcome, and the digest that a later reading must agree with."""

    results: tuple[Result, ...]

    @property
    def counts(self) -> Counter[State]:
        return Counter(result.outcome.state for result in self.results)

    @property
    def faults(self) -> dict[int, tuple[str, ...]]:
        return {
            r.number: r.outcome.notes
            for r in self.results
            if r.outcome.state is State.FAULT
        }

    @property
    def changes(self) -> int:
        return self.counts[State.NEW] + self.counts[State.CHANGED]

    @property
    def client_ids(self) -> set[int]:
        return {r.outcome.client_id for r in self.results if r.outcome.client_id}

    @property
    def digest(self) -> str:
        told = [
            [r.number, r.outcome.state, r.outcome.about, r.outcome.notes]
            for r in self.results
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class Outdated(Refused):
    """What the file would do is no longer what the reader was shown."""

    def __init__(self, examined: Examined) -> None:
        super().__init__(
            "Något har ändrats sedan du granskade filen. Titta igenom den igen."
        )
        self.examined = examined


class Faulty(Refused):
    """Some rows are wrong, and the reader has not said to leave them out."""

    def __init__(self, examined: Examined) -> None:
        super().__init__(
            f"{len(examined.faults)} rader har fel, och ingenting har lästs in. Rätta "
            "dem, eller välj att läsa in bara de rader som är rätt."
        )
        self.examined = examined


def examine(kind: Kind, rows: Sequence[Sequence[str]], scope: Scope) -> Examined:
    """What would happen; nothing is kept."""
    try:
        return _each(kind, read_rows(kind.fields, rows), scope)
    finally:
        db.session.rollback()


def read_in(
    kind: Kind,
    rows: Sequence[Sequence[str]],
    scope: Scope,
    *,
    only_good: bool = False,
    expecting: str = "",
) -> Examined:
    """Do it: every row, or with `only_good` those without faults. The caller commits.

    `expecting` is the digest of what the reader was shown. A refusal rolls back: each
    row is done once, since SQLite lets nobody else write meanwhile.
    """
    done = _each(kind, read_rows(kind.fields, rows), scope)
    if expecting and done.digest != expecting:
        db.session.rollback()
        raise Outdated(done)
    if done.faults and not only_good:
        db.session.rollback()
        raise Faulty(done)
    return done


def _each(kind: Kind, rows: Sequence[Row], scope: Scope) -> Examined:
    seen: dict[tuple[str, ...], int] = {}
    results = []
    for row in rows:
        results.append(Result(row.number, _tried(kind, row, scope, seen)))
        seen.setdefault(kind.key(row), row.number)
    return Examined(tuple(results))


def _tried(
    kind: Kind, row: Row, scope: Scope, seen: dict[tuple[str, ...], int]
) -> Outcome:
    first = seen.get(kind.key(row))
    if first is not None:
        return _faulty(
            row, kind, f"Raden säger om samma sak som rad {first}. Ta bort en."
        )
    try:
        with audit.savepoint():
            require(kind.fields, row)
            return kind.carry_out(row, scope)
    except (RowFault, Refused) as fault:
        return _faulty(row, kind, fault.message)
    except IntegrityError:
        return _faulty(row, kind, "Raden krockar med något som redan finns.")


def _faulty(row: Row, kind: Kind, message: str) -> Outcome:
    return Outcome(State.FAULT, " ".join(kind.key(row)), (message,))


def as_rows(examined: Examined) -> list[dict[str, Any]]:
    """For a machine, and to keep: each row's outcome."""
    return [
        {"row": result.number, **asdict(result.outcome)} for result in examined.results
    ]


def from_rows(rows: Sequence[Mapping[str, Any]]) -> Examined:
    """What as_rows() kept."""
    return Examined(tuple(Result(row["row"], _outcome(row)) for row in rows))


def _outcome(row: Mapping[str, Any]) -> Outcome:
    return Outcome(
        State(row["state"]), row["about"], tuple(row["notes"]), row["client_id"]
    )
