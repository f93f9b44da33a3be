"""The comparison: every contracted unit, sorted and filtered as the reader asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lovdv.choice import ordering
from lovdv.formats import swedish_key
from lovdv.providers.capacity import Room, rooms
from lovdv.providers.easyread import Line, lines, text_lines
from lovdv.providers.queries import Offered, offered
from lovdv.providers.questions import (
    BY_KEY,
    NO_ANSWER,
    QUESTIONS,
    answer,
    chosen_options,
    days_in_words,
)
from lovdv.systems.models import ChoiceSystem

PAGE = 25
AT_MOST_COMPARED = 3
# The questions one can filter by; "all" asks for every ticked answer, "any" for one.
FILTERS = {
    "activities": "any",
    "access": "all",
    "communication": "all",
    "languages": "any",
    "surroundings": "any",
    "sound": "any",
}


@dataclass(frozen=True)
class Wish:
    """What the reader asks to see."""

    sort: str = ordering.NEUTRAL
    area: str = ""
    free: bool = False
    ticked: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def filtered(self) -> bool:
        return bool(self.area or self.free or any(self.ticked.values()))


@dataclass(frozen=True)
class Row:
    """One unit in the comparison."""

    offered: Offered
    room: Room

    @property
    def public_id(self) -> str:
        return self.offered.unit.public_id

    @property
    def name(self) -> str:
        return self.offered.unit.name

    @property
    def address(self) -> str:
        unit = self.offered.unit
        town = f"{unit.postcode} {unit.town}".strip()
        return ", ".join(part for part in (unit.street, town) if part)

    @property
    def free_days(self) -> str:
        return days_in_words(self.room.free_days)

    def said(self, key: str) -> str:
        return answer(BY_KEY[key], self.offered.facts) or NO_ANSWER

    @property
    def easy(self) -> list[Line]:
        return lines(self.offered.facts)

    @property
    def written_easy(self) -> list[str]:
        profile = self.offered.profile
        return text_lines(profile.easy_text) if profile else []

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Every question with its answer, the same list for every unit."""
        return [(q.words, answer(q, self.offered.facts)) for q in QUESTIONS]


@dataclass(frozen=True)
class Comparison:
    """The rows to show, of how many, and what is not known about some of them."""

    rows: list[Row]
    total: int
    unknown: list[tuple[str, int]]
    areas: list[str]


def everything(system: ChoiceSystem, on: date, seed: str) -> list[Row]:
    """Every unit in the seed's order."""
    found = offered(system.id, on)
    by_unit = rooms([each.unit for each in found], on)
    rows = [Row(each, by_unit[each.unit.id]) for each in found]
    return ordering.neutral(seed, rows, lambda row: row.public_id)


def compare(system: ChoiceSystem, on: date, seed: str, wish: Wish) -> Comparison:
    rows = everything(system, on, seed)
    shown = sort([row for row in rows if matches(row, wish)], wish.sort)
    return Comparison(
        rows=shown,
        total=len(rows),
        unknown=_unknown(shown, wish),
        areas=sorted({r.offered.unit.area for r in rows if r.offered.unit.area}),
    )


def sort(rows: list[Row], order: str) -> list[Row]:
    """A-Ö or by area when the reader has asked for it; the seed's order otherwise."""
    if order == ordering.ALPHABETICAL:
        return sorted(rows, key=lambda row: swedish_key(row.name))
    if order == ordering.BY_AREA:
        return sorted(rows, key=lambda row: swedish_key(row.offered.unit.area))
    return rows


def matches(row: Row, wish: Wish) -> bool:
    """A unit that has not answered stays: what is not known rules nobody out."""
    if wish.free and row.room.full:
        return False
    if wish.area and row.offered.unit.area not in {wish.area, ""}:
        return False
    return all(
        _fits(row, key, set(ticked)) for key, ticked in wish.ticked.items() if ticked
    )


def _fits(row: Row, key: str, ticked: set[str]) -> bool:
    given = row.offered.facts.get(key)
    if given in (None, "", []):
        return True
    have = set(given) if isinstance(given, list) else {given}
    return ticked <= have if FILTERS[key] == "all" else bool(ticked & have)


def _unknown(rows: list[Row], wish: Wish) -> list[tuple[str, int]]:
    """For each filter in use: how many of those shown have not said."""
    counted = [
        (BY_KEY[key].words, sum(not _known(row, key) for row in rows))
        for key, ticked in wish.ticked.items()
        if ticked
    ]
    if wish.area:
        counted.append(("Område", sum(not row.offered.unit.area for row in rows)))
    return [(words, count) for words, count in counted if count]


def _known(row: Row, key: str) -> bool:
    return bool(chosen_options(BY_KEY[key], row.offered.facts))


def as_shown(rows: list[Row], seed: str, order: str) -> dict[str, object]:
    """What is kept with a choice: the order, and the version of each presentation."""
    return {
        "seed": seed,
        "sort": order,
        "units": [[row.public_id, row.offered.version] for row in rows],
    }


@dataclass(frozen=True)
class PageOf:
    """One page of a list, and the links to the others (components' pager)."""

    rows: list[Row]
    number: int
    count: int
    addresses: list[str]

    @property
    def shown(self) -> range:
        return range(1, self.count + 1)

    def url(self, number: int) -> str:
        return self.addresses[number - 1]


def page_count(rows: list[Row]) -> int:
    return max((len(rows) + PAGE - 1) // PAGE, 1)


def on_page(rows: list[Row], number: int) -> list[Row]:
    return rows[(number - 1) * PAGE : number * PAGE]
