"""How each day is counted can be seen, day by day, and adds up to the line."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from payments import Calculation, ClientMonth, Part, Span, day_steps, read_rules
from payments.errors import MissingAttendance
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    MARCH,
    TYRESO,
    changed,
    level,
    marked,
    one_price,
    placement,
)
from tests.engines.payrule_strategies import rule_tables
from tests.engines.test_pay_any_rules import clients, some
from tests.engines.test_pay_bases import BUNDLED, BY_DAY

ALL_TIME = Span(ALWAYS, None)


def test_each_day_says_what_it_counts_as() -> None:
    facts = placement(codes=marked(MARCH, d10="O", d11="O"), start=date(2020, 3, 9))
    steps = day_steps(MARCH, TYRESO, facts)
    assert (len(steps), steps[0].day, steps[0].planned_minutes) == (
        23,
        date(2020, 3, 9),
        360,
    )
    told = [[(p.code, p.hundredths, p.share) for p in step.parts] for step in steps[:6]]
    assert told == [
        [("N", 100, 100)],
        [("O", 100, 100)],
        [("O", 100, 0)],
        [("N", 100, 100)],
        [("N", 100, 100)],
        [],
    ]


def test_a_day_says_its_bundle_its_class_or_its_fault() -> None:
    parts = {10: (Part("U", 540, 780),), 11: (Part("U", 540, 570),)}
    steps = {s.day.day: s for s in day_steps(MARCH, BUNDLED, placement(parts=parts))}
    assert steps[10].bundle == "från 2 till och med 5 timmar räknas som 0,5"
    assert "5 timmar 30 minuter" in steps[11].fault
    by_day = day_steps(MARCH, changed(extent=BY_DAY), placement())
    assert by_day[1].extent_class == "heltid"


def test_a_month_price_has_no_days_to_tell_of() -> None:
    assert day_steps(MARCH, GOTEBORG, placement()) == ()


def test_attendance_that_is_missing_is_raised_by_name() -> None:
    with pytest.raises(MissingAttendance):
        day_steps(MARCH, TYRESO, placement(reported=False))


@pytest.mark.parametrize("basis", ["day", "hour", "bundled"])
@given(st.data())
@some
def test_the_days_add_up_to_the_lines(basis: str, data: st.DataObject) -> None:
    table = data.draw(rule_tables(basis))
    for name in ("after_end", "supplements", "vat", "late_months"):
        table.pop(name, None)
    rules = read_rules(table)
    facts = (
        data.draw(clients())
        .placements[0]
        ._replace(
            pauses=(), supplements=(), levels=(level("2"),), contracts=(ALL_TIME,)
        )
    )
    assume(facts.attendance is not None)
    names = [one.name for one in rules.classes]
    prices = one_price(100_00, rules.price_unit, *names)
    due = Calculation(MARCH, rules, prices).due(ClientMonth("k", (facts,)))
    assume({held.error for held in due.held} <= {"NoBundle", "MissingHours"})
    steps = day_steps(MARCH, rules, facts)
    counted = sum(p.hundredths for step in steps for p in step.parts if p.share)
    assert sum(line.hundredths for line in due.lines) == counted
