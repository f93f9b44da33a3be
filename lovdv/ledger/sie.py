r"""SIE 4I, the vouchers of a month as a file: values in, bytes out.

Written after the SIE group's format description, edition 4B: code page 437, one
record a line, fields apart by spaces, texts in quotes with `\"` inside.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lovdv.ledger.characters import fitted

ENCODING = "cp437"
LINE_END = "\r\n"
ACCOUNT = re.compile(r"[0-9]{1,10}")
RESERVED = {
    1: "Resultatenhet",
    2: "Kostnadsbärare",
    6: "Projekt",
    7: "Anställd",
    8: "Kund",
    9: "Leverantör",
    10: "Faktura",
}
"""Dimensions with a meaning of their own in the format; from 20 they are free."""


class SieFault(Exception):
    """What cannot be written as SIE; the text says where and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Transaction:
    """One row of a voucher: whole öre, a cost is positive.

    `objects` are pairs of dimension and object, as (1, "3410").
    """

    account: str
    amount: int
    objects: tuple[tuple[int, str], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Voucher:
    series: str
    day: date
    text: str
    rows: tuple[Transaction, ...]


@dataclass(frozen=True)
class SieFile:
    """Everything that the file says; names are by number, and may be left out."""

    program: str
    version: str
    made_on: date
    organisation_number: str
    name: str
    vouchers: tuple[Voucher, ...]
    dimensions: Mapping[int, str] = field(default_factory=dict)
    account_names: Mapping[str, str] = field(default_factory=dict)
    object_names: Mapping[tuple[int, str], str] = field(default_factory=dict)


def written(file: SieFile) -> bytes:
    r"""The file's bytes; a voucher that does not balance is never written.

    >>> cost = Transaction("4641", 62600, ((1, "3410"),), "Februari")
    >>> debt = Transaction("2511", -62600)
    >>> voucher = Voucher("LOV", date(2026, 2, 28), 'Kaféet "Ån"', (cost, debt))
    >>> made = SieFile("lovdv", "1", date(2026, 3, 8), "", "Ö kommun", (voucher,))
    >>> print(written(made).decode("cp437").replace(LINE_END, chr(10)))
    #FLAGGA 0
    #PROGRAM "lovdv" "1"
    #FORMAT PC8
    #GEN 20260308
    #SIETYP 4
    #FNAMN "Ö kommun"
    #DIM 1 "Resultatenhet"
    #OBJEKT 1 "3410" "3410"
    #KONTO 2511 "2511"
    #KONTO 4641 "4641"
    #VER "LOV" "" 20260228 "Kaféet \"Ån\""
    {
    #TRANS 4641 {1 "3410"} 626.00 "" "Februari"
    #TRANS 2511 {} -626.00
    }
    <BLANKLINE>
    """
    for voucher in file.vouchers:
        _check(voucher)
    lines = [*_head(file), *_register(file), *_vouchers(file.vouchers)]
    return "".join(f"{line}{LINE_END}" for line in lines).encode(ENCODING)


def _check(voucher: Voucher) -> None:
    if not voucher.rows:
        raise SieFault(f"Verifikationen ”{voucher.text}” har inga rader.")
    total = sum(row.amount for row in voucher.rows)
    if total:
        raise SieFault(
            f"Verifikationen ”{voucher.text}” går inte jämnt ut: {decimal(total)} kr "
            "skiljer. Se över motkontot i konteringen."
        )
    for row in voucher.rows:
        if not ACCOUNT.fullmatch(row.account):
            raise SieFault(
                f"Kontot ”{row.account}” är inget kontonummer. I SIE får det bara ha "
                "siffror. Rätta konteringen."
            )


def _head(file: SieFile) -> Iterator[str]:
    yield "#FLAGGA 0"
    yield f"#PROGRAM {quoted(file.program)} {quoted(file.version)}"
    yield "#FORMAT PC8"
    yield f"#GEN {file.made_on:%Y%m%d}"
    yield "#SIETYP 4"
    if file.organisation_number:
        yield f"#ORGNR {quoted(file.organisation_number)}"
    yield f"#FNAMN {quoted(file.name)}"


def _register(file: SieFile) -> Iterator[str]:
    """The dimensions, objects and accounts that the vouchers use."""
    rows = [row for voucher in file.vouchers for row in voucher.rows]
    used = sorted({pair for row in rows for pair in row.objects})
    for number in sorted({number for number, _ in used}):
        name = file.dimensions.get(number) or RESERVED.get(number) or str(number)
        yield f"#DIM {number} {quoted(name)}"
    for number, code in used:
        name = file.object_names.get((number, code)) or code
        yield f"#OBJEKT {number} {quoted(code)} {quoted(name)}"
    for account in sorted({row.account for row in rows}):
        name = file.account_names.get(account) or account
        yield f"#KONTO {account} {quoted(name)}"


def _vouchers(vouchers: Iterable[Voucher]) -> Iterator[str]:
    for voucher in vouchers:
        head = f"#VER {quoted(voucher.series)} {quoted('')}"
        yield f"{head} {voucher.day:%Y%m%d} {quoted(voucher.text)}"
        yield "{"
        yield from map(_transaction, voucher.rows)
        yield "}"


def _transaction(row: Transaction) -> str:
    objects = " ".join(f"{number} {quoted(code)}" for number, code in row.objects)
    told = f" {quoted('')} {quoted(row.text)}" if row.text else ""
    return f"#TRANS {row.account} {{{objects}}} {decimal(row.amount)}{told}"


def quoted(text: str) -> str:
    """A text as a field; the format has no way to write a backslash."""
    plain = fitted(text, ENCODING).replace("\\", "/")
    return '"' + plain.replace('"', '\\"') + '"'


def decimal(amount: int) -> str:
    """Whole öre with a decimal point.

    >>> decimal(-5), decimal(1711600)
    ('-0.05', '17116.00')
    """
    whole, part = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{part:02}"


def balanced(rows: Sequence[Transaction], contra: str) -> tuple[Transaction, ...]:
    """The rows and one against them, none where they already come to nothing."""
    total = sum(row.amount for row in rows)
    against = (Transaction(contra, -total),) if total else ()
    return (*rows, *against)
