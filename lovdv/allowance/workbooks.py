"""The list for payment and the year's statement. No names, only placement numbers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from lovdv import excel
from lovdv.accounts.queries import name_of
from lovdv.allowance import queries
from lovdv.allowance.models import AllowanceRun
from lovdv.allowance.queries import Listed
from lovdv.allowance.year import PAYERS, Statement, Sums
from lovdv.formats import month as month_name
from lovdv.people.models import Client
from lovdv.people.names import shown_name
from payments import in_kronor
from payments.allowance_lines import quantity_in_words

TO_PAY = (
    excel.Column("placeringsnr"),
    excel.Column("utförare", width=30),
    excel.Column("enhet", width=30),
    excel.Column("månad", excel.MONTH),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("att göra", width=30),
)
BILLED = (
    excel.Column("utförare", width=30),
    excel.Column("organisationsnr"),
    excel.Column("placeringsnr"),
    excel.Column("enhet", width=30),
    excel.Column("månad", excel.MONTH),
    excel.Column("belopp", excel.AMOUNT),
)
ROWS = (
    excel.Column("rad", excel.TEXT, 10),
    excel.Column("placeringsnr"),
    excel.Column("utförare", width=30),
    excel.Column("enhet", width=30),
    excel.Column("bokföringsperiod", excel.MONTH),
    excel.Column("avser period", excel.MONTH),
    excel.Column("antal", width=24),
    excel.Column("belopp per", excel.AMOUNT),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("dagar", width=40),
    excel.Column("regel", width=60),
    excel.Column("vem betalar", width=40),
    excel.Column("rättar rad", width=12),
)
OWN = (
    excel.Column("person", width=26),
    excel.Column("placeringsnr"),
    excel.Column("avser period", excel.MONTH),
    excel.Column("antal", width=24),
    excel.Column("belopp per", excel.AMOUNT),
    excel.Column("belopp", excel.AMOUNT),
    excel.Column("dagar", width=40),
    excel.Column("vem betalar", width=40),
)
YEAR = (
    excel.Column("del", width=44),
    excel.Column("personer", excel.WHOLE),
    excel.Column("hela dagar", excel.WHOLE),
    excel.Column("halva dagar", excel.WHOLE),
    excel.Column("timmar", excel.QUANTITY),
    excel.Column("belopp", excel.AMOUNT),
)
Row = Sequence[excel.Value]


def for_payment(run: AllowanceRun) -> bytes:
    listed = queries.entries(run)
    sheets = [
        excel.Sheet("Utbetalning", TO_PAY, _to_pay(run, listed)),
        excel.Sheet("Faktureras kommunen", BILLED, _billed(run, listed)),
        excel.Sheet("Rader", ROWS, (_row(run, one) for one in listed)),
        excel.Pairs("Kontroll", _control(run, listed)),
        excel.Pairs("Läs mig", [(name, excel.TEXT, told) for name, told in ABOUT]),
    ]
    title = f"Habiliteringsersättning {month_name(run.month)}"
    return excel.workbook(sheets, title=title)


def net(listed: Iterable[Listed], payer: str) -> list[tuple[Listed, int]]:
    """By placement and provider, what one payer pays; corrections taken off."""
    sums: dict[tuple[int, int], int] = {}
    first: dict[tuple[int, int], Listed] = {}
    for one in listed:
        if one.entry.payer == payer:
            key = one.placement.id, one.provider.id
            first.setdefault(key, one)
            sums[key] = sums.get(key, 0) + one.entry.amount
    return [(first[key], amount) for key, amount in sums.items()]


def _to_pay(run: AllowanceRun, listed: Sequence[Listed]) -> Iterator[Row]:
    for one, amount in net(listed, "municipality"):
        if amount:
            yield (
                one.placement.number,
                one.provider.name,
                one.unit.name,
                run.month,
                in_kronor(amount),
                "betalas" if amount > 0 else "för mycket betalt, regleras",
            )


def _billed(run: AllowanceRun, listed: Sequence[Listed]) -> Iterator[Row]:
    for one, amount in net(listed, "provider_billed"):
        if amount:
            yield (
                one.provider.name,
                one.provider.organisation_number,
                one.placement.number,
                one.unit.name,
                run.month,
                in_kronor(amount),
            )


def for_unit(month: date, listed: Sequence[tuple[Listed, Client]]) -> bytes:
    """A unit's own month by name."""
    rows = (
        (
            shown_name(client),
            one.placement.number,
            one.entry.month,
            quantity_in_words(queries.line_of(one.entry)),
            in_kronor(one.entry.rate),
            in_kronor(one.entry.amount),
            one.entry.days,
            PAYERS[one.entry.payer],
        )
        for one, client in listed
    )
    sheets = [excel.Sheet("Habiliteringsersättning", OWN, rows)]
    return excel.workbook(sheets, title=f"Habiliteringsersättning {month_name(month)}")


def _row(run: AllowanceRun, one: Listed) -> Row:
    entry = one.entry
    return (
        str(entry.id),
        one.placement.number,
        one.provider.name,
        one.unit.name,
        run.month,
        entry.month,
        quantity_in_words(queries.line_of(entry)),
        in_kronor(entry.rate),
        in_kronor(entry.amount),
        entry.days,
        entry.rule,
        PAYERS[entry.payer],
        "" if entry.corrects_id is None else str(entry.corrects_id),
    )


def _control(
    run: AllowanceRun, listed: Sequence[Listed]
) -> list[tuple[str, str, excel.Value | excel.Formula]]:
    last = max(2, len(listed) + 1)
    column = chr(ord("A") + [one.title for one in ROWS].index("belopp"))
    difference = f"ROUND(SUM(Rader!{column}2:{column}{last})-B1,2)"
    by_payer: list[tuple[str, str, excel.Value | excel.Formula]] = [
        (told, excel.AMOUNT, in_kronor(sum(amount for _, amount in net(listed, payer))))
        for payer, told in PAYERS.items()
    ]
    return [
        ("Summa", excel.AMOUNT, in_kronor(run.total)),
        ("Skillnad mot raderna, ska vara 0", excel.FORMULA, excel.Formula(difference)),
        ("Rader", excel.WHOLE, len(listed)),
        *by_payer,
        ("Körning", excel.TEXT, run.public_id),
        ("Räknad av", excel.TEXT, name_of(run.prepared_by_id)),
        ("Attesterad av", excel.TEXT, name_of(run.attested_by_id)),
        ("Underlagets kontrollsumma", excel.TEXT, run.inputs_digest),
    ]


ABOUT = (
    ("Vad filen är", "Habiliteringsersättning för månaden och rättelser av tidigare."),
    ("Personer", "Inga namn. Placeringsnumret leder till ärendet i lovdv."),
    ("Utbetalning", "Det som kommunen betalar till personen själv, netto."),
    ("Faktureras kommunen", "Det som utföraren har betalat och får tillbaka."),
    ("Rader", "Varje belopp är antal × belopp per dag eller timme, avrundat en gång."),
    ("Ändras aldrig", "Filen görs en gång. Ändringar kommer i nästa månads fil."),
)


def for_year(found: Statement) -> bytes:
    rows = [
        ("Hela året", found.all),
        *((PAYERS[payer], sums) for payer, sums in found.payers),
        *((month_name(month).capitalize(), sums) for month, sums in found.months),
    ]
    sheets = [
        excel.Sheet("Redovisning", YEAR, (_year_row(*row) for row in rows)),
        excel.Pairs("Statsbidrag", _grant(found)),
    ]
    title = f"Habiliteringsersättning {found.year}"
    return excel.workbook(sheets, title=title)


def _year_row(name: str, sums: Sums) -> Row:
    return (
        name,
        sums.people,
        sums.full,
        sums.half,
        (Decimal(sums.minutes) / 60).quantize(Decimal("0.01")),
        in_kronor(sums.amount),
    )


def _grant(found: Statement) -> list[tuple[str, str, excel.Value | excel.Formula]]:
    grant = found.grant
    return [
        ("År", excel.TEXT, str(found.year)),
        ("Personer", excel.WHOLE, found.all.people),
        ("Kommunens kostnad", excel.AMOUNT, in_kronor(found.municipal)),
        ("Rekvirerat bidrag", excel.AMOUNT, in_kronor(grant.amount) if grant else None),
        ("Hänvisning", excel.TEXT, grant.source if grant else "inte inskrivet"),
        ("Betalt med bidraget", excel.AMOUNT, in_kronor(found.granted)),
        ("Egen del", excel.AMOUNT, in_kronor(found.municipal - found.granted)),
        ("Att betala tillbaka", excel.AMOUNT, in_kronor(found.to_repay)),
    ]
