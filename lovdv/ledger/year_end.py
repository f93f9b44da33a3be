"""The list for the year's end: what was expected by a day, and not paid by then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lovdv import excel
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.ledger import operations, queries, year_end_queries
from lovdv.ledger.contents import Content
from lovdv.ledger.models import LedgerFile
from lovdv.systems.models import ChoiceSystem
from payments import in_kronor

REASONS = {
    "late": "Avser tiden före balansdagen, bokförd efter den",
    "computed": "Räknad men inte attesterad",
    "on_hold": "Hålls inne",
    "stopped": "Stoppad",
    "left_out": "Äldre än rättelser går tillbaka",
    "not_run": "Ingen körning gjord; uppskattad efter senast betalda månad",
    "objection": "Invändning utan svar",
}
COLUMNS = (
    excel.Column("balansdag", excel.DAY),
    excel.Column("bokföringsperiod", excel.MONTH),
    excel.Column("avser period", excel.MONTH),
    excel.Column("utförare", width=30),
    excel.Column("organisationsnr"),
    excel.Column("enhet", width=30),
    excel.Column("placeringsnr"),
    excel.Column("orsak", width=44),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("uppskattat", width=12),
    excel.Column("anmärkning", width=60),
)
SUMMARY = (
    excel.Column("utförare", width=30),
    excel.Column("orsak", width=44),
    excel.Column("rader", excel.WHOLE),
    excel.Column("belopp", excel.AMOUNT),
)


@dataclass(frozen=True)
class Unpaid:
    """One expected amount; None where it cannot be known."""

    month: date
    provider: str
    organisation_number: str
    unit: str
    number: str
    reason: str
    amount: int | None
    note: str = ""

    @property
    def is_estimated(self) -> bool:
        return self.reason == "not_run"


def found(system: ChoiceSystem, day: date) -> list[Unpaid]:
    """By month, provider and placement."""
    some = [
        *_of(year_end_queries.booked_late(system.id, day), "late"),
        *_of(year_end_queries.not_attested(system.id, day), "computed"),
        *_of(year_end_queries.on_hold(system.id, day), "on_hold"),
        *_held(year_end_queries.held_items(system.id, day)),
        *_not_run(system, day),
        *_of(year_end_queries.objections(system.id, day), "objection"),
    ]
    return sorted(some, key=lambda one: (one.month, one.provider, one.unit, one.number))


def _of(rows: Sequence[Any], reason: str) -> Iterator[Unpaid]:
    for row in rows:
        yield _unpaid(row, reason)


def _held(rows: Sequence[Any]) -> Iterator[Unpaid]:
    for row in rows:
        yield _unpaid(row, row.reason)


def _not_run(system: ChoiceSystem, day: date) -> Iterator[Unpaid]:
    """A month that nobody has run is expected to be as the last one paid."""
    for month in year_end_queries.months_not_run(system.id, day):
        for row in year_end_queries.expected(system.id, month):
            yield _unpaid(row, "not_run", month.first)


def _unpaid(row: Any, reason: str, month: date | None = None) -> Unpaid:
    return Unpaid(
        month=month or row.month,
        provider=row.provider,
        organisation_number=row.organisation_number,
        unit=row.unit,
        number=row.number or "",
        reason=reason,
        amount=None if row.amount is None else int(row.amount),
        note=row.note or "",
    )


def make(
    *,
    system: ChoiceSystem,
    day: date,
    period: date,
    by_id: int | None,
    reason: str = "",
) -> LedgerFile:
    """The list as a workbook, kept; a different list for the same day says why."""
    if day > today():
        raise Refused(
            "Balansdagen har inte varit ännu. Välj en dag som har varit.", "day"
        )
    if period.day != 1:
        raise Refused("Skriv månadens första dag, till exempel 2026-12-01.", "period")
    rows = found(system, day)
    content = Content(
        content=_workbook(rows, day, period),
        rows=len(rows),
        total=sum(row.amount or 0 for row in rows),
        mime=excel.MIME,
        ending="xlsx",
    )
    key = f"bokslut/{day}/{period:%Y-%m}"
    last = queries.latest_file(system.id, key)
    if last is not None and last.sha256 == operations.sha256(content.content):
        return last
    if last is not None and not reason:
        raise Refused(
            "Listan för den dagen och perioden finns redan och blir en annan nu. Skriv "
            "varför den görs om, så står båda kvar.",
            "reason",
        )
    return operations.keep_file(
        choice_system_id=system.id,
        key=key,
        kind="year_end",
        stem=f"bokslut_{day}_{period:%Y-%m}",
        content=content,
        version=1 if last is None else last.version + 1,
        corrects=last,
        reason=reason,
        by_id=by_id,
    )


def _workbook(rows: Sequence[Unpaid], day: date, period: date) -> bytes:
    sheets = [
        excel.Sheet("Underlag", COLUMNS, [_row(row, day, period) for row in rows]),
        excel.Sheet("Sammanställning", SUMMARY, list(_summary(rows))),
        excel.Pairs("Läs mig", _read_me(rows, day)),
    ]
    return excel.workbook(sheets, title=f"Förväntat men inte betalt {day}")


def _row(row: Unpaid, day: date, period: date) -> list[excel.Value]:
    return [
        day,
        period,
        row.month,
        row.provider,
        row.organisation_number,
        row.unit,
        row.number,
        REASONS[row.reason],
        None if row.amount is None else in_kronor(row.amount),
        "J" if row.is_estimated else "N",
        row.note,
    ]


def _summary(rows: Sequence[Unpaid]) -> Iterator[list[excel.Value]]:
    sums: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        one = sums.setdefault((row.provider, row.reason), [0, 0])
        one[0] += 1
        one[1] += row.amount or 0
    for (provider, reason), (number, amount) in sorted(sums.items()):
        yield [provider, REASONS[reason], number, in_kronor(amount)]


def _read_me(rows: Sequence[Unpaid], day: date) -> list[tuple[str, str, excel.Value]]:
    unknown = sum(row.amount is None for row in rows)
    told = (
        ("Vad listan är", f"Ersättning för tiden till och med {day}, inte betald då."),
        ("Uppskattat", "J: månaden är inte körd. Beloppet är senast betalda månads."),
        ("Utan belopp", f"{unknown} rader går inte att räkna ännu."),
        ("Personer", "Inga namn. Placeringsnumret leder till ärendet i lovdv."),
    )
    return [(name, excel.TEXT, text) for name, text in told]
