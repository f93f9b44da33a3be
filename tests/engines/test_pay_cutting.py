"""A month is parted on the very day that a fact changes, and nowhere else."""

from dataclasses import replace
from datetime import date

import pytest

from payments import Line, Month, Pause, PlacementMonth, PriceSpan, RuleSet, Span
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    changed,
    due,
    level,
    one_price,
    placement,
    plan,
)

MAY = Month(2023, 5)


def day(number: int) -> date:
    return date(2020, 3, number)


def prices(*changes: tuple[date, int]) -> tuple[PriceSpan, ...]:
    ends = [*(start for start, _ in changes[1:]), None]
    return tuple(
        replace(one_price(amount)[0], start=start, end=end)
        for (start, amount), end in zip(changes, ends, strict=True)
    )


def told(lines: tuple[Line, ...]) -> list[tuple[object, int, int, int]]:
    return [
        (line.placement, line.start.day, line.days, line.price // 100) for line in lines
    ]


@pytest.mark.parametrize("change", [2, 3, 31])
def test_a_price_counts_from_its_first_day(change: int) -> None:
    spans = prices((ALWAYS, 100_00), (day(change), 200_00))
    result = due(placement(codes="N" * 31), prices=spans)
    assert told(result.lines) == [
        (1, 1, change - 1, 100),
        (1, change, 32 - change, 200),
    ]


def test_a_price_that_comes_back_is_three_lines() -> None:
    spans = prices((ALWAYS, 100_00), (day(10), 200_00), (day(11), 100_00))
    result = due(placement(codes="N" * 31), prices=spans)
    assert told(result.lines) == [(1, 1, 9, 100), (1, 10, 1, 200), (1, 11, 21, 100)]


@pytest.mark.parametrize("first", [1, 2, 10, 30])
def test_a_main_place_of_one_day_takes_that_day_from_the_other(first: int) -> None:
    rules = changed(concurrent="main")
    other = placement(1, codes="N" * 31)
    main = placement(2, codes="N" * 31, start=day(first), end=day(first + 1))
    result = due(other, main._replace(main=True), rules=rules, prices=one_price(100_00))
    days = {1: 0, 2: 0}
    for line in result.lines:
        days[int(str(line.placement))] += line.days
    assert days == {1: 30, 2: 1}
    assert result.held == ()


@pytest.mark.parametrize("first", [2, 10, 30])
def test_a_total_class_holds_on_the_days_that_both_are_there(first: int) -> None:
    rules = changed(concurrent="total", same_hours="paid")
    here = placement(1, plans=[plan(days=2)], codes="N" * 31)
    there = placement(2, plans=[plan(days=5)], start=day(first), end=day(first + 1))
    result = due(here, there, rules=rules, prices=one_price(100_00))
    mine = [
        (line.start.day, line.end.day, line.extent_class)
        for line in result.lines
        if line.placement == 1
    ]
    assert mine == [
        (1, first, "deltid"),
        (first, first + 1, "heltid"),
        (first + 1, 1, "deltid"),
    ]


@pytest.mark.parametrize("length", [1, 2])
def test_a_pause_is_paid_by_the_number_of_its_day(length: int) -> None:
    rows = [
        {"share": "50", "to": str(length)},
        {"share": "0", "from": str(length + 1)},
    ]
    resting = Pause(day(9), day(14))
    rules = changed(pause=rows)
    result = due(placement(pauses=[resting]), rules=rules, prices=one_price(100_00))
    paused = [line for line in result.lines if line.share == 50]
    assert [(line.start.day, line.days) for line in paused] == [(9, length)]


def test_days_after_a_plan_has_ended_are_held() -> None:
    ended = placement(plans=[plan(end=day(16))], codes="N" * 31)
    result = due(ended, prices=one_price(100_00))
    assert told(result.lines) == [(1, 1, 15, 100)]
    assert [(one.error, one.start.day) for one in result.held] == [("MissingPlan", 16)]


def whole_month(rules: RuleSet, **facts: object) -> PlacementMonth:
    assert rules.is_monthly
    return placement(month=MAY, plans=[plan(hours=7)], **facts)


def test_a_whole_month_is_paid_once_although_something_parts_it() -> None:
    rules = replace(GOTEBORG, proration="none")
    gap = [Span(ALWAYS, date(2023, 5, 10)), Span(date(2023, 5, 20), None)]
    facts = whole_month(rules, contracts=gap)
    result = due(facts, levels=[level("1")], month=MAY, rules=rules)
    assert [line.amount for line in result.lines] == [1711600]
    assert [one.error for one in result.held] == ["OutsideContract"]


def test_a_whole_month_that_begins_to_rest_is_paid_as_awake() -> None:
    rules = replace(GOTEBORG, proration="none")
    resting = Pause(date(2023, 5, 1), date(2023, 5, 10), share=0)
    facts = whole_month(rules, pauses=[resting])
    result = due(facts, levels=[level("1")], month=MAY, rules=rules)
    assert [(line.amount, line.share) for line in result.lines] == [(1711600, 100)]


def test_two_levels_on_one_day_are_held_for_that_day() -> None:
    levels = [level("2", end=day(11)), level("3", day(10), ref=2)]
    result = due(placement(codes="N" * 31), levels=levels, prices=one_price(100_00))
    stops = {(one.error, one.start.day, one.end.day) for one in result.held}
    assert ("AmbiguousLevel", 10, 11) in stops
    assert told(result.lines) == [(1, 1, 9, 100)]
