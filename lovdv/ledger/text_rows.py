"""What a template's sources are for a run: one mapping a row, in order."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from lovdv.clock import local_day
from lovdv.ledger import postings, workbooks
from lovdv.ledger.account_words import kind_word
from lovdv.ledger.postings import Posting
from lovdv.ledger.text_files import TextRow, Value
from lovdv.payouts.models import PaymentRun
from lovdv.systems.models import Municipality
from payments import Month, in_kronor


def about(run: PaymentRun, home: Municipality) -> dict[str, Value]:
    """What stands in every row, and in header and footer."""
    done = run.exported_at or run.attested_at or run.computed_at
    return {
        "körning": run.public_id,
        "bokföringsperiod": run.month,
        "bokföringsdag": Month.of(run.month).end - timedelta(days=1),
        "skapad": local_day(done),
        "kommun": home.name,
        "kommunens_organisationsnr": home.organisation_number,
    }


def rows(
    per: str,
    found: Iterable[Posting],
    around: Mapping[str, Value],
    lists: Mapping[str, str],
) -> list[TextRow]:
    """The rows of the file, numbered; a voucher's rows stand together."""
    numbered = enumerate(_in_order(per, found), start=1)
    return [
        {**around, "radnr": number, "verifikation": voucher, **_row(one, lists)}
        for number, (voucher, one) in numbered
    ]


def _in_order(per: str, found: Iterable[Posting]) -> Iterator[tuple[int, Posting]]:
    """Each posting with its voucher's number."""
    if per == "voucher":
        for number, rows_of in enumerate(postings.vouchers(postings.summed(found)), 1):
            yield from ((number, one) for one in rows_of)
        return
    some: Iterable[Posting] = found if per == "line" else postings.summed(found)
    numbers: dict[tuple[str, str, str], int] = {}
    for one in some:
        yield numbers.setdefault(one.payee, len(numbers) + 1), one


def _row(one: Posting, lists: Mapping[str, str]) -> dict[str, Value]:
    return {
        **_of_posting(one),
        **({} if one.line is None else _of_line(one.line, lists)),
    }


def _of_posting(one: Posting) -> dict[str, Value]:
    string = one.string
    return {
        "avser_period": one.month,
        "utförare": one.provider,
        "organisationsnr": one.organisation_number,
        "leverantörsnr": one.supplier_number,
        "motpart": workbooks.COUNTERPARTS.get(one.counterpart, one.counterpart),
        "lagrum": workbooks.LAWS.get(one.law, one.law),
        "belopp": in_kronor(one.amount),
        "belopp_öre": one.amount,
        "radtyp": one.kind,
        "konto": string.account,
        "ansvar": string.responsibility,
        "verksamhet": string.operation,
        "motpartskod": string.counterpart,
        "projekt": string.project,
        "aktivitet": string.activity,
        "fri": string.free,
        "motkonto": string.contra,
        "momsersättning": one.vat.mark,
        "momsunderlag": in_kronor(one.vat.base),
        "momsprocent": one.vat.per_cent,
        "momsbelopp": in_kronor(one.vat.amount),
        "beställarreferens": one.order_reference,
        "text": f"{one.kind.capitalize()} {one.month:%Y-%m}",
    }


def _of_line(line: Any, lists: Mapping[str, str]) -> dict[str, Value]:
    """What only a single line has."""
    return {
        "rad": str(line.id),
        "enhet": line.unit_name,
        "placeringsnr": line.number,
        "nivå": line.level,
        "omfattningsklass": line.extent_class,
        "prisenhet": workbooks.UNIT_NAMES.get(line.unit, line.unit),
        "antal": workbooks.quantity(line),
        "à_pris": in_kronor(line.price),
        "rättar_rad": "" if line.corrects_id is None else str(line.corrects_id),
        "prislista": workbooks.price_lists(line, lists),
        "slag": kind_word(line.kind),
    }
