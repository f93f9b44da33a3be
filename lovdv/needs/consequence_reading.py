"""Everybody's present level and answers, and where they have their places."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.needs.models import Assessment, Level, SignedAssessment
from lovdv.people import renewals
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.placements.models import Placement, WeekPlan
from lovdv.placements.plans import read_times
from lovdv.providers.models import Contract, Provider
from payments import Extent

AT_A_TIME = 500
ANSWERS = '"answers":'
DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Assessed:
    """A person's level in force, and the answers that it rests on."""

    client: int
    level: str
    price_level: str
    version: int
    """The instrument version that was used."""
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that somebody has on the day."""

    client: int
    provider: str
    regi: str
    extent: Extent | None
    """None: no plan holds on the day."""


def assessed(choice_system_id: int, on: date) -> Iterator[Assessed]:
    """One by one, so that forty thousand need no more room than a few hundred."""
    for some in _in_force(choice_system_id, on):
        documents = dict(
            db.session.execute(
                select(SignedAssessment.assessment_id, SignedAssessment.document).where(
                    SignedAssessment.assessment_id.in_([row[3] for row in some])
                )
            ).all()
        )
        for client, level, price_level, assessment, version in some:
            answers = _answers(documents[assessment])
            yield Assessed(client, level, price_level, version, answers)


def _answers(document: str) -> dict[str, str]:
    """The answers alone: they stand first in the canonical text, before the trace."""
    told, _ = DECODER.raw_decode(document, document.index(ANSWERS) + len(ANSWERS))
    return {one["question"]: one["answer"] for one in told if one["answer"]}


def _in_force(
    choice_system_id: int, on: date
) -> Iterator[list[tuple[int, str, str, int, int]]]:
    """The level of each living person's decision on the day, in parts.

    A decision without a level of its own has that of the decision it follows on.
    """
    levels = _latest(choice_system_id, on)
    decided = _decided(choice_system_id, on)
    earlier = renewals.before(
        [decision for decision in decided.values() if decision not in levels]
    )
    held = (
        next(
            (levels[one] for one in (own, *earlier.get(own, ())) if one in levels), None
        )
        for own in decided.values()
    )
    found = [level for level in held if level is not None]
    for start in range(0, len(found), AT_A_TIME):
        yield found[start : start + AT_A_TIME]


def _decided(choice_system_id: int, on: date) -> dict[int, int]:
    """By living person: the decision that holds on the day, the latest if several."""
    rows = db.session.execute(
        select(Decision.client_id, Decision.id)
        .join(Client, Client.id == Decision.client_id)
        .where(
            Decision.choice_system_id == choice_system_id,
            Decision.status.in_(HOLDING),
            in_period(on, Decision.first_day, Decision.end_day),
            Client.died_on.is_(None),
        )
        .order_by(Decision.client_id, Decision.first_day, Decision.id)
    )
    return dict(rows.all())


def _latest(
    choice_system_id: int, on: date
) -> dict[int, tuple[int, str, str, int, int]]:
    """By decision: client, level, price level, assessment and version in force."""
    rows = db.session.execute(
        select(
            Level.decision_id,
            Level.client_id,
            Level.level,
            Level.price_level,
            Level.assessment_id,
            Assessment.instrument_version_id,
        )
        .join(Assessment, Assessment.id == Level.assessment_id)
        .where(Level.choice_system_id == choice_system_id, Level.first_day <= on)
        .order_by(Level.decision_id, Level.first_day, Level.revision, Level.id)
    )
    return {decision: tuple(level) for decision, *level in rows}


def places(choice_system_id: int, on: date) -> list[Place]:
    """Every place on the day, with what it is planned to amount to."""
    plans = _extents(choice_system_id, on)
    rows = db.session.execute(
        select(Placement.id, Placement.client_id, Provider.name, Contract.regi)
        .join(Contract, Contract.id == Placement.contract_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(
            Placement.choice_system_id == choice_system_id,
            Placement.annulled_at.is_(None),
            in_period(on, Placement.first_day, Placement.end_day),
        )
        .order_by(Placement.client_id, Placement.id)
    )
    return [
        Place(client, provider, regi, plans.get(placement))
        for placement, client, provider, regi in rows
    ]


def _extents(choice_system_id: int, on: date) -> dict[int, Extent]:
    """By placement: what the plan in force on the day amounts to."""
    rows = db.session.execute(
        select(WeekPlan.placement_id, WeekPlan.first_day, WeekPlan.times)
        .join(Placement, Placement.id == WeekPlan.placement_id)
        .where(Placement.choice_system_id == choice_system_id, WeekPlan.first_day <= on)
        .order_by(WeekPlan.placement_id, WeekPlan.first_day, WeekPlan.revision)
    )
    latest = {row[0]: (row[1], row[2]) for row in rows}
    return {
        placement: read_times(times, first_day).extent
        for placement, (first_day, times) in latest.items()
    }
