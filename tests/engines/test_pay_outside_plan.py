"""Time here outside the plan: judged by its own rule, and never at the plan's cost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import Line, Pause, PlacementMonth, RuleSet
from payments.absence import split_day
from payments.calendar import Hours
from payments.facts import Part
from tests.engines.payfacts import MARCH, TYRESO, due, marked, placement, published

DAY = 62600
"""A day at level 2, full time, in Tyresö 2020; six hours are planned, 9 to 15."""

SATURDAY, TUESDAY = 7, 10
EXTRA_PAID = replace(
    TYRESO,
    absences=tuple(
        replace(rule, share=100) if rule.effect == "extra" else rule
        for rule in TYRESO.absences
    ),
)
WHOLE_DAYS = replace(EXTRA_PAID, part_days="whole_day")


def extra(start: int, end: int) -> tuple[Part, ...]:
    return (Part("X", start * 60, end * 60),)


def paid(facts: PlacementMonth, rules: RuleSet = EXTRA_PAID) -> Line:
    [line] = due(facts, rules=rules, prices=published("tyreso-2020.csv")).lines
    return line


@pytest.mark.parametrize(
    ("rules", "amount"),
    [(TYRESO, 22 * DAY), (EXTRA_PAID, 22 * DAY + DAY // 2)],
    ids=["unpaid", "paid"],
)
def test_staying_after_the_plan_costs_the_plan_nothing(
    rules: RuleSet, amount: int
) -> None:
    line = paid(placement(parts={TUESDAY: extra(15, 18)}), rules)
    assert line.amount == amount
    assert any("närvarande utanför planen" in rule for rule in line.rules)


def test_an_afternoon_instead_of_a_morning_is_each_by_its_rule() -> None:
    moved = (Part("U", 9 * 60, 12 * 60), *extra(15, 18))
    assert paid(placement(parts={TUESDAY: moved}), TYRESO).hundredths == 2150
    assert paid(placement(parts={TUESDAY: moved})).hundredths == 2200


@pytest.mark.parametrize("letter", "-X")
@pytest.mark.parametrize(
    ("rules", "hundredths"),
    [(TYRESO, 2200), (EXTRA_PAID, 2250), (WHOLE_DAYS, 2300)],
    ids=["unpaid", "by its minutes of a usual day", "a whole day"],
)
def test_time_on_a_free_day_is_paid_by_the_rules(
    letter: str, rules: RuleSet, hundredths: int
) -> None:
    codes = marked(MARCH, d7=letter)
    facts = placement(codes=codes, parts={SATURDAY: extra(9, 12)})
    assert paid(facts, rules).hundredths == hundredths


@pytest.mark.parametrize(
    ("rules", "hundredths"),
    [(TYRESO, 2100), (EXTRA_PAID, 2150), (WHOLE_DAYS, 2200)],
    ids=["unpaid", "by its minutes", "a whole day"],
)
def test_time_on_a_closed_day_is_paid_by_the_rules(
    rules: RuleSet, hundredths: int
) -> None:
    codes = marked(MARCH, d10="K")
    facts = placement(codes=codes, parts={TUESDAY: extra(9, 12)})
    assert paid(facts, rules).hundredths == hundredths


def test_nothing_is_paid_on_a_free_day_of_a_pause_or_after_the_end() -> None:
    parts = {SATURDAY: extra(9, 15), 21: extra(9, 15)}
    pause = Pause(date(2020, 3, 6), date(2020, 3, 9))
    facts = placement(parts=parts, pauses=[pause], end=date(2020, 3, 21))
    lines = due(facts, rules=EXTRA_PAID, prices=published("tyreso-2020.csv")).lines
    assert sum(line.hundredths for line in lines) == 1400


def test_time_on_a_free_day_ends_a_run_of_absence() -> None:
    codes = marked(MARCH, **{f"d{day}": "O" for day in (5, 6, 9)})
    assert paid(placement(codes=codes)).counted == "N:19 O:1"
    here = placement(codes=codes, parts={SATURDAY: extra(9, 12)})
    assert paid(here).counted == "N:19 O:2 X:1"


def test_hours_outside_the_plan_are_claimed_once() -> None:
    evening = placement(2, codes="-" * 31, parts={TUESDAY: extra(16, 18)})
    both = placement(1, parts={TUESDAY: extra(15, 17)}), evening
    held = due(*both, rules=EXTRA_PAID, prices=published("tyreso-2020.csv")).held
    assert [one.error for one in held] == ["SameHoursTwice", "SameHoursTwice"]
    later = placement(2, codes="-" * 31, parts={TUESDAY: extra(17, 18)})
    apart = due(both[0], later, rules=EXTRA_PAID, prices=published("tyreso-2020.csv"))
    assert apart.held == ()


SPANS = st.tuples(st.integers(0, 1439), st.integers(1, 600)).map(
    lambda span: (span[0], min(sum(span), 1440))
)


@given(SPANS, st.lists(SPANS, max_size=3))
@settings(derandomize=True, deadline=None)
def test_a_planned_day_stays_whole_whatever_is_beside_it(
    planned: tuple[int, int], beside: list[tuple[int, int]]
) -> None:
    hours = Hours(*planned)
    outside = [
        Part("X", start, end)
        for start, end in beside
        if end <= hours.start or hours.end <= start
    ]
    pieces = split_day(outside, "N", hours)
    assert pieces[0] == ("N", 100)
    assert all(code == "X" for code, _ in pieces[1:])
