"""Any published instrument is explained in words, and what would change its level."""

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import (
    Instrument,
    NoLevel,
    Result,
    SignedAnswer,
    read_instrument,
    score,
    shipped_instruments,
    signed_text,
)
from lovdv.needs import changing, easy, explain

FOLDER = Path(__file__).resolve().parents[1] / "data" / "instruments"
PUBLISHED = [
    read_instrument(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))
]
INSTRUMENTS = [*PUBLISHED, *shipped_instruments()]
every = pytest.mark.parametrize(
    "instrument", INSTRUMENTS, ids=lambda found: f"{found.id}-{found.version}"
)


def signed(instrument: Instrument, answers: dict[str, str]) -> str | None:
    result = score(instrument, answers)
    if isinstance(result, NoLevel):
        return None
    rows = tuple(SignedAnswer(name, value, "Så.") for name, value in answers.items())
    return signed_text(instrument, rows, result, {})


def answers(instrument: Instrument) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {
            question.id: st.sampled_from(
                [step.code for step in instrument.scale(question.scale).steps]
            )
            for question in instrument.questions()
        }
    )


@every
@settings(max_examples=15)
@given(data=st.data())
def test_whatever_gave_the_level_is_said(
    instrument: Instrument, data: st.DataObject
) -> None:
    document = signed(instrument, data.draw(answers(instrument)))
    if document is None:
        return
    told = explain.explanation(instrument, document)
    assert f"nivå {told.level_by_points}" in told.gave
    assert len(told.chart.bars) == len(instrument.domains)
    assert all(0 <= bar.percent <= 100 for bar in told.chart.bars)
    assert told.conclusion
    assert all(0 <= share <= 1 for share in easy.shares(instrument, document).values())


@every
@settings(max_examples=15)
@given(data=st.data())
def test_the_single_steps_are_all_and_only_those_that_change_the_level(
    instrument: Instrument, data: st.DataObject
) -> None:
    """Tried against every other answer of one question, one step away."""
    chosen = data.draw(answers(instrument))
    document = signed(instrument, chosen)
    if document is None:
        return
    now = score(instrument, chosen)
    assert isinstance(now, Result)
    counted = {step.question for step in now.trace if step.kind == "counted"}
    expected = set()
    for question in instrument.questions():
        steps = sorted(
            instrument.scale(question.scale).steps, key=lambda step: step.points
        )
        place = [step.code for step in steps].index(chosen[question.id])
        for other in range(len(steps)):
            if question.id not in counted or abs(other - place) != 1:
                continue
            found = score(instrument, {**chosen, question.id: steps[other].code})
            if isinstance(found, Result) and found.level != now.level:
                expected.add((question.text, found.level))
    told = changing.single_steps(instrument, document)
    assert {(step.question, step.level) for step in told if step.level} == expected


def test_a_decision_list_and_a_table_are_told_by_their_own_words() -> None:
    said = {
        json.loads(document)["instrument"]: explain.explanation(instrument, document)
        for instrument in PUBLISHED
        if (document := first_signed(instrument))
    }
    kinds = {
        "decisions": "Första raden som stämmer i beslutslistan ger nivå",
        "tables": "Tabellen ger nivå",
    }
    for instrument, (kind, words) in product(PUBLISHED, kinds.items()):
        if getattr(instrument, kind) and instrument.id in said:
            assert said[instrument.id].gave.startswith(tuple(kinds.values())), words


def first_signed(instrument: Instrument) -> str | None:
    """With the first answer to every question."""
    chosen = {
        question.id: instrument.scale(question.scale).steps[0].code
        for question in instrument.questions()
    }
    return signed(instrument, chosen)
