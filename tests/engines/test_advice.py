"""What can never matter or be reached is named with its reason, and only that."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessment import (
    NOT_RELEVANT,
    Band,
    Basis,
    Condition,
    Decision,
    Instrument,
    LevelRule,
    NoLevel,
    RuleKind,
    Table,
    TableKey,
    TableRow,
    advice,
    faults_in,
    score,
    shipped_instruments,
)
from assessment.possible import Sums, Work
from tests.engines import published_instruments as make
from tests.engines.instrument_strategies import instruments, steady

Answers = tuple[tuple[str, str], ...]


def told(instrument: Instrument) -> list[tuple[str, str]]:
    assert faults_in(instrument) == ()
    return [(item.place, item.reason) for item in advice(instrument)]


def every_answer(instrument: Instrument) -> list[dict[str, str]]:
    """Every set of accepted answers to an instrument that is small enough."""
    choices = []
    for question in instrument.questions():
        codes = [step.code for step in instrument.scale(question.scale).steps]
        codes += [NOT_RELEVANT] if question.may_be_irrelevant else []
        choices.append(codes + ([""] if not question.required else []))
    names = [question.id for question in instrument.questions()]
    return [dict(zip(names, codes, strict=True)) for codes in product(*choices)]


def level_of(instrument: Instrument, answers: dict[str, str]) -> str | None:
    outcome = score(instrument, answers)
    return None if isinstance(outcome, NoLevel) else outcome.level


@steady
@given(instruments(small=True))
def test_what_it_says_is_so_for_all_answers(instrument: Instrument) -> None:
    levels = {
        tuple(answers.items()): level_of(instrument, answers)
        for answers in every_answer(instrument)
    }
    for item in advice(instrument):
        name = item.place.split("”")[1]
        if item.kind == "level":
            assert name not in levels.values()
        if item.kind == "question":
            assert not changes_by(levels, name)


def changes_by(
    levels: dict[tuple[tuple[str, str], ...], str | None], name: str
) -> bool:
    """Tell whether some answer to the question alone changes the level."""
    seen: dict[tuple[tuple[str, str], ...], str] = {}
    for answers, level in levels.items():
        others = tuple(pair for pair in answers if pair[0] != name)
        if level is not None and seen.setdefault(others, level) != level:
            return True
    return False


@steady
@given(instruments(small=True, limits_only=True))
def test_without_conditions_it_finds_all_there_is(instrument: Instrument) -> None:
    assume(instrument.basis is Basis.POINTS)
    assume(all(not question.shown_when for question in instrument.questions()))
    levels = {
        tuple(answers.items()): level_of(instrument, answers)
        for answers in every_answer(instrument)
    }
    found = {(item.kind, item.place.split("”")[1]) for item in advice(instrument)}
    for level in instrument.levels:
        reached = level.label in levels.values()
        assert (("level", level.label) in found) is not reached
    for question in instrument.questions():
        matters = changes_by(levels, question.id)
        assert (("question", question.id) in found) is not matters


@pytest.mark.parametrize("instrument", shipped_instruments(), ids=lambda i: i.id)
def test_the_shipped_instruments_have_nothing_idle(instrument: Instrument) -> None:
    assert advice(instrument) == ()


def test_phq_9_has_nothing_idle() -> None:
    assert told(make.phq_9()) == []


def test_a_question_without_weight_never_matters() -> None:
    reason = "Den ger inga poäng och inget villkor i bruk läser den."
    assert told(make.environmental_support()) == [
        (f"frågan ”r{number}”", reason) for number in (3, 10, 11, 12)
    ]


def test_a_question_too_light_to_pass_any_limit_never_matters() -> None:
    light = make.instrument(
        questions=[make.question("a"), make.question("b", weight="0.25")],
        limits=[make.between("1", None, "1"), make.between("2", "1", None, ends="(]")],
    )
    assert told(light) == []
    lighter = replace(
        light,
        limits=(
            make.between("1", None, "1.75"),
            make.between("2", "1.75", None, ends="(]"),
        ),
    )
    assert told(lighter) == [
        (
            "frågan ”b”",
            "Dess poäng kan inte flytta någon summa förbi en gräns i bruk.",
        )
    ]


def test_a_level_between_the_sums_is_never_given() -> None:
    twos = make.instrument(
        questions=[make.question("a", weight="2"), make.question("b", weight="2")],
        levels=["1", "2", "3"],
        limits=[
            make.between("1", "0", "4"),
            make.between("2", "5", "5"),
            make.between("3", "6", "12"),
        ],
    )
    assert told(twos) == [("nivån ”2”", "Ingen summa är minst 5 och högst 5.")]


def rule(name: str, kind: RuleKind, level: str, *when: Condition) -> LevelRule:
    return LevelRule(name, kind, "Text", when, level)


def test_a_level_under_a_floor_that_always_holds_is_never_given() -> None:
    floor = rule("g", RuleKind.FLOOR, "2", make.at_least("a", "0"))
    assert ("nivån ”1”", "Regeln ”g” gäller alltid och lyfter förbi den.") in told(
        make.instrument(rules=[floor])
    )


def test_nothing_is_used_beside_a_fixed_rule_that_always_holds() -> None:
    fixed = rule("f", RuleKind.FIXED, "2", make.at_least("a", "0"))
    found = told(make.instrument(rules=[fixed]))
    assert ("nivån ”1”", "Regeln ”f” gäller alltid.") in found
    assert {place for place, _ in found} == {"nivån ”1”", "frågan ”a”", "frågan ”b”"}


def test_conditions_that_exclude_each_other_never_hold() -> None:
    never = rule(
        "n",
        RuleKind.FLOOR,
        "2",
        make.at_least("a", "2"),
        Condition("a", at_most=Decimal(1)),
    )
    reason = "Inget svar på frågan ”a” uppfyller villkoren samtidigt."
    assert told(make.instrument(rules=[never])) == [("regeln ”n”", reason)]


def test_a_sum_out_of_reach_of_the_other_conditions_is_seen() -> None:
    never = rule(
        "n",
        RuleKind.FLOOR,
        "2",
        Condition("a", at_most=Decimal(0)),
        Condition(total=True, at_least=Decimal(4)),
    )
    (found,) = told(make.instrument(rules=[never]))
    assert found[0] == "regeln ”n”"
    assert found[1].startswith("Summan kan aldrig bli sådan")


def test_a_decision_after_one_that_holds_as_soon_is_never_used() -> None:
    rows = (
        Decision("ett", "", (make.at_least("a", "1"),), "2"),
        Decision("två", "", (make.at_least("a", "2"),), "1"),
    )
    found = told(replace(make.instrument(), decisions=rows))
    assert ("beslutet ”två”", "Beslutet ”ett” gäller då före det.") in found


def test_limits_behind_a_decision_that_always_holds_are_never_used() -> None:
    rows = (Decision("annars", "", (), "2"),)
    found = told(replace(make.instrument(), decisions=rows))
    assert ("nivån ”1”", "Beslutet ”annars” gäller alltid före.") in found
    assert [place for place, _ in found[1:]] == ["frågan ”a”", "frågan ”b”"]


def test_limits_behind_a_full_table_are_never_used() -> None:
    bands = (Band("låg", at_most=Decimal(1)), Band("hög", at_least=Decimal(2)))
    table = Table(
        "t",
        "",
        (TableKey("a", bands=bands), TableKey("b", bands=bands)),
        tuple(
            TableRow((one, other), "1")
            for one in ("låg", "hög")
            for other in ("låg", "hög")
        ),
    )
    found = told(replace(make.instrument(), tables=(table,)))
    assert ("nivån ”2”", "Tabellen ”t” ger alltid en nivå före.") in found


def test_a_question_that_is_never_asked_is_named_with_its_reason() -> None:
    hidden = make.instrument(
        questions=[
            make.question("a"),
            make.question(
                "b",
                shown_when=(
                    make.at_least("a", "2"),
                    Condition("a", at_most=Decimal(1)),
                ),
            ),
        ]
    )
    found = dict(told(hidden))
    assert list(found) == ["nivån ”2”", "frågan ”a”", "frågan ”b”"]
    assert found["frågan ”b”"].startswith("Den ställs aldrig: inget svar på frågan ”a”")


def test_a_question_that_shows_one_that_matters_matters() -> None:
    shows = make.instrument(
        questions=[
            make.question("a", weight="0"),
            make.question("b", shown_when=(make.at_least("a", "2"),)),
        ],
        limits=[make.between("1", "0", "1"), make.between("2", "2", "3")],
    )
    assert told(shows) == []


def test_nothing_is_said_of_an_instrument_with_faults() -> None:
    assert advice(make.instrument(levels=["1", "2", "3"])) == ()


def weighed(*weights: str, cut: str) -> Instrument:
    """One question per weight, answered 0 or 1, and two levels around the cut."""
    names = [f"q{number}" for number in range(len(weights))]
    return make.instrument(
        scales=[make.scale(0, 1)],
        questions=[
            make.question(name, weight=weight)
            for name, weight in zip(names, weights, strict=True)
        ],
        limits=[make.between("1", None, cut), make.between("2", cut, None, ends="(]")],
    )


def test_what_would_take_long_to_tell_is_said_not_to_be_told() -> None:
    """Eighty weights, and a light question beside a sum that nobody can search out."""
    heavy = [f"{1_000_003 + 7_919 * number}.0001" for number in range(80)]
    found = advice(weighed(*heavy, "0.00000001", cut="3000000.5"))
    assert [item.kind for item in found] == ["instrument"]
    assert found[0].finding == "Allt går inte att avgöra."


def test_an_instrument_of_many_fine_weights_is_told_all() -> None:
    weights = [f"0.{10_007 + 389 * number}" for number in range(200)]
    light = advice(weighed(*weights, "0", cut="40"))
    assert [item.place for item in light] == ["frågan ”q200”"]


def test_a_very_large_instrument_gets_that_answer_alone() -> None:
    large = make.instrument(
        scales=[make.scale(0, 29)],
        questions=[make.question(f"q{number}") for number in range(1_700)],
    )
    assert [item.kind for item in advice(large)] == ["instrument"]


@steady
@given(
    st.lists(st.lists(st.integers(-9, 9), min_size=1, max_size=4), max_size=5),
    st.integers(-20, 20),
    st.integers(0, 6),
)
def test_the_sums_are_those_of_one_value_from_each_list(
    lists: list[list[int]], low: int, wide: int
) -> None:
    named = {str(n): tuple(sorted(set(each))) for n, each in enumerate(lists)}
    met = any(low <= sum(some) <= low + wide for some in product(*lists))
    assert Sums(named, Work()).meets(low, low + wide) is met
    without = any(low <= sum(some) <= low + wide for some in product(*lists[1:]))
    assert Sums(named, Work()).but({"0": (0,)}).meets(low, low + wide) is without
    assert met <= Sums(named, Work(0)).meets(low, low + wide)
