"""Every line names the rules that made it, each in its own words."""

from dataclasses import replace
from datetime import date

import pytest

from payments import Due, Line, Month, Pause, PlacementMonth, RuleSet, Span
from payments.facts import Part
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    TYRESO,
    changed,
    due,
    level,
    placement,
    plan,
    published,
)

MAY = Month(2023, 5)
ORDERED = "beställd tid oavsett närvaro"
BY_DAYS = "del av månad efter kalenderdagar"
TUESDAY = 10


def month(rules: RuleSet, facts: PlacementMonth | None = None) -> Line:
    place = facts or placement(month=MAY, plans=[plan(hours=7)])
    [line] = due(place, levels=[level("1")], month=MAY, rules=rules).lines
    return line


def in_march(facts: PlacementMonth, rules: RuleSet = TYRESO) -> Due:
    return due(facts, rules=rules, prices=published("tyreso-2020.csv"))


@pytest.mark.parametrize(
    ("proration", "change", "named"),
    [
        ("calendar_days", None, (BY_DAYS,)),
        ("weekdays", None, ("del av månad efter vardagar",)),
        ("planned_days", None, ("del av månad efter planerade dagar",)),
        ("none", None, ("hel månad även när bara en del gäller",)),
        ("none", "calendar_days", (BY_DAYS, "vid start och slut: hel månad")),
        (
            "calendar_days",
            "none",
            (BY_DAYS, "vid ändring: månadens första villkor gäller"),
        ),
    ],
)
def test_a_month_names_how_parts_of_it_are_paid(
    proration: str, change: str | None, named: tuple[str, ...]
) -> None:
    line = month(replace(GOTEBORG, proration=proration, proration_change=change))
    assert line.rules == (ORDERED, *named)
    assert line.counted == ""


def test_a_pause_of_a_month_is_a_part_of_it_at_its_share() -> None:
    pause = Pause(date(2023, 5, 1), date(2023, 5, 11), share=50)
    place = placement(month=MAY, plans=[plan(hours=7)], pauses=[pause])
    paused, rest = due(place, levels=[level("1")], month=MAY, rules=GOTEBORG).lines
    assert paused.rules == (ORDERED, BY_DAYS, "uppehåll: 50 %")
    assert (paused.days, paused.of, paused.counted) == (10, 31, "")
    assert rest.rules == (ORDERED, BY_DAYS)


def test_a_pause_of_days_is_counted_by_the_plan_and_names_no_letters() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 16), share=50)
    _, paused, _ = in_march(placement(pauses=[pause])).lines
    assert (paused.days, paused.hundredths, paused.counted) == (5, 500, "")
    assert paused.rules == ("planerade dagar minus obetald frånvaro", "uppehåll: 50 %")


def test_a_pause_over_idle_days_makes_no_line() -> None:
    pause = Pause(date(2020, 3, 7), date(2020, 3, 9), share=50)
    assert sum(line.days for line in in_march(placement(pauses=[pause])).lines) == 22
    assert not any("uppehåll" in line.rules[-1] for line in lines_with(pause))


def lines_with(pause: Pause) -> tuple[Line, ...]:
    return in_march(placement(pauses=[pause])).lines


def test_a_plan_that_is_paid_for_want_of_a_report_says_so() -> None:
    rules = replace(TYRESO, not_reported="plan_is_paid")
    [line] = in_march(placement(reported=False), rules).lines
    assert line.rules[-1] == (
        "månaden är inte rapporterad: planen betalas och stäms av senare"
    )


def test_hours_that_are_paid_twice_are_named_on_their_own_days_only() -> None:
    rules = replace(TYRESO, same_hours="paid")
    day, after = date(2020, 3, TUESDAY), date(2020, 3, TUESDAY + 1)
    levels = [level("2", end=day), level("3", day, after), level("2", after)]
    first = placement(1, levels=levels)
    second = placement(2, codes="-" * 9 + "N" + "-" * 21, levels=levels)
    lines = due(first, second, rules=rules, prices=published("tyreso-2020.csv")).lines
    named = {
        (line.placement, line.start, line.end)
        for line in lines
        if "samma timmar på två placeringar betalas" in line.rules
    }
    assert named == {(1, day, after), (2, day, after)}


def test_an_added_vat_line_holds_no_days_level_or_class() -> None:
    rules = changed(vat={"kind": "added", "percent": "6"})
    _, vat = in_march(placement(), rules).lines
    assert (vat.level, vat.extent_class, vat.counted) == ("", "", "")
    assert (vat.days, vat.of, vat.hundredths, vat.unit) == (0, 1, 100, "amount")
    assert (vat.regi, vat.month, vat.priced.cells) == ("extern", Month(2020, 3), ())
    assert (vat.levels, vat.decisions) == ((), ("beslut 1",))
    assert vat.rules == ("momskompensation 6 % läggs till",)


def test_vat_on_what_is_held_has_no_sum_of_its_own() -> None:
    rules = changed(vat={"kind": "added", "percent": "6"}, late_months="1")
    place = placement()
    late = place.attendance._replace(reported=date(2020, 6, 30))
    place_held, vat_held = in_march(place._replace(attendance=late), rules).held
    assert (place_held.kind, place_held.amount) == ("place", 22 * 62600)
    assert (vat_held.kind, vat_held.amount) == ("vat", None)
    assert place_held.message == (
        "Närvaron rapporterades 2020-06-30, efter 2020-04-30 som var sista dagen. "
        "Ändra regeln om sena rapporter om den ska betalas."
    )


def test_contracts_that_change_part_nothing_that_is_paid() -> None:
    """Cuts without a change of terms join again, wherever they fall."""
    halves = [Span(ALWAYS, date(2020, 3, TUESDAY)), Span(date(2020, 3, TUESDAY), None)]
    [line] = in_march(placement(contracts=halves)).lines
    assert (line.days, line.start, line.end) == (22, date(2020, 3, 1), date(2020, 4, 1))


def test_part_of_a_day_away_is_paid_as_a_first_day_every_time() -> None:
    rules = replace(
        TYRESO,
        absences=tuple(
            replace(rule, last=1, share=100)
            if rule.effect == "late" and rule.first == 1
            else rule
            for rule in TYRESO.absences
        ),
    )
    away = {n: (Part("S", 12 * 60, 15 * 60),) for n in (9, 10, 11)}
    [line] = in_march(placement(parts=away), rules).lines
    assert line.hundredths == 2200
