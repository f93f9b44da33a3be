"""A month from files alone: what is paid, held, corrected, left and refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from payments import (
    Attendance,
    Ended,
    Held,
    Line,
    Month,
    Pause,
    PaymentError,
    PlacementMonth,
    PriceCell,
    RuleSet,
    Span,
    Supplement,
)
from payments.attendance_rows import Key, Reported, read_attendance
from payments.booked_rows import Entry
from payments.files import FilePlacement, read_levels, read_placements
from payments.from_files import (
    FileFacts,
    FilePaid,
    MonthBooked,
    MonthMissing,
    NoRules,
    OtherMonth,
    SameFirstDay,
    needs_attendance,
    outside_decisions,
    pay,
)
from tests.engines.payfacts import (
    ALWAYS,
    GOTEBORG,
    MARCH,
    TYRESO,
    changed,
    due,
    level,
    marked,
    placement,
    plan,
    price_list,
    published,
)

JANUARY, FEBRUARY, APRIL = Month(2020, 1), Month(2020, 2), Month(2020, 4)
NEW_YEAR = date(2020, 1, 1)
DAY = 62600
"""Tyresö's price of a day of level 2, full time: 20 in February, 22 in March."""
PRICES = price_list("tyreso-2020.csv", NEW_YEAR)
BY_MONTH = price_list("goteborg-2023.csv", date(2023, 4, 1))


TYRESO_PRICES = published("tyreso-2020.csv")


def place(number: str = "P1", person: str = "K1", **told: object) -> FilePlacement:
    known = FilePlacement(
        number, person, "Enheten", "Bolaget", "extern", ALWAYS, None, (plan(),), ()
    )
    return known._replace(**told)


def attended(month: Month = MARCH, **codes: str) -> Reported:
    """Every planned day attended, but for the days told; d10="" is left out."""
    known = dict(enumerate(marked(month), 1)) | {
        int(day[1:]): code for day, code in codes.items()
    }
    return Reported({number: code for number, code in known.items() if code})


def facts(*placed: FilePlacement, **told: object) -> FileFacts:
    """Placements of level 2 under Tyresö's rules, in March all there as planned."""
    known = {one.number: one for one in placed or (place(),)}
    plain = FileFacts(
        rules=[TYRESO],
        prices=[PRICES],
        placements=known,
        levels={(one.person, ""): (level(),) for one in known.values()},
        attendance={(number, MARCH): attended() for number in known},
    )
    return replace(plain, **told)


def reports(**months: Reported) -> Mapping[Key, Reported]:
    """Of P1 by the month: feb=..., march=..."""
    names = {"jan": JANUARY, "feb": FEBRUARY, "march": MARCH, "april": APRIL}
    return {("P1", names[name]): told for name, told in months.items()}


def booked(month: Month, known: FileFacts | None = None) -> list[Entry]:
    """What a month came to, attended as planned."""
    found = known or facts()
    told = {(number, month): attended(month) for number in found.placements}
    return pay(replace(found, attendance=told), month).entries


def rows(paid: FilePaid) -> list[tuple[str, int, str]]:
    return [
        (str(one.line.placement), one.line.amount, one.corrects) for one in paid.entries
    ]


def stops(paid: FilePaid) -> list[tuple[str, str]]:
    return [(str(one.placement), one.error) for one in paid.held]


PLACEMENTS = """
placeringsnummer;ärendenummer;enhet;regi;första_dag;sista_dag;plan_från;måndag;tisdag;onsdag;torsdag;fredag
P-1;DV-1;Ateljén;extern;2019-08-19;;;9-15;9-15;9-15;9-15;9-15
P-2;DV-2;Ateljén;extern;2020-03-16;;;9-15;;9-15;;9-15
P-3;DV-3;Trädgården;intern;2019-01-07;2020-03-20;;9-15;9-15;;;
P-3;;;;;;2020-03-09;9-15;9-15;9-15;;
"""
LEVELS = """
ärendenummer;nivå;första_dag;sista_dag;beslutsreferens
DV-1;2;2019-08-19;;SN 1
DV-2;4;2020-03-16;;SN 2
DV-3;1;2019-01-07;2020-03-15;SN 3
DV-3;3;2020-03-16;;SN 4
"""
ATTENDANCE = """
placeringsnummer;månad;2;3;4;5;6;9;10;11;12;13;16;17;18;19;20;23;24;25;26;27;30;31
P-1;2020-03;N;N;N;A;A;N;N;N;O;O;N;N;N;A 12-15;N;N;N;N;N;;N;N
P-2;2020-03;;;;;;;;;;;N;;N;;S;N;;N;;;N;
P-3;2020-03;N;N;;;;N;N;N;;;N;N;N;;;;;;;;;
"""


def split(text: str) -> list[list[str]]:
    return [line.split(";") for line in text.split()]


def test_a_month_is_paid_to_the_ore_from_what_files_say() -> None:
    levels = [line.split(";") for line in LEVELS.strip().splitlines()]
    attendance = [line.split(";") for line in ATTENDANCE.strip().splitlines()]
    paid = pay(
        FileFacts(
            rules=[TYRESO],
            prices=[PRICES],
            placements=read_placements(split(PLACEMENTS))[0],
            levels=read_levels(levels)[0],
            attendance=read_attendance(attendance, MARCH)[0],
            closed={"Ateljén": frozenset([date(2020, 3, 27)])},
        ),
        MARCH,
    )
    told = [
        (e.ref, e.line.placement, e.line.start.day, e.line.end, e.line.amount)
        for e in paid.entries
    ]
    april, ended = date(2020, 4, 1), date(2020, 3, 21)
    assert told == [
        ("2020-03-00001", "P-1", 1, april, 20 * DAY),
        ("2020-03-00002", "P-2", 16, april, 6 * 91200),
        ("2020-03-00003", "P-3", 1, date(2020, 3, 9), 2 * 12400),
        ("2020-03-00004", "P-3", 9, date(2020, 3, 16), 3 * 29000),
        ("2020-03-00005", "P-3", 16, ended, 3 * 65200),
    ]
    assert (paid.month, paid.total, paid.held) == (MARCH, 2_106_600, [])
    assert {entry.booked_in for entry in paid.entries} == {MARCH}


DECEASED = [{"reason": "deceased", "days": "3", "share": "100"}]
HSL = {
    "code": "hsl",
    "name": "HSL",
    "per": "day",
    "counted": "attended",
    "amounts": [{"from": "2020-01-01", "amount": "9"}],
}
BY_PLAN = changed(not_reported="plan_is_paid")
THE_12TH = date(2020, 3, 12)
HAVING = (Supplement("hsl", NEW_YEAR, None, "B1"),)
CLOSED = frozenset([date(2020, 3, 27), date(2020, 3, 1)])
LATE = {"late_months": "1"}
Told = tuple[FileFacts, PlacementMonth, RuleSet]
ONE_FACT: dict[str, Told] = {
    "nothing": (facts(), placement(), TYRESO),
    "regi": (facts(place(regi="intern")), placement(regi="intern"), TYRESO),
    "start and end": (
        facts(place(start=date(2020, 3, 3), end=THE_12TH)),
        placement(start=date(2020, 3, 3), end=THE_12TH),
        TYRESO,
    ),
    "plan": (
        facts(place(plans=(plan(3),))),
        placement(plans=[plan(3)], codes=marked(MARCH)),
        TYRESO,
    ),
    "pause": (
        facts(place(pauses=(Pause(THE_12TH, None),))),
        placement(pauses=[Pause(THE_12TH, None)]),
        TYRESO,
    ),
    "level": (
        facts(levels={("K1", ""): (level("3"),), ("K2", "P1"): (level("4"),)}),
        placement(levels=[level("3")]),
        TYRESO,
    ),
    "level of the placement": (
        facts(levels={("K1", ""): (level("3"),), ("K1", "P1"): (level("4"),)}),
        placement(levels=[level("4")]),
        TYRESO,
    ),
    "no level": (facts(levels={}), placement()._replace(levels=()), TYRESO),
    "contract": (
        facts(contracts={"Enheten": (Span(THE_12TH, None),)}),
        placement(contracts=[Span(THE_12TH, None)]),
        TYRESO,
    ),
    "no contract": (facts(contracts={}), placement(contracts=[]), TYRESO),
    "not reported": (
        facts(attendance={("P2", MARCH): attended()}),
        placement(reported=False),
        TYRESO,
    ),
    "no attendance at all": (
        facts(attendance=None, rules=[BY_PLAN]),
        placement(reported=False),
        BY_PLAN,
    ),
    "the unit closed": (
        facts(closed={"Enheten": CLOSED}, attendance=None, rules=[BY_PLAN]),
        placement(reported=False)._replace(closed=CLOSED),
        BY_PLAN,
    ),
    "all closed": (
        facts(closed={"": CLOSED}, attendance=None, rules=[BY_PLAN]),
        placement(reported=False)._replace(closed=CLOSED),
        BY_PLAN,
    ),
    "another unit closed": (
        facts(closed={"Granne": CLOSED}, attendance=None, rules=[BY_PLAN]),
        placement(reported=False),
        BY_PLAN,
    ),
    "after the end": (
        facts(
            place(end=THE_12TH, ended=Ended("deceased")),
            rules=[changed(after_end=DECEASED)],
        ),
        placement(end=THE_12TH)._replace(ended=Ended("deceased")),
        changed(after_end=DECEASED),
    ),
    "supplement": (
        facts(rules=[changed(supplements=[HSL])], supplements={"P1": HAVING}),
        placement()._replace(supplements=HAVING),
        changed(supplements=[HSL]),
    ),
    "another's supplement": (
        facts(rules=[changed(supplements=[HSL])], supplements={"P2": HAVING}),
        placement(),
        changed(supplements=[HSL]),
    ),
    "reported late": (
        facts(
            rules=[changed(**LATE)],
            attendance=reports(
                march=replace(attended(), reported=date(2020, 5, 1)),
            ),
        ),
        placement()._replace(attendance=Attendance(marked(MARCH), {}, APRIL.end)),
        changed(**LATE),
    ),
}


@pytest.mark.parametrize(("known", "same", "rules"), ONE_FACT.values(), ids=ONE_FACT)
def test_a_fact_in_the_files_is_the_fact_that_the_engine_counts_with(
    known: FileFacts, same: PlacementMonth, rules: RuleSet
) -> None:
    expected = due(same._replace(ref="P1"), rules=rules, prices=TYRESO_PRICES)
    paid = pay(known, MARCH)
    assert [entry.line for entry in paid.entries] == list(expected.lines)
    assert paid.held == list(expected.held)


def test_one_persons_placements_are_counted_together() -> None:
    same_hours = facts(place("P1"), place("P2"), place("P3", "K3"))
    paid = pay(same_hours, MARCH)
    assert set(stops(paid)) == {("P1", "SameHoursTwice"), ("P2", "SameHoursTwice")}
    assert rows(paid) == [("P3", 22 * DAY, "")]
    main = facts(
        place("P1"), place("P2", main=True), rules=[changed(concurrent="main")]
    )
    assert rows(pay(main, MARCH)) == [("P2", 22 * DAY, "")]


def test_what_is_not_reported_on_a_closed_day_is_closed() -> None:
    told = reports(march=attended(d26="", d27="", d30="A"))
    closed = {"": {date(2020, 3, 26)}, "Enheten": {date(2020, 3, 27)}}
    known = facts(
        attendance=told, closed={name: frozenset(days) for name, days in closed.items()}
    )
    [entry] = pay(known, MARCH).entries
    assert (entry.line.counted, entry.line.amount) == ("A:1 N:19", 20 * DAY)


def test_the_rules_and_prices_are_those_in_force_on_the_day() -> None:
    april = replace(TYRESO, first_day=APRIL.first, pause_share=100)
    dearer = PriceCell("2", "heltid", "extern", "day", 70000, "ny")
    later = price_list("april", date(2020, 4, 6), cells=(dearer,))
    known = facts(
        place(pauses=(Pause(date(2020, 4, 30), None),)),
        rules=[TYRESO, april],
        prices=[PRICES, later],
        attendance=reports(march=attended(), april=attended(APRIL)),
    )
    assert rows(pay(known, MARCH)) == [("P1", 22 * DAY, "")]
    paid = pay(replace(known, booked=booked(MARCH)), APRIL)
    assert [(e.line.start.day, e.line.amount) for e in paid.entries] == [
        (1, 3 * DAY),
        (6, 18 * 70000),
        (30, 70000),
    ]


def test_absence_goes_on_from_month_to_month() -> None:
    absent = {f"d{day}": "A" for day in (24, 25, 26, 27, 28)}
    march = {f"d{day}": "A" for day in (2, 3, 4, 5, 6, 9, 10)}
    alone = facts(attendance=reports(march=attended(**march)))
    assert rows(pay(alone, MARCH)) == [("P1", 22 * DAY, "")]
    told = reports(
        jan=attended(JANUARY),
        feb=attended(FEBRUARY, **absent),
        march=attended(**march),
    )
    going_on = replace(alone, attendance=told)
    paid = pay(going_on, MARCH)
    assert rows(paid) == [("P1", 20 * DAY, "")]
    assert (paid.left_alone, paid.held) == ([], [])
    assert rows(pay(replace(going_on, booked=booked(FEBRUARY)), MARCH)) == rows(paid)
    gap = {key: one for key, one in told.items() if key[1] != FEBRUARY}
    assert pay(replace(alone, attendance=gap), MARCH).left_alone == []
    two = facts(place(), place("P2", "K2"))
    both = {**told, ("P2", MARCH): attended(**march)}
    assert rows(pay(replace(two, attendance=both), MARCH)) == [
        ("P1", 20 * DAY, ""),
        ("P2", 22 * DAY, ""),
    ]


def test_what_changed_is_reversed_and_booked_anew_before_the_new_month() -> None:
    two = facts(place(), place("P2", "K2"))
    before = booked(FEBRUARY, two)
    assert [entry.ref for entry in before] == ["2020-02-00001", "2020-02-00002"]
    turn = date(2020, 2, 17)
    changed_level = (level("2", end=turn), level("3", turn))
    told = {
        (number, month): attended(month)
        for number in ("P1", "P2")
        for month in (FEBRUARY, MARCH)
    }
    known = replace(
        two,
        levels={("K1", ""): changed_level, ("K2", ""): (level(),)},
        attendance=told,
        booked=before,
    )
    paid = pay(known, MARCH)
    assert rows(paid) == [
        ("P1", -20 * DAY, "2020-02-00001"),
        ("P1", 10 * DAY, ""),
        ("P1", 10 * 98700, ""),
        ("P1", 22 * 98700, ""),
        ("P2", 22 * DAY, ""),
    ]
    assert [entry.ref[-1] for entry in paid.entries] == ["1", "2", "3", "4", "5"]
    assert [entry.kind for entry in paid.entries] == [
        *("återföring", "rättelse", "rättelse", "ersättning", "ersättning"),
    ]
    assert {entry.booked_in for entry in paid.entries} == {MARCH}
    assert (paid.total, paid.held) == (-10 * DAY + 32 * 98700 + 22 * DAY, [])
    all_booked = [*before, *paid.entries]
    april = replace(
        known,
        booked=all_booked,
        attendance={**told, **reports(april=attended(APRIL))},
    )
    again = pay(april, APRIL)
    assert rows(again) == [("P1", 22 * 98700, "")]
    assert stops(again) == [("P2", "MissingAttendance")]


def test_an_earlier_month_that_is_stopped_keeps_what_is_paid_until_it_is_right() -> (
    None
):
    turn = date(2020, 2, 17)
    known = facts(levels={("K1", ""): (level("2", end=turn), level("3", turn))})
    told = reports(feb=attended(FEBRUARY, d28=""), march=attended())
    before = booked(FEBRUARY, known)
    unread = {"P9": "placeringar.csv rad 4"}
    paid = pay(replace(known, attendance=told, booked=before, unread=unread), MARCH)
    assert stops(paid)[0] == ("P9", "BadRow")
    missing, stands = paid.held[1:]
    assert (missing.error, missing.month, missing.amount) == (
        "MissingAttendance",
        FEBRUARY,
        None,
    )
    assert stands == Held(
        placement="P1",
        kind="place",
        month=FEBRUARY,
        start=FEBRUARY.first,
        end=MARCH.first,
        error="PaidStands",
        message="Det som är betalt för dagarna står kvar tills orsaken är rättad.",
        amount=-10 * DAY - 10 * 98700,
    )
    assert rows(paid) == [("P1", 22 * 98700, "")]


def test_what_is_held_in_a_month_that_was_never_paid_is_not_told_again() -> None:
    told = reports(feb=attended(FEBRUARY, d28=""), march=attended())
    paid = pay(facts(attendance=told), MARCH)
    assert (rows(paid), paid.held) == ([("P1", 22 * DAY, "")], [])


HIGHER = {("K1", ""): (level("3"),)}


def test_a_month_without_attendance_in_the_files_stands_as_booked() -> None:
    before = booked(JANUARY)
    february = pay(
        facts(attendance=reports(feb=attended(FEBRUARY)), booked=before), FEBRUARY
    )
    assert february.left_alone == [JANUARY]
    known = facts(levels=HIGHER, booked=[*before, *february.entries])
    paid = pay(known, MARCH)
    assert (rows(paid), paid.left_alone) == (
        [("P1", 22 * 98700, "")],
        [JANUARY, FEBRUARY],
    )
    told = reports(jan=attended(JANUARY), march=attended())
    paid = pay(replace(known, attendance=told), MARCH)
    assert rows(paid)[:2] == [
        ("P1", -23 * DAY, "2020-01-00001"),
        ("P1", 23 * 98700, ""),
    ]
    assert paid.left_alone == [FEBRUARY]


def test_rules_that_need_no_attendance_correct_every_month_that_they_hold_for() -> None:
    april, may = Month(2023, 4), Month(2023, 5)
    known = FileFacts(
        rules=[GOTEBORG],
        prices=[BY_MONTH],
        placements={"P1": place()},
        levels={("K1", ""): (level("1"),)},
    )
    before = pay(known, april).entries
    paid = pay(replace(known, levels={("K1", ""): (level("2"),)}, booked=before), may)
    assert rows(paid) == [
        ("P1", -1027000, "2023-04-00001"),
        ("P1", 1369200, ""),
        ("P1", 1369200, ""),
    ]
    assert paid.left_alone == []
    march = [
        Entry("1", april.previous, _in(april.previous, before[0].line)),
        *before,
    ]
    paid = pay(replace(known, booked=march), may)
    assert (rows(paid), paid.left_alone) == (
        [("P1", 1027000, "")],
        [april.previous],
    )


def _in(month: Month, line: Line) -> Line:
    return line._replace(priced=replace(line.priced, month=month))


def test_what_was_booked_late_is_corrected_in_the_month_it_is_about() -> None:
    [entry] = booked(FEBRUARY)
    late = replace(entry, line=_in(JANUARY, entry.line))
    told = reports(jan=attended(JANUARY), feb=attended(FEBRUARY), march=attended())
    paid = pay(facts(attendance=told, booked=[late]), MARCH)
    assert rows(paid) == [
        ("P1", -20 * DAY, "2020-02-00001"),
        ("P1", 23 * DAY, ""),
        ("P1", 20 * DAY, ""),
        ("P1", 22 * DAY, ""),
    ]


def test_what_is_booked_of_whom_cannot_be_judged_stands() -> None:
    two = facts(place(), place("P2", "K2"))
    before = booked(FEBRUARY, two)
    told = {
        (number, month): attended(month)
        for number in ("P1", "P2")
        for month in (FEBRUARY, MARCH)
    }
    higher = {("K1", ""): (level("3"),), ("K2", ""): (level("3"),)}
    known = replace(two, levels=higher, attendance=told, booked=before)
    corrected = [
        *(("P1", -20 * DAY, "2020-02-00001"), ("P1", 20 * 98700, "")),
        *(("P2", -20 * DAY, "2020-02-00002"), ("P2", 20 * 98700, "")),
    ]
    new = [("P1", 22 * 98700, ""), ("P2", 22 * 98700, "")]
    assert rows(pay(known, MARCH)) == [*corrected, *new]
    assert rows(pay(replace(known, keeps_booked=True), MARCH)) == new
    stopped = pay(replace(known, stopped={"K1": "nivaer rad 2"}), MARCH)
    assert rows(stopped) == [*corrected[2:], new[1]]
    unknown = pay(
        replace(known, placements={"P2": place("P2", "K2")}, booked=[*before, *before]),
        MARCH,
    )
    assert unknown.unknown == ["P1"]
    assert pay(known, MARCH).unknown == []


def test_an_annulled_placement_is_taken_back() -> None:
    annulled = place(start=NEW_YEAR, end=NEW_YEAR)
    before = booked(FEBRUARY)
    told = reports(feb=attended(FEBRUARY), march=attended())
    known = replace(facts(annulled), attendance=told, booked=before)
    paid = pay(known, MARCH)
    assert (rows(paid), paid.held) == ([("P1", -20 * DAY, "2020-02-00001")], [])


def test_a_person_with_a_fault_is_not_paid_and_everybody_else_is() -> None:
    known = facts(place(), place("P2", "K2"), place("P3", "K2"))
    paid = pay(
        replace(
            known,
            stopped={"K2": "nivaer.csv rad 3"},
            unread={"P9": "placeringar.csv rad 4"},
        ),
        MARCH,
    )
    unread = "Placeringen går inte att läsa: placeringar.csv rad 4. Rätta raden."
    fault = "Filerna har fel om personen: nivaer.csv rad 3. Rätta dem."
    days = MARCH, MARCH.first, APRIL.first, "BadRow"
    assert rows(paid) == [("P1", 22 * DAY, "")]
    assert paid.held == [
        Held("P9", "place", *days, unread),
        Held("P2", "place", *days, fault),
        Held("P3", "place", *days, fault),
    ]


DAYS_TOLD = """
placeringsnummer;dag;kod;anmäld
P9;2020-02-08;A;2020-02-07T14:30
P1;2020-02-08;A;2020-02-07T14:30
"""


def test_absence_told_of_a_day_without_hours_stops_its_person() -> None:
    placed = place(), place("P2"), place("P3", "K2")
    told, notes = read_attendance(split(DAYS_TOLD), MARCH)
    plain = facts(*placed)
    feb = booked(FEBRUARY, plain)
    known = replace(plain, attendance={**(plain.attendance or {}), **told}, booked=feb)
    paid = pay(known, MARCH)
    why = (
        "Närvaron rad 3, anmäld: 2020-02-08 har inga planerade timmar för frånvaron. "
        "Töm rutan, eller rätta koden eller planen."
    )
    fault = "Filerna har fel om personen: närvaron rad 3. Rätta dem."
    days = MARCH, MARCH.first, APRIL.first, "BadRow"
    held = [
        Held("P1", "place", FEBRUARY, FEBRUARY.first, MARCH.first, "BadRow", why),
        Held("P1", "place", *days, fault),
        Held("P2", "place", *days, fault),
    ]
    assert notes.notes == ()
    assert [row for row in rows(paid) if row[0] != "P3"] == []
    assert ("P3", 22 * DAY, "") in rows(paid)
    assert [one for one in paid.held if one.placement != "P3"] == held
    other = pay(replace(known, stopped={"K1": "nivaer rad 2"}), MARCH).held
    assert other[1].message == fault.replace("närvaron rad 3", "nivaer rad 2")


def test_absence_told_in_vain_in_the_month_itself_is_held_once() -> None:
    march = Reported({7: "A"}, told_on={7: 5})
    placed = place(), place("P2")
    known = facts(*placed, attendance={("P1", MARCH): march, ("P2", MARCH): attended()})
    paid = pay(known, MARCH)
    told = [(one.placement, one.message.split(":")[0]) for one in paid.held]
    assert (rows(paid), told) == (
        [],
        [("P1", "Närvaron rad 5, anmäld"), ("P2", "Filerna har fel om personen")],
    )


NOTHING_PLANNED = """
placeringsnummer;ärendenummer;enhet;regi;första_dag;plan_från;vecka;måndag;tisdag
P1;K1;E;extern;2020-01-06;;1;9-15;9-15
P1;;;;;;2;;
P1;;;;;2020-03-16;;;
"""


def test_weeks_and_plans_without_times_are_days_that_are_not_paid() -> None:
    placed, notes = read_placements(split(NOTHING_PLANNED))
    march = Reported({2: "N", 3: "N"})
    paid = pay(facts(*placed.values(), attendance=reports(march=march)), MARCH)
    one_day_a_week = 18800
    assert (rows(paid), paid.held) == ([("P1", 2 * one_day_a_week, "")], [])
    assert notes.notes == ()


@pytest.mark.parametrize(
    ("start", "end", "is_held"),
    [
        (date(2020, 3, 31), None, True),
        (date(2020, 4, 1), None, False),
        (ALWAYS, date(2020, 3, 2), True),
        (ALWAYS, date(2020, 3, 1), False),
    ],
)
def test_a_fault_holds_only_placements_of_the_month(
    start: date, end: date | None, *, is_held: bool
) -> None:
    one = place(start=start, end=end)
    paid = pay(facts(one, stopped={"K1": "x"}), MARCH)
    assert stops(paid) == ([("P1", "BadRow")] if is_held else [])


@pytest.mark.parametrize(
    ("end", "reason", "days"),
    [
        (date(2020, 3, 1), "deceased", 2),
        (date(2020, 2, 29), "deceased", 1),
        (date(2020, 2, 27), "deceased", 0),
        (date(2020, 3, 1), "flytt", 0),
        (date(2020, 3, 31), "deceased", 22),
    ],
)
def test_days_after_an_end_are_paid_in_the_month_they_are(
    end: date, reason: str, days: int
) -> None:
    one = place(end=end, ended=Ended(reason))
    paid = pay(facts(one, rules=[changed(after_end=DECEASED)]), MARCH)
    assert (paid.total, paid.held) == (days * DAY, [])


def test_a_placement_after_the_month_is_nothing_of_it() -> None:
    later = place("P2", start=APRIL.first)
    ended = place("P3", end=MARCH.first, ended=Ended("flytt"))
    paid = pay(facts(place(), later, ended), MARCH)
    assert (rows(paid), paid.held) == ([("P1", 22 * DAY, "")], [])


def test_attendance_is_needed_by_rules_that_count_it() -> None:
    assert needs_attendance([TYRESO], MARCH)
    assert needs_attendance([BY_PLAN], MARCH)
    assert not needs_attendance([GOTEBORG], Month(2023, 4))
    later = replace(GOTEBORG, first_day=APRIL.first)
    assert needs_attendance([TYRESO, later], MARCH)
    assert not needs_attendance([TYRESO, later], APRIL)


FEB = booked(FEBRUARY)
NEXT = "Räkna nästa månad: det som ändrats rättas där."
FIRST = "Räkna den först, eller ta med dess rader i det som är bokfört."
CHOOSE = "Välj rätt fil eller månad."
EARLIER = facts(
    rules=[replace(TYRESO, first_day=ALWAYS)],
    prices=[replace(PRICES, first_day=ALWAYS)],
)
REFUSED: dict[str, tuple[FileFacts, PaymentError, str]] = {
    "the month booked": (
        facts(booked=booked(MARCH)),
        MonthBooked(MARCH, "2020-03-00001"),
        "2020-03 är redan bokförd, se rad 2020-03-00001 i det som är bokfört. " + NEXT,
    ),
    "a later month booked": (
        facts(booked=[*FEB, *booked(APRIL)]),
        MonthBooked(APRIL, "2020-04-00001"),
        "2020-04 är redan bokförd, se rad 2020-04-00001 i det som är bokfört. " + NEXT,
    ),
    "the month before not booked": (
        facts(booked=booked(JANUARY)),
        MonthMissing(FEBRUARY),
        "2020-02 är inte bokförd. " + FIRST,
    ),
    "a month between not booked": (
        facts(booked=[*booked(Month(2019, 12), EARLIER), *FEB]),
        MonthMissing(JANUARY),
        "2020-01 är inte bokförd. " + FIRST,
    ),
    "two price lists": (
        facts(prices=[PRICES, BY_MONTH, PRICES]),
        SameFirstDay("prislistor", NEW_YEAR),
        "Två prislistor gäller från 2020-01-01. Ange bara den som ska gälla.",
    ),
    "two rule sets": (
        facts(rules=[GOTEBORG, TYRESO, TYRESO]),
        SameFirstDay("regler", NEW_YEAR),
        "Två regler gäller från 2020-01-01. Ange bara den som ska gälla.",
    ),
    "no rules yet": (
        facts(rules=[GOTEBORG]),
        NoRules(MARCH),
        "Inga ersättningsregler gäller 2020-03. Ange regler som börjat gälla.",
    ),
    "attendance of other months": (
        facts(attendance=reports(feb=attended(FEBRUARY), jan=attended(JANUARY))),
        OtherMonth(MARCH, [FEBRUARY, JANUARY, FEBRUARY]),
        "Närvarofilen gäller 2020-01, 2020-02, inte 2020-03. " + CHOOSE,
    ),
    "attendance of no month": (
        facts(attendance={}),
        OtherMonth(MARCH, []),
        "Närvarofilen gäller ingen månad, inte 2020-03. " + CHOOSE,
    ),
}


@pytest.mark.parametrize(("known", "error", "words"), REFUSED.values(), ids=REFUSED)
def test_what_would_make_the_whole_month_wrong_is_refused(
    known: FileFacts, error: PaymentError, words: str
) -> None:
    with pytest.raises(type(error)) as caught:
        pay(known, MARCH)
    assert (str(caught.value), str(error)) == (words, words)


def test_attendance_of_other_months_is_no_fault_where_none_is_needed() -> None:
    known = FileFacts(
        rules=[GOTEBORG],
        prices=[BY_MONTH],
        placements={"P1": place()},
        levels={("K1", ""): (level("1"),)},
        attendance=reports(march=attended()),
    )
    assert rows(pay(known, Month(2023, 4))) == [("P1", 1027000, "")]


@pytest.mark.parametrize(
    ("spans", "is_covered"),
    [
        ([(ALWAYS, None)], True),
        ([("2020-03-01", "2020-04-01")], True),
        ([("2020-03-02", None)], False),
        ([(ALWAYS, "2020-03-31")], False),
        ([("2020-03-12", None), (ALWAYS, "2020-03-12")], True),
        ([("2020-03-13", None), (ALWAYS, "2020-03-12")], False),
        ([(ALWAYS, "2020-03-20"), (ALWAYS, "2020-03-10")], False),
        ([(ALWAYS, "2020-03-20"), ("2020-03-02", "2020-03-10")], False),
        (
            [
                (ALWAYS, "2020-03-20"),
                ("2020-03-02", "2020-03-10"),
                ("2020-03-20", "2020-05-01"),
            ],
            True,
        ),
        ([], False),
    ],
)
def test_what_is_paid_outside_the_decisions_is_told(
    spans: list[tuple[date | str, str | None]], *, is_covered: bool
) -> None:
    known = facts(
        place(),
        place("P2", "K2"),
        decisions={"K2": (Span(ALWAYS, None),), "K1": tuple(_span(*s) for s in spans)},
    )
    paid = pay(known, MARCH)
    found = [
        (entry.ref, placed.number) for entry, placed in outside_decisions(known, paid)
    ]
    assert found == ([] if is_covered else [("2020-03-00001", "P1")])


def _span(start: date | str, end: str | None) -> Span:
    first = start if isinstance(start, date) else date.fromisoformat(start)
    return Span(first, date.fromisoformat(end) if end else None)


def test_only_what_is_paid_needs_a_decision_and_only_where_any_are_told() -> None:
    told = reports(feb=attended(FEBRUARY), march=attended())
    known = facts(levels=HIGHER, attendance=told, booked=FEB, decisions={})
    paid = pay(known, MARCH)
    assert [entry.kind for entry, _ in outside_decisions(known, paid)] == [
        *("rättelse", "ersättning"),
    ]
    assert list(outside_decisions(replace(known, decisions=None), paid)) == []
