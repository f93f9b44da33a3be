"""Placements, levels, attendance, rates and rules give lines, to the öre."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from payments import (
    Due,
    Line,
    Month,
    Pause,
    PlacementMonth,
    RuleSet,
    amount_of,
    explained,
    kronor,
    ore,
    recomputed,
)
from payments.facts import Part
from payments.rule_rows import AbsenceRule
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    MARCH,
    TYRESO,
    cells_of,
    changed,
    due,
    in_force,
    level,
    marked,
    placement,
    plan,
    price_list,
    published,
)
from tests.engines.payfacts import KNOWN as LATER

MAY = Month(2023, 5)
CLOSED = frozenset({date(2020, 3, 10)})


def amounts(result: Due) -> list[int]:
    return [line.amount for line in result.lines]


def test_tyreso_pays_the_planned_days_of_a_month() -> None:
    [line] = due(placement()).lines
    assert (line.days, line.price, line.amount) == (22, 62600, 22 * 62600)
    assert (line.level, line.extent_class, line.regi) == ("2", "heltid", "extern")


@pytest.mark.parametrize(
    ("days", "regi", "text", "price"),
    [
        (5, "extern", "1", "439"),
        (4, "extern", "2", "439"),
        (3, "intern", "4", "861"),
        (2, "intern", "5", "470"),
        (1, "extern", "3", "296"),
    ],
    ids=["heltid", "halvtid 4", "halvtid 3", "deltid 2", "deltid 1"],
)
def test_the_printed_price_of_the_class_is_paid(
    days: int, regi: str, text: str, price: str
) -> None:
    place = placement(plans=[plan(days)], regi=regi)
    [line] = due(place, levels=[level(text)]).lines
    assert line.price == ore(kronor(price))


@pytest.mark.parametrize(
    ("code", "absent", "paid"),
    [("A", 10, 22), ("A", 11, 21), ("O", 1, 22), ("O", 3, 20), ("L", 11, 21)],
    ids=["notified 10", "notified 11", "not notified 1", "not notified 3", "leave 11"],
)
def test_absence_is_paid_as_long_as_the_rule_says(
    code: str, absent: int, paid: int
) -> None:
    codes = marked(MARCH)
    codes = codes.replace("N", code, absent)
    [line] = due(placement(codes=codes)).lines
    assert line.days == paid


def test_notified_absence_and_leave_run_on_together() -> None:
    codes = marked(MARCH).replace("N", "A", 6).replace("N", "L", 6)
    [line] = due(placement(codes=codes)).lines
    assert (line.days, line.counted) == (20, "A:6 L:4 N:10")


def test_an_attended_day_starts_the_count_again() -> None:
    codes = marked(MARCH).replace("N", "A", 10)
    codes = codes.replace("N", "B", 1).replace("N", "A", 10).replace("B", "N")
    [line] = due(placement(codes=codes)).lines
    assert line.days == 22


def test_absence_goes_on_over_the_turn_of_the_month() -> None:
    february = Month(2020, 2)
    codes = marked(february)
    codes = codes[:-5] + codes[-5:].replace("N", "A")
    before = due(placement(codes=codes, month=february), month=february)
    march = marked(MARCH).replace("N", "A", 10)
    [line] = due(placement(codes=march), carry=before.carry).lines
    assert [count.planned for count in before.carry] == [4]
    assert line.counted == "A:6 N:12"


def test_absence_goes_on_over_a_change_of_unit() -> None:
    codes = marked(MARCH).replace("N", "A", 12)
    first = placement(1, codes=codes, end=date(2020, 3, 11))
    second = placement(2, codes=codes, start=date(2020, 3, 11))
    one, other = due(first, second).lines
    assert (one.counted, other.counted) == ("A:7", "A:3 N:10")


def test_absence_in_calendar_days_counts_the_weekend() -> None:
    calendar = tuple(
        replace(rule, counting="calendar_days") for rule in TYRESO.absences
    )
    codes = marked(MARCH).replace("N", "A", 12)
    result = due(
        placement(codes=codes),
        rules=replace(TYRESO, absences=calendar),
        prices=published("tyreso-2020.csv"),
    )
    assert result.lines[0].counted == "A:8 N:10"


def first_three_a_month(counting: str = "planned_days") -> RuleSet:
    """Three days of absence a month are paid, whatever is attended between."""
    monthly = [
        AbsenceRule("notified", 1, 3, 100, counting, "month", "a month"),
        AbsenceRule("notified", 4, None, 0, counting, "month", "a month"),
    ]
    others = [rule for rule in TYRESO.absences if rule.effect != "notified"]
    return replace(TYRESO, absences=(*others, *monthly))


EVERY_OTHER = {f"d{day}": "A" for day in (3, 5, 9, 11, 13, 17, 19, 23, 25, 27, 31)}


def by_the_month(*placements: PlacementMonth, counting: str = "planned_days") -> Line:
    rules, prices = first_three_a_month(counting), published("tyreso-2020.csv")
    return due(*placements, rules=rules, prices=prices).lines[0]


def test_absence_by_the_month_counts_on_over_days_attended() -> None:
    line = by_the_month(placement(codes=marked(MARCH, **EVERY_OTHER)))
    assert line.counted == "A:3 N:11"
    assert "frånvaro anmäld i tid, planerade dagar 1 till 3 i månaden: 100 %" in (
        line.rules
    )


def test_absence_by_the_month_counts_on_for_one_with_two_placements() -> None:
    absent = placement(1, codes=marked(MARCH, **EVERY_OTHER))
    line = by_the_month(absent, placement(2, codes="-" * 31))
    assert line.counted == "A:3 N:11"


def test_calendar_days_by_the_month_are_those_of_the_absence() -> None:
    # Friday and Monday are four calendar days; Wednesday comes after a day attended.
    codes = marked(MARCH, d6="A", d9="A", d11="A")
    line = by_the_month(placement(codes=codes), counting="calendar_days")
    assert line.counted == "A:1 N:19"
    apart = marked(MARCH, d3="A", d11="A", d25="A", d27="A")
    line = by_the_month(placement(codes=apart), counting="calendar_days")
    assert line.counted == "A:3 N:18"


def test_part_of_a_day_away_counts_by_the_month() -> None:
    parts = {day: (Part("A", 12 * 60, 15 * 60),) for day in (3, 5, 9, 11)}
    line = by_the_month(placement(parts=parts))
    assert (line.hundredths, line.counted) == (2150, "A:3 N:19")


def test_a_closed_day_is_not_paid_unless_a_rule_says_so() -> None:
    [line] = due(placement(codes=marked(MARCH, d10="K"))).lines
    assert line.days == 21
    assert "stängt: 0 % (1 dagar)" in line.rules


def test_a_part_of_a_closed_day_is_not_paid_as_present() -> None:
    here = {10: (Part("N", 9 * 60, 15 * 60),)}
    [line] = due(placement(codes=marked(MARCH, d10="K"), parts=here)).lines
    assert (line.days, line.hundredths) == (21, 2100)


def test_a_day_that_is_attended_without_plan_is_not_paid() -> None:
    [line] = due(placement(codes=marked(MARCH, d7="X"))).lines
    assert line.days == 22


def test_half_a_day_away_is_counted_by_its_minutes() -> None:
    away = {10: (Part("U", 12 * 60, 15 * 60),)}
    [line] = due(placement(parts=away)).lines
    assert (line.hundredths, line.amount) == (2150, 62600 * 215 // 10)


def test_what_a_told_part_leaves_of_a_longer_day_is_judged_as_it_is() -> None:
    """The plan was 9 to 12 when the absence was told, and is 9 to 15."""
    late = datetime.fromisoformat("2020-03-10T08:00:00+01:00")
    away = {10: (Part("A", 9 * 60, 12 * 60, late),)}
    codes = marked(MARCH, d10="A")
    rules = changed(notice={"days": "1", "by": "15:00"})
    prices = published("tyreso-2020.csv")
    [line] = due(placement(codes=codes, parts=away), rules=rules, prices=prices).lines
    assert line.counted == "N:21 S:1"


def test_a_level_that_changes_splits_the_line() -> None:
    change = date(2020, 3, 16)
    levels = [level("2", end=change, ref=1), level("3", change, ref=2)]
    one, other = due(placement(), levels=levels).lines
    assert (one.days, one.end, one.levels) == (10, change, (1,))
    assert (other.days, other.start, other.price) == (12, change, 98700)


def test_a_new_price_list_splits_the_line() -> None:
    dearer = tuple(
        replace(cell, amount=cell.amount + 100, ref=f"ny {cell.ref}")
        for cell in cells_of("tyreso-2020.csv")
    )
    lists = [
        price_list("tyreso-2020.csv", date(2020, 1, 1)),
        price_list("ny", date(2020, 3, 10), cells=dearer),
    ]
    one, other = due(placement(), prices=in_force(lists, LATER)).lines
    assert (one.days, one.price, other.days, other.price) == (6, 62600, 16, 62700)


def test_neighbours_that_pay_alike_are_one_line_with_every_reference() -> None:
    change = date(2023, 5, 12)
    levels = [level("1", end=change, ref=1), level("1", change, ref=2)]
    place = placement(month=MAY, plans=[plan(hours=7)])
    [line] = due(place, levels=levels, month=MAY, rules=GOTEBORG).lines
    assert (line.amount, line.levels) == (1711600, (1, 2))
    assert line.decisions == ("beslut 1", "beslut 2")


def test_goteborg_pays_the_ordered_month_whatever_the_attendance() -> None:
    place = placement(month=MAY, plans=[plan(hours=7)], reported=False)
    [line] = due(place, levels=[level("7")], month=MAY, rules=GOTEBORG).lines
    assert (line.extent_class, line.amount) == ("heltid", 9128200)


@pytest.mark.parametrize(
    ("start", "end", "days", "amount"),
    [
        (date(2023, 5, 22), None, 10, 552129),
        (ALWAYS, date(2023, 5, 11), 10, 552129),
        (date(2023, 5, 31), None, 1, 55213),
        (date(2023, 5, 5), date(2023, 5, 16), 11, 607342),
    ],
    ids=["start", "end", "last day", "both"],
)
def test_goteborg_pays_part_of_a_month_by_calendar_days(
    start: date, end: date | None, days: int, amount: int
) -> None:
    place = placement(month=MAY, plans=[plan(hours=7)], start=start, end=end)
    [line] = due(place, levels=[level("1")], month=MAY, rules=GOTEBORG).lines
    assert (line.days, line.of, line.amount) == (days, 31, amount)


def test_a_rate_that_ends_on_the_10th_splits_january_in_10_and_21_days() -> None:
    january = Month(2024, 1)
    cells = cells_of("goteborg-2023.csv")
    lists = [
        price_list("till 10 januari", date(2023, 10, 1), cells=cells),
        price_list(
            "från 11 januari",
            date(2024, 1, 11),
            cells=tuple(replace(c, amount=c.amount + 31) for c in cells),
        ),
    ]
    place = placement(month=january, plans=[plan(hours=7)])
    result = due(
        place,
        levels=[level("1")],
        month=january,
        rules=GOTEBORG,
        prices=in_force(lists, LATER),
    )
    assert [line.days for line in result.lines] == [10, 21]
    assert amounts(result) == [552129, 1711600 * 21 // 31 + 21 + 1]


def test_without_proration_the_first_terms_hold_for_the_month() -> None:
    levels = [level("1", end=date(2023, 5, 16)), level("2", date(2023, 5, 16))]
    place = placement(month=MAY, plans=[plan(hours=7)], start=date(2023, 5, 10))
    whole = replace(GOTEBORG, proration="none")
    [line] = due(place, levels=levels, month=MAY, rules=whole).lines
    assert (line.amount, line.of, line.end) == (1711600, 1, date(2023, 6, 1))


def test_a_pause_with_a_share_of_its_own_pays_that_share() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 16), share=80)
    first, paused, last = due(placement(pauses=[pause])).lines
    assert (first.days, paused.amount, last.days) == (5, 5 * 50080, 12)
    assert "uppehåll: 80 %" in paused.rules


@pytest.mark.parametrize("share", [0, 50, 100])
def test_a_pause_pays_its_share(share: int) -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 16))
    rules = replace(TYRESO, pause_share=share)
    prices = published("tyreso-2020.csv")
    lines = due(placement(pauses=[pause]), rules=rules, prices=prices).lines
    paused = [line for line in lines if line.start == pause.start]
    assert sum(line.amount for line in paused) == 5 * 62600 * share // 100
    assert sum(line.days for line in lines if line.start != pause.start) == 17


def test_a_pause_that_attendance_leaves_out_pays_its_share_of_the_plan() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 16), share=50)
    resting = dict.fromkeys(("d9", "d10", "d11", "d12", "d13"), "-")
    place = placement(codes=marked(MARCH, **resting), pauses=[pause])
    first, paused, last = due(place).lines
    assert (first.days, paused.days, paused.share, last.days) == (5, 5, 50, 12)


def test_a_pause_for_the_whole_month_needs_no_attendance() -> None:
    pause = Pause(date(2020, 3, 1), None, share=50)
    [line] = due(placement(reported=False, pauses=[pause])).lines
    assert (line.days, line.amount) == (22, 22 * 31300)


def test_a_day_when_the_unit_is_closed_is_not_paid_by_the_plan() -> None:
    by_plan = replace(TYRESO, not_reported="plan_is_paid")
    place = placement(reported=False)._replace(closed=CLOSED)
    other = placement(2, reported=False)
    prices = published("tyreso-2020.csv")
    for one, days in ((place, 21), (other, 22)):
        [line] = due(one, rules=by_plan, prices=prices).lines
        assert line.days == days


def test_a_closed_day_in_a_pause_is_not_paid() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 16), share=80)
    place = placement(pauses=[pause])._replace(closed=CLOSED)
    assert due(place).lines[1].days == 4


def test_a_pause_does_not_use_up_paid_absence() -> None:
    codes = marked(MARCH).replace("N", "A", 15)
    pause = Pause(date(2020, 3, 2), date(2020, 3, 9))
    lines = due(placement(codes=codes, pauses=[pause])).lines
    assert [line.counted for line in lines] == ["A:10 N:7"]


def test_two_part_time_placements_have_a_class_each() -> None:
    one = placement(1, plans=[plan(2)])
    late = plan(2)
    other = placement(2, codes="-" * 31, plans=[late])
    [line] = due(one, other).lines
    assert (line.placement, line.extent_class) == (1, "deltid")


def test_every_line_explains_itself() -> None:
    codes = marked(MARCH, d10="A", d11="O", d12="O")
    [line] = due(placement(codes=codes)).lines
    steps = " ".join(explained(line)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Nivå 2, heltid, extern regi: 626,00 kr per dag" in steps
    assert "1 frånvaro anmäld i tid, 19 närvarande, 1 frånvaro inte anmäld" in steps
    assert "planerade dagar 2 och framåt: 0 % (1 dagar)" in steps
    assert "21 dagar × 626,00 kr = 13 146,00 kr." in steps
    assert recomputed(line) == line.amount


@pytest.mark.parametrize(
    ("shares", "price", "amount"),
    [
        ((0, 0, 0), "100", "0"),
        ((100, 0, 100, 0), "50", "100"),
        ((100, 50), "10000", "15000"),
        ((25, 33, 66, 99), "100", "223"),
        ((33, 67), "33.33", "33.33"),
        ((100,) * 90, "50", "4500"),
    ],
    ids=["none", "every other", "one and a half", "odd", "thirds", "90 days"],
)
def test_parts_of_days_are_summed_before_rounding(
    shares: tuple[int, ...], price: str, amount: str
) -> None:
    assert amount_of(ore(kronor(price)), sum(shares), 1) == ore(kronor(amount))
