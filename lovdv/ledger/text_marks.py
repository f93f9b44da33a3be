"""Marks in a text template that would change an amount, or that no file can hold.

A lost minus and a digit too many look like any other amount to whoever reads the file.
"""

from collections.abc import Iterator

from lovdv.ledger import text_files
from lovdv.ledger.characters import has
from lovdv.ledger.text_files import Field, Template
from lovdv.ledger.text_sources import AMOUNT, END_SOURCES, NUMBER, ROW_SOURCES, WHOLE

KINDS = {name: kind for name, (_, kind) in {**ROW_SOURCES, **END_SOURCES}.items()}
NUMBERS = {AMOUNT, NUMBER, WHOLE}
SIGNED = {text_files.MINUS_ONLY, text_files.ALWAYS}
POINTS = ",."


def faults(made: Template) -> Iterator[str]:
    if not has(made.encoding, made.separator):
        yield f"Skiljetecknet finns inte i {made.encoding}. Välj ett annat."
    for each in (*_all(made.header), *made.fields, *_all(made.footer)):
        yield from _unwritable(each, made.encoding)
        if KINDS.get(each.source) in NUMBERS:
            yield from _own_sign(each) if each.only_sign else _number(each)


def _all(lines: tuple[tuple[Field, ...], ...]) -> Iterator[Field]:
    for line in lines:
        yield from line


def _unwritable(each: Field, encoding: str) -> Iterator[str]:
    for mark in (each.fill, each.plus, each.minus, each.decimal):
        if not has(encoding, mark):
            shown = mark.encode("ascii", "backslashreplace").decode()
            yield (
                f"{text_files.label(each)}: tecknet {shown} finns inte i {encoding}. "
                "Välj ett annat."
            )
    if not has("utf-8", each.text + each.title):
        yield "En fast text eller rubrik har ett tecken som inte går att skriva."


def _own_sign(each: Field) -> Iterator[str]:
    """A sign on its own may be any two words that differ, as 40 and 50."""
    if each.minus.strip() in {"", each.plus.strip()}:
        yield (
            f"{each.source}: tecknet i eget fält behöver ett minus som skiljer sig "
            "från plus, annars går det inte att se vad som är negativt."
        )


def _number(each: Field) -> Iterator[str]:
    if each.sign in SIGNED and not each.minus.strip():
        yield (
            f"{each.source}: ”Minus skrivs” är tomt, och ett negativt belopp skulle se "
            "ut som ett positivt. Skriv ett tecken."
        )
    elif each.sign == text_files.ALWAYS and each.minus.strip() == each.plus.strip():
        yield f"{each.source}: plus och minus skrivs lika. Skriv olika tecken."
    if any(mark.isdigit() or mark in POINTS for mark in each.plus + each.minus):
        yield (
            f"{each.source}: en siffra, en punkt eller ett komma som plus eller minus "
            "blir en del av talet. Skriv ett annat tecken."
        )
    if any(mark.isalnum() for mark in each.decimal):
        yield f"{each.source}: decimaltecknet kan inte vara en siffra eller bokstav."
    yield from _fill(each)


def _fill(each: Field) -> Iterator[str]:
    leads_with_zeros = each.align == text_files.RIGHT and each.fill == "0"
    if each.fill.isdigit() and not leads_with_zeros:
        yield (
            f"{each.source}: utfyllnaden {each.fill} ändrar talet. Fyll ut med "
            "mellanslag, eller med nollor framför ett högerställt tal."
        )
    if each.fill.strip() and each.fill in f"{each.plus}{each.minus}{POINTS}":
        yield (
            f"{each.source}: utfyllnaden är ett tecken som talet självt kan ha. Välj "
            "ett annat."
        )
