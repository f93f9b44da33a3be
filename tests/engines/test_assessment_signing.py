"""The frozen text of a signed assessment."""

import json

import pytest

from assessment import (
    Result,
    SignedAnswer,
    digest,
    read_signed,
    score,
    signed_text,
    traces_agree,
)
from assessment.errors import UnreadableSignatureError
from tests.engines import published_instruments as make


def signed() -> str:
    instrument = make.behaviour_support()
    result = score(instrument, {"behaviour": "2"})
    assert isinstance(result, Result)
    answer = SignedAnswer("behaviour", "2", "Behöver någon nära sig.")
    facts = {"kind": "ordinary", "signed_at": "2026-11-05T08:00:00Z"}
    return signed_text(instrument, (answer,), result, facts)


def test_the_text_holds_answers_reasons_facts_and_result() -> None:
    read = read_signed(signed())
    assert read.answers == (SignedAnswer("behaviour", "2", "Behöver någon nära sig."),)
    assert read.facts[0] == ("kind", "ordinary")
    assert json.loads(read.result)["points"] == "0.08372"


def test_the_same_facts_give_the_same_digest() -> None:
    assert digest(signed()) == digest(signed())


def test_a_changed_answer_no_longer_agrees() -> None:
    tampered = signed().replace('"answer":"2"', '"answer":"3"')
    assert traces_agree(make.behaviour_support(), signed())
    assert not traces_agree(make.behaviour_support(), tampered)


def test_another_version_of_the_instrument_does_not_agree() -> None:
    assert not traces_agree(make.phq_9(), signed())


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", signed().replace(",", ", ", 1), signed() + " "],
    ids=["empty", "a list", "nothing", "other spacing", "more"],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSignatureError):
        read_signed(text)
