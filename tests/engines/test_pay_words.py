"""What rules, days and stops are called, in whole sentences."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from payments import Due, Pause, PlacementMonth, RuleSet, Span, day_steps
from payments.calendar import Hours, PlanSpan, WeekPlan
from payments.errors import (
    MissingProof,
    MissingReason,
    NoDayForSupplement,
    UnknownSupplement,
)
from payments.facts import Ended, Supplement
from payments.rule_rows import (
    AbsenceRule,
    Bound,
    Bundle,
    EndRule,
    PauseRule,
    hours,
    number,
)
from payments.rules import known_rules
from payments.steps import DayPart, DayStep
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    KNOWN,
    MARCH,
    MONDAY,
    TYRESO,
    changed,
    due,
    level,
    one_price,
    placement,
    plan,
)
from tests.engines.test_pay_bases import BUNDLED, BY_DAY, HOURLY

TUESDAY = 10
ABSENT = AbsenceRule("leave", 1, 10, 50, "planned_days", "attended", "leave")


def closed(value: int) -> Bound:
    return Bound(Fraction(value), closed=True)


def opened(value: int) -> Bound:
    return Bound(Fraction(value), closed=False)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (ABSENT, "ledig, planerade dagar 1 till 10: 50 %"),
        (
            replace(ABSENT, first=11, last=None),
            "ledig, planerade dagar 11 och framåt: 50 %",
        ),
        (replace(ABSENT, last=None), "ledig: 50 %"),
        (
            replace(ABSENT, counting="calendar_days", restart="month"),
            "ledig, kalenderdagar 1 till 10 i månaden: 50 %",
        ),
        (
            replace(ABSENT, restart="calendar_year"),
            "ledig, planerade dagar 1 till 10 under året: 50 %",
        ),
        (
            EndRule("moved", "end", 7, 100),
            "efter slutet (moved): 7 dagar från slutet, 100 %",
        ),
        (
            EndRule("moved", "notice", None, 50),
            "efter slutet (moved): månaden ut från beskedet, 50 %",
        ),
        (Bundle(closed(6), None, 100), "från 6 timmar räknas som 1"),
        (Bundle(opened(5), None, 100), "över 5 timmar räknas som 1"),
        (Bundle(closed(0), opened(2), 0), "under 2 timmar räknas som 0"),
        (Bundle(closed(0), closed(2), 10), "till och med 2 timmar räknas som 0,1"),
        (
            Bundle(opened(0), closed(2), 25),
            "över 0 till och med 2 timmar räknas som 0,25",
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value).__name__,
)
def test_a_rule_is_called_what_it_says(rule: object, words: str) -> None:
    assert str(rule) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 timmar"),
        (1, "0 timmar 1 minuter"),
        (-90, "−1 timmar 30 minuter"),
        (-60, "−1 timmar"),
    ],
)
def test_minutes_are_said_in_hours(minutes: int, words: str) -> None:
    assert hours(minutes) == words


def test_numbers_have_no_idle_noughts() -> None:
    assert [number(Fraction(n, 100)) for n in (1000, 1050, 1005)] == [
        "10",
        "10,5",
        "10,05",
    ]


def test_a_pause_row_reaches_to_its_last_day() -> None:
    row = PauseRule(2, 3, 50, kept=None)
    assert [row.matches(day, kept=True) for day in (1, 2, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_rule_set_is_known_from_the_instant_it_is_decided() -> None:
    assert known_rules([TYRESO], date(2020, 3, 1), TYRESO.decided_at) is TYRESO
    before = replace(TYRESO, decided_at=KNOWN)
    assert known_rules([before], date(2020, 3, 1), TYRESO.decided_at) is None


@pytest.mark.parametrize(
    ("measure", "extent_class"),
    [
        ("planned_days_a_week", "dagar"),
        ("planned_hours_a_week", "timmar"),
        ("planned_hours_a_day", "dag"),
    ],
)
def test_a_plan_has_the_class_of_its_measure(measure: str, extent_class: str) -> None:
    """Three days of six hours: 3 days, 18 hours a week, 6 hours a day."""
    names = {"3": "dagar", "18": "timmar", "6": "dag"}
    rows = [{"name": names[n], "from": n, "to": n} for n in ("3", "6", "18")]
    rules = changed(extent={"measure": measure, "classes": rows})
    assert rules.extent_class(plan(days=3).extent) == extent_class


def test_an_idle_day_has_no_time_no_class_no_bundle_and_no_fault() -> None:
    sunday, monday, *_ = day_steps(MARCH, TYRESO, placement())
    assert sunday == DayStep(date(2020, 3, 1), "-", 0, (), "", "", "")
    here = DayPart("N", 100, 100)
    assert monday == DayStep(date(2020, 3, 2), "N", 360, (here,), "", "", "")


@pytest.mark.parametrize(
    ("rules", "told"),
    [(BUNDLED, ("", "från 6 timmar räknas som 1", "")), (HOURLY, ("", "", ""))],
    ids=["bundled", "hour"],
)
def test_a_day_says_only_what_its_rules_ask(
    rules: RuleSet, told: tuple[str, str, str]
) -> None:
    _, monday, *_ = day_steps(MARCH, rules, placement())
    assert (monday.extent_class, monday.bundle, monday.fault) == told


def test_an_idle_day_by_the_day_has_no_class() -> None:
    sunday, monday, *_ = day_steps(MARCH, changed(extent=BY_DAY), placement())
    assert (sunday.extent_class, monday.extent_class) == ("", "heltid")


def test_days_closed_for_all_are_no_days_of_the_plan() -> None:
    rules = changed(not_reported="plan_is_paid")
    facts = placement(reported=False)
    steps = day_steps(MARCH, rules, facts, closed={date(2020, 3, 10)})
    assert [step.code for step in steps[8:11]] == ["N", "K", "N"]


def with_supplement(rules: RuleSet, one: Supplement, **facts: object) -> Due:
    place = placement(**facts)._replace(supplements=(one,))
    return due(place, rules=rules, prices=one_price(100_00))


def supplement(**row: object) -> RuleSet:
    known = {"code": "hsl", "name": "Egen HSL", "per": "day"}
    amounts = [{"from": "2020-01-01", "amount": "9"}]
    return changed(supplements=[{**known, "amounts": amounts, **row}])


GRANTED = Supplement("hsl", ALWAYS, None)


@pytest.mark.parametrize(
    ("rules", "one", "why"),
    [
        (TYRESO, GRANTED, UnknownSupplement("hsl")),
        (supplement(proof="needed"), GRANTED, MissingProof("Egen HSL")),
        (
            changed(supplements=[{"code": "hsl", "name": "Egen HSL", "per": "day"}]),
            GRANTED,
            MissingReason("Egen HSL"),
        ),
        (
            supplement(amounts=[{"from": "2020-03-02", "amount": "9"}]),
            GRANTED,
            UnknownSupplement("hsl"),
        ),
        (
            supplement(per="once"),
            Supplement("hsl", date(2020, 3, 31), date(2020, 4, 1)),
            NoDayForSupplement("Egen HSL"),
        ),
    ],
    ids=["unknown", "proof", "reason", "too early", "no day"],
)
def test_a_supplement_that_stops_says_which(
    rules: RuleSet, one: Supplement, why: Exception
) -> None:
    facts = {"end": date(2020, 3, 31)} if isinstance(why, NoDayForSupplement) else {}
    [held] = with_supplement(rules, one, **facts).held
    assert held.message == str(why)
    assert held.start < held.end <= date(2020, 4, 1)


def test_a_supplement_that_is_over_does_not_hide_the_next() -> None:
    over = Supplement("hsl", ALWAYS, date(2020, 3, 1))
    place = placement()._replace(supplements=(over, GRANTED))
    result = due(place, rules=supplement(), prices=one_price(100_00))
    assert [line.kind for line in result.lines] == ["place", "supplement:hsl"]
    assert result.lines[1].levels == ()


def test_a_supplement_of_the_month_names_how_parts_of_it_are_paid() -> None:
    line = with_supplement(supplement(per="month"), GRANTED).lines[1]
    assert line.rules == ("tillägg Egen HSL", "del av månad efter kalenderdagar")
    assert (line.month, line.counted, line.of) == (MARCH, "", 31)
    daily = with_supplement(supplement(), GRANTED).lines[1]
    assert daily.rules == ("tillägg Egen HSL", "dagar som betalas")


def test_once_is_a_line_without_levels() -> None:
    one = Supplement("hsl", date(2020, 3, 3), None)
    line = with_supplement(supplement(per="once"), one).lines[1]
    assert (line.levels, line.days, line.amount) == ((), 1, 9_00)


def test_amounts_that_meet_make_no_line_of_no_days() -> None:
    amounts = [{"from": f"2020-0{n}-01", "amount": f"{n}"} for n in (1, 3, 4)]
    result = with_supplement(supplement(amounts=amounts), GRANTED)
    assert [(line.price, line.days) for line in result.lines[1:]] == [(3_00, 22)]


def gone(end: date, *, rules: RuleSet, **facts: object) -> Due:
    place = placement(end=end, **facts)._replace(ended=Ended("moved", None))
    return due(place, rules=rules, prices=one_price(60_00, rules.price_unit))


def test_a_tail_by_the_hour_is_the_planned_hours_and_no_letters() -> None:
    row = {"reason": "moved", "days": "7", "share": "50"}
    result = gone(date(2020, 3, 12), rules=changed(HOURLY, after_end=[row]))
    _, after = result.lines
    assert (after.hundredths, after.share, after.counted) == (5 * 360_00, 50, "N:5")
    assert result.held == ()


def test_a_tail_by_the_day_counts_no_letters() -> None:
    row = {"reason": "moved", "days": "7", "share": "50"}
    result = gone(date(2020, 3, 12), rules=changed(after_end=[row]))
    after = result.lines[1]
    assert (after.days, after.of, after.counted) == (5, 1, "")
    assert (after.start, after.end) == (date(2020, 3, 12), date(2020, 3, 19))


def test_a_tail_over_idle_days_makes_no_line() -> None:
    row = {"reason": "moved", "days": "1", "share": "50"}
    result = gone(date(2020, 3, 14), rules=changed(after_end=[row]))
    assert [line.kind for line in result.lines] == ["place"]


def test_a_tail_without_notice_is_held_on_its_first_day() -> None:
    row = {"reason": "moved", "days": "7", "share": "50", "from": "notice"}
    [held] = gone(date(2020, 3, 12), rules=changed(after_end=[row])).held
    assert (held.start, held.end) == (date(2020, 3, 12), date(2020, 3, 13))
    assert (held.kind, held.error, held.amount) == ("after_end", "MissingNotice", None)


def test_a_tail_of_days_that_cannot_be_judged_is_held_beside_the_others() -> None:
    row = {"reason": "moved", "days": "7", "share": "50"}
    odd = Hours(540, 540 + 330)
    week = (odd,) * 5 + (None,) * 2
    gap = PlanSpan.of(WeekPlan(MONDAY, (week,)), ALWAYS)
    facts = {"plans": [gap], "contracts": [Span(ALWAYS, date(2020, 3, 13))]}
    result = gone(date(2020, 3, 12), rules=changed(BUNDLED, after_end=[row]), **facts)
    tail = [one for one in result.held if one.kind == "after_end"]
    assert [one.start for one in tail if one.error == "NoBundle"] == [
        date(2020, 3, 12),
        date(2020, 3, 16),
    ]


def test_a_level_or_plan_that_ended_before_does_not_rise_again() -> None:
    row = {"reason": "moved", "days": "7", "share": "100"}
    levels = [level("2", end=date(2020, 3, 5)), level("3", date(2020, 3, 11), ref=2)]
    prices = one_price(60_00)
    place = placement(end=date(2020, 3, 12), levels=levels)._replace(
        ended=Ended("moved", None)
    )
    result = due(place, rules=changed(after_end=[row]), prices=prices)
    tail = [one for one in result.held if one.kind == "after_end"]
    assert [(one.error, one.start, one.end) for one in tail] == [
        ("MissingRate", date(2020, 3, 12), date(2020, 3, 19))
    ]


def test_a_schablon_says_how_the_month_came_from_the_day() -> None:
    rules = changed(
        GOTEBORG,
        basis="schablon_days",
        schablon_factor="4.2",
        extent={
            "measure": "planned_days_a_week",
            "classes": [{"name": "plats", "from": "1"}],
        },
    )
    [line] = due(placement(), rules=rules, prices=one_price(100_00)).lines
    told = [rule.replace("\N{NO-BREAK SPACE}", " ") for rule in line.rules]
    assert told[-1] == (
        "schablon: 100,00 kr per dag × 4,2 × 5 dagar i veckan = 2 100,00 kr per månad"
    )


def test_a_pause_that_pays_nothing_stops_nothing() -> None:
    """A day outside contract that would not have been paid is missed by nobody."""
    resting = Pause(date(2020, 3, 16), date(2020, 3, 21), share=0)
    short = [Span(ALWAYS, date(2020, 3, 16)), Span(date(2020, 3, 21), None)]
    facts = placement(pauses=[resting], contracts=short)
    assert due(facts).held == ()
    paid = facts._replace(pauses=(replace(resting, share=50),))
    [held] = due(paid).held
    assert (held.start, held.end) == (date(2020, 3, 16), date(2020, 3, 21))


def test_a_weekend_outside_contract_is_missed_by_nobody() -> None:
    idle = [Span(ALWAYS, date(2020, 3, 7)), Span(date(2020, 3, 9), None)]
    assert due(placement(contracts=idle)).held == ()
    resting = Pause(date(2020, 3, 7), date(2020, 3, 9), share=50)
    assert due(placement(contracts=idle, pauses=[resting])).held == ()


def test_parts_of_a_stop_with_and_without_days_to_pay_are_one() -> None:
    """From a Saturday over a change of level to a Monday: one stop, for the Monday."""
    change = date(2020, 3, 9)
    levels = [level("2", end=change), level("3", change)]
    short = [Span(ALWAYS, date(2020, 3, 7)), Span(date(2020, 3, 10), None)]
    facts: PlacementMonth = placement(contracts=short, levels=levels)
    [held] = due(facts).held
    assert (held.start, held.end) == (date(2020, 3, 7), date(2020, 3, 10))
    later = [Span(ALWAYS, date(2020, 3, 6)), Span(date(2020, 3, 9), None)]
    levels = [level("2", end=date(2020, 3, 7)), level("3", date(2020, 3, 7))]
    [held] = due(placement(contracts=later, levels=levels)).held
    assert (held.start, held.end) == (date(2020, 3, 6), date(2020, 3, 9))
