"""From rows to the payment engine's values: a month's facts, and their digest."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import select

from lovdv.extensions import db
from lovdv.needs.models import Level
from lovdv.payouts.carried import carried
from lovdv.payouts.payees import PaidTo, paid_to
from lovdv.payouts.rule_facts import NONE, RuleFacts, rule_facts
from lovdv.placements.facts import MonthFacts, month_facts, plain_rows
from lovdv.placements.plans import minutes_of, spans
from lovdv.prices.models import PriceList
from lovdv.providers.models import Contract, ContractUnit
from lovdv.systems.models import Rule
from lovdv.systems.queries import rule, rules_of
from payments import (
    Attendance,
    ClientMonth,
    Count,
    LevelSpan,
    Month,
    Part,
    Pause,
    PlacementMonth,
    PlanSpan,
    PriceCell,
    PriceSpan,
    RuleSet,
    Span,
    in_force,
    known_rules,
    read_rules,
)
from payments import PriceList as DecidedPrices

RULE = "payment"
NOT_REPORTED = {"wait": "waits", "plan": "plan_is_paid", "hold": "waits"}
"""The rule on attendance that comes late, in the engine's words."""


@dataclass(frozen=True)
class Terms:
    """What holds for everybody in a choice system, as known at an instant."""

    choice_system_id: int
    known_at: datetime
    rules: tuple[RuleSet, ...]
    late: tuple[str, ...]
    """The decided rules on attendance, as rows of texts."""
    prices: tuple[PriceSpan, ...]
    levels: Mapping[int, tuple[LevelSpan, ...]]
    """By decision, also those of decisions that follow on it."""
    cover: Mapping[int, tuple[Span, ...]]
    """By unit: when some contract of the system covers it."""
    regi: Mapping[int, str]
    """By contract."""
    payees: Mapping[int, PaidTo]
    """By contract."""


def terms(choice_system_id: int, known_at: datetime) -> Terms:
    return Terms(
        choice_system_id=choice_system_id,
        known_at=known_at,
        rules=rule_sets(choice_system_id),
        late=tuple(
            f"{row.first_day}|{row.revision}|{row.value.get('late')}"
            for row in rules_of(choice_system_id, "attendance")
            if row.decided_at <= known_at
        ),
        prices=in_force(price_lists(choice_system_id), known_at),
        levels=carried(_levels(choice_system_id, known_at), choice_system_id, known_at),
        cover=_cover(choice_system_id),
        regi=_regi(choice_system_id),
        payees=paid_to(choice_system_id),
    )


def rule_sets(choice_system_id: int) -> tuple[RuleSet, ...]:
    """Every decided set of payment rules, read and checked."""
    rows = db.session.scalars(
        select(Rule).where(Rule.choice_system_id == choice_system_id, Rule.key == RULE)
    )
    return tuple(_rule_set(row) for row in rows)


def _rule_set(row: Rule) -> RuleSet:
    decided = {
        "first_day": row.first_day.isoformat(),
        "revision": str(row.revision),
        "decided_at": row.decided_at.isoformat(),
    }
    return read_rules({**row.value, **decided})


def rules_on(known: Terms, month: Month) -> RuleSet | None:
    """The payment rules of a month; what comes late is the attendance rule's to say."""
    found = known_rules(known.rules, month.first, known.known_at)
    if found is None or found.not_reported == "not_needed":
        return found
    decided = rule(known.choice_system_id, "attendance", month.first, known.known_at)
    return replace(found, not_reported=NOT_REPORTED[str(decided["late"])])


def price_lists(choice_system_id: int) -> list[DecidedPrices]:
    rows = db.session.scalars(
        select(PriceList).where(PriceList.choice_system_id == choice_system_id)
    )
    return [
        DecidedPrices(
            row.name,
            row.first_day,
            row.revision,
            row.decided_at,
            tuple(
                PriceCell(c.level, c.extent_class, c.regi, c.unit, c.amount, c.id)
                for c in row.cells
            ),
        )
        for row in rows
    ]


def _levels(
    choice_system_id: int, known_at: datetime
) -> dict[int, tuple[LevelSpan, ...]]:
    """Each decision's levels, ends derived; the latest revision of a day counts."""
    query = (
        select(Level.decision_id, Level.first_day, Level.price_level, Level.id)
        .where(
            Level.choice_system_id == choice_system_id,
            Level.established_at <= known_at,
        )
        .order_by(Level.decision_id, Level.first_day, Level.revision)
    )
    found: dict[int, tuple[LevelSpan, ...]] = {}
    for decision, first_day, level, ref in plain_rows(query):
        span = LevelSpan(first_day, None, level, ref, decision)
        before = found.get(decision)
        found[decision] = (span,) if before is None else _followed(before, span)
    return found


def _followed(before: tuple[LevelSpan, ...], span: LevelSpan) -> tuple[LevelSpan, ...]:
    """A later level ends the one before it, or takes its place on the same day."""
    if before[-1].start == span.start:
        return (*before[:-1], span)
    return (*before[:-1], before[-1]._replace(end=span.start), span)


def _cover(choice_system_id: int) -> dict[int, tuple[Span, ...]]:
    rows = db.session.execute(
        select(ContractUnit, Contract)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(Contract.choice_system_id == choice_system_id)
        .order_by(ContractUnit.unit_id, ContractUnit.first_day)
    )
    found: dict[int, tuple[Span, ...]] = {}
    for covered, contract in rows:
        start = max(covered.first_day, contract.first_day)
        ends = [day for day in (covered.end_day, contract.end_day) if day]
        span = Span(start, min(ends) if ends else None)
        found[covered.unit_id] = (*found.get(covered.unit_id, ()), span)
    return found


def _regi(choice_system_id: int) -> dict[int, str]:
    rows = db.session.execute(
        select(Contract.id, Contract.regi).where(
            Contract.choice_system_id == choice_system_id
        )
    )
    return {row.id: row.regi for row in rows}


@dataclass
class Facts:
    """One month of a choice system: clients in order, and a digest of all of it."""

    month: Month
    terms: Terms
    rows: MonthFacts
    rules: RuleSet | None = None
    """What more is read is theirs to ask for; those in force, unless others are."""
    more: RuleFacts = field(init=False)
    """Read at once, where the rules ask for more."""
    read_rows: MonthFacts = field(init=False)
    """The rows that all rules have, without those that only some ask for."""

    def __post_init__(self) -> None:
        known, month = self.terms, self.month
        if self.rules is None:
            self.rules = known_rules(known.rules, month.first, known.known_at)
        self.more = rule_facts(
            known.choice_system_id, month, known.known_at, self.rules
        )
        self.read_rows = self.rows
        self.rows = _with_ended(self.rows, self.more)

    @classmethod
    def read(cls, month: Month, known: Terms) -> "Facts":
        rows = month_facts(known.choice_system_id, month.first, known.known_at)
        return cls(month, known, rows)

    def under(self, rules: RuleSet) -> "Facts":
        """The same month with what these rules ask for, in force or not."""
        return Facts(self.month, self.terms, self.read_rows, rules)

    @property
    def closed(self) -> frozenset[date]:
        """The days when every unit is closed."""
        return self._closed_units.get(None, frozenset())

    @cached_property
    def _closed_units(self) -> Mapping[int | None, frozenset[date]]:
        found: dict[int | None, set[date]] = defaultdict(set)
        for unit, day, _ in self.rows.closed:
            found[unit].add(day)
        return {unit: frozenset(days) for unit, days in found.items()}

    def clients(self, carry: Mapping[int, tuple[Count, ...]]) -> Iterator[ClientMonth]:
        """Each client's month, with the absence that went on from the one before."""
        going = 0
        placements: tuple[PlacementMonth, ...] = ()
        for client, placement in self._placements():
            if client != going and placements:
                yield ClientMonth(going, placements, carry.get(going, ()))
                placements = ()
            going = client
            placements = (*placements, placement)
        if placements:
            yield ClientMonth(going, placements, carry.get(going, ()))

    def _placements(self) -> Iterator[tuple[int, PlacementMonth]]:
        """Each placement with its client, by whom they come in order."""
        known, nothing = self.terms, frozenset[date]()
        plans, pauses = _plans(self.rows.plans), _pauses(self.rows.pauses)
        reported = {row[0]: _attendance(*row[3:]) for row in self.rows.attendance}
        closed = self._closed_units
        is_more = self.more != NONE
        for row in self.rows.placements:
            ref, _, client, decision, unit, contract, start, end = row
            found = PlacementMonth(
                ref,
                start,
                end,
                known.regi[contract],
                known.levels.get(decision, ()),
                plans.get(ref, ()),
                reported.get(ref),
                known.cover.get(unit, ()),
                pauses.get(ref, ()),
                closed.get(unit, nothing),
            )
            yield client, _with_more(found, ref, self.more) if is_more else found


def _with_ended(rows: MonthFacts, more: RuleFacts) -> MonthFacts:
    """With the placements that ended before the month, in the order of the others."""
    if not more.placements:
        return rows
    together = sorted([*rows.placements, *more.placements], key=lambda r: (r[2], r[0]))
    plans = sorted([*rows.plans, *more.plans], key=lambda r: r[0])
    return replace(rows, placements=together, plans=plans)


def _with_more(found: PlacementMonth, ref: int, more: RuleFacts) -> PlacementMonth:
    """With what only some rules ask for."""
    attendance, late = found.attendance, more.reported.get(ref)
    if attendance is not None and late is not None:
        attendance = attendance._replace(reported=late)
    pauses = tuple(
        replace(pause, kept=(ref, pause.start) not in more.given_up)
        for pause in found.pauses
    )
    return found._replace(
        attendance=attendance,
        pauses=pauses,
        ended=more.ended.get(ref),
        supplements=more.supplements.get(ref, ()),
    )


def _plans(rows: Iterable[Any]) -> dict[int, tuple[PlanSpan, ...]]:
    """A placement's plans; most have one row, and many have the same."""
    found: dict[int, tuple[PlanSpan, ...]] = {}
    several: dict[int, list[Any]] = {}
    before: Any = (None,)
    for row in rows:
        placement, first_day, _, times = row
        if placement == before[0]:
            several.setdefault(placement, [before]).append(row)
        else:
            found[placement] = _only_plan(first_day, times)
        before = row
    return found | {one: spans(listed) for one, listed in several.items()}


@dataclass(frozen=True)
class _PlanRow:
    first_day: date
    revision: int
    times: str


@lru_cache(maxsize=20_000)
def _only_plan(first_day: date, times: str) -> tuple[PlanSpan, ...]:
    return spans([_PlanRow(first_day, 1, times)])


def _attendance(codes: str, details: Mapping[str, Any]) -> Attendance:
    if not details:
        return Attendance(codes)
    parts = {
        int(day): tuple(_part(part) for part in rows) for day, rows in details.items()
    }
    return Attendance(codes, parts)


def _part(part: Mapping[str, str]) -> Part:
    told = part.get("notified_at")
    return Part(
        part["code"],
        minutes_of(part["from"]),
        minutes_of(part["to"]),
        datetime.fromisoformat(told) if told else None,
    )


def _pauses(rows: Iterable[Any]) -> dict[int, tuple[Pause, ...]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    for placement, start, end, share in rows:
        found[placement].append(Pause(start, end, share))
    return {placement: tuple(pauses) for placement, pauses in found.items()}


class Digest:
    """Of everything that a run was computed from, month by month."""

    def __init__(self, known: Terms) -> None:
        payees = [one.digest for one in known.payees.values()]
        self._sum = hashlib.sha256("\n".join(payees).encode())

    def add(self, facts: Facts) -> str:
        """Of a month alone, which is the same as long as nothing in it changes."""
        found = _MonthDigest(facts).hexadecimal()
        self._sum.update(found.encode())
        return found

    def hexadecimal(self) -> str:
        return self._sum.hexdigest()


class _MonthDigest:
    """Of one month's facts, and of what is decided for its days."""

    def __init__(self, facts: Facts) -> None:
        self._sum = hashlib.sha256(str(facts.month).encode())
        self._add_terms(facts)
        rows = facts.rows
        self._add(f"{row[:3]}" for row in rows.closed)
        self._add(_placements_in(facts.month, rows.placements))
        self._add_plans(rows.plans)
        self._add(
            f"{p}{codes}{json.dumps(details, sort_keys=True) if details else ''}"
            for p, _, _, codes, details in rows.attendance
        )
        self._add(f"{row[:4]}" for row in rows.pauses)
        self._add(facts.more.told())

    def _add_terms(self, facts: Facts) -> None:
        known, month = facts.terms, facts.month
        self._add([repr(known_rules(known.rules, month.first, known.known_at))])
        self._add(known.late)
        self._add(_prices_in(month, known.prices))
        for first in _last_months(facts.more):
            self._add(_prices_in(Month.of(first), known.prices))
        self._add([repr(sorted(known.cover.items())), repr(sorted(known.regi.items()))])
        end = month.end
        self._add(
            f"{decision}|{start.toordinal()}|{level}|{ref}"
            for decision, spans in known.levels.items()
            for start, _, level, ref, _ in spans
            if start < end
        )

    def _add_plans(self, rows: Sequence[Any]) -> None:
        """Each plan's text once, then a number a placement: many have the same."""
        numbers: dict[tuple[date, str], int] = {}
        told = [
            f"{row[0]} {row[2]} {numbers.setdefault((row[1], row[3]), len(numbers))}"
            for row in rows
        ]
        self._add(told)
        self._add(f"{first_day} {times}" for first_day, times in numbers)

    def hexadecimal(self) -> str:
        return self._sum.hexdigest()

    def _add(self, told: Iterable[str]) -> None:
        self._sum.update("\n".join(told).encode())
        self._sum.update(b"\0")


def _last_months(more: RuleFacts) -> list[date]:
    """The months whose prices days after an end are still paid by."""
    lasts = {end - timedelta(days=1) for *_, end in more.placements}
    return sorted({last.replace(day=1) for last in lasts})


def _placements_in(month: Month, rows: Iterable[Any]) -> Iterator[str]:
    """An end after the month is nothing to the month."""
    last = month.end
    for ref, _, client, decision, unit, contract, start, end in rows:
        ended = "" if end is None or end >= last else end
        yield f"{ref}|{client}|{decision}|{unit}|{contract}|{start.toordinal()}|{ended}"


def _prices_in(month: Month, prices: Iterable[PriceSpan]) -> Iterator[str]:
    for span in prices:
        if span.start < month.end and (span.end is None or span.end > month.first):
            start, end = (
                max(span.start, month.first),
                min(span.end or month.end, month.end),
            )
            yield f"{start} {end} {sorted(span.cells.items())}"
