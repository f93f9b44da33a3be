"""What is due now minus what was booked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from payments import (
    Booked,
    Group,
    Line,
    changes,
    explained,
    recomputed,
    settled,
    standing,
    turned,
)
from tests.engines.payfacts import MARCH, due, level, marked, placement

GROUP = Group(1, MARCH, "place")


def lines(text: str = "2", days: str = "") -> tuple[Line, ...]:
    codes = marked(MARCH)[: 31 - len(days)] + days
    return due(placement(codes=codes), levels=[level(text)]).lines


def changed(line: Line, **values: object) -> Line:
    return line._replace(priced=replace(line.priced, **values))


def booked(*booked_lines: Line) -> list[Booked]:
    return [Booked(n, line) for n, line in enumerate(booked_lines, start=1)]


def test_nothing_changed_is_nothing_to_do() -> None:
    assert changes(lines(), booked(*lines())) == ()


def test_what_changed_is_reversed_in_full_and_booked_anew() -> None:
    [change] = changes(lines("3"), booked(*lines("2")))
    assert [one.ref for one in change.reversed] == [1]
    assert change.difference == 22 * (98700 - 62600)
    [back] = [turned(one.line) for one in change.reversed]
    assert (back.amount, back.hundredths) == (-22 * 62600, -2200)
    assert recomputed(back) == back.amount
    assert changed(back, amount=0, hundredths=0) == changed(
        lines("2")[0], amount=0, hundredths=0
    )


def test_what_is_taken_back_in_part_days_is_explained_with_its_sign() -> None:
    [line] = lines()
    half = turned(changed(line, hundredths=1050))
    words = explained(half)[-1].replace("\N{NO-BREAK SPACE}", " ")
    assert words.startswith("\N{MINUS SIGN}10,5 dagar × ")


def test_what_is_no_longer_due_is_only_reversed() -> None:
    [change] = changes((), booked(*lines()))
    assert (change.lines, change.difference) == ((), -22 * 62600)


def test_a_line_already_taken_back_does_not_stand() -> None:
    [line] = lines()
    rows = [Booked(1, line), Booked(2, turned(line), corrects=1)]
    assert standing(rows) == []
    [change] = changes([line], rows)
    assert (change.reversed, change.difference) == ((), line.amount)


def test_another_reference_for_the_same_money_changes_nothing() -> None:
    renewed = [line._replace(levels=(9,), decisions=("nytt",)) for line in lines()]
    assert changes(renewed, booked(*lines())) == ()


def test_changes_wait_are_booked_or_left_out_and_always_listed() -> None:
    old = [changed(line, month=MARCH.previous) for line in lines()]
    [line] = lines()
    paid = line._replace(placement=2)
    found = changes([*old, line], booked(paid))
    held = due(placement(2, reported=False)).held
    parted = settled(found, oldest=MARCH, stopped=held)
    assert [c.group for c in parted.booked] == [GROUP]
    assert [c.group.placement for c in parted.waiting] == [2]
    assert [c.group.month for c in parted.left_out] == [MARCH.previous]


NINTH, SIXTEENTH = date(2020, 3, 9), date(2020, 3, 16)


def test_what_is_stopped_takes_nothing_back() -> None:
    half = due(placement(levels=[level(end=SIXTEENTH)]))
    found = changes(half.lines, booked(*lines()))
    parted = settled(found, oldest=MARCH, stopped=half.held)
    assert parted.booked == ()
    assert [change.difference for change in parted.waiting] == [-12 * 62600]


def test_days_that_are_not_stopped_are_corrected() -> None:
    two = level("2", end=SIXTEENTH), level("3", SIXTEENTH)
    before = booked(*due(placement(levels=two)).lines)
    half = due(placement(levels=[level("4", end=SIXTEENTH)]))
    parted = settled(changes(half.lines, before), oldest=MARCH, stopped=half.held)
    [change] = parted.booked
    assert ([one.ref for one in change.reversed], len(change.lines)) == ([1], 1)
    assert [one.ref for change in parted.waiting for one in change.reversed] == [2]


def test_what_would_replace_a_line_that_stands_waits_with_it() -> None:
    two = level("2", end=SIXTEENTH), level("3", SIXTEENTH)
    before = booked(*due(placement(levels=two)).lines)
    now = due(placement(levels=[level("4", NINTH)]))
    parted = settled(changes(now.lines, before), oldest=MARCH, stopped=now.held)
    assert parted.booked == ()
    assert [len(change.reversed) for change in parted.waiting] == [2]


def test_what_nothing_stops_is_paid_beside_what_is_stopped() -> None:
    half = due(placement(levels=[level(end=SIXTEENTH)]))
    parted = settled(changes(half.lines, ()), oldest=MARCH, stopped=half.held)
    assert [change.lines for change in parted.booked] == [half.lines]
    assert parted.waiting == ()


def spanning(start: date, end: date, **values: object) -> Line:
    [line] = lines()
    return changed(line, start=start, end=end, **values)


@pytest.mark.parametrize(
    ("start", "end", "waits"),
    [
        (date(2020, 3, 15), SIXTEENTH, 1),
        (date(2020, 3, 1), NINTH, 0),
        (SIXTEENTH, date(2020, 4, 1), 0),
    ],
    ids=["its last day", "the days before", "the days after"],
)
def test_a_booked_line_waits_when_one_of_its_days_is_stopped(
    start: date, end: date, waits: int
) -> None:
    before = booked(spanning(NINTH, SIXTEENTH))
    stopped = replace(due(placement(reported=False)).held[0], start=start, end=end)
    parted = settled(changes((), before), oldest=MARCH, stopped=[stopped])
    assert (len(parted.booked), len(parted.waiting)) == (1 - waits, waits)


@pytest.mark.parametrize(
    "other",
    [{"placement": 2}, {"month": MARCH.next}, {"kind": "meal"}],
    ids=["placement", "month", "kind"],
)
def test_a_stop_holds_only_its_own_group(other: dict[str, object]) -> None:
    [stopped] = due(placement(reported=False)).held
    found = changes((), booked(*lines()))
    parted = settled(found, oldest=MARCH, stopped=[replace(stopped, **other)])
    assert (parted.booked, parted.waiting) == (found, ())


def test_each_of_a_groups_stops_holds_its_days() -> None:
    before = booked(
        spanning(date(2020, 3, 1), NINTH),
        spanning(NINTH, SIXTEENTH),
        spanning(SIXTEENTH, date(2020, 4, 1)),
    )
    [stopped] = due(placement(reported=False)).held
    stops = [
        replace(stopped, start=day, end=day + timedelta(days=1))
        for day in (date(2020, 3, 2), date(2020, 3, 31))
    ]
    parted = settled(changes((), before), oldest=MARCH, stopped=stops)
    assert [one.ref for change in parted.booked for one in change.reversed] == [2]
    assert [one.ref for change in parted.waiting for one in change.reversed] == [1, 3]


def test_all_that_waits_is_listed() -> None:
    persons = [due(placement(ref, reported=False)).held[0] for ref in (1, 2)]
    paid = [line._replace(placement=ref) for ref in (1, 2) for line in lines()]
    parted = settled(changes((), booked(*paid)), oldest=MARCH, stopped=persons)
    assert [change.group.placement for change in parted.waiting] == [1, 2]


def test_changes_come_as_booked_and_then_as_due() -> None:
    [line] = lines()
    second, first, new = (line._replace(placement=ref) for ref in (2, 1, 3))
    dearer = changed(first, amount=1)
    found = changes([new, dearer], booked(second, first))
    assert [change.group.placement for change in found] == [2, 1, 3]


def test_two_lines_alike_are_not_one() -> None:
    [line] = lines()
    [change] = changes([line, line], booked(line))
    assert change.difference == line.amount
    assert changes([line, line], booked(line, line)) == ()
