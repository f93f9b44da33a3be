"""Recording suppliers' invoices, by hand and by file, and placing them on months."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import kronor as shown
from lovdv.imports.tables import Row, RowFault
from lovdv.payouts.locking import lock
from lovdv.payouts.models import PaymentRun
from lovdv.settlement import invoice_queries, matching, queries
from lovdv.settlement.invoice_queries import Placed
from lovdv.settlement.models import InvoiceShare, SupplierInvoice
from lovdv.systems.models import ChoiceSystem
from payments import kronor, ore
from payments.errors import NotAnAmount

TOLD = 3
LONGEST_NUMBER = 60
COLUMNS = (
    "organisationsnr",
    "leverantörsnr",
    "fakturanr",
    "fakturadatum",
    "referens",
    "belopp",
    "moms",
)


@dataclass(frozen=True)
class Told:
    """An invoice as it is told; öre, without VAT, below zero for a credit note."""

    provider_id: int
    number: str
    day: date
    reference: str
    amount: int
    vat: int = 0


def record(*, system: ChoiceSystem, told: Told, by_id: int | None) -> SupplierInvoice:
    """Keep the invoice, and place it on the months that it says or exactly fits."""
    lock(system.id)
    months = queries.due_months(system.id, told.provider_id)
    return _keep(system, told, _shares(told, months), by_id)


def _shares(
    told: Told, months: Sequence[matching.DueMonth]
) -> tuple[matching.Share, ...]:
    return matching.shares(told.amount, told.reference, months)


def _keep(
    system: ChoiceSystem,
    told: Told,
    shares: Sequence[matching.Share],
    by_id: int | None,
) -> SupplierInvoice:
    _refuse_known(system, told)
    if not told.amount:
        raise Refused("En faktura på noll kronor går inte att ta emot.", "amount")
    new = SupplierInvoice(
        choice_system_id=system.id,
        provider_id=told.provider_id,
        number=told.number,
        reference=told.reference,
        day=told.day,
        amount=told.amount,
        vat=told.vat,
        recorded_at=now(),
        recorded_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    for share in shares:
        _place(new, share, by_id)
    db.session.flush()
    audit.change("settlement.invoice", object=new.public_id)
    return new


def _refuse_known(system: ChoiceSystem, told: Told) -> None:
    known = db.session.scalar(
        select(SupplierInvoice.id).where(
            SupplierInvoice.choice_system_id == system.id,
            SupplierInvoice.provider_id == told.provider_id,
            SupplierInvoice.number == told.number,
        )
    )
    if known is not None:
        raise Refused(
            f"Fakturan {told.number} från utföraren är redan registrerad.", "number"
        )


def _place(invoice: SupplierInvoice, share: matching.Share, by_id: int | None) -> None:
    db.session.add(
        InvoiceShare(
            invoice_id=invoice.id,
            run_id=share.run_id,
            amount=share.amount,
            how=share.how,
            placed_at=now(),
            placed_by_id=by_id,
        )
    )


def place_by_hand(
    *, placed: Placed, run_id: int, amount: int, by_id: int | None
) -> None:
    """Say that so much of the invoice is about a month."""
    lock(placed.invoice.choice_system_id)
    left = invoice_queries.placed(placed.invoice.id).unplaced
    if not amount or (amount > 0) != (left > 0) or abs(amount) > abs(left):
        raise Refused(
            f"{shown(left)} av fakturan är inte fördelat. Skriv ett belopp som ryms i "
            "det.",
            "amount",
        )
    _refuse_paid_by_file(placed, run_id)
    here = invoice_queries.shares_of(placed.invoice)
    if any(run.id == run_id for _, run in here):
        raise Refused("Fakturan är redan fördelad på den månaden.", "run")
    _place(placed.invoice, matching.Share(run_id, amount, matching.HAND), by_id)
    db.session.flush()
    audit.change("settlement.place", object=placed.invoice.public_id)


def _refuse_paid_by_file(placed: Placed, run_id: int) -> None:
    run = db.session.get_one(PaymentRun, run_id)
    for one in queries.settled([run], placed.provider.id):
        if not queries.takes_invoices(one):
            raise Refused(
                "Månaden betalas med en fil från kommunen och tar inga fakturor. Välj "
                "en annan månad, eller besluta först om ett annat sätt att avräkna.",
                "run",
            )


def record_file(
    *, system: ChoiceSystem, rows: Sequence[Sequence[str]], by_id: int | None
) -> int:
    """Every row of the file, or none of them; how many there were."""
    found, faults = _read(system, rows)
    if faults:
        more = f" Och {len(faults) - TOLD} rader till." if len(faults) > TOLD else ""
        raise Refused(" ".join(faults[:TOLD]) + more, "file")
    if not found:
        raise Refused("Filen har inga rader under rubrikerna.", "file")
    lock(system.id)
    known: dict[int, list[matching.DueMonth]] = {}
    for number, told in found:
        if told.provider_id not in known:
            known[told.provider_id] = queries.due_months(system.id, told.provider_id)
        shares = _shares(told, known[told.provider_id])
        try:
            _keep(system, told, shares, by_id)
        except Refused as refusal:
            raise Refused(f"Rad {number}: {refusal.message}", "file") from refusal
        known[told.provider_id] = matching.carried(known[told.provider_id], shares)
    return len(found)


def _read(
    system: ChoiceSystem, rows: Sequence[Sequence[str]]
) -> tuple[list[tuple[int, Told]], list[str]]:
    heading = [title.strip().casefold() for title in (rows[0] if rows else ())]
    places = {name: heading.index(name) for name in COLUMNS if name in heading}
    for name in ("fakturanr", "fakturadatum", "belopp"):
        if name not in places:
            raise Refused(f"Rubriken {name} saknas på första raden.", "file")
    find = _finder(system)
    found: list[tuple[int, Told]] = []
    faults: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            name: row[place].strip() if place < len(row) else ""
            for name, place in places.items()
        }
        if not any(cells.values()):
            continue
        try:
            found.append((number, _told(Row(number, cells), find)))
        except (Refused, RowFault, NotAnAmount) as fault:
            faults.append(f"Rad {number}: {getattr(fault, 'message', fault)}")
    return found, faults


def _finder(system: ChoiceSystem) -> Callable[[Mapping[str, str]], int]:
    by_number = {
        _digits(one.organisation_number): one.id
        for one in invoice_queries.providers(system.id)
    }
    by_supplier = invoice_queries.contracts_by_supplier(system.id)

    def find(cells: Mapping[str, str]) -> int:
        supplier = cells.get("leverantörsnr", "")
        number = cells.get("organisationsnr", "")
        found = by_supplier.get(supplier) or by_number.get(_digits(number) or "-")
        if found is None:
            raise Refused(
                f"Ingen utförare med avtal har nummer {supplier or number or '(tomt)'}."
            )
        return found

    return find


def _digits(number: str) -> str:
    return "".join(digit for digit in number if digit.isdigit())


def _told(row: Row, find: Callable[[Mapping[str, str]], int]) -> Told:
    number = row.text("fakturanr")
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise Refused(
            "Fakturanumret saknas."
            if not number
            else f"Fakturanumret är längre än {LONGEST_NUMBER} tecken. Rätta det."
        )
    day = row.required_day("fakturadatum")
    vat = row.text("moms")
    return Told(
        provider_id=find(row.texts),
        number=number,
        day=day,
        reference=row.text("referens")[:200],
        amount=ore(kronor(row.text("belopp"))),
        vat=ore(kronor(vat)) if vat else 0,
    )
