"""Drafts and their answers: begun, saved while typing, signed and frozen."""

from datetime import date

from sqlalchemy import delete, select

from assessment import (
    NOT_ASSESSED,
    Instrument,
    NoLevel,
    Result,
    SignedAnswer,
    digest,
    score,
    signed_text,
    visible_questions,
)
from lovdv import audit
from lovdv.calibration import pairs
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import effect, queries, reassessments, statement_queries
from lovdv.needs.instruments import instrument_of, version_to_use
from lovdv.needs.models import (
    Answer,
    Assessment,
    EarlierAssessor,
    ScoredDomain,
    SignedAssessment,
)
from lovdv.needs.saving import (
    OCCASION,
    Saved,
    Typed,
    lock,
    locked_answers,
    occasion_token,
    plain,
    save_answers,
    token,
)
from lovdv.people.models import Client, Decision
from lovdv.placements.levels import level_held
from lovdv.systems.queries import rule

CHANGED = (
    "Tillfället har sparats i ett annat fönster sedan du öppnade sidan. Det du skrev "
    "står kvar. Jämför, och spara igen om det ska gälla."
)

__all__ = ["Saved", "Typed", "save_answers", "token"]


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
            "Ta över utkastet från listan över påbörjade bedömningar, eller be din "
            "kollega göra klart det."
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
    reassessments.begun(new, by_id)
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
    seen: str,
) -> None:
    """Say when it was held, who took part and what the person said.

    `seen` is the token of what the page was shown (`saving.occasion_token`).
    """
    if held_on > today():
        raise Refused("Bedömningen kan inte ha hållits i framtiden.", "held_on")
    lock(assessment)
    db.session.refresh(assessment, OCCASION)
    typed = (kind, held_on, plain(took_part), plain(own_words))
    if typed == tuple(getattr(assessment, name) for name in OCCASION):
        return
    if seen != occasion_token(assessment):
        raise Refused(CHANGED)
    for name, value in zip(OCCASION, typed, strict=True):
        setattr(assessment, name, value)
    assessment.updated_at = now()
    db.session.flush()
    audit.change(
        "assessment.describe",
        about=[assessment.client_id],
        object=assessment.public_id,
        after={"took_part": took_part, "own_words": own_words},
    )


def take_over(*, assessment: Assessment, by_id: int) -> None:
    """Go on with a colleague's draft; what was written comes along."""
    lock(assessment)
    before, assessment.assessor_id = assessment.assessor_id, by_id
    if before not in queries.earlier_assessors(assessment.id):
        db.session.add(EarlierAssessor(assessment_id=assessment.id, user_id=before))
    assessment.updated_at = now()
    db.session.flush()
    db.session.expire(assessment, ["assessor"])
    audit.change(
        "assessment.take_over",
        about=[assessment.client_id],
        object=assessment.public_id,
        before={"assessor": before},
        after={"assessor": by_id},
    )


def discard(*, assessment: Assessment) -> None:
    """Throw a draft away; what was signed never is."""
    lock(assessment)
    audit.change(
        "assessment.discard",
        about=[assessment.client_id],
        object=assessment.public_id,
    )
    reassessments.let_go(assessment)
    pairs.forget_with(assessment)
    for row in (*assessment.answers, *assessment.words, *_scored(assessment)):
        db.session.delete(row)
    db.session.execute(
        delete(EarlierAssessor).where(EarlierAssessor.assessment_id == assessment.id)
    )
    db.session.flush()
    db.session.delete(assessment)
    db.session.flush()


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
    locked_answers(assessment)
    db.session.expire(assessment, ["answers", "words"])
    if by_id != assessment.assessor_id:
        raise Refused("Bara den som har bedömt kan signera bedömningen.")
    instrument = instrument_of(assessment.instrument_version)
    result = outcome(assessment)
    if isinstance(result, NoLevel):
        raise Refused(_why_not(instrument, result))
    _refuse_not_assessed(assessment, instrument)
    _refuse_open(assessment, instrument)
    if assessment.held_on is None or not assessment.took_part:
        raise Refused("Skriv vilka som var med, och vilken dag bedömningen hölls.")
    signed = _signed(assessment, instrument, result, by_id)
    db.session.add(signed)
    assessment.needs_review = _needs_review(assessment, instrument, signed)
    assessment.signed_at = assessment.updated_at = signed.signed_at
    db.session.flush()
    pairs.signed(assessment)
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


def _refuse_not_assessed(assessment: Assessment, instrument: Instrument) -> None:
    """Say what is left as "ej bedömd": also a question that needs no answer."""
    asked = visible_questions(instrument, answers_of(assessment))
    left = {row.question for row in assessment.answers if row.answer == NOT_ASSESSED}
    texts = [item.text for item in instrument.questions() if item.id in left & asked]
    if texts:
        listed = " ".join(f"”{text}”" for text in texts)
        raise Refused(
            f"Det här är markerat ”Ej bedömd”: {listed} "
            "Bedöm det, eller välj att frågan inte besvaras. Signera sedan."
        )


def _refuse_open(assessment: Assessment, instrument: Instrument) -> None:
    """The level is shown when every domain is closed; nobody signs it unseen."""
    closed = scored_domains(assessment)
    left = [f"”{part.title}”" for part in instrument.domains if part.id not in closed]
    if left:
        raise Refused(
            f"De här områdena är inte klara: {', '.join(left)}. "
            "Gå igenom dem och välj Klar med området. Signera sedan."
        )


def _signed(
    assessment: Assessment, instrument: Instrument, result: Result, by_id: int
) -> SignedAssessment:
    moment = now()
    facts = _facts(assessment) | {"signed_at": moment.isoformat()}
    text = signed_text(instrument, _signed_answers(assessment), result, facts)
    return SignedAssessment(
        assessment_id=assessment.id,
        document=text,
        digest=digest(text),
        level=result.level,
        price_level=result.price_level,
        signed_at=moment,
        signed_by_id=by_id,
    )


def _signed_answers(assessment: Assessment) -> tuple[SignedAnswer, ...]:
    return tuple(
        SignedAnswer(row.question, _judged(row), row.reason, row.evidence, row.view)
        for row in sorted(assessment.answers, key=lambda row: row.question)
        if _judged(row) or row.reason or row.evidence
    )


def _judged(row: Answer) -> str:
    """The answer; one left as "ej bedömd" in a question no longer asked is none."""
    return "" if row.answer == NOT_ASSESSED else row.answer


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
        **_facts_of_words(assessment),
        **_facts_of_statements(assessment),
    }


def _facts_of_words(assessment: Assessment) -> dict[str, str]:
    """The person's words, and how they were told, by domain."""
    told = [row for row in assessment.words if row.text]
    return {f"own_words.{row.domain}": row.text for row in told} | {
        f"voice.{row.domain}": row.voice for row in told if row.voice
    }


def _facts_of_statements(assessment: Assessment) -> dict[str, str]:
    """Which statements lay beside the domains, and a digest of what they say."""
    return {
        f"statement.{number}": f"{found.public_id} {statement_queries.digest_of(found)}"
        for number, found in enumerate(statement_queries.given_for(assessment), 1)
    }


def _needs_review(
    assessment: Assessment, instrument: Instrument, signed: SignedAssessment
) -> bool:
    levels = [level.label for level in instrument.levels]
    current = level_held(assessment.decision_id, date.max)
    return effect.must_review(
        rule(assessment.decision.choice_system_id, "review", today()),
        level=signed.level,
        levels=levels,
        how=effect.change(levels, current.level if current else None, signed.level),
        draw=signed.digest,
    )
