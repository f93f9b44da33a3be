"""What an instrument's JSON form is made of: the parts, and the fields of each.

The engine's reader says what a field may hold. Here stands only its shape, so that
a draft full of faults can still be shown, changed, and written to sheets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

TEXT, YES, TEXTS, NAMED = "text", "yes", "texts", "named"
"""A text or a number as text; yes or no; a list of texts; texts by name."""

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of parts of one kind."""

    kind: str


Shape = Mapping[str, "str | Many"]
SUBJECT: Shape = {"question": TEXT, "domain": TEXT, "total": YES}
SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "instrument": {
            "format": TEXT,
            "id": TEXT,
            "version": TEXT,
            "title": TEXT,
            "source": TEXT,
            "text": TEXT,
            "direction": TEXT,
            "basis": TEXT,
            "irrelevant_lowers_maximum": YES,
            "scales": Many("scale"),
            "domains": Many("domain"),
            "levels": Many("level"),
            "limits": Many("limit"),
            "rules": Many("rule"),
            "decisions": Many("decision"),
            "tables": Many("table"),
            "reassessment": Many("interval"),
        },
        "scale": {"id": TEXT, "steps": Many("step")},
        "step": {"code": TEXT, "points": TEXT, "label": TEXT},
        "domain": {
            "id": TEXT,
            "title": TEXT,
            "text": TEXT,
            "questions": Many("question"),
        },
        "question": {
            "id": TEXT,
            "text": TEXT,
            "scale": TEXT,
            "weight": TEXT,
            "descriptions": NAMED,
            "required": YES,
            "may_be_irrelevant": YES,
            "shown_when": Many("condition"),
        },
        "condition": {**SUBJECT, "at_least": TEXT, "at_most": TEXT},
        "level": {"label": TEXT, "price_level": TEXT, "text": TEXT},
        "limit": {
            "level": TEXT,
            "from": TEXT,
            "from_included": YES,
            "to": TEXT,
            "to_included": YES,
        },
        "rule": {
            "id": TEXT,
            "kind": TEXT,
            "text": TEXT,
            "when": Many("condition"),
            "level": TEXT,
        },
        "decision": {
            "id": TEXT,
            "text": TEXT,
            "when": Many("condition"),
            "level": TEXT,
        },
        "table": {
            "id": TEXT,
            "text": TEXT,
            "keys": Many("key"),
            "rows": Many("row"),
        },
        "key": {**SUBJECT, "bands": Many("band")},
        "band": {"label": TEXT, "at_least": TEXT, "at_most": TEXT},
        "row": {"bands": TEXTS, "level": TEXT},
        "interval": {"from_age": TEXT, "months": TEXT},
    }
)

LISTS: Mapping[str, str] = MappingProxyType(
    {
        "scale": "scales",
        "domain": "domains",
        "question": "questions",
        "rule": "rules",
        "decision": "decisions",
        "table": "tables",
    }
)
"""The parts that have a page of their own, and the list that holds them."""


def misfits(value: object, kind: str = "instrument") -> Iterator[str]:
    """Yield what cannot be shown in the editor; nothing when all of it can."""
    if not isinstance(value, dict):
        yield kind
        return
    shape = SHAPES[kind]
    for name, held in value.items():
        expected = shape.get(name)
        if expected is None:
            yield str(name)
        elif held is not None:
            yield from _misfits(held, expected, str(name))


def _misfits(value: object, expected: "str | Many", name: str) -> Iterator[str]:
    if isinstance(expected, Many):
        if isinstance(value, list):
            for item in value:
                yield from misfits(item, expected.kind)
        else:
            yield name
    elif not _holds(value, expected):
        yield name


def _holds(value: object, expected: str) -> bool:
    if expected == TEXT:
        return isinstance(value, str)
    if expected == YES:
        return isinstance(value, bool)
    texts = value.values() if isinstance(value, dict) else value
    wanted = dict if expected == NAMED else list
    return isinstance(value, wanted) and all(isinstance(t, str) for t in texts or ())


def children(kind: str) -> Iterator[tuple[str, str]]:
    """Yield the fields that hold lists of parts, with the kind of part."""
    for name, expected in SHAPES[kind].items():
        if isinstance(expected, Many):
            yield name, expected.kind
