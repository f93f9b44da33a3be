"""Where the bars of a chart stand; templates/components/charts.html draws them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 640
THICKNESS = 22
ROW = 66
ROOM_FOR_FIGURE = 130


@dataclass(frozen=True)
class Bar:
    label: str
    shown: str
    y: int
    width: int

    @property
    def label_y(self) -> int:
        return self.y - 8

    @property
    def text_x(self) -> int:
        return self.width + 10

    @property
    def text_y(self) -> int:
        return self.y + THICKNESS - 5


@dataclass(frozen=True)
class BarChart:
    caption: str
    row_heading: str
    value_heading: str
    bars: tuple[Bar, ...]
    width: int = WIDTH
    thickness: int = THICKNESS

    @property
    def height(self) -> int:
        return max(ROW * len(self.bars), ROW)


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
    longest = WIDTH - ROOM_FOR_FIGURE
    bars = tuple(
        Bar(label, shown, index * ROW + 30, _length(Decimal(value), largest, longest))
        for index, (label, value, shown) in enumerate(listed)
    )
    return BarChart(caption, row_heading, value_heading, bars)


def _length(value: Decimal, largest: Decimal, longest: int) -> int:
    return int(value / largest * longest) if largest else 0
