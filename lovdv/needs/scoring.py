"""Drafts and their answers: begun, saved while typing, signed and frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from assessment import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Instrument,
    NoLevel,
    Result,
    SignedAnswer,
    digest,
    score,
    signed_text,
)
from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import effect, queries
from lovdv.needs.instruments import instrument_of, version_to_use
from lovdv.needs.models import (
    Answer,
    Assessment,
    ScoredDomain,
    SignedAssessment,
)
from lovdv.people.models import Client, Decision
from lovdv.systems.queries import rule

LONGEST_REASON = 4_000


@dataclass(frozen=True, slots=True)
class Typed:
    """One question as a tab has it: what is typed, and what it was shown."""

    question: str
    answer: str
    reason: str
    seen: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one typed question; `conflict` holds another tab's answer."""

    question: str
    seen: str
    written: bool = False
    conflict: Answer | None = None


def begin(
    *,
    client: Client,
    decision: Decision,
    kind: str,
    held_on: date,
    took_part: str,
    by_id: int,
    own_words: str = "",
) -> Assessment:
    """Start a draft with the instrument in force; one draft at a time a decision."""
    db.session.refresh(decision, ["status"], with_for_update=True)
    other = queries.open_draft(decision.id)
    if other is not None:
        raise Refused(
            f"{other.assessor.name} har redan påbörjat en bedömning för beslutet. "
            "Fortsätt på den, eller be din kollega ta bort utkastet."
        )
    if held_on > today():
        raise Refused("Bedömningen kan inte ha hållits i framtiden.", "held_on")
    version = version_to_use(decision.choice_system_id, held_on)
    new = Assessment(
        client_id=client.id,
        decision_id=decision.id,
        instrument_version=version,
        kind=kind,
        assessor_id=by_id,
        held_on=held_on,
        took_part=took_part,
        own_words=own_words,
        created_at=now(),
        updated_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    request = queries.open_request(decision.id)
    if request is not None:
        request.assessment_id = new.id
    audit.change(
        "assessment.begin",
        about=[client.id],
        object=new.public_id,
        after={"kind": kind, "held_on": held_on},
    )
    return new


def describe(
    *,
    assessment: Assessment,
    kind: str,
    held_on: date,
    took_part: str,
    own_words: str,
) -> None:
    """Say when it was held, who took part and what the person said."""
    if held_on > today():
        raise Refused("Bedömningen kan inte ha hållits i framtiden.", "held_on")
    assessment.kind = kind
    assessment.held_on = held_on
    assessment.took_part = took_part
    assessment.own_words = own_words
    assessment.updated_at = now()
    db.session.flush()
    audit.change(
        "assessment.describe",
        about=[assessment.client_id],
        object=assessment.public_id,
        after={"took_part": took_part, "own_words": own_words},
    )


def discard(*, assessment: Assessment) -> None:
    """Throw a draft away; what was signed never is."""
    audit.change(
        "assessment.discard",
        about=[assessment.client_id],
        object=assessment.public_id,
    )
    request = queries.request_behind(assessment.id)
    if request is not None:
        request.assessment_id = None
    for row in (*assessment.answers, *_scored(assessment)):
        db.session.delete(row)
    db.session.flush()
    db.session.delete(assessment)
    db.session.flush()


def token(answer: Answer | None) -> str:
    """What a tab was shown of a question: its revision and a digest of its words."""
    if answer is None:
        return f"0:{_words('', '')}"
    return f"{answer.revision}:{_words(answer.answer, answer.reason)}"


def _words(answer: str, reason: str) -> str:
    return digest(f"{answer}\n{reason}")[:16]


def save_answers(*, assessment: Assessment, typed: Iterable[Typed]) -> list[Saved]:
    """Save each question by itself: a conflict in one does not stop the others."""
    instrument = instrument_of(assessment.instrument_version)
    stored = _locked_answers(assessment)
    if assessment.signed_at is not None:
        raise Refused("Bedömningen är signerad och ändras inte mer.")
    saved = [_save(assessment, instrument, stored, one) for one in typed]
    written = {one.question: one.seen for one in saved if one.written}
    if written:
        assessment.updated_at = now()
        db.session.flush()
        db.session.expire(assessment, ["answers"])
        audit.change(
            "assessment.answer",
            about=[assessment.client_id],
            object=assessment.public_id,
            after=written,
        )
    return saved


def _locked_answers(assessment: Assessment) -> dict[str, Answer]:
    """The stored answers, under the lock that keeps two tabs apart."""
    db.session.refresh(assessment, ["signed_at"], with_for_update=True)
    rows = db.session.scalars(
        select(Answer)
        .where(Answer.assessment_id == assessment.id)
        .execution_options(populate_existing=True)
    )
    return {row.question: row for row in rows}


def _save(
    assessment: Assessment,
    instrument: Instrument,
    stored: dict[str, Answer],
    typed: Typed,
) -> Saved:
    _refuse_unknown(instrument, typed)
    row = stored.get(typed.question)
    words = _words(typed.answer, typed.reason)
    shown_revision, _, shown_words = typed.seen.partition(":")
    if words in (shown_words, token(row).partition(":")[2]):
        # Untouched in this tab, or the same in both: the stored answer stands.
        return Saved(typed.question, token(row))
    if row is not None and shown_revision != str(row.revision):
        return Saved(typed.question, token(row), conflict=row)
    if row is None:
        row = Answer(assessment_id=assessment.id, question=typed.question, revision=0)
        db.session.add(row)
        stored[typed.question] = row
    row.answer, row.reason = typed.answer, typed.reason
    row.revision += 1
    row.updated_at = now()
    return Saved(typed.question, token(row), written=True)


def _refuse_unknown(instrument: Instrument, typed: Typed) -> None:
    question = instrument.question(typed.question)
    codes = {step.code for step in instrument.scale(question.scale).steps}
    codes |= {"", NOT_ASSESSED}
    if question.may_be_irrelevant:
        codes.add(NOT_RELEVANT)
    if typed.answer not in codes:
        raise Refused("Välj ett av svaren på frågan.", f"answer-{question.id}")
    if len(typed.reason) > LONGEST_REASON:
        raise Refused(
            f"Motiveringen får ha högst {LONGEST_REASON} tecken. Korta den.",
            f"reason-{question.id}",
        )


def answers_of(assessment: Assessment) -> dict[str, str]:
    return {row.question: row.answer for row in assessment.answers if row.answer}


def outcome(assessment: Assessment) -> Result | NoLevel:
    """Score the draft as it stands."""
    instrument = instrument_of(assessment.instrument_version)
    return score(instrument, answers_of(assessment))


def _scored(assessment: Assessment) -> list[ScoredDomain]:
    return list(
        db.session.scalars(
            select(ScoredDomain).where(ScoredDomain.assessment_id == assessment.id)
        )
    )


def scored_domains(assessment: Assessment) -> frozenset[str]:
    """The domains that the assessor has closed and that are still complete."""
    complete = {
        domain.domain for domain in outcome(assessment).domains if domain.is_complete
    }
    return frozenset(row.domain for row in _scored(assessment)) & complete


def close_domain(*, assessment: Assessment, domain: str) -> tuple[str, ...]:
    """Close a domain as scored, or return the questions that are not answered."""
    points = {item.domain: item for item in outcome(assessment).domains}[domain]
    if points.missing:
        return points.missing
    if domain not in {row.domain for row in _scored(assessment)}:
        db.session.add(
            ScoredDomain(assessment_id=assessment.id, domain=domain, scored_at=now())
        )
        db.session.flush()
    return ()


def sign(*, assessment: Assessment, by_id: int) -> SignedAssessment:
    """Freeze the assessment as one text; a missing answer gives no level."""
    _locked_answers(assessment)
    db.session.expire(assessment, ["answers"])
    if by_id != assessment.assessor_id:
        raise Refused("Bara den som har bedömt kan signera bedömningen.")
    instrument = instrument_of(assessment.instrument_version)
    result = outcome(assessment)
    if isinstance(result, NoLevel):
        raise Refused(_why_not(instrument, result))
    if assessment.held_on is None or not assessment.took_part:
        raise Refused("Skriv vilka som var med, och vilken dag bedömningen hölls.")
    signed = _signed(assessment, instrument, result, by_id)
    db.session.add(signed)
    assessment.needs_review = _needs_review(assessment, instrument, signed)
    assessment.signed_at = assessment.updated_at = signed.signed_at
    db.session.flush()
    audit.change(
        "assessment.sign",
        about=[assessment.client_id],
        object=assessment.public_id,
        after={"digest": signed.digest},
    )
    return signed


def _why_not(instrument: Instrument, result: NoLevel) -> str:
    if not result.is_only_incomplete:
        return " ".join(reason.message for reason in result.reasons)
    texts = [instrument.question(name).text for name in result.missing]
    count = "En fråga" if len(texts) == 1 else f"{len(texts)} frågor"
    listed = " ".join(f"”{text}”" for text in texts)
    return f"{count} saknar svar, så det blir ingen nivå: {listed} Besvara och signera."


def _signed(
    assessment: Assessment, instrument: Instrument, result: Result, by_id: int
) -> SignedAssessment:
    moment = now()
    answers = tuple(
        SignedAnswer(row.question, row.answer, row.reason)
        for row in sorted(assessment.answers, key=lambda row: row.question)
        if row.answer or row.reason
    )
    facts = _facts(assessment) | {"signed_at": moment.isoformat()}
    text = signed_text(instrument, answers, result, facts)
    return SignedAssessment(
        assessment_id=assessment.id,
        document=text,
        digest=digest(text),
        level=result.level,
        price_level=result.price_level,
        signed_at=moment,
        signed_by_id=by_id,
    )


def _facts(assessment: Assessment) -> dict[str, str]:
    assert assessment.held_on is not None
    return {
        "assessment": assessment.public_id,
        "client": assessment.client.public_id,
        "decision": assessment.decision.public_id,
        "assessor": assessment.assessor.public_id,
        "kind": assessment.kind,
        "held_on": assessment.held_on.isoformat(),
        "took_part": assessment.took_part,
        "own_words": assessment.own_words,
    }


def _needs_review(
    assessment: Assessment, instrument: Instrument, signed: SignedAssessment
) -> bool:
    levels = [level.label for level in instrument.levels]
    current = queries.level_on(assessment.decision_id, date.max)
    return effect.must_review(
        rule(assessment.decision.choice_system_id, "review", today()),
        level=signed.level,
        levels=levels,
        how=effect.change(levels, current.level if current else None, signed.level),
        draw=signed.digest,
    )
