"""What pay.py gives: lines that explain themselves, and what is held with why."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from payments.calendar import EFFECTS, NAMES
from payments.facts import Count
from payments.money import rounded, shown
from payments.month import Month
from payments.rates import Ref
from payments.rule_rows import WHOLE, hours

PLACE = "place"
"""The kind of a line that pays for the place itself."""

AFTER_END = "after_end"
VAT = "vat"
SUPPLEMENT = "supplement:"

SCHABLON = "schablon"
"""The unit of a month's rate that is made from the price of a day."""

ONCE = "piece"
AMOUNT = "amount"
PER = {
    "day": "dag",
    "month": "månad",
    "hour": "timme",
    SCHABLON: "månad",
    ONCE: "gång",
    AMOUNT: "belopp",
}
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount and what made it, the same for all whose facts are alike."""

    kind: str
    month: Month
    start: date
    end: date
    level: str
    extent_class: str
    regi: str
    cells: tuple[Ref, ...]
    unit: str
    price: int
    hundredths: int
    """Hundredths of a day, or of the days of the month that `of` counts."""
    of: int
    share: int
    rounding: int
    amount: int
    days: int
    counted: str
    """How many days of each code, as "A:3 N:15"."""
    rules: tuple[str, ...]

    @property
    def terms(self) -> tuple[object, ...]:
        """What decides the money: two lines alike in this pay the same for the same."""
        return (
            self.start,
            self.end,
            self.level,
            self.extent_class,
            self.regi,
            self.unit,
            self.price,
            self.hundredths,
            self.of,
            self.share,
            self.rounding,
            self.amount,
        )


class Line(NamedTuple):
    """One amount for one placement, with everything that made it."""

    placement: Ref
    decisions: tuple[Ref, ...]
    levels: tuple[Ref, ...]
    priced: Priced

    @property
    def kind(self) -> str:
        return self.priced.kind

    @property
    def month(self) -> Month:
        return self.priced.month

    @property
    def start(self) -> date:
        return self.priced.start

    @property
    def end(self) -> date:
        return self.priced.end

    @property
    def level(self) -> str:
        return self.priced.level

    @property
    def extent_class(self) -> str:
        return self.priced.extent_class

    @property
    def regi(self) -> str:
        return self.priced.regi

    @property
    def cells(self) -> tuple[Ref, ...]:
        return self.priced.cells

    @property
    def unit(self) -> str:
        return self.priced.unit

    @property
    def price(self) -> int:
        return self.priced.price

    @property
    def hundredths(self) -> int:
        return self.priced.hundredths

    @property
    def of(self) -> int:
        return self.priced.of

    @property
    def share(self) -> int:
        return self.priced.share

    @property
    def rounding(self) -> int:
        return self.priced.rounding

    @property
    def amount(self) -> int:
        return self.priced.amount

    @property
    def days(self) -> int:
        return self.priced.days

    @property
    def counted(self) -> str:
        return self.priced.counted

    @property
    def rules(self) -> tuple[str, ...]:
        return self.priced.rules


@dataclass(frozen=True, slots=True)
class Held:
    """What is not paid now, and why; without amount where none can be known."""

    placement: Ref
    kind: str
    month: Month
    start: date
    end: date
    error: str
    message: str
    amount: int | None = None


class Due(NamedTuple):
    """All that is due for one client and month, and the absence that goes on."""

    lines: tuple[Line, ...]
    held: tuple[Held, ...]
    carry: tuple[Count, ...]


def amount_of(
    price: int, hundredths: int, of: int, share: int = WHOLE, rounding: int = 1
) -> int:
    """Price x quantity x share, rounded once.

    Tyresö level 2 full time, 18 days; Göteborg level 1 full time, 10 of 31 days:

    >>> amount_of(62600, 1800, 1), amount_of(1711600, 1000, 31)
    (1126800, 552129)
    """
    return rounded(price * hundredths * share, HUNDRED * WHOLE * of, to=rounding)


def recomputed(line: Line) -> int:
    """The line's amount from the line alone."""
    return amount_of(line.price, line.hundredths, line.of, line.share, line.rounding)


def explained(line: Line) -> tuple[str, ...]:
    """The line step by step in Swedish."""
    last = line.end - timedelta(days=1)
    counted = [f"Räknade dagar: {_counted(line.counted)}."] if line.counted else []
    rules = [f"Regel: {rule}." for rule in line.rules]
    formula = f"{_formula(line)} = {shown(line.amount)}."
    return (
        f"Perioden {line.start} till och med {last}.",
        _terms(line),
        *counted,
        *rules,
        formula,
    )


def _terms(line: Line) -> str:
    price = shown(line.price)
    if line.kind == VAT:
        return f"Momskompensation på det som raderna betalar: {price}."
    if line.kind.startswith(SUPPLEMENT):
        return (
            f"Tillägg, {line.regi} regi: {price} per {PER[line.unit]} enligt reglerna."
        )
    source = "reglernas schablon" if line.unit == SCHABLON else "prislistan"
    terms = f"Nivå {line.level}, {line.extent_class}, {line.regi} regi"
    return f"{terms}: {price} per {PER[line.unit]} enligt {source}."


def _counted(text: str) -> str:
    counts = (part.split(":") for part in text.split())
    return ", ".join(f"{number} {NAMES[EFFECTS[code]]}" for code, number in counts)


def _formula(line: Line) -> str:
    share = "" if line.share == WHOLE else f" × {line.share} %"
    return f"{_times(line)} × {shown(line.price)}{share}"


def _times(line: Line) -> str:
    """How many of what the price is for, and the part of a month."""
    quantity = _quantity(line.hundredths)
    if line.unit == "hour":
        return hours(line.hundredths // HUNDRED)
    if line.unit in (ONCE, AMOUNT):
        return quantity
    if line.unit == "day":
        return f"{quantity} dagar"
    if line.hundredths == line.of * HUNDRED:
        return "1 månad"
    of_days = abs(line.hundredths) == line.days * HUNDRED
    return f"{quantity} av {line.of} {'dagar' if of_days else 'delar av månaden'}"


def _quantity(hundredths: int) -> str:
    """Hundredths in words, and less than nought for what is taken back.

    >>> _quantity(1050), _quantity(1800), _quantity(-1050)
    ('10,5', '18', '−10,5')
    """
    sign = "\N{MINUS SIGN}" if hundredths < 0 else ""
    whole, part = divmod(abs(hundredths), HUNDRED)
    return f"{sign}{whole},{part:02}".rstrip("0") if part else f"{sign}{whole}"
