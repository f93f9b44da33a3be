"""A person's own level, told to that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import NoResultFound

from lovdv.needs import (
    easy,
    objections,
    queries,
    reassessment_queries,
    reassessments,
)
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Level, Objection, ReassessmentRequest
from lovdv.people.models import Decision
from lovdv.placements.levels import level_held
from lovdv.systems.queries import rule

MOST_SUPPORT = 3


@dataclass(frozen=True)
class OwnLevel:
    """What the person reads: the level, what it means, where support is needed.

    The level and its meaning are left out when the municipality has decided so.
    """

    level: str
    meaning: str
    first_day: date
    next_level: str
    next_first_day: date | None
    areas: tuple[easy.Area, ...]
    is_part_of_decision: bool
    shows_level: bool
    objections: Sequence[Objection]
    requests: Sequence[ReassessmentRequest]
    may_ask: bool


@dataclass(frozen=True)
class Held:
    """The decision in force for a person, and the level that counts in it."""

    decision: Decision
    level: Level


def current(client_id: int, on: date) -> Held:
    """What is in force for a person; 404 when there is no level to speak of."""
    found = _in_force(client_id, on)
    if found is None:
        raise NoResultFound
    return found


def _in_force(client_id: int, on: date) -> Held | None:
    """A decision that has ended says nothing more, unless another carries it on."""
    for decision in queries.decisions_to_assess(client_id, on):
        level = level_held(decision.id, on) if decision.first_day <= on else None
        if level is not None and level.assessment.signed is not None:
            return Held(decision, level)
    return None


def level_in_words(client_id: int, on: date) -> OwnLevel | None:
    held = _in_force(client_id, on)
    if held is None:
        return None
    level = held.level
    coming = queries.level_on(held.decision.id, date.max)
    changes = coming is not None and coming.first_day > on
    effect = rule(level.choice_system_id, "level_effect", on)
    instrument = instrument_of(level.assessment.instrument_version)
    return OwnLevel(
        level=level.level,
        meaning=instrument.level(level.level).text,
        first_day=level.first_day,
        next_level=coming.level if coming and changes else "",
        next_first_day=coming.first_day if coming and changes else None,
        areas=_areas(level),
        is_part_of_decision=bool(effect["part_of_decision"]),
        shows_level=shows_level(level, on),
        objections=objections.of(level.assessment_id),
        requests=reassessment_queries.recent(held.decision.id),
        may_ask=not reassessments.waits(held.decision.id),
    )


def shows_level(level: Level, on: date) -> bool:
    """Whether the municipality lets the person's own pages say the level."""
    return bool(rule(level.choice_system_id, "explanation", on)["own_shows_level"])


def _areas(level: Level) -> tuple[easy.Area, ...]:
    """The areas with the largest need, in the sheet's order."""
    assert level.assessment.signed is not None
    instrument = instrument_of(level.assessment.instrument_version)
    found = easy.shares(instrument, level.assessment.signed.document)
    ranked = sorted((t for t in found if found[t] > 0), key=found.get, reverse=True)  # type: ignore[arg-type]
    most = set(ranked[:MOST_SUPPORT])
    return tuple(easy.Area(t, easy.picture_of(t)) for t in found if t in most)


def easy_read(client_id: int, on: date) -> easy.EasyRead:
    """Why it became so, in easy read; 404 when there is no level yet."""
    level = current(client_id, on).level
    assert level.assessment.signed is not None
    effect = rule(level.choice_system_id, "level_effect", on)
    return easy.easy_read(
        instrument=instrument_of(level.assessment.instrument_version),
        level=level,
        signed=level.assessment.signed,
        objections=objections.of(level.assessment_id),
        shows_level=shows_level(level, on),
        part_of_decision=bool(effect["part_of_decision"]),
        readers=_readers(level, on),
    )


def _readers(level: Level, on: date) -> easy.Readers:
    review = rule(level.choice_system_id, "review", on)
    sees = rule(level.choice_system_id, "explanation", on)["unit_sees"]
    return easy.Readers(
        reviewers=review["when"] != "never", unit_sees_profile=sees == "profile"
    )
