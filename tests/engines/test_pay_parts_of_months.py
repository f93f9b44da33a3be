"""A month that starts, ends, changes or rests: which part of it is paid."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import Due, Hours, Month, Pause, PlanSpan, RuleSet, Span, WeekPlan
from payments.errors import BadRule
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

MAY = Month(2023, 5)
"""31 days, 23 weekdays; the 1st is a Monday."""

PRICE = 17_116_00
FULL = plan(hours=7)
GAP = [Span(ALWAYS, date(2023, 5, 10)), Span(date(2023, 5, 20), None)]


def parts(rules: RuleSet, **facts: object) -> list[tuple[int, int, int]]:
    facts = {"month": MAY, "plans": [FULL], "levels": [level("1")]} | facts
    found = due(
        placement(**facts),
        month=MAY,
        rules=rules,
        prices=published("goteborg-2023.csv"),
    )
    return [(line.days, line.of, line.amount) for line in found.lines]


@pytest.mark.parametrize(
    ("kind", "days", "of"),
    [("calendar_days", 12, 31), ("weekdays", 8, 23), ("planned_days", 3, 9)],
)
def test_a_start_inside_the_month_pays_its_part(kind: str, days: int, of: int) -> None:
    long = Hours(8 * 60, 18 * 60 + 30)
    week = tuple(long if weekday in (0, 3) else None for weekday in range(7))
    twice = PlanSpan.of(WeekPlan(MONDAY, (week,)), ALWAYS)
    rules = replace(GOTEBORG, proration=kind)
    plans = [twice] if kind == "planned_days" else [FULL]
    [(counted, whole, _)] = parts(rules, start=date(2023, 5, 20), plans=plans)
    assert (counted, whole) == (days, of)


def test_planned_days_before_the_first_plan_are_by_that_plan() -> None:
    rules = replace(GOTEBORG, proration="planned_days")
    begun = plan(hours=7, start=date(2023, 5, 15))
    [(days, of, amount)] = parts(rules, start=date(2023, 5, 15), plans=[begun])
    assert (days, of, amount) == (13, 23, 967_426)


def test_plans_alike_in_figures_have_their_own_planned_days() -> None:
    """Two who begin on the same day, with other weekdays, are not paid alike."""
    long = Hours(8 * 60, 18 * 60)

    def twice(*weekdays: int) -> PlanSpan:
        week = tuple(long if weekday in weekdays else None for weekday in range(7))
        return PlanSpan.of(WeekPlan(MONDAY, (week,)), ALWAYS)

    rules = replace(GOTEBORG, proration="planned_days")
    started = {"start": date(2023, 5, 31), "month": MAY}
    early, late = (
        placement(n, plans=[twice(*days)], levels=[level("1")], **started)
        for n, days in enumerate([(0, 1), (2, 3)])
    )
    result = due(
        early,
        late,
        month=MAY,
        rules=replace(rules, same_hours="paid"),
        prices=published("goteborg-2023.csv"),
    )
    assert [(line.placement, line.days, line.of) for line in result.lines] == [
        (1, 1, 9)
    ]


def test_weekdays_of_a_part_that_has_none_pay_nothing() -> None:
    rules = replace(GOTEBORG, proration="weekdays")
    weekend = {"start": date(2023, 5, 6), "end": date(2023, 5, 8)}
    assert parts(rules, **weekend) == []


CHANGE = [level("1", end=date(2023, 5, 16)), level("2", date(2023, 5, 16), ref=2)]


@pytest.mark.parametrize(
    ("start_end", "change", "expected"),
    [
        ("calendar_days", None, [(6, 31), (16, 31)]),
        ("calendar_days", "none", [(22, 31)]),
        ("none", "calendar_days", [(15, 31), (16, 31)]),
        ("none", "none", [(22, 1)]),
        ("weekdays", None, [(4, 23), (12, 23)]),
    ],
    ids=["both", "start", "change", "neither", "weekdays"],
)
def test_start_and_change_are_parted_each_by_its_rule(
    start_end: str, change: str | None, expected: list[tuple[int, int]]
) -> None:
    rules = replace(GOTEBORG, proration=start_end, proration_change=change)
    found = parts(rules, start=date(2023, 5, 10), levels=CHANGE)
    assert [(days, of) for days, of, _ in found] == expected


FIRST_TERMS = replace(GOTEBORG, proration_change="none")


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({"contracts": GAP}, [9, 12]),
        ({"contracts": GAP[1:], "levels": [level("1")]}, [12]),
        ({"pauses": [Pause(date(2023, 4, 1), date(2023, 5, 2), share=0)]}, [30]),
        ({"pauses": [Pause(date(2023, 5, 5), None, share=0)]}, [4]),
    ],
    ids=["no contract between", "no contract first", "rests first", "rests on"],
)
def test_first_terms_do_not_pay_for_days_that_are_stopped_or_rest(
    facts: dict[str, object], days: list[int]
) -> None:
    found = parts(FIRST_TERMS, **{"levels": CHANGE} | facts)
    assert [(counted, of) for counted, of, _ in found] == [(n, 31) for n in days]
    assert sum(amount for *_, amount in found) == pytest.approx(
        PRICE * sum(days) / 31, abs=100
    )


def test_first_terms_do_not_pay_for_the_same_hours_twice() -> None:
    short = placement(2, month=MAY, plans=[FULL], end=date(2023, 5, 6))
    result = due(
        placement(1, month=MAY, plans=[FULL]),
        short,
        levels=[level("1")],
        month=MAY,
        rules=FIRST_TERMS,
        prices=published("goteborg-2023.csv"),
    )
    assert {held.error for held in result.held} == {"SameHoursTwice"}
    assert sum(line.days for line in result.lines if line.placement == 1) == 26


def test_without_the_first_terms_the_month_waits() -> None:
    result = due(
        placement(month=MAY, plans=[FULL], levels=[level("1", date(2023, 5, 10))]),
        month=MAY,
        rules=FIRST_TERMS,
        prices=published("goteborg-2023.csv"),
    )
    [held] = result.held
    assert (result.lines, held.error) == ((), "MissingLevel")
    assert (held.start, held.end) == (MAY.first, MAY.end)


def test_a_whole_month_is_whole_when_it_begins_resting() -> None:
    rules = replace(GOTEBORG, proration="none", proration_change="none")
    pause = Pause(date(2023, 4, 1), date(2023, 5, 2), share=0)
    assert [amount for *_, amount in parts(rules, pauses=[pause])] == [PRICE]


def test_a_change_that_parts_nothing_keeps_the_months_first_terms() -> None:
    rules = replace(GOTEBORG, proration_change="none")
    assert parts(rules, levels=CHANGE) == [(31, 31, PRICE)]


@given(
    st.integers(1, 31),
    st.integers(1, 31),
    st.sampled_from(["calendar_days", "weekdays", "planned_days"]),
)
@examples(60)
def test_the_parts_of_a_month_are_the_whole_of_it(
    one: int, other: int, kind: str
) -> None:
    first, last = sorted((date(2023, 5, one), date(2023, 5, other)))
    levels = [level("1", end=first), level("2", first, last, ref=2)]
    found = parts(
        replace(GOTEBORG, proration=kind), levels=[*levels, level("3", last, ref=3)]
    )
    assert sum(days for days, _, _ in found) == found[0][1]


def test_parts_that_are_counted_apart_are_refused() -> None:
    with pytest.raises(BadRule, match="räkna som proration"):
        changed(GOTEBORG, proration="weekdays", proration_change="calendar_days")


THIRTY = [{"from": "1", "to": "7", "share": "100"}, {"from": "8", "share": "0"}]


def rested(rules: RuleSet, pause: Pause) -> Due:
    return due(placement(pauses=[pause]), rules=rules, prices=one_price(100_00))


def test_a_pause_is_paid_for_its_first_days_and_then_not() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 28))
    lines = rested(changed(pause=THIRTY), pause).lines
    assert [(line.start.day, line.end.day, line.days) for line in lines] == [
        (1, 9, 5),
        (9, 16, 5),
        (28, 1, 2),
    ]
    assert "uppehåll: 100 %" in lines[1].rules


def test_the_days_of_a_pause_are_counted_over_the_turn_of_the_month() -> None:
    pause = Pause(date(2020, 2, 26), None)
    lines = rested(changed(pause=THIRTY), pause).lines
    assert [(line.start, line.end, line.days) for line in lines] == [
        (date(2020, 3, 1), date(2020, 3, 4), 2)
    ]


@pytest.mark.parametrize(("kept", "share"), [(True, 80), (False, 20)])
def test_a_place_that_is_given_up_may_rest_at_another_share(
    share: int, *, kept: bool
) -> None:
    rows = [{"share": "80", "place": "kept"}, {"share": "20", "place": "given_up"}]
    pause = Pause(date(2020, 3, 9), date(2020, 3, 14), kept=kept)
    lines = rested(changed(pause=rows), pause).lines
    assert [line.share for line in lines] == [100, share, 100]


def test_a_pause_with_its_own_share_is_paid_by_that() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 14), share=30)
    lines = rested(changed(pause=THIRTY), pause).lines
    assert [line.share for line in lines] == [100, 30, 100]


def test_a_month_is_paid_in_part_for_the_first_days_of_a_pause() -> None:
    rules = changed(GOTEBORG, pause=THIRTY)
    pause = Pause(date(2023, 5, 11), None)
    found = parts(rules, pauses=[pause])
    assert [(days, of) for days, of, _ in found] == [(10, 31), (7, 31)]


@pytest.mark.parametrize(
    "rows",
    [
        [{"to": "7", "share": "100"}],
        [{"to": "7", "share": "100"}, {"from": "9", "share": "0"}],
        [{"share": "100", "place": "kept"}],
    ],
    ids=["ends", "gap", "one place only"],
)
def test_pause_rows_leave_no_day_unsaid(rows: list[dict[str, str]]) -> None:
    with pytest.raises(BadRule, match="pause"):
        changed(pause=rows)


def yearly(days: str) -> RuleSet:
    """Paid so many days of notified absence a calendar year."""
    kept = [row for row in TYRESO.absences if row.effect not in ("notified", "leave")]
    rules = replace(TYRESO, absences=tuple(kept))
    row = {"effect": "notified", "restart": "calendar_year"}
    table = [
        {**row, "to": days, "share": "100"},
        {**row, "from": str(int(days) + 1), "share": "0"},
        {"effect": "leave", "share": "0"},
    ]
    others = [
        {"effect": one.effect, "share": str(one.share)}
        for one in rules.absences
        if not one.counts
    ]
    uncounted = {str(row["effect"]) for row in others}
    missing = {"late", "not_notified"} - uncounted
    return changed(
        absence=[*table, *others, *({"effect": e, "share": "0"} for e in missing)]
    )


def absent(month: Month, number: int, carry: tuple = ()) -> Due:
    """Every second planned day away, so many of them."""
    codes, left = [], number
    for n, day in enumerate(month.every_day()):
        planned = day.weekday() < 5
        is_away = planned and left and n % 2
        left -= bool(is_away)
        codes.append("A" if is_away else "N" if planned else "-")
    return due(
        placement(codes="".join(codes), month=month),
        month=month,
        rules=yearly("3"),
        prices=one_price(100_00),
        carry=carry,
    )


def test_absence_by_the_year_counts_on_over_days_attended_and_months() -> None:
    february = absent(MARCH.previous, 2)
    assert [(one.group, one.planned, one.year) for one in february.carry] == [
        ("notified", 2, 2020)
    ]
    [line] = absent(MARCH, 3, february.carry).lines
    assert line.counted.startswith("A:1 ")
    assert any("under året" in rule for rule in line.rules)


def test_absence_by_the_year_begins_anew_in_january() -> None:
    december, january = Month(2019, 12), Month(2020, 1)
    before = absent(december, 3)
    [line] = absent(january, 3, before.carry).lines
    assert line.counted.startswith("A:3 ")


def test_a_count_of_last_year_is_dropped_even_when_months_are_skipped() -> None:
    before = absent(Month(2019, 11), 3)
    [line] = absent(MARCH, 3, before.carry).lines
    assert line.counted.startswith("A:3 ")
