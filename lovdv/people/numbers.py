"""Personnummer, samordningsnummer and local reservnummer: read, checked, masked.

Twelve digits are kept. The library knows personnummer and complete
samordningsnummer; those whose birth date is incomplete (month 00, day 60) exist too
and are checked here.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from personnummer import personnummer as library

DIGITS = re.compile(
    r"(?P<century>\d\d)?(?P<birth>\d{6})(?P<sign>[-+]?)(?P<last>\d{4})", re.ASCII
)
RESERVE = re.compile(
    r"(?=.*[A-ZÅÄÖ])(?=.*[0-9])[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9-]{3,18}[A-ZÅÄÖ0-9]"
)
HOW = (
    "Skriv numret som ååååmmdd-nnnn, eller kommunens reservnummer med minst en "
    "bokstav och en siffra."
)


class Kind(StrEnum):
    PERSONNUMMER = "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer"
    RESERVNUMMER = "reservnummer"


class NotANumber(ValueError):
    """The text is none of the numbers; the message says why and what to do."""


@dataclass(frozen=True)
class Number:
    """A checked number: twelve digits, or the reservnummer in capitals."""

    kind: Kind
    text: str

    @property
    def born(self) -> date | None:
        """The day in the number; None when it is incomplete or is not there.

        It may be a neighbouring day of the true one, so it is only a proposal.
        """
        if self.kind is Kind.RESERVNUMMER:
            return None
        day = int(self.text[6:8]) % 60
        try:
            return date(int(self.text[:4]), int(self.text[4:6]), day)
        except ValueError:
            return None


def read(text: str, *, on: date) -> Number:
    """The number that a text means, as read on a day.

    >>> read("121212+1212", on=date(2026, 3, 1)).text
    '191212121212'
    """
    plain = "".join(text.split()).upper().replace("\N{EN DASH}", "-")
    found = DIGITS.fullmatch(plain)
    if found:
        return _with_digits(found, on)
    if RESERVE.fullmatch(plain):
        return Number(Kind.RESERVNUMMER, plain)
    raise NotANumber(f"Det här är inget nummer som går att spara. {HOW}")


def _with_digits(found: re.Match[str], on: date) -> Number:
    century = found["century"] or _century(found["birth"][:2], found["sign"], on)
    text = century + found["birth"] + found["last"]
    if not _adds_up(text[2:]):
        raise NotANumber(
            "Kontrollsiffran stämmer inte. Jämför numret siffra för siffra."
        )
    kind = Kind.SAMORDNINGSNUMMER if int(text[6:8]) >= 60 else Kind.PERSONNUMMER
    number = Number(kind, text)
    if int(text[:4]) == 0:
        raise NotANumber("Det finns inget år 0. Kontrollera numret.")
    if not (library.valid(text) or _is_incomplete(number)):
        raise NotANumber("Det finns ingen sådan födelsedag. Kontrollera numret.")
    if (number.born or date(int(text[:4]), 1, 1)) > on:
        raise NotANumber(
            "Födelsedagen har inte varit än. Skriv numret med tolv siffror."
        )
    return number


def _century(year: str, sign: str, on: date) -> str:
    """Ten digits mean the latest such year, and a plus sign a hundred years more."""
    latest = on.year - (on.year - int(year)) % 100
    return str(latest - 100 if sign == "+" else latest)[:2]


def _adds_up(ten: str) -> bool:
    doubled = (int(c) * (2 - place % 2) for place, c in enumerate(ten))
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def _is_incomplete(number: Number) -> bool:
    """Samordningsnummer of somebody whose birth month or day is not known."""
    month, day = int(number.text[4:6]), int(number.text[6:8]) - 60
    unknown = month == 0 or day == 0
    return (
        number.kind is Kind.SAMORDNINGSNUMMER
        and unknown
        and month <= 12
        and 0 <= day <= 31
        and number.text[8:11] != "000"
    )


def written(kind: str, text: str) -> str:
    """The whole number as people write it."""
    if kind == Kind.RESERVNUMMER:
        return text
    return f"{text[:8]}-{text[8:]}"


def masked(kind: str, text: str) -> str:
    """Enough to recognise the number, not enough to use it."""
    if kind == Kind.RESERVNUMMER:
        return f"{text[:1]}{'•' * (len(text) - 1)}"
    return f"{text[:8]}-••••"
