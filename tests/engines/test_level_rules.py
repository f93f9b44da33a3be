"""Decisions, tables, conditions on sums and intervals, each on its own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessment import (
    NOT_RELEVANT,
    Band,
    ByDecision,
    ByTable,
    Condition,
    Instrument,
    KeyBand,
    LevelRule,
    Margins,
    NoLevel,
    ReasonKind,
    Result,
    RuleKind,
    TableKey,
    faults_in,
    score,
    visible_questions,
)
from tests.engines import published_instruments as make
from tests.engines.both_ways import result
from tests.engines.level_rule_builders import BANDS, decision, table, with_parts


def given(instrument: Instrument, **answers: str) -> Result:
    assert faults_in(instrument) == ()
    return result(instrument, **answers)


def test_the_first_decision_that_holds_gives_the_level() -> None:
    listed = with_parts(
        decisions=(
            decision("mycket", "2", make.at_least("a", "3")),
            decision("lite", "1", make.at_least("a", "1")),
        )
    )
    assert given(listed, a="3", b="0").level == "2"
    assert given(listed, a="1", b="3").level == "1"
    assert given(listed, a="0", b="3").trace[-2].kind == "by_limit"


def test_a_decision_is_told_in_the_trace_and_holds_the_level() -> None:
    listed = with_parts(decisions=(decision("mycket", "2", make.at_least("a", "3")),))
    outcome = given(listed, a="3", b="0")
    assert outcome.trace[-2] == ByDecision("mycket", "Beslutet mycket", "2")
    assert outcome.level_by_points == "2"
    assert outcome.margins == Margins(None, None, ("mycket",))


def test_a_decision_needs_all_its_conditions() -> None:
    both = with_parts(
        decisions=(
            decision("x", "2", make.at_least("a", "1"), make.at_least("b", "1")),
        )
    )
    assert given(both, a="1", b="1").level == "2"
    assert given(both, a="1", b="0").level == "1"


def test_a_decision_without_conditions_holds_for_the_rest() -> None:
    rest = with_parts(
        limits=(),
        decisions=(
            decision("x", "2", make.at_least("a", "3")),
            decision("annars", "1"),
        ),
    )
    assert given(rest, a="3", b="0").level == "2"
    assert given(rest, a="2", b="3").level == "1"


def test_a_floor_lifts_what_a_decision_gave() -> None:
    floor = LevelRule("g", RuleKind.FLOOR, "", (make.at_least("b", "3"),), "2")
    lifted = with_parts(decisions=(decision("annars", "1"),), rules=(floor,), limits=())
    outcome = given(lifted, a="0", b="3")
    assert (outcome.level_by_points, outcome.level) == ("1", "2")
    assert outcome.margins.held_by == ("g",)


def test_a_table_gives_the_level_of_its_cell() -> None:
    looked_up = with_parts(limits=(), tables=(table(),))
    assert given(looked_up, a="2", b="3").level == "2"
    assert given(looked_up, a="2", b="1").level == "1"
    assert given(looked_up, a="1", b="2").level == "1"


def test_a_table_tells_where_each_key_landed() -> None:
    outcome = given(with_parts(limits=(), tables=(table(),)), a="2", b="1")
    keys = (
        KeyBand("a", points=Decimal(2), band="hög"),
        KeyBand("b", points=Decimal(1), band="låg"),
    )
    assert outcome.trace[-2] == ByTable("t", "Två nycklar", keys, "1")
    assert outcome.margins == Margins(None, None, ("t",))


def test_a_combination_without_row_leaves_it_to_the_limits() -> None:
    partial = with_parts(tables=(table(without=("hög", "hög")),))
    assert given(partial, a="2", b="1").trace[-2].kind == "by_table"
    assert given(partial, a="2", b="2").trace[-2].kind == "by_limit"


def test_an_answer_outside_the_bands_leaves_it_to_the_next_table() -> None:
    narrow = (Band("låg", at_most=Decimal(0)), Band("hög", at_least=Decimal(2)))
    first = table(TableKey("a", bands=narrow), TableKey("b", bands=BANDS), name="ett")
    both = with_parts(limits=(), tables=(first, table()))
    assert given(both, a="2", b="2").margins.held_by == ("ett",)
    assert given(both, a="1", b="2").margins.held_by == ("t",)


def test_decisions_come_before_tables() -> None:
    both = with_parts(
        limits=(),
        tables=(table(),),
        decisions=(decision("x", "1", make.at_least("a", "3")),),
    )
    assert given(both, a="3", b="3").level == "1"
    assert given(both, a="2", b="3").level == "2"


def test_a_question_that_is_not_relevant_is_in_no_band() -> None:
    asked = (make.question("a"), make.question("b", may_be_irrelevant=True))
    partial = replace(make.instrument(questions=asked), tables=(table(),))
    outcome = given(partial, a="3", b=NOT_RELEVANT)
    assert outcome.trace[-2].kind == "by_limit"


def test_a_key_may_be_a_sub_total_or_the_total() -> None:
    bands = (Band("låg", at_most=Decimal(3)), Band("hög", at_least=Decimal(4)))
    keys = (TableKey(domain="ett", bands=bands), TableKey(total=True, bands=bands))
    summed = with_parts(limits=(), tables=(table(*keys),))
    assert given(summed, a="1", b="2").level == "1"
    outcome = given(summed, a="2", b="2")
    assert outcome.level == "2"
    assert outcome.trace[-2].keys[0] == KeyBand(
        domain="ett", points=Decimal(4), band="hög"
    )


@pytest.mark.parametrize(
    ("condition", "answers", "level"),
    [
        (Condition(total=True, at_least=Decimal(3)), {"a": "3", "b": "0"}, "2"),
        (Condition(total=True, at_least=Decimal(3)), {"a": "2", "b": "0"}, "1"),
        (Condition(total=True, at_most=Decimal(1)), {"a": "1", "b": "0"}, "2"),
        (Condition(total=True, at_most=Decimal(1)), {"a": "1", "b": "1"}, "1"),
        (Condition(domain="ett", at_least=Decimal(3)), {"a": "1", "b": "2"}, "2"),
        (
            Condition(domain="ett", at_least=Decimal(1), at_most=Decimal(2)),
            {"a": "1", "b": "1"},
            "2",
        ),
        (
            Condition(domain="ett", at_least=Decimal(1), at_most=Decimal(2)),
            {"a": "0", "b": "0"},
            "1",
        ),
        (
            Condition(domain="ett", at_least=Decimal(1), at_most=Decimal(2)),
            {"a": "1", "b": "0"},
            "2",
        ),
        (
            Condition(domain="ett", at_least=Decimal(1), at_most=Decimal(2)),
            {"a": "2", "b": "1"},
            "1",
        ),
    ],
)
def test_a_rule_may_ask_for_a_sum(
    condition: Condition, answers: dict[str, str], level: str
) -> None:
    floor = LevelRule("g", RuleKind.FLOOR, "", (condition,), "2")
    assert given(with_parts(rules=(floor,)), **answers).level == level


def test_a_sum_in_a_condition_is_weighted_and_a_question_is_not() -> None:
    heavy = make.instrument(
        questions=[make.question("a", weight="2"), make.question("b")],
        limits=[make.between("1", None, "9"), make.between("2", "9", None, ends="(]")],
        rules=[
            LevelRule(
                "g",
                RuleKind.FLOOR,
                "",
                (
                    Condition("a", at_most=Decimal(2)),
                    Condition(total=True, at_least=Decimal(4)),
                ),
                "2",
            )
        ],
    )
    assert given(heavy, a="2", b="0").level == "2"
    assert given(heavy, a="1", b="0").level == "1"


def test_a_domain_sums_only_its_own_questions() -> None:
    two = make.instrument(
        limits=[make.between("1", "0", "6"), make.between("2", "7", "9")]
    )
    (first,) = two.domains
    other = replace(first, id="två", questions=(make.question("c"),))
    floor = LevelRule(
        "g", RuleKind.FLOOR, "", (Condition(domain="två", at_least=Decimal(2)),), "2"
    )
    both = replace(two, domains=(first, other), rules=(floor,))
    assert given(both, a="3", b="3", c="0").level == "1"
    assert given(both, a="0", b="0", c="2").level == "2"


def test_without_limits_an_instrument_with_a_hole_gives_a_named_reason() -> None:
    hole = with_parts(limits=(), tables=(table(without=("hög", "hög")),))
    outcome = score(hole, {"a": "3", "b": "3"})
    assert isinstance(outcome, NoLevel)
    (reason,) = outcome.reasons
    assert reason.kind is ReasonKind.NOTHING_DECIDES
    assert "Inget i instrumentet ger en nivå" in reason.message


def test_the_questions_asked_do_not_hang_on_what_gives_the_level() -> None:
    assert visible_questions(with_parts(tables=(table(),)), {}) == {"a", "b"}
