"""Instruments from and to their JSON form, with every fault named at once."""

import hashlib
import json
import re
from dataclasses import fields, is_dataclass
from decimal import Decimal

from assessment.checks import faults_in
from assessment.errors import UnreadableInstrumentError
from assessment.instrument import (
    Basis,
    Condition,
    Direction,
    Domain,
    Instrument,
    Level,
    LevelRule,
    Limit,
    Question,
    RuleKind,
    Scale,
    ScaleStep,
)
from assessment.numbers import number_text
from assessment.parsing import Faults, Part, parsed

FORMAT = "lovdv-instrument-1"
LARGEST_FILE = 2_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def read_instrument(content: str | bytes) -> Instrument:
    """Read an instrument, or raise with all its faults, place and remedy each."""
    faults = Faults()
    text = _decoded(content, faults)
    value = parsed(text, faults) if text is not None else None
    if faults.found:
        raise UnreadableInstrumentError(tuple(faults.found))
    instrument = _instrument(Part(value, "", faults))
    every = (*faults.found, *faults_in(instrument))
    if every:
        raise UnreadableInstrumentError(tuple(dict.fromkeys(every)))
    return instrument


def canonical_text(value: object) -> str:
    """Write frozen values as the one JSON text that a digest is taken of."""
    return json.dumps(
        as_json(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def digest(text: str) -> str:
    """Return the SHA-256 of a canonical text.

    >>> digest("{}")[:16]
    '44136fa355b3678a'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(value: object) -> object:
    """Turn frozen values into what json can write: numbers become texts."""
    if isinstance(value, Instrument):
        return _instrument_json(value)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if is_dataclass(value):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    return value


def _decoded(content: str | bytes, faults: Faults) -> str | None:
    if len(content) > LARGEST_FILE:
        faults.add(
            "filen",
            f"Filen är större än {LARGEST_FILE // 1_000_000} MB.",
            "Kontrollera att du valt ett instrument.",
        )
        return None
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.add("filen", "Texten är inte UTF-8.", "Spara filen som UTF-8.")
        return None


def _instrument(part: Part) -> Instrument:
    part.choice("format", [FORMAT])
    return part.done(
        Instrument(
            id=_name(part, "id"),
            version=part.text("version", longest=40),
            title=part.text("title", longest=200),
            source=part.text("source"),
            text=part.text("text", default=""),
            direction=Direction(
                part.choice("direction", Direction, default=Direction.ASCENDING)
            ),
            basis=Basis(part.choice("basis", Basis, default=Basis.POINTS)),
            irrelevant_lowers_maximum=part.yes_or_no(
                "irrelevant_lowers_maximum", default=False
            ),
            scales=part.items("scales", _scale, one="skala", most=50),
            domains=part.items("domains", _domain, one="område", most=50),
            levels=part.items("levels", _level, one="nivå", most=30),
            limits=part.items("limits", _limit, one="gräns", most=30),
            rules=part.items("rules", _rule, one="regel", least=0, most=100),
        )
    )


def _name(part: Part, key: str) -> str:
    name = part.text(key, longest=60)
    if name and not _NAME.fullmatch(name):
        part.fault(
            f"”{name}” kan inte vara ett namn.",
            "Använd högst 40 tecken: a–z, siffror, punkt, bindestreck.",
            key,
        )
        return ""
    return name


def _scale(part: Part) -> Scale:
    return Scale(
        id=_name(part, "id"),
        steps=part.items("steps", _step, one="steg", least=2, most=30),
    )


def _step(part: Part) -> ScaleStep:
    return ScaleStep(
        code=part.text("code", longest=20),
        points=part.number("points"),
        label=part.text("label", longest=200),
    )


def _domain(part: Part) -> Domain:
    return Domain(
        id=_name(part, "id"),
        title=part.text("title", longest=200),
        text=part.text("text", default=""),
        questions=part.items("questions", _question, one="fråga", most=200),
    )


def _question(part: Part) -> Question:
    return Question(
        id=_name(part, "id"),
        text=part.text("text"),
        scale=_name(part, "scale"),
        weight=part.number("weight", default=Decimal(1)),
        descriptions=part.texts("descriptions"),
        required=part.yes_or_no("required", default=True),
        may_be_irrelevant=part.yes_or_no("may_be_irrelevant", default=False),
        shown_when=part.items(
            "shown_when", _condition, one="villkor", least=0, most=10
        ),
    )


def _condition(part: Part) -> Condition:
    return Condition(
        question=_name(part, "question"),
        at_least=part.number_or_none("at_least"),
        at_most=part.number_or_none("at_most"),
    )


def _level(part: Part) -> Level:
    return Level(
        label=part.text("label", longest=20),
        price_level=part.text("price_level", longest=20),
        text=part.text("text", default=""),
    )


def _limit(part: Part) -> Limit:
    low, high = part.number_or_none("from"), part.number_or_none("to")
    return Limit(
        level=part.text("level", longest=20),
        low=low,
        low_included=part.yes_or_no("from_included", default=_free(low)),
        high=high,
        high_included=part.yes_or_no("to_included", default=_free(high)),
    )


def _free(bound: Decimal | None) -> bool | None:
    """Return the default of "included": only a side without bound has one."""
    return False if bound is None else None


def _rule(part: Part) -> LevelRule:
    return LevelRule(
        id=_name(part, "id"),
        kind=RuleKind(part.choice("kind", RuleKind)),
        text=part.text("text"),
        when=part.items("when", _condition, one="villkor", most=10),
        level=part.text("level", longest=20),
    )


def _instrument_json(instrument: Instrument) -> object:
    """Write exactly the keys that read_instrument reads."""
    parts = {
        item.name: as_json(getattr(instrument, item.name))
        for item in fields(instrument)
        if item.name not in {"domains", "limits"}
    }
    return {
        "format": FORMAT,
        **parts,
        "domains": [
            {
                "id": domain.id,
                "title": domain.title,
                "text": domain.text,
                "questions": [_question_json(item) for item in domain.questions],
            }
            for domain in instrument.domains
        ],
        "limits": [
            {
                "level": limit.level,
                "from": as_json(limit.low),
                "from_included": limit.low_included,
                "to": as_json(limit.high),
                "to_included": limit.high_included,
            }
            for limit in instrument.limits
        ],
    }


def _question_json(question: Question) -> object:
    parts = {
        item.name: as_json(getattr(question, item.name)) for item in fields(question)
    }
    return {**parts, "descriptions": dict(question.descriptions)}
