"""The live check of a draft: every fault with its page, and the engine's advice."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from assessment import Fault, Instrument
from lovdv.needs import editor_words as words
from lovdv.needs import instruments
from lovdv.needs.editor_document import KEY, Draft, text
from lovdv.needs.models import InstrumentVersion

_NUMBERED = re.compile(
    r"(område|fråga|skala|nivå|gräns|regel|beslut|tabell|intervall|rad) (\d+)"
)
_NAMED = re.compile(r"(frågan|regeln|beslutet) ”([^”]*)”")
_NAMED_KINDS = {"frågan": "question", "regeln": "rule", "beslutet": "decision"}
_SIMPLE = {"skala": "scale", "regel": "rule", "tabell": "table", "beslut": "decision"}
_WORDS = (
    ("gräns", "limits"),
    ("fältet limits", "limits"),
    ("nivå", "levels"),
    ("fältet levels", "levels"),
    ("intervall", "intervals"),
    ("fältet reassessment", "intervals"),
)
_ABOUT = re.compile(
    r"fältet (id|version|title|source|text|direction|basis|irrelevant_lowers_maximum)$"
)


@dataclass(frozen=True)
class Place:
    """A page of the editor: what it shows, and of which part."""

    page: str
    key: str = ""


OVERVIEW = Place("overview")


@dataclass(frozen=True)
class Told:
    """A fault, or advice, with where it is put right."""

    where: str
    problem: str
    remedy: str
    place: Place


@dataclass(frozen=True)
class Check:
    """What is wrong now, and what is odd when nothing is wrong."""

    faults: tuple[Told, ...]
    advice: tuple[Told, ...]
    instrument: Instrument | None

    def on(self, place: Place) -> tuple[Told, ...]:
        return tuple(fault for fault in self.faults if fault.place == place)

    def elsewhere(self, place: Place) -> tuple[Told, ...]:
        return tuple(fault for fault in self.faults if fault.place != place)

    def count(self, place: Place) -> int:
        return len(self.on(place))


def page_url(public_id: str, place: Place) -> str:
    """Where a page of the editor is."""
    keyed = {"key": place.key} if place.key else {}
    name = "editor" if place == OVERVIEW else f"editor_{place.page}"
    return url_for(f"needs.{name}", public_id=public_id, **keyed)


def check(version: InstrumentVersion, draft: Draft) -> Check:
    """The check of what is stored; a page shows it beside what is typed."""
    faults = instruments.publishing_faults(version)
    instrument = instruments.readable(version)
    found = instruments.advice_on(version)
    told = _teller(draft)
    advised = (Fault(one.place, one.finding, one.reason) for one in found)
    return Check(tuple(map(told, faults)), tuple(map(told, advised)), instrument)


def _teller(draft: Draft) -> Callable[[Fault], Told]:
    def told(fault: Fault) -> Told:
        return Told(
            words.place_words(fault.place),
            words.problem_words(fault.problem),
            words.remedy_words(fault.remedy),
            place_of(draft, fault.place),
        )

    return told


def place_of(draft: Draft, place: str) -> Place:
    """The page where something at this place in the file is put right."""
    numbers = {name: int(number) for name, number in _NUMBERED.findall(place)}
    if "område" in numbers:
        return _in_domain(draft, numbers)
    if "tabell" in numbers and "rad" in numbers:
        return Place("cells", _nth(draft, "table", numbers["tabell"]).key)
    for name, kind in _SIMPLE.items():
        if name in numbers:
            return _nth(draft, kind, numbers[name])
    named = _NAMED.search(place)
    if named:
        return _named(draft, _NAMED_KINDS[named[1]], named[2])
    for begins, page in _WORDS:
        if place.startswith(begins):
            return Place(page)
    return Place("about") if _ABOUT.match(place) else OVERVIEW


def _in_domain(draft: Draft, numbers: dict[str, int]) -> Place:
    place = _nth(draft, "domain", numbers["område"])
    if place == OVERVIEW or "fråga" not in numbers:
        return place
    questions = draft.part("domain", place.key).get("questions") or ()
    number = numbers["fråga"]
    if not 1 <= number <= len(questions):
        return place
    return Place("question", questions[number - 1][KEY])


def _nth(draft: Draft, kind: str, number: int) -> Place:
    parts = draft.parts(kind)
    if not 1 <= number <= len(parts):
        return OVERVIEW
    return Place(kind, parts[number - 1][KEY])


def _named(draft: Draft, kind: str, name: str) -> Place:
    for part in draft.parts(kind):
        if text(part, "id") == name:
            return Place(kind, part[KEY])
    return OVERVIEW
