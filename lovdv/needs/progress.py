"""How far a draft has come, and what may be shown of it so far.

Points and earlier answers are shown only for a domain that is scored, level and
margin only when all are: what is not yet judged should not be steered.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assessment import (
    NOT_ASSESSED,
    Domain,
    DomainPoints,
    Instrument,
    Result,
    canonical_text,
    read_signed,
    visible_questions,
)
from lovdv.formats import number
from lovdv.needs import queries, words
from lovdv.needs.explain import Explanation
from lovdv.needs.explain import explained as in_words
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment
from lovdv.needs.scoring import answers_of, outcome, scored_domains

STATES = {"todo": "Inte påbörjat", "begun": "Påbörjat", "scored": "Klart"}


@dataclass(frozen=True)
class DomainProgress:
    id: str
    title: str
    state: str
    answered: int
    asked: int
    points: str

    @property
    def state_words(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Progress:
    domains: tuple[DomainProgress, ...]

    @property
    def is_scored(self) -> bool:
        return all(domain.state == "scored" for domain in self.domains)

    @property
    def next(self) -> DomainProgress | None:
        """The first domain that is not scored."""
        return next((d for d in self.domains if d.state != "scored"), None)


@dataclass(frozen=True)
class Place:
    """Where a domain stands among the others."""

    number: int
    count: int
    next: Domain | None
    previous: Domain | None


def progress(assessment: Assessment) -> Progress:
    instrument = instrument_of(assessment.instrument_version)
    scored = scored_domains(assessment)
    answers = answers_of(assessment)
    asked = visible_questions(instrument, answers)
    answered = asked & {name for name in answers if answers[name] != NOT_ASSESSED}
    return Progress(
        tuple(
            _domain(domain, points, asked, answered, is_scored=domain.id in scored)
            for domain, points in zip(
                instrument.domains, outcome(assessment).domains, strict=True
            )
        )
    )


def _domain(
    domain: Domain,
    points: DomainPoints,
    asked: frozenset[str],
    answered: frozenset[str],
    *,
    is_scored: bool,
) -> DomainProgress:
    here = {question.id for question in domain.questions}
    count = len(here & answered)
    state = "scored" if is_scored else "begun" if count else "todo"
    return DomainProgress(
        id=domain.id,
        title=domain.title,
        state=state,
        answered=count,
        asked=len(here & asked),
        points=points_words(points) if is_scored else "",
    )


def points_words(points: DomainPoints) -> str:
    return f"{number(points.points)} av {number(points.maximum)}"


def points_of(assessment: Assessment, domain: Domain) -> str:
    """A scored domain's points; nothing before it is scored."""
    if domain.id not in scored_domains(assessment):
        return ""
    found = {points.domain: points for points in outcome(assessment).domains}
    return points_words(found[domain.id])


def earlier_answers(assessment: Assessment, domain: Domain) -> Mapping[str, str]:
    """What was answered last time, for a domain that is scored."""
    earlier = queries.earlier_signed(assessment)
    if earlier is None or domain.id not in scored_domains(assessment):
        return {}
    instrument = instrument_of(earlier.assessment.instrument_version)
    known = {question.id: question for question in instrument.questions()}
    return {
        item.question: words.answer_words(instrument, known[item.question], item.answer)
        for item in read_signed(earlier.document).answers
    }


def explained(
    assessment: Assessment, shown: Callable[[str], str] = str
) -> Explanation | None:
    """The level and what it rests on, when every domain is scored.

    `shown` says how the reader sees what somebody has written.
    """
    result = outcome(assessment)
    if not progress(assessment).is_scored or not isinstance(result, Result):
        return None
    reasons = {row.question: shown(row.reason) for row in assessment.answers}
    instrument = instrument_of(assessment.instrument_version)
    return in_words(instrument, json.loads(canonical_text(result)), reasons)


def place_of(instrument: Instrument, domain: Domain) -> Place:
    domains = instrument.domains
    index = domains.index(domain)
    return Place(
        number=index + 1,
        count=len(domains),
        next=domains[index + 1] if index + 1 < len(domains) else None,
        previous=domains[index - 1] if index else None,
    )
