"""The workbooks for finance and for each provider. No names, only placement numbers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lovdv import excel
from lovdv.accounts.queries import name_of
from lovdv.formats import month as month_name
from lovdv.formats import swedish_key
from lovdv.ledger.account_queries import Accounts, accounts_of, run_lines
from lovdv.ledger.account_words import kind_word
from lovdv.ledger.accounts import AccountString
from lovdv.ledger.postings import compensation_of, line_kind, of_contract
from lovdv.ledger.vat import NONE
from lovdv.payouts import line_queries, queries
from lovdv.payouts.models import PaymentRun
from lovdv.providers.models import Provider, Unit
from payments import in_kronor

COUNTERPARTS = {
    "company": "företag",
    "association": "förening",
    "municipality": "kommun",
    "own": "egen",
}
UNIT_NAMES = {
    "day": "dag",
    "month": "månad",
    "hour": "timme",
    "schablon": "schablonmånad",
    "amount": "belopp",
    "piece": "gång",
}
LAWS = {"LSS": "LSS 9 § 10", "SoL": "SoL"}

DATA = "Underlag"
AMOUNT_COLUMN = "belopp"
COLUMNS = (
    excel.Column("körning", width=24),
    excel.Column("rad", excel.TEXT, 10),
    excel.Column("bokföringsperiod", excel.MONTH),
    excel.Column("avser period", excel.MONTH),
    excel.Column("utförare", width=30),
    excel.Column("organisationsnr"),
    excel.Column("leverantörsnr"),
    excel.Column("motpart", width=12),
    excel.Column("enhet", width=30),
    excel.Column("placeringsnr"),
    excel.Column("lagrum", width=14),
    excel.Column("nivå", width=8),
    excel.Column("omfattningsklass"),
    excel.Column("prisenhet", width=10),
    excel.Column("antal", excel.QUANTITY),
    excel.Column("à-pris", excel.AMOUNT),
    excel.Column(AMOUNT_COLUMN, excel.AMOUNT),
    excel.Column("radtyp", width=14),
    excel.Column("rättar rad", width=12),
    excel.Column("momsersättningsgrundande", width=14),
    excel.Column("konto/ansvar/verksamhet", width=26),
    excel.Column("beställarreferens"),
    excel.Column("prislista", width=30),
    excel.Column("status", width=12),
    excel.Column("momsunderlag", excel.AMOUNT),
    excel.Column("momsprocent", excel.WHOLE),
    excel.Column("momsersättning", excel.AMOUNT),
    excel.Column("slag", width=24),
)
SUMMARY = (
    excel.Column("utförare", width=30),
    excel.Column("nivå", width=8),
    excel.Column("rader", excel.WHOLE),
    excel.Column("prisenhet", width=10),
    excel.Column("antal", excel.QUANTITY),
    excel.Column("belopp", excel.AMOUNT),
)
NOT_FOR_PROVIDERS = frozenset(
    {
        "leverantörsnr",
        "motpart",
        "konto/ansvar/verksamhet",
        "momsersättningsgrundande",
        "momsunderlag",
        "momsprocent",
        "momsersättning",
    }
)
AMOUNT_AT = [column.title for column in COLUMNS].index(AMOUNT_COLUMN)

Row = Sequence[excel.Value]


def file_name(run: PaymentRun, payee: Provider | Unit | None = None) -> str:
    """A stable name without spaces or letters that a finance system may refuse."""
    kind = "ersattning" if payee is None else f"underlag_{plain(payee.name)}"
    return f"{kind}_{run.month:%Y-%m}_{run.public_id[:8]}.xlsx"


def plain(name: str) -> str:
    """A name in letters that every system takes in a file's name."""
    letters = name.casefold().translate(str.maketrans("åäöéü", "aaoeu"))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40]


def for_finance(run: PaymentRun, accounts: Accounts | None = None) -> bytes:
    """The whole run; what no account row says stands as the contract has it."""
    found = accounts or accounts_of(run)
    strings, seen = found.strings, _Seen()
    lists = line_queries.price_list_names(run.choice_system_id)
    rows = (
        _row(run, line, lists, strings.get(line.id) or of_contract(line))
        for line in seen.passing(found.lines)
    )
    title = f"Ersättning {month_name(run.month)}"
    sheets = [
        excel.Sheet(DATA, COLUMNS, rows),
        excel.Sheet("Sammanställning", SUMMARY, _summary(seen)),
        excel.Pairs("Kontroll", _control(run, seen)),
        excel.Pairs("Läs mig", _read_me(run)),
    ]
    return excel.workbook(sheets, title=title)


def for_provider(run: PaymentRun, provider: Provider) -> bytes:
    """Every unit of the provider: sent by the municipality, kept with the run."""
    return _basis(run, run_lines(run, provider_id=provider.id))


def _basis(run: PaymentRun, lines: Iterable[Any]) -> bytes:
    seen = _Seen()
    kept = [n for n, c in enumerate(COLUMNS) if c.title not in NOT_FOR_PROVIDERS]
    lists = line_queries.price_list_names(run.choice_system_id)
    all_columns = (_row(run, line, lists) for line in seen.passing(lines))
    rows = ([row[n] for n in kept] for row in all_columns)
    sheets = [
        excel.Sheet(DATA, [COLUMNS[n] for n in kept], rows),
        excel.Sheet("Sammanställning", SUMMARY, _summary(seen)),
        excel.Pairs("Läs mig", _read_me(run)),
    ]
    return excel.workbook(sheets, title=f"Underlag {month_name(run.month)}")


def _row(
    run: PaymentRun,
    line: Any,
    lists: Mapping[str, str],
    string: AccountString | None = None,
) -> Row:
    """Without an account string it is a row for the provider, who is told none."""
    vat = NONE if string is None else compensation_of(line, string)
    return (
        run.public_id,
        str(line.id),
        run.month,
        line.month,
        line.provider,
        line.organisation_number,
        line.supplier_number,
        COUNTERPARTS.get(line.counterpart, line.counterpart),
        line.unit_name,
        line.number,
        LAWS.get(line.law, line.law),
        line.level,
        line.extent_class,
        UNIT_NAMES.get(line.unit, line.unit),
        quantity(line),
        in_kronor(line.price),
        in_kronor(line.amount),
        line_kind(run.month, line),
        "" if line.corrects_id is None else str(line.corrects_id),
        vat.mark,
        "" if string is None else string.shown,
        line.order_reference,
        price_lists(line, lists),
        "definitiv",
        in_kronor(vat.base),
        vat.per_cent,
        in_kronor(vat.amount),
        kind_word(line.kind),
    )


def price_lists(line: Any, lists: Mapping[str, str]) -> str:
    """The lists that the line's cells stand in."""
    return ", ".join(dict.fromkeys(lists[ref] for ref in line.cells.split()))


def quantity(line: Any) -> Decimal:
    """What is paid of the unit price: days, or part of a month, share included."""
    parts = Decimal(line.hundredths * line.share) / (100 * 100 * line.of)
    return parts.quantize(Decimal("1.0000000000")).normalize()


class _Seen:
    """What the sheets after the first say, gathered while its rows are written."""

    def __init__(self) -> None:
        self.number = self.total = self.reversals = 0
        self.placements: set[str] = set()
        self.providers: set[str] = set()
        self.sums: dict[tuple[str, str, str], list[Any]] = {}
        """Rows, quantity and öre by provider, level and unit."""

    def passing(self, lines: Iterable[Any]) -> Iterator[Any]:
        for line in lines:
            self._see(line)
            yield line

    def _see(self, line: Any) -> None:
        self.number += 1
        self.total += line.amount
        self.reversals += line.corrects_id is not None
        self.placements.add(line.number)
        self.providers.add(line.provider)
        key = line.provider, line.level, line.unit
        found = self.sums.setdefault(key, [0, 0, 0])
        found[0] += 1
        found[1] += quantity(line)
        found[2] += line.amount


def _summary(seen: _Seen) -> Iterator[Row]:
    """Per provider and level, in the order a reader looks for them."""
    sums = seen.sums
    for key in sorted(sums, key=lambda key: (swedish_key(key[0]), *key[1:])):
        (provider, level, unit), (number, parts, amount) = key, sums[key]
        yield (
            provider,
            level,
            number,
            UNIT_NAMES.get(unit, unit),
            parts,
            in_kronor(amount),
        )


def _control(
    run: PaymentRun, seen: _Seen
) -> Iterator[tuple[str, str, excel.Value | excel.Formula]]:
    column = chr(ord("A") + AMOUNT_AT)
    summed = f"SUM({DATA}!{column}2:{column}{max(2, seen.number + 1)})"
    difference = excel.Formula(f"ROUND({summed}-B1,2)")
    held, stopped, left_out = queries.held_counts(run)
    yield from [
        ("Summa", excel.AMOUNT, in_kronor(seen.total)),
        ("Skillnad mot raderna, ska vara 0", excel.FORMULA, difference),
        ("Rader", excel.WHOLE, seen.number),
        ("Återföringar", excel.WHOLE, seen.reversals),
        ("Placeringar", excel.WHOLE, len(seen.placements)),
        ("Utförare", excel.WHOLE, len(seen.providers)),
        ("Inne hållna rader", excel.WHOLE, held),
        ("Stoppade poster", excel.WHOLE, stopped),
        ("Äldre än rättelser går tillbaka", excel.WHOLE, left_out),
        ("Körning", excel.TEXT, run.public_id),
        ("Räknad av", excel.TEXT, name_of(run.prepared_by_id)),
        ("Räknad", excel.TEXT, f"{run.computed_at:%Y-%m-%d %H:%M} UTC"),
        ("Attesterad av", excel.TEXT, name_of(run.attested_by_id)),
        ("Attesterad", excel.TEXT, f"{run.attested_at:%Y-%m-%d %H:%M} UTC"),
        ("Underlagets kontrollsumma", excel.TEXT, run.inputs_digest),
    ]


def _read_me(run: PaymentRun) -> list[tuple[str, str, excel.Value | excel.Formula]]:
    what = f"Ersättning för {month_name(run.month)} och rättelser av tidigare månader."
    return [
        (name, excel.TEXT, text) for name, text in (("Vad filen är", what), *_ALWAYS)
    ]


_ALWAYS = (
    ("Personer", "Inga namn. Placeringsnumret leder till ärendet i lovdv."),
    ("Belopp", "Varje rad är antal × à-pris, avrundad en gång till ören."),
    ("Summor", "Summan är de avrundade raderna lagda ihop."),
    ("Antal", "Dagar eller del av månad. Delade dagar och lägre andel är inräknade."),
    ("Slag", "Plats, tillägg eller annat som betalas vid sidan av platsen."),
    ("Radtyp ersättning", "Det som gäller körningens egen månad."),
    ("Radtyp återföring", "En bokförd rad tas tillbaka i sin helhet."),
    ("Radtyp rättelse", "Det som gäller i stället, för en tidigare månad."),
    ("Rättar rad", "Radnumret på den rad som återförs."),
    ("Perioder", "Datum, visade som år och månad. Dagen är alltid den första."),
    ("Momsersättning", "Ändrar inget belopp som betalas. Bara köp av näringsidkare."),
    ("Ändras aldrig", "Filen görs en gång. Ändringar kommer i nästa månads fil."),
)
