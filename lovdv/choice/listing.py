"""The comparison: every contracted unit, sorted and filtered as the reader asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_login import current_user

from lovdv import preferences
from lovdv.choice import distance, ordering
from lovdv.choice.overview import Entry
from lovdv.choice.snapshot import Offer
from lovdv.formats import swedish_key
from lovdv.providers.capacity import Room, rooms
from lovdv.providers.easyread import Line, lines, text_lines
from lovdv.providers.profile_photos import SLOTS, Shown
from lovdv.providers.queries import Offered, offered
from lovdv.providers.questions import (
    BY_KEY,
    NO_ANSWER,
    QUESTIONS,
    answer,
    days_in_words,
)
from lovdv.systems.models import ChoiceSystem

PAGE = 25
AT_MOST_COMPARED = 3
EITHER = "both"
# The questions one can filter by; "all" asks for every ticked answer, "any" for one.
FILTERS = {
    "activities": "any",
    "outside_work": "any",
    "open_days": "all",
    "lunch": "any",
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
    place: distance.Place | None = None

    @property
    def filtered(self) -> bool:
        return bool(self.area or self.free or any(self.ticked.values()))


@dataclass(frozen=True)
class Row:
    """One unit that somebody may choose, with its rows in the database."""

    offered: Offered
    room: Room

    @property
    def public_id(self) -> str:
        return self.offered.unit.public_id

    @property
    def name(self) -> str:
        return self.offered.unit.name

    @property
    def area_key(self) -> str:
        return swedish_key(self.offered.unit.area)

    @property
    def version(self) -> int:
        return self.offered.version

    @property
    def open(self) -> bool:
        return self.offered.open

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

    def metres_from(self, place: distance.Place | None) -> int | None:
        unit = self.offered.unit
        if place is None or unit.latitude is None or unit.longitude is None:
            return None
        return distance.metres(place, unit.latitude, unit.longitude)


@dataclass(frozen=True)
class Card:
    """One unit on a page, with its room, its photos and how far away it is."""

    offer: Offer
    entry: Entry
    room: Room
    photos: Sequence[Shown] = ()
    distance: str = ""
    way: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        """Everything else is the entry's own."""
        return getattr(self.entry, name)

    @property
    def free_days(self) -> str:
        return days_in_words(self.room.free_days)

    @property
    def easy(self) -> list[Line]:
        return self.entry.presentation.easy

    @property
    def written_easy(self) -> list[str]:
        return self.entry.presentation.written_easy

    def face(self, macro: str) -> Any:
        """A part of the card that all who read in the same way share."""
        key = (self.public_id, *self.way)
        return self.offer.face(macro, key, self, "easy" in self.way)

    @property
    def missing_photos(self) -> str:
        """The places that have no photo, as one says them."""
        held = {photo.slot for photo in self.photos}
        return ", ".join(w.lower() for slot, w in SLOTS.items() if slot not in held)

    @property
    def photo(self) -> Shown | None:
        return self.photos[0] if self.photos else None


@dataclass(frozen=True)
class Comparison:
    """The page's cards, how many are shown of all, and what is not known."""

    entries: list[Entry]
    total: int
    unknown: list[tuple[str, int]]
    areas: list[str]


def everything(system: ChoiceSystem, on: date, seed: str) -> list[Row]:
    """Every unit in the seed's order, as those who choose and register need it."""
    found = offered(system.id, on)
    by_unit = rooms([each.unit for each in found], on)
    rows = [Row(each, by_unit[each.unit.id]) for each in found]
    return ordering.neutral(seed, rows, lambda row: row.public_id)


def entries(offer: Offer, seed: str) -> list[Entry]:
    """Every unit in the seed's order, as pages show it."""
    return ordering.neutral(seed, offer.entries, lambda entry: entry.public_id)


def cards(
    offer: Offer, shown: Sequence[Entry], place: distance.Place | None = None
) -> list[Card]:
    """What a page shows of some units, in the way that the reader reads."""
    wishes = preferences.chosen()
    home = getattr(current_user, "municipality_id", "")  # whose pictures are shown
    way = (wishes.reading, wishes.shown_pictures, str(home))
    by_unit = offer.rooms_of(shown)
    return [
        Card(
            offer,
            each,
            by_unit[each.id],
            offer.photos_at(each),
            _told(each.metres_from(place)),
            way,
        )
        for each in shown
    ]


def _told(metres: int | None) -> str:
    return "" if metres is None else distance.in_words(metres)


def compare(offer: Offer, seed: str, wish: Wish) -> Comparison:
    found = entries(offer, seed)
    kept = found
    if wish.filtered:
        kept = [each for each in found if matches(each, wish)]
    if wish.free:
        by_unit = offer.rooms_of(kept)
        kept = [each for each in kept if not by_unit[each.id].full]
    shown = sort(kept, wish.sort, wish.place)
    return Comparison(shown, len(found), _unknown(shown, wish), offer.areas)


def sort(
    rows: Iterable[Any], order: str, place: distance.Place | None = None
) -> list[Any]:
    """A-Ö, by area or by distance when the reader has asked; else the seed's order.

    Units whose distance is not known stand last, in the seed's order.
    """
    listed = list(rows)
    if order == ordering.ALPHABETICAL:
        return sorted(listed, key=lambda row: swedish_key(row.name))
    if order == ordering.BY_AREA:
        return sorted(listed, key=lambda row: row.area_key)
    if order == ordering.BY_DISTANCE and place is not None:
        return sorted(listed, key=lambda row: _distance_key(row.metres_from(place)))
    return listed


def _distance_key(metres: int | None) -> tuple[bool, int]:
    return metres is None, metres or 0


def matches(entry: Entry, wish: Wish) -> bool:
    """A unit that has not answered stays: what is not known rules nobody out."""
    if wish.area and entry.area not in {wish.area, ""}:
        return False
    return all(
        _fits(entry, key, set(ticked)) for key, ticked in wish.ticked.items() if ticked
    )


def _fits(entry: Entry, key: str, ticked: set[str]) -> bool:
    given = entry.facts.get(key)
    if given in (None, "", []):
        return True
    have = set(given) if isinstance(given, list) else {given}
    if EITHER in have:
        return True
    return ticked <= have if FILTERS[key] == "all" else bool(ticked & have)


def _unknown(shown: Sequence[Entry], wish: Wish) -> list[tuple[str, int]]:
    """For each filter in use: how many of those shown have not said."""
    counted = [
        (BY_KEY[key].words, sum(not entry.known(key) for entry in shown))
        for key, ticked in wish.ticked.items()
        if ticked
    ]
    if wish.area:
        counted.append(("Område", sum(not entry.area for entry in shown)))
    if wish.sort == ordering.BY_DISTANCE and wish.place:
        far = sum(entry.metres_from(wish.place) is None for entry in shown)
        counted.append(("Avstånd", far))
    return [(words, count) for words, count in counted if count]


def as_shown(rows: Sequence[Any], seed: str, order: str) -> dict[str, object]:
    """What is kept with a choice: the order, and the version of each presentation."""
    return {
        "seed": seed,
        "sort": order,
        "units": [[row.public_id, row.version] for row in rows],
    }


@dataclass(frozen=True)
class PageOf:
    """One page of a list, and the links to the others (components' pager)."""

    number: int
    count: int
    addresses: list[str]

    @property
    def shown(self) -> range:
        return range(1, self.count + 1)

    def url(self, number: int) -> str:
        return self.addresses[number - 1]

    def beside(self, path: str) -> str:
        """The same page of the same list, shown in another way."""
        query = self.addresses[self.number - 1].partition("?")[2]
        return f"{path.partition('?')[0]}?{query}"


def page_count(rows: Sequence[object]) -> int:
    return max((len(rows) + PAGE - 1) // PAGE, 1)


def on_page(rows: Sequence[Entry], number: int) -> Sequence[Entry]:
    return rows[(number - 1) * PAGE : number * PAGE]
