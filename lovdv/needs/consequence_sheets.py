"""A run as a workbook to send out: small counts are hidden in it."""

from lovdv import excel
from lovdv.excel import Column, Pairs, Sheet
from lovdv.formats import day
from lovdv.needs.consequence_models import Consequence
from lovdv.needs.consequence_shown import Shown

ASSUMED = (
    "Kostnaden är priset för nivån, omfattningsklassen och regin i prislistan som "
    "gäller, gånger planerade dagar i veckan gånger 52/12. Stängda dagar och frånvaro "
    "är inte avdragna."
)


def workbook(run: Consequence, told: Shown) -> bytes:
    return excel.workbook(
        [_about(run, told), _moves(told), _costs(told), _why(told)],
        title="Konsekvenser av ett instrument",
    )


def _about(run: Consequence, told: Shown) -> Pairs:
    version = run.instrument_version
    return Pairs(
        "Läs mig",
        [
            ("Instrument", excel.TEXT, f"{version.name}, version {version.version}"),
            ("Läget den", excel.TEXT, day(run.on_day)),
            ("Personer", excel.TEXT, told.people),
            ("Byter nivå", excel.TEXT, told.moved),
            ("Går inte att räkna", excel.TEXT, told.incomplete),
            ("Kostnad i månaden i dag", excel.TEXT, told.total.now),
            ("Kostnad i månaden med versionen", excel.TEXT, told.total.then),
            ("Skillnad på ett år", excel.TEXT, told.year_change),
            ("Så är det räknat", excel.TEXT, ASSUMED),
            ("Små tal", excel.TEXT, "Antal under fem visas inte."),
        ],
    )


def _moves(told: Shown) -> Sheet:
    columns = [Column("Nivå i dag"), *(Column(f"till {to}") for to in told.headings)]
    return Sheet("Flyttar", columns, [[before, *cells] for before, cells in told.rows])


def _costs(told: Shown) -> Sheet:
    names = ("Utförare", "Personer", "Byter nivå", "I dag", "Med versionen", "Skillnad")
    rows = [
        [one.name, one.people, one.moved, one.now, one.then, one.change]
        for one in (*told.providers, told.total)
    ]
    return Sheet("Kostnad i månaden", [Column(name) for name in names], rows)


def _why(told: Shown) -> Sheet:
    columns = [Column("Ändring som flyttar"), Column("Personer")]
    return Sheet("Vad som flyttar", columns, [list(row) for row in told.drivers])
