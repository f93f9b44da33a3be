"""The year against its budget, with the decisions known ahead, and kept baselines."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from lovdv.access import Role
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.forecast import baselines, budgeting
from lovdv.forecast.models import Baseline, Budget
from lovdv.placements.models import ClosedDay
from lovdv.systems.operations import decide_rule
from payments import Month
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import FEBRUARY, MARCH, PRICE, month_ready, paid, plain

pytestmark = pytest.mark.usefixtures("in_april", "terms")

WEEKDAYS = {3: 22, 4: 22, 5: 21, 6: 22, 7: 23, 8: 21, 9: 22, 10: 22, 11: 21, 12: 23}
"""Of 2026, by month, with no day closed."""


def year(number: int = 2026) -> budgeting.Year:
    return budgeting.year(make.system(), number)


def expected() -> dict[int, int]:
    """By month, in öre, for the months to come."""
    return {one.month.number: one.expected for one in year().months if one.ahead}


def test_months_to_come_are_what_the_plans_will_cost() -> None:
    month_ready()
    paid()
    found = year()
    assert [one.paid for one in found.months[:2]] == [None, 20 * PRICE]
    assert expected() == {month: days * PRICE for month, days in WEEKDAYS.items()}
    assert found.expected == (20 + sum(WEEKDAYS.values())) * PRICE
    assert [one.so_far for one in found.months][-1] == found.expected


def test_known_ends_starts_levels_prices_and_closed_days_are_in_it() -> None:
    ending = month_ready()
    paid()
    ending.paid_end_day = date(2026, 6, 1)
    person = make.person()
    make.level(person, "3", first_day=make.START)
    make.placement(person, first_day=date(2026, 9, 1))
    make_payments.prices(first_day=date(2026, 12, 1), raised=1000)
    make._added(
        ClosedDay(
            choice_system_id=make.system().id,
            day=date(2026, 5, 15),
            name="Klämdag",
            decided_at=now(),
        )
    )
    db.session.flush()
    level_3 = 98700
    assert expected() == {
        3: 22 * PRICE,
        4: 22 * PRICE,
        5: 20 * PRICE,
        6: 0,
        7: 0,
        8: 0,
        9: 22 * level_3,
        10: 22 * level_3,
        11: 21 * level_3,
        12: 23 * (level_3 + 1000),
    }
    told = {one.month.number: one.ahead for one in year().months if one.ahead}
    assert (told[5].ends, told[9].starts, told[8].people) == (0, 1, 0)


ILL = {f"d{day}": "O" for day in (9, 10, 11, 12, 13)}
"""The first day of an absence that was not notified is paid, the other four not."""
SIXTEEN_OF_TWENTY = budgeting.Fraction(16, 20)


def unreported() -> None:
    """A person with a place and no attendance."""
    person = make.person()
    make.level(person, "2", first_day=make.START)
    make.placement(person)


def test_absence_lately_lowers_what_is_expected() -> None:
    for _ in range(5):
        month_ready(**ILL)
    paid()
    assert year().lately == budgeting.Lately(SIXTEEN_OF_TWENTY, FEBRUARY)
    assert expected()[3] == 5 * 22 * PRICE * 16 // 20


@pytest.mark.parametrize("late", ["wait", "plan", "hold"])
def test_what_is_not_reported_yet_is_no_absence_and_no_attendance(late: str) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="attendance",
        first_day=make.START,
        value={"late": late},
    )
    for _ in range(5):
        month_ready(**ILL)
    unreported()
    paid()
    assert year().lately.share == SIXTEEN_OF_TWENTY
    assert expected()[3] == 6 * 22 * PRICE * 16 // 20


@pytest.mark.parametrize(
    ("reports", "others", "share"),
    [(5, 5, SIXTEEN_OF_TWENTY), (5, 6, 1), (4, 0, 1)],
    ids=["half of the plan", "less than half", "four people"],
)
def test_few_reports_say_nothing_of_the_months_to_come(
    client: StrictClient, reports: int, others: int, share: budgeting.Fraction
) -> None:
    for _ in range(reports):
        month_ready(**ILL)
    for _ in range(others):
        unreported()
    paid()
    assert year().lately.share == share
    assert expected()[3] == (reports + others) * 22 * PRICE * share
    client.login(make.user(Role.MANAGER))
    page = plain(client.page("/prognos").text)
    assert ("80,0 % i februari 2026" in page) == (share != 1)
    assert ("räknar med hela planen" in page) == (share == 1)


def test_an_earlier_month_is_used_when_the_latest_is_hardly_reported(
    client: StrictClient,
) -> None:
    placements = [month_ready(**ILL) for _ in range(5)]
    paid()
    make_payments.month_of(placements[0], "2026-03", d2="O", d3="O", d4="O")
    paid(MARCH)
    assert year().lately == budgeting.Lately(SIXTEEN_OF_TWENTY, FEBRUARY)
    client.login(make.user(Role.MANAGER))
    assert "80,0 % i februari 2026" in plain(client.page("/prognos").text)


@pytest.mark.parametrize(
    ("reported", "found"),
    [
        (Month(2025, 3), budgeting.Lately(budgeting.WHOLE, Month(2025, 3))),
        (Month(2025, 2), budgeting.Lately()),
    ],
    ids=["twelve months back", "thirteen"],
)
def test_a_month_too_long_ago_says_nothing(
    reported: Month, found: budgeting.Lately
) -> None:
    people = [make.person() for _ in range(5)]
    for person in people:
        make.decision(person)
        make.level(person, "2", first_day=make.START)
        make_payments.month_of(make.placement(person), str(reported))
    for months in range(MARCH - reported + 1):
        paid(reported.plus(months))
    assert year().lately == found


def test_a_report_that_came_too_late_to_be_paid_is_no_absence() -> None:
    make_payments.payment_rules(first_day=date(2026, 2, 1), late_months="1")
    month_ready()
    paid()
    found = year()
    assert (found.paid, found.lately.share) == (0, 1)


def test_ordered_time_costs_the_same_each_month_to_come() -> None:
    make_payments.payment_rules("goteborg-2023", first_day=date(2026, 1, 1))
    make_payments.prices("goteborg-2023", first_day=date(2026, 1, 1))
    month_ready("1")
    paid()
    assert set(expected().values()) == {1027000}


def test_corrections_are_paid_in_the_month_they_were_booked() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d2="O", d3="O", d4="O")
    paid(Month(2026, 3))
    found = year()
    assert [one.paid for one in found.months[1:3]] == [20 * PRICE, (22 - 2) * PRICE]


def test_what_cannot_be_priced_is_told_and_not_counted_as_nothing(
    client: StrictClient,
) -> None:
    month_ready()
    paid()
    make.placement(make.person(), first_day=date(2026, 11, 1))
    found = year()
    assert sum(found.held.values()) == 2
    client.login(make.user(Role.FINANCE))
    assert "kan inte räknas" in client.page("/prognos").text


def test_a_budget_is_kept_in_revisions_and_shared_out_by_twelfths(
    client: StrictClient,
) -> None:
    month_ready()
    paid()
    client.login(make.user(Role.FINANCE))
    told = {"year": "2026", "reference": "KF 2025-11-24 § 210"}
    client.send("/prognos/budget", "amount", amount="60 000 000", **told)
    done = client.send("/prognos/budget", "amount", amount="66 000 000", **told)
    page = plain(client.page(done.location).text)
    assert "66 000 000 kr" in page
    assert "16 500 000 kr" in page
    assert "under budgeten" in page
    assert "KF 2025-11-24 § 210, version 2" in page
    assert [one.revision for one in db.session.scalars(select(Budget))] == [1, 2]
    found = year()
    assert found.left == 6_600_000_000 - found.expected


@pytest.mark.parametrize(
    ("amount", "words"),
    [("", "Skriv budgeten"), ("0", "över noll"), ("sextio", "i kronor")],
)
def test_a_wrong_budget_is_refused_and_stays_typed(
    client: StrictClient, amount: str, words: str
) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    told = {"amount": amount, "reference": "KF § 1"}
    page = client.send("/prognos/budget", "amount", **told).page
    assert any(words in error for error in page.errors)
    assert page.form("amount").filled({})["amount"] == [amount]


def test_a_year_without_rules_says_what_to_do(client: StrictClient) -> None:
    other = make.municipality(name="Ny")
    make.system(name="Ny", municipality=other)
    client.login(make.user(Role.FINANCE, municipality=other))
    assert "Besluta regler" in client.page("/prognos").text


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?ar=abcd",
        "?ar=٢٠٢٦",
        "?ar=1900",
        "?ar=2027",
        "?ar=2000",
        "?ar=2199",
        "?ar=9998",
        "?ar=9999",
    ],
)
def test_any_year_may_be_asked_for(client: StrictClient, asked: str) -> None:
    month_ready()
    client.login(make.user(Role.FINANCE))
    assert "Prognos" in client.page(f"/prognos{asked}").text


def test_the_managers_see_no_small_numbers(client: StrictClient) -> None:
    month_ready()
    paid()
    client.login(make.user(Role.MANAGER))
    assert "färre än 5 personer" in client.page("/prognos").text
    assert client.get("/prognos/budget").status_code == 403
    assert client.get("/prognos/skuggkorning").status_code == 403


def test_another_municipalitys_system_is_not_found(client: StrictClient) -> None:
    other = make.system(municipality=make.municipality(name="Annan"), name="Annan")
    make.system()
    client.login(make.user(Role.FINANCE))
    assert client.get(f"/prognos?system={other.public_id}").status_code == 404


def test_a_baseline_stands_as_it_was_taken(client: StrictClient) -> None:
    placement = month_ready()
    month_ready("3")
    client.login(make.user(Role.FINANCE))
    told = {"name": "Före LOV", "day": "2026-02-01", "note": "Allt i egen regi."}
    client.send("/prognos/utgangslagen/nytt", "day", **told)
    placement.paid_end_day = placement.end_day = date(2026, 2, 1)
    db.session.commit()
    page = plain(client.page("/prognos/utgangslagen").text)
    assert "Före LOV" in page
    assert "100,0 %" in page
    assert "Allt i egen regi." in page
    [kept] = db.session.scalars(select(Baseline))
    found = baselines.Figures.read(kept.figures)
    assert (found.placed, found.external) == (2, 2)
    assert found.cost_by_level == {"2": 20 * PRICE, "3": 20 * 98700}
    assert baselines.taken(make.system(), FEBRUARY.first).placed == 1


def test_a_baseline_is_of_a_day_that_has_been(client: StrictClient) -> None:
    month_ready()
    client.login(make.user(Role.FINANCE))
    told = {"name": "Sedan", "day": "2026-04-08"}
    page = client.send("/prognos/utgangslagen/nytt", "day", **told).page
    assert any("inte varit ännu" in error for error in page.errors)


def test_a_managers_baseline_hides_levels_of_few(client: StrictClient) -> None:
    month_ready()
    baselines.take(
        system=make.system(), name="Nu", day=date(2026, 4, 1), note="", by_id=None
    )
    client.login(make.user(Role.MANAGER))
    page = client.page("/prognos/utgangslagen").text
    assert "visas inte" in page
    assert "färre än 5" in page


@pytest.mark.parametrize("table", [Budget, Baseline], ids=["budget", "baseline"])
def test_what_is_kept_never_changes(table: type[Budget] | type[Baseline]) -> None:
    month_ready()
    told = {"system": make.system(), "by_id": None}
    budgeting.decide_budget(year=2026, amount=100, reference="KF", **told)
    baselines.take(name="Nu", day=date(2026, 4, 1), note="", **told)
    row = db.session.scalars(select(table)).one()
    db.session.delete(row)
    with pytest.raises(DatabaseError):
        db.session.flush()
