"""Changing: the way of settlement, what is done about claims, and files to pay by."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from lovdv import audit, excel
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day, kronor, month
from lovdv.ledger import account_queries, postings
from lovdv.ledger import operations as ledger
from lovdv.ledger import queries as ledger_queries
from lovdv.ledger.contents import Content
from lovdv.ledger.models import LedgerFile
from lovdv.payouts.locking import lock
from lovdv.payouts.models import PaymentRun
from lovdv.providers.models import Contract
from lovdv.settlement import queries
from lovdv.settlement.models import ClaimEntry, SettlementWay
from lovdv.settlement.queries import (
    FILE_KINDS,
    INTERNAL,
    INVOICE,
    PAYOUT,
    Settled,
)
from payments import Month, in_kronor


def decide_way(
    *, contract: Contract, way: str, first_day: date, reference: str, by_id: int | None
) -> SettlementWay:
    """From that day; months before it stay as they were settled."""
    if (contract.regi == "intern") != (way == INTERNAL):
        raise Refused(
            "Egen regi avräknas med internorder, och externa utförare med faktura "
            "eller utbetalning.",
            "way",
        )
    lock(contract.choice_system_id)
    _refuse_settled(contract, way, first_day)
    latest = db.session.scalar(
        select(func.max(SettlementWay.revision)).where(
            SettlementWay.contract_id == contract.id,
            SettlementWay.first_day == first_day,
        )
    )
    new = SettlementWay(
        contract_id=contract.id,
        way=way,
        first_day=first_day,
        revision=(latest or 0) + 1,
        reference=reference,
        decided_at=now(),
        decided_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("settlement.way", object=contract.public_id, after={"way": way})
    return new


def _refuse_settled(contract: Contract, way: str, first_day: date) -> None:
    """No month is settled in another way than the one it has been settled in."""
    ways = {PAYOUT: "utbetalning", INTERNAL: "internorder", INVOICE: "faktura"}
    for one in queries.ruled_from(contract, first_day):
        for done in queries.settled_by(one) - {way}:
            after = Month.of(one.run.month).next.first
            first = (
                "Kreditera fakturan först, eller välj" if done == INVOICE else "Välj"
            )
            raise Refused(
                f"{month(one.run.month).capitalize()} är redan avräknad med "
                f"{ways[done]}. {first} en första dag som inte är före {day(after)}.",
                "first_day",
            )


def record_entry(
    *,
    claim: Settled,
    kind: str,
    amount: int,
    day: date,
    note: str,
    by_id: int | None,
    against: Settled | None = None,
) -> ClaimEntry:
    """Make the claim smaller, never below nothing, nor a later month below nothing."""
    lock(claim.run.choice_system_id)
    claim = queries.settled_again(claim)
    if not 0 < amount <= claim.claim:
        raise Refused(
            f"Fordran är {kronor(claim.claim)}. Skriv ett belopp över noll som inte är "
            "större.",
            "amount",
        )
    if kind == "set_off":
        _require_room(against and queries.settled_again(against), amount)
    new = ClaimEntry(
        run_id=claim.run.id,
        provider_id=claim.provider.id,
        kind=kind,
        amount=amount,
        against_run_id=against.run.id if kind == "set_off" and against else None,
        day=day,
        note=note,
        recorded_at=now(),
        recorded_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "settlement.claim", object=claim.provider.public_id, after={"amount": amount}
    )
    return new


def _require_room(against: Settled | None, amount: int) -> None:
    if against is None:
        raise Refused("Välj månaden som fordran räknas av mot.", "against")
    if queries.is_in_payout_file(against):
        raise Refused(
            "Månaden står redan i en utbetalningsfil. Välj en månad vars fil inte är "
            "gjord ännu.",
            "against",
        )
    left = against.due - max(against.invoiced, 0)
    if amount > left:
        raise Refused(
            f"Månaden har {kronor(max(left, 0))} kvar att räkna av mot. Skriv ett "
            "mindre belopp.",
            "amount",
        )


def make_file(
    *, run: PaymentRun, way: str, by_id: int | None, reason: str
) -> LedgerFile:
    """The payout basis, or the internal order, of a run; once, or as a correction."""
    lock(run.choice_system_id)
    if run.status != "exported":
        raise Refused("Körningen är inte exporterad ännu. Ta ut den först.")
    rows = [one for one in queries.settled([run]) if one.way == way]
    if way == PAYOUT:
        rows = [one for one in rows if one.due > 0]
    if not rows:
        raise Refused("Ingen utförare avräknas så i den här körningen.")
    content = _payout(run, rows) if way == PAYOUT else _internal(run, rows)
    key = queries.file_key(run, way)
    last = ledger_queries.latest_file(run.choice_system_id, key)
    if last is not None and last.sha256 == ledger.sha256(content.content):
        return last
    if last is not None and not reason:
        raise Refused(
            "Filen blir en annan än den som redan är gjord. Skriv varför den ska "
            "rättas.",
            "reason",
        )
    return ledger.keep_file(
        choice_system_id=run.choice_system_id,
        run=run,
        key=key,
        kind=FILE_KINDS[way],
        stem=f"{_STEMS[way]}_{run.month:%Y-%m}_{run.public_id[:8]}",
        content=content,
        version=1 if last is None else last.version + 1,
        corrects=last,
        reason=reason,
        by_id=by_id,
    )


_STEMS = {PAYOUT: "utbetalning", INTERNAL: "internorder"}
PAYOUT_COLUMNS = (
    excel.Column("utförare", width=30),
    excel.Column("organisationsnr"),
    excel.Column("leverantörsnr"),
    excel.Column("avtal"),
    excel.Column("beställarreferens"),
    excel.Column("OCR", width=24),
    excel.Column("period", excel.MONTH),
    excel.Column("ersättning", excel.AMOUNT),
    excel.Column("avräknad fordran", excel.AMOUNT),
    excel.Column("att betala", excel.AMOUNT),
)
INTERNAL_COLUMNS = (
    excel.Column("utförare", width=30),
    excel.Column("avtal"),
    excel.Column("period", excel.MONTH),
    excel.Column("avser period", excel.MONTH),
    excel.Column("radtyp", width=14),
    excel.Column("konto/ansvar/verksamhet", width=26),
    excel.Column("motkonto"),
    excel.Column("belopp", excel.AMOUNT),
)


def _payout(run: PaymentRun, rows: Sequence[Settled]) -> Content:
    told: list[list[excel.Value]] = [
        [
            one.provider.name,
            one.provider.organisation_number,
            one.contract.supplier_number,
            one.contract.number,
            one.contract.order_reference,
            one.ocr,
            run.month,
            in_kronor(one.net),
            in_kronor(one.set_off),
            in_kronor(one.due),
        ]
        for one in rows
    ]
    total = sum(one.due for one in rows)
    return _book("Utbetalning", PAYOUT_COLUMNS, told, total)


def _internal(run: PaymentRun, rows: Sequence[Settled]) -> Content:
    accounts = account_queries.accounts_of(run)
    contracts = {one.provider.id: one.contract.number for one in rows}
    own = [line for line in accounts.lines if line.provider_id in contracts]
    numbers = {line.organisation_number: contracts[line.provider_id] for line in own}
    some = postings.summed(postings.of_lines(run.month, own, accounts.strings))
    told: list[list[excel.Value]] = [
        [
            one.provider,
            numbers[one.organisation_number],
            run.month,
            one.month,
            one.kind,
            one.string.shown,
            one.string.contra,
            in_kronor(one.amount),
        ]
        for one in some
    ]
    return _book("Internorder", INTERNAL_COLUMNS, told, sum(x.amount for x in some))


def _book(
    title: str,
    columns: Sequence[excel.Column],
    rows: list[list[excel.Value]],
    total: int,
) -> Content:
    control = excel.Pairs(
        "Kontroll",
        [
            ("Summa", excel.AMOUNT, in_kronor(total)),
            ("Rader", excel.WHOLE, len(rows)),
            ("Personer", excel.TEXT, "Inga namn och inga placeringar."),
        ],
    )
    sheets = [excel.Sheet("Underlag", columns, rows), control]
    return Content(
        content=excel.workbook(sheets, title=title),
        rows=len(rows),
        total=total,
        mime=excel.MIME,
        ending="xlsx",
    )
