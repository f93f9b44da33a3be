"""What lovdv pay writes: lines, what is held, sums and how it was made."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from lovdv import excel
from lovdv.formats import swedish_key
from payments import in_kronor
from payments.booked_rows import BOOKED_COLUMNS, as_row
from payments.from_files import FileFacts, FilePaid

KINDS = {
    "första_dag": excel.DAY,
    "sista_dag": excel.DAY,
    "à_pris_kr": excel.AMOUNT,
    "belopp_kr": excel.AMOUNT,
    "hundradelar": excel.WHOLE,
    "av_dagar": excel.WHOLE,
    "andel_procent": excel.WHOLE,
    "avrundning_öre": excel.WHOLE,
    "dagar": excel.WHOLE,
}
LINES = tuple(
    excel.Column(name, KINDS.get(name, excel.TEXT)) for name in BOOKED_COLUMNS
)
HELD = (
    excel.Column("placeringsnummer"),
    excel.Column("enhet", width=30),
    excel.Column("avser_period"),
    excel.Column("första_dag", excel.DAY),
    excel.Column("sista_dag", excel.DAY),
    excel.Column("orsak", width=20),
    excel.Column("vad_som_ska_göras", width=80),
    excel.Column("belopp_kr", excel.AMOUNT),
)
SUMS = (
    excel.Column("utförare", width=30),
    excel.Column("enhet", width=30),
    excel.Column("rader", excel.WHOLE),
    excel.Column("belopp_kr", excel.AMOUNT),
)
TEXTS = (excel.Column("vad", width=18), excel.Column("text", width=100))
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Told:
    """How the month was made: what was read, left out, wrong and odd."""

    read: Sequence[tuple[str, int]]
    left_out: Sequence[str]
    faults: Sequence[str]
    odd: Sequence[str]
    controls: Sequence[str]
    listed: Sequence[str]


@dataclass(frozen=True)
class Out:
    """Everything that is written of a month."""

    facts: FileFacts
    paid: FilePaid
    told: Told


def write(path: Path, out: Out) -> list[str]:
    """One workbook, or a CSV file a table; the names of what was written."""
    sheets = list(_sheets(out))
    if path.suffix.casefold() == ".xlsx":
        title = f"Ersättning {out.paid.month}"
        path.write_bytes(excel.workbook(sheets, title=title))
        return [path.name]
    endings = ("", "-stoppat", "-summor", "-las-mig")
    paths = [path.with_stem(f"{path.stem}{ending}") for ending in endings]
    for one, sheet in zip(paths, sheets, strict=True):
        one.write_text(_csv(sheet), encoding="utf-8-sig", newline="")
    return [one.name for one in paths]


def _sheets(out: Out) -> Iterator[excel.Sheet]:
    placements = out.facts.placements
    yield excel.Sheet(
        "Rader",
        LINES,
        [
            as_row(entry, placements[str(entry.line.placement)])
            for entry in out.paid.entries
        ],
    )
    yield excel.Sheet("Stoppat", HELD, list(_held(out)))
    yield excel.Sheet("Summor", SUMS, list(_sums(out)))
    yield excel.Sheet("Läs mig", TEXTS, list(_texts(out)))


def _held(out: Out) -> Iterator[Sequence[excel.Value]]:
    for one in out.paid.held:
        placement = out.facts.placements.get(str(one.placement))
        yield (
            str(one.placement),
            "" if placement is None else placement.unit,
            str(one.month),
            one.start,
            one.end - timedelta(days=1),
            one.error,
            one.message,
            None if one.amount is None else in_kronor(one.amount),
        )


def _sums(out: Out) -> Iterator[Sequence[excel.Value]]:
    """A row a unit, a row a provider, and a row for all of it."""
    units: dict[tuple[str, str], list[int]] = {}
    for entry in out.paid.entries:
        placement = out.facts.placements[str(entry.line.placement)]
        key = placement.provider, placement.unit
        units.setdefault(key, []).append(entry.line.amount)
    by_provider: dict[str, list[int]] = {}
    ordered = sorted(units, key=lambda key: [swedish_key(name) for name in key])
    for provider, unit in ordered:
        amounts = units[provider, unit]
        by_provider.setdefault(provider, []).extend(amounts)
        yield provider, unit, len(amounts), in_kronor(sum(amounts))
    for provider, amounts in by_provider.items():
        yield provider, "alla enheter", len(amounts), in_kronor(sum(amounts))
    entries = out.paid.entries
    yield "alla utförare", "alla enheter", len(entries), in_kronor(out.paid.total)


def _texts(out: Out) -> Iterator[Sequence[excel.Value]]:
    told = out.told
    yield "månad", str(out.paid.month)
    yield "summa", f"{in_kronor(out.paid.total)} kr"
    for name, rows in told.read:
        yield "fil", f"{name}: {rows} rader"
    for what, texts in (
        ("utelämnat", told.left_out),
        ("fel", told.faults),
        ("obs", (*told.odd, *told.listed)),
        ("kontroll", told.controls),
    ):
        for text in texts:
            yield what, text


def _csv(sheet: excel.Sheet) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([column.title for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow(
            _cell(column.kind, value)
            for column, value in zip(sheet.columns, row, strict=True)
        )
    return text.getvalue()


def _cell(kind: str, value: excel.Value) -> str:
    """Amounts with a comma; a text never becomes a formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if kind == excel.TEXT and str(value).startswith(FORMULA):
        return f"'{value}"
    return str(value)
