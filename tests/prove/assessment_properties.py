"""The properties of the assessment engine, on many more examples than make test."""

import os
from collections.abc import Iterator

from tests.prove import properties

EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "1000"))
FILES = (
    "engines/test_scoring_properties",
    "engines/test_scorer",
    "engines/test_advice",
    "engines/test_difference",
    "engines/test_instrument_schema",
    "engines/test_published_files",
)


def prove() -> Iterator[str]:
    yield f"Random instruments and random answers, {EXAMPLES} examples a property"
    yield "(four times as many for files that are spoilt in a place)."
    yield ""
    yield from properties.prove(dict.fromkeys(FILES, EXAMPLES))
