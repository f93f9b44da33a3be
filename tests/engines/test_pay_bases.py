"""Hours, bundled hours, schablon and classes by the day, at their bounds."""

from datetime import date

import pytest

from payments import (
    Due,
    Extent,
    Hours,
    Part,
    Pause,
    PlanSpan,
    PriceCell,
    RuleSet,
    WeekPlan,
    ordinary_month,
)
from payments.errors import BadRule
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    MARCH,
    MONDAY,
    TYRESO,
    changed,
    due,
    level,
    marked,
    one_price,
    placement,
    plan,
)

ANY = {"measure": "planned_days_a_week", "classes": [{"name": "plats", "from": "0"}]}
HOURLY = changed(basis="hour", extent=ANY)
BUNDLES = [
    {"from": "6", "units": "1"},
    {"from": "2", "to": "5", "units": "0.5"},
    {"below": "2", "units": "0"},
]
BUNDLED = changed(basis="bundled", bundles=BUNDLES, extent=ANY)
CLOSED = [{"effect": "closed", "share": "0"}]
BY_DAY = {
    "measure": "planned_hours_a_day",
    "classes": [
        {"name": "heltid", "from": "6"},
        {"name": "deltid", "above": "0", "below": "5.5"},
    ],
}
TUESDAY = 10


def away(start: int, end: int) -> dict[int, tuple[Part, ...]]:
    """On Tuesday the 10th, at another unit between two minutes of the day."""
    return {TUESDAY: (Part("U", start, end),)}


def by_hour(rules: RuleSet = HOURLY, **facts: object) -> Due:
    return due(placement(**facts), rules=rules, prices=one_price(10_00, "hour"))


def by_unit(rules: RuleSet = BUNDLED, **facts: object) -> Due:
    return due(placement(**facts), rules=rules, prices=one_price(400_00))


def test_hours_are_paid_by_the_minute_and_rounded_once_a_line() -> None:
    [line] = by_hour(parts=away(9 * 60, 9 * 60 + 1)).lines
    assert (line.hundredths, line.of, line.unit) == ((22 * 360 - 1) * 100, 60, "hour")
    assert line.amount == 131_983


def test_a_third_of_an_hour_three_times_is_an_hour() -> None:
    day = (Part("U", 9 * 60, 14 * 60 + 40),)
    codes = "".join(c if n < 4 else "-" for n, c in enumerate(marked(MARCH)))
    [line] = by_hour(codes=codes, parts={2: day, 3: day, 4: day}).lines
    assert line.amount == 10_00


def test_absence_of_an_hourly_place_is_paid_by_its_rows() -> None:
    [line] = by_hour(codes=marked(MARCH, d10="O", d11="O")).lines
    assert (line.hundredths, line.days) == (21 * 36_000, 21)


def test_a_day_outside_the_plan_without_times_is_held_alone() -> None:
    rules = changed(basis="hour", extent=ANY, counted="attended", absence=CLOSED)
    result = by_hour(rules, codes=marked(MARCH, d7="X"))
    [held] = result.held
    assert (held.error, held.start) == ("MissingHours", date(2020, 3, 7))
    assert [line.hundredths for line in result.lines] == [22 * 36_000]


def test_time_outside_the_plan_is_paid_by_its_minutes() -> None:
    rules = changed(basis="hour", extent=ANY, counted="attended", absence=CLOSED)
    [line] = by_hour(rules, parts={7: (Part("X", 600, 690),)}).lines
    assert line.hundredths == (22 * 360 + 90) * 100


def test_ordered_hours_need_no_report() -> None:
    rules = changed(
        basis="hour",
        extent=ANY,
        counted="ordered_time",
        absence=CLOSED,
        not_reported="not_needed",
    )
    result = by_hour(rules, reported=False, end=date(2020, 3, 7))
    assert [line.hundredths for line in result.lines] == [5 * 36_000]
    assert [line.rules for line in result.lines] == [("beställd tid oavsett närvaro",)]


def test_a_pause_of_an_hourly_place_pays_its_share_of_the_planned_hours() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 16), share=50)
    first, paused, last = by_hour(pauses=[pause]).lines
    assert (paused.hundredths, paused.share) == (5 * 36_000, 50)
    assert first.days + last.days == 17


def test_a_price_a_day_does_not_pay_hours() -> None:
    [held] = due(placement(), rules=HOURLY, prices=one_price(10_00)).held
    assert held.error == "WrongUnit"
    assert "per dag men reglerna räknar per timme" in held.message


@pytest.mark.parametrize(
    ("minutes", "units"),
    [(0, 2100), (119, 2100), (120, 2150), (300, 2150), (360, 2200)],
    ids=str,
)
def test_the_hours_of_a_day_are_bundled_at_their_bounds(
    minutes: int, units: int
) -> None:
    gone = away(540, 900 - minutes) if minutes < 360 else {}
    [line] = by_unit(parts=gone).lines
    assert (line.hundredths, line.of, line.amount) == (units, 1, units * 400)


@pytest.mark.parametrize("minutes", [301, 330, 359], ids=str)
def test_hours_between_the_bounds_are_held_and_the_other_days_paid(
    minutes: int,
) -> None:
    result = by_unit(parts=away(540, 900 - minutes))
    [held] = result.held
    assert (held.error, held.start, held.end) == (
        "NoBundle",
        date(2020, 3, TUESDAY),
        date(2020, 3, TUESDAY + 1),
    )
    assert [line.hundredths for line in result.lines] == [2100]


def test_days_with_the_same_fault_beside_each_other_are_one() -> None:
    day = away(540, 570)[TUESDAY]
    result = by_unit(parts={10: day, 11: day, 13: day})
    assert [(held.start.day, held.end.day) for held in result.held] == [
        (10, 12),
        (13, 14),
    ]


def test_the_line_says_how_many_days_each_bundle_had() -> None:
    [line] = by_unit(parts=away(540, 780)).lines
    assert "från 2 till och med 5 timmar räknas som 0,5 (1 dagar)" in line.rules
    assert "från 6 timmar räknas som 1 (21 dagar)" in line.rules


def test_a_unit_is_parted_by_minutes_between_shares() -> None:
    late = [
        {"effect": "late", "share": "90"},
        *({"effect": e, "share": "0"} for e in ("notified", "not_notified", "leave")),
        *({"effect": e, "share": "0"} for e in ("closed", "planning_day")),
        {"effect": "other_unit", "share": "0"},
    ]
    rules = changed(basis="bundled", bundles=BUNDLES, extent=ANY, absence=late)
    half = {TUESDAY: (Part("S", 780, 900),)}
    full, part = by_unit(rules, parts=half).lines
    assert (full.share, full.hundredths) == (100, 2167)
    assert (part.share, part.hundredths, part.amount) == (90, 33, 11_880)


def two_lengths() -> PlanSpan:
    """Six hours on Mondays to Wednesdays, three on Thursdays and Fridays."""
    long, short = Hours(540, 900), Hours(540, 720)
    week = (long, long, long, short, short, None, None)
    return PlanSpan.of(WeekPlan(MONDAY, (week,)), ALWAYS)


def test_the_class_may_differ_between_days_and_a_line_is_a_class() -> None:
    rules = changed(extent=BY_DAY)
    full, part = due(
        placement(plans=[two_lengths()]), rules=rules, prices=one_price(100_00)
    ).lines
    assert (full.extent_class, full.days) == ("heltid", 14)
    assert (part.extent_class, part.days) == ("deltid", 8)
    assert (full.start, full.end) == (part.start, part.end)
    assert "varje dag har sin klass, efter dagens planerade timmar" in part.rules


def test_a_level_that_changes_splits_every_class() -> None:
    change = date(2020, 3, 16)
    levels = [level("2", end=change), level("2", change, ref=2), level("2")]
    place = placement(plans=[two_lengths()], levels=levels[:2])
    rules = changed(extent=BY_DAY)
    lines = due(place, rules=rules, prices=one_price(100_00)).lines
    assert [(line.days, line.levels) for line in lines] == [(14, (1, 2)), (8, (1, 2))]


def test_a_day_in_no_class_is_held_and_the_others_paid() -> None:
    classes = [
        {"name": "heltid", "above": "6"},
        {"name": "deltid", "from": "0", "below": "6"},
    ]
    rules = changed(extent=BY_DAY | {"classes": classes})
    result = due(
        placement(plans=[two_lengths()]), rules=rules, prices=one_price(100_00)
    )
    assert {held.error for held in result.held} == {"NoExtentClass"}
    assert sum((held.end - held.start).days for held in result.held) == 14
    assert [(line.extent_class, line.days) for line in result.lines] == [("deltid", 8)]
    assert "6 timmar på en dag" in result.held[0].message


def test_half_a_day_away_keeps_the_planned_class_and_half_the_day() -> None:
    rules = changed(extent=BY_DAY)
    [line] = due(
        placement(parts=away(540, 720)), rules=rules, prices=one_price(100_00)
    ).lines
    assert (line.extent_class, line.hundredths) == ("heltid", 2150)


def test_counted_hours_put_half_a_day_away_in_another_class() -> None:
    rules = changed(
        extent=BY_DAY | {"measure": "counted_hours_a_day"}, part_days="whole_day"
    )
    full, part = due(
        placement(parts=away(540, 720)), rules=rules, prices=one_price(100_00)
    ).lines
    assert (full.extent_class, full.hundredths) == ("heltid", 2100)
    assert (part.extent_class, part.hundredths) == ("deltid", 100)


def test_what_stops_every_class_is_told_once() -> None:
    place = placement(plans=[two_lengths()], contracts=[])
    result = due(place, rules=changed(extent=BY_DAY), prices=one_price(100_00))
    assert [held.error for held in result.held] == ["OutsideContract"]


SOLNA = changed(
    GOTEBORG,
    basis="schablon_days",
    schablon_factor="4.2",
    rate_rounding="1",
    extent=ANY,
)


@pytest.mark.parametrize(
    ("price", "days", "rate"),
    [(511_00, 5, 10_731_00), (511_00, 3, 6_439_00), (500_00, 1, 2_100_00)],
    ids=["five", "three", "one"],
)
def test_a_schablon_is_rounded_to_whole_kronor(
    price: int, days: int, rate: int
) -> None:
    [line] = due(
        placement(plans=[plan(days)]), rules=SOLNA, prices=one_price(price)
    ).lines
    assert (line.unit, line.price, line.amount) == ("schablon", rate, rate)


@pytest.mark.parametrize(("price", "rate"), [(50_00, 1_050_00), (50_02, 1_050_00)])
def test_a_rate_below_half_a_krona_more_is_rounded_down(price: int, rate: int) -> None:
    [line] = due(placement(), rules=SOLNA, prices=one_price(price)).lines
    assert line.price == rate


def test_half_a_krona_is_rounded_up() -> None:
    rules = changed(SOLNA, schablon_factor="4.25")
    [line] = due(placement(plans=[plan(1)]), rules=rules, prices=one_price(2_00)).lines
    assert line.price == 9_00


def test_the_rate_of_a_list_price_may_be_rounded_too() -> None:
    rules = changed(TYRESO, rate_rounding="1")
    [line] = due(placement(), rules=rules, prices=one_price(626_49)).lines
    assert (line.price, line.amount) == (626_00, 22 * 626_00)
    told = " ".join(line.rules).replace("\N{NO-BREAK SPACE}", " ")
    assert "priset 626,49 kr avrundat till 626,00 kr" in told


REFUSED = {
    "hours a month": {"basis": "hour", "part_days": "whole_day"},
    "bundles without rows": {"basis": "bundled"},
    "rows without bundles": {"bundles": BUNDLES},
    "bundles that meet": {
        "basis": "bundled",
        "bundles": [{"from": "6", "units": "1"}, {"to": "6", "units": "0.5"}],
    },
    "a bundle that holds nothing": {
        "basis": "bundled",
        "bundles": [{"from": "6", "to": "5", "units": "1"}],
    },
    "a negative unit": {"basis": "bundled", "bundles": [{"units": "-1"}]},
    "a factor of another basis": {"schablon_factor": "4.2"},
    "no factor": {"basis": "schablon_days", "counted": "ordered_time"},
    "a factor of nought": {"basis": "schablon_days", "schablon_factor": "0"},
    "total by the day": {"extent": BY_DAY, "concurrent": "total"},
}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED.keys())
def test_bases_that_do_not_go_together_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(BadRule):
        changed(**fields)


def test_a_month_has_no_class_by_the_day() -> None:
    with pytest.raises(BadRule, match="inte dagen"):
        changed(GOTEBORG, extent=BY_DAY)


@pytest.mark.parametrize(
    ("rules", "unit", "minutes", "amount"),
    [
        (TYRESO, "day", 360, 2_166_67),
        (HOURLY, "hour", 360, 13_000_00),
        (HOURLY, "hour", 361, 13_036_11),
        (BUNDLED, "day", 240, 1_083_33),
        (SOLNA, "day", 360, 2_100_00),
        (GOTEBORG, "month", 420, 100_00),
    ],
    ids=["day", "hour", "minute", "half", "schablon", "month"],
)
def test_an_ordinary_month_of_a_plan_on_each_basis(
    rules: RuleSet, unit: str, minutes: int, amount: int
) -> None:
    cell = PriceCell("2", "heltid", "alla", unit, 100_00, 1)
    assert ordinary_month(rules, cell, Extent(20, 20 * minutes)) == amount


def test_time_on_a_free_day_has_the_class_of_its_hours_and_is_part_of_a_usual_day() -> (
    None
):
    paid = changed(extent=BY_DAY, counted="attended", absence=CLOSED)
    facts = placement(parts={7: (Part("X", 540, 720),)})
    full, part = due(facts, rules=paid, prices=one_price(100_00)).lines
    assert (full.extent_class, full.hundredths) == ("heltid", 2200)
    assert (part.extent_class, part.hundredths, part.counted) == ("deltid", 50, "X:1")
