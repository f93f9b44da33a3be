"""A kept run as pages and workbooks show it: whole, or with what is small hidden.

Staff see whole numbers. What leaves the house hides counts under five, and whatever
they could be worked out from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lovdv.charts import BarChart, bar_chart
from lovdv.followup.small_counts import LEAST, NOT_SHOWN, shown, shown_parts
from lovdv.formats import kronor
from lovdv.needs.consequences import INCOMPLETE, Found

LARGEST = 12


@dataclass(frozen=True)
class ProviderRow:
    name: str
    people: str
    moved: str
    now: str
    then: str
    change: str


@dataclass(frozen=True)
class Shown:
    """Every figure as text."""

    people: str
    moved: str
    incomplete: str
    headings: list[str]
    rows: list[tuple[str, list[str]]]
    """From level, and the people at each level of the new version."""
    drivers: list[tuple[str, str]]
    missing: list[tuple[str, str]]
    unpriced: list[tuple[str, str]]
    providers: list[ProviderRow]
    total: ProviderRow
    year_change: str
    chart: BarChart | None


def whole(found: Found) -> Shown:
    """For those who work with the instrument."""
    cells = {(before, after): str(count) for before, after, count in found.moves}
    providers = [
        _provider(one.name, str(one.people), str(one.moved), one.now, one.then)
        for one in found.providers
    ]
    with_place = str(sum(one.moved for one in found.providers))
    return _shown(found, cells, [*providers, _total(found, str, with_place)], str)


def hidden(found: Found) -> Shown:
    """For those outside: nothing so small that it could point at somebody."""
    cells = _hidden_cells(found)
    small = _small_providers(found)
    providers = [
        _hidden_row(one.name)
        if one.name in small
        else _provider(one.name, str(one.people), str(one.moved), one.now, one.then)
        for one in found.providers
    ]
    total = _total(found, shown, NOT_SHOWN)
    if 0 < found.moved < LEAST or len(small) == len(providers):
        total = _hidden_row("Alla")
    told = _shown(
        found,
        cells,
        [*providers, total],
        shown,
        has_chart=NOT_SHOWN not in cells.values(),
    )
    return told if total.change != NOT_SHOWN else replace(told, year_change=NOT_SHOWN)


def _hidden_cells(found: Found) -> dict[tuple[str, str], str]:
    """Each group of cells whose sum is shown hides what that sum would tell."""
    cells: dict[tuple[str, str], str] = {}
    for group in _known_sums(found):
        told = shown_parts({f"{b}\n{a}": count for (b, a), count in group.items()})
        cells |= {(b, a): told[f"{b}\n{a}"] for b, a in group}
    return cells


def _known_sums(found: Found) -> list[dict[tuple[str, str], int]]:
    """Those who move, and those who cannot be told, apart when their number is shown.

    The rest are known as what is left of everybody.
    """
    moves = {(b, a): n for b, a, n in found.moves if a not in (b, INCOMPLETE)}
    untold = {(b, a): n for b, a, n in found.moves if a == INCOMPLETE}
    rest = {(b, a): n for b, a, n in found.moves if a == b}
    apart = []
    for group in (moves, untold):
        if 0 < sum(group.values()) < LEAST:
            rest |= group
        else:
            apart.append(group)
    return [*apart, rest]


def _small_providers(found: Found) -> set[str]:
    """Whose row would tell of one or a few people, and enough others to hide them."""
    moved = shown_parts({one.name: one.moved for one in found.providers})
    small = {
        one.name
        for one in found.providers
        if moved[one.name] == NOT_SHOWN or 0 < one.people < LEAST
    }
    people = {one.name: one.people for one in found.providers}
    others = sorted((n, name) for name, n in people.items() if name not in small)
    while (
        small
        and others
        and (len(small) == 1 or sum(people[name] for name in small) < LEAST)
    ):
        small.add(others.pop(0)[1])
    return small


def _shown(
    found: Found,
    cells: Mapping[tuple[str, str], str],
    costs: list[ProviderRow],
    as_text: Callable[[int], str],
    *,
    has_chart: bool = True,
) -> Shown:
    """`costs`: a row for each provider, and last the sum."""
    headings = [*found.levels_then]
    if found.incomplete:
        headings.append(INCOMPLETE)
    starts = dict.fromkeys(
        [*found.levels_now, *(before for before, _, _ in found.moves)]
    )
    rows = [
        (before, [cells.get((before, after), "0") for after in headings])
        for before in starts
    ]
    return Shown(
        people=as_text(found.people),
        moved=as_text(found.moved),
        incomplete=as_text(found.incomplete),
        headings=headings,
        rows=rows,
        drivers=[(text, as_text(number)) for text, number in found.drivers],
        missing=[(text, as_text(number)) for text, number in found.missing],
        unpriced=[(text, as_text(number)) for text, number in found.unpriced],
        providers=costs[:-1],
        total=costs[-1],
        year_change=kronor(found.year_change),
        chart=_chart(found) if has_chart else None,
    )


def _total(found: Found, as_text: Callable[[int], str], moved: str) -> ProviderRow:
    """Who moves without a place is not among the providers' people."""
    people = as_text(sum(one.people for one in found.providers))
    return _provider("Alla", people, moved, found.month_now, found.month_then)


def _provider(name: str, people: str, moved: str, now: int, then: int) -> ProviderRow:
    change = kronor(then - now)
    return ProviderRow(name, people, moved, kronor(now), kronor(then), change)


def _hidden_row(name: str) -> ProviderRow:
    return ProviderRow(name, *([NOT_SHOWN] * 5))


def _chart(found: Found) -> BarChart | None:
    """The largest moves as bars."""
    moves = [
        (f"Från {before} till {after}", count)
        for before, after, count in found.moves
        if before != after
    ]
    largest = sorted(moves, key=lambda move: -move[1])[:LARGEST]
    if not largest:
        return None
    return bar_chart(
        caption="Flyttar mellan nivåer",
        row_heading="Flytt",
        value_heading="Personer",
        rows=[(label, count, str(count)) for label, count in largest],
    )
