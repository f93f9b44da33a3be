"""Established levels over time: drift by group and unit, and raises around a price.

Reads whole rows of the municipality and gives counts only; nobody is named.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from sqlalchemy import func, select

from lovdv.access import Actor
from lovdv.calibration import queries
from lovdv.calibration.comparing import LEAST_INSIDE, OTHERS, in_order, labels
from lovdv.clock import local_day
from lovdv.extensions import db
from lovdv.followup.small_counts import (
    LEAST,
    NOT_SHOWN,
    share,
    shown,
    shown_parts,
)
from lovdv.formats import month, number
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment, InstrumentVersion, Level
from lovdv.placements.models import Placement
from lovdv.prices.models import PriceList
from lovdv.providers.models import Unit
from lovdv.systems.models import ChoiceSystem

MONTHS = 6
"""How many months before and after a price list's first day are compared."""

HALF_YEARS = 6
NO_UNIT = "Utan plats"
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Established:
    """One level as it was established: its place in the order, from 1."""

    day: date
    place: int
    change: str
    group: str
    unit: str
    assessor_id: int


@dataclass(frozen=True, slots=True)
class _Row:
    decision_id: int
    level: str
    first_day: date
    day: date
    assessor_id: int
    version_id: int


def established(actor: Actor) -> list[Established]:
    """Every level of the municipality, an assessment counted once, by day."""
    rows = _rows(actor.municipality_id)
    orders = _orders({row.version_id for row in rows})
    people = {row.assessor_id for row in rows}
    groups = queries.groups_of(actor.municipality_id, people)
    units = _units(actor.municipality_id)
    found, before = [], dict[int, _Row]()
    for row in rows:
        order = orders[row.version_id]
        found.append(
            Established(
                day=row.day,
                place=order.index(row.level) + 1,
                change=_change(order, before.get(row.decision_id), row, orders),
                group=groups.get(row.assessor_id, queries.NO_GROUP),
                unit=_unit(units.get(row.decision_id, []), row.first_day),
                assessor_id=row.assessor_id,
            )
        )
        before[row.decision_id] = row
    return sorted(found, key=lambda one: one.day)


def _rows(municipality_id: int) -> list[_Row]:
    """The first level row of each assessment; later days repeat it."""
    first = select(func.min(Level.id)).group_by(Level.assessment_id)
    rows = db.session.execute(
        select(
            Level.decision_id,
            Level.level,
            Level.first_day,
            Level.established_at,
            Assessment.assessor_id,
            Assessment.instrument_version_id,
        )
        .join(Assessment, Assessment.id == Level.assessment_id)
        .join(ChoiceSystem, ChoiceSystem.id == Level.choice_system_id)
        .where(ChoiceSystem.municipality_id == municipality_id, Level.id.in_(first))
        .order_by(Level.established_at, Level.id)
    )
    return [
        _Row(decision, level, first_day, local_day(at), assessor, version)
        for decision, level, first_day, at, assessor, version in rows
    ]


def _orders(version_ids: Iterable[int]) -> dict[int, list[str]]:
    """Each version's levels, from the least need."""
    rows = db.session.scalars(
        select(InstrumentVersion).where(InstrumentVersion.id.in_(set(version_ids)))
    )
    return {
        row.id: [level.label for level in instrument_of(row).levels] for row in rows
    }


def _change(
    order: list[str],
    before: _Row | None,
    row: _Row,
    orders: Mapping[int, list[str]],
) -> str:
    """first, raise, lowering, same, or unknown when the levels are other ones."""
    if before is None:
        return "first"
    if orders[before.version_id] != order:
        return "unknown"
    step = order.index(row.level) - order.index(before.level)
    return "raise" if step > 0 else "lowering" if step < 0 else "same"


def _units(municipality_id: int) -> dict[int, list[tuple[date, str]]]:
    """Each decision's placements in order: from which day, at which unit."""
    rows = db.session.execute(
        select(Placement.decision_id, Placement.first_day, Unit.name)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(
            Placement.municipality_id == municipality_id,
            Placement.annulled_at.is_(None),
        )
        .order_by(Placement.first_day, Placement.id)
    )
    found: dict[int, list[tuple[date, str]]] = {}
    for decision_id, first_day, name in rows:
        found.setdefault(decision_id, []).append((first_day, name))
    return found


def _unit(stays: list[tuple[date, str]], day: date) -> str:
    """Where the person was on the day, or came to first after it."""
    if not stays:
        return NO_UNIT
    begun = [name for first_day, name in stays if first_day <= day]
    return begun[-1] if begun else stays[0][1]


def half_year(day: date) -> str:
    """'2026 vår' for January to June, '2026 höst' for the rest.

    >>> half_year(date(2026, 6, 30)), half_year(date(2026, 7, 1))
    ('2026 vår', '2026 höst')
    """
    return f"{day.year} {'vår' if day.month < 7 else 'höst'}"


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean place of so many levels; hidden when they are few.

    `people`: how many assessors gave them. `withheld`: enough levels by itself, but
    it would be one assessor's own, or give away one that is too few.
    """

    count: int
    total: int
    people: int = 0
    withheld: bool = False

    @property
    def is_shown(self) -> bool:
        return self.count >= LEAST and not self.withheld

    @property
    def value(self) -> Decimal:
        """The mean with one decimal, half up."""
        exact = Decimal(self.total) / Decimal(self.count)
        return exact.quantize(TENTH, ROUND_HALF_UP)

    def __str__(self) -> str:
        if not self.count:
            return "–"
        if not self.is_shown:
            return NOT_SHOWN
        return f"{number(self.value)} ({self.count})"


Rows = list[tuple[str, list[Mean]]]


@dataclass(frozen=True)
class Drift:
    """The mean level by half-year: all, by group and by unit."""

    half_years: list[str]
    whole: list[Mean]
    groups: Rows
    units: Rows


def drift(levels: Sequence[Established]) -> Drift:
    """The latest half-years in which anything was established."""
    times = list(dict.fromkeys(half_year(one.day) for one in levels))[-HALF_YEARS:]
    return Drift(
        half_years=times,
        whole=_means(levels, times),
        groups=_by(_groups(levels), times, LEAST_INSIDE),
        units=_by(((one.unit, one) for one in levels), times),
    )


def _groups(levels: Sequence[Established]) -> list[tuple[str, Established]]:
    """Each level with its group, those of few assessors together; none for a whole."""
    people = {(one.assessor_id, one.group) for one in levels}
    names = labels(Counter(group for _, group in people), LEAST_INSIDE)
    if {*names.values()} == {OTHERS}:
        return []
    return [(names[one.group], one) for one in levels]


def _by(
    named: Iterable[tuple[str, Established]], times: list[str], fewest: int = 1
) -> Rows:
    """A row for each name, with what could be worked out from the whole withheld.

    `fewest`: how many assessors a figure must be about.
    """
    found: dict[str, list[Established]] = {}
    for name, one in named:
        found.setdefault(name, []).append(one)
    rows = [(name, _means(found[name], times)) for name in in_order(found)]
    columns = [
        _hidden([means[n] for _, means in rows], fewest) for n, _ in enumerate(times)
    ]
    shown = [
        (name, [column[n] for column in columns]) for n, (name, _) in enumerate(rows)
    ]
    return [row for row in shown if any(mean.count for mean in row[1])]


def _hidden(column: list[Mean], fewest: int) -> list[Mean]:
    """The parts of a whole that is shown: none can be had by taking the rest away.

    A part that is about too few assessors weighs as one level, however many it has.
    """
    weights = [
        mean.count if mean.people >= fewest else min(mean.count, 1) for mean in column
    ]
    parts = shown_parts({str(n): weight for n, weight in enumerate(weights)})
    return [
        replace(mean, withheld=not parts[str(n)].isdigit())
        for n, mean in enumerate(column)
    ]


def _means(levels: Iterable[Established], times: list[str]) -> list[Mean]:
    found: dict[str, list[Established]] = {time: [] for time in times}
    for one in levels:
        found.setdefault(half_year(one.day), []).append(one)
    return [_mean(found[time]) for time in times]


def _mean(levels: Sequence[Established]) -> Mean:
    people = {one.assessor_id for one in levels}
    return Mean(len(levels), sum(one.place for one in levels), len(people))


@dataclass(frozen=True)
class Side:
    """Reassessments before or after a price list's first day."""

    changes: int
    raises: int

    @property
    def shown_changes(self) -> str:
        return shown(self.changes)

    @property
    def shown_raises(self) -> str:
        return shown(self.raises)

    @property
    def share(self) -> str:
        return share(self.raises, self.changes)

    @property
    def is_shown(self) -> bool:
        return self.share.endswith("procent")

    @property
    def value(self) -> int:
        return (self.raises * 200 + self.changes) // (2 * self.changes)


@dataclass(frozen=True)
class Inflation:
    """How many reassessments raised the level around a price list's first day."""

    name: str
    first_day: date
    before: Side
    after: Side
    months: list[tuple[str, str, str]]


def inflations(actor: Actor, levels: Sequence[Established]) -> list[Inflation]:
    """Every price list but the first, the latest first."""
    lists = _price_lists(actor.municipality_id)
    return [_inflation(name, day, levels) for day, name in lists[1:]][::-1]


def _price_lists(municipality_id: int) -> list[tuple[date, str]]:
    """First days in order, each with the name of its latest revision."""
    rows = db.session.execute(
        select(PriceList.first_day, PriceList.name)
        .join(ChoiceSystem, ChoiceSystem.id == PriceList.choice_system_id)
        .where(ChoiceSystem.municipality_id == municipality_id)
        .order_by(PriceList.first_day, PriceList.revision)
    )
    return sorted(dict(rows.all()).items())


def _inflation(name: str, day: date, levels: Sequence[Established]) -> Inflation:
    again = [one for one in levels if one.change in {"raise", "lowering", "same"}]
    times = [_first_of(day, number) for number in range(-MONTHS, MONTHS + 1)]
    counts = [_side(again, start, end) for start, end in pairwise(times)]
    return Inflation(
        name=name,
        first_day=day,
        before=_sum(counts[:MONTHS]),
        after=_sum(counts[MONTHS:]),
        months=_months(times[:MONTHS], counts[:MONTHS])
        + _months(times[MONTHS:-1], counts[MONTHS:]),
    )


def _first_of(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _side(levels: Iterable[Established], start: date, end: date) -> Side:
    own = [one for one in levels if start <= one.day < end]
    return Side(len(own), sum(one.change == "raise" for one in own))


def _sum(sides: Sequence[Side]) -> Side:
    return Side(sum(s.changes for s in sides), sum(s.raises for s in sides))


def _months(times: Sequence[date], sides: Sequence[Side]) -> list[tuple[str, str, str]]:
    """Counts by month of one side; none that its sum would give away."""
    names = [month(day) for day in times]
    changes = shown_parts(dict(zip(names, (s.changes for s in sides), strict=True)))
    raises = shown_parts(dict(zip(names, (s.raises for s in sides), strict=True)))
    return [(name, changes[name], raises[name]) for name in names]
