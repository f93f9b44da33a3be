"""A shadow run: what was paid by other means beside what lovdv would have paid."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.forecast.models import ShadowFile
from lovdv.forecast.months import required_rules
from lovdv.forecast.shadow_rows import Paid, ReadFile, read_rows
from lovdv.payouts.computing import calendars_of, facts_of
from lovdv.payouts.facts import terms
from lovdv.people.models import Client
from lovdv.systems.models import ChoiceSystem
from payments import Calculation, Count, Held, Line, Month

KRONA = 100


class Cause(StrEnum):
    """The likely reason for a difference, the first that fits."""

    SAME = "Ingen skillnad"
    NOT_IN_FILE = "Saknas i filen"
    NOT_IN_LOVDV = "Saknas i lovdv"
    HELD = "Kan inte räknas i lovdv"
    ROUNDING = "Avrundning"
    LEVEL = "Annan nivå"
    EXTENT = "Annan omfattning"
    DAYS = "Annat antal dagar"
    PRICE = "Annat pris"
    UNEXPLAINED = "Oförklarad"


@dataclass(frozen=True)
class Side:
    """What one of the two says of a reference and a month."""

    amount: int = 0
    levels: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    days: int | None = None
    """In hundredths, as far as it is said."""
    prices: tuple[int, ...] = ()


@dataclass(frozen=True)
class Difference:
    reference: str
    month: Month
    file: Side | None
    ours: Side | None
    cause: Cause
    note: str = ""

    @property
    def amount(self) -> int:
        """What we would have paid, less the file."""
        ours = self.ours.amount if self.ours else 0
        return ours - (self.file.amount if self.file else 0)


@dataclass(frozen=True)
class Compared:
    read: ReadFile
    rows: Sequence[Difference]
    client_ids: frozenset[int]

    def sums(self) -> list[tuple[Cause, int, int]]:
        """Each cause with how many and what they come to, in the order of Cause."""
        return [
            (cause, len(found), sum(one.amount for one in found))
            for cause in Cause
            if (found := [one for one in self.rows if one.cause is cause])
        ]

    @property
    def differing(self) -> list[Difference]:
        return [one for one in self.rows if one.cause is not Cause.SAME]


def keep(
    *,
    system: ChoiceSystem,
    file_name: str,
    rows: Sequence[Sequence[str]],
    by_id: int | None,
) -> ShadowFile:
    kept = ShadowFile(
        choice_system_id=system.id,
        file_name=file_name[:200],
        rows=[list(row) for row in rows],
        uploaded_at=now(),
        uploaded_by_id=by_id,
    )
    db.session.add(kept)
    db.session.flush()
    audit.change("shadow.upload", object=kept.public_id)
    return kept


def throw_away(kept: ShadowFile) -> None:
    db.session.delete(kept)
    audit.change("shadow.throw_away", object=kept.public_id)


def compared(system: ChoiceSystem, rows: Sequence[Sequence[str]]) -> Compared:
    """Every reference and month of either side; nothing is written anywhere."""
    read = read_rows(rows)
    months = sorted({row.month for row in read.rows})
    ours = _ours(system, months)
    file = _file(read.rows)
    by_case = {ref for ref, _ in file} & set(ours.cases.values())
    told = ours.named(by_case)
    keys = sorted({*file, *told.sides, *(k for k in told.held if k in file)})
    return Compared(
        read,
        [_difference(key, file.get(key), told) for key in keys],
        frozenset(ours.cases),
    )


@dataclass
class _Ours:
    """lovdv's own lines by placement number, and whose they are."""

    lines: dict[tuple[str, Month], list[Line]] = field(
        default_factory=lambda: defaultdict(list)
    )
    held: dict[tuple[str, Month], list[Held]] = field(
        default_factory=lambda: defaultdict(list)
    )
    cases: dict[int, str] = field(default_factory=dict)
    """Case numbers by client."""
    client_of: dict[str, int] = field(default_factory=dict)
    """By placement number."""

    def named(self, by_case: set[str]) -> "_Told":
        """By case number for those whom the file names so."""

        def name(number: str) -> str:
            case = self.cases.get(self.client_of[number], "")
            return case if case in by_case else number

        lines: dict[tuple[str, Month], list[Line]] = defaultdict(list)
        for (number, month), found in self.lines.items():
            lines[name(number), month] += found
        held = {
            (name(number), month): found[0].message
            for (number, month), found in self.held.items()
        }
        return _Told({key: _side(found) for key, found in lines.items()}, held)


@dataclass(frozen=True)
class _Told:
    sides: Mapping[tuple[str, Month], Side]
    held: Mapping[tuple[str, Month], str]


def _ours(system: ChoiceSystem, months: Sequence[Month]) -> _Ours:
    known = terms(system.id, now())
    calendars = calendars_of(system)
    ours = _Ours()
    carry: dict[int, tuple[Count, ...]] = {}
    for month in months:
        rules = required_rules(known, month)
        facts = facts_of(month, known, calendars)
        numbers = {row[0]: row[1] for row in facts.rows.placements}
        ours.client_of |= {row[1]: row[2] for row in facts.rows.placements}
        counting = Calculation(month, rules, known.prices, facts.closed)
        for client in list(facts.clients(carry)):
            due = counting.due(client)
            carry[cast(int, client.ref)] = due.carry
            for line in due.lines:
                ours.lines[numbers[line.placement], month].append(line)
            for held in due.held:
                ours.held[numbers[held.placement], month].append(held)
    ours.cases |= _cases(set(ours.client_of.values()))
    return ours


def _cases(clients: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Client.id, Client.case_number).where(Client.id.in_(clients))
    )
    return {row.id: row.case_number for row in rows}


def _side(lines: Sequence[Line]) -> Side:
    return Side(
        amount=sum(line.amount for line in lines),
        levels=tuple(sorted({line.level for line in lines})),
        classes=tuple(sorted({line.extent_class for line in lines})),
        days=sum(line.hundredths for line in lines),
        prices=tuple(sorted({line.price for line in lines})),
    )


def _file(rows: Sequence[Paid]) -> dict[tuple[str, Month], Side]:
    found: dict[tuple[str, Month], list[Paid]] = defaultdict(list)
    for row in rows:
        found[row.reference, row.month].append(row)
    return {key: _added(some) for key, some in found.items()}


def _added(rows: Sequence[Paid]) -> Side:
    days = [row.days for row in rows]
    return Side(
        amount=sum(row.amount for row in rows),
        levels=tuple(sorted({row.level for row in rows if row.level})),
        classes=tuple(sorted({row.extent_class for row in rows if row.extent_class})),
        days=None if None in days else sum(day or 0 for day in days),
        prices=tuple(sorted({row.price for row in rows if row.price is not None})),
    )


def _difference(key: tuple[str, Month], file: Side | None, told: _Told) -> Difference:
    ours, held = told.sides.get(key), told.held.get(key, "")
    cause = _cause(file, ours, held)
    return Difference(*key, file, ours, cause, held)


def _cause(file: Side | None, ours: Side | None, held: str) -> Cause:
    if file is None:
        return Cause.NOT_IN_FILE
    if held and (ours is None or ours.amount != file.amount):
        return Cause.HELD
    if ours is None:
        return Cause.NOT_IN_LOVDV
    if ours.amount == file.amount:
        return Cause.SAME
    return _likely(file, ours)


def _likely(file: Side, ours: Side) -> Cause:
    """The first thing that the two say differently; the file may be silent."""
    said = (
        (Cause.LEVEL, file.levels, ours.levels),
        (Cause.EXTENT, file.classes, ours.classes),
        (Cause.DAYS, file.days, ours.days),
        (Cause.PRICE, file.prices, ours.prices),
    )
    differing = [cause for cause, theirs, own in said if theirs and theirs != own]
    if not differing and abs(ours.amount - file.amount) < KRONA:
        return Cause.ROUNDING
    if not differing and file.days is not None and not file.prices:
        return Cause.PRICE
    return differing[0] if differing else Cause.UNEXPLAINED
