"""Price lists as files: workbook, CSV and the template to fill in."""

import csv
import io

from lovdv import excel
from lovdv.prices.models import PriceCell, PriceList
from payments import in_kronor
from payments.price_rows import COLUMNS

UNIT_WORDS = {"day": "dygn", "month": "månad", "hour": "timme"}
"""As published lists have it; pages say day."""

SHOWN_UNITS = {"day": "dag", "month": "månad", "hour": "timme"}
CSV = "text/csv; charset=utf-8"
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
KINDS = {"belopp_kr": excel.AMOUNT, "giltig_från": excel.DAY}
REGIS = ("extern", "intern", "alla")

_HELP = (
    ("nivå", "Nivån som text, precis som i bedömningsinstrumentet."),
    ("omfattning", "Omfattningsklassen, stavad som i ersättningsreglerna."),
    ("regi", "extern, intern eller alla."),
    ("belopp_kr", "Priset i kronor som det är beslutat, högst två decimaler."),
    ("enhet", "dygn, månad eller timme; samma i hela filen."),
    ("giltig_från", "Första dagen priserna gäller, till exempel 2026-01-01."),
    ("Hela listan", "Varje nivå ska ha pris för varje omfattning och regi."),
)


def template() -> bytes:
    """The file to fill in with prices."""
    columns = [
        excel.Column("nivå"),
        excel.Column("omfattning"),
        excel.Column("regi", choices=REGIS),
        excel.Column("belopp_kr", excel.AMOUNT),
        excel.Column("enhet", choices=tuple(UNIT_WORDS.values())),
        excel.Column("giltig_från", excel.DAY),
    ]
    return excel.template(columns, [], _HELP, title="Prislista att fylla i")


def as_workbook(prices: PriceList) -> bytes:
    """A decided list in the form in which it can be read in again."""
    rows = [
        [
            cell.level,
            cell.extent_class,
            cell.regi,
            in_kronor(cell.amount),
            UNIT_WORDS[cell.unit],
            prices.first_day,
        ]
        for cell in prices.cells
    ]
    columns = [excel.Column(name, KINDS.get(name, excel.TEXT)) for name in COLUMNS]
    return excel.workbook([excel.Sheet("Rader", columns, rows)], title=prices.name)


def as_csv(prices: PriceList) -> bytes:
    """The same rows as the workbook's, as Excel in Swedish opens them."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cell in prices.cells:
        writer.writerow(_csv_row(prices, cell))
    return file.getvalue().encode("utf-8-sig")


def _csv_row(prices: PriceList, cell: PriceCell) -> list[str]:
    return [
        *(_guarded(text) for text in (cell.level, cell.extent_class, cell.regi)),
        written(cell.amount),
        UNIT_WORDS[cell.unit],
        prices.first_day.isoformat(),
    ]


def written(amount: int) -> str:
    """Whole öre as people write kronor: 626, or 626,50."""
    return f"{in_kronor(amount):f}".replace(".", ",").removesuffix(",00")


def _guarded(text: str) -> str:
    """Keep a text from becoming a formula when a spreadsheet opens the file."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text
