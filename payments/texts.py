"""Values from tables of texts, as in JSON: each that is wrong is refused by name."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TypeAlias

from payments.errors import BadRule, NotAnAmount
from payments.money import kronor
from payments.month import day_of
from payments.rule_rows import WHOLE, Bound

Table: TypeAlias = Mapping[str, object]

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
STEPS = {"0.01": 1, "1": 100}
"""What amounts may be rounded to, and how many ören that is."""


def check_fields(
    table: Table, fields: Collection[str], where: str, needed: Collection[str] = ()
) -> None:
    unknown = sorted(set(table) - set(fields))
    if unknown:
        raise BadRule(where, f"okänt fält {', '.join(unknown)}.")
    missing = sorted(set(needed) - set(table))
    if missing:
        raise BadRule(where, f"fältet {', '.join(missing)} saknas.")


def text(table: Table, field: str) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value.strip():
        raise BadRule(field, "ska vara en text; tal skrivs som text.")
    return value.strip()


def one_of(
    table: Table, field: str, choices: Sequence[str], default: str | None = None
) -> str:
    if default is not None and field not in table:
        return default
    value = text(table, field)
    if value not in choices:
        raise BadRule(field, f"”{value}” finns inte. Välj bland {', '.join(choices)}.")
    return value


def whole(table: Table, field: str) -> int:
    value = text(table, field)
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= 100_000):
        raise BadRule(field, f"”{value}” ska vara ett helt tal från 1.")
    return int(value)


def whole_or_none(table: Table, field: str) -> int | None:
    return whole(table, field) if field in table else None


def share(table: Table, field: str) -> int:
    value = text(table, field)
    if not (value.isascii() and value.isdigit() and int(value) <= WHOLE):
        raise BadRule(field, f"”{value}” ska vara hela procent, 0 till 100.")
    return int(value)


def fraction(table: Table, field: str) -> Fraction:
    value = text(table, field)
    try:
        return Fraction(kronor(value))
    except NotAnAmount:
        raise BadRule(field, f"”{value}” ska vara ett tal.") from None


def amount(table: Table, field: str) -> int:
    """Kronor above nought, as whole öre."""
    found = int(fraction(table, field) * 100)
    if found <= 0:
        raise BadRule(field, "beloppet ska vara över noll.")
    return found


def step(table: Table, field: str, default: str | None = None) -> int:
    value = default if default and field not in table else text(table, field)
    if value not in STEPS:
        raise BadRule(field, "avrunda till öre (0.01) eller kronor (1).")
    return STEPS[value]


def day(table: Table, field: str) -> date:
    value = text(table, field)
    try:
        return day_of(value)
    except ValueError:
        raise BadRule(field, f"”{value}” är ingen dag.") from None


def instant(table: Table, field: str) -> datetime:
    value = text(table, field)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise BadRule(field, f"”{value}” är ingen tidpunkt.") from None
    if found.tzinfo is None:
        raise BadRule(field, "tidpunkten behöver tidszon, till exempel +00:00.")
    return found


def clock(table: Table, field: str) -> int:
    """A clock time, in minutes after midnight."""
    value = text(table, field)
    found = _CLOCK.fullmatch(value)
    if found is None:
        raise BadRule(field, f"”{value}” är inget klockslag. Skriv till exempel 15:00.")
    return int(found[1]) * 60 + int(found[2])


def bound(table: Table, where: str, *, closed: str, opened: str) -> Bound | None:
    if closed in table and opened in table:
        raise BadRule(where, f"ange bara en av {closed} och {opened}.")
    if closed in table:
        return Bound(fraction(table, closed), closed=True)
    if opened in table:
        return Bound(fraction(table, opened), closed=False)
    return None


def table_of(table: Table, field: str) -> Table:
    value = table.get(field)
    if not isinstance(value, Mapping):
        raise BadRule(field, "ska vara en tabell.")
    return value


def rows_of(table: Table, field: str) -> Sequence[Table]:
    value = table.get(field)
    rows = value if isinstance(value, list) else None
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        raise BadRule(field, "ska vara en lista med rader.")
    return rows


def rows_or_none(table: Table, field: str) -> Sequence[Table]:
    return rows_of(table, field) if field in table else ()
