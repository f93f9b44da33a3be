"""The bench: rules tried on a case, every step shown, nothing saved."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from lovdv.access import Role
from lovdv.extensions import db
from lovdv.formats import kronor
from lovdv.payment_rules import operations
from lovdv.payouts.models import PaymentRun
from lovdv.placements.models import Placement
from lovdv.systems.models import Rule
from payments import written
from payments.rulesets import shipped
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_page import Page
from tests.kit_payouts import FEBRUARY, compute, lines, month_ready, plain

BENCH = "/ersattningsregler/provbank"
FULL_WEEK = dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday"), "9-15"
)


@pytest.fixture
def finance(client: StrictClient) -> StrictClient:
    make.system()
    make_payments.prices(first_day=date(2025, 1, 1))
    make_payments.payment_rules(first_day=date(2025, 1, 1))
    return client.login(make.user(Role.FINANCE))


def tried(client: StrictClient, **values: object) -> Page:
    response = client.send(BENCH, "month", **{"month": "2026-02", **values})
    assert response.status_code == 200
    return response.page


def test_a_made_up_case_shows_class_days_line_and_amount(
    finance: StrictClient,
) -> None:
    page = tried(finance, level="2", **FULL_WEEK, days="3 A, 4 O, 5 O")
    told = plain(page.text)
    assert "Omfattningsklass enligt planen: heltid." in told
    assert "19 dagar × 626,00 kr = 11 894,00 kr." in told
    rows = {row[0]: row[1:] for row in page.table()}
    assert rows["torsdag 5 februari 2026"] == [
        "6 timmar",
        "frånvaro inte anmäld",
        "0 %",
    ]


def test_a_part_of_a_day_is_shown_with_its_shares(finance: StrictClient) -> None:
    page = tried(finance, level="2", **FULL_WEEK, days="3 U 12-15")
    assert "0,5 dag på annan enhet: 0 %" in page.text


def test_the_rules_in_force_stand_beside_with_the_difference(
    finance: StrictClient,
) -> None:
    changed = written(shipped("tyreso-2020"))
    changed["absence"] = [
        row for row in changed["absence"] if row["effect"] != "not_notified"
    ] + [{"effect": "not_notified", "share": "0"}]
    draft = operations.begin(
        system=make.system(), content=changed, started_from="", by_id=None
    )
    case = {"level": "2", **FULL_WEEK, "days": "4 O"}
    page = tried(finance, rules=f"draft:{draft.public_id}", **case)
    told = plain(page.text)
    assert "19 dagar × 626,00 kr" in told
    assert "20 dagar × 626,00 kr" in told
    assert plain(kronor(-62600)) in told


PUBLISHED = sorted((Path(__file__).parents[1] / "data" / "rules").glob("*.json"))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_published_rule_set_can_be_tried(
    finance: StrictClient, path: Path
) -> None:
    content = operations.content_of(path.read_bytes())
    draft = operations.begin(
        system=make.system(), content=content, started_from="", by_id=None
    )
    case = {"level": "2", **FULL_WEEK, "days": "3 U 12-15, 4 A, 5 L"}
    page = tried(finance, rules=f"draft:{draft.public_id}", **case)
    assert "Med reglerna som prövas" in page.text
    assert not page.errors


def test_hours_are_bundled_day_by_day_and_a_price_can_be_typed(
    finance: StrictClient,
) -> None:
    klippan = next(path for path in PUBLISHED if path.stem == "klippan")
    draft = operations.begin(
        system=make.system(),
        content=operations.content_of(klippan.read_bytes()),
        started_from="",
        by_id=None,
    )
    case = {"level": "2", "price": "1000", "monday": "9-15", "tuesday": "9-12"}
    page = tried(finance, rules=f"draft:{draft.public_id}", **case, friday="9-10")
    rows = {row[0]: row[1:] for row in page.table()}
    assert rows["tisdag 3 februari 2026"] == [
        "3 timmar",
        "närvarande",
        "0,5 dag närvarande: 100 %",
        "från 2 till och med 5 timmar räknas som 0,5",
    ]
    assert "6 000,00 kr" in plain(page.text)


def test_what_is_held_says_why(finance: StrictClient) -> None:
    page = tried(finance, level="9", **FULL_WEEK)
    assert "Prislistan saknar pris för nivå 9, heltid, extern regi." in page.text


def test_a_real_placement_gives_what_the_run_gives(finance: StrictClient) -> None:
    placement = month_ready(d3="A", d4="O", d5="O")
    page = tried(finance, placement=placement.number)
    [line] = lines(compute(FEBRUARY))
    assert line.amount == 19 * 62600
    assert "11 894,00 kr" in plain(page.text)


def test_absence_that_runs_on_from_earlier_months_is_counted(
    finance: StrictClient,
) -> None:
    placement = month_ready(**{f"d{day}": "A" for day in range(2, 7)})
    late = {f"d{day}": "A" for day in (19, 20, 21, 22, 23, 26, 27, 28, 29, 30)}
    make_payments.month_of(placement, "2026-01", **late)
    page = tried(finance, placement=placement.number)
    assert "15 dagar × 626,00 kr" in plain(page.text)


TAIL = [{"reason": "deceased", "days": "10", "share": "100"}]


def tried_on(
    client: StrictClient, placement: Placement, month: str, **changes: object
) -> Page:
    """A draft that differs from the rules in force, tried on a placement."""
    draft = operations.begin(
        system=make.system(),
        content=written(shipped("tyreso-2020")) | changes,
        started_from="",
        by_id=None,
    )
    asked = {"rules": f"draft:{draft.public_id}", "placement": placement.number}
    return tried(client, month=month, **asked)


def ended(day: date) -> Placement:
    placement = month_ready()
    placement.end_day = placement.paid_end_day = day
    placement.end_reason = "deceased"
    return placement


def test_days_after_an_end_are_tried_by_rules_that_pay_them(
    finance: StrictClient,
) -> None:
    placement = ended(date(2026, 2, 25))
    page = plain(tried_on(finance, placement, "2026-02", after_end=TAIL).text)
    assert "3 dagar × 626,00 kr" in page
    assert plain(kronor(3 * 62600)) in page


def test_a_month_that_only_the_tried_rules_pay_is_tried(finance: StrictClient) -> None:
    placement = ended(date(2026, 2, 25))
    page = plain(tried_on(finance, placement, "2026-03", after_end=TAIL).text)
    assert "5 dagar × 626,00 kr" in page
    assert "Omfattningsklass enligt planen: ingen." in page
    refused = tried_on(finance, placement, "2026-03")
    assert any("ingen betald dag" in error for error in refused.errors)


@pytest.mark.usefixtures("in_april")
def test_a_late_report_is_tried_by_rules_that_refuse_it(finance: StrictClient) -> None:
    page = tried_on(finance, month_ready(), "2026-02", late_months="1")
    assert "Hålls inne" in page.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"month": "februari"}, "är inte en månad"),
        ({"month": "9998-12"}, "från 2000 till och med 2199"),
        ({"month": "1900-01"}, "från 2000 till och med 2199"),
        ({"placement": "P-finns-inte"}, "Ingen placering har det numret."),
        ({**FULL_WEEK}, "Skriv nivån"),
        ({"level": "2"}, "Skriv tider för minst en veckodag."),
        ({"level": "2", "monday": "nio"}, "är inga tider"),
        ({"level": "2", **FULL_WEEK, "days": "31 A"}, "går inte att läsa"),
        ({"level": "2", **FULL_WEEK, "days": "3 A 15-12"}, "är inga tider"),
    ],
)
def test_what_cannot_be_tried_is_told_at_its_field(
    finance: StrictClient, values: dict[str, str], words: str
) -> None:
    page = tried(finance, **values)
    assert any(words in error for error in page.errors), page.errors


def test_nothing_is_saved(finance: StrictClient) -> None:
    month_ready()
    tried(finance, level="2", **FULL_WEEK)
    assert db.session.scalars(select(PaymentRun)).all() == []


def test_without_rules_the_bench_says_so(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    assert "Det finns inga regler att pröva än." in client.page(BENCH).text


def test_another_municipalitys_placement_is_not_found(finance: StrictClient) -> None:
    home = make.municipality(name="Annan")
    placement = make.placement(make.person(municipality=home))
    page = tried(finance, placement=placement.number)
    assert page.errors == ["Ingen placering har det numret. Kontrollera det."]


def test_only_whoever_sees_the_runs_tries_somebodys_placement(
    finance: StrictClient,
) -> None:
    placement = month_ready(d3="A")
    finance.login(make.user(Role.LEAD))
    page = finance.page(BENCH)
    assert "Placeringsnummer" not in page.text
    rules = f"rule:{db.session.scalars(select(Rule.public_id)).one()}"
    asked = f"{BENCH}?month=2026-02&regi=extern&rules={rules}"
    refused = finance.page(f"{asked}&placement={placement.number}")
    assert refused.errors == ["Skriv nivån."]
    assert "3 februari" not in refused.text
    assert "11 894,00 kr" not in plain(refused.text)
