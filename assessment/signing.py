"""The one frozen text of a signed assessment, and its recomputation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assessment.errors import UnreadableSignatureError
from assessment.instrument import Instrument
from assessment.result import Result
from assessment.scoring import score
from assessment.writing import as_json, canonical_text, digest

FORMAT = "lovdv-assessment-1"


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """One answer as it was signed: the reason, what it rests on, whose view it is."""

    question: str
    answer: str
    reason: str
    evidence: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True)
class SignedAssessment:
    """What is frozen: facts about the occasion, every answer and the result."""

    instrument: str
    version: str
    instrument_digest: str
    facts: tuple[tuple[str, str], ...]
    answers: tuple[SignedAnswer, ...]
    result: str


def signed_text(
    instrument: Instrument,
    answers: tuple[SignedAnswer, ...],
    result: Result,
    facts: Mapping[str, str],
) -> str:
    """Write the canonical text; facts are texts such as who, when and of what kind."""
    return canonical_text(
        {
            "format": FORMAT,
            "instrument": instrument.id,
            "version": instrument.version,
            "instrument_digest": digest(canonical_text(instrument)),
            "facts": dict(facts),
            "answers": answers,
            "result": result,
        }
    )


def read_signed(text: str) -> SignedAssessment:
    """Read a signed text; anything but its canonical form is refused."""
    try:
        value = json.loads(text)
        signed = SignedAssessment(
            instrument=value["instrument"],
            version=value["version"],
            instrument_digest=value["instrument_digest"],
            facts=tuple(sorted(value["facts"].items())),
            answers=tuple(SignedAnswer(**answer) for answer in value["answers"]),
            result=canonical_text(value["result"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableSignatureError from error
    if value.get("format") != FORMAT or canonical_text(as_json(value)) != text:
        raise UnreadableSignatureError
    return signed


def traces_agree(instrument: Instrument, text: str) -> bool:
    """Compute a signed assessment again: the same version gives the same result."""
    signed = read_signed(text)
    if signed.instrument_digest != digest(canonical_text(instrument)):
        return False
    answers = {answer.question: answer.answer for answer in signed.answers}
    result = score(instrument, answers)
    return isinstance(result, Result) and canonical_text(result) == signed.result
