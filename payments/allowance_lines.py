"""What people are paid for taking part, line by line; each explains itself."""

from dataclasses import dataclass, replace

from payments.allowance_rules import FULL, HALF, HOUR, OVER
from payments.money import rounded, shown
from payments.month import Month
from payments.rates import Ref

HUNDRED, MINUTES = 100, 60
NAMES = {FULL: "hela dagar", HALF: "halva dagar", HOUR: "timmar", OVER: "över taket"}


@dataclass(frozen=True, slots=True)
class AllowanceLine:
    """One amount for one person at one place, with everything that made it."""

    placement: Ref
    month: Month
    kind: str
    quantity: int
    """Hundredths of days, or minutes; for what is over the maximum, one."""
    rate: int
    rounding: int
    amount: int
    days: str
    """The days of the month that count, as "2 3 4"."""
    rule: str
    payer: str

    @property
    def terms(self) -> tuple[object, ...]:
        """What decides the money: two lines alike in this are the same."""
        return (self.kind, self.quantity, self.rate, self.amount, self.payer, self.days)


@dataclass(frozen=True, slots=True)
class AllowanceHeld:
    """A place's month that cannot be counted yet, and why."""

    placement: Ref
    month: Month
    error: str
    message: str


def amount_of(kind: str, quantity: int, rate: int, rounding: int) -> int:
    """The amount from the line alone.

    Sollentuna, 8 kr an hour, 93 hours; Kristianstad, 54 kr a day, 17 days:

    >>> amount_of("hour", 93 * 60, 800, 100), amount_of("full", 1700, 5400, 100)
    (74400, 91800)
    """
    per = MINUTES if kind == HOUR else HUNDRED
    return (
        quantity * rate if kind == OVER else rounded(quantity * rate, per, to=rounding)
    )


def explained_allowance(line: AllowanceLine) -> tuple[str, ...]:
    """The line step by step in Swedish."""
    rule = f"Regel: {line.rule}."
    if line.kind == OVER:
        return rule, f"Över taket: {shown(line.amount)}."
    return (
        f"Dagar i månaden: {line.days.replace(' ', ', ')}.",
        rule,
        f"{quantity_in_words(line)} × {shown(line.rate)} = {shown(line.amount)}.",
    )


def quantity_in_words(line: AllowanceLine) -> str:
    """How much is paid, as '17 hela dagar' or '93 timmar 30 minuter'."""
    if line.kind == OVER:
        return ""
    sign = "\N{MINUS SIGN}" if line.quantity < 0 else ""
    whole, part = divmod(abs(line.quantity), MINUTES if line.kind == HOUR else HUNDRED)
    minutes = f" {part} minuter" if part else ""
    return f"{sign}{whole} {NAMES[line.kind]}{minutes}"


def taken_back(line: AllowanceLine) -> AllowanceLine:
    """The reversal: everything copied, the sign turned."""
    return replace(line, quantity=-line.quantity, amount=-line.amount)
