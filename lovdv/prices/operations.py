"""Price lists: uploaded, looked through, decided. What is decided never changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, select

from lovdv import audit, excel
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import InstrumentVersion
from lovdv.needs.queries import version_on
from lovdv.payouts.facts import rule_sets
from lovdv.prices import queries
from lovdv.prices.announcing import UNSAID, Announcement, refuse_unannounced
from lovdv.prices.comparing import Compared, compared
from lovdv.prices.files import SHOWN_UNITS
from lovdv.prices.models import PriceCell, PriceDraft, PriceList
from lovdv.prices.proposing import FIRST_ROW, proposed_amounts
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import system_with
from payments import (
    Expected,
    ReadPrices,
    RowNote,
    known_rules,
    read_price_rows,
)


@dataclass(frozen=True)
class Preview:
    """A file's rows with what is wrong and what looks odd, by row."""

    read: ReadPrices
    rows: Sequence[Sequence[str]]
    compared: Compared
    first_day: date
    """The file's own, or the day it is looked at as of."""

    @cached_property
    def faults(self) -> Mapping[int, Sequence[str]]:
        return _by_row(self.read.errors)

    @cached_property
    def warnings(self) -> Mapping[int, Sequence[str]]:
        return _by_row(
            [*self.read.warnings, *self.compared.jumps, *self.compared.off_index]
        )

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
    rows, home = draft.rows, draft.choice_system_id
    first_day = read_price_rows(rows).first_day or on
    read = read_prices(home, rows, first_day)
    against = compared(home, read.cells, first_day, draft.index_hundredths)
    return Preview(read, rows, against, first_day)


def state_index(draft: PriceDraft, *, name: str, hundredths: int | None) -> None:
    """The index that the decision says the list follows; none takes it away."""
    draft.index_name, draft.index_hundredths = name, hundredths
    audit.change(
        "price.index", object=draft.public_id, after={"hundredths": hundredths}
    )


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


@dataclass(frozen=True)
class Decided:
    """What a decision says beside the prices themselves."""

    name: str
    first_day: date
    reference: str
    vat_compensation: int = 0
    status: str = "definitive"
    announcement: Announcement = UNSAID
    by_id: int | None = None


def decide_draft(draft: PriceDraft, decided: Decided) -> PriceList:
    """The draft as a list, with its index and each deviation from the proposal."""
    system = system_with(draft.choice_system_id)
    prices = _made(system, draft.rows, decided)
    prices.index_name = draft.index_name
    prices.index_hundredths = draft.index_hundredths
    prices.proposed_from_id = draft.proposed_from_id
    _keep_proposal(prices, draft)
    _add(prices, decided)
    throw_away(draft)
    return prices


def decide(
    *,
    system: ChoiceSystem,
    rows: Sequence[Sequence[str]],
    name: str,
    first_day: date,
    reference: str,
    vat_compensation: int = 0,
    by_id: int | None = None,
    status: str = "definitive",
    announcement: Announcement = UNSAID,
) -> PriceList:
    """The list as a new decision; one with the same first day gets a new revision."""
    decided = Decided(
        name, first_day, reference, vat_compensation, status, announcement, by_id
    )
    prices = _made(system, rows, decided)
    _add(prices, decided)
    return prices


def _made(
    system: ChoiceSystem, rows: Sequence[Sequence[str]], decided: Decided
) -> PriceList:
    """The list, not yet among the others."""
    read = read_prices(system.id, rows, decided.first_day)
    _refuse_faults(read, decided.first_day)
    _refuse_going_back(system, decided)
    told = decided.announcement
    refuse_unannounced(system.id, read.cells, decided.first_day, told)
    return PriceList(
        choice_system_id=system.id,
        name=decided.name,
        first_day=decided.first_day,
        revision=_next_revision(system, decided.first_day),
        reference=decided.reference,
        vat_compensation=decided.vat_compensation,
        status=decided.status,
        announced_on=told.on,
        announcement=told.reference,
        override_reason=told.override_reason,
        decided_at=now(),
        decided_by_id=decided.by_id,
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


def _add(prices: PriceList, decided: Decided) -> None:
    db.session.add(prices)
    db.session.flush()
    after: dict[str, object] = {"cells": len(prices.cells), "status": decided.status}
    if decided.announcement.override_reason:
        after["override_reason"] = decided.announcement.override_reason
    audit.change("price.decide", object=prices.public_id, after=after)


def _refuse_faults(read: ReadPrices, first_day: date) -> None:
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


def _refuse_going_back(system: ChoiceSystem, decided: Decided) -> None:
    before = queries.list_on(system.id, decided.first_day)
    if (
        decided.status == "preliminary"
        and before is not None
        and before.status == "definitive"
    ):
        raise Refused(
            "En definitiv lista är redan beslutad från den dagen. Välj definitiv, "
            "eller en annan första dag.",
            "status",
        )


def _keep_proposal(prices: PriceList, draft: PriceDraft) -> None:
    """What the index gave in each cell, and why the price is another."""
    if draft.proposed_from_id is None:
        return
    proposed = proposed_amounts(draft)
    for number, cell in enumerate(prices.cells, start=FIRST_ROW):
        cell.proposed = proposed[number]
        if cell.amount != cell.proposed:
            cell.reason = draft.reasons[str(number)]


def _next_revision(system: ChoiceSystem, first_day: date) -> int:
    latest = db.session.scalar(
        select(func.max(PriceList.revision)).where(
            PriceList.choice_system_id == system.id, PriceList.first_day == first_day
        )
    )
    return (latest or 0) + 1


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
