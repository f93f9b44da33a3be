"""How long the bars of a chart are; templates/components/charts.html draws them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

ROW_HEIGHT = 64


@dataclass(frozen=True)
class Bar:
    label: str
    shown: str
    top: int
    percent: int

    @property
    def baseline(self) -> int:
        return self.top + 22

    @property
    def bar_top(self) -> int:
        return self.top + 32


@dataclass(frozen=True)
class BarChart:
    caption: str
    row_heading: str
    value_heading: str
    bars: tuple[Bar, ...]
    # Each bar is a part of its own whole, which is drawn behind it.
    is_profile: bool = False

    @property
    def height(self) -> int:
        return ROW_HEIGHT * max(len(self.bars), 1)


def bar_chart(
    *,
    caption: str,
    row_heading: str,
    value_heading: str,
    rows: Iterable[tuple[str, Decimal | int, str]],
) -> BarChart:
    """Lay out one bar for each (label, value, value as shown); none is negative."""
    listed = list(rows)
    largest = max((Decimal(value) for _, value, _ in listed), default=Decimal(0))
    bars = tuple(
        Bar(label, shown, index * ROW_HEIGHT, _share(Decimal(value), largest))
        for index, (label, value, shown) in enumerate(listed)
    )
    return BarChart(caption, row_heading, value_heading, bars)


def profile_chart(
    *,
    caption: str,
    row_heading: str,
    value_heading: str,
    rows: Iterable[tuple[str, Fraction, str]],
) -> BarChart:
    """Lay out one bar for each (label, part of its own whole, value as shown)."""
    bars = tuple(
        Bar(label, shown, index * ROW_HEIGHT, int(part * 100))
        for index, (label, part, shown) in enumerate(rows)
    )
    return BarChart(caption, row_heading, value_heading, bars, is_profile=True)


def _share(value: Decimal, largest: Decimal) -> int:
    return int(value * 100 / largest) if largest else 0
