"""A decided list raised by an index: a draft that is edited cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.prices.comparing import engine_cells
from lovdv.prices.files import UNIT_WORDS, written
from lovdv.prices.models import PriceDraft, PriceList
from payments import PriceCell
from payments.indexing import index_shown, proposal
from payments.price_rows import COLUMNS

FIRST_ROW = 2
"""As counted in the file; the heading is row 1."""

AMOUNT_AT = COLUMNS.index("belopp_kr")
DAY_AT = COLUMNS.index("giltig_från")


def propose(
    *,
    before: PriceList,
    index_name: str,
    hundredths: int,
    first_day: date,
    by_id: int | None,
) -> PriceDraft:
    """A draft with every price raised, to be looked through before it is decided."""
    if first_day <= before.first_day:
        raise Refused(
            f"Listan som räknas upp gäller från {before.first_day}. Välj en senare "
            "första dag.",
            "first_day",
        )
    cells = proposal(engine_cells(before), hundredths)
    draft = PriceDraft(
        choice_system_id=before.choice_system_id,
        file_name=f"{before.name}, {index_name} {index_shown(hundredths)}"[:200],
        rows=[list(COLUMNS), *(_row(cell, first_day) for cell in cells)],
        proposed_from_id=before.id,
        index_name=index_name,
        index_hundredths=hundredths,
        reasons={},
        uploaded_at=now(),
        uploaded_by_id=by_id,
    )
    db.session.add(draft)
    db.session.flush()
    audit.change("price.propose", object=draft.public_id, after={"index": hundredths})
    return draft


def _row(cell: PriceCell, first_day: date) -> list[str]:
    return [
        cell.level,
        cell.extent_class,
        cell.regi,
        written(cell.amount),
        UNIT_WORDS[cell.unit],
        first_day.isoformat(),
    ]


@dataclass(frozen=True)
class Proposed:
    """A row of the proposal: what it was, and what the index gives."""

    row: int
    level: str
    extent_class: str
    regi: str
    before: int
    proposed: int
    text: str
    reason: str


def proposed_rows(draft: PriceDraft) -> list[Proposed]:
    old = engine_cells(_from(draft))
    raised = proposal(old, draft.index_hundredths or 0)
    return [
        Proposed(
            number,
            cell.level,
            cell.extent_class,
            cell.regi,
            was.amount,
            cell.amount,
            draft.rows[number - 1][AMOUNT_AT],
            draft.reasons.get(str(number), ""),
        )
        for number, (was, cell) in enumerate(
            zip(old, raised, strict=True), start=FIRST_ROW
        )
    ]


def proposed_amounts(draft: PriceDraft) -> Mapping[int, int]:
    """By row: öre as the index gives them."""
    return {one.row: one.proposed for one in proposed_rows(draft)}


def _from(draft: PriceDraft) -> PriceList:
    return db.session.get_one(PriceList, draft.proposed_from_id)


def seal(draft: PriceDraft) -> str:
    """Of what the editor saw; another means that somebody saved in between."""
    told = (
        f"{draft.rows}{sorted(draft.reasons.items())}"
        f"{draft.index_name}{draft.index_hundredths}"
    )
    return sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Edited:
    """A price in öre, and why it is another than the proposed one."""

    amount: int
    reason: str


def edit(draft: PriceDraft, cells: Sequence[Edited], *, seen: str) -> None:
    """Every cell as it was typed; reasons stand only where the price differs."""
    rows = proposed_rows(draft)
    if seen != seal(draft) or len(cells) != len(rows):
        raise Refused(
            "Någon annan har sparat utkastet medan du skrev. Dina siffror står kvar "
            "här. Öppna utkastet i ett nytt fönster och jämför innan du sparar."
        )
    before = {str(one.row): one.text for one in rows}
    draft.rows = [
        draft.rows[0],
        *(
            [*row[:AMOUNT_AT], written(cell.amount), *row[AMOUNT_AT + 1 :]]
            for row, cell in zip(draft.rows[1:], cells, strict=True)
        ),
    ]
    draft.reasons = {
        str(one.row): cell.reason
        for one, cell in zip(rows, cells, strict=True)
        if cell.amount != one.proposed
    }
    audit.change(
        "price.edit",
        object=draft.public_id,
        before=before,
        after={str(one.row): one.text for one in proposed_rows(draft)},
    )
