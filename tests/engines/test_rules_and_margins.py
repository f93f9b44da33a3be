"""Floors, flags, margins and the trace, each on its own."""

from decimal import Decimal

import pytest

from assessment import (
    Direction,
    Instrument,
    LevelRule,
    Margin,
    ReasonKind,
    RuleKind,
)
from tests.engines import published_instruments as make
from tests.engines.both_ways import no_level, result


def with_rules(*rules: LevelRule) -> Instrument:
    return make.instrument(
        levels=["1", "2", "3", "4"],
        limits=[
            make.between("1", "0", "1"),
            make.between("2", "2", "3"),
            make.between("3", "4", "6"),
        ],
        rules=[
            LevelRule(
                "d", RuleKind.FIXED, "Bara en regel", (make.at_least("a", "9"),), "4"
            )
            if not rules
            else rules[0],
            *rules[1:],
        ],
    )


FLOOR = LevelRule(
    "golv",
    RuleKind.FLOOR,
    "Typ och hur ofta minst 3",
    (make.at_least("a", "3"), make.at_least("b", "0")),
    "3",
)
BOTH = LevelRule(
    "båda",
    RuleKind.FLOOR,
    "Båda minst 1",
    (make.at_least("a", "1"), make.at_least("b", "1")),
    "2",
)
FLAG = LevelRule(
    "flagga", RuleKind.FIXED, "Alltid nivå 4", (make.at_least("b", "3"),), "4"
)


def test_a_floor_lifts_the_level() -> None:
    outcome = result(with_rules(FLOOR), a="3", b="0")
    assert (outcome.level_by_points, outcome.level) == ("2", "3")
    assert [(rule.rule, rule.changed) for rule in outcome.fired] == [("golv", True)]


def test_a_floor_at_or_under_the_level_changes_nothing() -> None:
    outcome = result(with_rules(FLOOR), a="3", b="1")
    assert outcome.level == "3"
    assert [(rule.rule, rule.changed) for rule in outcome.fired] == [("golv", False)]


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [("1", "0", "1"), ("0", "1", "1"), ("1", "1", "2")],
    ids=["one", "the other", "both"],
)
def test_a_floor_needs_all_its_conditions(a: str, b: str, level: str) -> None:
    assert result(with_rules(BOTH), a=a, b=b).level == level


def test_a_limit_with_more_decimals_than_the_rules_is_kept_whole() -> None:
    finer = make.instrument(
        limits=[
            make.between("1", "0", "2.5", ends="[)"),
            make.between("2", "2.5", "6"),
        ],
        rules=[
            LevelRule(name, RuleKind.FLOOR, "", (make.at_least(name, "3"),), "2")
            for name in ("a", "b")
        ],
    )
    assert result(finer, a="2", b="0").level == "1"
    assert result(finer, a="2", b="1").level == "2"


def test_the_order_of_levels_is_theirs_and_not_the_alphabets() -> None:
    named = make.instrument(
        levels=["9", "8"],
        limits=[make.between("9", "0", "3"), make.between("8", "4", "6")],
        rules=[LevelRule("g", RuleKind.FLOOR, "", (make.at_least("a", "3"),), "8")],
    )
    assert result(named, a="3", b="0").level == "8"
    assert result(named, a="2", b="0").level == "9"


def test_the_highest_floor_counts_in_any_order() -> None:
    for rules in ((BOTH, FLOOR), (FLOOR, BOTH)):
        assert result(with_rules(*rules), a="3", b="1").level == "3"


def test_a_flag_fixes_the_level_whatever_the_floors_say() -> None:
    outcome = result(with_rules(FLOOR, FLAG), a="3", b="3")
    assert (outcome.level, outcome.margins.held_by) == ("4", ("flagga",))
    assert [(rule.rule, rule.changed) for rule in outcome.fired] == [
        ("golv", False),
        ("flagga", True),
    ]


def test_a_flag_may_fix_a_lower_level() -> None:
    low = LevelRule("låg", RuleKind.FIXED, "", (make.at_least("a", "3"),), "1")
    assert result(with_rules(low, FLAG), a="3", b="3").level == "1"


def test_a_rule_does_not_fire_on_a_hidden_answer() -> None:
    hidden = make.instrument(
        questions=[
            make.question("a"),
            make.question("b", shown_when=(make.at_least("a", "2"),)),
        ],
        levels=["1", "2", "3"],
        rules=[LevelRule("g", RuleKind.FLOOR, "", (make.at_least("b", "1"),), "3")],
    )
    assert result(hidden, a="0", b="3").level == "1"
    assert result(hidden, a="2", b="1").level == "3"


def test_a_condition_may_have_an_upper_bound() -> None:
    little = LevelRule(
        "lite",
        RuleKind.FLOOR,
        "",
        (make.Condition("a", at_most=Decimal(0)),),
        "2",
    )
    assert result(with_rules(little), a="0", b="0").level == "2"
    assert result(with_rules(little), a="1", b="0").level == "1"


def test_margins_name_both_neighbours() -> None:
    margins = result(with_rules(BOTH), a="2", b="0").margins
    assert margins.higher == Margin("3", Decimal(2), more_than=False)
    assert margins.lower == Margin("1", Decimal(1), more_than=False)


def test_a_level_held_by_a_floor_has_no_margin_downwards() -> None:
    margins = result(with_rules(FLOOR), a="3", b="1").margins
    assert (margins.lower, margins.held_by) == (None, ("golv",))


def test_a_fall_stops_at_a_floor_between() -> None:
    raised = LevelRule("g", RuleKind.FLOOR, "", (make.at_least("a", "0"),), "2")
    wide = make.instrument(
        levels=["1", "2", "3"],
        limits=[make.between("1", "0", "3"), make.between("3", "4", "6")],
        rules=[raised],
    )
    assert result(wide, a="3", b="1").margins.lower == Margin(
        "2", Decimal(1), more_than=False
    )


def test_a_fall_stops_at_the_highest_floor_in_the_order_of_the_levels() -> None:
    floors = [
        LevelRule("g", RuleKind.FLOOR, "", (make.at_least("a", "0"),), "8"),
        LevelRule("h", RuleKind.FLOOR, "", (make.at_least("b", "0"),), "9"),
    ]
    limits = [make.between("9", "0", "3"), make.between("7", "4", "6")]
    for rules in (floors, floors[::-1]):
        falling = make.instrument(levels=["9", "8", "7"], limits=limits, rules=rules)
        assert result(falling, a="3", b="1").margins.lower == Margin(
            "8", Decimal(1), more_than=False
        )


def test_where_fewer_points_are_more_need_a_fall_is_upwards() -> None:
    backwards = make.instrument(
        limits=[make.between("1", "4", "6"), make.between("2", "0", "3")],
        direction=Direction.DESCENDING,
    )
    assert result(backwards, a="2", b="0").margins.lower == Margin(
        "1", Decimal(2), more_than=False
    )
    assert result(backwards, a="3", b="2").margins.higher == Margin(
        "2", Decimal(2), more_than=False
    )


def test_an_open_bound_asks_for_more_than_the_distance() -> None:
    open_bound = make.instrument(
        limits=[make.between("1", "0", "3"), make.between("2", "3", "6", ends="(]")]
    )
    margins = result(open_bound, a="2", b="0").margins
    assert margins.higher == Margin("2", Decimal(1), more_than=True)


def test_the_trace_tells_the_whole_way() -> None:
    outcome = result(with_rules(FLOOR), a="3", b="0")
    assert [step.kind for step in outcome.trace] == [
        "counted",
        "counted",
        "domain_sum",
        "sum",
        "by_limit",
        "rule",
        "priced",
    ]


def test_a_domain_without_gaps_is_complete_before_the_others() -> None:
    two = make.phq_9()
    (domain,) = no_level(two, p1="3").domains
    assert (domain.points, domain.maximum, domain.is_complete) == (3, 27, False)


def test_an_instrument_made_by_hand_with_a_gap_gives_a_named_reason() -> None:
    gap = make.instrument(
        limits=[make.between("1", "0", "1"), make.between("2", "3", "6")]
    )
    (reason,) = no_level(gap, a="2", b="0").reasons
    assert reason.kind is ReasonKind.OUTSIDE_LIMITS
