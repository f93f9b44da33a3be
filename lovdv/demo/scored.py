"""The demo's past assessments: scored by the engine, signed, reviewed, established."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from assessment import (
    Instrument,
    Result,
    SignedAnswer,
    canonical_text,
    digest,
    score,
    signed_text,
)
from lovdv.database import random_id
from lovdv.demo.cast import LEVELS, Story
from lovdv.demo.ground import Ground, at
from lovdv.demo.people import Rooted
from lovdv.demo.rows import add, add_numbered
from lovdv.needs.models import Assessment, Level, Review, SignedAssessment

OF_EACH = 8
ASSESSORS = ("bedomare", "bedomare2")
TOOK_PART = "Personen själv, en närstående och den som bedömde."
REASONS = (
    "Vi pratade om en vanlig dag och såg på bilder därifrån.",
    "Personalen som känner personen väl har berättat.",
    "Personen visade själv hur hen gör.",
)
OWN_WORDS = (
    "Jag vill att det är lugnt.",
    "Jag klarar mer än folk tror.",
    "Jag vill ha hjälp när jag är trött.",
    "",
)
NO_FACTS = '"facts":{}'
RECENT = timedelta(days=100)


@dataclass(frozen=True)
class Scored:
    """Answers by question, and the result they give."""

    answers: tuple[tuple[str, str], ...]
    result: Result


def answer_sets(instrument: Instrument, rng: Random) -> dict[str, list[Scored]]:
    """Some sets of answers for each level, found by trying."""
    found: dict[str, list[Scored]] = {level: [] for level in LEVELS}
    for one in _tries(instrument, rng):
        of_level = found[one.result.level]
        if len(of_level) < OF_EACH:
            of_level.append(one)
        if all(len(sets) == OF_EACH for sets in found.values()):
            break
    return found


def _tries(instrument: Instrument, rng: Random) -> Iterator[Scored]:
    """Answers around a need that is drawn first, so that every level comes up."""
    questions = instrument.questions()
    while True:
        need = rng.randint(0, 30)
        answers = {
            q.id: str(min(3, max(0, round((need + rng.randint(-7, 7)) / 10))))
            for q in questions
        }
        result = score(instrument, answers)
        assert isinstance(result, Result)
        yield Scored(tuple(sorted(answers.items())), result)


@dataclass(frozen=True)
class _Occasion:
    """One assessment of one person, and the level that it gave."""

    rooted: Rooted
    held_on: date
    first_day: date
    signed_on: date
    level: str
    kind: str
    assessor: str
    reviewer: str


def add_assessments(ground: Ground, rooted: list[Rooted]) -> None:
    """Every level in the cast, with the signed assessment that it rests on."""
    rng = ground.size.random("assessments")
    sets = answer_sets(ground.instrument, rng)
    occasions = [o for r in rooted for o in _occasions(ground, r)]
    public_ids = [random_id() for _ in occasions]
    rows = [
        _assessment(ground, one, public_id)
        for one, public_id in zip(occasions, public_ids, strict=True)
    ]
    numbers = add_numbered(Assessment, rows)
    signed = [
        {
            "assessment_id": number,
            **_signed(ground, one, row, rng.choice(sets[one.level])),
        }
        for one, row, number in zip(occasions, rows, numbers, strict=True)
    ]
    add(SignedAssessment, signed)
    add(
        Review, [_review(ground, o, n) for o, n in zip(occasions, numbers, strict=True)]
    )
    add(Level, [_level(ground, o, n) for o, n in zip(occasions, numbers, strict=True)])


def _occasions(ground: Ground, rooted: Rooted) -> Iterator[_Occasion]:
    person = rooted.resident
    for number, (first_day, level) in enumerate(person.levels):
        late = person.story is Story.RAISED and number and person.number % 3 == 0
        signed = first_day + timedelta(days=40) if late else first_day
        recent = first_day > ground.size.as_of - RECENT
        assessor, reviewer = ASSESSORS[:: 1 if person.number % 2 else -1]
        yield _Occasion(
            rooted=rooted,
            held_on=first_day - timedelta(days=6),
            first_day=first_day,
            signed_on=max(signed, ground.first_day),
            level=level,
            kind="preliminary" if recent else "changed_need" if number else "ordinary",
            assessor=assessor,
            reviewer=reviewer,
        )


def _assessment(ground: Ground, one: _Occasion, public_id: str) -> dict[str, object]:
    return {
        "public_id": public_id,
        "client_id": one.rooted.client_id,
        "decision_id": one.rooted.decision_id,
        "instrument_version_id": ground.instrument_id,
        "kind": one.kind,
        "assessor_id": ground.users[one.assessor],
        "held_on": one.held_on,
        "took_part": TOOK_PART,
        "own_words": OWN_WORDS[one.rooted.resident.number % len(OWN_WORDS)],
        "created_at": at(one.signed_on, 9),
        "updated_at": at(one.signed_on, 10),
        "signed_at": at(one.signed_on, 10),
        "needs_review": True,
    }


def _signed(
    ground: Ground, one: _Occasion, row: dict[str, object], scored: Scored
) -> dict[str, object]:
    facts = {
        "assessment": str(row["public_id"]),
        "client": one.rooted.public_id,
        "assessor": one.assessor,
        "kind": one.kind,
        "held_on": one.held_on.isoformat(),
        "took_part": TOOK_PART,
        "own_words": str(row["own_words"]),
        "signed_at": at(one.signed_on, 10).isoformat(),
    }
    reason = REASONS[one.rooted.resident.number % len(REASONS)]
    text = _without_facts(ground.instrument, scored, reason).replace(
        NO_FACTS, f'"facts":{canonical_text(facts)}', 1
    )
    return {
        "document": text,
        "digest": digest(text),
        "level": scored.result.level,
        "price_level": scored.result.price_level,
        "signed_at": at(one.signed_on, 10),
        "signed_by_id": ground.users[one.assessor],
    }


@lru_cache(maxsize=256)
def _without_facts(instrument: Instrument, scored: Scored, reason: str) -> str:
    """All of the text that many share: writing it takes the most time."""
    answers = tuple(
        SignedAnswer(question, answer, reason if answer in "23" else "")
        for question, answer in scored.answers
    )
    return signed_text(instrument, answers, scored.result, {})


def _review(ground: Ground, one: _Occasion, number: int) -> dict[str, object]:
    return {
        "assessment_id": number,
        "assessor_id": ground.users[one.assessor],
        "reviewer_id": ground.users[one.reviewer],
        "verdict": "agreed",
        "comment": "Stämmer med det jag har läst.",
        "reviewed_at": at(one.signed_on, 13),
    }


def _level(ground: Ground, one: _Occasion, number: int) -> dict[str, object]:
    return {
        "client_id": one.rooted.client_id,
        "decision_id": one.rooted.decision_id,
        "choice_system_id": ground.system_id,
        "assessment_id": number,
        "level": one.level,
        "price_level": one.level,
        "first_day": max(one.first_day, one.rooted.resident.decided_on),
        "ground": "",
        "established_at": at(one.signed_on, 15),
        "established_by_id": ground.users[one.reviewer],
    }
