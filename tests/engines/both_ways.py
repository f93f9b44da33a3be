"""Score as the page does and as the compiled scorer does: they always agree."""

from assessment import Instrument, NoLevel, Result, Scorer, faults_in, score


def result(instrument: Instrument, **answers: str) -> Result:
    outcome = scored(instrument, answers)
    assert isinstance(outcome, Result), outcome
    return outcome


def no_level(instrument: Instrument, **answers: str) -> NoLevel:
    outcome = scored(instrument, answers)
    assert isinstance(outcome, NoLevel), outcome
    return outcome


def scored(instrument: Instrument, answers: dict[str, str]) -> Result | NoLevel:
    """Score both ways; a sound instrument gives the same compiled."""
    outcome = score(instrument, answers)
    if not faults_in(instrument):
        scorer = Scorer(instrument)
        assert scorer.score(answers) == outcome
        level = outcome.level if isinstance(outcome, Result) else outcome
        assert scorer.level(answers) == level
    return outcome
