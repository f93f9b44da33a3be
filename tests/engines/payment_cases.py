"""Published rules set up as files, with worked cases: read, computed, told as texts."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from payments import (
    Attendance,
    Calculation,
    ClientMonth,
    Due,
    Ended,
    Held,
    Hours,
    LevelSpan,
    Line,
    Month,
    Part,
    Pause,
    PlacementMonth,
    PlanSpan,
    PriceCell,
    PriceList,
    PriceSpan,
    RuleSet,
    Span,
    Supplement,
    WeekPlan,
    in_force,
    in_kronor,
    kronor,
    ore,
    planned_codes,
    read_rules,
)
from tests.engines.payfacts import cells_of

RULES = Path(__file__).parents[1] / "data" / "rules"
MONDAY = date(2019, 1, 7)
EARLY = date(2019, 1, 1)
KNOWN = datetime(2030, 1, 1, tzinfo=UTC)
Case = Mapping[str, Any]


def rules_of(name: str) -> RuleSet:
    return read_rules(json.loads((RULES / f"{name}.json").read_text("utf-8")))


def all_cases() -> list[tuple[str, Case]]:
    files = sorted((RULES / "cases").glob("*.json"))
    return [
        (file.stem, case)
        for file in files
        for case in json.loads(file.read_text("utf-8"))
    ]


def dues(rules: RuleSet, case: Case) -> list[Due]:
    """What the engine says of the case, month by month."""
    found = []
    for text in case.get("months") or [case["month"]]:
        month = Month.read(text)
        client = ClientMonth("k", (_placement(month, case),))
        found.append(Calculation(month, rules, _prices(case["prices"])).due(client))
    return found


def _prices(given: Any) -> tuple[PriceSpan, ...]:
    if isinstance(given, str):
        return in_force([_list(EARLY, cells_of(given))], KNOWN)
    lists = []
    for day in sorted({row["from"] for row in given}):
        cells = tuple(_cell(row) for row in given if row["from"] == day)
        lists.append(_list(date.fromisoformat(day), cells))
    return in_force(lists, KNOWN)


def _list(first_day: date, cells: Sequence[PriceCell]) -> PriceList:
    decided = datetime(2019, 1, 1, tzinfo=UTC)
    return PriceList("lista", first_day, 1, decided, tuple(cells))


def _cell(row: Mapping[str, str]) -> PriceCell:
    amount = ore(kronor(row["amount"]))
    ref = f"{row['from']} {row['class']}"
    return PriceCell(row["level"], row["class"], "alla", row["unit"], amount, ref)


def _placement(month: Month, case: Case) -> PlacementMonth:
    week = tuple(
        Hours(_minutes(day[0]), _minutes(day[1])) if day else None
        for day in case["plan"]
    )
    plan = PlanSpan.of(WeekPlan(MONDAY, (week,)), EARLY)
    codes = list(planned_codes(month, [plan]))
    for day, code in case.get("days", {}).items():
        codes[int(day) - 1] = code
    parts = {
        int(day): tuple(map(_part, rows)) for day, rows in case.get("parts", {}).items()
    }
    ended = case.get("ended")
    return PlacementMonth(
        ref=1,
        start=_day(case.get("start")) or EARLY,
        end=_day(case.get("end")),
        regi=case.get("regi", "extern"),
        levels=(LevelSpan(EARLY, None, case.get("level", "1"), 1, "beslut 1"),),
        plans=(plan,),
        attendance=Attendance("".join(codes), parts, _day(case.get("reported"))),
        contracts=(Span(EARLY, None),),
        pauses=tuple(map(_pause, case.get("pauses", []))),
        ended=Ended(ended["reason"], _day(ended.get("noticed"))) if ended else None,
        supplements=tuple(map(_supplement, case.get("supplements", []))),
    )


def _part(row: Mapping[str, str]) -> Part:
    told = row.get("told")
    return Part(
        row["code"],
        _minutes(row["from"]),
        _minutes(row["to"]),
        datetime.fromisoformat(told) if told else None,
    )


def _pause(row: Mapping[str, str]) -> Pause:
    kept = row.get("place", "kept") == "kept"
    return Pause(date.fromisoformat(row["start"]), _day(row.get("end")), kept=kept)


def _supplement(row: Mapping[str, str]) -> Supplement:
    return Supplement(
        code=row["code"],
        start=date.fromisoformat(row["start"]),
        end=_day(row.get("end")),
        reference=row.get("reference", ""),
        amount=ore(kronor(row["amount"])) if "amount" in row else None,
        reason=row.get("reason", ""),
        proof=row.get("proof", ""),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def line_told(line: Line) -> dict[str, object]:
    """Every figure of a line as a case writes it."""
    return {
        "kind": line.kind,
        "start": str(line.start),
        "end": str(line.end),
        "class": line.extent_class,
        "unit": line.unit,
        "price": _kronor(line.price),
        "quantity": _plain(
            Decimal(line.hundredths) / (60 if line.unit == "hour" else 1) / 100
        ),
        "minutes": line.hundredths // 100,
        "days": line.days,
        "of": line.of,
        "share": line.share,
        "amount": _kronor(line.amount),
    }


def held_told(held: Held) -> dict[str, object]:
    return {
        "kind": held.kind,
        "error": held.error,
        "start": str(held.start),
        "end": str(held.end),
        "amount": None if held.amount is None else _kronor(held.amount),
    }


def _kronor(amount: int) -> str:
    return _plain(in_kronor(amount))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
