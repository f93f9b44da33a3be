"""The same facts twice: in the application's tables, and as the yardstick's days."""

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from lovdv.models import metadata
from payments import Month, read_price_rows

MONTH = Month(2026, 11)
"""21 weekdays: 40,000 people have 840,000 planned days."""

STARTED = date(2025, 1, 1)
DEARER = date(2026, 11, 16)
KNOWN = datetime(2025, 1, 1, tzinfo=UTC)
PRICES = Path(__file__).parents[1] / "data" / "prices"
RULES = files("payments.rulesets") / "tyreso-2020.json"
TIMES = [[*(["09:00", "15:00"] for _ in range(5)), None, None]]
CODES = {"N": 100, "A": 100, "S": 100, "O": 100, "L": 100, "K": 0, "P": 100, "U": 0}
UNITS = 40
AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Person:
    number: int
    level: str
    later: tuple[date, str] | None
    codes: str


def people(count: int) -> Iterator[Person]:
    """Each attends on weekdays; a tenth of the days are away, a tenth change level."""
    chance = random.Random(1994)
    for number in range(1, count + 1):
        level = str(chance.randint(1, 5))
        later = None
        if chance.random() < 0.1:
            later = (MONTH.first.replace(day=9), str(int(level) % 5 + 1))
        yield Person(number, level, later, _codes(MONTH, chance))


def _codes(month: Month, chance: random.Random) -> str:
    return "".join(
        _code(chance) if day.weekday() < 5 else "-" for day in month.every_day()
    )


def _code(chance: random.Random) -> str:
    return chance.choice("AAASOLU") if chance.random() < 0.1 else "N"


def fill(connection: Connection, count: int) -> None:
    """The application's tables, by bulk inserts."""
    _ground(connection)
    everyone = list(people(count))
    for name, rows in _tables(everyone):
        _insert(connection, metadata.tables[name], rows)


def fill_month(connection: Connection, count: int, month: Month) -> None:
    """Everybody's attendance in another month."""
    chance = random.Random(str(month))
    rows = (_attended(n, month, _codes(month, chance)) for n in range(1, count + 1))
    _insert(connection, metadata.tables["attendance_month"], rows)


def _ground(connection: Connection) -> None:
    """A municipality with rules, prices, a provider with units, one assessment."""
    rows: list[tuple[str, list[dict[str, Any]]]] = [
        ("municipality", [{"id": 1, "code": "9999", "name": "Mätstad"}]),
        (
            "choice_system",
            [{"id": 1, "municipality_id": 1, "name": "DV", "first_day": STARTED}],
        ),
        (
            "user",
            [
                {
                    "id": ref,
                    "login": f"u{ref}",
                    "name": f"U{ref}",
                    "password_hash": "-",
                    "created_at": KNOWN,
                }
                for ref in (1, 2)
            ],
        ),
        ("rule", [_rule()]),
        ("price_list", [_list(1, STARTED), _list(2, DEARER)]),
        ("price_cell", [*_cells(1, 0), *_cells(2, 100)]),
        (
            "provider",
            [
                {
                    "id": 1,
                    "name": "Utföraren",
                    "organisation_number": "556000-0000",
                    "counterpart": "company",
                }
            ],
        ),
        ("unit", [_unit(ref) for ref in range(1, UNITS + 1)]),
        (
            "contract",
            [
                {
                    "id": 1,
                    "choice_system_id": 1,
                    "provider_id": 1,
                    "number": "A1",
                    "regi": "extern",
                    "signed_on": STARTED,
                    "first_day": STARTED,
                    "account": "4641/1200/568",
                }
            ],
        ),
        (
            "contract_unit",
            [
                {"contract_id": 1, "unit_id": ref, "first_day": STARTED}
                for ref in range(1, UNITS + 1)
            ],
        ),
    ]
    for name, told in rows:
        _insert(connection, metadata.tables[name], told)


def _rule() -> dict[str, Any]:
    table = json.loads(RULES.read_text("utf-8"))
    for decided in ("first_day", "revision", "decided_at"):
        del table[decided]
    return {
        "choice_system_id": 1,
        "key": "payment",
        "first_day": STARTED,
        "value": table,
        "decided_at": KNOWN,
    }


def _list(ref: int, first_day: date) -> dict[str, Any]:
    return {
        "id": ref,
        "choice_system_id": 1,
        "name": f"Lista {ref}",
        "first_day": first_day,
        "reference": "Mätning",
        "decided_at": KNOWN,
    }


def cells() -> Iterator[tuple[str, str, str, int]]:
    text = (PRICES / "tyreso-2020.csv").read_text("utf-8")
    read = read_price_rows([row.split(";") for row in text.splitlines()])
    for cell in read.cells:
        yield cell.level, cell.extent_class, cell.regi, cell.amount


def _cells(prices: int, raised: int) -> Iterator[dict[str, Any]]:
    for level, extent_class, regi, amount in cells():
        yield {
            "price_list_id": prices,
            "level": level,
            "extent_class": extent_class,
            "regi": regi,
            "unit": "day",
            "amount": amount + raised,
        }


def _unit(ref: int) -> dict[str, Any]:
    return {
        "id": ref,
        "provider_id": 1,
        "name": f"Enhet {ref}",
        "sort_key": f"enhet {ref:05}",
        "permit_number": "IVO",
        "permit_maximum": 2_000,
        "manager": "F",
        "first_day": STARTED,
    }


def _tables(everyone: list[Person]) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    yield "client", (_client(one) for one in everyone)
    yield "decision", (_decision(one) for one in everyone)
    yield "instrument_version", [_instrument()]
    yield "assessment", [_assessment()]
    yield "level", (row for one in everyone for row in _levels(one))
    yield "placement", (_placement(one) for one in everyone)
    yield "week_plan", (_plan(one) for one in everyone)
    yield "attendance_month", (_attended(p.number, MONTH, p.codes) for p in everyone)


def _client(one: Person) -> dict[str, Any]:
    return {
        "id": one.number,
        "municipality_id": 1,
        "case_number": f"DV-{one.number}",
        "first_name": "N",
        "last_name": "N",
        "sort_key": f"{one.number:06}",
        "search_key": "n n",
        "created_at": KNOWN,
    }


def _decision(one: Person) -> dict[str, Any]:
    return {
        "id": one.number,
        "client_id": one.number,
        "choice_system_id": 1,
        "law": "LSS",
        "personkrets": 1,
        "decided_on": STARTED,
        "first_day": STARTED,
        "reference": f"B{one.number}",
        "created_at": KNOWN,
    }


def _instrument() -> dict[str, Any]:
    return {
        "id": 1,
        "choice_system_id": 1,
        "code": "x",
        "version": "1",
        "name": "x",
        "document": "{}",
        "digest": "",
        "created_at": KNOWN,
    }


def _assessment() -> dict[str, Any]:
    return {
        "id": 1,
        "client_id": 1,
        "decision_id": 1,
        "instrument_version_id": 1,
        "kind": "ordinary",
        "assessor_id": 1,
        "created_at": KNOWN,
        "updated_at": KNOWN,
    }


def _levels(one: Person) -> Iterator[dict[str, Any]]:
    changes = [(STARTED, one.level), *([one.later] if one.later else [])]
    for first_day, level in changes:
        yield {
            "client_id": one.number,
            "decision_id": one.number,
            "choice_system_id": 1,
            "assessment_id": 1,
            "level": level,
            "price_level": level,
            "first_day": first_day,
            "established_at": KNOWN,
        }


def _placement(one: Person) -> dict[str, Any]:
    return {
        "id": one.number,
        "municipality_id": 1,
        "choice_system_id": 1,
        "number": f"P{one.number:06}",
        "client_id": one.number,
        "decision_id": one.number,
        "unit_id": one.number % UNITS + 1,
        "contract_id": 1,
        "first_day": STARTED,
        "paid_first_day": STARTED,
        "recorded_at": KNOWN,
    }


def _plan(one: Person) -> dict[str, Any]:
    return {
        "placement_id": one.number,
        "first_day": STARTED,
        "times": TIMES,
        "decided_at": KNOWN,
    }


def _attended(number: int, month: Month, codes: str) -> dict[str, Any]:
    return {
        "placement_id": number,
        "month": month.first,
        "status": "confirmed",
        "codes": codes,
        "confirmed_at": KNOWN,
        "updated_at": KNOWN,
    }


def _insert(
    connection: Connection, table: Table, rows: Iterable[dict[str, Any]]
) -> None:
    found = iter(rows)
    while some := list(islice(found, AT_A_TIME)):
        connection.execute(insert(table), some)


# --- the yardstick's own tables -------------------------------------------------

YARDSTICK = """
CREATE TABLE day (placement_id INTEGER, day DATE, code TEXT);
CREATE TABLE placement (
    id INTEGER PRIMARY KEY, client_id INTEGER, unit_id INTEGER,
    regi TEXT, extent_class TEXT
);
CREATE TABLE level (client_id INTEGER, first_day DATE, end_day DATE, level TEXT);
CREATE TABLE rate (
    level TEXT, extent_class TEXT, regi TEXT, first_day DATE, end_day DATE, ore INTEGER
);
CREATE TABLE code (code TEXT PRIMARY KEY, share INTEGER)
"""
INDEXES = (
    "CREATE INDEX day_index ON day (placement_id, day)",
    "CREATE INDEX level_index ON level (client_id, first_day)",
    "CREATE INDEX rate_index ON rate (level, extent_class, regi, first_day)",
)
EVER = date(9999, 1, 1)


def fill_yardstick(connection: Any, count: int) -> None:
    """The day rows of bench.sql, through the driver; both kinds of database."""
    cursor = connection.cursor()
    for statement in YARDSTICK.split(";"):
        cursor.execute(statement)
    everyone = list(people(count))
    for name, rows in _yardstick_rows(everyone):
        _put(cursor, name, rows)
    for statement in INDEXES:
        cursor.execute(statement)
    connection.commit()
    cursor.execute("ANALYZE")
    connection.commit()


def _yardstick_rows(
    everyone: list[Person],
) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
    days = [day.isoformat() for day in MONTH.every_day()]
    yield "code", CODES.items()
    yield "rate", _rates()
    yield (
        "placement",
        (
            (p.number, p.number, p.number % UNITS + 1, "extern", "heltid")
            for p in everyone
        ),
    )
    yield "level", (row for person in everyone for row in _level_spans(person))
    yield (
        "day",
        (
            (person.number, day, code)
            for person in everyone
            for day, code in zip(days, person.codes, strict=True)
            if code != "-"
        ),
    )


def _rates() -> Iterator[tuple[Any, ...]]:
    start, dearer, ever = (day.isoformat() for day in (STARTED, DEARER, EVER))
    for level, extent_class, regi, amount in cells():
        yield level, extent_class, regi, start, dearer, amount
        yield level, extent_class, regi, dearer, ever, amount + 100


def _level_spans(person: Person) -> Iterator[tuple[Any, ...]]:
    end = person.later[0] if person.later else EVER
    yield person.number, STARTED.isoformat(), end.isoformat(), person.level
    if person.later:
        first_day, level = person.later
        yield person.number, first_day.isoformat(), EVER.isoformat(), level


def _put(cursor: Any, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if isinstance(cursor, sqlite3.Cursor):
        found = iter(rows)
        while some := list(islice(found, AT_A_TIME)):
            marks = ", ".join("?" * len(some[0]))
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", some)
        return
    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
