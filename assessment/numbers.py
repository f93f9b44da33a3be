"""Exact decimal numbers: read from text, computed without rounding, written back."""

import re
from decimal import (
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from math import gcd, lcm

# Seven digits before and eight after the point, multiplied and summed over a
# thousand questions, stay well inside fifty digits; anything longer is a fault.
EXACT = Context(
    prec=50,
    traps=[DivisionByZero, FloatOperation, Inexact, InvalidOperation, Overflow],
)
UNREADABLE = Decimal("NaN")
ZERO, ONE = Decimal(0), Decimal(1)
_NUMBER = re.compile(r"-?[0-9]{1,7}(\.[0-9]{1,8})?")


def exact_number(text: str) -> Decimal:
    """Read "0.04186" exactly; raise ValueError for anything but plain digits.

    >>> exact_number("0.04186")
    Decimal('0.04186')
    """
    if not _NUMBER.fullmatch(text):
        msg = f"Inte ett tal: {text!r}"
        raise ValueError(msg)
    return Decimal(text)


def number_text(number: Decimal) -> str:
    """Write a number in its one canonical form.

    >>> number_text(Decimal("2.50")), number_text(Decimal("-0.0"))
    ('2.5', '0')
    """
    if not number:
        return "0"
    return format(number.normalize(EXACT), "f")


def times(one: Decimal, other: Decimal) -> Decimal:
    return EXACT.multiply(one, other)


def total(numbers: list[Decimal]) -> Decimal:
    result = ZERO
    for number in numbers:
        result = EXACT.add(result, number)
    return result


def minus(one: Decimal, other: Decimal) -> Decimal:
    return EXACT.subtract(one, other)


def common_step(numbers: list[Decimal]) -> Fraction | None:
    """Return the largest number that divides all of them: every sum is a multiple.

    >>> common_step([Decimal("1.5"), Decimal(2)])
    Fraction(1, 2)
    """
    parts = [Fraction(number) for number in numbers if number]
    if not parts:
        return None
    denominator = lcm(*(part.denominator for part in parts))
    return Fraction(gcd(*(int(part * denominator) for part in parts)), denominator)
