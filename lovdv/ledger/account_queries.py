"""Reading account rows, and what a run's lines are booked on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.ledger.accounts import (
    AccountFault,
    AccountString,
    Facts,
    Row,
    chosen,
    in_force,
)
from lovdv.ledger.models import AccountRow, LedgerFile
from lovdv.payouts import line_queries, queries
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.people.models import Decision
from lovdv.placements.models import Placement
from lovdv.providers.models import Provider, Unit
from lovdv.providers.queries import units_in
from lovdv.systems.models import ChoiceSystem

AT_A_TIME = 2_000


def account_rows(choice_system_id: int) -> Sequence[AccountRow]:
    """Every decided row, the latest first day first."""
    return db.session.scalars(
        select(AccountRow)
        .where(AccountRow.choice_system_id == choice_system_id)
        .order_by(AccountRow.first_day.desc(), AccountRow.id.desc())
    ).all()


def account_row(actor: Actor, public_id: str) -> AccountRow:
    return db.session.scalars(
        select(AccountRow)
        .join(ChoiceSystem, ChoiceSystem.id == AccountRow.choice_system_id)
        .where(
            AccountRow.public_id == public_id,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
    ).one()


def as_row(found: AccountRow) -> Row:
    """The engine's row of a decided one."""
    return Row(
        ref=found.id,
        asks=asks_of(found),
        gives=string_of(found),
        first_day=found.first_day,
        revision=found.revision,
        withdrawn=found.withdrawn,
    )


def asks_of(found: AccountRow) -> Facts:
    return Facts(
        regi=found.regi,
        counterpart=found.counterpart,
        law=found.law,
        provider="" if found.provider_id is None else str(found.provider_id),
        unit="" if found.unit_id is None else str(found.unit_id),
        kind=found.kind,
    )


def string_of(found: AccountRow) -> AccountString:
    return AccountString(
        account=found.account,
        responsibility=found.responsibility,
        operation=found.operation,
        counterpart=found.counterpart_code,
        project=found.project,
        activity=found.activity,
        free=found.free,
        contra=found.contra,
        vat_per_cent=found.vat_per_cent,
    )


def rows_in_force(
    choice_system_id: int, on: date, known: datetime | None = None
) -> tuple[AccountRow, ...]:
    """Those that hold on the day, as known at a moment (None: all that is decided)."""
    decided = [
        row
        for row in account_rows(choice_system_id)
        if known is None or row.decided_at <= known
    ]
    by_ref = {row.id: row for row in decided}
    return tuple(by_ref[row.ref] for row in in_force(map(as_row, decided), on))


@dataclass(frozen=True)
class RunLines:
    """A run's lines, read anew and a part at a time each time they are gone through.

    A run may have a hundred thousand, and no file needs more than one at once.
    """

    query: Select[Any]

    def __iter__(self) -> Iterator[Any]:
        part = self.query.execution_options(yield_per=AT_A_TIME)
        with db.session.execute(part) as rows:
            yield from rows

    def first(self, number: int) -> Sequence[Any]:
        return db.session.execute(self.query.limit(number)).all()


def run_lines(found: PaymentRun, provider_id: int | None = None) -> RunLines:
    """The run's paid lines, or a provider's, with all that the files say of them."""
    query = (
        queries.paid_lines(found)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .join(Decision, Decision.id == Placement.decision_id)
        .with_only_columns(
            *line_queries.FILE_COLUMNS,
            PaymentLine.regi,
            PaymentLine.kind,
            Payee.provider_id,
            Placement.unit_id,
        )
    )
    if provider_id is not None:
        query = query.where(Payee.provider_id == provider_id)
    return RunLines(query.order_by(PaymentLine.id))


@dataclass
class Unbooked:
    """Lines that no row, or more than one, says where to book."""

    facts: Facts
    provider: str
    unit: str
    lines: int
    amount: int
    rows: tuple[int, ...]

    @property
    def is_ambiguous(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class Accounts:
    """What each of a run's lines is booked on; without decided rows, nothing is."""

    run: PaymentRun
    lines: Iterable[Any]
    latest: bool = False
    """By what is decided now, and not by what was when the run was exported."""

    @cached_property
    def are_decided(self) -> bool:
        return bool(self._own)

    @cached_property
    def _own(self) -> Sequence[Row]:
        known = None if self.latest else self.run.exported_at
        found = rows_in_force(self.run.choice_system_id, self.run.month, known)
        return [as_row(row) for row in found]

    @cached_property
    def _found(self) -> tuple[dict[int, AccountString], list[Unbooked]]:
        strings: dict[int, AccountString] = {}
        known: dict[tuple[int, Facts], AccountString | AccountFault] = {}
        missing: dict[Facts, Unbooked] = {}
        for line in self.lines:
            key = (self._earlier.get(line.corrects_id, 0), facts_of(line))
            if key not in known:
                known[key] = self._tried(*key)
            told = known[key]
            if isinstance(told, AccountFault):
                found = missing.setdefault(key[1], _unbooked(told, line))
                found.lines += 1
                found.amount += line.amount
            else:
                strings[line.id] = told
        return strings, list(missing.values())

    def _tried(self, earlier_run: int, facts: Facts) -> AccountString | AccountFault:
        """A reversal is booked where what it takes back was; else by today's rows."""
        rows = self._rows_of(earlier_run) or self._own
        try:
            return chosen(rows, facts).gives
        except AccountFault as fault:
            return fault

    def _rows_of(self, run_id: int) -> Sequence[Row]:
        if run_id and run_id not in self._read:
            earlier = db.session.get_one(PaymentRun, run_id)
            rows = rows_in_force(
                earlier.choice_system_id, earlier.month, _last_made(earlier)
            )
            self._read[run_id] = [as_row(row) for row in rows]
        return self._read.get(run_id, ())

    @cached_property
    def _read(self) -> dict[int, Sequence[Row]]:
        """By an earlier run: the rows that it was booked by."""
        return {}

    @cached_property
    def _earlier(self) -> Mapping[int | None, int]:
        """By a reversed line: the run that booked it."""
        reversing = queries.paid_lines(self.run).with_only_columns(
            PaymentLine.corrects_id
        )
        rows = db.session.execute(
            select(PaymentLine.id, PaymentLine.run_id).where(
                PaymentLine.id.in_(
                    reversing.where(PaymentLine.corrects_id.is_not(None))
                )
            )
        )
        return {line: run for line, run in rows}  # noqa: C416 - rows of two

    @property
    def strings(self) -> Mapping[int, AccountString]:
        """By line; empty while the municipality has decided no rows."""
        return self._found[0] if self.are_decided else {}

    @property
    def faults(self) -> Sequence[Unbooked]:
        return self._found[1] if self.are_decided else ()


def _last_made(run: PaymentRun) -> datetime | None:
    """When the run's files were last made; a correction was made after the export."""
    corrected = db.session.scalar(
        select(func.max(LedgerFile.created_at)).where(LedgerFile.run_id == run.id)
    )
    return corrected or run.exported_at


def facts_of(line: Any) -> Facts:
    return Facts(
        regi=line.regi,
        counterpart=line.counterpart,
        law=line.law,
        provider=str(line.provider_id),
        unit=str(line.unit_id),
        kind=line.kind,
    )


def _unbooked(fault: AccountFault, line: Any) -> Unbooked:
    """None so far; a line like it says whose."""
    return Unbooked(
        facts=fault.facts,
        provider=line.provider,
        unit=line.unit_name,
        lines=0,
        amount=0,
        rows=tuple(row.ref for row in fault.rows),
    )


def accounts_of(found: PaymentRun) -> Accounts:
    return Accounts(found, run_lines(found))


def providers_and_units(
    municipality_id: int,
) -> tuple[Mapping[int, Provider], Mapping[int, Unit]]:
    """Those that a contract of the municipality covers or has covered."""
    units = {unit.id: unit for unit in units_in(municipality_id)}
    return {unit.provider_id: unit.provider for unit in units.values()}, units
