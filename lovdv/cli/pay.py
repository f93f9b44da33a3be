"""lovdv pay: a month from files alone, without a database."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from lovdv.cli.files import rows_of
from lovdv.cli.pay_files import Out, Told, write
from lovdv.cli.shell import (
    DONE,
    FAULT,
    Faulty,
    File,
    Misused,
    Month,
    NewFile,
    answer,
    as_json,
)
from lovdv.cli.swedish import Command
from lovdv.formats import kronor
from payments import Month as PaidMonth
from payments import PaymentError, PriceList, RuleSet, read_price_rows, read_rules
from payments.attendance_rows import read_attendance
from payments.booked_rows import Entry, read_booked
from payments.errors import BadRule
from payments.files import (
    FilePlacement,
    Notes,
    read_closed,
    read_contracts,
    read_decisions,
    read_levels,
    read_placements,
    read_supplements,
)
from payments.from_files import (
    FileFacts,
    FilePaid,
    needs_attendance,
    outside_decisions,
    pay,
)
from payments.price_rows import RowNote

Value = TypeVar("Value")
Rows = list[list[str]]
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

LEFT_OUT = {
    "attendance": "Närvaron är inte med: reglerna betalar beställd tid och behöver "
    "den inte.",
    "decisions": "Besluten är inte med: det är inte kontrollerat att den som får "
    "betalt har ett beslut för dagarna.",
    "contracts": "Avtalen är inte med: varje enhet räknas som om den hade avtal alla "
    "dagar.",
    "closed": "Stängda dagar är inte med: ingen dag är stängd, utom de som står med K "
    "i närvaron.",
    "supplements": "Tilläggen är inte med: inga extra belopp betalas.",
    "booked": "Inget bokfört är med: månaden räknas som den första, utan rättelser.",
}
"""What it means that a file was left out, by its option."""


@dataclass
class _Reading:
    """What has been read so far, what was wrong, and whom it is about."""

    notes: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    """Oddities one by one, which only the file tells."""
    read: list[tuple[str, int]] = field(default_factory=list)
    faulty: list[tuple[str, str, Notes]] = field(default_factory=list)
    """File, what its faults are about, and the faults."""

    def rows(self, path: Path) -> Rows:
        rows = rows_of(path)
        self.read.append((path.name, len(rows) - 1))
        return rows

    def take(
        self, path: Path, kind: str, read: Callable[[Rows], tuple[Value, Notes]]
    ) -> Value:
        """A file's values; a heading that cannot be read stops everything."""
        values, notes = read(self.rows(path))
        self.note(path, notes.notes)
        if any(note.row == 1 for note in notes.notes):
            raise Faulty("\n".join([*self.notes, "Ingenting är räknat."]))
        unused = ", ".join(notes.unused)
        self.odd += [f"{path.name}: används inte: {unused}."] if unused else []
        self.faulty.append((path.name, kind, notes))
        return values

    def note(self, path: Path, notes: Iterable[RowNote]) -> None:
        self.notes += [f"{path.name}, {told(note)}" for note in notes]

    def list_warnings(self, path: Path, warnings: Sequence[RowNote]) -> None:
        """Each in the file; together in the answer."""
        self.listed += [f"{path.name}, {told(note)}" for note in warnings]
        if warnings:
            self.odd.append(
                f"{path.name}: {len(warnings)} priser följer inte listans mönster och "
                "behålls."
            )

    def of_nobody(self, kind: str) -> bool:
        """Whether rows of a kind have faults and do not say whom they are about."""
        return any(n.of_nobody for _, known, n in self.faulty if known == kind)

    def stopped(self, placements: Mapping[str, FilePlacement]) -> dict[str, str]:
        """The persons that some fault is about, with where the first one stands."""
        keys: dict[str, Callable[[FilePlacement], str]] = {
            "person": lambda one: one.person,
            "number": lambda one: one.number,
            "booked": lambda one: one.number,
            "unit": lambda one: one.unit,
        }
        found: dict[str, str] = {}
        for name, kind, notes in self.faulty:
            for one in placements.values():
                row = notes.about.get(keys[kind](one))
                if row is not None:
                    found.setdefault(one.person, f"{name} rad {row}")
        return found

    def unread(self) -> dict[str, str]:
        return {
            number: f"{name} rad {row}"
            for name, _, notes in self.faulty
            for number, row in notes.unread.items()
        }


def told(note: RowNote) -> str:
    return f"rad {note.row}, {note.column}: {note.message}"


@click.command("pay", cls=Command)
@click.option(
    *("--rules", "rule_files"),
    type=File(),
    multiple=True,
    required=True,
    metavar="FIL",
    help="Ersättningsreglerna (JSON). Kan anges flera gånger.",
)
@click.option(
    *("--prices", "price_files"),
    type=File(),
    multiple=True,
    required=True,
    metavar="FIL",
    help="Prislistan. Kan anges flera gånger.",
)
@click.option(
    "--placements", type=File(), required=True, metavar="FIL", help="Placeringarna."
)
@click.option("--levels", type=File(), required=True, metavar="FIL", help="Nivåerna.")
@click.option(
    "--attendance",
    type=File(),
    multiple=True,
    metavar="FIL",
    help="Närvaron, när reglerna räknar på den. Kan anges flera gånger.",
)
@click.option("--decisions", type=File(), metavar="FIL", help="Besluten.")
@click.option("--contracts", type=File(), metavar="FIL", help="Enheternas avtal.")
@click.option("--closed", type=File(), metavar="FIL", help="Stängda dagar.")
@click.option(
    "--supplements", type=File(), metavar="FIL", help="Tillägg, om reglerna har några."
)
@click.option(
    "--booked",
    type=File(),
    multiple=True,
    metavar="FIL",
    help="Rader från tidigare månader, som --out skrev dem.",
)
@click.option(
    "--month",
    type=Month(),
    required=True,
    metavar="MÅNAD",
    help="Månaden som räknas, som 2026-10.",
)
@click.option(
    "--out",
    type=NewFile(),
    required=True,
    metavar="FIL",
    help="Skriv hit, Excel (.xlsx) eller CSV (.csv).",
)
@as_json
def pay_month(month: date, out: Path, *, as_json: bool, **given: Any) -> int:
    """Räkna en månad ur filer, utan databas.

    För att pröva en prislista eller regler, räkna bredvid en egen Excel eller räkna
    om en månad som någon annan har betalt. Filerna beskrivs i
    docs/payment-files.md.
    """
    if out.suffix.casefold() not in (".xlsx", ".csv"):
        raise Misused("Ange en fil som slutar på .xlsx eller .csv i --out.")
    held_month, reading = PaidMonth.of(month), _Reading()
    try:
        facts = _facts(reading, held_month, given)
        paid = pay(facts, held_month)
    except PaymentError as error:
        raise Faulty("\n".join([*reading.notes, str(error)])) from error
    made = _told(reading, facts, paid, given)
    names = write(out, Out(facts, paid, made))
    answer(
        _as_json(paid, made, names), lambda: _text(paid, made, names), as_json=as_json
    )
    return FAULT if made.faults or paid.held else DONE


def _facts(reading: _Reading, month: PaidMonth, given: Mapping[str, Any]) -> FileFacts:
    rules = [_rule_set(path) for path in given["rule_files"]]
    if not given["attendance"] and needs_attendance(rules, month):
        raise Misused("Reglerna räknar på närvaron. Ange den med --attendance.")
    prices = [_price_list(reading, path) for path in given["price_files"]]
    placements = reading.take(given["placements"], "person", read_placements)
    levels = reading.take(given["levels"], "person", read_levels)
    attendance = _attendance(reading, given["attendance"], month)
    decisions = _given(reading, given["decisions"], "person", read_decisions)
    contracts = _given(reading, given["contracts"], "unit", read_contracts)
    closed = _given(reading, given["closed"], "unit", read_closed)
    supplements = _given(reading, given["supplements"], "number", read_supplements)
    if reading.of_nobody("unit"):
        raise Faulty("\n".join([*reading.notes, "Ingenting är räknat."]))
    booked = _booked(reading, given["booked"])
    return FileFacts(
        rules=rules,
        prices=prices,
        placements=placements,
        levels=levels,
        attendance=attendance,
        decisions=decisions,
        contracts=contracts,
        closed=closed or {},
        supplements=supplements,
        booked=booked,
        stopped=reading.stopped(placements),
        unread=reading.unread(),
        keeps_booked=reading.of_nobody("booked"),
    )


def _rule_set(path: Path) -> RuleSet:
    try:
        table = json.loads(path.read_text("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"rad {error.lineno}, tecken {error.colno}"
        raise Faulty(f"{path.name} är inte JSON: {where}.") from error
    except (ValueError, RecursionError) as error:
        raise Faulty(f"{path.name} är inte en JSON-fil med regler.") from error
    if not isinstance(table, dict):
        raise Faulty(f"{path.name} ska vara en tabell med regler.")
    try:
        return read_rules(table)
    except BadRule as error:
        raise Faulty(f"{path.name}: {error}") from error


def _price_list(reading: _Reading, path: Path) -> PriceList:
    """A list with faults pays whatever is right in it, and the rest is held."""
    read = read_price_rows(reading.rows(path))
    reading.note(path, read.errors)
    reading.list_warnings(path, read.warnings)
    if read.first_day is None or not read.cells:
        why = f"{path.name}: ange från vilken dag priserna gäller i giltig_från."
        raise Faulty("\n".join([*reading.notes, why]))
    return PriceList(path.stem, read.first_day, 1, LONG_AGO, read.cells)


def _given(
    reading: _Reading,
    path: Path | None,
    kind: str,
    read: Callable[[Rows], tuple[Value, Notes]],
) -> Value | None:
    return None if path is None else reading.take(path, kind, read)


def _attendance(reading: _Reading, paths: Sequence[Path], month: PaidMonth) -> Any:
    if not paths:
        return None
    found: dict[Any, Any] = {}
    for path in paths:
        told_here = reading.take(
            path, "number", lambda rows: read_attendance(rows, month)
        )
        for number, held in found.keys() & told_here.keys():
            raise Faulty(
                f"{path.name}: {number} har {held} också i en annan närvarofil. Ta "
                "bort den ena."
            )
        found |= told_here
    return found


def _booked(reading: _Reading, paths: Sequence[Path]) -> list[Entry]:
    found: list[Entry] = []
    for path in paths:
        found += reading.take(path, "booked", read_booked)
    refs = [entry.ref for entry in found]
    for ref in refs:
        if refs.count(ref) > 1:
            raise Faulty(f"Raden {ref} är med två gånger i det som är bokfört.")
    return found


def _told(
    reading: _Reading, facts: FileFacts, paid: FilePaid, given: Mapping[str, Any]
) -> Told:
    wanted = [
        one for one in LEFT_OUT if one != "supplements" or _has_supplements(facts)
    ]
    left_out = [LEFT_OUT[option] for option in wanted if not given[option]]
    odd = [*reading.odd, *_unknown(reading, facts)]
    odd += [
        f"{one}: ingen närvaro i filerna, det bokförda står kvar."
        for one in paid.left_alone
    ]
    if paid.unknown:
        numbers = ", ".join(paid.unknown)
        odd.append(f"Bokfört men inte bland placeringarna, och står kvar: {numbers}.")
    if facts.keeps_booked:
        odd.append("Inga rättelser är gjorda: bokförda rader går inte att läsa.")
    controls = [
        f"{entry.line.placement}, rad {entry.ref}: beslutet täcker inte alla dagar."
        for entry, _ in outside_decisions(facts, paid)
    ]
    return Told(reading.read, left_out, reading.notes, odd, controls, reading.listed)


def _has_supplements(facts: FileFacts) -> bool:
    return any(rules.supplements for rules in facts.rules)


def _unknown(reading: _Reading, facts: FileFacts) -> list[str]:
    """Attendance of placements that no file tells of is paid to nobody."""
    numbers = dict.fromkeys(number for number, _ in facts.attendance or ())
    missing = [number for number in numbers if number not in facts.placements]
    if not missing:
        return []
    return [f"Närvaro utan placering i filen, betalas inte: {', '.join(missing)}."]


def _as_json(paid: FilePaid, made: Told, names: Sequence[str]) -> dict[str, Any]:
    return {
        "month": str(paid.month),
        "lines": len(paid.entries),
        "total_ore": paid.total,
        "held": [
            {"placement": one.placement, "error": one.error, "message": one.message}
            for one in paid.held
        ],
        "faults": made.faults,
        "left_out": made.left_out,
        "notes": [*made.odd, *made.controls],
        "files": list(names),
    }


def _text(paid: FilePaid, made: Told, names: Sequence[str]) -> str:
    return "\n".join(
        [
            *(f"FEL  {fault}" for fault in made.faults),
            *(
                f"STOPP  {one.placement} {one.month}: {one.message}"
                for one in paid.held
            ),
            *(f"obs  {text}" for text in (*made.odd, *made.controls, *made.left_out)),
            _counts(paid, names),
        ]
    )


def _counts(paid: FilePaid, names: Sequence[str]) -> str:
    return (
        f"{len(paid.entries)} rader, {kronor(paid.total)}. "
        f"{len(paid.held)} hålls inne. Skrivet till {', '.join(names)}."
    )


COMMANDS = (pay_month,)
