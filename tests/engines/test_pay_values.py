"""What a value of the payment engine refuses to be, and in which words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from payments import Hours, WeekPlan
from payments.calendar import Week
from payments.dates import change_day, judged
from payments.errors import BadRule
from payments.rule_rows import NoticeRule
from tests.engines.payfacts import GOTEBORG, MONDAY, TYRESO

DAY = Hours(9 * 60, 15 * 60)
WEEK: Week = (DAY,) * 5 + (None,) * 2
ORDERED = date(2026, 3, 10)
TIMES = "tiderna ska gå från en tid till en senare."
WEEKS = "planen ska ha 1, 2 eller 4 hela veckor."


@pytest.mark.parametrize(
    ("make", "where", "why"),
    [
        (lambda: Hours(-1, 60), "veckoplan", TIMES),
        (lambda: Hours(60, 60), "veckoplan", TIMES),
        (lambda: Hours(60, 24 * 60 + 1), "veckoplan", TIMES),
        (lambda: WeekPlan(MONDAY, (WEEK,) * 3), "veckoplan", WEEKS),
        (lambda: WeekPlan(MONDAY, (WEEK[:6],)), "veckoplan", WEEKS),
        (
            lambda: WeekPlan(date(2020, 1, 7), (WEEK,)),
            "veckoplan",
            "planen ska börja en måndag.",
        ),
        (
            lambda: change_day(TYRESO, ORDERED),
            "change_weeks",
            "reglerna säger inte när en ändring gäller.",
        ),
        (
            lambda: change_day(
                replace(GOTEBORG, change_weeks=4), ORDERED, date(2026, 3, 9)
            ),
            "change_weeks",
            "en ändring gäller inte före beställningen.",
        ),
    ],
    ids=[
        "before midnight",
        "no time at all",
        "past midnight",
        "three weeks",
        "six days",
        "a Tuesday",
        "no rule of changes",
        "before the order",
    ],
)
def test_what_cannot_be_is_refused_by_name(
    make: Callable[[], object], where: str, why: str
) -> None:
    with pytest.raises(BadRule) as refused:
        make()
    assert (refused.value.where, refused.value.why) == (where, why)
    assert str(refused.value) == f"Regeln ”{where}”: {why}"


def test_a_whole_day_and_night_are_hours() -> None:
    assert Hours(0, 24 * 60).minutes == 24 * 60


def test_hours_that_only_meet_do_not_overlap() -> None:
    morning, afternoon = Hours(8 * 60, 12 * 60), Hours(12 * 60, 16 * 60)
    assert not morning.overlaps(afternoon)
    assert not afternoon.overlaps(morning)
    assert morning.overlaps(Hours(11 * 60, 13 * 60))


@pytest.mark.parametrize(
    ("rule", "told", "effect"),
    [
        (NoticeRule(hours=24, days=None, by=None), (9, 9), "notified"),
        (NoticeRule(hours=24, days=None, by=None), (9, 10), "late"),
        (NoticeRule(hours=None, days=None, by=None), (10, 9), "notified"),
        (NoticeRule(hours=2, days=1, by=None), (10, 7), "notified"),
        (NoticeRule(hours=2, days=None, by=900), (10, 7), "notified"),
    ],
    ids=[
        "a day before",
        "less than a day before",
        "as it begins, no hours asked",
        "a day without a time counts by hours",
        "a time without a day counts by hours",
    ],
)
def test_notice_by_hours(rule: NoticeRule, told: tuple[int, int], effect: str) -> None:
    begins = datetime(2026, 3, 10, 9, tzinfo=UTC)
    day, hour = told
    assert judged(rule, begins, datetime(2026, 3, day, hour, tzinfo=UTC)) == effect
