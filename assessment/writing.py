"""Frozen values as the one JSON text that a digest is taken of."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal

from assessment.instrument import Instrument, Limit, Question
from assessment.level_rules import Interval, Subject
from assessment.numbers import number_text

FORMAT = "lovdv-instrument-1"
RENAMED = {"low": "from", "high": "to"}
RENAMED |= {f"{old}_included": f"{new}_included" for old, new in RENAMED.items()}


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
    """Turn frozen values into what json can write: numbers become texts.

    An instrument gets exactly the keys that read_instrument reads.
    """
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _written(value, _parts(value))
    return value


def _parts(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    parts = {item: getattr(value, item.name) for item in fields(value)}
    return {
        item.name: as_json(part)
        for item, part in parts.items()
        if not item.metadata.get("later") or part != item.default
    }


def _written(value: object, parts: dict[str, object]) -> dict[str, object]:
    match value:
        case Instrument():
            return {"format": FORMAT, **parts}
        case Question():
            return {**parts, "descriptions": dict(value.descriptions)}
        case Limit():
            return {RENAMED.get(name, name): part for name, part in parts.items()}
        case Subject():
            unused = {"question", "domain", "total"} - {value.named}
            return {name: parts[name] for name in parts if name not in unused}
        case Interval():
            return {name: str(part) for name, part in parts.items()}
    return parts
