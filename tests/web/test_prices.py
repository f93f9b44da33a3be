"""Price lists: read, looked through, decided."""

import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv import excel
from lovdv.access import Role
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.prices import operations as pricing
from lovdv.prices.models import PriceDraft, PriceList
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import plain

pytestmark = pytest.mark.usefixtures("in_april")


def price_file(**changed: str) -> tuple[io.BytesIO, str]:
    text = (make_payments.PRICES / "goteborg-2023.csv").read_text("utf-8")
    for old, new in changed.items():
        text = text.replace(old.replace("_", ";"), new)
    return io.BytesIO(text.encode()), "priser.csv"


def upload(client: StrictClient, file: tuple[io.BytesIO, str]) -> str:
    """Send a price list; the address of the page that shows it."""
    make.system()
    response = client.post(
        "/prislistor/ny", data={"file": file}, content_type="multipart/form-data"
    )
    assert response.status_code == 302, response.page.errors
    return response.location


def test_a_price_list_is_read_looked_through_and_decided(client: StrictClient) -> None:
    client.login(make.user(Role.FINANCE))
    draft = upload(client, price_file())
    page = client.page(draft)
    assert "Följer inte listans mönster" in page.text
    response = client.send(
        draft, "name", name="Göteborg 2023", reference="SN 2023/1", vat_compensation="0"
    )
    listed = client.page(response.location)
    assert "17 116,00 kr" in plain(listed.text)
    again = client.get(listed.links["Hämta i Excel"])
    assert excel.read(again.data, "x.xlsx")[1][:4] == ["1", "deltid 1", "alla", "4279"]
    assert client.get(draft).status_code == 404


def test_faults_stop_the_list_and_come_back_in_the_file(client: StrictClient) -> None:
    make.instrument(first_day=date(2023, 1, 1))
    client.login(make.user(Role.FINANCE))
    draft = upload(client, price_file(alla_4279="alla;gratis"))
    page = client.page(draft)
    assert "kan inte beslutas" in page.text
    faults = excel.read(client.get(f"{draft}/fel").data, "x.xlsx")
    assert faults[0][-1] == "Fel"
    assert "”gratis” är inte ett belopp" in faults[1][-1]
    assert "Okänd nivå ”5”" in faults[13][-1]
    refused = client.post(draft, data={"name": "x"})
    assert refused.status_code == 200


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ((b"%PDF", "priser.xlsx"), "inte en Excelarbetsbok"),
        ((b"", "priser.csv"), "tom"),
    ],
    ids=["pdf", "empty"],
)
def test_a_file_that_is_no_price_list_is_refused(
    client: StrictClient, file: tuple[bytes, str], words: str
) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    sent = io.BytesIO(file[0]), file[1]
    response = client.post(
        "/prislistor/ny", data={"file": sent}, content_type="multipart/form-data"
    )
    assert any(words in error for error in response.page.errors)


def test_a_decided_list_with_the_same_first_day_is_a_new_revision(
    client: StrictClient,
) -> None:
    client.login(make.user(Role.FINANCE))
    for name in ("Första", "Andra"):
        told = {"name": name, "reference": "SN 1", "vat_compensation": "0"}
        client.send(upload(client, price_file()), "name", **told)
    lists = db.session.scalars(select(PriceList).order_by(PriceList.revision)).all()
    assert [(found.name, found.revision) for found in lists] == [
        ("Första", 1),
        ("Andra", 2),
    ]


def test_a_first_day_other_than_the_files_is_refused(client: StrictClient) -> None:
    client.login(make.user(Role.FINANCE))
    told = {"name": "x", "reference": "y", "vat_compensation": "0"}
    response = client.send(
        upload(client, price_file()), "name", first_day="2026-01-01", **told
    )
    assert any("2023-04-01" in error for error in response.page.errors)


def rows_of(levels: str, classes: str = "heltid halvtid deltid") -> list[list[str]]:
    """A whole list with one price everywhere, as rows of a file."""
    return [["nivå", "omfattning", "regi", "belopp_kr", "enhet", "giltig_från"]] + [
        [level, name, "alla", "626", "dygn", "2026-07-01"]
        for level in levels
        for name in classes.split()
    ]


def draft_of(rows: list[list[str]]) -> PriceDraft:
    return make._added(
        PriceDraft(
            choice_system_id=make.system().id,
            file_name="priser.csv",
            rows=rows,
            uploaded_at=now(),
        )
    )


@pytest.fixture
def _two_versions(app: Flask) -> None:
    """Levels 1-4, and from July A-D."""
    make.instrument()
    make.instrument(version="2", levels="ABCD", first_day=date(2026, 7, 1))


@pytest.mark.usefixtures("_two_versions")
@pytest.mark.parametrize(
    ("levels", "fault"),
    [("ABCD", ""), ("1234ABCD", ""), ("1234", "nivå A"), ("ABCDE", "nivå ”E”")],
    ids=["the new", "old and new", "only the old", "unknown"],
)
def test_a_list_is_judged_by_the_instrument_of_its_first_day(
    levels: str, fault: str
) -> None:
    rows = rows_of(levels)
    preview = pricing.preview(draft_of(rows), date(2026, 4, 7))
    assert preview.can_be_decided is not bool(fault)
    told = {"system": make.system(), "name": "x", "reference": "SN 1"}
    if fault:
        with pytest.raises(Refused, match=fault):
            pricing.decide(rows=rows, first_day=date(2026, 7, 1), **told)
    else:
        decided = pricing.decide(rows=rows, first_day=date(2026, 7, 1), **told)
        assert {cell.level for cell in decided.cells} == set(levels)


def test_a_list_must_have_the_classes_and_the_unit_of_the_rules(app: Flask) -> None:
    make_payments.payment_rules()
    told = {"system": make.system(), "name": "x", "reference": "SN 1"}
    misspelt = rows_of("12", "Heltid halvtid deltid")
    with pytest.raises(Refused, match="”Heltid” finns inte i ersättningsreglerna"):
        pricing.decide(rows=misspelt, first_day=date(2026, 7, 1), **told)
    monthly = [[t.replace("dygn", "månad") for t in row] for row in rows_of("12")]
    with pytest.raises(Refused, match="räknar per dag"):
        pricing.decide(rows=monthly, first_day=date(2026, 7, 1), **told)


def test_a_municipality_with_two_systems_chooses_whose_prices(
    client: StrictClient,
) -> None:
    first = make.system()
    other = make.system(name="SoL sysselsättning", municipality=make.municipality())
    client.login(make.user(Role.FINANCE))
    told = {"file": price_file(), "system": other.public_id}
    client.post("/prislistor/ny", data=told, content_type="multipart/form-data")
    [draft] = db.session.scalars(select(PriceDraft))
    assert draft.choice_system_id == other.id
    assert (
        "SoL sysselsättning"
        in client.page(f"/prislistor/utkast/{draft.public_id}").text
    )
    foreign = make.system(municipality=make.municipality(name="Annan"))
    refused = client.post(
        "/prislistor/ny",
        data={"file": price_file(), "system": foreign.public_id},
        content_type="multipart/form-data",
    )
    assert refused.page.errors
    assert first.id != other.id


def test_a_draft_can_be_thrown_away(client: StrictClient) -> None:
    client.login(make.user(Role.FINANCE))
    draft = upload(client, price_file())
    client.post(f"{draft}/kasta")
    assert client.get(draft).status_code == 404
