"""What holds for every instrument and all answers (promise 1)."""

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from assessment import (
    NOT_ASSESSED,
    Basis,
    Instrument,
    NoLevel,
    Result,
    SignedAnswer,
    canonical_text,
    faults_in,
    read_instrument,
    score,
    signed_text,
    traces_agree,
    visible_questions,
)
from tests.engines import published_instruments as make
from tests.engines.instrument_strategies import (
    any_answers,
    full_answers,
    instruments,
    rising_instruments,
    steady,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Instrument, dict[str, str]]:
    instrument = draw(instruments())
    return instrument, draw(full_answers(instrument))


@st.composite
def limited_cases(draw: st.DrawFn) -> tuple[Instrument, dict[str, str]]:
    instrument = draw(instruments(limits_only=True))
    return instrument, draw(full_answers(instrument))


@st.composite
def wild_cases(draw: st.DrawFn) -> tuple[Instrument, dict[str, str]]:
    instrument = draw(instruments())
    return instrument, draw(any_answers(instrument))


@steady
@given(instruments())
def test_the_random_instruments_are_sound_and_survive_their_json_form(
    instrument: Instrument,
) -> None:
    assert faults_in(instrument) == ()
    assert read_instrument(canonical_text(instrument)) == instrument


@steady
@given(wild_cases())
def test_there_is_a_level_or_a_named_reason(
    case: tuple[Instrument, dict[str, str]],
) -> None:
    instrument, answers = case
    outcome = score(instrument, answers)
    if isinstance(outcome, Result):
        assert outcome.level in {level.label for level in instrument.levels}
    else:
        assert outcome.reasons
        assert all(reason.message for reason in outcome.reasons)


@steady
@given(cases(), st.data())
def test_no_level_without_every_required_answer(
    case: tuple[Instrument, dict[str, str]], data: st.DataObject
) -> None:
    instrument, answers = case
    asked = visible_questions(instrument, answers)
    required = [
        question.id
        for question in instrument.questions()
        if question.id in asked and question.required
    ]
    assume(required)
    missing = data.draw(st.sampled_from(required))
    answers[missing] = data.draw(st.sampled_from(["", NOT_ASSESSED]))
    outcome = score(instrument, answers)
    assert isinstance(outcome, NoLevel)
    assert missing in outcome.missing


@steady
@given(cases())
def test_computing_again_gives_the_same_trace(
    case: tuple[Instrument, dict[str, str]],
) -> None:
    instrument, answers = case
    once = score(instrument, answers)
    backwards = dict(reversed(answers.items()))
    again = score(read_instrument(canonical_text(instrument)), backwards)
    assert canonical_text(once) == canonical_text(again)
    assume(isinstance(once, Result))
    assert isinstance(once, Result)
    assert (once.instrument, once.version) == (instrument.id, instrument.version)


@steady
@given(cases())
def test_a_signed_text_can_be_computed_again(
    case: tuple[Instrument, dict[str, str]],
) -> None:
    instrument, answers = case
    result = score(instrument, answers)
    assume(isinstance(result, Result))
    assert isinstance(result, Result)
    signed = tuple(SignedAnswer(name, value, "") for name, value in answers.items())
    text = signed_text(instrument, signed, result, {"kind": "ordinary"})
    assert traces_agree(instrument, text)


@steady
@given(cases())
def test_the_domains_add_up_to_the_sum(
    case: tuple[Instrument, dict[str, str]],
) -> None:
    outcome = score(*case)
    assume(isinstance(outcome, Result))
    assert isinstance(outcome, Result)
    assert sum(domain.points for domain in outcome.domains) == outcome.points
    assert sum(domain.maximum for domain in outcome.domains) == outcome.maximum


@steady
@given(cases(), st.data())
def test_an_answer_to_a_hidden_question_changes_no_result(
    case: tuple[Instrument, dict[str, str]], data: st.DataObject
) -> None:
    instrument, answers = case
    hidden = sorted(answers.keys() - visible_questions(instrument, answers))
    assume(hidden)
    name = data.draw(st.sampled_from(hidden))
    without = {key: value for key, value in answers.items() if key != name}
    one, other = score(instrument, answers), score(instrument, without)
    assert name in {item.question for item in one.not_counted}
    if isinstance(one, Result) and isinstance(other, Result):
        assert (one.level, one.trace[-1]) == (other.level, other.trace[-1])
        assert one.points == other.points
    else:
        assert type(one) is type(other)


@steady
@given(st.data())
def test_more_points_never_give_less_need_without_conditions(
    data: st.DataObject,
) -> None:
    """Weights are never negative here, and every rule is a floor."""
    instrument = data.draw(rising_instruments())
    assert faults_in(instrument) == ()
    answers = data.draw(full_answers(instrument, may_skip=False))
    name = data.draw(st.sampled_from(sorted(answers)))
    codes = [s.code for s in instrument.scale(instrument.question(name).scale).steps]
    more = answers | {name: data.draw(st.sampled_from(codes))}
    assume(codes.index(more[name]) >= codes.index(answers[name]))
    one, other = score(instrument, answers), score(instrument, more)
    assume(isinstance(one, Result))
    assert isinstance(one, Result)
    assert isinstance(other, Result)
    assert instrument.rank(other.level) >= instrument.rank(one.level)


@steady
@given(cut=st.integers(1, 26), lower_includes=st.booleans())
def test_a_sum_exactly_on_the_bound_goes_to_the_side_that_includes_it(
    *, cut: int, lower_includes: bool
) -> None:
    bound = str(cut)
    ends = ("[]", "(]") if lower_includes else ("[)", "[]")
    split = make.instrument(
        questions=[make.question(f"p{number}") for number in range(9)],
        limits=[
            make.between("1", "0", bound, ends=ends[0]),
            make.between("2", bound, "27", ends=ends[1]),
        ],
    )
    assert faults_in(split) == ()
    answers = {
        f"p{number}": str(max(0, min(3, cut - 3 * number))) for number in range(9)
    }
    outcome = score(split, answers)
    assert isinstance(outcome, Result)
    assert outcome.points == cut
    assert outcome.level == ("1" if lower_includes else "2")


@steady
@given(limited_cases())
def test_the_margin_upwards_leads_exactly_to_the_next_level(
    case: tuple[Instrument, dict[str, str]],
) -> None:
    instrument, answers = case
    outcome = score(instrument, answers)
    assume(isinstance(outcome, Result))
    assert isinstance(outcome, Result)
    margin = outcome.margins.higher
    assume(margin is not None)
    assert margin is not None
    sign = 1 if instrument.direction == "ascending" else -1
    nudge = Decimal("0.0000000001") if margin.more_than else Decimal(0)
    limit = next(item for item in instrument.limits if item.level == margin.level)
    scale = outcome.maximum if instrument.basis is Basis.SHARE else Decimal(1)
    factor = 100 if instrument.basis is Basis.SHARE else 1
    reached = outcome.points + sign * (margin.points + nudge)
    assert limit.contains(reached * factor, scale=scale)
    short = outcome.points + sign * (margin.points - Decimal("0.0000000001"))
    assert not limit.contains(short * factor, scale=scale)
