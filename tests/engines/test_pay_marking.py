"""What attendance says of each day, and which days two placements both claim."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from payments import Pause, PlacementMonth
from payments.calendar import Hours, PlanSpan, WeekPlan
from payments.errors import BadAttendance, MissingAttendance
from payments.facts import Part
from payments.marking import Marked, Marking
from payments.rule_rows import NoticeRule
from payments.rules import RuleSet
from tests.engines.payfacts import (
    ALWAYS,
    MARCH,
    MONDAY,
    TYRESO,
    placement,
    plan,
    planned_codes,
)

HOURLY = replace(TYRESO, basis="hour")
WHOLE_DAYS = replace(TYRESO, part_days="whole_day")
NOTICE = NoticeRule(hours=24, days=None, by=None)
SATURDAY, TUESDAY = 7, 10
MORNING = plan(hours=3)
PLANNED = planned_codes(MARCH, [plan()])


def only(day: int, letter: str = "N") -> str:
    return "-" * (day - 1) + letter + "-" * (31 - day)


def with_day(day: int, letter: str) -> str:
    return PLANNED[: day - 1] + letter + PLANNED[day:]


def part(code: str, start: int, end: int, told: datetime | None = None) -> Part:
    return Part(code, start * 60, end * 60, told)


def marked(facts: PlacementMonth, rules: RuleSet = TYRESO) -> Marked:
    place = Marking(MARCH, rules).place(facts)
    if place.error:
        raise place.error
    assert place.marked is not None
    return place.marked


def both_claim(*facts: PlacementMonth, rules: RuleSet = TYRESO) -> list[list[int]]:
    """For each placement the days of the month that another claims as well."""
    marking = Marking(MARCH, rules)
    places = [marking.place(each) for each in facts]
    marking.find_same_hours(places)
    return [sorted(offset + 1 for offset in place.twice) for place in places]


@pytest.mark.parametrize(
    ("parts", "claimed"),
    [
        ((), True),
        ((part("U", 9, 12),), False),
        ((part("U", 12, 15),), True),
        ((part("U", 10, 12),), True),
        ((part("U", 9, 10), part("U", 10, 12)), False),
        ((part("X", 15, 17),), True),
        ((part("A", 12, 15),), True),
        ((part("X", 15, 16), part("X", 16, 17)), True),
    ],
    ids=[
        "the whole day",
        "there in the morning",
        "there in the afternoon",
        "there most of the morning",
        "there in two parts",
        "here longer",
        "away in the afternoon",
        "here longer in two parts",
    ],
)
def test_a_day_claims_its_plan_less_what_is_elsewhere(
    parts: tuple[Part, ...], *, claimed: bool
) -> None:
    here = placement(parts={TUESDAY: parts} if parts else None)
    there = placement(2, plans=[MORNING], codes=only(TUESDAY))
    days = [TUESDAY] if claimed else []
    assert both_claim(here, there) == [days, days]
    assert both_claim(there, here) == [days, days]


@pytest.mark.parametrize(
    ("letter", "hours", "claimed"),
    [("U", (15, 18), False), ("U", (11, 13), True), ("K", (11, 13), True)],
    ids=["after it", "in it", "in it, of a closed day"],
)
def test_a_day_elsewhere_claims_only_its_parts_here(
    letter: str, hours: tuple[int, int], *, claimed: bool
) -> None:
    parts = {TUESDAY: (part("X", *hours),)}
    here = placement(codes=only(TUESDAY, letter), parts=parts)
    there = placement(2, plans=[MORNING], codes=only(TUESDAY))
    days = [TUESDAY] if claimed else []
    assert both_claim(here, there) == [days, days]


def test_a_day_without_known_hours_claims_all_of_it() -> None:
    here = placement(codes=only(SATURDAY, "X"))
    parts = {SATURDAY: (part("X", 10, 12),)}
    there = placement(2, codes=only(SATURDAY, "X"), parts=parts)
    assert both_claim(here, there) == [[SATURDAY], [SATURDAY]]
    assert both_claim(here, here._replace(ref=2)) == [[SATURDAY], [SATURDAY]]


def test_days_that_several_claim_are_kept_for_each_of_them() -> None:
    first = placement(1)
    second = placement(2, codes=only(TUESDAY))
    third = placement(3, codes=only(TUESDAY + 1))
    both = [TUESDAY, TUESDAY + 1]
    assert both_claim(first, second, third) == [both, [TUESDAY], [TUESDAY + 1]]
    assert both_claim(second, third, first) == [[TUESDAY], [TUESDAY + 1], both]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_placement_begins_on_its_first_day(first: int) -> None:
    begun = placement(start=date(2020, 3, first))
    assert Marking(MARCH, TYRESO).place(begun).low == first - 1


@pytest.mark.parametrize("first", [2, 3])
def test_days_before_the_first_are_nothing(first: int) -> None:
    begun = placement(start=date(2020, 3, first), codes="N" * 31)
    assert marked(begun).codes == "-" * (first - 1) + "N" * (32 - first)


@pytest.mark.parametrize(
    ("codes", "why"),
    [("N" * 30, "30 dagar i en månad med 31."), ("?!#" * 10 + "N", "okända koder !#.")],
    ids=["too short", "unknown letters"],
)
def test_attendance_that_cannot_be_read_is_said_so(codes: str, why: str) -> None:
    with pytest.raises(BadAttendance) as refused:
        marked(placement(codes=codes))
    assert str(refused.value) == str(BadAttendance(why))


@pytest.mark.parametrize(
    "bad",
    [Part("?", 540, 600, None), Part("A", 540, 540, None), Part("A", 600, 540, None)],
    ids=["a letter of no part", "no time", "backwards"],
)
def test_parts_that_cannot_be_right_name_their_day(bad: Part) -> None:
    with pytest.raises(BadAttendance) as refused:
        marked(placement(parts={TUESDAY: (part("A", 9, 10), bad)}))
    why = str(BadAttendance("delarna av dag 10 stämmer inte."))
    assert str(refused.value) == why


LATE = datetime(2020, 3, 10, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("letter", "parts", "judged"),
    [
        ("A", (part("A", 9, 15, LATE),), "S"),
        ("N", (part("A", 12, 15, LATE),), "N"),
        ("A", (part("A", 9, 10), part("A", 10, 15, LATE)), "S"),
        ("A", (part("A", 9, 10),), "A"),
        ("L", (part("L", 9, 15, LATE),), "L"),
    ],
    ids=[
        "told too late",
        "part of a day here",
        "the part that says when",
        "nobody says when",
        "leave is never judged",
    ],
)
def test_a_day_is_judged_as_the_part_that_says_when(
    letter: str, parts: tuple[Part, ...], judged: str
) -> None:
    facts = placement(codes=with_day(TUESDAY, letter), parts={TUESDAY: parts})
    found = marked(facts, replace(TYRESO, notice=NOTICE))
    assert found.codes == with_day(TUESDAY, judged)


def test_without_a_rule_of_notice_a_part_is_as_written() -> None:
    parts = {TUESDAY: (part("A", 9, 15, LATE),)}
    found = marked(placement(codes=with_day(TUESDAY, "A"), parts=parts))
    assert found.codes == with_day(TUESDAY, "A")
    assert found.pieces[TUESDAY - 1] == (("A", 100),)


def test_a_part_of_a_day_that_rests_is_nothing() -> None:
    parts = {TUESDAY: (part("A", 9, 12),)}
    resting = Pause(date(2020, 3, 10), date(2020, 3, 11))
    found = marked(placement(parts=parts, pauses=[resting]))
    assert found.codes[TUESDAY - 1] == "-"
    assert found.pieces == {}


@pytest.mark.parametrize(
    ("rules", "letter"), [(TYRESO, "K"), (WHOLE_DAYS, "X")], ids=["parts", "whole days"]
)
def test_a_visit_on_a_closed_day_makes_it_another_only_by_whole_days(
    rules: RuleSet, letter: str
) -> None:
    parts = {TUESDAY: (part("X", 9, 12),)}
    facts = placement(codes=with_day(TUESDAY, "K"), parts=parts)
    assert marked(facts, rules).codes == with_day(TUESDAY, letter)


def test_only_days_that_nobody_reported_are_as_planned() -> None:
    rules = replace(TYRESO, not_reported="plan_is_paid")
    codes = with_day(TUESDAY, "A").replace("N", "?", 1)
    assert marked(placement(codes=codes), rules).codes == with_day(TUESDAY, "A")
    with pytest.raises(MissingAttendance):
        marked(placement(codes=codes))


def test_an_extra_day_is_only_its_parts_also_where_it_was_planned() -> None:
    parts = {TUESDAY: (part("X", 9, 12),)}
    found = marked(placement(codes=with_day(TUESDAY, "X"), parts=parts))
    assert found.pieces == {TUESDAY - 1: (("X", 50),)}


def test_an_extra_day_without_any_plan_is_whole_by_what_it_has() -> None:
    rest = PlanSpan.of(WeekPlan(MONDAY, ((None,) * 7,)), ALWAYS)
    parts = {SATURDAY: (part("X", 9, 12),)}
    facts = placement(plans=[rest], codes=only(SATURDAY, "X"), parts=parts)
    assert marked(facts).pieces == {SATURDAY - 1: (("X", 100),)}


def uneven() -> PlanSpan:
    """Two days of six hours and one of six hours and a minute: 360 in whole minutes."""
    day, longer = Hours(540, 900), Hours(540, 901)
    week = (day, day, longer, None, None, None, None)
    return PlanSpan.of(WeekPlan(MONDAY, (week,)), ALWAYS)


def test_by_the_hour_a_day_is_as_long_as_its_plan_or_the_usual_one() -> None:
    codes = only(TUESDAY)[:TUESDAY] + "N" + "-" * 20
    parts = {SATURDAY: (part("X", 9, 12),)}
    facts = placement(plans=[uneven()], codes=codes[:6] + "X" + codes[7:], parts=parts)
    found = marked(facts, HOURLY)
    assert found.wholes == {SATURDAY - 1: 360, TUESDAY - 1: 360, TUESDAY: 361}
    assert found.pieces == {
        SATURDAY - 1: (("X", 180),),
        TUESDAY - 1: (("N", 360),),
        TUESDAY: (("N", 361),),
    }
