"""Promises 3, 4, 5 and 6 hold for any facts; cuts and merges never make money."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from payments import (
    Booked,
    Calculation,
    Change,
    ClientMonth,
    Due,
    Group,
    Held,
    LevelSpan,
    Line,
    Pause,
    PlacementMonth,
    RuleSet,
    Span,
    changes,
    recomputed,
    settled,
    standing,
    turned,
)
from payments.absence import NO_PIECES, DayShares, Marked, split_day
from payments.calendar import EFFECTS
from payments.facts import Part
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    MARCH,
    TYRESO,
    examples,
    level,
    placement,
    plan,
    published,
)

PRICES = {"day": published("tyreso-2020.csv"), "month": published("goteborg-2023.csv")}
MONTHS = {"day": MARCH, "month": replace(MARCH, year=2024)}
RULES = {"day": TYRESO, "month": GOTEBORG}
CODES = "NNNNNNNNAAASOLKPUX-"
DAYS = st.integers(0, 31)
Levels = tuple[LevelSpan, ...]
Relevel = Callable[[Levels], Levels]
some = examples(80)


@st.composite
def periods(draw: st.DrawFn, first: date) -> tuple[date, date]:
    low, high = sorted((draw(DAYS), draw(DAYS)))
    return first + timedelta(days=low), first + timedelta(days=high)


@st.composite
def places(draw: st.DrawFn, ref: int, basis: str) -> PlacementMonth:
    month = MONTHS[basis]
    start, end = draw(periods(month.first))
    change = month.first + timedelta(days=draw(DAYS))
    days, later = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    pause = draw(periods(month.first))
    return placement(
        ref,
        month=month,
        codes="".join(draw(st.lists(st.sampled_from(CODES), min_size=31, max_size=31))),
        start=draw(st.sampled_from([ALWAYS, start])),
        end=draw(st.sampled_from([None, max(end, start)])),
        regi=draw(st.sampled_from(["extern", "intern"])),
        plans=[plan(days, 7, end=change), plan(later, 7, start=change)],
        reported=draw(st.integers(0, 9)) > 0,
        contracts=[Span(ALWAYS, draw(st.sampled_from([None, None, change])))],
        pauses=[Pause(*pause)] if draw(st.booleans()) else [],
    )


@st.composite
def clients(draw: st.DrawFn, basis: str) -> ClientMonth:
    month = MONTHS[basis]
    first, last = draw(periods(month.first))
    texts = [draw(st.sampled_from("123459")) for _ in range(3)]
    levels = (
        level(texts[0], end=first, ref=1),
        level(texts[1], first, last, ref=2),
        level(texts[2], last, ref=3),
    )
    kept = tuple(one for one in levels if draw(st.integers(0, 7)) > 0)
    found = [draw(places(n, basis)) for n in range(draw(st.integers(1, 3)))]
    return ClientMonth("k", tuple(place._replace(levels=kept) for place in found))


def with_levels(client: ClientMonth, change: Relevel) -> ClientMonth:
    changed = [p._replace(levels=change(p.levels)) for p in client.placements]
    return client._replace(placements=tuple(changed))


BASES = st.sampled_from(["day", "month"])


def calculation(basis: str, rules: RuleSet | None = None) -> Calculation:
    return Calculation(MONTHS[basis], rules or RULES[basis], PRICES[basis])


@given(st.data(), BASES)
@some
def test_the_amount_comes_from_the_line_alone(data: st.DataObject, basis: str) -> None:
    for line in calculation(basis).due(data.draw(clients(basis))).lines:
        assert line.amount == recomputed(line)
        assert line.amount > 0
        assert line.rules
        assert line.decisions
        assert line.levels
        assert line.cells


@given(st.data(), BASES)
@some
def test_nothing_is_paid_outside_the_paid_period_or_the_contract(
    data: st.DataObject, basis: str
) -> None:
    client = data.draw(clients(basis))
    by_ref = {place.ref: place for place in client.placements}
    for line in calculation(basis).due(client).lines:
        place = by_ref[line.placement]
        assert place.start <= line.start < line.end
        assert place.end is None or line.end <= place.end
        ends = [span.end for span in place.contracts]
        assert ends == [None] or line.end <= ends[0]


@given(st.data())
@some
def test_a_day_is_paid_once_a_placement_and_a_closed_day_never(
    data: st.DataObject,
) -> None:
    client = data.draw(clients("day"))
    result = calculation("day").due(client)
    for place in client.placements:
        lines = [line for line in result.lines if line.placement == place.ref]
        planned = (
            sum(code not in "-KX" for code in place.attendance.codes)
            if (place.attendance)
            else 0
        )
        assert sum(line.hundredths for line in lines) <= planned * 100
        assert all("K:" not in line.counted for line in lines)


@given(st.data(), BASES)
@some
def test_what_stops_one_placement_never_stops_another(
    data: st.DataObject, basis: str
) -> None:
    client = data.draw(clients(basis))
    alone = RULES[basis] if basis == "month" else replace(TYRESO, same_hours="paid")
    counts = calculation(basis, replace(alone, same_hours="paid"))
    together = counts.due(client)
    broken = client.placements[0]._replace(contracts=())
    result = counts.due(client._replace(placements=(broken, *client.placements[1:])))
    kept = [line for line in together.lines if line.placement != broken.ref]
    assert [line for line in result.lines if line.placement != broken.ref] == kept
    assert all(line.placement != broken.ref for line in result.lines)


@given(st.data(), BASES)
@some
def test_lines_and_held_days_cover_the_period_without_overlap(
    data: st.DataObject, basis: str
) -> None:
    result = calculation(basis).due(data.draw(clients(basis)))
    spans = defaultdict(set)
    for one in (*result.lines, *result.held):
        spans[one.placement].add((one.start, one.end))
    for found in spans.values():
        for (_, end), (start, _) in pairwise(sorted(found)):
            assert end <= start


@given(st.data(), BASES, st.integers(1, 30))
@some
def test_a_cut_without_change_changes_no_line(
    data: st.DataObject, basis: str, offset: int
) -> None:
    client = data.draw(clients(basis))
    day = MONTHS[basis].first + timedelta(days=offset)

    def cut(levels: Levels) -> Levels:
        return tuple(part for one in levels for part in _cut(one, day))

    counts = calculation(basis)
    assert counts.due(with_levels(client, cut)) == counts.due(client)


def _cut(one: LevelSpan, day: date) -> Levels:
    if one.start < day and (one.end is None or day < one.end):
        return one._replace(end=day), one._replace(start=day)
    return (one,)


@given(st.data(), BASES)
@some
def test_facts_in_another_order_give_the_same_lines(
    data: st.DataObject, basis: str
) -> None:
    client = data.draw(clients(basis))
    counts = calculation(basis)
    turned_about = with_levels(client, lambda levels: levels[::-1])
    assert counts.due(turned_about) == counts.due(client)


def net(rows: list[Booked]) -> dict[tuple[object, object], int]:
    total: dict[tuple[object, object], int] = defaultdict(int)
    for row in rows:
        total[row.line.placement, row.line.month] += row.line.amount
    return {key: amount for key, amount in total.items() if amount}


def book(rows: list[Booked], due: Due) -> tuple[Change, ...]:
    """Book what has changed; what waits because something stops the days."""
    oldest = min((line.month for line in due.lines), default=MARCH)
    parted = settled(changes(due.lines, rows), oldest=oldest, stopped=due.held)
    for change in parted.booked:
        for one in change.reversed:
            rows.append(Booked(len(rows), turned(one.line), one.ref))
        for line in change.lines:
            rows.append(Booked(len(rows), line))
    return parted.waiting


def by_group(found: Iterable[Change]) -> dict[Group, Change]:
    """Groups come in the order of what stands, which a booking moves."""
    return {change.group: change for change in found}


def days_of(found: Iterable[Line | Held]) -> set[tuple[object, date]]:
    return {
        (one.placement, one.start + timedelta(days=n))
        for one in found
        for n in range((one.end - one.start).days)
    }


@given(st.data(), BASES, st.integers(1, 4))
@some
def test_booked_in_steps_and_what_waits_is_one_run_over_the_final_facts(
    data: st.DataObject, basis: str, steps: int
) -> None:
    counts = calculation(basis)
    rows: list[Booked] = []
    for _ in range(steps):
        due = counts.due(data.draw(clients(basis)))
        stood = standing(rows)
        waiting = book(rows, due)
        stands = standing(rows)
        taken_back = [one.line for one in stood if one not in stands]
        assert days_of(taken_back).isdisjoint(days_of(due.held))
    final: dict[tuple[object, object], int] = defaultdict(int)
    for line in due.lines:
        final[line.placement, line.month] += line.amount
    total = net(rows)
    for change in waiting:
        key = change.group.placement, change.group.month
        total[key] = total.get(key, 0) + change.difference
    assert {key: amount for key, amount in total.items() if amount} == dict(final)
    before = len(rows)
    assert by_group(book(rows, due)) == by_group(waiting)
    assert len(rows) == before


@given(st.data(), BASES)
@some
def test_booked_waiting_and_left_out_are_all_of_the_change(
    data: st.DataObject, basis: str
) -> None:
    counts = calculation(basis)
    before = counts.due(data.draw(clients(basis))).lines
    now = counts.due(data.draw(clients(basis)))
    found = changes(now.lines, [Booked(n, line) for n, line in enumerate(before)])
    month = MONTHS[basis]
    oldest = data.draw(st.sampled_from([month, month.next]))
    parted = settled(found, oldest=oldest, stopped=now.held)
    parts = (*parted.booked, *parted.waiting, *parted.left_out)
    assert sum(c.difference for c in parts) == sum(c.difference for c in found)


@given(
    st.lists(
        st.tuples(st.sampled_from("NAU"), st.integers(1, 400)), min_size=1, max_size=5
    )
)
@some
def test_the_parts_of_a_day_are_a_whole_day(pieces: list[tuple[str, int]]) -> None:
    parts = [Part(code, 0, minutes) for code, minutes in pieces]
    assert sum(part for _, part in split_day(parts, "N", None)) == 100


def share_in_words(rules: RuleSet, days: str, day: int, month_start: int) -> int:
    """What the rows of the rule say of one day, read off the days before it."""
    rows = [r for r in rules.absences if r.effect == EFFECTS.get(days[day])]
    if len(rows) < 2:
        return rows[0].share if rows else 0
    alike = {r.effect for r in rules.absences if r.group == rows[0].group}
    stretches = stretches_away(days[: day + 1], alike)
    if rows[0].restart == "calendar_year":
        counted = stretches
    elif rows[0].restart == "month":
        counted = [[n for n in one if n >= month_start] for one in stretches]
    else:
        counted = stretches[-1:]
    if rows[0].counting == "calendar_days":
        number = sum(one[-1] - one[0] + 1 for one in counted if one)
    else:
        number = sum(map(len, counted))
    return next(r.share for r in rows if r.first <= number <= (r.last or 1_000))


def stretches_away(days: str, effects: set[str]) -> list[list[int]]:
    """The days with such an absence, parted by the days attended."""
    stretches: list[list[int]] = [[]]
    for number, code in enumerate(days):
        if code in "NX":
            stretches.append([])
        elif EFFECTS.get(code) in effects:
            stretches[-1].append(number)
    return stretches


FEBRUARY = MARCH.previous


@given(
    st.lists(st.sampled_from(CODES), min_size=60, max_size=60),
    st.sampled_from(["planned_days", "calendar_days"]),
    st.sampled_from(["attended", "month", "calendar_year"]),
    st.integers(1, 4),
    st.sampled_from([{}, {"notified": "away", "late": "away"}]),
)
@examples(300)
def test_absence_is_counted_as_the_rule_says(
    drawn: list[str],
    counting: str,
    restart: str,
    paid_days: int,
    groups: dict[str, str],
) -> None:
    days = "".join(drawn)
    absences = tuple(
        replace(
            rule,
            counting=counting,
            restart=restart,
            group=groups.get(rule.effect, rule.group),
            first=rule.first if rule.first == 1 else paid_days + 1,
            last=paid_days if rule.last else None,
        )
        for rule in TYRESO.absences
    )
    rules = replace(TYRESO, absences=absences)
    before, after = days[: FEBRUARY.days], days[FEBRUARY.days :]
    told = [
        share_in_words(rules, days, n, 0 if n < FEBRUARY.days else FEBRUARY.days)
        for n in range(len(days))
    ]
    for count in (DayShares.paid, DayShares.walk):
        [first], carry = count(DayShares(FEBRUARY, rules), [in_full(before)], ())
        [second], _ = count(DayShares(MARCH, rules), [in_full(after)], carry)
        assert [ord(share) for share in first.shares + second.shares] == told


def in_full(codes: str) -> Marked:
    return Marked(codes, NO_PIECES)
