"""How a day is parted: between places, between codes, in units and in hundredths."""

from datetime import date

import pytest

from payments import Hours, Line, Part, Pause, PlacementMonth, RuleSet, Span
from payments.absence import SPLIT, PaidMonth
from payments.calendar import PlanSpan, WeekPlan
from payments.timed import Timed, _of_units
from payments.together import _scaled
from tests.engines.payfacts import (
    ALWAYS,
    MONDAY,
    TYRESO,
    changed,
    due,
    level,
    one_price,
    placement,
    published,
)
from tests.engines.test_pay_bases import BUNDLED, HOURLY

TUESDAY = 10
TOTAL, MAIN = (changed(TYRESO, concurrent=name) for name in ("total", "main"))


def only(*days: int, letter: str = "N") -> str:
    return "".join(letter if day in days else "-" for day in range(1, 32))


def week(start: int, end: int) -> PlanSpan:
    """The same minutes each weekday."""
    days = (Hours(start, end),) * 5 + (None,) * 2
    return PlanSpan.of(WeekPlan(MONDAY, (days,)), ALWAYS)


def lines(rules: RuleSet, *places: PlacementMonth) -> tuple[Line, ...]:
    return due(*places, rules=rules, prices=published("tyreso-2020.csv")).lines


def hundredths(rules: RuleSet, *places: PlacementMonth) -> list[tuple[object, int]]:
    return [(line.placement, line.hundredths) for line in lines(rules, *places)]


@pytest.mark.parametrize(
    ("first", "second", "third", "parts"),
    [
        ((540, 660), (660, 720), (720, 780), [50, 25, 25]),
        ((540, 600), (600, 660), (660, 720), [33, 33, 34]),
        ((540, 541), (541, 543), (543, 720), [0, 1, 99]),
    ],
    ids=["two quarters", "thirds", "hardly anything"],
)
def test_three_places_share_a_day_and_lose_none_of_it(
    first: tuple[int, int],
    second: tuple[int, int],
    third: tuple[int, int],
    parts: list[int],
) -> None:
    places = [
        placement(ref, plans=[week(*hours)], codes=only(TUESDAY))
        for ref, hours in enumerate((first, second, third), start=1)
    ]
    found = [(ref, part) for ref, part in enumerate(parts, start=1) if part]
    assert hundredths(TOTAL, *places) == found


def test_a_place_shares_only_the_days_that_it_is_there() -> None:
    """From its first day to the one before its end, both with the other."""
    here = placement(1, plans=[week(540, 720)], codes=only(9, 10, 11, 12))
    there = placement(
        2,
        plans=[week(720, 900)],
        codes=only(10, 11),
        start=date(2020, 3, 10),
        end=date(2020, 3, 12),
    )
    assert sum(part for ref, part in hundredths(TOTAL, here, there) if ref == 1) == 300
    assert sum(part for ref, part in hundredths(TOTAL, here, there) if ref == 2) == 100


def test_parts_of_a_shared_day_are_rounded_so_that_they_add_up() -> None:
    parts = {TUESDAY: (Part("A", 540, 580), Part("N", 580, 620), Part("A", 620, 660))}
    rules = changed(
        TOTAL,
        absence=[{"effect": "notified", "share": "50"}]
        + [
            {"effect": effect, "share": "0"}
            for effect in ("leave", "late", "not_notified", "closed", "planning_day")
        ]
        + [{"effect": "other_unit", "share": "0"}],
    )
    here = placement(1, plans=[week(540, 660)], codes=only(TUESDAY), parts=parts)
    there = placement(2, plans=[week(660, 780)], codes=only(TUESDAY))
    found = [
        (one.placement, one.share, one.hundredths) for one in lines(rules, here, there)
    ]
    assert found == [(1, 100, 17), (1, 50, 33), (2, 100, 50)]


def test_parts_are_rounded_down_one_by_one_and_add_up() -> None:
    """In the order of the day: what one loses the next has."""
    thirds = (("A", 33, 50), ("N", 33, 100), ("S", 34, 0))
    assert _scaled(thirds, 50) == (("A", 16, 50), ("N", 17, 100), ("S", 17, 0))
    minutes = (("A", 120, 50), ("N", 120, 100), ("S", 120, 50))
    assert _of_units(minutes, 25) == (("A", 8, 50), ("N", 8, 100), ("S", 9, 50))
    assert _of_units(minutes, 1) == (("A", 0, 50), ("N", 0, 100), ("S", 1, 50))


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1)])
def test_the_place_with_most_time_is_the_main_one(first: int, second: int) -> None:
    longer = placement(first, plans=[week(540, 780)], codes=only(TUESDAY))
    shorter = placement(second, plans=[week(780, 900)], codes=only(TUESDAY))
    places = sorted((longer, shorter), key=lambda one: int(str(one.ref)))
    assert hundredths(MAIN, *places) == [(first, 100)]


def test_a_place_without_a_plan_is_never_the_main_one() -> None:
    planned = placement(2, plans=[week(540, 541)], codes=only(TUESDAY))
    unplanned = planned._replace(ref=1, plans=())
    assert [ref for ref, _ in hundredths(MAIN, unplanned, planned)] == [2]


def test_the_main_place_is_so_from_its_first_day() -> None:
    main = placement(1, plans=[week(540, 900)], start=date(2020, 3, 10))
    other = placement(2, plans=[week(540, 600)])
    found = {
        line.placement: (line.start, line.days) for line in lines(MAIN, main, other)
    }
    assert found[1] == (date(2020, 3, 10), 16)
    assert found[2] == (date(2020, 3, 1), 6)


def by_units(parts: tuple[Part, ...]) -> list[tuple[int, int, str]]:
    place = placement(codes=only(TUESDAY), parts={TUESDAY: parts})
    rules = changed(
        BUNDLED,
        absence=[
            {"effect": "notified", "share": "50"},
            {"effect": "late", "share": "100"},
            *({"effect": e, "share": "0"} for e in ("leave", "not_notified")),
            *({"effect": e, "share": "0"} for e in ("closed", "planning_day")),
            {"effect": "other_unit", "share": "0"},
        ],
    )
    result = due(place, rules=rules, prices=one_price(100_00))
    return [(line.share, line.hundredths, line.counted) for line in result.lines]


def test_a_unit_is_parted_by_the_minutes_that_are_paid() -> None:
    assert by_units((Part("A", 540, 660),)) == [(100, 67, "N:1"), (50, 33, "A:1")]
    assert by_units((Part("L", 540, 660),)) == [(100, 50, "N:1")]
    thirds = (Part("A", 540, 660), Part("S", 660, 780))
    assert by_units(thirds) == [(100, 67, "N:0 S:1"), (50, 33, "A:1")]


def test_a_day_of_no_unit_pays_nothing() -> None:
    assert by_units((Part("L", 540, 840),)) == []


def test_bundles_are_named_where_their_days_are() -> None:
    """A line names the bundles of its own days only."""
    change = date(2020, 3, 11)
    short = {TUESDAY: (Part("U", 540, 660),)}
    place = placement(codes=only(TUESDAY, 11), parts=short)
    levels = [level("2", end=change), level("3", change)]
    prices = one_price(100_00)
    cells = {("3", *key[1:]): value for key, value in prices[0].cells.items()}
    object.__setattr__(prices[0], "cells", {**prices[0].cells, **cells})
    result = due(place, levels=levels, rules=BUNDLED, prices=prices)
    named = [line.rules[0] for line in result.lines]
    assert named == [
        "från 2 till och med 5 timmar räknas som 0,5 (1 dagar)",
        "från 6 timmar räknas som 1 (1 dagar)",
    ]


def test_days_of_another_class_are_taken_away_and_not_planned() -> None:
    pieces = {0: (("N", 100, 100),), 2: (("A", 50, 100),)}
    paid = PaidMonth("N-A", SPLIT * 3, pieces)
    timed = Timed(paid, {0: "hel", 2: "halv"}, {}, {})
    found = {name: one.paid for name, one in timed.by_class(["hel", "halv", "ingen"])}
    assert found == {
        "hel": PaidMonth("N--", f"{SPLIT}\0\0", {0: pieces[0]}),
        "halv": PaidMonth("--N", f"\0\0{SPLIT}", {2: pieces[2]}),
    }


def test_every_hour_is_paid_also_after_a_day_that_another_place_has() -> None:
    rules = changed(HOURLY, concurrent="main")
    main = placement(1, plans=[week(540, 900)], codes=only(9, 11))
    other = placement(
        2,
        plans=[week(900, 960)],
        codes=only(9, 10, 11, 12, 13),
        contracts=[Span(ALWAYS, None)],
    )
    result = due(main, other, rules=rules, prices=one_price(60_00, "hour"))
    assert {line.placement: line.hundredths for line in result.lines}[1] == 2 * 360_00


def test_the_other_place_is_paid_by_the_hour_when_the_main_one_has_ended() -> None:
    rules = changed(HOURLY, concurrent="main")
    main = placement(1, plans=[week(540, 900)], end=date(2020, 3, 12))
    other = placement(2, plans=[week(900, 960)], codes=only(10, 11, 12, 13))
    result = due(main, other, rules=rules, prices=one_price(60_00, "hour"))
    assert {line.placement: line.hundredths for line in result.lines} == {
        1: 8 * 360_00,
        2: 2 * 60_00,
    }


def test_a_pause_by_the_hour_counts_days_and_no_letters() -> None:
    resting = Pause(date(2020, 3, 9), date(2020, 3, 14), share=50)
    result = due(
        placement(pauses=[resting]), rules=HOURLY, prices=one_price(60_00, "hour")
    )
    [paused] = [line for line in result.lines if line.share == 50]
    assert (paused.days, paused.hundredths, paused.counted) == (5, 5 * 360_00, "")


def test_by_the_hour_a_weekend_outside_contract_is_missed_by_nobody() -> None:
    idle = [Span(ALWAYS, date(2020, 3, 7)), Span(date(2020, 3, 9), None)]
    prices = one_price(60_00, "hour")
    assert due(placement(contracts=idle), rules=HOURLY, prices=prices).held == ()


def test_unpaid_parts_of_days_are_told_together() -> None:
    parts = {day: (Part("U", 540, 660),) for day in (10, 11, 12)}
    [line] = lines(TYRESO, placement(parts=parts))
    assert line.rules[-1] == "på annan enhet: 0 % (3 dagar)"
