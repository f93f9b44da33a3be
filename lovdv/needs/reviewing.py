"""What a reviewer reads: whose assessments wait, and what differs from last time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from assessment import Domain, Instrument, Question, SignedAnswer, read_signed
from lovdv.access import Actor, Permission
from lovdv.extensions import db
from lovdv.needs import scoring_words, words
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import (
    Assessment,
    EarlierAssessor,
    Level,
    Review,
    SignedAssessment,
)
from lovdv.people.models import Client
from lovdv.people.scope import guided_by, scoring_blind, visible_people


@dataclass(frozen=True)
class ReviewedAnswer:
    """One question as the reviewer reads it, now and last time."""

    question: Question
    answer: str
    view: str
    evidence: str
    reason: str
    earlier: str
    earlier_reason: str

    @property
    def differs(self) -> bool:
        return self.earlier not in ("", self.answer)


@dataclass(frozen=True)
class ReviewedDomain:
    domain: Domain
    own_words: str
    voice: str
    answers: tuple[ReviewedAnswer, ...]


def waiting_in_all_teams(actor: Actor) -> Select[tuple[Assessment]]:
    """Colleagues' signed assessments that wait for a review, whoever's the case is.

    Not those that the actor has scored in, nor of people whom the actor guides or
    scores blind, nor of protected people who are not in the actor's own cases, unless
    the actor may read about them.
    """
    held = exists().where(
        EarlierAssessor.assessment_id == Assessment.id,
        EarlierAssessor.user_id == actor.user_id,
    )
    seen = visible_people(actor).with_only_columns(Client.id)
    query = (
        select(Assessment)
        .join(Client, Client.id == Assessment.client_id)
        .where(
            Client.municipality_id == actor.municipality_id,
            ~guided_by(actor),
            ~scoring_blind(actor),
            Assessment.signed_at.is_not(None),
            Assessment.needs_review,
            Assessment.assessor_id != actor.user_id,
            ~held,
            ~exists().where(Review.assessment_id == Assessment.id),
            ~exists().where(Level.assessment_id == Assessment.id),
        )
        .options(
            joinedload(Assessment.client),
            joinedload(Assessment.decision),
            joinedload(Assessment.instrument_version),
            joinedload(Assessment.assessor),
            joinedload(Assessment.signed),
            joinedload(Assessment.review),
        )
    )
    if actor.may(Permission.PERSON_PROTECTED):
        return query
    return query.where(or_(Client.protection == "", Client.id.in_(seen)))


def to_review(actor: Actor) -> tuple[Sequence[Assessment], Sequence[Assessment]]:
    """What the actor may review: in the actor's own cases, and in other teams'."""
    found = db.session.scalars(
        waiting_in_all_teams(actor).order_by(Assessment.signed_at, Assessment.id)
    ).all()
    seen = _seen(actor, [item.client_id for item in found])
    return (
        [item for item in found if item.client_id in seen],
        [item for item in found if item.client_id not in seen],
    )


def _seen(actor: Actor, client_ids: Iterable[int]) -> set[int]:
    return set(
        db.session.scalars(
            visible_people(actor)
            .with_only_columns(Client.id)
            .where(Client.id.in_(sorted(set(client_ids))))
        )
    )


def is_own_case(actor: Actor, assessment: Assessment) -> bool:
    """Whether the actor may read the rest of the case as well."""
    return assessment.client_id in _seen(actor, [assessment.client_id])


def waiting_elsewhere(actor: Actor, public_id: str) -> Assessment:
    """Another team's assessment that waits for a review; otherwise 404."""
    return db.session.scalars(
        waiting_in_all_teams(actor)
        .where(Assessment.public_id == public_id)
        .options(selectinload(Assessment.objections))
    ).one()


def reviewed_domains(
    assessment: Assessment,
    earlier: SignedAssessment | None,
    shown: Callable[[str], str] = str,
) -> list[ReviewedDomain]:
    """Every answer with its grounds, beside the one before it.

    `shown` says how the reader sees what somebody has written.
    """
    assert assessment.signed is not None
    instrument = instrument_of(assessment.instrument_version)
    signed = read_signed(assessment.signed.document)
    answers = {item.question: item for item in signed.answers}
    before = _earlier(earlier, shown)
    facts = dict(signed.facts)
    return [
        ReviewedDomain(
            domain,
            shown(facts.get(f"own_words.{domain.id}", "")),
            scoring_words.TOLD.get(facts.get(f"voice.{domain.id}", ""), ""),
            tuple(
                _answer(instrument, question, answers[question.id], before, shown)
                for question in domain.questions
                if question.id in answers
            ),
        )
        for domain in instrument.domains
    ]


def _answer(
    instrument: Instrument,
    question: Question,
    item: SignedAnswer,
    before: Mapping[str, tuple[str, str]],
    shown: Callable[[str], str],
) -> ReviewedAnswer:
    earlier, earlier_reason = before.get(question.id, ("", ""))
    return ReviewedAnswer(
        question,
        words.answer_words(instrument, question, item.answer),
        scoring_words.VIEWS.get(item.view, ""),
        shown(item.evidence),
        shown(item.reason),
        earlier,
        earlier_reason,
    )


def _earlier(
    signed: SignedAssessment | None, shown: Callable[[str], str]
) -> dict[str, tuple[str, str]]:
    """The answer and its reason last time, by question."""
    if signed is None:
        return {}
    instrument = instrument_of(signed.assessment.instrument_version)
    known = {question.id: question for question in instrument.questions()}
    return {
        item.question: (
            words.answer_words(instrument, known[item.question], item.answer),
            shown(item.reason),
        )
        for item in read_signed(signed.document).answers
        if item.question in known
    }


def comments_on(assessment: Assessment) -> list[tuple[str, str]]:
    """What the reviewer said of single questions: the question and the comment."""
    if assessment.review is None:
        return []
    instrument = instrument_of(assessment.instrument_version)
    return [
        (instrument.question(item.question).text, item.text)
        for item in assessment.review.comments
    ]
