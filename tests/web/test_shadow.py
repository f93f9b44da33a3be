"""The shadow run: what was paid by other means beside what lovdv would have paid."""

import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv import excel
from lovdv.access import Role
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forecast import shadow
from lovdv.forecast.models import ShadowFile
from lovdv.forecast.shadow import Cause, Compared
from lovdv.forecast.shadow_rows import COLUMNS, kept_columns, read_rows
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from payments import Month
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import PRICE, month_ready, plain

pytestmark = pytest.mark.usefixtures("in_april", "terms")


def row(reference: str, **told: str) -> list[str]:
    """Level 2 full time for February, paid as it should be."""
    said = {
        "referens": reference,
        "månad": "2026-02",
        "belopp_kr": "12 520,00",
        "nivå": "2",
        "omfattning": "heltid",
        "dagar": "20",
        "pris_kr": "626",
        **told,
    }
    return [said[name] for name in COLUMNS]


def compared(*rows: list[str]) -> Compared:
    return shadow.compared(make.system(), [list(COLUMNS), *rows])


def test_a_line_paid_alike_is_no_difference() -> None:
    placement = month_ready()
    found = compared(row(placement.number))
    assert found.sums() == [(Cause.SAME, 1, 0)]
    assert found.differing == []


@pytest.mark.parametrize(
    ("told", "cause", "ore"),
    [
        ({"belopp_kr": "12519,50"}, Cause.ROUNDING, 50),
        ({"belopp_kr": "8780", "nivå": "1", "pris_kr": "439"}, Cause.LEVEL, 374000),
        (
            {"belopp_kr": "8780", "omfattning": "halvtid", "pris_kr": "439"},
            Cause.EXTENT,
            374000,
        ),
        ({"belopp_kr": "11268", "dagar": "18"}, Cause.DAYS, 125200),
        ({"belopp_kr": "12900", "pris_kr": "645"}, Cause.PRICE, -38000),
        ({"belopp_kr": "12900", "pris_kr": ""}, Cause.PRICE, -38000),
        ({"belopp_kr": "12000"}, Cause.UNEXPLAINED, 52000),
        ({"belopp_kr": "12000", "dagar": "", "pris_kr": ""}, Cause.UNEXPLAINED, 52000),
    ],
)
def test_a_difference_has_its_likely_cause(
    told: dict[str, str], cause: Cause, ore: int
) -> None:
    placement = month_ready()
    found = compared(row(placement.number, **told))
    assert found.sums() == [(cause, 1, ore)]


def test_what_either_side_lacks_is_told_with_its_sum() -> None:
    month_ready()
    other = month_ready()
    found = compared(row(other.number), row("P-okänd", belopp_kr="100"))
    assert found.sums() == [
        (Cause.SAME, 1, 0),
        (Cause.NOT_IN_FILE, 1, 20 * PRICE),
        (Cause.NOT_IN_LOVDV, 1, -10000),
    ]


def test_what_lovdv_could_not_pay_is_told_with_why() -> None:
    unreported = make.placement(make.person())
    found = compared(row(unreported.number))
    [one] = found.rows
    assert one.cause is Cause.HELD
    assert "Närvaron är inte bekräftad" in one.note


def test_several_rows_of_a_month_are_added_together() -> None:
    placement = month_ready()
    found = compared(
        row(placement.number, belopp_kr="6260", dagar="10"),
        row(placement.number, belopp_kr="6260", dagar="10"),
    )
    assert found.sums() == [(Cause.SAME, 1, 0)]


def test_a_person_may_be_named_by_case_number() -> None:
    placement = month_ready()
    case = db.session.get_one(Client, placement.client_id).case_number
    assert compared(row(case)).sums() == [(Cause.SAME, 1, 0)]


def test_absence_runs_on_between_the_months_of_the_file() -> None:
    nine = {f"d{day}": "A" for day in (17, 18, 19, 20, 23, 24, 25, 26, 27)}
    placement = month_ready(**nine)
    make_payments.month_of(placement, "2026-03", d2="A", d3="A", d4="A")
    march = {"månad": "202603", "belopp_kr": "12520", "dagar": "20"}
    found = compared(row(placement.number), row(placement.number, **march))
    assert found.sums() == [(Cause.SAME, 2, 0)]


def test_last_years_prices_are_used_for_last_year(app: Flask) -> None:
    placement = month_ready()
    make_payments.month_of(placement, "2025-03")
    make_payments.prices(first_day=date(2026, 1, 1), raised=1000)
    found = compared(
        row(placement.number, månad="2025-03", dagar="21", belopp_kr="13146")
    )
    assert found.sums() == [(Cause.SAME, 1, 0)]


def test_columns_are_found_by_the_headings_that_files_have() -> None:
    rows = kept_columns(
        [
            ["Namn", "Placering", "Period", "Summa", "NIVÅ", "Antal dagar"],
            ["Kim", "P1", "202602", "1 234,50", "2", "20"],
        ]
    )
    assert rows[0] == list(COLUMNS)
    assert "Kim" not in rows[1]
    [paid] = read_rows(rows).rows
    assert (paid.reference, paid.month, paid.amount) == ("P1", Month(2026, 2), 123450)
    with pytest.raises(Refused, match="belopp_kr"):
        kept_columns([["placering", "månad"], ["P1", "2026-02"]])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"belopp_kr": "tolv"}, "belopp_kr"),
        ({"belopp_kr": "1,234.50"}, "belopp_kr"),
        ({"månad": "2026-13"}, "månad"),
        ({"månad": ""}, "månad"),
        ({"dagar": "många"}, "dagar"),
        ({"pris_kr": "x"}, "pris_kr"),
        ({"referens": ""}, "placeringsnummer"),
        ({"månad": "9998-12"}, "månad"),
        ({"månad": "1900-01"}, "månad"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_the_others_compared(
    told: dict[str, str], words: str
) -> None:
    placement = month_ready()
    found = compared(row(placement.number), row(placement.number, **told))
    assert words in " ".join(found.read.faults[3])
    assert found.sums() == [(Cause.SAME, 1, 0)]


def file_of(*rows: list[str]) -> tuple[io.BytesIO, str]:
    text = "\n".join(";".join(cells) for cells in [list(COLUMNS), *rows])
    return io.BytesIO(text.encode("utf-8")), "betalt.csv"


def uploaded(client: StrictClient, *rows: list[str]) -> str:
    client.login(make.user(Role.FINANCE))
    response = client.post(
        "/prognos/skuggkorning",
        data={"file": file_of(*rows)},
        content_type="multipart/form-data",
    )
    assert response.status_code == 302, response.page.errors
    return response.location


def test_a_file_is_compared_on_the_page_and_in_excel_and_nothing_is_booked(
    client: StrictClient,
) -> None:
    placement, other = month_ready(), month_ready("3")
    address = uploaded(
        client,
        row(placement.number, belopp_kr="12000"),
        row(other.number, belopp_kr="fel"),
    )
    page = client.page(address)
    assert "Oförklarad" in page.text
    assert "520,00 kr" in plain(page.text)
    assert "Saknas i filen" in page.text
    book = excel.read_sheets(client.get(page.links["Hämta i Excel"]).data)
    assert book["Sammanställning"][1:] == [
        ["Saknas i filen", "1", "19740"],
        ["Oförklarad", "1", "520"],
    ]
    assert len(book["Rader"]) == 3
    faults = excel.read(client.get(f"{address}/fel").data, "x.xlsx")
    assert faults[0][-1] == "Fel"
    assert "inget tal" in faults[2][-1]
    assert not db.session.scalars(select(PaymentRun)).all()
    assert not db.session.scalars(select(PaymentLine)).all()
    client.post(f"{address}/kasta")
    assert not db.session.scalars(select(ShadowFile)).all()


@pytest.mark.parametrize(
    "written",
    ["19900101-2385", "199001012385", "900101-2385", "900101+2385", "9001612381"],
)
def test_a_persons_number_is_neither_compared_nor_kept(
    client: StrictClient, written: str
) -> None:
    placement = month_ready()
    swapped = row("P-okänd", nivå=written)
    address = uploaded(client, row(placement.number), row(written), swapped)
    kept = db.session.scalars(select(ShadowFile)).one()
    assert written not in str(kept.rows)
    assert len(kept.rows) == 4
    assert written not in client.page(address).text
    faults = excel.read(client.get(f"{address}/fel").data, "x.xlsx")
    assert written not in str(faults)
    assert "Ett personnummer sparas inte" in faults[2][-1]


@pytest.mark.parametrize("number", ["2026000123", "P-900101", "12345678901234"])
def test_other_numbers_are_kept_as_they_came(number: str) -> None:
    assert kept_columns([list(COLUMNS), row(number)])[1][0] == number


def test_a_file_with_no_differences_says_so(client: StrictClient) -> None:
    placement = month_ready()
    assert (
        "Inga skillnader" in client.page(uploaded(client, row(placement.number))).text
    )


def test_a_file_from_before_the_rules_is_refused(client: StrictClient) -> None:
    placement = month_ready()
    client.login(make.user(Role.FINANCE))
    file = file_of(row(placement.number, månad="2019-01"))
    page = client.post(
        "/prognos/skuggkorning",
        data={"file": file},
        content_type="multipart/form-data",
    ).page
    assert any("Inga ersättningsregler" in error for error in page.errors)


def test_another_municipalitys_file_is_not_found(client: StrictClient) -> None:
    placement: Placement = month_ready()
    address = uploaded(client, row(placement.number))
    other = make.municipality(name="Annan")
    client.login(make.user(Role.FINANCE, municipality=other))
    for path in (address, f"{address}/excel", f"{address}/fel"):
        assert client.get(path).status_code == 404
    assert client.post(f"{address}/kasta").status_code == 404
