"""The only places that make or round amounts. Whole öre (int), or Decimal kronor."""

import re
from decimal import Decimal

from payments.errors import AmountTooLarge, NotAnAmount

_WRITTEN = re.compile(r"-?[0-9]+(?:[.,][0-9]{1,2})?")
LARGEST = Decimal(10) ** 12
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")


def kronor(text: object) -> Decimal:
    """Read kronor as people write them, exactly.

    >>> kronor("412.50"), kronor("1 234,50")
    (Decimal('412.50'), Decimal('1234.50'))
    >>> kronor("1,234.50")
    Traceback (most recent call last):
    payments.errors.NotAnAmount: ”1,234.50” är inte ett belopp. Skriv kronor med \
högst två decimaler, till exempel 1 234,50.
    """
    if not isinstance(text, str):
        raise NotAnAmount(text)
    written = _SPACES.sub("", text.strip().replace("\N{MINUS SIGN}", "-"))
    if not _WRITTEN.fullmatch(written):
        raise NotAnAmount(text)
    amount = Decimal(written.replace(",", "."))
    if abs(amount) > LARGEST:
        raise AmountTooLarge
    return amount


def ore(amount: object) -> int:
    """Whole öre of exact kronor.

    >>> ore(kronor("17 116"))
    1711600
    """
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise NotAnAmount(amount)
    whole = amount * 100
    if whole != whole.to_integral_value():
        raise NotAnAmount(amount)
    return int(whole)


def in_kronor(amount: int) -> Decimal:
    """Kronor, with two decimals, of whole öre.

    >>> in_kronor(1711600)
    Decimal('17116.00')
    """
    return Decimal(amount).scaleb(-2).quantize(Decimal("0.01"))


def shown(amount: int) -> str:
    r"""Whole öre as Swedish text.

    >>> shown(1711600), shown(-50)
    ('17\xa0116,00\xa0kr', '−0,50\xa0kr')
    """
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    whole, part = divmod(abs(amount), 100)
    thousands = f"{whole:,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{sign}{thousands},{part:02}\N{NO-BREAK SPACE}kr"


def rounded(amount: int, divisor: int = 1, *, to: int = 1) -> int:
    """The quotient rounded half up, away from zero on both sides, to whole `to`.

    17 116 kr for 10 of 31 days, and its reversal:

    >>> rounded(1711600 * 10, 31), rounded(-1711600 * 10, 31)
    (552129, -552129)
    >>> rounded(1711600 * 10, 31, to=100)
    552100
    """
    step = divisor * to
    if amount >= 0:
        return (2 * amount + step) // (2 * step) * to
    return -((step - 2 * amount) // (2 * step) * to)
