"""The shadow run as a workbook: every line, sums by cause, and what it is."""

from lovdv import excel
from lovdv.forecast.models import ShadowFile
from lovdv.forecast.shadow import Compared, Difference, Side
from payments import in_kronor

LINE_COLUMNS = (
    excel.Column("referens"),
    excel.Column("månad", excel.MONTH),
    excel.Column("orsak", width=24),
    excel.Column("belopp_i_filen", excel.AMOUNT),
    excel.Column("belopp_i_lovdv", excel.AMOUNT),
    excel.Column("skillnad", excel.AMOUNT),
    excel.Column("nivå_i_filen"),
    excel.Column("nivå_i_lovdv"),
    excel.Column("omfattning_i_filen"),
    excel.Column("omfattning_i_lovdv"),
    excel.Column("dagar_i_filen", excel.QUANTITY),
    excel.Column("dagar_i_lovdv", excel.QUANTITY),
    excel.Column("anmärkning", width=60),
)
SUM_COLUMNS = (
    excel.Column("orsak", width=24),
    excel.Column("rader", excel.WHOLE),
    excel.Column("skillnad", excel.AMOUNT),
)
NOBODY = Side()


def workbook(kept: ShadowFile, found: Compared) -> bytes:
    sums = [
        [cause.value, number, in_kronor(amount)]
        for cause, number, amount in found.sums()
    ]
    about = (
        ("Fil", excel.TEXT, kept.file_name),
        ("Skillnad", excel.TEXT, "Det lovdv skulle ha betalat minus filens belopp."),
        ("Orsak", excel.TEXT, "Den första uppgift som de två säger olika om."),
        ("Bokfört", excel.TEXT, "Ingenting av detta är bokfört eller betalt."),
    )
    return excel.workbook(
        [
            excel.Sheet("Rader", LINE_COLUMNS, map(_row, found.rows)),
            excel.Sheet("Sammanställning", SUM_COLUMNS, sums),
            excel.Pairs("Läs mig", about),
        ],
        title="Skuggkörning",
    )


def _row(one: Difference) -> list[excel.Value]:
    file, ours = one.file or NOBODY, one.ours or NOBODY
    return [
        one.reference,
        one.month.first,
        one.cause.value,
        in_kronor(file.amount),
        in_kronor(ours.amount),
        in_kronor(one.amount),
        ", ".join(file.levels),
        ", ".join(ours.levels),
        ", ".join(file.classes),
        ", ".join(ours.classes),
        None if file.days is None else in_kronor(file.days),
        None if ours.days is None else in_kronor(ours.days),
        one.note,
    ]
