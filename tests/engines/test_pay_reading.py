"""Rule sets are read as they are written, up to their outermost values."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from payments import RuleSet, read_rules, written
from payments.calendar import Extent, PlanSpan, WeekPlan
from payments.marking import Place
from payments.proration import Proration
from payments.rule_rows import NoticeRule
from tests.engines.payfacts import (
    GOTEBORG,
    MARCH,
    MONDAY,
    TYRESO,
    changed,
    placement,
    plan,
)

ALL = {"measure": "planned_days_a_week", "classes": [{"name": "plats", "from": "0"}]}


@pytest.mark.parametrize("rules", [TYRESO, GOTEBORG], ids=["Tyreso", "Goteborg"])
def test_what_is_written_is_read_back(rules: RuleSet) -> None:
    assert read_rules(written(rules)) == rules
    assert rules.source
    other = replace(rules, source="Nämnden § 7", same_hours="paid")
    assert read_rules(written(other)) == other


def test_the_outermost_values_are_taken() -> None:
    longest = {"name": "a" * 40, "from": "0"}
    rules = changed(
        late_months="100000",
        extent={**ALL, "classes": [longest]},
        notice={"days": "1", "by": "09:30"},
        supplements=[
            {
                "code": "hsl",
                "name": "Egen HSL",
                "per": "day",
                "amounts": [{"from": "2020-01-01", "amount": "0.01"}],
            }
        ],
    )
    assert (rules.late_months, rules.classes[0].name) == (100_000, "a" * 40)
    assert rules.notice == NoticeRule(hours=None, days=1, by=9 * 60 + 30)
    [supplement] = rules.supplements
    assert supplement.amounts == ((date(2020, 1, 1), 1),)
    assert supplement.needs_proof is False


@pytest.mark.parametrize("factor", ["0.5", "1"])
def test_a_factor_may_be_small(factor: str) -> None:
    rules = changed(GOTEBORG, basis="schablon_days", schablon_factor=factor, extent=ALL)
    assert rules.factor == Fraction(factor)


def test_an_open_bound_is_open() -> None:
    rows = [{"units": "0", "to": "2"}, {"units": "1", "above": "2"}]
    rules = changed(basis="bundled", bundles=rows)
    assert [bundle.lower.closed for bundle in rules.bundles] == [True, False]
    assert (rules.bundle(120).units, rules.bundle(121).units) == (0, 100)


def test_a_plan_of_one_day_has_the_class_of_that_day() -> None:
    extent = {
        "measure": "planned_hours_a_day",
        "classes": [
            {"name": "halv", "to": "4", "from": "0"},
            {"name": "hel", "above": "4"},
        ],
    }
    assert changed(extent=extent).extent_class(Extent(days=1, minutes=360)) == "hel"


@pytest.mark.parametrize(
    ("kind", "part"),
    [("calendar_days", (8, 31)), ("weekdays", (5, 22)), ("planned_days", (1, 5))],
)
def test_a_part_of_a_month_is_counted_by_its_kind(
    kind: str, part: tuple[int, int]
) -> None:
    """From Sunday the 1st to Sunday the 8th, planned on Mondays."""
    mondays = plan(days=1)
    facts = placement(plans=[mondays])
    rules = replace(GOTEBORG, proration=kind)
    assert Proration(MARCH, rules).part(Place(facts, 0, 31), 0, 8) == part


def test_days_before_a_plan_are_as_in_the_first_one() -> None:
    """And the day a plan begins is its own; without plans no day is planned."""
    mondays = plan(days=1, start=date(2020, 3, 16))
    tuesdays = PlanSpan.of(
        WeekPlan(MONDAY, ((None, mondays.plan.weeks[0][0], *(None,) * 5),)),
        date(2020, 3, 23),
    )
    proration = Proration(MARCH, replace(GOTEBORG, proration="planned_days"))
    for plans in ((mondays, tuesdays), (tuesdays, mondays)):
        assert proration.days("planned_days", plans, 0, 15) == (2, 5)
        assert proration.days("planned_days", plans, 22, 31) == (2, 5)
    assert proration.days("planned_days", (), 0, 31) == (0, 1)
