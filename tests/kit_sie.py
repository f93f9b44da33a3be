"""A reader of SIE 4I, written from the SIE group's description of the format.

It shares nothing with the writer: it goes through the bytes one by one, and refuses
whatever the description does not allow. `read` gives what stands in the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

TAB = 9
BEFORE_VOUCHERS = ("FLAGGA", "PROGRAM", "FORMAT", "GEN", "SIETYP", "FNAMN")
"""Records that every file of type 4I must have."""


class NotSie(AssertionError):
    """The bytes break the format."""


@dataclass
class ReadRow:
    account: str
    objects: list[tuple[int, str]]
    amount: Decimal
    text: str = ""


@dataclass
class ReadVoucher:
    series: str
    number: str
    day: date
    text: str
    rows: list[ReadRow] = field(default_factory=list)


@dataclass
class ReadSie:
    records: dict[str, list[str]] = field(default_factory=dict)
    dimensions: dict[int, str] = field(default_factory=dict)
    objects: dict[tuple[int, str], str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    vouchers: list[ReadVoucher] = field(default_factory=list)


def read(content: bytes) -> ReadSie:
    found = ReadSie()
    open_voucher: ReadVoucher | None = None
    inside = False
    for line in _lines(content):
        if line in ("{", "}"):
            inside, open_voucher = _bracket(line, open_voucher, inside=inside)
            continue
        label, *values = _fields(line)
        if label == "#TRANS":
            if not inside or open_voucher is None:
                raise NotSie("a transaction outside a voucher")
            open_voucher.rows.append(_row(values, found))
        elif inside:
            raise NotSie(f"{label} inside a voucher")
        elif label == "#VER":
            open_voucher = _voucher(values, found)
        else:
            _record(found, label, values)
    if inside:
        raise NotSie("the last voucher is never closed")
    return found


def _lines(content: bytes) -> Iterator[str]:
    """Each line as text, its end taken away; every byte is looked at."""
    if not content.endswith(b"\r\n"):
        raise NotSie("the last line has no end")
    for line in content[:-2].split(b"\r\n"):
        for byte in line:
            if (byte < 32 and byte != TAB) or byte == 127:
                raise NotSie(f"control character {byte}")
        yield bytes(line).decode("cp437")


def _fields(line: str) -> list[str | list[str]]:
    """The record's label, then fields; an object list is a list of its own."""
    found: list[str | list[str]] = []
    place, listed = 0, None
    while place < len(line):
        character = line[place]
        if character in " \t":
            place += 1
        elif character == "{":
            if listed is not None:
                raise NotSie("a list inside a list")
            listed = []
            place += 1
        elif character == "}":
            if listed is None:
                raise NotSie("a list that was never opened is closed")
            found.append(listed)
            listed = None
            place += 1
        else:
            text, place = (_quoted if character == '"' else _bare)(line, place)
            (found if listed is None else listed).append(text)
    if listed is not None:
        raise NotSie("a list is never closed")
    return found


def _quoted(line: str, place: int) -> tuple[str, int]:
    text = ""
    place += 1
    while True:
        if place >= len(line):
            raise NotSie("a text is never closed")
        if line[place] == "\\":
            if line[place + 1 : place + 2] != '"':
                raise NotSie("only a quotation mark may follow a backslash")
            text += '"'
            place += 2
        elif line[place] == '"':
            after = line[place + 1 : place + 2]
            if after and after not in " \t}":
                raise NotSie("a text is closed in the middle of a field")
            return text, place + 1
        else:
            text += line[place]
            place += 1


def _bare(line: str, place: int) -> tuple[str, int]:
    start = place
    while place < len(line) and line[place] not in ' \t{}"':
        place += 1
    return line[start:place], place


def _bracket(
    line: str, voucher: ReadVoucher | None, *, inside: bool
) -> tuple[bool, ReadVoucher | None]:
    if line == "{":
        if voucher is None or inside:
            raise NotSie("an opening without a voucher")
        return True, voucher
    if not inside or voucher is None or not voucher.rows:
        raise NotSie("a voucher is closed that has no rows")
    if sum(row.amount for row in voucher.rows) != 0:
        raise NotSie("the voucher does not come to zero")
    return False, None


def _voucher(values: list[str | list[str]], found: ReadSie) -> ReadVoucher:
    missing = [name for name in BEFORE_VOUCHERS if name not in found.records]
    if missing:
        raise NotSie(f"missing before the vouchers: {missing}")
    series, number, day, *text = values
    assert isinstance(series, str)
    assert isinstance(number, str)
    new = ReadVoucher(series, number, _day(day), str(text[0]) if text else "")
    found.vouchers.append(new)
    return new


def _day(text: object) -> date:
    if not isinstance(text, str) or len(text) != 8 or not text.isdigit():
        raise NotSie(f"{text!r} is not a day")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _row(values: list[str | list[str]], found: ReadSie) -> ReadRow:
    account, listed, amount, *rest = values
    if not isinstance(account, str) or account not in found.accounts:
        raise NotSie(f"the account {account!r} is not declared")
    if not isinstance(listed, list) or len(listed) % 2:
        raise NotSie("the object list is not pairs")
    pairs = [(int(n), code) for n, code in zip(listed[::2], listed[1::2], strict=True)]
    for pair in pairs:
        if pair not in found.objects:
            raise NotSie(f"the object {pair} is not declared")
    if rest and rest[0] != "":
        _day(rest[0])
    return ReadRow(account, pairs, _amount(amount), str(rest[1]) if rest[1:] else "")


def _amount(text: object) -> Decimal:
    if not isinstance(text, str):
        raise NotSie("the amount is a list")
    whole, _, part = text.removeprefix("-").partition(".")
    if not whole.isdigit() or len(part) > 2 or (part and not part.isdigit()):
        raise NotSie(f"{text!r} is not an amount")
    return Decimal(text)


def _record(found: ReadSie, label: str | list[str], values: list) -> None:
    if not isinstance(label, str) or not label.startswith("#"):
        raise NotSie(f"{label!r} is no label")
    if found.vouchers:
        raise NotSie(f"{label} after the first voucher")
    declare = {"#DIM": _dimension, "#OBJEKT": _object, "#KONTO": _account}.get(label)
    if declare is not None:
        declare(found, values)
        return
    if label[1:] in found.records:
        raise NotSie(f"{label} stands twice")
    if not found.records and label != "#FLAGGA":
        raise NotSie("the file does not begin with #FLAGGA")
    found.records[label[1:]] = values


def _dimension(found: ReadSie, values: list[str]) -> None:
    found.dimensions[int(values[0])] = values[1]


def _object(found: ReadSie, values: list[str]) -> None:
    if int(values[0]) not in found.dimensions:
        raise NotSie(f"the dimension {values[0]} is not declared")
    found.objects[int(values[0]), values[1]] = values[2]


def _account(found: ReadSie, values: list[str]) -> None:
    if not values[0].isdigit():
        raise NotSie("an account is digits")
    found.accounts[values[0]] = values[1]
