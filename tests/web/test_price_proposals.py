"""A list raised by an index, edited cell by cell, and what is kept of it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.extensions import db
from lovdv.prices import proposing
from lovdv.prices.models import PriceDraft, PriceList
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import plain

pytestmark = pytest.mark.usefixtures("in_april")

JULY = date(2026, 7, 1)
WHY = "Nämnden ville ha jämna kronor."


@pytest.fixture(autouse=True)
def _tyreso(app: Flask) -> None:
    make_payments.prices()


def proposed(client: StrictClient, **told: str) -> str:
    """A proposal made on the page; the address of its cells."""
    client.login(make.user(Role.FINANCE))
    said = {"index": "2020", "first_day": "2026-07-01", **told}
    response = client.send("/prislistor/forslag", "index", **said)
    assert response.status_code == 302, response.page.errors
    return response.location


def draft() -> PriceDraft:
    return db.session.scalars(select(PriceDraft)).one()


def test_opi_raises_every_price_and_only_what_deviates_needs_a_reason(
    client: StrictClient,
) -> None:
    cells = proposed(client)
    page = client.page(cells)
    assert "OPI 2020: 3,0 %" in plain(page.text)
    assert "645,00 kr" in plain(page.text)
    without = client.send(cells, "seen", **{"cells-3-amount": "650"})
    assert any("avviker" in error for error in without.page.errors)
    told = {"cells-3-amount": "650", "cells-3-reason": WHY}
    review = client.send(cells, "seen", **told).location
    assert WHY in client.page(review).text
    done = client.send(review, "name", name="Lista 2027", reference="SN 9")
    listed = plain(client.page(done.location).text)
    assert "Priser som avviker från indexet" in listed
    assert WHY in listed
    kept = db.session.scalars(select(PriceList).order_by(PriceList.id)).all()[1]
    deviating = [(c.proposed, c.amount, c.reason) for c in kept.cells if c.reason]
    assert deviating == [(64500, 65000, WHY)]
    assert {c.amount - (c.proposed or 0) for c in kept.cells} == {0, 500}
    assert (kept.index_name, kept.index_hundredths) == ("OPI 2020", 300)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("sexhundra", "Skriv beloppet i kronor"),
        ("645,505", "fler än två decimaler"),
        ("0", "över noll"),
        ("-5", "över noll"),
        ("", "Skriv ett pris"),
        ("9999999999999", "för stort"),
    ],
)
def test_a_wrong_amount_is_told_at_its_cell_and_nothing_typed_is_lost(
    client: StrictClient, typed: str, words: str
) -> None:
    cells = proposed(client)
    told = {
        "cells-0-amount": "460,50",
        "cells-0-reason": WHY,
        "cells-3-amount": typed,
        "cells-3-reason": "Mer här",
    }
    page = client.send(cells, "seen", **told).page
    assert any(words in error for error in page.errors)
    form = page.form("seen").filled({})
    assert {name: form[name] for name in told} == {k: [v] for k, v in told.items()}
    assert draft().rows[1][3] == "452"


def test_a_reason_goes_when_the_price_is_the_proposed_one_again(
    client: StrictClient,
) -> None:
    cells = proposed(client)
    client.send(cells, "seen", **{"cells-3-amount": "650", "cells-3-reason": WHY})
    assert draft().reasons == {"5": WHY}
    client.send(cells, "seen", **{"cells-3-amount": "645"})
    assert draft().reasons == {}


def test_two_who_edit_at_once_do_not_write_over_each_other(
    client: StrictClient,
) -> None:
    cells = proposed(client)
    late = client.page(cells).form("seen").filled({"cells-0-amount": "460"})
    client.send(cells, "seen", **{"cells-3-amount": "650", "cells-3-reason": WHY})
    refused = client.post(cells, data={**late, "cells-0-reason": "Jag med"})
    assert any("Någon annan" in error for error in refused.page.errors)
    assert refused.page.form("seen").filled({})["cells-0-amount"] == ["460"]
    assert draft().rows[1][3] == "452"


def test_nobody_decides_prices_that_were_saved_after_they_looked(
    client: StrictClient,
) -> None:
    cells = proposed(client)
    review = client.send(cells, "seen", **{"cells-3-amount": "645"}).location
    told = {"name": "Lista 2027", "reference": "SN 9"}
    stale = client.page(review).form("name").filled(told)
    client.send(cells, "seen", **{"cells-3-amount": "650", "cells-3-reason": WHY})
    refused = client.post(review, data=stale)
    assert any("Utkastet har ändrats" in error for error in refused.page.errors)
    assert "650,00 kr" in plain(refused.page.text)
    assert len(db.session.scalars(select(PriceList)).all()) == 1
    assert client.send(review, "name", **told).status_code == 302


def test_another_index_is_typed_with_its_name(client: StrictClient) -> None:
    client.login(make.user(Role.FINANCE))
    told = {"index": "other", "first_day": "2026-07-01"}
    empty = client.send("/prislistor/forslag", "index", **told)
    assert len(empty.page.errors) >= 2
    wild = {**told, "index_name": "OPI 2027", "percent": "310"}
    refused = client.send("/prislistor/forslag", "index", **wild)
    assert any("för stort" in error for error in refused.page.errors)
    cells = proposed(client, index="other", index_name="OPI 2027", percent="3,1")
    assert (draft().index_name, draft().index_hundredths) == ("OPI 2027", 310)
    assert "645,00 kr" in plain(client.page(cells).text)


def test_a_proposal_starts_after_the_list_it_raises(client: StrictClient) -> None:
    client.login(make.user(Role.FINANCE))
    told = {"index": "2020", "first_day": "2025-01-01"}
    refused = client.send("/prislistor/forslag", "index", **told)
    assert any("senare första dag" in error for error in refused.page.errors)


def test_a_proposal_of_another_municipality_is_not_found(client: StrictClient) -> None:
    cells = proposed(client)
    other = make.municipality(name="Annan")
    client.login(make.user(Role.FINANCE, municipality=other))
    assert client.get(cells).status_code == 404
    assert client.get(cells.replace("rutor", "index")).status_code == 404


def test_an_uploaded_draft_has_no_cells_to_edit(client: StrictClient) -> None:
    cells = proposed(client)
    draft().proposed_from_id = None
    db.session.flush()
    assert client.get(cells).status_code == 404
    assert client.get(cells.replace("rutor", "index")).status_code == 200


def test_without_a_list_there_is_nothing_to_raise(client: StrictClient) -> None:
    other = make.municipality(name="Tom")
    make.system(name="Tomt", municipality=other)
    client.login(make.user(Role.FINANCE, municipality=other))
    assert "inget att räkna upp" in client.page("/prislistor/forslag").text


def test_what_was_edited_is_in_the_seal() -> None:
    made = proposing.propose(
        before=db.session.scalars(select(PriceList)).one(),
        index_name="OPI 2020",
        hundredths=300,
        first_day=JULY,
        by_id=None,
    )
    before = proposing.seal(made)
    rows = proposing.proposed_rows(made)
    same = [proposing.Edited(one.proposed, "") for one in rows]
    proposing.edit(made, same, seen=before)
    assert proposing.seal(made) == before
    proposing.edit(made, [proposing.Edited(1, WHY), *same[1:]], seen=before)
    assert proposing.seal(made) != before
