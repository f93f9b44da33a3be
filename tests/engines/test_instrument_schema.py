"""The reader and the JSON Schema agree on what an instrument file looks like."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import canonical_text, instrument_schema, shipped_instruments
from assessment.reading import read_form
from tests.engines.instrument_strategies import EXAMPLES, instruments, steady

FILES = sorted((Path(__file__).parents[1] / "data" / "instruments").glob("*.json"))
SCHEMA = jsonschema.Draft202012Validator(json.loads(instrument_schema()))

Place = tuple[str | int, ...]
SPOILT: list[Any] = [
    None,
    True,
    False,
    0,
    1.5,
    "",
    " ",
    "x",
    "X y",
    "0",
    "-1",
    "0,5",
    "1e5",
    "00120",
    "99999999",
    "1.123456789",
    "floor",
    "share",
    "x" * 4001,
    "tab\tok",
    "bell\x07",
    [],
    [""],
    ["a", "b"],
    {},
    {"id": "a"},
]


def agree(document: Any) -> bool:
    """Compare the two; tell whether they found the form good."""
    valid = bool(SCHEMA.is_valid(document))
    _, faults = read_form(json.dumps(document))
    assert valid is not bool(faults), [str(fault) for fault in faults] or [
        error.message for error in SCHEMA.iter_errors(document)
    ]
    return valid


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Every place in nested values."""
    yield here
    inner = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = enumerate(value)
    for key, item in inner:
        yield from places(item, (*here, key))


def test_the_schema_is_a_sound_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(instrument_schema()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_they_agree_on_the_published_instruments(path: Path) -> None:
    assert agree(json.loads(path.read_bytes()))


def test_they_agree_on_the_shipped_instruments() -> None:
    for instrument in shipped_instruments():
        assert agree(json.loads(canonical_text(instrument)))


@steady
@given(instruments())
def test_they_agree_that_random_instruments_are_good(instrument: Any) -> None:
    assert agree(json.loads(canonical_text(instrument)))


@pytest.mark.slow
@settings(steady, max_examples=4 * EXAMPLES)
@given(instruments(), st.data())
def test_they_agree_on_files_that_are_spoilt_in_a_place(
    instrument: Any, data: st.DataObject
) -> None:
    document = json.loads(canonical_text(instrument))
    place = data.draw(st.sampled_from(list(places(document))[1:]))
    *before, last = place
    inside = document
    for key in before:
        inside = inside[key]
    match data.draw(st.sampled_from(["spoil", "drop", "add"])):
        case "spoil":
            inside[last] = copy.deepcopy(data.draw(st.sampled_from(SPOILT)))
        case "drop":
            del inside[last]
        case "add" if isinstance(inside, dict):
            name = data.draw(st.sampled_from(["total", "domain", "question", "ny"]))
            inside[name] = data.draw(st.sampled_from([None, True, "a"]))
        case _:
            inside.append(inside[last])
    agree(document)
