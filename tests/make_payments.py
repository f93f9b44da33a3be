"""Prices, payment rules and confirmed months for tests; see make.py."""

import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from lovdv.clock import now
from lovdv.placements.models import AttendanceMonth, Placement
from lovdv.placements.plans import spans
from lovdv.prices.models import PriceCell, PriceList
from lovdv.systems.models import Rule
from lovdv.systems.operations import decide_rule
from payments import Month, planned_codes, read_price_rows
from tests import make

PRICES = Path(__file__).parent / "data" / "prices"
DECIDED = ("first_day", "revision", "decided_at")


def payment_rules(
    name: str = "tyreso-2020", *, first_day: date = make.START, **changes: object
) -> Rule:
    """The rules that ship, decided by the test's choice system."""
    table = json.loads((files("payments.rulesets") / f"{name}.json").read_text())
    value = {k: v for k, v in table.items() if k not in DECIDED} | changes
    return decide_rule(
        choice_system_id=make.system().id,
        key="payment",
        first_day=first_day,
        value=value,
    )


def prices(
    name: str = "tyreso-2020",
    *,
    first_day: date = make.START,
    raised: int = 0,
    spelt: Mapping[str, str] = MappingProxyType({}),
    **told: int,
) -> PriceList:
    """A published list, every price raised by so many öre; in force at once.

    `spelt`: extent classes that are called something else.
    """
    text = (PRICES / f"{name}.csv").read_text("utf-8")
    read = read_price_rows([row.split(";") for row in text.splitlines()])
    return make._added(
        PriceList(
            choice_system_id=make.system().id,
            name=name,
            first_day=first_day,
            reference="SN 2025/1 § 1",
            decided_at=now(),
            cells=[
                PriceCell(
                    level=cell.level,
                    extent_class=spelt.get(cell.extent_class, cell.extent_class),
                    regi=cell.regi,
                    unit=cell.unit,
                    amount=cell.amount + raised,
                )
                for cell in read.cells
            ],
            **told,
        )
    )


def month_of(
    placement: Placement, month: str = "2026-02", *, version: int = 1, **changed: str
) -> AttendanceMonth:
    """A confirmed month, attended as planned but for the days changed: d9="A"."""
    held = Month.read(month)
    codes = list(planned_codes(held, spans(placement.week_plans)))
    for name, code in changed.items():
        codes[int(name[1:]) - 1] = code
    return make._added(
        AttendanceMonth(
            placement_id=placement.id,
            month=held.first,
            version=version,
            status="confirmed",
            codes="".join(codes),
            confirmed_at=now(),
            updated_at=now(),
        )
    )
