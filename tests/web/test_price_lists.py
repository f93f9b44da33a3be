"""Price lists against the one before: warnings, announcement, status, files."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv import excel
from lovdv.access import Role
from lovdv.audit_chain import Audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.prices import files
from lovdv.prices import operations as pricing
from lovdv.prices.announcing import Announcement
from lovdv.prices.models import PriceDraft, PriceList
from lovdv.prices.opi import PUBLISHED
from lovdv.systems.operations import decide_rule
from payments import read_price_rows
from payments.indexing import index_of
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import plain

pytestmark = pytest.mark.usefixtures("in_april")

JULY = date(2026, 7, 1)
LETTER = Announcement(date(2026, 4, 1), "Brev 2026/55")


def rows_of(
    name: str = "tyreso-2020", first_day: date = JULY, **changed: str
) -> list[list[str]]:
    """A published list from another day, with prices changed by row: r5="700"."""
    text = (make_payments.PRICES / f"{name}.csv").read_text("utf-8")
    rows = [line.split(";") for line in text.splitlines()]
    for number, row in enumerate(rows[1:], start=2):
        row[3] = changed.get(f"r{number}", row[3])
        row[5] = first_day.isoformat()
    return rows


def draft_of(rows: list[list[str]]) -> PriceDraft:
    return make._added(
        PriceDraft(
            choice_system_id=make.system().id,
            file_name="priser.csv",
            rows=rows,
            reasons={},
            uploaded_at=now(),
        )
    )


def decided(rows: list[list[str]], **told: object) -> PriceList:
    said = {"name": "Ny", "first_day": JULY, "reference": "SN 1", **told}
    return pricing.decide(system=make.system(), rows=rows, **said)


@pytest.fixture
def _tyreso(app: Flask) -> None:
    make_payments.prices()


@pytest.mark.usefixtures("_tyreso")
def test_a_jump_is_shown_at_its_row_and_the_cell_is_kept(client: StrictClient) -> None:
    draft = draft_of(rows_of(r5="700"))
    client.login(make.user(Role.FINANCE))
    address = f"/prislistor/utkast/{draft.public_id}"
    text = plain(client.page(address).text)
    assert "700,00 kr är 11,82 % mer än listan före, 626,00 kr" in text
    response = client.send(address, "name", name="Ny", reference="SN 1")
    [_, kept] = db.session.scalars(select(PriceList).order_by(PriceList.id))
    assert kept.cells[3].amount == 70000
    assert response.status_code == 302


@pytest.mark.usefixtures("_tyreso")
def test_how_large_a_jump_is_looked_at_is_decided_with_a_first_day() -> None:
    rows = rows_of(r5="700")
    assert len(pricing.preview(draft_of(rows), JULY).compared.jumps) == 1
    decide_rule(
        choice_system_id=make.system().id,
        key="price",
        first_day=date(2026, 6, 1),
        value={"jump_percent": 12},
    )
    assert not pricing.preview(draft_of(rows), JULY).compared.jumps


@pytest.mark.usefixtures("_tyreso")
def test_cells_that_leave_the_index_of_the_decision_are_listed(
    client: StrictClient,
) -> None:
    draft = draft_of(rows_of(r2="452", r3="316"))
    client.login(make.user(Role.FINANCE))
    address = f"/prislistor/utkast/{draft.public_id}"
    client.send(f"{address}/index", index_name="OPI 2020", percent="3,0")
    page = client.page(address)
    assert "Följer inte beslutets index: 28" in page.text
    assert "626,00 kr i listan före ger 645,00 kr" in plain(page.text)
    wrong = client.send(f"{address}/index", percent="tre")
    assert any("procent" in error for error in wrong.page.errors)
    client.send(f"{address}/index", percent="")
    assert "Följer inte beslutets index" not in client.page(address).text


@pytest.mark.usefixtures("_tyreso")
def test_the_real_lists_keep_their_warnings_and_their_figures() -> None:
    preview = pricing.preview(draft_of(rows_of()), JULY)
    assert (len(preview.read.warnings), preview.compared.jumps) == (5, ())
    again = decided(rows_of())
    printed = read_price_rows(rows_of()).cells
    assert [c.amount for c in again.cells] == [c.amount for c in printed]


@pytest.mark.usefixtures("_tyreso")
def test_a_new_price_model_cannot_start_before_providers_were_told() -> None:
    fewer = [row for row in rows_of() if row[1] != "deltid"]
    with pytest.raises(Refused, match="fått veta om listan"):
        decided(fewer)
    day = date(2026, 4, 30)
    late = [fewer[0], *([*row[:5], day.isoformat()] for row in fewer[1:])]
    with pytest.raises(Refused, match="minst 30 dagar före"):
        decided(late, first_day=day, announcement=LETTER)
    with pytest.raises(Refused, match="inte hänt ännu"):
        decided(fewer, announcement=Announcement(date(2026, 4, 8), "Brev"))
    with pytest.raises(Refused, match="hur det tillkännagavs"):
        decided(fewer, announcement=Announcement(date(2026, 4, 1)))
    kept = decided(fewer, announcement=LETTER)
    assert (kept.announced_on, kept.announcement) == (LETTER.on, LETTER.reference)


@pytest.mark.usefixtures("_tyreso")
def test_raised_prices_alone_are_no_new_model_unless_the_rule_says_every_list() -> None:
    decided(rows_of(r2="450"))
    decide_rule(
        choice_system_id=make.system().id,
        key="price",
        first_day=make.START,
        value={"announce": "every_list"},
    )
    with pytest.raises(Refused, match="fått veta om listan"):
        decided(rows_of(r2="451"))


def test_other_payment_rules_make_a_new_model_of_the_same_list(app: Flask) -> None:
    make_payments.payment_rules()
    make_payments.prices()
    make_payments.payment_rules(first_day=JULY, counted="attended", absence=[])
    with pytest.raises(Refused, match="fått veta om listan"):
        decided(rows_of())
    assert decided(rows_of(), announcement=LETTER)


@pytest.mark.usefixtures("_tyreso")
def test_an_override_needs_a_reason_and_stays_on_the_page_and_in_the_log(
    client: StrictClient,
) -> None:
    draft = draft_of([row for row in rows_of() if row[1] != "deltid"])
    client.login(make.user(Role.FINANCE))
    address = f"/prislistor/utkast/{draft.public_id}"
    told = {"name": "Ny modell", "reference": "SN 1"}
    assert "ska tillkännages" in client.page(address).text
    refused = client.send(address, "name", **told)
    assert any("fått veta om listan" in error for error in refused.page.errors)
    short = client.send(address, "name", override_reason="Nej", **told)
    assert any("granskare" in error for error in short.page.errors)
    why = "Alla utförare har skriftligt godkänt en kortare tid."
    done = client.send(address, "name", override_reason=why, **told)
    assert why in client.page(done.location).text
    [row] = db.session.scalars(select(Audit).where(Audit.action == "price.decide"))
    assert "override_reason" in row.digest


def test_the_first_list_of_a_system_needs_no_announcement(app: Flask) -> None:
    make.system()
    assert decided(rows_of()).revision == 1


@pytest.mark.usefixtures("_tyreso")
def test_a_definitive_list_supersedes_the_preliminary_and_never_the_reverse(
    client: StrictClient,
) -> None:
    first = decided(rows_of(r2="450"), status="preliminary")
    second = decided(rows_of(r2="451"), status="definitive")
    assert (first.revision, second.revision) == (1, 2)
    with pytest.raises(Refused, match="definitiv lista är redan beslutad"):
        decided(rows_of(), status="preliminary")
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/prislistor/{first.public_id}")
    assert "Preliminär" in page.text
    assert "En senare version gäller" in page.text
    listed = client.page("/prislistor").text
    assert "Preliminär" in listed
    assert "Definitiv" in listed


@pytest.mark.usefixtures("_tyreso")
def test_a_list_goes_out_and_in_again_as_csv_and_excel(client: StrictClient) -> None:
    kept = decided(rows_of(r5="626,50"))
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/prislistor/{kept.public_id}")
    amounts = [cell.amount for cell in kept.cells]
    text = client.get(page.links["Hämta i CSV"])
    assert text.data.startswith(b"\xef\xbb\xbfniv")
    assert "2;heltid;extern;626,50;dygn;2026-07-01" in text.data.decode("utf-8-sig")
    for content, name in ((text.data, "p.csv"), (files.as_workbook(kept), "p.xlsx")):
        again = read_price_rows(excel.read(content, name))
        assert [cell.amount for cell in again.cells] == amounts
        assert again.first_day == JULY


def test_a_text_in_the_csv_never_becomes_a_formula(app: Flask) -> None:
    make.system()
    rows = [[*row[:1], *row[1:]] for row in rows_of()]
    for row in rows[1:]:
        row[1] = f"={row[1]}"
    kept = decided(rows)
    assert ";'=heltid;" in files.as_csv(kept).decode("utf-8-sig")


def test_the_published_index_is_the_one_in_the_data() -> None:
    text = (make_payments.PRICES / "opi.csv").read_text("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()[1:]]
    shipped = {one.year: one.hundredths for one in PUBLISHED}
    assert shipped == {int(year): index_of(percent) for year, percent in rows}
