"""From rows to the engine's values: who took part in a month, and a digest of it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select

from lovdv.allowance.year_amounts import base_amounts
from lovdv.extensions import db
from lovdv.placements.facts import month_facts
from lovdv.placements.plans import minutes_of, spans
from lovdv.providers.models import Contract
from lovdv.systems.models import ChoiceSystem, Rule
from payments import Attendance, Month, Part, PlanSpan, Span
from payments.allowance import PersonMonth, PlaceMonth
from payments.allowance_rules import AllowanceRules, known_allowance, read_allowance

RULE = "allowance"


@dataclass(frozen=True)
class Terms:
    """What holds for everybody in a choice system, as known at an instant."""

    choice_system_id: int
    known_at: datetime
    rules: tuple[AllowanceRules, ...]
    base_amounts: Mapping[int, int]
    contracts: Mapping[int, tuple[str, int]]
    """By contract: its regi and its provider."""

    def rules_on(self, month: Month) -> AllowanceRules | None:
        return known_allowance(self.rules, month, self.known_at)


def terms(system: ChoiceSystem, known_at: datetime) -> Terms:
    rows = db.session.execute(
        select(Contract.id, Contract.regi, Contract.provider_id).where(
            Contract.choice_system_id == system.id
        )
    )
    return Terms(
        choice_system_id=system.id,
        known_at=known_at,
        rules=rule_sets(system.id),
        base_amounts=base_amounts(system.municipality_id, known_at),
        contracts={row.id: (row.regi, row.provider_id) for row in rows},
    )


def rule_sets(choice_system_id: int) -> tuple[AllowanceRules, ...]:
    """Every decided set of rules, read and checked."""
    rows = db.session.scalars(
        select(Rule)
        .where(Rule.choice_system_id == choice_system_id, Rule.key == RULE)
        .order_by(Rule.first_day, Rule.revision)
    )
    return tuple(read_allowance(as_table(row)) for row in rows)


def as_table(row: Rule) -> dict[str, object]:
    """A decided rule as the engine reads it."""
    return {
        **row.value,
        "source": row.reference or "utan hänvisning",
        "first_day": row.first_day.isoformat(),
        "revision": str(row.revision),
        "decided_at": row.decided_at.isoformat(),
    }


@dataclass(frozen=True)
class MonthOf:
    """Everybody's month, and which provider each placement is at."""

    month: Month
    people: Sequence[PersonMonth]
    providers: Mapping[int, int]
    """By placement."""

    @classmethod
    def read(cls, month: Month, known: Terms) -> "MonthOf":
        rows = month_facts(known.choice_system_id, month.first, known.known_at)
        plans, rests = _plans(rows.plans), _rests(rows.pauses)
        reported = {row[0]: _attendance(row[3], row[4]) for row in rows.attendance}
        people = []
        for client, some in groupby(rows.placements, key=lambda row: row.client_id):
            places = tuple(
                PlaceMonth(
                    ref=row.id,
                    start=row.start,
                    end=row.end,
                    regi=known.contracts[row.contract_id][0],
                    plans=plans.get(row.id, ()),
                    attendance=reported.get(row.id),
                    rests=rests.get(row.id, ()),
                )
                for row in some
            )
            people.append(PersonMonth(client, places))
        providers = {
            row.id: known.contracts[row.contract_id][1] for row in rows.placements
        }
        return cls(month, people, providers)


def _plans(rows: Iterable[Any]) -> Mapping[int, tuple[PlanSpan, ...]]:
    """Most placements have one plan, and many have the very same."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.placement_id].append(row)
    return {
        placement: _one_plan(listed[0].first_day, listed[0].times)
        if len(listed) == 1
        else spans(listed)
        for placement, listed in found.items()
    }


class _PlanRow(NamedTuple):
    first_day: date
    times: str
    revision: int = 1


@lru_cache(maxsize=20_000)
def _one_plan(first_day: date, times: str) -> tuple[PlanSpan, ...]:
    return spans([_PlanRow(first_day, times)])


def _rests(rows: Iterable[Any]) -> Mapping[int, tuple[Span, ...]]:
    found: dict[int, list[Span]] = defaultdict(list)
    for row in rows:
        found[row.placement_id].append(Span(row.start, row.end))
    return {placement: tuple(listed) for placement, listed in found.items()}


def _attendance(codes: str, details: Mapping[str, Any]) -> Attendance:
    if not details:
        return Attendance(codes)
    return Attendance(
        codes, {int(day): tuple(map(_part, rows)) for day, rows in details.items()}
    )


def _part(part: Mapping[str, str]) -> Part:
    return Part(part["code"], minutes_of(part["from"]), minutes_of(part["to"]))


class Digest:
    """Of everything that a run was computed from, month by month."""

    def __init__(self, known: Terms) -> None:
        self._sum = hashlib.sha256()
        decided = [one for one in known.rules if one.decided_at <= known.known_at]
        self._add(_told(decided))
        self._add([repr(sorted(known.base_amounts.items()))])

    def add(self, found: MonthOf) -> None:
        self._add([str(found.month)])
        plans: dict[int, str] = {}
        self._add(
            _place_told(person.ref, place, plans)
            for person in found.people
            for place in person.places
        )
        self._add([repr(sorted(found.providers.items()))])

    def hexadecimal(self) -> str:
        return self._sum.hexdigest()

    def _add(self, told: Iterable[str]) -> None:
        self._sum.update("\n".join(told).encode())
        self._sum.update(b"\0")


def _place_told(client: object, place: PlaceMonth, plans: dict[int, str]) -> str:
    """A place's month in words; `plans` remembers those of plans that are shared."""
    by_id = id(place.plans)
    if by_id not in plans:
        plans[by_id] = repr(place.plans)
    months = place.attendance
    parts = sorted(months.parts.items()) if months else ()
    told = (client, place.ref, place.start, place.end, place.regi, place.rests)
    return f"{told}|{plans[by_id]}|{months.codes if months else None}|{parts}"


def _told(values: Iterable[object]) -> Iterator[str]:
    return (repr(value) for value in values)
