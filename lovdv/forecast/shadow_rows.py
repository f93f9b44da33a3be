"""A file of what was paid by other means: its columns, rows and faults."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lovdv.basis.months import YEARS
from lovdv.errors import Refused
from payments import Month, PaymentError, kronor, ore

NAMES: Mapping[str, tuple[str, ...]] = {
    "referens": (
        "placeringsnummer",
        "placeringsnr",
        "placering",
        "ärendenummer",
        "referens",
    ),
    "månad": ("månad", "avser period", "avser_period", "period"),
    "belopp_kr": ("belopp_kr", "belopp", "summa", "kronor"),
    "nivå": ("nivå", "niva"),
    "omfattning": ("omfattning", "omfattningsklass"),
    "dagar": ("dagar", "antal", "antal dagar"),
    "pris_kr": ("pris_kr", "pris", "à-pris", "a-pris"),
}
"""What is compared, by the headings that files have for it."""

COLUMNS = tuple(NAMES)
REQUIRED = ("referens", "månad", "belopp_kr")
FIRST_ROW = 2
PERSON_NUMBER = re.compile(
    r"(?<!\d)(?:\d\d)?\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])"
    r"\s*[-+–]?\s*\d{4}(?!\d)",
    re.ASCII,
)
"""Year, month, day (60 more in a samordningsnummer) and four digits."""
MASKED = "(borttaget nummer)"
"""What stands instead of a number that would say who somebody is."""


@dataclass(frozen=True)
class Paid:
    """A row of the file; what it does not say is empty or None."""

    row: int
    reference: str
    month: Month
    amount: int
    level: str
    extent_class: str
    days: int | None
    """In hundredths."""
    price: int | None


@dataclass(frozen=True)
class ReadFile:
    rows: tuple[Paid, ...]
    faults: Mapping[int, Sequence[str]]


def kept_columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Only what is compared, under our own headings; the rest is not kept."""
    heading = [text.strip().casefold() for text in rows[0]]
    places = {name: _place(heading, names) for name, names in NAMES.items()}
    missing = [name for name in REQUIRED if places[name] is None]
    if missing:
        raise Refused(
            f"Kolumnen {', '.join(missing)} saknas. Filen behöver placeringsnummer, "
            "månad och belopp.",
            "file",
        )
    return [
        list(COLUMNS),
        *([_masked(_text(row, places[name])) for name in COLUMNS] for row in rows[1:]),
    ]


def _place(heading: Sequence[str], names: Sequence[str]) -> int | None:
    found = [heading.index(name) for name in names if name in heading]
    return found[0] if found else None


def _text(row: Sequence[str], place: int | None) -> str:
    return "" if place is None or place >= len(row) else row[place].strip()


def _masked(text: str) -> str:
    """No number of a person is kept, in whichever column it stands."""
    return PERSON_NUMBER.sub(MASKED, text)


def read_rows(rows: Sequence[Sequence[str]]) -> ReadFile:
    """Every row that can be compared, and what is wrong with the others."""
    paid: list[Paid] = []
    faults: dict[int, list[str]] = {}
    for number, row in enumerate(rows[1:], start=FIRST_ROW):
        if not any(row):
            continue
        wrong: list[str] = []
        found = _paid(number, dict(zip(COLUMNS, row, strict=True)), wrong)
        if found is None or wrong:
            faults[number] = wrong
        else:
            paid.append(found)
    return ReadFile(tuple(paid), faults)


def _paid(number: int, texts: Mapping[str, str], wrong: list[str]) -> Paid | None:
    if not texts["referens"]:
        wrong.append("Fyll i placeringsnummer.")
    if MASKED in texts["referens"]:
        wrong.append("Ett personnummer sparas inte. Skriv placeringsnummer i stället.")
    month = _month(texts["månad"], wrong)
    amount = _kronor("belopp_kr", texts["belopp_kr"], wrong)
    price = _kronor("pris_kr", texts["pris_kr"], wrong) if texts["pris_kr"] else None
    days = _kronor("dagar", texts["dagar"], wrong) if texts["dagar"] else None
    if month is None or amount is None:
        return None
    return Paid(
        number,
        texts["referens"],
        month,
        amount,
        texts["nivå"],
        texts["omfattning"],
        days,
        price,
    )


def _kronor(name: str, text: str, wrong: list[str]) -> int | None:
    try:
        return ore(kronor(text))
    except PaymentError:
        wrong.append(f"{name}: ”{text}” är inget tal. Skriv till exempel 1 234,50.")
        return None


def _month(text: str, wrong: list[str]) -> Month | None:
    """'2025-03', '202503' or a day of the month."""
    digits = "".join(character for character in text[:7] if character.isdigit())
    try:
        found = Month.read(f"{digits[:4]}-{digits[4:6]}")
    except PaymentError:
        found = None
    if found is None or found.year not in YEARS:
        wrong.append(f"månad: ”{text}” är ingen månad. Skriv till exempel 2025-03.")
        return None
    return found


def twice(rows: Sequence[Paid]) -> list[tuple[str, Month]]:
    """References that have several rows in a month; they are added together."""
    counted = Counter((row.reference, row.month) for row in rows)
    return [key for key, number in counted.items() if number > 1]
