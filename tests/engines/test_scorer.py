"""The compiled scorer gives what the explained score gives, for all answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import (
    Instrument,
    NoLevel,
    Result,
    Scorer,
    UnreadableInstrumentError,
    canonical_text,
    score,
    shipped_instruments,
)
from tests.engines import published_instruments as make
from tests.engines.instrument_strategies import (
    any_answers,
    full_answers,
    instruments,
    steady,
)


def agree(instrument: Instrument, answers: dict[str, str]) -> None:
    """Compare both ways of the scorer with the explained score, twice each."""
    explained = score(instrument, answers)
    scorer = Scorer(instrument)
    for _ in range(2):
        assert canonical_text(scorer.score(answers)) == canonical_text(explained)
        assert scorer.score(answers) == explained
        level = scorer.level(answers)
        assert level == (
            explained if isinstance(explained, NoLevel) else explained.level
        )


@steady
@given(st.data())
def test_it_agrees_on_full_answers(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    agree(instrument, data.draw(full_answers(instrument)))


@steady
@given(st.data())
def test_it_agrees_on_any_answers(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    agree(instrument, data.draw(any_answers(instrument)))


@pytest.mark.parametrize("instrument", shipped_instruments(), ids=lambda i: i.id)
@pytest.mark.parametrize("code", ["0", "1", "2", "", "9", "ej relevant"])
def test_it_agrees_on_the_shipped_instruments(
    instrument: Instrument, code: str
) -> None:
    agree(instrument, {question.id: code for question in instrument.questions()})


def test_equal_sub_totals_are_put_in_words_once() -> None:
    """That is what makes many answers quick: most sub-totals come again."""
    scorer = Scorer(make.instrument())
    one = scorer.score({"a": "1", "b": "2"})
    other = scorer.score({"a": "2", "b": "1"})
    assert isinstance(one, Result)
    assert isinstance(other, Result)
    assert one.domains[0] is other.domains[0]


def test_it_refuses_an_instrument_with_faults() -> None:
    gap = make.instrument(
        limits=[make.between("1", "0", "1"), make.between("2", "3", "6")]
    )
    with pytest.raises(UnreadableInstrumentError, match="hål mellan 1 och 3"):
        Scorer(gap)
