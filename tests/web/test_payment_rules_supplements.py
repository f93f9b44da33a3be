"""Supplements granted to placements: what the rules demand, and ended by new rows."""

from datetime import date

import pytest
from sqlalchemy import select

from lovdv.access import Role
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.payment_rules import queries
from lovdv.payment_rules.models import SupplementGrant
from lovdv.placements.models import Placement
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import plain

NEW = "/tillagg/nytt"
SUPPLEMENTS = [
    {
        "code": "hsl",
        "name": "Egen HSL",
        "per": "day",
        "amounts": [{"from": "2025-01-01", "amount": "9"}],
    },
    {
        "code": "bonus",
        "name": "Bonus för arbete",
        "per": "once",
        "proof": "needed",
        "amounts": [{"from": "2025-01-01", "amount": "10000"}],
    },
    {"code": "extra", "name": "Extra stöd", "per": "day"},
]


@pytest.fixture
def finance(client: StrictClient) -> StrictClient:
    make.system()
    make_payments.payment_rules(first_day=date(2025, 1, 1), supplements=SUPPLEMENTS)
    return client.login(make.user(Role.FINANCE, name="Ek Onom"))


def granted(client: StrictClient, **values: object) -> Placement:
    placement = make.placement()
    told = {"placement": placement.number, "code": "hsl", "first_day": "2026-02-01"}
    response = client.send(NEW, "placement", **{**told, **values})
    assert response.status_code == 302, response.page.errors
    return placement


def standing() -> list[tuple[str, date, date | None, int | None]]:
    found = queries.supplements_in(
        make.system().id, date(2026, 2, 1), date(2026, 3, 1), now()
    )
    return [(row.code, row.start, row.end, row.amount) for row in found]


def test_a_supplement_is_granted_by_placement_number(finance: StrictClient) -> None:
    placement = granted(finance)
    [row] = finance.page("/tillagg").table()
    assert row[:5] == [
        placement.number,
        "Egen HSL",
        "2026-02-01",
        "tills vidare",
        "enligt reglerna",
    ]
    assert "Ek Onom" in row[6]
    assert standing() == [("hsl", date(2026, 2, 1), None, None)]


def test_an_individual_supplement_has_its_own_amount(finance: StrictClient) -> None:
    granted(
        finance,
        code="extra",
        amount="412,50",
        reason="Två personal",
        last_day="2026-12-31",
    )
    assert "412,50 kr" in plain(finance.page("/tillagg").text)
    assert standing() == [("extra", date(2026, 2, 1), date(2027, 1, 1), 41250)]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"code": "bonus"}, "kräver underlag"),
        ({"code": "hsl", "amount": "9"}, "har reglernas belopp"),
        ({"code": "extra"}, "är individuellt. Skriv beloppet."),
        ({"code": "extra", "amount": "9"}, "är individuellt. Skriv skälet."),
        ({"code": "extra", "amount": "9", "reason": "x"}, "Skriv sista dagen."),
        ({"placement": "P-ingen"}, "Ingen placering har det numret."),
        ({"last_day": "2026-01-31"}, "Sista dagen är före den första."),
    ],
)
def test_what_the_supplement_demands_is_told_at_its_field(
    finance: StrictClient, values: dict[str, str], words: str
) -> None:
    placement = make.placement()
    told = {"placement": placement.number, "first_day": "2026-02-01", **values}
    response = finance.send(NEW, "placement", **told)
    assert any(words in error for error in response.page.errors), response.page.errors
    assert standing() == []


def again(client: StrictClient, placement: Placement, **told: object) -> list[str]:
    values = {"placement": placement.number, "code": "hsl", **told}
    response = client.send(NEW, "placement", **values)
    return [] if response.status_code == 302 else response.page.errors


def test_the_same_supplement_is_not_granted_twice_for_a_day(
    finance: StrictClient,
) -> None:
    placement = granted(finance, last_day="2026-02-20")
    [fault] = again(finance, placement, first_day="2026-02-20")
    assert "Placeringen har redan tillägget från 2026-02-01." in fault
    assert again(finance, placement, first_day="2026-02-21") == []
    assert len(standing()) == 2


def test_one_paid_once_is_granted_again_in_another_month(finance: StrictClient) -> None:
    placement = granted(finance, code="bonus", proof="Intyg")
    told = {"code": "bonus", "proof": "Intyg"}
    [fault] = again(finance, placement, first_day="2026-02-28", **told)
    assert "Avsluta det först" in fault
    assert again(finance, placement, first_day="2026-03-01", **told) == []


def test_a_supplement_that_was_taken_back_may_be_granted_again(
    finance: StrictClient,
) -> None:
    placement = granted(finance)
    link = finance.page("/tillagg").one("table")
    address = next(a.get("href") for a in link.iter("a"))
    finance.send(address, "last_day", last_day="2026-01-31", reason="Fel")
    assert again(finance, placement, first_day="2026-02-01") == []


def test_a_supplement_is_not_lengthened_into_the_next(finance: StrictClient) -> None:
    placement = granted(finance, last_day="2026-02-20")
    public_id = db.session.scalar(select(SupplementGrant.public_id))
    address = f"/tillagg/{public_id}/slut"
    again(finance, placement, first_day="2026-02-24")
    told = {"last_day": "2026-02-24", "reason": "Längre"}
    [fault] = finance.send(address, "last_day", **told).page.errors
    assert "Samma tillägg börjar igen 2026-02-24." in fault
    finance.send(address, "last_day", **told | {"last_day": "2026-02-23"})
    assert [end for *_, end, _ in standing()] == [date(2026, 2, 24), None]


def test_an_end_is_a_new_row_in_place_of_the_old(finance: StrictClient) -> None:
    granted(finance)
    link = finance.page("/tillagg").one("table")
    address = next(a.get("href") for a in link.iter("a"))
    finance.send(address, "last_day", last_day="2026-02-14", reason="Behövs inte mer")
    assert standing() == [("hsl", date(2026, 2, 1), date(2026, 2, 15), None)]
    rows = db.session.scalars(select(SupplementGrant)).all()
    assert [row.replaces_id for row in rows] == [None, rows[0].id]
    assert len(finance.page("/tillagg").table()) == 1


def test_one_that_never_should_be_paid_ends_the_day_before(
    finance: StrictClient,
) -> None:
    granted(finance)
    grant = db.session.scalars(select(SupplementGrant)).one()
    address = f"/tillagg/{grant.public_id}/slut"
    early = finance.send(address, "last_day", last_day="2026-01-30", reason="Fel")
    assert "Tillägget börjar 2026-02-01." in early.page.errors[0]
    finance.send(address, "last_day", last_day="2026-01-31", reason="Fel person")
    assert standing() == []


def test_what_was_known_earlier_is_still_known_as_it_was(
    finance: StrictClient,
) -> None:
    granted(finance)
    before = now()
    grant = db.session.scalars(select(SupplementGrant)).one()
    finance.send(
        f"/tillagg/{grant.public_id}/slut",
        "last_day",
        last_day="2026-02-14",
        reason="x",
    )
    month = date(2026, 2, 1), date(2026, 3, 1)
    [row] = queries.supplements_in(make.system().id, *month, before)
    assert row.end is None


def test_without_supplements_in_the_rules_the_page_says_so(
    client: StrictClient,
) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    assert "inga tillägg" in client.page(NEW).text
    assert "Ingen placering har något tillägg." in client.page("/tillagg").text


def test_others_may_not_grant_and_other_municipalities_are_not_found(
    finance: StrictClient,
) -> None:
    home = make.municipality(name="Annan")
    placement = make.placement(make.person(municipality=home))
    grant = SupplementGrant(
        placement_id=placement.id,
        code="hsl",
        first_day=date(2026, 2, 1),
        recorded_at=now(),
    )
    db.session.add(grant)
    db.session.flush()
    assert finance.get(f"/tillagg/{grant.public_id}/slut").status_code == 404
    assert finance.page("/tillagg").text.count(placement.number) == 0
    finance.login(make.user(Role.APPROVER))
    assert finance.get("/tillagg").status_code == 403


def test_a_supplement_ended_in_another_window_is_not_ended_again(
    finance: StrictClient,
) -> None:
    granted(finance)
    first = db.session.scalars(select(SupplementGrant)).one()
    address = f"/tillagg/{first.public_id}/slut"
    stale = finance.page(address).form("last_day")
    told = {"last_day": "2026-02-10", "reason": "Slutade"}
    assert finance.send(address, "last_day", **told).status_code == 302
    again = finance.post(address, data=stale.filled({**told, "last_day": "2026-02-28"}))
    assert any("redan fått en annan sista dag" in e for e in again.page.errors)
    assert standing() == [("hsl", date(2026, 2, 1), date(2026, 2, 11), None)]
