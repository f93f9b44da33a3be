"""What a version of the instrument would mean, run over everybody's present answers.

Nobody is named in what is found: people are counted, and amounts are sums. The cost
of a place in an ordinary month is the price of its level, extent class and regi in
the list in force, times planned days a week times 52/12 when the price is a day's;
closed days and absence are left out. It is rounded once a place, to whole öre.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from typing import Any

from assessment import Instrument, NoLevel
from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import consequence_reading as reading
from lovdv.needs.consequence_drivers import Driver, Tried, drivers
from lovdv.needs.consequence_models import Consequence
from lovdv.needs.consequence_reading import Assessed, Place
from lovdv.needs.instruments import instrument_of, readable
from lovdv.needs.models import InstrumentVersion
from lovdv.payouts.facts import price_lists, rule_sets
from payments import (
    Extent,
    Month,
    PaymentError,
    PriceSpan,
    in_force,
    known_rules,
    ordinary_month,
)

INCOMPLETE = "ofullständig"
MONTHS_A_YEAR = 12

Progress = Callable[[int], None]


@dataclass(frozen=True)
class ProviderCost:
    """What a provider's places cost an ordinary month, in öre, now and then."""

    name: str
    people: int
    moved: int
    now: int
    then: int

    @property
    def change(self) -> int:
        return self.then - self.now


@dataclass(frozen=True)
class Found:
    """Counts and sums of one run."""

    people: int
    levels_now: list[str]
    levels_then: list[str]
    moves: list[tuple[str, str, int]]
    """From level, to level (or INCOMPLETE), people."""
    missing: list[tuple[str, int]]
    """Questions without an answer, and how many people lack one."""
    drivers: list[tuple[str, int]]
    untried: list[str]
    providers: list[ProviderCost]
    unpriced: list[tuple[str, int]]
    """What has no price, and how many places that leaves out of the sums."""

    @property
    def moved(self) -> int:
        return sum(
            count
            for before, after, count in self.moves
            if after not in (before, INCOMPLETE)
        )

    @property
    def incomplete(self) -> int:
        return sum(count for _, after, count in self.moves if after == INCOMPLETE)

    @property
    def month_now(self) -> int:
        return sum(provider.now for provider in self.providers)

    @property
    def month_then(self) -> int:
        return sum(provider.then for provider in self.providers)

    @property
    def year_change(self) -> int:
        return (self.month_then - self.month_now) * MONTHS_A_YEAR

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Found":
        told: dict[str, Any] = json.loads(text)
        told["providers"] = [ProviderCost(**one) for one in told["providers"]]
        for name in ("moves", "missing", "drivers", "unpriced"):
            told[name] = [tuple(one) for one in told[name]]
        return cls(**told)


def run(
    *, version: InstrumentVersion, on: date, by_id: int | None = None
) -> Consequence:
    """Run a version over everybody's answers and keep what was found."""
    instrument = readable(version)
    if instrument is None:
        raise Refused("Utkastet har fel. Rätta dem, så går det att räkna på det.")
    found = found_for(version.choice_system_id, instrument, on)
    new = Consequence(
        choice_system_id=version.choice_system_id,
        instrument_version_id=version.id,
        digest=version.digest,
        on_day=on,
        found=found.text(),
        made_at=now(),
        made_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "consequence.run", object=new.public_id, after={"people": found.people}
    )
    return new


def found_for(
    choice_system_id: int,
    instrument: Instrument,
    on: date,
    progress: Progress = lambda _count: None,
) -> Found:
    """Count who would move, what it would cost, and which change moves them."""
    counting = _Counting(instrument, _Prices(choice_system_id, on))
    homes = defaultdict(list)
    for place in reading.places(choice_system_id, on):
        homes[place.client].append(place)
    for number, person in enumerate(reading.assessed(choice_system_id, on), 1):
        counting.add(person, homes.get(person.client, []))
        progress(number)
    return counting.found()


class _Prices:
    """The price of a place in an ordinary month, by the list and rules in force."""

    def __init__(self, choice_system_id: int, on: date) -> None:
        known_at = now()
        spans = in_force(price_lists(choice_system_id), known_at)
        self._span = next((span for span in spans if _holds(span, on)), None)
        sets = rule_sets(choice_system_id)
        self._rules = known_rules(sets, Month.of(on).first, known_at)
        self.ore = cache(self._ore)

    def _ore(self, level: str, regi: str, extent: Extent | None) -> int | str:
        """Whole öre, or in words what is missing."""
        if self._span is None:
            return "Ingen prislista gäller."
        if self._rules is None or extent is None:
            return "Plan eller ersättningsregler saknas."
        try:
            extent_class = self._rules.extent_class(extent)
            cell = self._span.cell(level, extent_class, regi)
            return ordinary_month(self._rules, cell, extent)
        except PaymentError as error:
            return str(error)


def _holds(span: PriceSpan, on: date) -> bool:
    return span.start <= on and (span.end is None or on < span.end)


@dataclass
class _Sum:
    """A provider's sums on the way."""

    people: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    now: int = 0
    then: int = 0


class _Counting:
    """Adds up person after person."""

    def __init__(self, new: Instrument, prices: _Prices) -> None:
        self._new = new
        self._tried = Tried(new)
        self._prices = prices
        self._price_levels = {level.label: level.price_level for level in new.levels}
        self._moves: Counter[tuple[str, str]] = Counter()
        self._missing: Counter[str] = Counter()
        self._drivers: Counter[str] = Counter()
        self._untried: dict[str, None] = {}
        self._sums: dict[str, _Sum] = defaultdict(_Sum)
        self._unpriced: Counter[str] = Counter()
        self._levels_now: dict[str, None] = {}
        self._people = 0
        self._of_version = cache(self._drivers_of)

    def add(self, person: Assessed, homes: Sequence[Place]) -> None:
        self._people += 1
        told = self._of_version(person.version)
        after = self._tried.level(person.answers)
        price_level = person.price_level
        moved = False
        if isinstance(after, NoLevel):
            self._missing.update(after.missing or ("",))
            self._moves[person.level, INCOMPLETE] += 1
        else:
            self._moves[person.level, after] += 1
            moved = after != person.level
            price_level = self._price_levels[after]
        if moved:
            self._count_drivers(told, person)
        for place in homes:
            self._count_cost(person, place, price_level, moved=moved)

    def _drivers_of(self, version_id: int) -> list[Driver]:
        """The changes since the version that somebody was assessed with."""
        old = instrument_of(db.session.get_one(InstrumentVersion, version_id))
        self._levels_now |= dict.fromkeys(level.label for level in old.levels)
        found = drivers(old, self._new)
        self._untried |= {each.text: None for each in found if each.without is None}
        return [each for each in found if each.without is not None]

    def _count_drivers(self, changes: Sequence[Driver], person: Assessed) -> None:
        for change in changes:
            assert change.without is not None
            if change.without.level(person.answers) == person.level:
                self._drivers[change.text] += 1

    def _count_cost(
        self, person: Assessed, place: Place, price_level: str, *, moved: bool
    ) -> None:
        total = self._sums[place.provider]
        total.people.add(person.client)
        if moved:
            total.moved.add(person.client)
        before = self._prices.ore(person.price_level, place.regi, place.extent)
        after = self._prices.ore(price_level, place.regi, place.extent)
        if isinstance(before, str) or isinstance(after, str):
            self._unpriced[before if isinstance(before, str) else str(after)] += 1
            return
        total.now += before
        total.then += after

    def found(self) -> Found:
        texts = {question.id: question.text for question in self._new.questions()}
        return Found(
            people=self._people,
            levels_now=list(self._levels_now),
            levels_then=[level.label for level in self._new.levels],
            moves=[(*pair, count) for pair, count in sorted(self._moves.items())],
            missing=[
                (texts.get(name, "Annat hinder"), count)
                for name, count in self._missing.most_common()
            ],
            drivers=self._drivers.most_common(),
            untried=list(self._untried),
            providers=[
                ProviderCost(name, len(one.people), len(one.moved), one.now, one.then)
                for name, one in sorted(self._sums.items())
            ],
            unpriced=self._unpriced.most_common(),
        )
