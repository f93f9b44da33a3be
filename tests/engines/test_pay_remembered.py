"""What is remembered of one client never changes what another is paid or told."""

from dataclasses import replace
from datetime import date

from payments import (
    Calculation,
    ClientMonth,
    Line,
    Pause,
    PlacementMonth,
    RuleSet,
    Span,
)
from payments.facts import Count
from tests.engines.payfacts import (
    MARCH,
    TYRESO,
    changed,
    level,
    placement,
    plan,
    published,
)

PLAN_PAID = "månaden är inte rapporterad: planen betalas och stäms av senare"


def in_turn(rules: RuleSet, *clients: tuple[PlacementMonth, ...]) -> list[list[Line]]:
    """The lines of clients that one calculation pays after each other."""
    calculation = Calculation(MARCH, rules, published("tyreso-2020.csv"))
    months = [ClientMonth(str(n), places) for n, places in enumerate(clients)]
    return [list(calculation.due(month).lines) for month in months]


def alone(rules: RuleSet, places: tuple[PlacementMonth, ...]) -> list[Line]:
    return in_turn(rules, places)[0]


def test_a_plan_that_is_paid_is_named_for_its_own_client_only() -> None:
    rules = replace(TYRESO, not_reported="plan_is_paid")
    reported, missing = (placement(),), (placement(reported=False),)
    for order in ((reported, missing), (missing, reported)):
        told = in_turn(rules, *order)
        assert told == [alone(rules, places) for places in order]
    [[first], [second]] = in_turn(rules, reported, missing)
    assert (PLAN_PAID in first.rules, PLAN_PAID in second.rules) == (False, True)
    assert first.amount == second.amount


def test_a_main_placement_is_named_for_its_own_client_only() -> None:
    rules = changed(TYRESO, concurrent="main")
    one = (placement(1),)
    two = (
        placement(1),
        placement(2, end=date(2020, 3, 1)),
        placement(3, codes="-" * 31),
    )
    for order in ((one, two), (two, one)):
        assert in_turn(rules, *order) == [alone(rules, places) for places in order]


def test_days_alike_in_what_they_pay_are_told_apart_by_their_letters() -> None:
    """As many days at each share, of another kind or in another order."""
    leave, notified = "L" * 12, "A" * 12
    begun = (Count("notified", 3, 3, MARCH.first.toordinal() - 1, 0),)
    months = [
        ClientMonth("1", (placement(codes=notified + "-" * 19),), ()),
        ClientMonth("2", (placement(codes=leave + "-" * 19),), ()),
        ClientMonth("3", (placement(codes=notified + "-" * 19),), begun),
        ClientMonth("4", (placement(codes="-" * 19 + leave),), ()),
    ]
    calculation = Calculation(MARCH, TYRESO, published("tyreso-2020.csv"))
    found = [calculation.due(month).lines[0] for month in months]
    assert [(line.counted, line.hundredths) for line in found] == [
        ("A:10", 1000),
        ("L:10", 1000),
        ("A:7", 700),
        ("L:10", 1000),
    ]


def test_a_level_or_plan_of_part_of_the_month_is_not_one_of_the_whole() -> None:
    half = date(2020, 3, 16)
    whole = (placement(),)
    for part in (
        (placement(levels=[level("2", half)]),),
        (placement(levels=[level("2", end=half)]),),
        (placement(plans=[plan(start=half)]),),
        (placement(plans=[plan(end=half)]),),
        (placement(contracts=[Span(half, None)]),),
        (placement(contracts=[Span(date(2019, 1, 1), half)]),),
    ):
        for order in ((whole, part), (part, whole)):
            assert in_turn(TYRESO, *order) == [alone(TYRESO, each) for each in order]
        assert sum(line.days for line in alone(TYRESO, part)) < 22


def test_a_pause_is_its_own_client_s() -> None:
    resting = Pause(date(2020, 3, 9), date(2020, 3, 16), share=50)
    plain, paused = (placement(),), (placement(pauses=[resting]),)
    for order in ((plain, paused), (paused, plain)):
        assert in_turn(TYRESO, *order) == [alone(TYRESO, places) for places in order]
