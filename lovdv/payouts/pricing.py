"""Price lists: uploaded, looked through, decided. What is decided never changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lovdv import audit, excel
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import InstrumentVersion
from lovdv.needs.queries import version_on
from lovdv.payouts import queries
from lovdv.payouts.facts import rule_sets
from lovdv.payouts.models import PriceCell, PriceDraft, PriceList
from lovdv.systems.models import ChoiceSystem
from payments import (
    Expected,
    ReadPrices,
    RowNote,
    in_kronor,
    known_rules,
    read_price_rows,
)
from payments.price_rows import COLUMNS

UNIT_WORDS = {"day": "dygn", "month": "månad"}
"""As published lists have it; pages say day."""

SHOWN_UNITS = {"day": "dag", "month": "månad"}


@dataclass(frozen=True)
class Preview:
    """A file's rows with what is wrong and what looks odd, by row."""

    read: ReadPrices
    rows: Sequence[Sequence[str]]
    faults: Mapping[int, Sequence[str]]
    warnings: Mapping[int, Sequence[str]]

    @property
    def can_be_decided(self) -> bool:
        return not self.read.errors


def upload(
    *, system: ChoiceSystem, content: bytes, file_name: str, by_id: int | None
) -> PriceDraft:
    """Keep the file's rows for a look; a file that cannot be read is refused."""
    draft = PriceDraft(
        choice_system_id=system.id,
        file_name=file_name[:200],
        rows=excel.read(content, file_name),
        uploaded_at=now(),
        uploaded_by_id=by_id,
    )
    db.session.add(draft)
    db.session.flush()
    audit.change("price.upload", object=draft.public_id)
    return draft


def throw_away(draft: PriceDraft) -> None:
    db.session.delete(draft)
    audit.change("price.throw_away", object=draft.public_id)


def preview(draft: PriceDraft, on: date) -> Preview:
    """As of the list's own first day, or of a day when it names none."""
    rows = draft.rows
    first_day = read_price_rows(rows).first_day or on
    read = read_prices(draft.choice_system_id, rows, first_day)
    return Preview(read, rows, _by_row(read.errors), _by_row(read.warnings))


def read_prices(
    choice_system_id: int, rows: Sequence[Sequence[str]], first_day: date
) -> ReadPrices:
    """The rows against the instruments and the payment rules of the first day."""
    return read_price_rows(rows, _expected(choice_system_id, first_day))


def _expected(choice_system_id: int, on: date) -> Expected:
    """Prices for the version in force; levels still paid by may stand beside."""
    version = version_on(choice_system_id, on)
    rules = known_rules(rule_sets(choice_system_id), on.replace(day=1), now())
    return Expected(
        levels=() if version is None else _price_levels(version),
        also=_other_levels(choice_system_id),
        classes=[one.name for one in rules.classes] if rules else (),
        basis=rules.basis if rules else "",
    )


def _other_levels(choice_system_id: int) -> list[str]:
    """The price levels of every published version and of everybody ever established."""
    published = [
        level
        for version in queries.published_instruments(choice_system_id)
        for level in _price_levels(version)
    ]
    established = queries.established_price_levels(choice_system_id)
    return list(dict.fromkeys([*published, *established]))


def _price_levels(version: InstrumentVersion) -> list[str]:
    levels = instrument_of(version).levels
    return list(dict.fromkeys(level.price_level for level in levels))


def _by_row(notes: Sequence[RowNote]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for note in notes:
        found[note.row].append(f"{note.column}: {note.message}")
    return dict(found)


def file_with_faults(draft: PriceDraft, on: date) -> bytes:
    return excel.with_faults(draft.rows, preview(draft, on).faults)


def decide(
    *,
    system: ChoiceSystem,
    rows: Sequence[Sequence[str]],
    name: str,
    first_day: date,
    reference: str,
    vat_compensation: int = 0,
    by_id: int | None = None,
) -> PriceList:
    """The list as a new decision; one with the same first day gets a new revision."""
    read = read_prices(system.id, rows, first_day)
    if read.errors:
        raise Refused(
            f"Listan kan inte gälla från {first_day}. Rad {read.errors[0].row}: "
            f"{read.errors[0].message}",
            "first_day",
        )
    if read.first_day is not None and read.first_day != first_day:
        raise Refused(
            f"Filen säger att priserna gäller från {read.first_day}. Ange den dagen, "
            "eller rätta filen.",
            "first_day",
        )
    prices = PriceList(
        choice_system_id=system.id,
        name=name,
        first_day=first_day,
        revision=_next_revision(system, first_day),
        reference=reference,
        vat_compensation=vat_compensation,
        decided_at=now(),
        decided_by_id=by_id,
        cells=[
            PriceCell(
                level=cell.level,
                extent_class=cell.extent_class,
                regi=cell.regi,
                unit=cell.unit,
                amount=cell.amount,
            )
            for cell in read.cells
        ],
    )
    db.session.add(prices)
    db.session.flush()
    audit.change(
        "price.decide", object=prices.public_id, after={"cells": len(read.cells)}
    )
    return prices


def _next_revision(system: ChoiceSystem, first_day: date) -> int:
    latest = db.session.scalar(
        select(func.max(PriceList.revision)).where(
            PriceList.choice_system_id == system.id, PriceList.first_day == first_day
        )
    )
    return (latest or 0) + 1


def template() -> bytes:
    """The file to fill in with prices."""
    columns = [
        excel.Column("nivå"),
        excel.Column("omfattning"),
        excel.Column("regi", choices=("extern", "intern", "alla")),
        excel.Column("belopp_kr", excel.AMOUNT),
        excel.Column("enhet", choices=("dygn", "månad")),
        excel.Column("giltig_från", excel.DAY),
    ]
    return excel.template(columns, [], _HELP, title="Prislista att fylla i")


_HELP = (
    ("nivå", "Nivån som text, precis som i bedömningsinstrumentet."),
    ("omfattning", "Omfattningsklassen, stavad som i ersättningsreglerna."),
    ("regi", "extern, intern eller alla."),
    ("belopp_kr", "Priset i kronor som det är beslutat, högst två decimaler."),
    ("enhet", "dygn eller månad; samma i hela filen."),
    ("giltig_från", "Första dagen priserna gäller, till exempel 2026-01-01."),
    ("Hela listan", "Varje nivå ska ha pris för varje omfattning och regi."),
)


@dataclass(frozen=True)
class PriceTable:
    """A list as people read it: a row a level and regi, a column a class."""

    classes: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[int | None]]]
    unit: str


def as_table(prices: PriceList) -> PriceTable:
    classes = list(dict.fromkeys(cell.extent_class for cell in prices.cells))
    known = {(c.regi, c.level, c.extent_class): c.amount for c in prices.cells}
    keys = dict.fromkeys((regi, level) for regi, level, _ in known)
    rows = [
        (level, regi, [known.get((regi, level, name)) for name in classes])
        for regi, level in keys
    ]
    return PriceTable(classes, rows, SHOWN_UNITS[prices.cells[0].unit])


def as_workbook(prices: PriceList) -> bytes:
    """A decided list in the form in which it can be read in again."""
    day = prices.first_day
    rows = [
        [
            cell.level,
            cell.extent_class,
            cell.regi,
            in_kronor(cell.amount),
            UNIT_WORDS[cell.unit],
            day,
        ]
        for cell in prices.cells
    ]
    kinds = {"belopp_kr": excel.AMOUNT, "giltig_från": excel.DAY}
    columns = [excel.Column(name, kinds.get(name, excel.TEXT)) for name in COLUMNS]
    return excel.workbook([excel.Sheet("Rader", columns, rows)], title=prices.name)
