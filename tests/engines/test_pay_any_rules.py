"""Whatever the rules are, as long as they can be read: promises 3, 5 and 6 hold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import (
    Booked,
    Calculation,
    ClientMonth,
    Due,
    Ended,
    Line,
    Month,
    Pause,
    PlacementMonth,
    PriceCell,
    PriceList,
    RuleSet,
    Span,
    Supplement,
    changes,
    explained,
    in_force,
    read_rules,
    recomputed,
    turned,
    written,
)
from payments.facts import Part
from payments.lines import AFTER_END, PLACE, SUPPLEMENT, VAT
from payments.rules import BASES
from tests.engines.payfacts import (
    ALWAYS,
    KNOWN,
    MARCH,
    examples,
    level,
    placement,
    plan,
)
from tests.engines.payrule_strategies import rule_tables

FIRST = MARCH.first
CODES = "NNNNNNNNAAASOLKPUX-"
DAYS = st.integers(0, 31)
some = examples(25)
BASIS = pytest.mark.parametrize("basis", BASES)


def prices(unit: str) -> tuple:
    """Öre that divide badly; nothing for level 9."""
    cells = tuple(
        PriceCell(text, name, "alla", unit, amount + int(text) * 1_03, f"{text} {name}")
        for text in "123"
        for name, amount in (("heltid", 626_00), ("deltid", 313_33))
    )
    return in_force([PriceList("p", ALWAYS, 1, KNOWN, cells)], KNOWN)


def calculation(rules: RuleSet, month: Month = MARCH) -> Calculation:
    return Calculation(month, rules, prices(rules.price_unit), {date(2020, 3, 10)})


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    start, length = draw(st.integers(0, 22 * 60)), draw(st.integers(1, 119))
    return (Part(draw(st.sampled_from("NAUX")), start, start + length),)


@st.composite
def places(draw: st.DrawFn, ref: int) -> PlacementMonth:
    start, end = (FIRST + timedelta(days=draw(DAYS)) for _ in range(2))
    change = FIRST + timedelta(days=draw(DAYS))
    rest = sorted((draw(DAYS), draw(DAYS)))
    ends = draw(st.sampled_from([None, max(end, start)]))
    found = placement(
        ref,
        codes="".join(draw(st.lists(st.sampled_from(CODES), min_size=31, max_size=31))),
        start=draw(st.sampled_from([ALWAYS, start])),
        end=ends,
        regi=draw(st.sampled_from(["extern", "intern"])),
        plans=[
            plan(draw(st.integers(1, 5)), draw(st.integers(1, 8)), end=change),
            plan(draw(st.integers(1, 5)), draw(st.integers(1, 8)), start=change),
        ],
        parts=draw(st.dictionaries(st.integers(1, 31), parts(), max_size=3)),
        reported=draw(st.integers(0, 9)) > 0,
        contracts=[Span(ALWAYS, draw(st.sampled_from([None, None, change])))],
        pauses=[Pause(*(FIRST + timedelta(days=n) for n in rest))]
        if draw(st.booleans())
        else [],
        levels=[
            level(draw(st.sampled_from("1239")), end=change),
            level(draw(st.sampled_from("123")), change, ref=2),
        ],
    )
    attendance = found.attendance
    if attendance and draw(st.integers(0, 4)) == 0:
        found = found._replace(attendance=attendance._replace(reported=KNOWN.date()))
    ended = Ended("deceased", draw(st.sampled_from([None, ends])))
    grants = (
        Supplement("hsl", start, None, "HSL-1", proof="ja"),
        Supplement("eget", start, change, amount=50_01, reason="skäl"),
        Supplement("okänt", change, None),
    )
    return found._replace(
        ended=ended if ends else None,
        supplements=tuple(one for one in grants if draw(st.booleans())),
    )


@st.composite
def clients(draw: st.DrawFn) -> ClientMonth:
    count = draw(st.integers(1, 2))
    return ClientMonth("k", tuple(draw(places(n)) for n in range(count)))


def drawn(data: st.DataObject, basis: str) -> tuple[RuleSet, ClientMonth, Due]:
    rules = read_rules(data.draw(rule_tables(basis)))
    client = data.draw(clients())
    return rules, client, calculation(rules).due(client)


@BASIS
@given(st.data())
@some
def test_what_is_written_reads_back_as_the_same_rules(
    basis: str, data: st.DataObject
) -> None:
    rules = read_rules(data.draw(rule_tables(basis)))
    assert read_rules(written(rules)) == rules
    assert written(read_rules(written(rules))) == written(rules)


@BASIS
@given(st.data())
@some
def test_the_amount_comes_from_the_line_alone_and_is_never_nought(
    basis: str, data: st.DataObject
) -> None:
    _, _, due = drawn(data, basis)
    for line in due.lines:
        assert line.amount == recomputed(line) > 0
        assert recomputed(turned(line)) == -line.amount
        assert line.rules
        assert line.decisions
        assert "= " in explained(line)[-1]
        assert line.kind != PLACE or (line.cells and line.levels)
    for held in due.held:
        assert held.message.endswith(".")


@BASIS
@given(st.data())
@some
def test_a_day_after_the_end_is_paid_only_by_a_rule_that_the_line_names(
    basis: str, data: st.DataObject
) -> None:
    rules, client, due = drawn(data, basis)
    facts = {place.ref: place for place in client.placements}
    for line in due.lines:
        place = facts[line.placement]
        assert MARCH.first <= line.start < line.end <= MARCH.end
        if line.kind == AFTER_END:
            assert place.end is not None
            assert line.start >= place.end
            assert str(rules.end_rule("deceased")) in line.rules
        elif line.kind != VAT:
            assert line.start >= place.start
            assert place.end is None or line.end <= place.end
        ends = [span.end for span in place.contracts]
        inside = ends == [None] or line.start < ends[0]
        assert inside
        assert (
            line.kind not in (PLACE, AFTER_END)
            or ends == [None]
            or (line.end <= ends[0])
        )


@BASIS
@given(st.data())
@some
def test_what_stops_one_placement_stops_no_other(
    basis: str, data: st.DataObject
) -> None:
    rules = read_rules(data.draw(rule_tables(basis)))
    rules = replace(rules, same_hours="paid", concurrent="own")
    one, other = data.draw(places(0)), data.draw(places(1))
    client = ClientMonth("k", (one, other))
    together = calculation(rules).due(client)
    broken = client._replace(placements=(one._replace(contracts=()), other))
    result = calculation(rules).due(broken)
    assert of(other, result) == of(other, together)
    assert of(one, result) == []


def of(place: PlacementMonth, due: Due) -> list[Line]:
    return [line for line in due.lines if line.placement == place.ref]


@BASIS
@given(st.data())
@some
def test_the_same_facts_give_the_same_lines_and_no_correction(
    basis: str, data: st.DataObject
) -> None:
    rules, client, due = drawn(data, basis)
    again = calculation(rules).due(client)
    assert again == due
    assert (
        changes(again.lines, [Booked(n, one) for n, one in enumerate(due.lines)]) == ()
    )


@BASIS
@given(st.data())
@some
def test_vat_is_a_line_beside_what_it_is_counted_on(
    basis: str, data: st.DataObject
) -> None:
    rules, client, due = drawn(data, basis)
    bare = calculation(replace(rules, vat=None)).due(client)
    beside = [line for line in due.lines if line.kind != VAT]
    assert [line.amount for line in beside] == [line.amount for line in bare.lines]
    for line in due.lines:
        if line.kind == VAT:
            own = [one.amount for one in beside if one.placement == line.placement]
            assert line.price == sum(own)


@BASIS
@given(st.data())
@some
def test_supplements_are_kinds_of_their_own_and_change_no_other_line(
    basis: str, data: st.DataObject
) -> None:
    rules, client, due = drawn(data, basis)
    bare = [place._replace(supplements=()) for place in client.placements]
    without = calculation(rules).due(client._replace(placements=tuple(bare)))
    mine = [line for line in due.lines if not line.kind.startswith(SUPPLEMENT)]
    assert [one for one in mine if one.kind != VAT] == [
        one for one in without.lines if one.kind != VAT
    ]
    for line in due.lines:
        if line.kind.startswith(SUPPLEMENT):
            assert (line.level, line.extent_class, line.cells) == ("", "", ())


@given(st.data(), st.sampled_from(["day", "hour", "bundled"]))
@some
def test_classes_by_the_day_part_the_days_and_lose_none(
    data: st.DataObject, basis: str
) -> None:
    table = data.draw(rule_tables(basis))
    for name in ("after_end", "supplements", "vat", "late_months"):
        table.pop(name, None)
    table["concurrent"] = "own"
    one_class = [{"name": "heltid", "from": "0"}]
    by_day = {"measure": "counted_hours_a_day", "classes": one_class}
    week = {"measure": "planned_hours_a_week", "classes": one_class}
    table |= {"part_days": "by_minutes"}
    client = data.draw(clients())
    daily, weekly = (
        calculation(read_rules(table | {"extent": extent})).due(client)
        for extent in (by_day, week)
    )
    known = {(h.placement, h.start) for h in (*daily.held, *weekly.held)}
    placements = {h[0] for h in known}
    for place in client.placements:
        if place.ref not in placements:
            assert total(daily, place) == total(weekly, place)


def total(due: Due, place: PlacementMonth) -> int:
    return sum(line.amount for line in of(place, due))
