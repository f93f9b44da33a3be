"""What a person is paid for taking part (habiliteringsersättning): rules as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from payments import texts
from payments.calendar import EFFECTS, NAMES
from payments.errors import BadRule, PaymentError
from payments.money import rounded, shown
from payments.month import Month

KINDS = ("base_amount", "fixed", "hour")
HOURS = ("exact", "whole", "started")
PAYERS = ("municipality", "provider_included", "provider_billed")
REGI = ("extern", "intern")
DECIDED = ("name", "source", "first_day", "revision", "decided_at")
BY_DAY = ("full", "half", "full_from", "half_from")
BY_HOUR = ("hour", "hours", "least")
COMMON = ("kind", "rounding", "counted", "payer", "month_max")
HUNDRED_PER_CENT = 100
FULL, HALF, HOUR, OVER = "full", "half", "hour", "over"


class MissingBaseAmount(PaymentError):
    def __init__(self, year: int) -> None:
        super().__init__(
            f"Prisbasbeloppet för {year} saknas. Skriv in det, så räknas månaden."
        )


@dataclass(frozen=True, slots=True)
class AllowanceRules:
    """How a municipality counts and pays, from the first of a month."""

    name: str
    source: str
    first_day: date
    revision: int
    decided_at: datetime
    kind: str
    full: Fraction
    """Per cent of the base amount, or kronor; none by hour."""
    half: Fraction
    full_from: int
    """Minutes of a day from which it is a full day, and from which a half."""
    half_from: int
    hour: Fraction
    hours: str
    """How minutes become hours: exactly, whole hours only, a started one as whole."""
    least: int
    """Minutes a day below which nothing is paid by the hour."""
    rounding: int
    counted: frozenset[str]
    """The effects that count as taking part."""
    payer: Mapping[str, str]
    """By regi."""
    month_max: int | None
    """Öre that nobody is paid more than for a month."""

    def rate(self, kind: str, base_amount: int | None, year: int) -> int:
        """Öre for a full day, a half day or an hour; `base_amount` in öre.

        Göteborg 2020, 0,24 and 0,168 per cent of 47 300 kr, rounded to kronor:

        >>> from payments.allowance_presets import preset
        >>> goteborg = preset("goteborg-2020")
        >>> [goteborg.rate(kind, 4730000, 2020) for kind in ("full", "half")]
        [11400, 7900]
        """
        share = {FULL: self.full, HALF: self.half, HOUR: self.hour}[kind]
        if self.kind != "base_amount":
            return int(share * 100)
        if base_amount is None:
            raise MissingBaseAmount(year)
        return _whole(share * base_amount / HUNDRED_PER_CENT, self.rounding)

    def kind_of_day(self, minutes: int) -> str | None:
        """Whether so long a stay is a full day, a half day or nothing."""
        if minutes >= self.full_from:
            return FULL
        return HALF if minutes >= self.half_from else None

    def paid_minutes(self, minutes: int) -> int:
        """The minutes of a day that an hourly rule pays."""
        if minutes < self.least:
            return 0
        if self.hours == "exact":
            return minutes
        started = 1 if self.hours == "started" and minutes % 60 else 0
        return (minutes // 60 + started) * 60

    def told(self, kind: str, rate: int, base_amount: int | None) -> str:
        """The rule in words, with the amounts that made the rate."""
        name = {FULL: "hel dag", HALF: "halv dag", HOUR: "timme"}[kind]
        if self.kind != "base_amount" or base_amount is None:
            return f"{self.name}: {shown(rate)} per {name}"
        share = self.full if kind == FULL else self.half
        return (
            f"{self.name}: {in_decimals(share)} % av prisbasbeloppet "
            f"{shown(base_amount)} per {name}, avrundat {shown(rate)}"
        )


def _whole(amount: Fraction, to: int) -> int:
    return rounded(amount.numerator, amount.denominator, to=to)


def in_decimals(share: Fraction) -> str:
    """A share as it is written, with up to five decimals.

    >>> in_decimals(Fraction("0.168")), in_decimals(Fraction(1))
    ('0,168', '1')
    """
    text = f"{int(share * 100_000):06}"
    return f"{text[:-5]},{text[-5:]}".rstrip("0").rstrip(",")


def known_allowance(
    sets: Sequence[AllowanceRules], month: Month, known_at: datetime
) -> AllowanceRules | None:
    """The rules in force for a month, as known at an instant."""
    known = [
        one
        for one in sets
        if one.first_day <= month.first and one.decided_at <= known_at
    ]
    return max(known, key=lambda one: (one.first_day, one.revision), default=None)


def read_allowance(table: Mapping[str, object]) -> AllowanceRules:
    """The rules from their JSON form, where every number is a text."""
    kind = texts.one_of(table, "kind", KINDS)
    own = BY_HOUR if kind == "hour" else BY_DAY
    fields = (*DECIDED, *COMMON, *own)
    needed = [name for name in fields if name != "month_max"]
    texts.check_fields(table, fields, "habiliteringsersättning", needed)
    first_day = texts.day(table, "first_day")
    if first_day.day != 1:
        raise BadRule("first_day", "reglerna ska gälla från den första i en månad.")
    found = AllowanceRules(
        name=texts.text(table, "name"),
        source=texts.text(table, "source"),
        first_day=first_day,
        revision=texts.whole(table, "revision"),
        decided_at=texts.instant(table, "decided_at"),
        kind=kind,
        full=_share(table, "full", kind),
        half=_share(table, "half", kind),
        full_from=_minutes(table, "full_from", kind),
        half_from=_minutes(table, "half_from", kind),
        hour=Fraction(texts.amount(table, "hour"), 100) if kind == "hour" else _NONE,
        hours=texts.one_of(table, "hours", HOURS) if kind == "hour" else "exact",
        least=_at_least(table, "least") if kind == "hour" else 0,
        rounding=texts.step(table, "rounding"),
        counted=_counted(table),
        payer=_payer(table),
        month_max=texts.amount(table, "month_max") if "month_max" in table else None,
    )
    _check(found)
    return found


_NONE = Fraction(0)


def _share(table: Mapping[str, object], field: str, kind: str) -> Fraction:
    """Per cent with up to five decimals, or kronor."""
    if kind == "hour":
        return _NONE
    if kind == "fixed":
        return Fraction(texts.amount(table, field), 100)
    text = texts.text(table, field).replace(",", ".")
    whole, _, part = text.partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit() and whole and len(part) <= 5):
        raise BadRule(field, f"”{text}” ska vara procent, till exempel 0,24.")
    found = Fraction(text)
    if not 0 < found <= HUNDRED_PER_CENT:
        raise BadRule(field, "procenten ska vara över 0 och högst 100.")
    return found


def _minutes(table: Mapping[str, object], field: str, kind: str) -> int:
    return 0 if kind == "hour" else texts.whole(table, field)


def _at_least(table: Mapping[str, object], field: str) -> int:
    """Minutes, nought among them."""
    return 0 if texts.text(table, field) == "0" else texts.whole(table, field)


def _counted(table: Mapping[str, object]) -> frozenset[str]:
    found = table["counted"]
    known = sorted(EFFECTS.values())
    if not (isinstance(found, list) and found and all(one in known for one in found)):
        raise BadRule("counted", f"välj minst en bland {', '.join(known)}.")
    return frozenset(str(effect) for effect in found)


def _payer(table: Mapping[str, object]) -> Mapping[str, str]:
    found = table["payer"]
    if not (isinstance(found, dict) and set(found) == set(REGI)):
        raise BadRule("payer", "säg vem som betalar för extern och för intern regi.")
    return {regi: texts.one_of(found, regi, PAYERS) for regi in REGI}


def _check(found: AllowanceRules) -> None:
    if found.kind == "hour":
        return
    if found.half_from >= found.full_from:
        raise BadRule("half_from", "en halv dag ska börja före en hel.")
    if found.half > found.full:
        raise BadRule("half", "en halv dag ska inte ge mer än en hel.")


def effects_in_words(effects: frozenset[str]) -> str:
    return ", ".join(NAMES[effect] for effect in NAMES if effect in effects)
