"""How runs of absence are counted: over months, over days here, and the quick way."""

from dataclasses import replace
from datetime import date

import pytest

from payments import Month, RuleSet
from payments.absence import DayShares, Marked, split_day, whole_of
from payments.facts import Count, Part
from payments.rule_rows import AbsenceRule
from tests.engines.payfacts import MARCH, TYRESO

APRIL = Month(2020, 4)


def limited(
    days: int, counting: str, restart: str, effect: str = "notified"
) -> RuleSet:
    """So many days of one kind of absence are paid, and then none."""
    first = AbsenceRule(effect, 1, days, 100, counting, restart, effect)
    after = replace(first, first=days + 1, last=None, share=0)
    kept = [rule for rule in TYRESO.absences if rule.effect != effect]
    alone = [
        replace(rule, first=1, last=None, group=rule.effect)
        for rule in kept
        if rule.first == 1
    ]
    return replace(TYRESO, absences=(*alone, first, after))


def shares(codes: str, rules: RuleSet, carry: tuple[Count, ...] = ()) -> list[int]:
    """The share of each day, and that the quick way says what the slow one does."""
    text = codes.ljust(31, "-")
    days = DayShares(MARCH, rules)
    quick, after = days.one(text, carry)
    [slow], slowly = days.walk([Marked(text, {})], carry)
    assert (quick.shares, after) == (slow.shares, slowly)
    return [ord(share) for share in quick.shares[: len(codes)]]


def test_a_run_that_begins_on_the_last_day_goes_on() -> None:
    [one], carry = DayShares(MARCH, TYRESO).paid([Marked("-" * 30 + "O", {})], ())
    assert [(c.group, c.planned) for c in carry] == [("not_notified", 1)]
    next_month, _ = DayShares(APRIL, TYRESO).one("O".ljust(30, "-"), carry)
    assert (ord(one.shares[-1]), ord(next_month.shares[0])) == (100, 0)


def test_a_day_here_on_the_1st_ends_the_run_from_before() -> None:
    before = Count("not_notified", 5, 5, MARCH.first.toordinal() - 1, 0)
    assert shares("NO", TYRESO, (before,)) == [100, 100]
    assert shares("OO", TYRESO, (before,)) == [0, 0]


@pytest.mark.parametrize(
    ("codes", "paid"),
    [
        ("AAA", [100, 100, 0]),
        ("A-A-A", [100, 0, 0, 0, 0]),
        ("ANAA", [100, 100, 100, 100]),
        ("AXAA", [100, 0, 100, 100]),
        ("A--A", [100, 0, 0, 0]),
        ("A--AN", [100, 0, 0, 0, 100]),
    ],
    ids=["in a row", "idle", "a day here", "an extra day", "two letters", "then here"],
)
def test_calendar_days_count_the_days_between(codes: str, paid: list[int]) -> None:
    assert shares(codes, limited(2, "calendar_days", "attended")) == paid


@pytest.mark.parametrize("restart", ["month", "calendar_year"])
@pytest.mark.parametrize("between", ["N", "X", "-", "K"])
def test_a_limit_of_a_month_or_year_counts_on_over_other_days(
    between: str, restart: str
) -> None:
    rules = limited(2, "planned_days", restart)
    found = shares(f"A{between}A{between}A", rules)
    assert [found[0], found[2], found[4]] == [100, 100, 0]


@pytest.mark.parametrize("first", ["notified", "leave"])
def test_every_limit_is_looked_for_whatever_the_others_count(first: str) -> None:
    """One limit of a year beside one that a day here ends, in either order."""
    year = limited(20, "planned_days", "calendar_year", first)
    other = "leave" if first == "notified" else "notified"
    short = limited(2, "planned_days", "attended", other)
    mine = [rule for rule in short.absences if rule.effect == other]
    rest = [rule for rule in year.absences if rule.effect != other]
    letter = "L" if other == "leave" else "A"
    for rows in ((*rest, *mine), (*mine, *rest)):
        rules = replace(TYRESO, absences=tuple(rows))
        assert shares(letter * 3, rules) == [100, 100, 0]


def test_extra_days_beside_absence_are_no_run() -> None:
    rules = limited(2, "planned_days", "month")
    _, carry = DayShares(MARCH, rules).one("AXAX".ljust(31, "-"), ())
    assert carry == ()
    assert shares("AXAXA", rules) == [100, 0, 100, 0, 0]


def test_an_unplanned_day_is_measured_by_what_it_has() -> None:
    assert whole_of([Part("X", 540, 600)], None) == 60
    assert split_day([Part("X", 540, 600)], "X", None) == (("X", 100),)


def test_the_calendar_year_begins_again() -> None:
    rules = limited(2, "planned_days", "calendar_year")
    last = date(2019, 12, 31).toordinal()
    old, new = Count("notified", 2, 2, last, 2019), Count("notified", 2, 2, last, 2020)
    assert shares("A", rules, (old,)) == [100]
    assert shares("A", rules, (new,)) == [0]
