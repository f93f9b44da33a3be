"""Controls of lines against the periods they must lie in, and the list of controls."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import Month, Span, controls
from payments.control_catalogue import CONTROLS, DECIDES, LISTS, TITLES

deterministic = settings(derandomize=True, deadline=None, max_examples=120)
FEBRUARY = Month(2026, 2)
FIRST = FEBRUARY.first


@dataclass(frozen=True)
class Line:
    placement: int = 1
    month: Month = FEBRUARY
    start: date = FEBRUARY.first
    end: date = FEBRUARY.end
    amount: int = 1_252_000
    counted: str = "N:20"


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


PERIODS = {
    "outside_period": controls.outside_period,
    "outside_decision": controls.outside_decision,
    "outside_contract": controls.outside_contract,
    "outside_permit": controls.outside_permit,
}


@pytest.mark.parametrize("control", PERIODS)
@pytest.mark.parametrize(
    ("spans", "number"),
    [
        ([Span(FIRST, FEBRUARY.end)], 0),
        ([Span(date(2020, 1, 1), None)], 0),
        ([Span(FIRST, day(14)), Span(day(14), None)], 0),
        ([Span(day(14), None), Span(FIRST, day(20))], 0),
        ([Span(FIRST, day(14)), Span(day(15), None)], 1),
        ([Span(day(1), None)], 1),
        ([Span(FIRST, day(27))], 1),
        ([], 1),
    ],
    ids=[
        "exactly",
        "open",
        "renewed the same day",
        "overlapping",
        "a day between",
        "from the second",
        "to the last but one",
        "none",
    ],
)
def test_a_line_must_lie_in_its_periods(
    control: str, spans: list[Span], number: int
) -> None:
    found = PERIODS[control]([Line()], {1: spans})
    told = [(control, 1, 1_252_000)] * number
    assert [(one.control, one.placement, one.amount) for one in found] == told


SPANS = st.lists(
    st.tuples(st.integers(-5, 35), st.integers(1, 30) | st.none()), max_size=5
)


@deterministic
@given(SPANS, st.integers(0, 27), st.integers(1, 28))
def test_spans_cover_a_line_when_they_hold_each_of_its_days(
    periods: list[tuple[int, int | None]], first: int, length: int
) -> None:
    spans = [
        Span(day(start), None if days is None else day(start + days))
        for start, days in periods
    ]
    each = all(
        any(s.start <= day(n) and (s.end is None or day(n) < s.end) for s in spans)
        for n in range(first, first + length)
    )
    assert controls.covers(spans, day(first), day(first + length)) is each


@pytest.mark.parametrize(
    ("died", "number"),
    [(date(2026, 2, 28), 0), (date(2026, 2, 27), 1)],
    ids=["the last day", "the day before"],
)
def test_a_line_with_days_after_the_death_is_found(died: date, number: int) -> None:
    found = controls.after_death([Line(), Line(placement=2)], {1: died})
    assert [(one.control, one.placement) for one in found] == [
        ("after_death", 1)
    ] * number


def test_every_control_says_what_it_looks_for_and_can_be_called_by_its_title() -> None:
    assert [one.title for one in CONTROLS.values()] == list(TITLES.values())
    assert len(set(TITLES.values())) == len(TITLES)
    assert all(one.looks_for.endswith(".") for one in CONTROLS.values())
    assert {one.effect for one in CONTROLS.values()} == {DECIDES, LISTS}


@pytest.mark.parametrize("key", CONTROLS)
def test_what_ships_lies_within_its_own_limits(key: str) -> None:
    control = CONTROLS[key]
    assert len(key) <= 30
    assert all(knob.least <= knob.default <= knob.most for knob in control.knobs)
    assert not (control.fixed and control.knobs)


def test_a_finding_is_called_by_its_controls_title() -> None:
    found = controls.Finding("total", None, FEBRUARY, "")
    assert found.title == "Summan stämmer inte"
