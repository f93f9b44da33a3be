"""After an end, supplements, VAT compensation and late reports: lines of their own."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from payments import (
    Due,
    Ended,
    Month,
    Part,
    Pause,
    PlacementMonth,
    PriceSpan,
    RuleSet,
    Span,
    Supplement,
    explained,
    judged,
    last_report,
    read_rules,
    vat_of,
    written,
)
from payments.errors import BadRule
from payments.rule_rows import NoticeRule, VatRule
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    MARCH,
    TYRESO,
    changed,
    due,
    level,
    marked,
    one_price,
    placement,
    plan,
    published,
)

DAY = 100_00
clock = datetime.fromisoformat
MAY = Month(2023, 5)


def paid(facts: PlacementMonth, rules: RuleSet, month: Month = MARCH) -> Due:
    return due(facts, rules=rules, prices=one_price(DAY), month=month)


def told(result: Due, kind: str) -> list[tuple[date, date, int, int]]:
    return [
        (line.start, line.end, line.days, line.amount)
        for line in result.lines
        if line.kind == kind
    ]


def tail(**row: str) -> RuleSet:
    return changed(after_end=[{"reason": "deceased", "share": "100"} | row])


def gone(end: date, noticed: date | None = None, **facts: object) -> PlacementMonth:
    ended = Ended("deceased", noticed)
    return placement(end=end, **facts)._replace(ended=ended)


THE_12TH = date(2020, 3, 12)
"""A Thursday."""


def test_days_after_a_death_are_a_line_of_their_own_that_names_the_rule() -> None:
    result = paid(gone(THE_12TH), tail(days="7"))
    place, after = result.lines
    assert (place.kind, place.days, after.kind) == ("place", 8, "after_end")
    assert told(result, "after_end") == [(THE_12TH, date(2020, 3, 19), 5, 5 * DAY)]
    assert "efter slutet (deceased): 7 dagar från slutet, 100 %" in after.rules


def test_the_tail_goes_on_into_the_next_month_and_then_ends() -> None:
    place = gone(date(2020, 3, 28), reported=False)
    rules = tail(days="7", share="50")
    april = Month(2020, 4)
    assert told(paid(place, rules), "after_end") == [
        (date(2020, 3, 28), date(2020, 4, 1), 2, DAY)
    ]
    assert told(paid(place, rules, april), "after_end") == [
        (date(2020, 4, 1), date(2020, 4, 4), 3, 150_00)
    ]
    assert paid(place, rules, april.next).lines == ()


@pytest.mark.parametrize(
    ("end", "last"),
    [(THE_12TH, date(2020, 4, 1)), (date(2020, 3, 2), date(2020, 4, 1))],
    ids=["inside", "second day"],
)
def test_the_month_out_is_from_the_end_to_the_month_s_last_day(
    end: date, last: date
) -> None:
    [(start, until, _, _)] = told(paid(gone(end), tail(until="month_end")), "after_end")
    assert (start, until) == (end, last)


def test_an_end_on_the_last_day_of_a_month_leaves_nothing_of_it() -> None:
    rules = tail(until="month_end")
    for month in (MARCH, Month(2020, 4)):
        assert told(paid(gone(date(2020, 4, 1)), rules, month), "after_end") == []


@pytest.mark.parametrize(
    ("noticed", "until"),
    [(date(2020, 3, 9), date(2020, 3, 23)), (date(2020, 2, 27), None)],
    ids=["reaches past the end", "is over before it"],
)
def test_notice_pay_counts_from_the_day_of_notice(
    noticed: date, until: date | None
) -> None:
    rules = tail(days="14", **{"from": "notice"})
    found = told(paid(gone(THE_12TH, noticed), rules), "after_end")
    assert [end for _, end, _, _ in found] == ([until] if until else [])


def test_a_place_that_never_was_has_no_tail() -> None:
    never = gone(THE_12TH, start=THE_12TH)
    assert paid(never, tail(days="7")).lines == ()


def test_the_month_of_the_notice_is_paid_out() -> None:
    rules = tail(until="month_end", **{"from": "notice"})
    [(_, until, _, _)] = told(paid(gone(THE_12TH, THE_12TH), rules), "after_end")
    assert until == MARCH.end
    before = gone(THE_12TH, date(2020, 2, 20))
    assert told(paid(before, rules), "after_end") == []


def test_without_a_day_of_notice_the_tail_is_held_once() -> None:
    rules = tail(days="14", **{"from": "notice"})
    [held] = paid(gone(date(2020, 4, 1)), rules, Month(2020, 4)).held
    assert (held.kind, held.error, held.start) == (
        "after_end",
        "MissingNotice",
        date(2020, 4, 1),
    )
    assert paid(gone(date(2020, 4, 1)), rules).held == ()


@pytest.mark.parametrize(
    "facts",
    [
        placement(end=THE_12TH),
        placement(end=THE_12TH)._replace(ended=Ended("moved")),
        placement()._replace(ended=Ended("deceased")),
    ],
    ids=["no reason", "another reason", "no end"],
)
def test_no_other_end_has_a_tail(facts: PlacementMonth) -> None:
    assert told(paid(facts, tail(days="7")), "after_end") == []


def test_a_tail_of_nought_per_cent_is_nothing() -> None:
    assert len(paid(gone(THE_12TH), tail(days="7", share="0")).lines) == 1


def test_the_tail_is_not_paid_when_closed_or_after_the_contract() -> None:
    contract = Span(ALWAYS, date(2020, 3, 17))
    result = paid(
        gone(THE_12TH, contracts=[contract])._replace(
            closed=frozenset({date(2020, 3, 13)})
        ),
        tail(days="7"),
    )
    assert told(result, "after_end") == [(THE_12TH, date(2020, 3, 17), 2, 2 * DAY)]
    assert [(held.kind, held.error) for held in result.held] == [
        ("after_end", "OutsideContract")
    ]


def price_from(amount: int, *later: tuple[date, int]) -> tuple[PriceSpan, ...]:
    """One price for level 2, and other ones from later days."""
    [first] = one_price(amount)
    starts = [first.start, *(day for day, _ in later)]
    spans = [first, *(one_price(other)[0] for _, other in later)]
    return tuple(
        replace(span, start=start, end=end)
        for span, start, end in zip(spans, starts, [*starts[1:], None], strict=True)
    )


@pytest.mark.parametrize("month", [MARCH, Month(2020, 4)], ids=["the same", "the next"])
def test_the_tail_is_on_the_terms_of_the_last_day_whatever_begins_after(
    month: Month,
) -> None:
    end = date(2020, 3, 29)
    after = date(2020, 3, 30)
    facts = gone(
        end,
        plans=[plan(5, start=ALWAYS, end=after), plan(2, start=after)],
        levels=[level("2", end=after), level("9", after, ref=2)],
    )
    result = due(
        facts,
        rules=tail(days="10"),
        prices=price_from(DAY, (after, 7 * DAY)),
        month=month,
    )
    [line] = [line for line in result.lines if line.kind == "after_end"]
    days = 2 if month == MARCH else 5
    assert (line.level, line.extent_class, line.days) == ("2", "heltid", days)
    assert (line.levels, line.amount, result.held) == ((1,), days * DAY, ())


def test_a_tail_whose_last_day_has_no_price_is_held() -> None:
    result = due(
        gone(date(2020, 4, 1), reported=False),
        rules=tail(days="7"),
        prices=(replace(one_price(DAY)[0], start=date(2020, 4, 1)),),
        month=Month(2020, 4),
    )
    assert [(held.kind, held.error) for held in result.held] == [
        ("after_end", "NoPriceList")
    ]


def test_the_tail_of_planned_days_has_the_month_s_own_plans_under_it() -> None:
    """Two days a week up to the 16th and five from then on, but for the tail."""
    rules = changed(
        GOTEBORG,
        proration="planned_days",
        proration_change="planned_days",
        after_end=[{"reason": "deceased", "days": "7", "share": "100"}],
    )
    turn = date(2023, 5, 16)
    plans = [plan(2, hours=9, end=turn), plan(5, hours=7, start=turn)]
    place = gone(date(2023, 5, 20), month=MAY, plans=plans)
    result = due(
        place._replace(levels=(level("1"),)),
        month=MAY,
        rules=rules,
        prices=published("goteborg-2023.csv"),
    )
    [line] = [line for line in result.lines if line.kind == "after_end"]
    assert (line.days, line.of) == (5, 5 + 12)


def test_the_tail_of_a_month_price_is_part_of_the_month() -> None:
    rules = changed(
        GOTEBORG, after_end=[{"reason": "deceased", "days": "10", "share": "100"}]
    )
    place = gone(date(2023, 5, 22), month=MAY, plans=[plan(hours=7)])
    result = due(
        place._replace(levels=(level("1"),)),
        month=MAY,
        rules=rules,
        prices=published("goteborg-2023.csv"),
    )
    assert [(line.kind, line.days, line.of) for line in result.lines] == [
        ("place", 21, 31),
        ("after_end", 10, 31),
    ]


def test_a_month_paid_whole_has_its_tail_in_the_next() -> None:
    rules = changed(
        GOTEBORG,
        proration="none",
        after_end=[{"reason": "deceased", "days": "14", "share": "100"}],
    )
    place = gone(date(2023, 5, 22), month=MAY, plans=[plan(hours=7)])
    place = place._replace(levels=(level("1"),))
    months = [
        due(place, month=month, rules=rules, prices=published("goteborg-2023.csv"))
        for month in (MAY, MAY.next)
    ]
    assert [[(line.kind, line.days) for line in one.lines] for one in months] == [
        [("place", 21)],
        [("after_end", 4)],
    ]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"days": "7", "until": "month_end"},
        {"until": "week_end"},
        {"days": "0"},
        {"days": "7", "from": "birth"},
    ],
    ids=["no length", "two lengths", "unknown end", "no days", "unknown start"],
)
def test_a_tail_that_is_not_whole_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(BadRule):
        tail(**row)


def test_a_reason_has_one_row() -> None:
    row = {"reason": "deceased", "days": "7", "share": "100"}
    with pytest.raises(BadRule, match="två rader"):
        changed(after_end=[row, row])


def extra(**row: object) -> RuleSet:
    known = {
        "code": "hsl",
        "name": "Egen HSL",
        "per": "day",
        "amounts": [{"from": "2020-01-01", "amount": "9"}],
    }
    return changed(supplements=[known | row])


def having(one: Supplement, **facts: object) -> PlacementMonth:
    return placement(**facts)._replace(supplements=(one,))


HSL = Supplement("hsl", ALWAYS, None)
MIXED = marked(MARCH, d10="A", d11="O", d12="O", d7="X")


@pytest.mark.parametrize(
    ("counted", "days"),
    [("paid_days", 21), ("attended", 20), ("planned_days", 22), ("calendar_days", 31)],
)
def test_a_supplement_a_day_counts_the_days_that_its_rule_says(
    counted: str, days: int
) -> None:
    [found] = told(
        paid(having(HSL, codes=MIXED), extra(counted=counted)), "supplement:hsl"
    )
    assert found == (date(2020, 3, 1), date(2020, 4, 1), days, days * 9_00)


def test_a_day_partly_attended_has_the_supplement() -> None:
    half = {10: (Part("U", 540, 899),)}
    for counted in ("paid_days", "attended"):
        [found] = told(
            paid(having(HSL, parts=half), extra(counted=counted)), "supplement:hsl"
        )
        assert found[2] == 22


def test_an_amount_of_a_new_day_splits_the_supplement() -> None:
    amounts = [
        {"from": "2020-01-01", "amount": "9"},
        {"from": "2020-03-16", "amount": "9.50"},
        {"from": "2020-06-01", "amount": "10"},
    ]
    assert told(paid(having(HSL), extra(amounts=amounts)), "supplement:hsl") == [
        (date(2020, 3, 1), date(2020, 3, 16), 10, 90_00),
        (date(2020, 3, 16), date(2020, 4, 1), 12, 114_00),
    ]


def test_a_supplement_without_an_amount_for_the_days_is_held() -> None:
    amounts = [{"from": "2020-03-02", "amount": "9"}]
    [held] = paid(having(HSL), extra(amounts=amounts)).held
    assert (held.kind, held.error) == ("supplement:hsl", "UnknownSupplement")
    later = having(HSL._replace(start=date(2020, 3, 2)))
    assert paid(later, extra(amounts=amounts)).held == ()


def test_a_supplement_that_no_rule_knows_is_held_and_the_place_paid() -> None:
    result = paid(having(HSL._replace(code="annat")), extra())
    assert [held.error for held in result.held] == ["UnknownSupplement"]
    assert [line.kind for line in result.lines] == ["place"]


def test_a_supplement_keeps_inside_the_place_the_contract_and_its_own_days() -> None:
    pause = Pause(date(2020, 3, 9), date(2020, 3, 11), share=100)
    own = HSL._replace(start=date(2020, 3, 5), end=date(2020, 3, 21))
    place = having(own, contracts=[Span(ALWAYS, date(2020, 3, 18))], pauses=[pause])
    rules = extra(counted="planned_days")
    [(start, end, days, _)] = told(paid(place, rules), "supplement:hsl")
    assert (start, end, days) == (date(2020, 3, 5), date(2020, 3, 21), 7)


def test_a_supplement_a_month_is_a_part_of_it() -> None:
    own = HSL._replace(start=date(2020, 3, 22))
    [line] = [
        line
        for line in paid(having(own), extra(per="month")).lines
        if line.kind != "place"
    ]
    assert (line.unit, line.days, line.of, line.amount) == ("month", 10, 31, 290)


def test_a_supplement_waits_for_the_attendance_that_it_counts() -> None:
    result = paid(having(HSL, reported=False), extra())
    assert [(held.kind, held.error) for held in result.held] == [
        ("place", "MissingAttendance"),
        ("supplement:hsl", "MissingAttendance"),
    ]
    by_plan = paid(having(HSL, reported=False), extra(counted="planned_days"))
    assert told(by_plan, "supplement:hsl")[0][2] == 22


def test_once_is_once() -> None:
    own = HSL._replace(start=date(2020, 3, 31))
    rules = extra(per="once", proof="needed")
    assert [held.error for held in paid(having(own), rules).held] == ["MissingProof"]
    proven = own._replace(proof="Intyg 1")
    assert told(paid(having(proven), rules), "supplement:hsl") == [
        (date(2020, 3, 31), date(2020, 4, 1), 1, 9_00)
    ]
    assert told(paid(having(proven), rules, Month(2020, 4)), "supplement:hsl") == []


@pytest.mark.parametrize(
    "facts",
    [
        {"contracts": [Span(ALWAYS, date(2020, 3, 10))]},
        {"pauses": [Pause(date(2020, 3, 10), None)]},
        {"end": date(2020, 3, 10)},
    ],
    ids=["no contract", "rests", "has ended"],
)
def test_once_without_a_day_that_counts_is_held(facts: dict[str, object]) -> None:
    own = HSL._replace(start=date(2020, 3, 20))
    result = paid(having(own, **facts), extra(per="once"))
    assert told(result, "supplement:hsl") == []
    assert [held.error for held in result.held if held.kind != "place"] == [
        "NoDayForSupplement"
    ]


def test_once_from_before_the_place_is_held_in_the_place_s_first_month() -> None:
    own, first = HSL._replace(start=date(2020, 2, 20)), date(2020, 3, 9)
    months = [
        paid(having(own, start=first, month=month), extra(per="once"), month)
        for month in (MARCH, Month(2020, 4))
    ]
    held = [[one.error for one in result.held] for result in months]
    assert held == [["NoDayForSupplement"], []]


def test_once_at_a_place_or_by_a_grant_that_never_was_is_nothing() -> None:
    own = HSL._replace(start=date(2020, 3, 20))
    never = having(own, start=date(2020, 3, 9), end=date(2020, 3, 9))
    taken_back = having(own._replace(end=own.start))
    for place in (never, taken_back):
        result = paid(place, extra(per="once"))
        assert (told(result, "supplement:hsl"), result.held) == ([], ())


def test_once_is_the_amount_of_the_first_day_that_counts() -> None:
    amounts = [
        {"from": "2020-01-01", "amount": "9"},
        {"from": "2020-03-16", "amount": "9.50"},
    ]
    place = having(HSL._replace(start=date(2020, 3, 2)), start=date(2020, 3, 2))
    rests = place._replace(pauses=(Pause(date(2020, 3, 2), date(2020, 3, 16)),))
    rules = extra(per="once", amounts=amounts)
    assert [
        told(paid(one, rules), "supplement:hsl")[0][3] for one in (place, rests)
    ] == [
        9_00,
        9_50,
    ]


def both(one: Supplement, other: Supplement) -> PlacementMonth:
    return placement()._replace(supplements=(one, other))


def test_the_same_supplement_twice_for_a_day_is_held_and_the_place_paid() -> None:
    later = HSL._replace(start=date(2020, 3, 30))
    result = paid(both(HSL, later), extra())
    assert {held.error for held in result.held} == {"SupplementTwice"}
    assert [line.kind for line in result.lines] == ["place"]
    assert "Egen HSL är beviljat två gånger" in result.held[0].message


def test_one_that_begins_where_the_other_ends_is_paid() -> None:
    turn = date(2020, 3, 16)
    result = paid(both(HSL._replace(end=turn), HSL._replace(start=turn)), extra())
    assert (len(told(result, "supplement:hsl")), result.held) == (2, ())


def test_once_is_twice_only_in_the_same_month() -> None:
    now = HSL._replace(start=date(2020, 3, 16))
    rules = extra(per="once")
    assert len(told(paid(both(HSL, now), rules), "supplement:hsl")) == 1
    same = paid(both(now._replace(start=date(2020, 3, 2)), now), rules)
    assert [held.error for held in same.held] == ["SupplementTwice"] * 2


def test_a_supplement_under_rules_without_any_is_held() -> None:
    for places in ([having(HSL)], [having(HSL), placement(2, plans=[plan(0)])]):
        result = due(*places, prices=one_price(DAY))
        assert [held.error for held in result.held] == ["UnknownSupplement"]


def test_an_individual_one_paid_once_needs_no_end() -> None:
    own = Supplement("eget", MARCH.first, None, amount=31_00, reason="Skäl")
    result = paid(having(own), changed(supplements=[INDIVIDUAL | {"per": "once"}]))
    assert told(result, "supplement:eget")[0][3] == 31_00


INDIVIDUAL = {"code": "eget", "name": "Eget", "per": "month"}


@pytest.mark.parametrize(
    ("own", "amounts"),
    [
        (Supplement("eget", ALWAYS, MARCH.end, amount=31_00, reason="Skäl"), [31_00]),
        (Supplement("eget", ALWAYS, MARCH.end, amount=31_00), []),
        (Supplement("eget", ALWAYS, None, amount=31_00, reason="Skäl"), []),
        (Supplement("eget", ALWAYS, MARCH.end, reason="Skäl"), []),
    ],
    ids=["whole", "no reason", "no end", "no amount"],
)
def test_an_individual_supplement_has_amount_reason_and_end(
    own: Supplement, amounts: list[int]
) -> None:
    result = paid(having(own), changed(supplements=[INDIVIDUAL]))
    assert [amount for *_, amount in told(result, "supplement:eget")] == amounts
    assert [held.error for held in result.held] == (
        [] if amounts else ["MissingReason"]
    )


def test_a_supplement_says_what_it_rests_on() -> None:
    own = HSL._replace(reference="SN 7", reason="Sond", proof="Intyg")
    line = paid(having(own), extra()).lines[1]
    assert line.rules == (
        "tillägg Egen HSL",
        "dagar som betalas",
        "beslut: SN 7",
        "skäl: Sond",
        "underlag: Intyg",
    )
    steps = " ".join(explained(line)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Tillägg, extern regi: 9,00 kr per dag enligt reglerna." in steps
    assert "22 dagar × 9,00 kr = 198,00 kr." in steps


@pytest.mark.parametrize(("amount", "lines"), [("15.50", 2), ("15.49", 1)])
def test_a_part_of_a_month_that_is_rounded_to_nothing_is_no_line(
    amount: str, lines: int
) -> None:
    amounts = [{"from": "2020-01-01", "amount": amount}]
    row = {"code": "hsl", "name": "Egen HSL", "per": "month", "amounts": amounts}
    rules = changed(supplements=[row], rounding="1", proration="calendar_days")
    own = HSL._replace(start=date(2020, 3, 31))
    assert len(paid(having(own), rules).lines) == lines


@pytest.mark.parametrize(
    "row",
    [
        {"code": "Å"},
        {"code": "x" * 29},
        {"per": "week"},
        {"counted": "sundays"},
        {"amounts": []},
        {"amounts": [{"from": "2020-01-01", "amount": "0"}]},
        {"amounts": [{"from": "2020-01-01", "amount": "9"}] * 2},
    ],
)
def test_supplements_that_cannot_be_right_are_refused(row: dict[str, object]) -> None:
    with pytest.raises(BadRule):
        extra(**row)


def test_a_code_is_used_once() -> None:
    with pytest.raises(BadRule, match="två rader"):
        changed(supplements=[INDIVIDUAL, INDIVIDUAL])


def with_vat(kind: str, **told: str) -> RuleSet:
    return changed(vat={"kind": kind, "percent": "6", **told})


def test_vat_compensation_that_is_included_changes_no_amount() -> None:
    [line] = paid(placement(), with_vat("included")).lines
    assert line.amount == 22 * DAY
    assert "momskompensation 6 % ingår i priset" in line.rules
    [own] = paid(placement(regi="intern"), with_vat("included")).lines
    assert not any("moms" in rule for rule in own.rules)


def test_vat_compensation_that_is_added_is_a_line_beside() -> None:
    place, vat = paid(placement(), with_vat("added")).lines
    assert (place.amount, vat.kind, vat.price) == (22 * DAY, "vat", 22 * DAY)
    assert (vat.share, vat.amount) == (6, 132_00)
    assert (vat.start, vat.end) == (place.start, place.end)
    assert len(paid(placement(regi="intern"), with_vat("added")).lines) == 1
    assert (
        len(paid(placement(regi="intern"), with_vat("added", regi="alla")).lines) == 2
    )


def test_vat_compensation_waits_where_something_it_is_counted_on_does() -> None:
    short = Span(ALWAYS, date(2020, 3, 16))
    result = paid(placement(contracts=[short]), with_vat("added"))
    assert [(held.kind, held.start) for held in result.held] == [
        ("place", date(2020, 3, 16)),
        ("vat", date(2020, 3, 16)),
    ]
    assert told(result, "vat")[0][3] == 60_00


@pytest.mark.parametrize(
    ("rule", "regi", "amount"),
    [
        (VatRule("included", 6, "extern"), "extern", 60_00),
        (VatRule("included", 6, "extern"), "intern", 0),
        (VatRule("included", 6, "alla"), "intern", 60_00),
        (VatRule("added", 6, "alla"), "extern", 0),
        (None, "extern", 0),
    ],
)
def test_the_part_of_vat_is_a_column_that_changes_nothing(
    rule: VatRule | None, regi: str, amount: int
) -> None:
    assert vat_of(rule, regi, 1060_00) == amount


def test_no_vat_at_all_is_the_same_as_none_said() -> None:
    assert changed(vat={"kind": "none"}).vat is None
    for table in ({"kind": "added"}, {"kind": "added", "percent": "0"}):
        with pytest.raises(BadRule):
            changed(vat=table)


@pytest.mark.parametrize(
    ("reported", "is_late"),
    [(date(2020, 6, 30), False), (date(2020, 7, 1), True), (None, False)],
    ids=["last day", "the day after", "in time"],
)
def test_a_report_after_the_last_day_is_held_with_its_sum(
    reported: date | None, *, is_late: bool
) -> None:
    place = placement()
    known = place.attendance._replace(reported=reported)
    result = paid(place._replace(attendance=known), changed(late_months="3"))
    found = [(held.error, held.amount) for held in result.held]
    assert found == ([("ReportedTooLate", 22 * DAY)] if is_late else [])
    assert bool(result.lines) is not is_late


def test_a_late_report_holds_the_supplements_that_rest_on_it_too() -> None:
    rules = read_rules({**written(extra()), "late_months": "1"})
    place = having(HSL)
    known = place.attendance._replace(reported=date(2020, 5, 1))
    result = paid(place._replace(attendance=known), rules)
    assert result.lines == ()
    assert [(held.kind, held.amount) for held in result.held] == [
        ("place", 22 * DAY),
        ("supplement:hsl", 22 * 9_00),
    ]


def test_what_rests_on_no_report_is_never_late() -> None:
    rules = changed(GOTEBORG, late_months="1")
    place = placement(month=MAY, plans=[plan(hours=7)], levels=[level("1")])
    known = place.attendance._replace(reported=date(2024, 1, 1))
    result = due(
        place._replace(attendance=known),
        month=MAY,
        rules=rules,
        prices=published("goteborg-2023.csv"),
    )
    assert len(result.lines) == 1


def test_a_limit_is_whole_months_after_the_month_itself() -> None:
    assert last_report(TYRESO, MARCH) is None
    assert last_report(changed(late_months="1"), Month(2020, 12)) == date(2021, 1, 31)


HOURS = NoticeRule(hours=24, days=None, by=None)
DAYS = NoticeRule(hours=None, days=1, by=15 * 60)
TEN = clock("2026-03-10T09:00")


@pytest.mark.parametrize(
    ("rule", "told", "effect"),
    [
        (HOURS, clock("2026-03-09T09:00"), "notified"),
        (HOURS, clock("2026-03-09T09:01"), "late"),
        (HOURS, TEN, "late"),
        (HOURS, clock("2026-03-10T09:01"), "not_notified"),
        (HOURS, None, "not_notified"),
        (DAYS, clock("2026-03-09T15:00"), "notified"),
        (DAYS, clock("2026-03-09T15:01"), "late"),
    ],
)
def test_an_absence_is_judged_by_when_it_was_told(
    rule: NoticeRule, told: datetime | None, effect: str
) -> None:
    assert judged(rule, TEN, told) == effect


@pytest.mark.parametrize(
    "table",
    [{}, {"hours": "24", "days": "1"}, {"days": "1"}, {"days": "1", "by": "24:00"}],
    ids=["empty", "both", "no clock", "no such clock"],
)
def test_a_notice_is_hours_or_days_and_a_clock(table: dict[str, str]) -> None:
    with pytest.raises(BadRule):
        changed(notice=table)


def test_only_absence_that_says_when_it_was_told_is_judged() -> None:
    rules = changed(notice={"hours": "24"})
    early = clock("2020-03-09T08:00")
    parts = {
        10: (Part("O", 540, 900, early),),
        11: (Part("O", 540, 900),),
        12: (Part("U", 540, 900, early),),
    }
    [line] = paid(placement(parts=parts), rules).lines
    assert line.counted == "A:1 N:19 O:1"
