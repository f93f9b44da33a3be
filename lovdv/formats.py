"""Jinja filters and the text forms of numbers, days and names."""

import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

from lovdv.clock import STOCKHOLM

MINUS = "\N{MINUS SIGN}"
LAST = {"å": "z1", "ä": "z2", "æ": "z2", "ö": "z3", "ø": "z3"}


def swedish_key(*parts: str) -> str:
    """A text that sorts å ä ö last by plain comparison: é as e, ü as y.

    >>> sorted(["Öberg", "Åberg", "Zorn", "Ärla"], key=swedish_key)
    ['Zorn', 'Åberg', 'Ärla', 'Öberg']
    """
    text = " ".join(parts).casefold().replace("ü", "y").replace("z", "z0")
    return "".join(LAST.get(c) or _plain(c) for c in text)[:200]


def search_key(*parts: str) -> str:
    """Names as they are searched: without case, spaces made single."""
    return " ".join(" ".join(parts).casefold().split())[:200]


def _plain(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]


def kronor(ore: int | Decimal | None) -> str:
    """Whole ören (int) or kronor (Decimal) as '1 234,50 kr'."""
    if ore is None:
        return ""
    amount = Decimal(ore).scaleb(-2) if isinstance(ore, int) else ore
    text = format_decimal(amount, "#,##0.00", "sv_SE")
    return f"{text.replace('-', MINUS)}\N{NO-BREAK SPACE}kr"


def number(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    return str(format_decimal(value, "#,##0.#####", "sv_SE")).replace("-", MINUS)


def day(value: date | None) -> str:
    """'5 november 2026'"""
    return "" if value is None else str(format_date(value, "d MMMM y", "sv_SE"))


def weekday(value: date | None) -> str:
    """'torsdag 5 november 2026'"""
    return "" if value is None else str(format_date(value, "EEEE d MMMM y", "sv_SE"))


def short_day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def last_day(end: date | None) -> str:
    """A half-open end as the last day that counts (t.o.m.)."""
    return "tills vidare" if end is None else day(end - timedelta(days=1))


def short_last_day(end: date | None) -> str:
    return "" if end is None else (end - timedelta(days=1)).isoformat()


def month(value: date | None) -> str:
    """'november 2026'"""
    return "" if value is None else str(format_date(value, "LLLL y", "sv_SE"))


def instant(value: datetime | None) -> str:
    """An instant in Swedish time: '2026-11-05 14.03'"""
    if value is None:
        return ""
    return value.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H.%M")


FILTERS = (
    kronor,
    number,
    day,
    weekday,
    short_day,
    last_day,
    short_last_day,
    month,
    instant,
)


def init_app(app: Flask) -> None:
    for show in FILTERS:
        app.jinja_env.filters[show.__name__] = show
