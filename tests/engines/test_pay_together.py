"""Two placements at the same time: own class, total class and share, or the main."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import (
    Calculation,
    ClientMonth,
    Due,
    Hours,
    Part,
    Pause,
    PlacementMonth,
    PlanSpan,
    RuleSet,
    Span,
    WeekPlan,
    planned_codes,
)
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    MARCH,
    MONDAY,
    TYRESO,
    changed,
    due,
    examples,
    level,
    one_price,
    placement,
    plan,
    published,
)

CHANGE = date(2020, 3, 16)
TOTAL, MAIN = (changed(TYRESO, concurrent=name) for name in ("total", "main"))


def week(*weekdays: int, start: int = 9, end: int = 15) -> PlanSpan:
    hours = Hours(start * 60, end * 60)
    days = tuple(hours if day in weekdays else None for day in range(7))
    return PlanSpan.of(WeekPlan(MONDAY, (days,)), ALWAYS)


THREE, TWO = week(0, 1, 2), week(3, 4)
MORNINGS, AFTERNOONS = week(*range(5), end=12), week(*range(5), start=12)


def by_day(rules: RuleSet, *places: PlacementMonth) -> Due:
    return due(*places, rules=rules, prices=published("tyreso-2020.csv"))


def told(result: Due) -> list[tuple[object, str, int, int]]:
    return [
        (line.placement, line.extent_class, line.start.day, line.hundredths)
        for line in result.lines
    ]


def test_each_has_a_class_of_its_own() -> None:
    result = by_day(TYRESO, placement(1, plans=[THREE]), placement(2, plans=[TWO]))
    assert told(result) == [(1, "halvtid", 1, 1400), (2, "deltid", 1, 800)]


def test_in_total_two_and_three_days_are_full_time() -> None:
    result = by_day(TOTAL, placement(1, plans=[THREE]), placement(2, plans=[TWO]))
    assert told(result) == [(1, "heltid", 1, 1400), (2, "heltid", 1, 800)]
    assert "klassen är samlad för alla placeringar" in result.lines[0].rules


def test_the_total_ends_with_the_other_placement() -> None:
    other = placement(2, plans=[TWO], end=CHANGE)
    result = by_day(TOTAL, placement(1, plans=[THREE]), other)
    assert told(result) == [
        (1, "heltid", 1, 600),
        (1, "halvtid", 16, 800),
        (2, "heltid", 1, 400),
    ]


def test_a_day_at_two_places_is_one_day_that_they_share() -> None:
    result = by_day(
        TOTAL, placement(1, plans=[MORNINGS]), placement(2, plans=[AFTERNOONS])
    )
    assert told(result) == [(1, "heltid", 1, 1100), (2, "heltid", 1, 1100)]


def test_an_alone_placement_is_as_it_was() -> None:
    for rules in (TOTAL, MAIN):
        assert by_day(rules, placement()).lines == by_day(TYRESO, placement()).lines


MONTHLY = changed(
    GOTEBORG,
    concurrent="total",
    extent={
        "measure": "planned_hours_a_week",
        "classes": [
            {"name": "deltid", "to": "20", "from": "1"},
            {"name": "heltid", "above": "20"},
        ],
    },
)


def test_a_month_of_the_total_class_is_shared_by_planned_time() -> None:
    places = placement(1, plans=[THREE]), placement(2, plans=[TWO])
    result = due(*places, rules=MONTHLY, prices=one_price(10_000_01, "month"))
    assert [(line.extent_class, line.amount) for line in result.lines] == [
        ("heltid", 6_000_01),
        ("heltid", 4_000_00),
    ]
    assert "andel av planerad tid: 4320 av 7200 minuter på fyra veckor" in (
        result.lines[0].rules
    )


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 30))
@examples(60)
def test_the_shares_of_a_month_are_the_whole_of_it(
    one: int, other: int, offset: int
) -> None:
    places = (
        placement(1, plans=[plan(3, one)]),
        placement(2, plans=[plan(5, other)], start=date(2020, 3, offset + 1)),
    )
    rules = changed(
        MONTHLY,
        same_hours="paid",
        extent={
            "measure": "planned_hours_a_week",
            "classes": [{"name": "heltid", "from": "0"}],
        },
    )
    lines = due(*places, rules=rules, prices=one_price(31_00, "month")).lines
    assert abs(sum(line.amount for line in lines) - 31_00) <= len(lines)


def test_a_day_reported_as_not_planned_under_a_later_plan_is_no_part_of_a_day() -> None:
    whole = planned_codes(MARCH, [MORNINGS])
    one = placement(1, plans=[MORNINGS], codes=f"{whole[:1]}-{whole[2:]}")
    result = by_day(TOTAL, one, placement(2, plans=[AFTERNOONS]))
    paid = {line.placement: line.hundredths for line in result.lines}
    assert paid == {1: 21 * 50, 2: 22 * 50}


def test_only_the_main_placement_is_paid_where_there_are_two() -> None:
    other = placement(2, plans=[TWO], start=CHANGE)
    result = by_day(MAIN, placement(1, plans=[THREE]), other)
    assert told(result) == [(1, "halvtid", 1, 1400)]
    assert "bara huvudplaceringen betalas" in result.lines[0].rules
    assert result.held == ()


def test_the_main_placement_is_the_one_that_says_so() -> None:
    small = placement(2, plans=[TWO])._replace(main=True)
    result = by_day(MAIN, placement(1, plans=[THREE]), small)
    assert told(result) == [(2, "deltid", 1, 800)]


def test_with_as_much_time_the_first_to_start_is_the_main() -> None:
    later = placement(1, plans=[MORNINGS], start=date(2020, 2, 1))
    first = placement(2, plans=[AFTERNOONS], start=ALWAYS)
    assert {line.placement for line in by_day(MAIN, later, first).lines} == {2}


def test_the_other_is_paid_when_the_main_has_ended() -> None:
    main = placement(1, plans=[THREE], end=CHANGE)
    result = by_day(MAIN, main, placement(2, plans=[TWO]))
    assert told(result) == [(1, "halvtid", 1, 600), (2, "deltid", 16, 400)]


@pytest.mark.parametrize(
    ("facts", "stopped"),
    [
        ({"pauses": [Pause(ALWAYS, CHANGE)]}, []),
        ({"contracts": [Span(CHANGE, None)]}, ["OutsideContract"]),
    ],
    ids=["rests", "no contract"],
)
def test_the_other_is_paid_while_the_main_is_not(
    facts: dict[str, object], stopped: list[str]
) -> None:
    main = placement(1, plans=[THREE], **facts)
    result = by_day(MAIN, main, placement(2, plans=[TWO]))
    assert told(result) == [(1, "halvtid", 16, 800), (2, "deltid", 1, 400)]
    assert [held.error for held in result.held] == stopped


def test_a_main_that_is_paid_while_it_rests_goes_before_the_other() -> None:
    main = placement(1, plans=[THREE], pauses=[Pause(ALWAYS, None, share=50)])
    result = by_day(MAIN, main, placement(2, plans=[TWO]))
    assert {line.placement for line in result.lines} == {1}


def test_the_same_hours_are_not_claimed_by_what_is_not_paid() -> None:
    result = by_day(MAIN, placement(1, plans=[plan()]), placement(2, plans=[THREE]))
    assert result.held == ()
    assert told(result) == [(1, "heltid", 1, 2200)]


@pytest.mark.parametrize("rules", [TOTAL, MAIN], ids=["total", "main"])
def test_three_placements_in_any_order_cost_the_same(rules: RuleSet) -> None:
    places = [
        placement(1, plans=[THREE]),
        placement(2, plans=[TWO], start=CHANGE),
        placement(3, plans=[week(5)], end=CHANGE),
    ]
    counts = Calculation(MARCH, rules, published("tyreso-2020.csv"))
    sums = {
        sum(line.amount for line in counts.due(ClientMonth("k", tuple(some))).lines)
        for some in (places, places[::-1], [places[1], places[2], places[0]])
    }
    assert len(sums) == 1


def test_levels_are_each_placement_s_own() -> None:
    one = placement(1, plans=[THREE], levels=[level("1")])
    two = placement(2, plans=[TWO], levels=[level("3")])
    assert [line.level for line in by_day(TOTAL, one, two).lines] == ["1", "3"]


def test_part_of_a_shared_day_away_is_part_of_its_share() -> None:
    away = {10: (Part("U", 540, 630),)}
    first = placement(1, plans=[MORNINGS], parts=away)
    one, other = by_day(TOTAL, first, placement(2, plans=[AFTERNOONS])).lines
    assert (one.hundredths, other.hundredths) == (1075, 1100)
