"""A supplier's invoice against what the months came to: values in, values out.

A reference names its months; where none does, the amount may, if it is exactly what
one open month lacks. Nothing is placed by a guess, and a difference is shown.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

REFERENCE, AMOUNT, HAND = "reference", "amount", "hand"
NUMBER = re.compile(r"[0-9]+")
WRITTEN_MONTH = re.compile(r"(?<![0-9])(20[0-9]{2})-?(0[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True)
class DueMonth:
    """What a run owes one provider, in öre, and what invoices have asked for."""

    run_id: int
    month: date
    ocr: str
    due: int
    invoiced: int = 0

    @property
    def lacks(self) -> int:
        return self.due - self.invoiced


@dataclass(frozen=True)
class Share:
    run_id: int
    amount: int
    how: str


def ocr(month: date, run: str, payee: str) -> str:
    """The reference of a basis: month, nine digits, length and check digit.

    The digits come of the random ids of run and provider, and say nothing of either:
    a sole trader's organisation number is a person's own number.

    >>> ocr(date(2026, 2, 1), "0a1b2c", "3d4e5f")
    '260210863432357'
    """
    told = hashlib.sha256(f"{run}/{payee}".encode()).hexdigest()
    body = f"{month:%y%m}{int(told, 16) % 10**9:09}"
    counted = f"{body}{(len(body) + 2) % 10}"
    return f"{counted}{check_digit(counted)}"


def check_digit(digits: str) -> int:
    """The tenth's complement of the sum, every second digit doubled (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def shares(
    amount: int, reference: str, months: Sequence[DueMonth]
) -> tuple[Share, ...]:
    """Where the invoice belongs; empty when nothing says so.

    >>> feb = DueMonth(1, date(2026, 2, 1), "26025", 1252000)
    >>> mar = DueMonth(2, date(2026, 3, 1), "26035", 1314600)
    >>> shares(1252000 + 1314600, "2026-02, 2026-03", [feb, mar])[1]
    Share(run_id=2, amount=1314600, how='reference')
    >>> shares(1252000, "Er ref: Anna", [feb, mar])
    (Share(run_id=1, amount=1252000, how='amount'),)
    >>> shares(99, "", [feb, mar])
    ()
    """
    named = _named(reference, months)
    if named:
        return _spread(amount, named)
    exact = [one for one in months if one.lacks == amount and amount]
    if len(exact) == 1:
        return (Share(exact[0].run_id, amount, AMOUNT),)
    return ()


def _named(reference: str, months: Sequence[DueMonth]) -> list[DueMonth]:
    """The months whose own reference, or whose year and month, the text holds."""
    numbers = set(NUMBER.findall(reference))
    by_ocr = [one for one in months if one.ocr in numbers]
    if by_ocr:
        return by_ocr
    written = {
        (int(year), int(month)) for year, month in WRITTEN_MONTH.findall(reference)
    }
    found = [one for one in months if (one.month.year, one.month.month) in written]
    return sorted(found, key=lambda one: one.month)


def _spread(amount: int, named: Sequence[DueMonth]) -> tuple[Share, ...]:
    """Each month what it lacks, the oldest first; the last takes what is over."""
    found: list[Share] = []
    left = amount
    for number, one in enumerate(named, start=1):
        is_last = number == len(named)
        part = left if is_last else _part(left, one.lacks)
        left -= part
        if part:
            found.append(Share(one.run_id, part, REFERENCE))
    return tuple(found)


def _part(left: int, lacks: int) -> int:
    """As much of what is left as goes the same way as what is lacking."""
    if left >= 0:
        return min(left, max(lacks, 0))
    return max(left, min(lacks, 0))


def carried(months: Sequence[DueMonth], placed: Sequence[Share]) -> list[DueMonth]:
    """The months when the shares of one more invoice are placed on them.

    >>> feb = DueMonth(1, date(2026, 2, 1), "26025", 1252000)
    >>> carried([feb], [Share(1, 1000, HAND)])[0].lacks
    1251000
    """
    return [
        replace(
            month,
            invoiced=month.invoiced
            + sum(share.amount for share in placed if share.run_id == month.run_id),
        )
        for month in months
    ]


WAITING, MATCHED, PARTLY, OVER, CREDIT_DUE, NOTHING = (
    "waiting",
    "matched",
    "partly",
    "over",
    "credit_due",
    "nothing",
)


def state(due: int, invoiced: int, invoices: int) -> str:
    """How far a month that is settled by invoice has come.

    >>> state(100, 0, 0), state(100, 100, 1), state(100, 60, 1), state(100, 101, 2)
    ('waiting', 'matched', 'partly', 'over')
    >>> state(-100, 0, 0), state(0, 0, 0)
    ('credit_due', 'nothing')
    """
    if due == invoiced:
        return MATCHED if invoices else NOTHING
    if due < 0:
        return CREDIT_DUE if invoiced > due else OVER
    if not invoices:
        return WAITING
    return PARTLY if invoiced < due else OVER
