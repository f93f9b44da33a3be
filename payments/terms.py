"""The terms that a part of a month is paid on: class, price and unit."""

from fractions import Fraction
from typing import NamedTuple

from payments.calendar import WEEKS_COUNTED, Extent
from payments.errors import NoPriceList, PaymentError, WrongUnit
from payments.lines import HUNDRED, PER, SCHABLON
from payments.money import rounded, shown
from payments.rates import PriceCell, PriceSpan
from payments.rule_rows import number
from payments.rules import RuleSet


class Terms(NamedTuple):
    """What two neighbours must share to be one line."""

    level: str
    extent_class: str
    unit: str
    price: int
    pause_share: int | None
    part: tuple[int, int] = (1, 1)
    """Of what the client's placements are paid together."""
    told: tuple[str, ...] = ()
    """How the price came from the list's, where it is another."""


class Rates:
    """Classes and prices under one rule set, each looked up once."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._classes: dict[Extent, str | PaymentError] = {}
        self._cells: dict[tuple[int, str, str, str], PriceCell | PaymentError] = {}

    def extent_class(self, extent: Extent) -> str:
        """The class that a plan belongs to, remembered."""
        found = self._classes.get(extent)
        if found is None:
            found = self._classes[extent] = self._class_of(extent)
        if isinstance(found, str):
            return found
        raise found

    def _class_of(self, extent: Extent) -> str | PaymentError:
        try:
            return self._rules.extent_class(extent)
        except PaymentError as error:
            return error

    def cell(
        self, span: PriceSpan | None, level: str, extent_class: str, regi: str
    ) -> PriceCell:
        """The one price in force, remembered."""
        if span is None:
            raise NoPriceList
        key = (id(span), level, extent_class, regi)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self._priced(span, level, extent_class, regi)
        if isinstance(found, PriceCell):
            return found
        raise found

    def _priced(
        self, span: PriceSpan, level: str, extent_class: str, regi: str
    ) -> PriceCell | PaymentError:
        try:
            cell = span.cell(level, extent_class, regi)
        except PaymentError as error:
            return error
        if cell.unit != self._rules.price_unit:
            return WrongUnit(PER[cell.unit], PER[self._rules.price_unit])
        return cell

    def rate(self, cell: PriceCell, extent: Extent) -> tuple[str, int, tuple[str, ...]]:
        """The unit and price of a line, and how they come from the list's."""
        rules, price = self._rules, cell.amount
        if rules.factor is None:
            rate = rounded(price, to=rules.rate_rounding)
            told = (f"priset {shown(price)} avrundat till {shown(rate)}",)
            return cell.unit, rate, () if rate == price else told
        times = rules.factor * extent.days / WEEKS_COUNTED
        rate = rounded(
            price * times.numerator, times.denominator, to=rules.rate_rounding
        )
        days = number(Fraction(extent.days, WEEKS_COUNTED))
        made = (
            f"{shown(price)} per dag × {number(rules.factor)} × {days} dagar i veckan"
        )
        return SCHABLON, rate, (f"schablon: {made} = {shown(rate)} per månad",)


FOUR_WEEKS_A_YEAR, MONTHS_A_YEAR = 13, 12
"""A plan counts its days in four weeks, and 52 weeks are 12 months."""


def ordinary_month(rules: RuleSet, cell: PriceCell, extent: Extent) -> int:
    """What a plan costs an ordinary month, without closed days and absence, in öre.

    A day price five days a week, 21 2/3 days a month; Tyresö, level 2, full time:

    >>> from payments.rulesets import shipped
    >>> cell = PriceCell("2", "heltid", "extern", "day", 62600, 1)
    >>> ordinary_month(shipped("tyreso-2020"), cell, Extent(days=20, minutes=7200))
    1356333
    """
    unit, price, _ = Rates(rules).rate(cell, extent)
    if unit in ("month", SCHABLON):
        return price
    if unit == "hour":
        times = extent.minutes * FOUR_WEEKS_A_YEAR
        return rounded(price * times, 60 * MONTHS_A_YEAR)
    hundredths = extent.days * HUNDRED
    if rules.basis == "bundled" and extent.days:
        hundredths = extent.days * rules.bundle(extent.minutes // extent.days).units
    times = hundredths * FOUR_WEEKS_A_YEAR
    return rounded(price * times, HUNDRED * MONTHS_A_YEAR)
