"""What people are paid for taking part: published numbers, limits and corrections."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.allowance import (
    AllowanceDue,
    AllowanceMonth,
    PersonMonth,
    PlaceMonth,
    allowance_due,
)
from payments.allowance_changes import (
    AllowanceChange,
    BookedAllowance,
    standing_allowance,
)
from payments.allowance_changes import (
    allowance_changes as changes,
)
from payments.allowance_lines import (
    AllowanceHeld,
    AllowanceLine,
    amount_of,
    explained_allowance,
    quantity_in_words,
    taken_back,
)
from payments.allowance_presets import preset
from payments.allowance_rules import (
    PAYERS,
    AllowanceRules,
)
from payments.calendar import Hours, PlanSpan, WeekPlan, planned_codes
from payments.facts import Attendance, Part, Span
from payments.month import Month

MARCH = Month(2020, 3)
BASE_2020 = 4730000
SIX_HOURS, THREE_HOURS = Hours(9 * 60, 15 * 60), Hours(9 * 60, 12 * 60)
GOTEBORG, KRISTIANSTAD = preset("goteborg-2020"), preset("kristianstad-2018")
SOLLENTUNA = preset("sollentuna")


def plan(*days: Hours | None) -> tuple[PlanSpan, ...]:
    """The same week from the beginning of 2020; no days: weekdays 9-15."""
    week = days or (*[SIX_HOURS] * 5, None, None)
    return (PlanSpan.of(WeekPlan(date(2019, 12, 30), (week,)), date(2020, 1, 1)),)


def place(
    ref: int = 1,
    plans: tuple[PlanSpan, ...] | None = None,
    parts: Mapping[int, tuple[Part, ...]] | None = None,
    month: Month = MARCH,
    **changed: object,
) -> PlaceMonth:
    """A month attended as planned but for the days changed: d9="S"."""
    held = plans or plan()
    codes = list(planned_codes(month, held))
    for name in [name for name in changed if name.startswith("d")]:
        codes[int(name[1:]) - 1] = str(changed.pop(name))
    told = Attendance("".join(codes), parts or {})
    made = PlaceMonth(ref, date(2020, 1, 1), None, "extern", held, told)
    return made._replace(**changed)  # type: ignore[arg-type]


def due(
    *places: PlaceMonth,
    rules: AllowanceRules = GOTEBORG,
    base: int | None = BASE_2020,
    month: Month = MARCH,
) -> Sequence[AllowanceLine]:
    found = allowance_due(PersonMonth(1, places), month, rules, base)
    assert not found.held
    return found.lines


def stops(
    *places: PlaceMonth, base: int | None = BASE_2020
) -> tuple[AllowanceHeld, ...]:
    return allowance_due(PersonMonth(1, places), MARCH, GOTEBORG, base).held


def test_goteborg_2020_pays_114_and_79_kronor() -> None:
    half = (*[SIX_HOURS] * 4, THREE_HOURS, None, None)
    full, halves = due(place(plans=plan(*half)))
    assert (full.kind, full.quantity, full.rate, full.amount) == (
        "full",
        1800,
        11400,
        18 * 11400,
    )
    assert (halves.kind, halves.quantity, halves.rate, halves.amount) == (
        "half",
        400,
        7900,
        4 * 7900,
    )


def test_kristianstad_2018_pays_54_and_39_kronor() -> None:
    month = Month(2018, 5)
    weeks = (SIX_HOURS, THREE_HOURS, *[None] * 5)
    span = PlanSpan.of(WeekPlan(date(2018, 4, 30), (weeks,)), date(2018, 1, 1))
    there = place(plans=(span,), month=month, start=date(2018, 1, 1))
    lines = due(there, rules=KRISTIANSTAD, base=None, month=month)
    assert [(line.kind, line.rate, line.amount) for line in lines] == [
        ("full", 5400, 4 * 5400),
        ("half", 3900, 5 * 3900),
    ]


def test_sollentuna_pays_8_kronor_an_hour() -> None:
    [line] = due(place(), rules=SOLLENTUNA, base=None)
    assert (line.kind, line.quantity, line.amount) == ("hour", 22 * 360, 22 * 6 * 800)


def test_only_attended_days_count() -> None:
    changed = dict(zip(["d2", "d3", "d4", "d5", "d6"], "ASOLP", strict=True))
    [line] = due(place(**changed))
    assert line.quantity == 1700
    assert line.days.split()[0] == "9"


def test_a_municipality_may_count_another_effect() -> None:
    rules = replace(GOTEBORG, counted=frozenset({"attended", "planning_day"}))
    [line] = due(place(d2="P"), rules=rules)
    assert line.quantity == 2200


def test_part_of_a_day_away_makes_a_half_day() -> None:
    away = {2: (Part("A", 11 * 60, 15 * 60),)}
    full, half = due(place(parts=away))
    assert (full.quantity, half.quantity, half.days) == (2100, 100, "2")


def test_time_outside_the_plan_counts_as_it_was() -> None:
    extra = {7: (Part("X", 10 * 60, 12 * 60),)}
    full, half = due(place(parts=extra, d7="X"))
    assert (full.quantity, half.days) == (2200, "7")


def test_a_day_outside_the_plan_without_times_is_as_long_as_a_planned() -> None:
    [line] = due(place(d7="X"))
    assert line.quantity == 2300


def test_a_person_with_two_places_is_paid_once_for_a_day() -> None:
    mornings = (*[THREE_HOURS] * 5, None, None)
    afternoons = (*[Hours(12 * 60, 17 * 60)] * 5, None, None)
    [line] = due(place(1, plan(*mornings)), place(2, plan(*afternoons)))
    assert (line.placement, line.kind, line.quantity) == (2, "full", 2200)


def test_the_same_hours_at_two_places_count_once() -> None:
    [line] = due(place(1), place(2), rules=SOLLENTUNA, base=None)
    assert line.quantity == 22 * 360


def test_days_outside_the_paid_period_or_at_rest_do_not_count() -> None:
    [line] = due(place(start=date(2020, 3, 9), end=date(2020, 3, 14)))
    assert line.days == "9 10 11 12 13"
    rest = (Span(date(2020, 3, 1), date(2020, 3, 30)),)
    [line] = due(place(rests=rest))
    assert line.days == "30 31"


def test_what_is_over_the_months_maximum_is_a_line_of_its_own() -> None:
    rules = replace(GOTEBORG, month_max=200000)
    line, over = due(place(), rules=rules)
    assert (line.amount, over.rule) == (
        250800,
        "Göteborg 2020: högst 2\N{NO-BREAK SPACE}000,00\N{NO-BREAK SPACE}kr i månaden",
    )
    assert over == AllowanceLine(
        placement=1,
        month=MARCH,
        kind="over",
        quantity=1,
        rate=-50800,
        rounding=100,
        amount=-50800,
        days="",
        rule=over.rule,
        payer="municipality",
    )
    assert list(map(plain, explained_allowance(over))) == [
        "Regel: Göteborg 2020: högst 2 000,00 kr i månaden.",
        "Över taket: \N{MINUS SIGN}508,00 kr.",
    ]


def test_one_ore_over_the_maximum_is_taken_away() -> None:
    rules = replace(GOTEBORG, month_max=22 * 11400 - 1)
    assert [line.amount for line in due(place(), rules=rules)] == [22 * 11400, -1]


def test_the_maximum_takes_from_full_and_half_days_together() -> None:
    rules = replace(GOTEBORG, month_max=1000)
    half = {2: (Part("A", 11 * 60, 15 * 60),)}
    lines = due(place(parts=half), rules=rules)
    assert [(line.kind, line.amount) for line in lines] == [
        ("full", 21 * 11400),
        ("half", 7900),
        ("over", 1000 - 21 * 11400 - 7900),
    ]


def test_the_maximum_is_a_persons_and_not_a_places() -> None:
    first = (SIX_HOURS, SIX_HOURS, *[None] * 5)
    second = (None, None, SIX_HOURS, *[None] * 4)
    rules = replace(GOTEBORG, month_max=90000)
    lines = due(place(1, plan(*first)), place(2, plan(*second)), rules=rules)
    assert [(line.placement, line.amount) for line in lines] == [
        (1, 10 * 11400),
        (2, 4 * 11400),
        (2, -4 * 11400),
        (1, 90000 - 10 * 11400),
    ]


def test_a_month_not_reported_stops_that_place_only() -> None:
    found = allowance_due(
        PersonMonth(1, (place(1), place(2, attendance=None))),
        MARCH,
        GOTEBORG,
        BASE_2020,
    )
    assert [line.placement for line in found.lines] == [1]
    assert [(one.placement, one.error) for one in found.held] == [
        (2, "MissingAttendance")
    ]


def test_a_month_without_planned_days_needs_no_report() -> None:
    assert stops(place(attendance=None, plans=plan(*[None] * 7))) == ()
    ended = place(attendance=None, end=date(2020, 3, 1))
    assert stops(ended) == ()


@pytest.mark.parametrize(
    ("where", "error", "message"),
    [
        (
            place(d2="?"),
            "MissingAttendance",
            "Närvaron är inte bekräftad. Enheten väntar tills månaden är inlämnad.",
        ),
        (
            place(d2="Q"),
            "BadAttendance",
            "Närvaron går inte att läsa: okänd kod Q dag 2. Rätta månaden.",
        ),
        (
            place(attendance=Attendance("-NNN")),
            "BadAttendance",
            "Närvaron går inte att läsa: 4 dagar i en månad med 31. Rätta månaden.",
        ),
        (
            place(attendance=Attendance("-" * 32)),
            "BadAttendance",
            "Närvaron går inte att läsa: 32 dagar i en månad med 31. Rätta månaden.",
        ),
        (
            place(parts={2: (Part("N", 600, 600),)}),
            "BadAttendance",
            "Närvaron går inte att läsa: delarna av dag 2 stämmer inte. Rätta månaden.",
        ),
        (
            place(parts={2: (Part("-", 600, 700),)}),
            "BadAttendance",
            "Närvaron går inte att läsa: delarna av dag 2 stämmer inte. Rätta månaden.",
        ),
        (
            place(plans=(replace(plan()[0], start=date(2020, 4, 1)),), d2="N"),
            "MissingPlan",
            "Placeringen saknar veckoplan för dagarna. Lägg in en plan.",
        ),
    ],
    ids=[
        "not reported",
        "unknown",
        "short",
        "long",
        "no time",
        "unknown in a part",
        "no plan",
    ],
)
def test_what_cannot_be_counted_is_held_and_says_why(
    where: PlaceMonth, error: str, message: str
) -> None:
    assert stops(where) == (AllowanceHeld(1, MARCH, error, message),)


def test_a_year_without_base_amount_is_held_and_pays_nothing() -> None:
    message = "Prisbasbeloppet för 2020 saknas. Skriv in det, så räknas månaden."
    held = AllowanceHeld(1, MARCH, "MissingBaseAmount", message)
    found = allowance_due(PersonMonth(1, (place(),)), MARCH, GOTEBORG, None)
    assert found == AllowanceDue((), (held,))


def test_all_that_stops_a_persons_places_is_told() -> None:
    unreported, empty = place(1, attendance=None), place(3, end=MARCH.first)
    held = stops(unreported, place(2), empty, base=None)
    assert [(one.placement, one.error) for one in held] == [
        (1, "MissingAttendance"),
        (2, "MissingBaseAmount"),
    ]


@pytest.mark.parametrize(
    ("kind", "quantity", "rate", "rounding", "amount"),
    [
        ("hour", 95, 800, 1, 1267),
        ("hour", 95, 800, 100, 1300),
        ("full", 1700, 5450, 1, 92650),
        ("full", 1700, 5450, 100, 92700),
        ("over", 1, -50801, 100, -50801),
    ],
)
def test_an_amount_is_rounded_once_as_the_rule_says(
    kind: str, quantity: int, rate: int, rounding: int, amount: int
) -> None:
    assert amount_of(kind, quantity, rate, rounding) == amount


@pytest.mark.parametrize("rules", [GOTEBORG, SOLLENTUNA], ids=["by day", "by hour"])
def test_days_too_short_to_pay_are_no_line(rules: AllowanceRules) -> None:
    short = plan(*[Hours(540, 599)] * 5, None, None)
    assert due(place(plans=short), rules=rules) == ()
    assert due(place(plans=short), place(2, end=MARCH.first), rules=rules) == ()


def test_an_absence_of_one_minute_counts() -> None:
    rules = replace(SOLLENTUNA, hours="exact")
    [line] = due(place(parts={2: (Part("A", 540, 541),)}), rules=rules)
    assert line.quantity == 22 * 360 - 1


def test_a_day_as_long_as_a_planned_one_is_so_in_whole_minutes() -> None:
    uneven = plan(SIX_HOURS, SIX_HOURS, Hours(540, 902), *[None] * 4)
    rules = replace(SOLLENTUNA, hours="exact")
    [line] = due(place(plans=uneven, d1="X"), rules=rules)
    assert line.quantity == 360 + 5 * 360 + 5 * 360 + 4 * 362


def test_the_line_says_what_made_it() -> None:
    [line] = due(place(end=date(2020, 3, 5)))
    days, rule, formula = map(plain, explained_allowance(line))
    assert days == "Dagar i månaden: 2, 3, 4."
    assert "0,24 % av prisbasbeloppet 47 300,00 kr per hel dag" in rule
    assert formula == "3 hela dagar × 114,00 kr = 342,00 kr."


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_hours_are_told_with_their_minutes() -> None:
    rules = replace(SOLLENTUNA, hours="exact")
    [line] = due(
        place(end=date(2020, 3, 3), parts={2: (Part("A", 840, 870),)}),
        rules=rules,
        base=None,
    )
    assert "5 timmar 30 minuter × 8,00" in explained_allowance(line)[-1]


def test_of_two_equal_places_the_first_has_the_day() -> None:
    mornings = (*[THREE_HOURS] * 5, None, None)
    afternoons = (*[Hours(12 * 60, 15 * 60)] * 5, None, None)
    [line] = due(place(1, plan(*mornings)), place(2, plan(*afternoons)))
    assert (line.placement, line.kind) == (1, "full")


def test_hours_that_meet_are_laid_together_once() -> None:
    longer = (*[Hours(11 * 60, 16 * 60)] * 5, None, None)
    [line] = due(place(1), place(2, plan(*longer)), rules=SOLLENTUNA, base=None)
    assert line.quantity == 22 * 7 * 60


def test_exactly_the_months_maximum_takes_nothing_away() -> None:
    rules = replace(GOTEBORG, month_max=22 * 11400)
    assert len(due(place(), rules=rules)) == 1


def test_a_place_without_end_of_rest_is_not_paid_after_it() -> None:
    rest = (Span(date(2020, 3, 30), None),)
    [line] = due(place(rests=rest))
    assert line.days.split()[-1] == "27"


def test_a_correction_tells_the_difference() -> None:
    lines = due(place())
    book: list[BookedAllowance] = []
    booked(changes(lines, []), book)
    [change] = changes(due(place(d2="S")), book)
    assert (change.placement, change.month) == (1, MARCH)
    assert change.difference == -11400
    [gone] = changes([], book)
    assert gone.difference == -22 * 11400


def test_a_reversal_says_how_much_is_taken_back() -> None:
    [line] = due(place(end=date(2020, 3, 5)))
    assert quantity_in_words(line) == "3 hela dagar"
    assert quantity_in_words(taken_back(line)) == "\N{MINUS SIGN}3 hela dagar"
    _, over = due(place(), rules=replace(GOTEBORG, month_max=100))
    assert quantity_in_words(over) == ""
    assert quantity_in_words(replace(line, quantity=0)) == "0 hela dagar"


CODES = st.text("NAOSLPX-", min_size=31, max_size=31)
RULES = st.sampled_from([GOTEBORG, KRISTIANSTAD, SOLLENTUNA]).flatmap(
    lambda rules: st.builds(
        replace,
        st.just(rules),
        month_max=st.none() | st.integers(1, 300000),
        rounding=st.sampled_from([1, 100]),
    )
)
PERSONS = st.lists(CODES, min_size=1, max_size=3)


def person(all_codes: Sequence[str]) -> PersonMonth:
    places = [
        place(ref, attendance=Attendance(codes))
        for ref, codes in enumerate(all_codes, 1)
    ]
    return PersonMonth(1, tuple(places))


@given(PERSONS, RULES)
def test_every_amount_can_be_computed_from_its_line_alone(
    codes: list[str], rules: AllowanceRules
) -> None:
    lines = allowance_due(person(codes), MARCH, rules, BASE_2020).lines
    for line in lines:
        alone = amount_of(line.kind, line.quantity, line.rate, line.rounding)
        assert line.amount == alone
        back = taken_back(line)
        turned = amount_of(back.kind, back.quantity, back.rate, back.rounding)
        assert back.amount == turned == -line.amount


@given(PERSONS, RULES)
def test_the_sum_is_what_counting_day_by_day_gives(
    codes: list[str], rules: AllowanceRules
) -> None:
    """An independent count: a day here, planned or not, is six hours."""
    lines = allowance_due(person(codes), MARCH, rules, BASE_2020).lines
    days = sum(any(one[n] in "NX" for one in codes) for n in range(31))
    by_rounding = {1: 11352, 100: 11400}
    a_day = {
        "base_amount": by_rounding[rules.rounding],
        "fixed": 5400,
        "hour": 6 * 800,
    }
    counted = days * a_day[rules.kind]
    most = counted if rules.month_max is None else rules.month_max
    assert sum(line.amount for line in lines) == min(counted, most)


SOME_PARTS = st.dictionaries(
    st.integers(1, 31),
    st.sampled_from(["U", "X", "A"]).map(lambda code: (Part(code, 720, 900),)),
    max_size=2,
)
SOME_PLANS = st.sampled_from(
    [
        plan(),
        plan(SIX_HOURS, THREE_HOURS, None, None, THREE_HOURS, None, None),
        plan(*[SIX_HOURS] * 7),
        (),
    ]
)
PLACES = st.builds(
    PlaceMonth,
    ref=st.just(1),
    start=st.dates(date(2020, 2, 25), date(2020, 4, 2)),
    end=st.none() | st.dates(date(2020, 3, 10), date(2020, 4, 10)),
    regi=st.sampled_from(["extern", "intern"]),
    plans=SOME_PLANS,
    attendance=st.none()
    | st.builds(
        Attendance,
        st.text("NNNNNNNNNA-", min_size=31, max_size=31)
        | st.text("NAOSLPX-?W", min_size=30, max_size=31),
        st.just({}) | SOME_PARTS,
    ),
    rests=st.sampled_from([(), (Span(date(2020, 3, 5), date(2020, 3, 9)),)]),
)
EMPTY = PlaceMonth(2, MARCH.first, MARCH.end, "extern", (), None)


@given(
    st.lists(PLACES, min_size=1, max_size=5), RULES, st.sampled_from([BASE_2020, None])
)
def test_a_place_alone_is_counted_as_it_is_beside_an_empty_one(
    places: list[PlaceMonth], rules: AllowanceRules, base: int | None
) -> None:
    """Beside another, each day is counted by its minutes; whole days need not be."""
    counting = AllowanceMonth(MARCH, rules, base)
    for one in places:
        alone = counting.due(PersonMonth(1, (one,)))
        beside = allowance_due(PersonMonth(1, (one, EMPTY)), MARCH, rules, base)
        assert alone == beside


def booked(
    changes_found: Sequence[AllowanceChange], book: list[BookedAllowance]
) -> None:
    """Into the book: every reversal in full, then the new lines."""
    for change in changes_found:
        for one in change.reversed:
            ref = len(book) + 1
            book.append(BookedAllowance(ref, taken_back(one.line), one.ref))
        for line in change.lines:
            book.append(BookedAllowance(len(book) + 1, line))


@given(st.lists(st.tuples(PERSONS, RULES), min_size=1, max_size=5))
def test_after_any_changes_the_book_is_one_count_of_the_final_facts(
    facts: list[tuple[list[str], AllowanceRules]],
) -> None:
    book: list[BookedAllowance] = []
    for codes, rules in facts:
        before = list(book)
        now = allowance_due(person(codes), MARCH, rules, BASE_2020)
        found = changes(now.lines, book, now.held)
        booked(found, book)
        assert book[: len(before)] == before
        assert sum(one.line.amount for one in book) == sum(
            line.amount for line in now.lines
        )
        stands = Counter(one.line.terms for one in standing_allowance(book))
        assert stands == Counter(line.terms for line in now.lines)
        assert changes(now.lines, book, now.held) == ()


def test_what_is_held_takes_nothing_back() -> None:
    now = allowance_due(person(["N" * 31]), MARCH, GOTEBORG, BASE_2020)
    book: list[BookedAllowance] = []
    booked(changes(now.lines, book), book)
    unreported = PersonMonth(1, (place(1, attendance=None),))
    held = allowance_due(unreported, MARCH, GOTEBORG, BASE_2020)
    assert changes(held.lines, book, held.held) == ()
    assert PAYERS[0] == book[0].line.payer
