"""Facts for the payment engine's tests: valid by default, keywords for the rest."""

import csv
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import settings

from payments import (
    Attendance,
    Calculation,
    ClientMonth,
    Due,
    Hours,
    LevelSpan,
    Month,
    Pause,
    PlacementMonth,
    PlanSpan,
    PriceList,
    PriceSpan,
    RuleSet,
    Span,
    WeekPlan,
    in_force,
    planned_codes,
    read_price_rows,
    read_rules,
    written,
)
from payments.facts import Count, Part
from payments.rates import PriceCell
from payments.rulesets import shipped

PRICES = Path(__file__).parents[1] / "data" / "prices"
TYRESO = shipped("tyreso-2020")
GOTEBORG = shipped("goteborg-2023")
MONDAY = date(2020, 1, 6)
ALWAYS = date(2019, 1, 1)
KNOWN = datetime(2030, 1, 1, tzinfo=UTC)
MARCH = Month(2020, 3)
"""22 weekdays; the 1st is a Sunday."""


def examples(number: int) -> settings:
    """So many examples a property, or as many as LOVDV_EXAMPLES says."""
    asked = os.environ.get("LOVDV_EXAMPLES", number)
    return settings(deadline=None, max_examples=int(asked))


def rows_of(name: str) -> list[list[str]]:
    with (PRICES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def cells_of(name: str) -> tuple[PriceCell, ...]:
    read = read_price_rows(rows_of(name))
    assert not read.errors
    return read.cells


def price_list(
    name: str, first_day: date, revision: int = 1, cells: tuple[PriceCell, ...] = ()
) -> PriceList:
    decided = datetime(2019, 1, revision, tzinfo=UTC)
    return PriceList(name, first_day, revision, decided, cells or cells_of(name))


def published(name: str) -> tuple[PriceSpan, ...]:
    days = {"tyreso-2020.csv": date(2020, 1, 1), "goteborg-2023.csv": date(2023, 4, 1)}
    return in_force([price_list(name, days[name])], KNOWN)


def plan(
    days: int = 5, hours: int = 6, start: date = ALWAYS, end: date | None = None
) -> PlanSpan:
    day = Hours(9 * 60, (9 + hours) * 60)
    week = tuple(day if weekday < days else None for weekday in range(7))
    return PlanSpan.of(WeekPlan(MONDAY, (week,)), start, end)


def level(
    text: str = "2", start: date = ALWAYS, end: date | None = None, ref: int = 1
) -> LevelSpan:
    return LevelSpan(start, end, text, ref, f"beslut {ref}")


def marked(month: Month, days: int = 5, **changed: str) -> str:
    """Every planned day attended, but for the days changed: d10="A"."""
    codes = list(planned_codes(month, [plan(days)]))
    for day, code in changed.items():
        codes[int(day[1:]) - 1] = code
    return "".join(codes)


def placement(
    ref: int = 1,
    *,
    codes: str | None = None,
    month: Month = MARCH,
    start: date = ALWAYS,
    end: date | None = None,
    regi: str = "extern",
    plans: Sequence[PlanSpan] = (),
    parts: dict[int, tuple[Part, ...]] | None = None,
    reported: bool = True,
    contracts: Sequence[Span] = (Span(ALWAYS, None),),
    pauses: Sequence[Pause] = (),
    levels: Sequence[LevelSpan] = (),
) -> PlacementMonth:
    known = tuple(plans) or (plan(),)
    text = planned_codes(month, known) if codes is None else codes
    return PlacementMonth(
        ref=ref,
        start=start,
        end=end,
        regi=regi,
        levels=tuple(levels) or (level(),),
        plans=known,
        attendance=Attendance(text, parts or {}) if reported else None,
        contracts=tuple(contracts),
        pauses=tuple(pauses),
    )


def due(
    *placements: PlacementMonth,
    levels: Sequence[LevelSpan] = (),
    month: Month = MARCH,
    rules: RuleSet = TYRESO,
    prices: tuple[PriceSpan, ...] | None = None,
    carry: tuple[Count, ...] = (),
) -> Due:
    name = "tyreso-2020.csv" if rules is TYRESO else "goteborg-2023.csv"
    spans = published(name) if prices is None else prices
    known = tuple(p._replace(levels=tuple(levels) or p.levels) for p in placements)
    client = ClientMonth("k", known, carry)
    return Calculation(month, rules, spans).due(client)


def changed(rules: RuleSet = TYRESO, **fields: object) -> RuleSet:
    """The rules with some fields of their file said otherwise; None: left out."""
    table = {**written(rules), **fields}
    return read_rules(
        {name: value for name, value in table.items() if value is not None}
    )


def one_price(amount: int, unit: str = "day", *names: str) -> tuple[PriceSpan, ...]:
    """A price of so many öre for level 2 in each class."""
    cells = tuple(
        PriceCell("2", name, "alla", unit, amount, name)
        for name in names or ("heltid", "halvtid", "deltid", "plats")
    )
    return in_force([price_list("ett pris", ALWAYS, cells=cells)], KNOWN)
