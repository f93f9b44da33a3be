"""One person's blind scoring: answered, saved while typing, handed in, final."""

from collections.abc import Iterable

from sqlalchemy import select

from assessment import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Instrument,
    NoLevel,
    digest,
    score,
    visible_questions,
)
from lovdv import audit
from lovdv.calibration import pairs
from lovdv.calibration.models import BlindAnswer, BlindScoring
from lovdv.calibration.sent import Saved, Typed
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs.instruments import instrument_of

LONGEST_REASON = 4_000


def instrument_for(scoring: BlindScoring) -> Instrument:
    return instrument_of(scoring.round.instrument_version)


def is_open(scoring: BlindScoring) -> bool:
    """Whether it may be scored today."""
    round_ = scoring.round
    begun = round_.kind == "vignettes" or scoring.begun_at is not None
    return (
        begun
        and scoring.submitted_at is None
        and round_.closed_at is None
        and round_.first_day <= today() < round_.end_day
    )


def token(answer: BlindAnswer | None) -> str:
    """What a tab was shown of a question: its revision and a digest of its words."""
    if answer is None:
        return f"0:{_words('', '')}"
    return f"{answer.revision}:{_words(answer.answer, answer.reason)}"


def _words(answer: str, reason: str) -> str:
    return digest(f"{answer}\n{reason}")[:16]


def answers_of(scoring: BlindScoring) -> dict[str, str]:
    return {row.question: row.answer for row in scoring.answers if row.answer}


def asked(scoring: BlindScoring) -> frozenset[str]:
    """The questions that are asked, given what is answered so far."""
    return visible_questions(instrument_for(scoring), answers_of(scoring))


def save_answers(*, scoring: BlindScoring, typed: Iterable[Typed]) -> list[Saved]:
    """Save each question by itself: a conflict in one does not stop the others."""
    _lock(scoring)
    instrument = instrument_for(scoring)
    rows = db.session.scalars(
        select(BlindAnswer)
        .where(BlindAnswer.scoring_id == scoring.id)
        .execution_options(populate_existing=True)
    )
    stored = {row.question: row for row in rows}
    saved = [_save(scoring, instrument, stored, one) for one in typed]
    written = {one.question: one.seen for one in saved if one.written}
    if written:
        scoring.begun_at = scoring.begun_at or now()
        db.session.flush()
        db.session.expire(scoring, ["answers"])
        _note("calibration.answer", scoring, written)
    return saved


def _lock(scoring: BlindScoring) -> None:
    """Wait for whoever closes the round or hands in; then refuse what is over."""
    db.session.refresh(
        scoring.round, ["closed_at", "end_day", "first_day"], with_for_update=True
    )
    db.session.refresh(scoring, ["submitted_at", "begun_at"])
    if scoring.submitted_at is not None:
        raise Refused("Du har lämnat in bedömningen, och den ändras inte mer.")
    if not is_open(scoring):
        raise Refused("Det går inte att bedöma fallet nu. Sista dagen har passerat.")


def _save(
    scoring: BlindScoring,
    instrument: Instrument,
    stored: dict[str, BlindAnswer],
    typed: Typed,
) -> Saved:
    _refuse_unknown(instrument, typed)
    row = stored.get(typed.question)
    words = _words(typed.answer, typed.words)
    shown_revision, _, shown_words = typed.seen.partition(":")
    if words in (shown_words, token(row).partition(":")[2]):
        return Saved(typed.question, token(row))
    if row is not None and shown_revision != str(row.revision):
        return Saved(typed.question, token(row), conflict=row)
    if row is None:
        row = BlindAnswer(scoring_id=scoring.id, question=typed.question, revision=0)
        db.session.add(row)
        stored[typed.question] = row
    row.answer, row.reason = typed.answer, typed.words
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


def submit(*, scoring: BlindScoring) -> tuple[str, ...]:
    """Hand the scoring in for good, or return the questions that lack an answer."""
    _lock(scoring)
    db.session.expire(scoring, ["answers"])
    result = score(instrument_for(scoring), answers_of(scoring))
    if isinstance(result, NoLevel):
        if result.is_only_incomplete:
            return tuple(result.missing)
        raise Refused(" ".join(reason.message for reason in result.reasons))
    scoring.level = result.level
    scoring.submitted_at = now()
    db.session.flush()
    _note("calibration.submit", scoring, {})
    pairs.close_when_both(scoring.round)
    return ()


def _note(action: str, scoring: BlindScoring, after: dict[str, str]) -> None:
    assessment = scoring.round.assessment
    about = [assessment.client_id] if assessment else []
    audit.change(action, about=about, object=scoring.public_id, after=after)
