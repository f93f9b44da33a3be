"""Controls of lines and days, whole findings; and the list of controls."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import Month, Span, controls
from payments.calendar import CLOSED
from payments.control_catalogue import CONTROLS, DECIDES, LISTS, TITLES
from payments.controls import Finding
from payments.lines import Held

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


def plain(findings: list[Finding]) -> list[Finding]:
    """Told with plain spaces."""
    return [
        replace(one, message=one.message.replace("\N{NO-BREAK SPACE}", " "))
        for one in findings
    ]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


PERIODS = {
    "outside_period": "Raden har dagar utanför perioden.",
    "outside_decision": "Beslutet täcker inte alla dagar.",
    "outside_contract": "Inget avtal täcker alla dagar.",
    "outside_permit": "Enhetens tillstånd täcker inte alla dagar.",
}


@pytest.mark.parametrize("control", PERIODS)
@pytest.mark.parametrize(
    ("spans", "number"),
    [
        ([Span(FIRST, FEBRUARY.end)], 0),
        ([Span(date(2020, 1, 1), None)], 0),
        ([Span(FIRST, day(14)), Span(day(14), None)], 0),
        ([Span(FIRST, day(14)), Span(day(14), FEBRUARY.end)], 0),
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
        "renewed for the rest",
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
    looked = getattr(controls, control)([Line()], {1: spans})
    found = Finding(control, 1, FEBRUARY, PERIODS[control], 1_252_000)
    assert looked == [found] * number


@pytest.mark.parametrize("control", PERIODS)
def test_a_line_without_known_periods_is_outside_them(control: str) -> None:
    [found] = getattr(controls, control)([Line()], {2: [Span(FIRST, None)]})
    assert found.message == PERIODS[control]


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


ENDS = {
    "after_death": "Personen avled 2026-02-27.",
    "after_end": "Sista dagen var 2026-02-27.",
}


@pytest.mark.parametrize("control", ENDS)
def test_a_line_with_days_after_the_death_or_the_end_is_found(control: str) -> None:
    both = [Line(), Line(placement=2)]
    looked = getattr(controls, control)
    found = Finding(control, 1, FEBRUARY, ENDS[control], 1_252_000)
    assert looked(both, {1: date(2026, 2, 27)}) == [found]
    assert looked(both, {1: date(2026, 2, 28)}) == []


def test_a_total_that_is_not_the_sum_is_found() -> None:
    both = [Line(amount=100), Line(amount=250)]
    told = "Raderna blir 3,50 kr men körningen säger 3,51 kr."
    found = controls.total_differs(FEBRUARY, both, 351)
    assert plain(found) == [Finding("total", None, FEBRUARY, told, 1)]
    assert controls.total_differs(FEBRUARY, both, 350) == []
    assert controls.total_differs(FEBRUARY, [], 0) == []


@pytest.mark.parametrize(
    ("counted", "number"), [("N:20", 0), (f"{CLOSED}:1 N:19", 1), ("", 0)]
)
def test_a_line_that_pays_closed_days_is_found(counted: str, number: int) -> None:
    told = "Raden betalar stängda dagar enligt regel."
    found = Finding("closed_day", 1, FEBRUARY, told, 1_252_000)
    assert controls.closed_days([Line(counted=counted)]) == [found] * number


WHOLE, AWAY = "-NNNNN-" * 4, "-NNANN-" + "-NNNNN-" * 3


def days(
    ref: int, codes: str = WHOLE, *, client: str = "k", is_own: bool = True
) -> controls.DaysOf:
    return controls.DaysOf(client, ref, f"P{ref}", FEBRUARY, codes, is_own)


def test_the_same_days_on_two_placements_are_found() -> None:
    both = [days(1), days(2, "N" + "-" * 23 + "NN--"), days(3, client="m")]
    told = "Dag 25, 26 finns också på placering P2."
    found = controls.same_day_twice(both)
    assert found == [Finding("same_day_twice", 1, FEBRUARY, told)]


@pytest.mark.parametrize("code", ["U", "K", "-"])
def test_a_day_without_attendance_of_its_own_is_on_one_placement(code: str) -> None:
    assert controls.same_day_twice([days(1), days(2, "-" * 24 + code * 4)]) == []


def test_what_another_system_has_is_told_of_the_runs_own_placement() -> None:
    [found] = controls.same_day_twice([days(1, is_own=False), days(2, "-N" * 14)])
    assert (found.placement, found.message[-3:]) == (2, "P1.")
    neither = [days(1, is_own=False), days(2, is_own=False)]
    assert controls.same_day_twice(neither) == []


@pytest.mark.parametrize(("extra", "told"), [(1, "1 dag"), (2, "2 dagar")])
def test_attendance_outside_the_plan_is_found(extra: int, told: str) -> None:
    found = controls.outside_plan([days(1, "X" * extra + WHOLE[extra:]), days(2)])
    message = f"{told} med närvaro utanför planen."
    assert found == [Finding("outside_plan", 1, FEBRUARY, message)]


def test_much_more_than_the_months_before_is_found() -> None:
    now, before = {1: 1_510_00, 2: 900_00}, {1: 1_000_00}
    found = controls.more_than_before(FEBRUARY, now, before, percent=50, least=500_00)
    told = "1 510,00 kr mot som mest 1 000,00 kr månaderna före."
    assert plain(found) == [Finding("more_than_before", 1, FEBRUARY, told, 510_00)]


@pytest.mark.parametrize(
    ("now", "before", "least", "number"),
    [
        (150, 100, 10, 0),
        (151, 100, 10, 1),
        (151, 100, 51, 1),
        (151, 100, 52, 0),
        (151, 0, 0, 0),
        (2, 1, 1, 1),
    ],
    ids=[
        "at the per cent",
        "above",
        "at the least",
        "under the least",
        "nothing before",
        "next to nothing before",
    ],
)
def test_each_limit_of_much_more_is_a_limit_of_its_own(
    now: int, before: int, least: int, number: int
) -> None:
    found = controls.more_than_before(
        FEBRUARY, {1: now}, {1: before}, percent=50, least=least
    )
    assert len(found) == number


def held(error: str, amount: int | None = None) -> Held:
    return Held(
        1, "place", FEBRUARY, FIRST, FEBRUARY.end, error, f"{error} i dag.", amount
    )


@pytest.mark.parametrize(
    ("error", "control"),
    [
        ("MissingAttendance", "missing_attendance"),
        ("MissingRate", "missing_rate"),
        ("AmbiguousRate", "missing_rate"),
        ("NoPriceList", "missing_rate"),
        ("WrongUnit", "missing_rate"),
        ("BadAttendance", "stopped"),
    ],
)
def test_what_could_not_be_paid_is_found_by_its_kind(error: str, control: str) -> None:
    found = controls.stopped([held(error), held(error, 500)])
    told = f"{error} i dag."
    assert found == [
        Finding(control, 1, FEBRUARY, told, 0),
        Finding(control, 1, FEBRUARY, told, 500),
    ]


@pytest.mark.parametrize(
    ("months", "number"),
    [
        ([WHOLE, WHOLE], 1),
        ([AWAY, WHOLE, WHOLE], 1),
        (["-KNNNN-" * 4, WHOLE], 1),
        ([WHOLE], 0),
        ([WHOLE, AWAY], 0),
        ([WHOLE, WHOLE, "-" * 28], 0),
        ([], 0),
    ],
    ids=["as many", "more", "closed days", "too few", "away", "not here", "none"],
)
def test_months_without_any_deviation_are_found(months: list[str], number: int) -> None:
    told = "2 månader i rad är alla planerade dagar närvaro."
    found = Finding("whole_months", 1, FEBRUARY, told)
    looked = controls.whole_months({1: months}, FEBRUARY, least=2)
    assert looked == [found] * number


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
