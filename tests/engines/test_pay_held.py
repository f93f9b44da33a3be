"""What is missing or ambiguous stops its own line, by name, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from payments import Due, Hours, LevelSpan, Month, PlanSpan, Span, WeekPlan
from tests.engines.payfacts import (
    GOTEBORG,
    KNOWN,
    MARCH,
    MONDAY,
    TYRESO,
    cells_of,
    due,
    in_force,
    level,
    marked,
    placement,
    plan,
    price_list,
    published,
)

CHANGE = date(2020, 3, 16)


def errors(result: Due) -> list[str]:
    return [held.error for held in result.held]


def without(key: str) -> tuple:
    cells = tuple(c for c in cells_of("tyreso-2020.csv") if c.level != key)
    return in_force([price_list("hål", date(2020, 1, 1), cells=cells)], KNOWN)


def test_a_missing_price_stops_only_the_days_it_is_missing() -> None:
    levels = [level("2", end=CHANGE), level("3", CHANGE, ref=2)]
    result = due(placement(), levels=levels, prices=without("3"))
    assert [line.level for line in result.lines] == ["2"]
    [held] = result.held
    assert (held.error, held.start, held.amount) == ("MissingRate", CHANGE, None)
    assert "nivå 3, heltid, extern" in held.message


def test_two_prices_for_the_same_thing_are_ambiguous() -> None:
    cells = cells_of("tyreso-2020.csv")
    either = replace(cells[3], regi="alla")
    both = price_list("två", date(2020, 1, 1), cells=(*cells, either))
    result = due(placement(), prices=in_force([both], KNOWN))
    assert (result.lines, errors(result)) == ((), ["AmbiguousRate"])


@pytest.mark.parametrize(
    ("levels", "error"),
    [
        ([level("2", end=CHANGE)], "MissingLevel"),
        ([level("2"), level("3", CHANGE, ref=2)], "AmbiguousLevel"),
        ([level("2", end=CHANGE), level("9", CHANGE, ref=2)], "MissingRate"),
    ],
    ids=["none", "two", "unknown"],
)
def test_a_level_that_is_missing_or_double_stops_its_days(
    levels: list[LevelSpan], error: str
) -> None:
    result = due(placement(), levels=levels)
    assert ([line.days for line in result.lines], errors(result)) == ([10], [error])
    assert result.held[0].start == CHANGE


def test_a_level_that_begins_on_the_first_planned_day_leaves_nothing_out() -> None:
    result = due(placement(), levels=[level("2", date(2020, 3, 2))])
    assert (result.held, result.lines[0].days) == ((), 22)


def test_a_plan_in_a_gap_between_classes_is_held() -> None:
    may = Month(2023, 5)
    day = Hours(9 * 60, 9 * 60 + 222)
    week = (*(day for _ in range(5)), None, None)
    gap = PlanSpan.of(WeekPlan(MONDAY, (week,)), date(2019, 1, 1))
    place = placement(month=may, plans=[gap])
    result = due(place, month=may, rules=GOTEBORG)
    assert (result.lines, errors(result)) == ((), ["NoExtentClass"])
    assert "18,5 planerade timmar" in result.held[0].message


def test_no_price_list_no_plan_and_no_contract_each_have_their_name() -> None:
    late_plan = plan(start=CHANGE)
    codes = marked(MARCH)
    assert errors(due(placement(), prices=())) == ["NoPriceList"]
    assert errors(due(placement(codes=codes, plans=[late_plan]))) == ["MissingPlan"]
    ended = placement(contracts=[Span(date(2019, 1, 1), CHANGE)])
    assert errors(due(ended)) == ["OutsideContract"]


def test_a_price_for_another_unit_is_not_paid() -> None:
    result = due(placement(), prices=_by_the_month())
    assert (result.lines, errors(result)) == ((), ["WrongUnit"])


def _by_the_month() -> tuple:
    cells = tuple(replace(c, unit="month") for c in cells_of("tyreso-2020.csv"))
    return in_force([price_list("månad", date(2020, 1, 1), cells=cells)], KNOWN)


def test_a_month_that_is_not_reported_waits() -> None:
    result = due(placement(1, reported=False), placement(2, end=CHANGE))
    assert errors(result) == ["MissingAttendance"]
    assert [line.placement for line in result.lines] == [2]


def test_one_day_that_is_not_reported_is_not_attended() -> None:
    result = due(placement(codes=marked(MARCH, d10="?")))
    assert (result.lines, errors(result)) == ((), ["MissingAttendance"])


def test_the_plan_is_paid_when_the_rule_says_so_and_the_line_tells() -> None:
    rules = replace(TYRESO, not_reported="plan_is_paid")
    prices = published("tyreso-2020.csv")
    [line] = due(placement(reported=False), rules=rules, prices=prices).lines
    assert line.days == 22
    assert any("inte rapporterad" in rule for rule in line.rules)


@pytest.mark.parametrize("codes", ["N" * 30, "N" * 30 + "Z"], ids=["short", "unknown"])
def test_attendance_that_cannot_be_read_is_held(codes: str) -> None:
    assert errors(due(placement(codes=codes))) == ["BadAttendance"]


def test_the_same_hours_on_two_placements_are_held_on_both() -> None:
    other = placement(2, start=date(2020, 3, 30))
    result = due(placement(1), other)
    assert errors(result) == ["SameHoursTwice", "SameHoursTwice"]
    assert [(line.placement, line.days) for line in result.lines] == [(1, 20)]


def test_different_hours_of_a_day_are_not_the_same_hours() -> None:
    evening = Hours(15 * 60, 18 * 60)
    week = (*(evening for _ in range(5)), None, None)
    late = PlanSpan.of(WeekPlan(MONDAY, (week,)), date(2019, 1, 1))
    result = due(placement(1), placement(2, plans=[late]))
    assert (result.held, len(result.lines)) == ((), 2)


def test_the_same_hours_are_paid_only_by_a_rule_that_the_line_names() -> None:
    rules = replace(TYRESO, same_hours="paid")
    prices = published("tyreso-2020.csv")
    lines = due(placement(1), placement(2), rules=rules, prices=prices).lines
    assert len(lines) == 2
    assert all("samma timmar" in " ".join(line.rules) for line in lines)


def test_a_day_away_at_the_other_unit_is_not_the_same_hours() -> None:
    away = placement(1, codes=marked(MARCH, d31="U"))
    result = due(away, placement(2, start=date(2020, 3, 31)))
    assert result.held == ()
