"""Controls of attended days, each with an innocent case next to the guilty one."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import Month, Part, Span
from payments.calendar import Hours
from payments.controls import DaysOf, Finding
from payments.day_controls import (
    ALL_DAY,
    Visit,
    above_maximum,
    apart,
    at_once,
    attended_after_death,
    claimed_hours,
    closed_attended,
    crowded,
    elsewhere,
    identical_days,
    same_hours,
)

deterministic = settings(derandomize=True, deadline=None, max_examples=80)
FEBRUARY = Month(2026, 2)
"""28 days; the 1st is a Sunday."""

WEEKDAYS = "-NNNNN-" * 4
DAY = Hours(9 * 60, 15 * 60)
MORNING, AFTERNOON = Hours(9 * 60, 12 * 60), Hours(12 * 60, 15 * 60)


def days(
    ref: int = 1, codes: str = WEEKDAYS, *, client: str = "k", is_own: bool = True
) -> DaysOf:
    return DaysOf(client, ref, f"P{ref}", FEBRUARY, codes, is_own)


def on(day: int) -> date:
    return FEBRUARY.first + timedelta(days=day - 1)


def test_the_same_hours_at_two_places_are_found() -> None:
    both = [days(1), days(2)]
    hours = {1: {2: (DAY,), 3: (MORNING,)}, 2: {2: (AFTERNOON,), 3: (AFTERNOON,)}}
    told = "Samma tider som placering P2: dag 2 kl. 12.00–15.00."
    assert same_hours(both, hours) == [Finding("same_hours", 1, FEBRUARY, told)]


def test_mornings_at_one_place_and_afternoons_at_another_are_innocent() -> None:
    hours = {1: {2: (MORNING,)}, 2: {2: (AFTERNOON,)}}
    assert same_hours([days(1), days(2)], hours) == []


def test_a_day_or_a_placement_without_hours_clashes_with_nothing() -> None:
    both, some = [days(1), days(2)], {2: (DAY,)}
    for hours in ({1: some}, {2: some}, {}, {1: some, 2: {3: (DAY,)}}):
        assert same_hours(both, hours) == []
        assert apart(both, hours) == both


def test_two_people_at_the_same_hours_are_innocent() -> None:
    hours = {1: {2: (DAY,)}, 2: {2: (DAY,)}}
    assert same_hours([days(1), days(2, client="m")], hours) == []


def test_the_same_hours_in_another_system_are_told_of_the_runs_own_placement() -> None:
    hours = {1: {2: (DAY,)}, 2: {2: (DAY,)}}
    [found] = same_hours([days(1, is_own=False), days(2)], hours)
    assert (found.placement, "placering P1" in found.message) == (2, True)
    neither = [days(1, is_own=False), days(2, is_own=False)]
    assert same_hours(neither, hours) == []


@pytest.mark.parametrize(
    ("number", "rest"),
    [(6, ""), (7, " och 1 dag till"), (10, " och 4 dagar till")],
)
def test_many_days_are_told_in_short(number: int, rest: str) -> None:
    hours = {ref: dict.fromkeys(range(2, 2 + number), (DAY,)) for ref in (1, 2)}
    [found] = same_hours([days(1), days(2)], hours)
    told = ", ".join(f"dag {day} kl. 9.00–15.00" for day in range(2, 8))
    assert found.message == f"Samma tider som placering P2: {told}{rest}."


def test_days_that_clash_are_left_out_of_the_days_that_only_meet() -> None:
    hours = {1: {2: (DAY,), 3: (MORNING,)}, 2: {2: (DAY,), 3: (AFTERNOON,)}}
    one, other = apart([days(1), days(2)], hours)
    assert (one.codes[1:3], other.codes[1:3]) == ("-N", "-N")


def test_all_days_that_clash_with_any_placement_are_left_out() -> None:
    hours = {
        1: {2: (DAY,), 3: (DAY,)},
        2: {2: (DAY,), 4: (DAY,)},
        3: {3: (DAY,), 4: (DAY,)},
    }
    found = apart([days(1), days(2), days(3)], hours)
    assert [one.codes[1:4] for one in found] == ["--N", "-N-", "N--"]


@pytest.mark.parametrize(
    ("code", "planned", "parts", "here_only", "hours"),
    [
        ("N", DAY, (), False, (DAY,)),
        ("A", DAY, (), False, (DAY,)),
        ("A", DAY, (), True, ()),
        ("U", DAY, (), False, ()),
        ("X", None, (), False, (ALL_DAY,)),
        ("X", None, (Part("X", 540, 600),), False, (Hours(540, 600),)),
        ("N", DAY, (Part("U", 720, 900),), False, (MORNING,)),
        ("N", DAY, (Part("U", 600, 660),), False, (Hours(540, 600), Hours(660, 900))),
        ("A", DAY, (Part("N", 540, 720),), True, (MORNING,)),
        ("N", DAY, (Part("A", 720, 900),), True, (MORNING,)),
        ("N", DAY, (Part("A", 720, 900),), False, (DAY,)),
        ("-", None, (), False, ()),
    ],
)
def test_the_hours_of_a_day_that_count(
    code: str,
    planned: Hours | None,
    parts: Sequence[Part],
    *,
    here_only: bool,
    hours: tuple[Hours, ...],
) -> None:
    assert claimed_hours(code, planned, parts, here_only=here_only) == hours


def test_a_day_away_counts_as_claimed_unless_only_days_here_are_asked_for() -> None:
    assert claimed_hours("A", DAY, ()) == (DAY,)


PARTS = st.builds(
    lambda code, start, length: Part(code, start, start + length),
    st.sampled_from("NXASUK"),
    st.integers(0, 20 * 60),
    st.integers(1, 200),
)


@deterministic
@given(st.sampled_from("NXASOLKPU-"), st.sampled_from((None, DAY)), st.lists(PARTS))
def test_hours_here_are_some_of_the_hours_claimed_and_never_overlap(
    code: str, planned: Hours | None, parts: list[Part]
) -> None:
    claimed = claimed_hours(code, planned, parts)
    here = claimed_hours(code, planned, parts, here_only=True)
    assert _minutes(here) <= _minutes(claimed)
    assert sum(one.minutes for one in claimed) == len(_minutes(claimed))


def _minutes(hours: Sequence[Hours]) -> set[int]:
    return {minute for one in hours for minute in range(one.start, one.end)}


def test_attendance_after_a_death_is_found_and_on_the_day_itself_is_innocent() -> None:
    told = "Närvaro efter dödsfallet: fredag 27."
    found = attended_after_death([days()], {"k": on(26)})
    assert found == [Finding("after_death", 1, FEBRUARY, told)]
    assert attended_after_death([days()], {"k": on(27), "m": on(1)}) == []


@pytest.mark.parametrize(
    ("died", "rest"),
    [
        (on(19), ""),
        (on(18), " och 1 dag till"),
        (on(17), " och 2 dagar till"),
    ],
)
def test_many_days_after_a_death_are_told_in_short(died: date, rest: str) -> None:
    [found] = attended_after_death([days()], {"k": died})
    listed = found.message.removeprefix("Närvaro efter dödsfallet: ")
    assert listed.count(", ") == 5
    assert listed.endswith(f"dag {died.day + 8}{rest}.")


def test_attendance_during_a_stay_elsewhere_is_found() -> None:
    stays = {"k": [Span(on(25), None), Span(on(3), on(4))]}
    told = (
        "Noterad på annat håll men närvarande: tisdag 3, onsdag 25, torsdag 26, "
        "fredag 27."
    )
    found = elsewhere([days(1), days(2, client="m")], stays)
    assert found == [Finding("elsewhere", 1, FEBRUARY, told)]


def test_a_stay_reported_as_absence_or_ended_before_is_innocent() -> None:
    stay = {"k": [Span(on(3), on(4))]}
    assert elsewhere([days(codes="-NANNN-" * 4)], stay) == []
    assert elsewhere([days()], {"k": [Span(on(1), on(2)), Span(on(28), None)]}) == []


def test_attendance_on_a_closed_day_or_an_unplanned_weekend_is_found() -> None:
    reported = days(codes="X" + WEEKDAYS[1:6] + "X" + WEEKDAYS[7:])
    told = "Närvaro: söndag 1, måndag 2, lördag 7."
    found = closed_attended([reported], {1: {on(2)}}, {})
    assert found == [Finding("closed_attended", 1, FEBRUARY, told)]


def test_a_planned_weekend_and_a_day_that_was_kept_closed_are_innocent() -> None:
    reported = days(codes="NK" + WEEKDAYS[2:])
    assert closed_attended([reported], {1: {on(2)}}, {1: {on(1)}}) == []
    assert closed_attended([days()], {}, {}) == []


def visits(number: int, hours: Hours, day: int = 2, start: int = 0) -> list[Visit]:
    return [Visit(7, start + n, on(day), hours) for n in range(number)]


LIMITS = {7: {(0, "am"): 2, (0, "pm"): 3}}


def test_more_people_at_the_same_time_than_the_ceiling_are_found() -> None:
    told = "Samtidigt på enheten: måndag 2 förmiddag 3 av 2."
    found = above_maximum(FEBRUARY, visits(3, DAY), LIMITS)
    assert found == [Finding("above_maximum", None, FEBRUARY, told, unit=7)]
    assert above_maximum(FEBRUARY, visits(3, DAY), LIMITS, over=1) == []


def test_people_who_take_over_from_each_other_are_innocent() -> None:
    first, second = Hours(9 * 60, 11 * 60), Hours(11 * 60, 12 * 60)
    shifts = [*visits(2, first), *visits(2, second, start=10)]
    assert above_maximum(FEBRUARY, shifts, LIMITS) == []
    assert above_maximum(FEBRUARY, visits(9, DAY, day=3), LIMITS) == []


def test_those_here_after_noon_do_not_fill_the_morning() -> None:
    assert above_maximum(FEBRUARY, visits(3, AFTERNOON), LIMITS) == []
    [found] = above_maximum(FEBRUARY, visits(4, AFTERNOON), LIMITS)
    assert found.message == "Samtidigt på enheten: måndag 2 eftermiddag 4 av 3."


def test_a_unit_without_limits_is_never_too_full() -> None:
    assert above_maximum(FEBRUARY, visits(9, DAY), {}) == []


@st.composite
def months_at_a_unit(draw: st.DrawFn) -> list[tuple[str, dict[int, list[Part]]]]:
    """Months of attendance, some days in parts."""
    parts = st.lists(st.builds(_part, st.sampled_from("NXAU"), SOME_HOURS), max_size=2)
    return draw(
        st.lists(
            st.tuples(
                st.text("NXA-K", min_size=28, max_size=28),
                st.dictionaries(st.integers(1, 28), parts, max_size=3),
            ),
            max_size=5,
        )
    )


def _part(code: str, hours: Hours) -> Part:
    return Part(code, hours.start, hours.end)


SOME_LIMITS = st.dictionaries(
    st.tuples(st.integers(0, 6), st.sampled_from(["am", "pm"])), st.integers(0, 3)
)


@deterministic
@given(months_at_a_unit(), SOME_LIMITS, st.integers(0, 1))
def test_only_crowded_days_need_a_closer_look(
    told: list[tuple[str, dict[int, list[Part]]]],
    limits: dict[tuple[int, str], int],
    over: int,
) -> None:
    every = [
        Visit(7, client % 3, on(day), hours)
        for client, (codes, parts) in enumerate(told)
        for day, code in enumerate(codes, start=1)
        for hours in claimed_hours(
            code, DAY if client % 2 else None, parts.get(day, ()), here_only=True
        )
    ]
    perhaps = [
        "".join("X" if n in parts else code for n, code in enumerate(codes, start=1))
        for codes, parts in told
    ]
    near = crowded(FEBRUARY, perhaps, limits, over=over)
    some = [visit for visit in every if visit.day.day in near]
    found = above_maximum(FEBRUARY, every, {7: limits}, over=over)
    assert above_maximum(FEBRUARY, some, {7: limits}, over=over) == found


def test_as_many_as_the_ceiling_is_no_crowd() -> None:
    assert crowded(FEBRUARY, [WEEKDAYS] * 2, LIMITS[7]) == set()
    assert crowded(FEBRUARY, [WEEKDAYS] * 3, LIMITS[7]) == {2, 9, 16, 23}
    assert crowded(FEBRUARY, [WEEKDAYS] * 3, LIMITS[7], over=1) == set()


def test_one_person_with_two_placements_is_one_person() -> None:
    twice = [*visits(2, DAY), *visits(2, DAY)]
    assert at_once(twice) == 2


def test_people_named_by_number_and_by_text_are_counted_together() -> None:
    assert at_once([Visit(7, 1, on(2), DAY), Visit(7, "k", on(2), DAY)]) == 2


SOME_HOURS = st.builds(
    lambda start, length: Hours(start, start + length),
    st.integers(0, 1000),
    st.integers(1, 400),
)


@deterministic
@given(st.lists(st.tuples(st.integers(0, 5), SOME_HOURS), max_size=12))
def test_at_once_is_the_fullest_minute(who: list[tuple[int, Hours]]) -> None:
    some = [Visit(7, client, on(2), hours) for client, hours in who]
    fullest = max(
        (
            len({v.client for v in some if v.hours.start <= minute < v.hours.end})
            for minute in {v.hours.start for v in some}
        ),
        default=0,
    )
    assert at_once(some) == fullest


def test_two_people_away_on_the_same_days_are_found() -> None:
    away = "-NASON-" + "-ANNNN-" + WEEKDAYS[14:]
    group = [days(1, away), days(2, away, client="m")]
    told = "4 frånvarodagar lika, dag för dag, som placering P2."
    found = identical_days([group], least=4)
    assert found == [Finding("identical_days", 1, FEBRUARY, told)]
    assert identical_days([group], least=5) == []


@pytest.mark.parametrize(
    ("number", "rest"),
    [(7, ""), (8, " och 1 placering till"), (9, " och 2 placeringar till")],
)
def test_so_many_others_away_on_the_same_days_are_told_by_number(
    number: int, rest: str
) -> None:
    away = "-AAAAA-" + WEEKDAYS[7:]
    group = [days(ref + 1, away, client=f"k{ref}") for ref in range(number)]
    [found] = identical_days([group], least=1)
    told = " lika, dag för dag, som placering P2, P3, P4, P5, P6, P7"
    assert found.message == f"5 frånvarodagar{told}{rest}."


def test_one_day_away_is_a_day() -> None:
    group = [days(ref, "-A" + WEEKDAYS[2:], client=f"k{ref}") for ref in (1, 2)]
    [found] = identical_days([group], least=1)
    assert found.message == "1 frånvarodag lika, dag för dag, som placering P2."


@pytest.mark.parametrize(
    ("more", "rest"),
    [
        ((), ""),
        ((MORNING,), " och 1 halvdag till"),
        ((MORNING, AFTERNOON), " och 2 halvdagar till"),
    ],
)
def test_many_crowded_half_days_are_told_in_short(
    more: Sequence[Hours], rest: str
) -> None:
    limits = {7: {(n, half): 0 for n in range(5) for half in ("am", "pm")}}
    some = [one for day in (3, 4, 9) for one in visits(1, DAY, day)]
    some += [one for hours in more for one in visits(1, hours, 10)]
    [found] = above_maximum(FEBRUARY, some, limits)
    assert found.message == (
        "Samtidigt på enheten: tisdag 3 förmiddag 1 av 0, tisdag 3 eftermiddag 1 av 0, "
        "onsdag 4 förmiddag 1 av 0, onsdag 4 eftermiddag 1 av 0, måndag 9 förmiddag "
        f"1 av 0, måndag 9 eftermiddag 1 av 0{rest}."
    )


def test_one_shared_day_away_or_one_person_with_two_placements_is_innocent() -> None:
    away, more = "-NANNN-" + WEEKDAYS[7:], "-AAAAA-" + WEEKDAYS[7:]
    assert identical_days([[days(1, away), days(2, away, client="m")]], least=4) == []
    assert identical_days([[days(1, more), days(2, more)]], least=4) == []
