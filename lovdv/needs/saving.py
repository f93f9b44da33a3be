"""Answers and words, saved while somebody types; nothing is written over unseen.

A tab sends what it holds and a token of what it was shown. What is untouched there
leaves the stored as it is; what another tab has changed since is a conflict, and
both are kept until somebody chooses.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select

from assessment import NOT_ASSESSED, NOT_RELEVANT, Instrument, digest
from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Answer, Assessment, DomainWords
from lovdv.needs.scoring_words import TOLD, VIEWS

LONGEST_REASON = 4_000
SIGNED = "Bedömningen är signerad och ändras inte mer."
TAKEN_OVER = "En kollega har tagit över bedömningen. Det du skrev här är inte sparat."

OCCASION = ("kind", "held_on", "took_part", "own_words")

Row = TypeVar("Row", Answer, DomainWords)


def plain(text: str) -> str:
    """One kind of line end: forms and scripts send different ones."""
    return text.replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True)
class Typed:
    """One question as a tab has it: what is typed, and what it was shown."""

    question: str
    answer: str
    reason: str
    seen: str
    evidence: str = ""
    view: str = ""

    @property
    def name(self) -> str:
        return self.question

    @property
    def values(self) -> dict[str, str]:
        return {
            "answer": self.answer,
            "reason": plain(self.reason),
            "evidence": plain(self.evidence),
            "view": self.view,
        }


@dataclass(frozen=True, slots=True)
class TypedWords:
    """The person's words about a domain as a tab has them."""

    domain: str
    text: str
    voice: str
    seen: str

    @property
    def name(self) -> str:
        return self.domain

    @property
    def values(self) -> dict[str, str]:
        return {"text": plain(self.text), "voice": self.voice}


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Row]):
    """What became of what a tab sent.

    `conflict` is what another tab has stored in between. `newer` is the same when
    this tab had touched nothing: it has only to show what is stored.
    """

    name: str
    seen: str
    written: bool = False
    conflict: Row | None = None
    newer: Row | None = None


Saved = Outcome[Answer]
SavedWords = Outcome[DomainWords]


def token(row: Answer | None) -> str:
    """What a tab was shown of a question: its revision and a digest of its words."""
    return _token(row, ("answer", "evidence", "reason", "view"))


def words_token(row: DomainWords | None) -> str:
    """What a tab was shown of a domain's words."""
    return _token(row, ("text", "voice"))


def occasion_token(assessment: Assessment) -> str:
    """What a tab was shown of the occasion."""
    return _digest({name: str(getattr(assessment, name)) for name in OCCASION})


def _token(row: Answer | DomainWords | None, names: Iterable[str]) -> str:
    values = {name: getattr(row, name) if row else "" for name in names}
    return f"{row.revision if row else 0}:{_digest(values)}"


def _digest(values: Mapping[str, str]) -> str:
    return digest(json.dumps(values, sort_keys=True))[:16]


def lock(assessment: Assessment) -> None:
    """Keep two tabs apart; refuse a draft that is signed, or another's by now."""
    read_as = assessment.assessor_id
    db.session.refresh(assessment, ["signed_at", "assessor_id"], with_for_update=True)
    if assessment.signed_at is not None:
        raise Refused(SIGNED)
    if assessment.assessor_id != read_as:
        raise Refused(TAKEN_OVER)


def locked_answers(assessment: Assessment) -> dict[str, Answer]:
    """The stored answers, under the lock that keeps two tabs apart."""
    lock(assessment)
    rows = db.session.scalars(
        select(Answer)
        .where(Answer.assessment_id == assessment.id)
        .execution_options(populate_existing=True)
    )
    return {row.question: row for row in rows}


def locked_words(assessment: Assessment) -> dict[str, DomainWords]:
    """The stored words by domain, under the same lock."""
    lock(assessment)
    rows = db.session.scalars(
        select(DomainWords)
        .where(DomainWords.assessment_id == assessment.id)
        .execution_options(populate_existing=True)
    )
    return {row.domain: row for row in rows}


def save_answers(*, assessment: Assessment, typed: Iterable[Typed]) -> list[Saved]:
    """Save each question by itself: a conflict in one does not stop the others."""
    instrument = instrument_of(assessment.instrument_version)
    stored = locked_answers(assessment)
    saved = [_save_answer(assessment, instrument, stored, one) for one in typed]
    written = {one.name: one.seen for one in saved if one.written}
    if written:
        _note(assessment, "answers", "assessment.answer", written)
    return saved


def save_words(*, assessment: Assessment, typed: TypedWords) -> SavedWords:
    """Save the person's own words about a domain."""
    stored = locked_words(assessment)
    _refuse_long(typed.values["text"], "Texten", f"words-{typed.domain}")
    if typed.voice not in {"", *TOLD}:
        raise Refused("Välj hur det kom fram.", f"voice-{typed.domain}")
    row = stored.get(typed.domain)
    settled = _without_writing(typed, row, words_token(row))
    if settled is not None:
        return settled
    row = row or DomainWords(assessment_id=assessment.id, domain=typed.domain)
    seen = words_token(_written(row, typed.values))
    _note(assessment, "words", "assessment.words", {typed.domain: seen})
    return Outcome(typed.domain, seen, written=True)


def _save_answer(
    assessment: Assessment,
    instrument: Instrument,
    stored: dict[str, Answer],
    typed: Typed,
) -> Saved:
    _refuse_unknown(instrument, typed)
    row = stored.get(typed.question)
    settled = _without_writing(typed, row, token(row))
    if settled is not None:
        return settled
    row = row or Answer(assessment_id=assessment.id, question=typed.question)
    stored[typed.question] = _written(row, typed.values)
    return Outcome(typed.question, token(row), written=True)


def _without_writing(
    typed: Typed | TypedWords, row: Row | None, stored: str
) -> Outcome[Row] | None:
    """What there is to tell when the stored stands; None when it is to be written."""
    sent = _digest(typed.values)
    revision, _, shown = typed.seen.partition(":")
    if sent == stored.partition(":")[2]:
        return Outcome(typed.name, stored)
    if sent == shown:
        return Outcome(typed.name, stored, newer=row)
    if row is not None and revision != str(row.revision):
        return Outcome(typed.name, stored, conflict=row)
    return None


def _written(row: Row, values: Mapping[str, str]) -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision = (row.revision or 0) + 1
    row.updated_at = now()
    db.session.add(row)
    return row


def _note(
    assessment: Assessment, changed: str, action: str, written: Mapping[str, object]
) -> None:
    assessment.updated_at = now()
    db.session.flush()
    db.session.expire(assessment, [changed])
    audit.change(
        action,
        about=[assessment.client_id],
        object=assessment.public_id,
        after=written,
    )


def _refuse_unknown(instrument: Instrument, typed: Typed) -> None:
    question = instrument.question(typed.question)
    codes = {step.code for step in instrument.scale(question.scale).steps}
    codes |= {"", NOT_ASSESSED}
    if question.may_be_irrelevant:
        codes.add(NOT_RELEVANT)
    if typed.answer not in codes:
        raise Refused("Välj ett av svaren på frågan.", f"answer-{question.id}")
    if typed.view not in {"", *VIEWS}:
        raise Refused("Välj vems bild svaret är.", f"view-{question.id}")
    _refuse_long(typed.values["reason"], "Motiveringen", f"reason-{question.id}")
    _refuse_long(typed.values["evidence"], "Underlaget", f"evidence-{question.id}")


def _refuse_long(text: str, what: str, field: str) -> None:
    if len(text) > LONGEST_REASON:
        raise Refused(
            f"{what} får ha högst {LONGEST_REASON} tecken. Korta, det du skrev "
            "står kvar.",
            field,
        )
