"""A unit's months in Excel: the rows with state and next date, and every line."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from lovdv import excel
from lovdv.basis.rows import PAID, Row, UnitMonth
from lovdv.formats import month as month_name
from lovdv.ledger.workbooks import UNIT_NAMES, line_kind, quantity
from lovdv.payouts.models import PaymentLine
from lovdv.people.models import Client
from lovdv.people.names import shown_name
from payments import in_kronor

ROWS = (
    excel.Column("månad", excel.MONTH),
    excel.Column("avser period", excel.MONTH),
    excel.Column("placeringsnr"),
    excel.Column("person", width=26),
    excel.Column("läge", width=24),
    excel.Column("varför", width=60),
    excel.Column("härnäst", width=44),
    excel.Column("senast", excel.DAY),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("betalas", excel.AMOUNT),
)
LINES = (
    excel.Column("rad", excel.TEXT, 10),
    excel.Column("månad", excel.MONTH),
    excel.Column("avser period", excel.MONTH),
    excel.Column("placeringsnr"),
    excel.Column("från och med", excel.DAY),
    excel.Column("till och med", excel.DAY),
    excel.Column("nivå", width=8),
    excel.Column("omfattningsklass"),
    excel.Column("prisenhet", width=10),
    excel.Column("antal", excel.QUANTITY),
    excel.Column("à-pris", excel.AMOUNT),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("radtyp", width=14),
    excel.Column("rättar rad", width=12),
)
NAME_AT = [column.title for column in ROWS].index("person")

Values = Sequence[excel.Value]


def file_name(months: Sequence[UnitMonth]) -> str:
    first, last = months[0], months[-1]
    name = first.unit.name.casefold().translate(str.maketrans("åäöéü", "aaoeu"))
    plain = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:40]
    period = str(first.month) if first is last else f"{first.month}_{last.month}"
    return f"underlag_{plain}_{period}.xlsx"


def of_months(months: Sequence[UnitMonth], people: Mapping[int, Client]) -> bytes:
    """`people`: by placement, whom the reader may see by name; empty to others."""
    kept = [n for n in range(len(ROWS)) if people or n != NAME_AT]
    rows = ([row[n] for n in kept] for row in _rows(months, people))
    sheets = [
        excel.Sheet("Underlag", [ROWS[n] for n in kept], rows),
        excel.Sheet("Rader", LINES, _lines(months)),
        excel.Pairs("Summor", _sums(months)),
        excel.Pairs("Läs mig", [(name, excel.TEXT, told) for name, told in ABOUT]),
    ]
    return excel.workbook(sheets, title=f"Underlag {months[0].unit.name}")


def _rows(
    months: Sequence[UnitMonth], people: Mapping[int, Client]
) -> Iterator[Values]:
    for month in months:
        for row in month.rows:
            client = people.get(row.placement.id)
            yield (
                month.month.first,
                row.month.first,
                row.placement.number,
                shown_name(client) if client else "",
                row.name,
                " ".join(row.reasons),
                row.ahead.text,
                row.ahead.day,
                None if row.amount is None else in_kronor(row.amount),
                in_kronor(row.paid),
            )


def _lines(months: Iterable[UnitMonth]) -> Iterator[Values]:
    for month in months:
        for row in month.rows:
            if row.state in PAID:
                yield from (_line(month, row, line) for line in row.lines)


def _line(month: UnitMonth, row: Row, line: PaymentLine) -> Values:
    return (
        str(line.id),
        month.month.first,
        line.month,
        row.placement.number,
        line.first_day,
        line.end_day - timedelta(days=1),
        line.level,
        line.extent_class,
        UNIT_NAMES[line.unit],
        quantity(line),
        in_kronor(line.price),
        in_kronor(line.amount),
        line_kind(month.month.first, line),
        "" if line.corrects_id is None else str(line.corrects_id),
    )


def _sums(
    months: Sequence[UnitMonth],
) -> list[tuple[str, str, excel.Value | excel.Formula]]:
    told: list[tuple[str, str, excel.Value | excel.Formula]] = []
    for month in months:
        name = month_name(month.month.first).capitalize()
        told.append((f"{name}, betalas", excel.AMOUNT, in_kronor(month.paid)))
        told.append((f"{name}, hålls inne", excel.AMOUNT, in_kronor(month.held)))
    total = sum(month.paid for month in months)
    return [*told, ("Allt som betalas", excel.AMOUNT, in_kronor(total))]


ABOUT = (
    ("Vad filen är", "Enhetens underlag: en rad för varje placering och månad."),
    ("Personer", "Namn står bara i enhetens egen fil, och bara de som enheten ser."),
    ("Betalas", "Det som är attesterat och inte hålls inne. Summan är månadens."),
    ("Avser period", "Månaden som betalas. En tidigare månad är en rättelse."),
    ("Bladet Rader", "Varje belopp är antal × à-pris, avrundat en gång till ören."),
    ("Återföring", "En tidigare rad tas tillbaka i sin helhet."),
)
