"""A person's own level, told to that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import NoResultFound

from lovdv.needs import explain, queries
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Level, Objection, ReassessmentRequest
from lovdv.systems.queries import rule

MOST_SUPPORT = 3


@dataclass(frozen=True)
class OwnLevel:
    """What the person reads: the level, what it means, where support is needed."""

    level: str
    meaning: str
    first_day: date
    next_level: str
    next_first_day: date | None
    areas: tuple[str, ...]
    is_part_of_decision: bool
    objections: Sequence[Objection]
    request: ReassessmentRequest | None


def current_level(client_id: int, on: date) -> Level:
    """The level in force for a person; 404 when there is none to speak of."""
    found = _in_force(client_id, on)
    if found is None:
        raise NoResultFound
    return found


def _in_force(client_id: int, on: date) -> Level | None:
    return next(
        (level for level in queries.own_levels(client_id) if level.first_day <= on),
        None,
    )


def level_in_words(client_id: int, on: date) -> OwnLevel | None:
    level = _in_force(client_id, on)
    if level is None or level.assessment.signed is None:
        return None
    assessment = level.assessment
    why = explain.explanation(
        instrument_of(assessment.instrument_version), level.assessment.signed.document
    )
    coming = queries.level_on(level.decision_id, date.max)
    changes = coming is not None and coming.first_day > on
    settings = rule(level.choice_system_id, "level_effect", on)
    return OwnLevel(
        level=level.level,
        meaning=why.level_text,
        first_day=level.first_day,
        next_level=coming.level if coming and changes else "",
        next_first_day=coming.first_day if coming and changes else None,
        areas=_areas(why),
        is_part_of_decision=bool(settings["part_of_decision"]),
        objections=assessment.objections,
        request=queries.open_request(level.decision_id),
    )


def _areas(why: explain.Explanation) -> tuple[str, ...]:
    """The areas with the largest share of their points, in the sheet's order."""
    ranked = sorted(
        (domain for domain in why.domains if domain.points > 0),
        key=lambda domain: domain.points / domain.maximum,
        reverse=True,
    )
    most = {domain.title for domain in ranked[:MOST_SUPPORT]}
    return tuple(domain.title for domain in why.domains if domain.title in most)
