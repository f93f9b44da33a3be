"""Lines as rows of a file, and back: what was booked can be read in again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from payments.corrections import Booked
from payments.errors import NotAnAmount
from payments.file_rows import FileRow, table
from payments.files import FIRST, LAST, NUMBER, FilePlacement, Notes, notes_of
from payments.lines import AMOUNT, ONCE, SCHABLON, Line, Priced, explained, recomputed
from payments.money import in_kronor, kronor, ore, shown
from payments.month import Month

Value = str | int | Decimal | date
BOOKED_IN, ABOUT, REF, CORRECTS = (
    "bokföringsperiod",
    "avser_period",
    "rad",
    "rättar_rad",
)
QUANTITIES = ("hundradelar", "av_dagar", "andel_procent", "avrundning_öre", "dagar")
BOOKED_COLUMNS = (
    *(REF, BOOKED_IN, ABOUT, "utförare", "enhet", NUMBER, "ärendenummer", "radtyp"),
    *(CORRECTS, "slag", FIRST, LAST, "nivå", "omfattning", "regi", "prisenhet"),
    *("à_pris_kr", *QUANTITIES, "belopp_kr", "räknade", "beslut", "nivåer"),
    *("prisrader", "regler", "förklaring"),
)
REQUIRED = tuple(
    name
    for name in BOOKED_COLUMNS
    if name not in ("utförare", "enhet", "ärendenummer", "radtyp", "förklaring")
)
LISTED = " | "
UNITS: Mapping[str, str] = MappingProxyType(
    {"day": "dag", "month": "månad", "hour": "timme"}
    | {SCHABLON: "schablonmånad", ONCE: "gång", AMOUNT: "belopp"}
)
BY_WORD: Mapping[str, str] = MappingProxyType({v: k for k, v in UNITS.items()})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line or a reversal as it is booked: in which month, and as which row."""

    ref: str
    booked_in: Month
    line: Line
    corrects: str = ""

    @property
    def kind(self) -> str:
        if self.corrects:
            return "återföring"
        return "ersättning" if self.line.month == self.booked_in else "rättelse"


def as_row(entry: Entry, placement: FilePlacement) -> tuple[Value, ...]:
    """What is written of an entry, in the order of BOOKED_COLUMNS."""
    line = entry.line
    told: dict[str, Value] = {
        REF: entry.ref,
        BOOKED_IN: str(entry.booked_in),
        ABOUT: str(line.month),
        "utförare": placement.provider,
        "enhet": placement.unit,
        NUMBER: str(line.placement),
        "ärendenummer": placement.person,
        "radtyp": entry.kind,
        CORRECTS: entry.corrects,
        "slag": line.kind,
        FIRST: line.start,
        LAST: line.end - timedelta(days=1),
        "förklaring": " ".join(explained(line)),
    }
    return tuple((told | _amounts(line))[name] for name in BOOKED_COLUMNS)


def _amounts(line: Line) -> dict[str, Value]:
    return {
        "nivå": line.level,
        "omfattning": line.extent_class,
        "regi": line.regi,
        "prisenhet": UNITS[line.unit],
        "à_pris_kr": in_kronor(line.price),
        "hundradelar": line.hundredths,
        "av_dagar": line.of,
        "andel_procent": line.share,
        "avrundning_öre": line.rounding,
        "dagar": line.days,
        "belopp_kr": in_kronor(line.amount),
        "räknade": line.counted,
        "beslut": LISTED.join(map(str, line.decisions)),
        "nivåer": LISTED.join(map(str, line.levels)),
        "prisrader": LISTED.join(map(str, line.cells)),
        "regler": LISTED.join(line.rules),
    }


def read_booked(
    rows: Sequence[Sequence[str]],
) -> tuple[tuple[Entry, ...], Notes]:
    """What earlier files say is booked; every amount must follow from its row."""
    read = table(rows, BOOKED_COLUMNS, REQUIRED)
    found = [entry for row in read.rows if (entry := _entry(row))]
    return tuple(found), notes_of(read, NUMBER)


def standing_of(entries: Sequence[Entry]) -> tuple[Booked, ...]:
    """The entries as what corrections are judged by."""
    return tuple(Booked(one.ref, one.line, one.corrects or None) for one in entries)


def _entry(row: FileRow) -> Entry | None:
    ref, booked_in = row.required(REF), row.month(BOOKED_IN)
    line = _line(row)
    if line is None or booked_in is None:
        return None
    if line.of < 1 or line.rounding < 1:
        row.wrong("av_dagar", "Delaren och avrundningen ska vara minst 1.")
        return None
    if recomputed(line) != line.amount:
        row.wrong(
            "belopp_kr",
            f"Raden räknas till {shown(recomputed(line))} men säger "
            f"{shown(line.amount)}. Ta in filen som den skrevs.",
        )
        return None
    return Entry(ref, booked_in, line, row.text(CORRECTS))


def _line(row: FileRow) -> Line | None:
    month, period = row.month(ABOUT), row.period(FIRST, LAST)
    price, amount = _amount(row, "à_pris_kr"), _amount(row, "belopp_kr")
    numbers = {name: _whole(row, name) for name in QUANTITIES}
    unit = row.one_of("prisenhet", tuple(BY_WORD))
    told = {name: row.required(name) for name in (NUMBER, "slag", "regi", LAST)}
    if month is None or period is None or period.end is None or row.faults:
        return None
    priced = Priced(
        kind=told["slag"],
        month=month,
        start=period.start,
        end=period.end,
        level=row.text("nivå"),
        extent_class=row.text("omfattning"),
        regi=told["regi"],
        cells=_listed(row, "prisrader"),
        unit=BY_WORD[unit],
        price=price,
        hundredths=numbers["hundradelar"],
        of=numbers["av_dagar"],
        share=numbers["andel_procent"],
        rounding=numbers["avrundning_öre"],
        amount=amount,
        days=numbers["dagar"],
        counted=row.text("räknade"),
        rules=_listed(row, "regler"),
    )
    decisions, levels = _listed(row, "beslut"), _listed(row, "nivåer")
    return Line(told[NUMBER], decisions, levels, priced)


def _listed(row: FileRow, column: str) -> tuple[str, ...]:
    return tuple(filter(None, row.text(column).split(LISTED)))


def _amount(row: FileRow, column: str) -> int:
    try:
        return ore(kronor(row.required(column)))
    except NotAnAmount as error:
        row.wrong(column, str(error))
        return 0


def _whole(row: FileRow, column: str) -> int:
    text = row.required(column)
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit():
        return int(text)
    row.wrong(column, f"”{text}” ska vara ett helt tal.")
    return 0
