"""Decisions and tables for a small instrument of two questions."""

from dataclasses import replace
from decimal import Decimal

from assessment import Band, Condition, Decision, Instrument, Table, TableKey, TableRow
from tests.engines import published_instruments as make

LOW, HIGH = Band("låg", at_most=Decimal(1)), Band("hög", at_least=Decimal(2))
BANDS = (LOW, HIGH)


def table(*keys: TableKey, without: tuple[str, ...] = (), name: str = "t") -> Table:
    """Two keys, level 2 when both are high, else 1; perhaps a row left out."""
    one, other = keys or (TableKey("a", bands=BANDS), TableKey("b", bands=BANDS))
    cells = [(a.label, b.label) for a in one.bands for b in other.bands]
    rows = tuple(
        TableRow(cell, "2" if cell == ("hög", "hög") else "1")
        for cell in cells
        if cell != without
    )
    return Table(name, "Två nycklar", (one, other), rows)


def decision(name: str, level: str, *when: Condition) -> Decision:
    return Decision(name, f"Beslutet {name}", when, level)


def with_parts(**parts: object) -> Instrument:
    return replace(make.instrument(), **parts)
