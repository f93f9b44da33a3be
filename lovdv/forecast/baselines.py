"""Figures as they are on a day, kept so that what LOV changes can be evaluated."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.followup.queries import REGIS, figures
from lovdv.forecast.models import Baseline
from lovdv.forecast.months import planned_month
from lovdv.payouts.facts import terms
from lovdv.systems.models import ChoiceSystem
from payments import Month


@dataclass(frozen=True)
class Figures:
    """People on a day, and öre for the day's month as planned."""

    with_decision: int
    placed: int
    external: int
    people_by_level: Mapping[str, int]
    cost_by_level: Mapping[str, int]
    days_to_start: int | None

    @property
    def cost(self) -> int:
        return sum(self.cost_by_level.values())

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Figures":
        return cls(**kept)


def taken(system: ChoiceSystem, day: date) -> Figures:
    counted = figures(system.municipality_id, day)
    known = terms(system.id, now())
    dues = planned_month(known, Month.of(day)).due(known)
    people: Counter[str] = Counter()
    cost: Counter[str] = Counter()
    for _, due in dues:
        people.update({line.level for line in due.lines})
        for line in due.lines:
            cost[line.level] += line.amount
    return Figures(
        with_decision=counted.with_decision,
        placed=counted.placed,
        external=counted.placed_by_regi[REGIS["extern"]],
        people_by_level=dict(sorted(people.items())),
        cost_by_level=dict(sorted(cost.items())),
        days_to_start=counted.days_to_start,
    )


def take(
    *, system: ChoiceSystem, name: str, day: date, note: str, by_id: int | None
) -> Baseline:
    """Keep the figures of a day that has come; they never change."""
    if day > today():
        raise Refused("Dagen har inte varit ännu. Välj i dag eller tidigare.", "day")
    baseline = Baseline(
        choice_system_id=system.id,
        name=name,
        day=day,
        note=note,
        figures=vars(taken(system, day)),
        taken_at=now(),
        taken_by_id=by_id,
    )
    db.session.add(baseline)
    db.session.flush()
    audit.change("baseline.take", object=baseline.public_id, after={"day": day})
    return baseline


def levels_of(found: Sequence[Figures]) -> list[str]:
    """Every level that some of them speak of."""
    return sorted({level for one in found for level in one.people_by_level})
