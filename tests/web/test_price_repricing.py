"""A preliminary list that has been paid by, and the definitive one that reprices it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.prices import operations as pricing
from lovdv.prices.models import PriceDraft, PriceList
from lovdv.prices.repricing import NOTHING, Repricing, repricing
from lovdv.systems.operations import decide_rule
from payments import Month, read_price_rows
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import (
    FEBRUARY,
    MARCH,
    PRICE,
    compute,
    held_items,
    lines,
    month_ready,
    paid,
    plain,
)

pytestmark = pytest.mark.usefixtures("in_april")

JANUARY = date(2026, 1, 1)
RAISED = 64500
"""626 kr raised by omsorgsprisindex for 2020, 3,0 %, to whole kronor."""


@pytest.fixture(autouse=True)
def _preliminary(app: Flask) -> None:
    make_payments.payment_rules()
    decided(rows_of("626"), status="preliminary")


def rows_of(price: str = "645", first_day: date = JANUARY) -> list[list[str]]:
    """Tyresö's levels 1-4 with another price for level 2, full time, external."""
    text = (make_payments.PRICES / "tyreso-2020.csv").read_text("utf-8")
    rows = [line.split(";") for line in text.splitlines() if line[0] != "5"]
    rows[4][3] = price
    return [rows[0], *([*row[:5], first_day.isoformat()] for row in rows[1:])]


def decided(rows: list[list[str]], **told: str) -> PriceList:
    said = {"name": "Lista", "first_day": JANUARY, "reference": "SN 2", **told}
    return pricing.decide(system=make.system(), rows=rows, **said)


def effect_of(rows: list[list[str]], first_day: date = JANUARY) -> Repricing:
    cells = read_price_rows(rows).cells
    return repricing(make.system().id, cells, first_day)


def test_what_the_page_says_is_what_the_next_run_books_to_the_ore() -> None:
    placement = month_ready(d9="O", d10="O")
    other = month_ready("3")
    first = paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(other, "2026-03")
    [effect] = effect_of(rows_of()).months
    assert (effect.month, effect.placements) == (FEBRUARY.first, 1)
    assert effect.amount == 19 * (RAISED - PRICE)
    decided(rows_of())
    run = compute(MARCH)
    reversal, corrected = [line for line in lines(run) if line.month == FEBRUARY.first]
    assert (reversal.amount, corrected.amount) == (-19 * PRICE, 19 * RAISED)
    assert reversal.corrects_id in {line.id for line in lines(first)}
    march = [line.amount for line in lines(run) if line.month == MARCH.first]
    assert sorted(march) == sorted([22 * RAISED, 22 * 98700])


def test_the_same_prices_change_nothing() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    assert effect_of(rows_of("626")) == NOTHING
    decided(rows_of("626"))
    assert {line.month for line in lines(compute(MARCH))} == {MARCH.first}


def test_other_changes_that_wait_are_not_the_lists_doing() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, version=2, d2="O", d3="O", d4="O")
    [effect] = effect_of(rows_of()).months
    assert effect.amount == 18 * (RAISED - PRICE)


def test_a_list_for_coming_months_reprices_nothing() -> None:
    month_ready()
    paid()
    march = date(2026, 3, 1)
    assert effect_of(rows_of(first_day=march), march) == NOTHING


def test_nothing_paid_is_nothing_to_reprice() -> None:
    month_ready()
    assert effect_of(rows_of()) == NOTHING


def test_a_month_too_old_to_correct_is_told_with_its_sum() -> None:
    month_ready()
    decide_rule(
        choice_system_id=make.system().id,
        key="correction",
        first_day=make.START,
        value={"back_months": 0},
    )
    paid()
    [effect] = effect_of(rows_of()).months
    assert (effect.amount, effect.left_out) == (0, 20 * (RAISED - PRICE))


def test_what_the_new_list_has_no_price_for_waits_and_is_told() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    without = [row for row in rows_of() if row[1] != "heltid"]
    [effect] = effect_of(without).months
    assert (effect.amount, effect.waiting) == (0, -20 * PRICE)
    make_payments.prices(first_day=JANUARY, revision=2, spelt={"heltid": "hel"})
    waiting = [i for i in held_items(compute(MARCH)) if i.error == "PaidStands"]
    assert [item.amount for item in waiting] == [effect.waiting]


def test_absence_that_ran_on_is_repriced_by_what_was_counted() -> None:
    ten = {f"d{day}": "A" for day in (17, 18, 19, 20, 23, 24, 25, 26, 27)}
    placement = month_ready(**ten)
    paid()
    make_payments.month_of(placement, "2026-03", d2="A", d3="A", d4="A")
    paid(MARCH)
    told = {one.month: one.amount for one in effect_of(rows_of()).months}
    by_hand = {FEBRUARY.first: 20, MARCH.first: 20}
    assert told == {m: days * (RAISED - PRICE) for m, days in by_hand.items()}


def test_nobody_decides_a_repricing_they_have_not_seen(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    draft = make._added(
        PriceDraft(
            choice_system_id=make.system().id,
            file_name="definitiv.csv",
            rows=rows_of(),
            reasons={},
            uploaded_at=now(),
        )
    )
    client.login(make.user(Role.FINANCE))
    address = f"/prislistor/utkast/{draft.public_id}"
    page = client.page(address)
    assert "Det betalda ändras med 380,00 kr" in plain(page.text)
    seen = page.form("name").filled({"name": "Definitiv", "reference": "SN 2"})
    make_payments.month_of(placement, version=2, d2="O", d3="O", d4="O")
    refused = client.post(address, data=seen)
    assert any("redan är betalda" in error for error in refused.page.errors)
    assert "342,00 kr" in plain(refused.page.text)
    done = client.send(address, "name", name="Definitiv", reference="SN 2")
    assert done.status_code == 302
    lists = db.session.scalars(select(PriceList).order_by(PriceList.revision)).all()
    assert [one.status for one in lists] == ["preliminary", "definitive"]


def test_a_day_typed_on_the_page_is_repriced_before_it_is_decided(
    client: StrictClient,
) -> None:
    month_ready()
    paid()
    rows = [row[:5] for row in rows_of()]
    draft = make._added(
        PriceDraft(
            choice_system_id=make.system().id,
            file_name="utan dag.csv",
            rows=rows,
            reasons={},
            uploaded_at=now(),
        )
    )
    client.login(make.user(Role.FINANCE))
    address = f"/prislistor/utkast/{draft.public_id}"
    told = {"name": "D", "reference": "SN 2", "first_day": "2026-01-01"}
    response = client.send(address, "name", **told)
    assert "Det betalda ändras med 380,00 kr" in plain(response.page.text)
    again = client.post(address, data=response.page.form("name").filled({}))
    assert again.status_code == 302


def test_months_before_the_first_paid_are_not_made_up() -> None:
    month_ready()
    paid()
    months = [one.month for one in effect_of(rows_of()).months]
    assert months == [Month(2026, 2).first]
