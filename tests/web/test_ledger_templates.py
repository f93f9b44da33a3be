"""Templates on their pages: tried on an attested run, decided, sent as files, ended."""

import io
import json
from datetime import date

import pytest
from sqlalchemy import select

from lovdv.access import Role
from lovdv.extensions import db
from lovdv.ledger import example_rows, queries
from lovdv.ledger.models import AccountRow, FileTemplate
from lovdv.ledger.text_examples import EXAMPLES, PER_LINE, RAINDANCE
from lovdv.ledger.text_reading import read
from tests import make
from tests.kit_app import StrictClient
from tests.kit_ledger import account, exported, template
from tests.kit_payouts import month_ready

pytestmark = pytest.mark.usefixtures("in_april", "terms")

NEW = "/ekonomifiler/mallar/ny/text"


def decided() -> FileTemplate:
    return db.session.scalars(select(FileTemplate).order_by(FileTemplate.id)).all()[-1]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_example_is_decided_as_it_stands(client: StrictClient, number: int) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    response = client.send(
        f"{NEW}?exempel={number}", "layout", first_day="2026-01-01", reference="E 1"
    )
    assert response.status_code == 302
    assert read(decided().value) == read(EXAMPLES[number].value)


@pytest.mark.parametrize("asked", ["99", "-1", "x", "9" * 5000])
def test_an_example_that_is_not_there_is_not_found(
    client: StrictClient, asked: str
) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    assert client.get(f"{NEW}?exempel={asked}").status_code == 404


def test_the_example_shows_the_file_before_it_is_decided(client: StrictClient) -> None:
    placement = month_ready()
    account()
    exported()
    client.login(make.user(Role.FINANCE))
    form = client.form(f"{NEW}?exempel=3", "layout")
    page = client.post(
        NEW, data=form.filled({"name": "Rader"}) | {"do": "preview"}
    ).page
    assert f"{placement.number};4641;3410;568;202602;12520,00;N" in page.text
    assert not db.session.scalars(select(FileTemplate)).all()


def test_a_value_that_does_not_fit_is_told_in_the_example(client: StrictClient) -> None:
    month_ready()
    account()
    exported()
    client.login(make.user(Role.FINANCE))
    form = client.form(f"{NEW}?exempel=1", "layout")
    filled = form.filled({"fields-7-width": "2"}) | {"do": "preview"}
    assert "får inte plats på 2" in client.post(NEW, data=filled).page.text


def test_fields_are_moved_added_and_taken_away(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    form = client.form(f"{NEW}?exempel=3", "layout")
    added = client.post(NEW, data=form.filled({}) | {"do": "add"}).page.form("layout")
    told = {
        "fields-0-place": "95",
        "fields-1-remove": "y",
        "fields-13-source": "nivå",
        "first_day": "2026-01-01",
    }
    response = client.post(NEW, data=added.filled(told))
    assert response.status_code == 302, response.page.errors
    sources = [each.source for each in read(decided().value).fields]
    assert sources == [
        "placeringsnr",
        "konto",
        "ansvar",
        "verksamhet",
        "avser_period",
        "belopp",
        "momsersättning",
        "rad",
        "momsunderlag",
        "momsprocent",
        "momsbelopp",
        "nivå",
    ]


def test_a_template_with_a_fault_is_refused_on_the_page(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    response = client.send(
        f"{NEW}?exempel=1",
        "layout",
        first_day="2026-01-01",
        **{"fields-8-width": ""},
    )
    assert any("behöver en bredd" in error for error in response.page.errors)


def test_a_template_goes_out_as_a_file_and_in_again(client: StrictClient) -> None:
    make.system()
    made = template("raindance")
    client.login(make.user(Role.FINANCE))
    content = client.get(f"/ekonomifiler/mallar/{made.public_id}/json").data
    assert json.loads(content) == RAINDANCE

    def send(content: bytes) -> object:
        return client.post(
            "/ekonomifiler/mallar/las-in",
            data={"file": (io.BytesIO(content), "mall.json")},
            content_type="multipart/form-data",
        ).page

    form = send(content).form("layout")
    response = client.post(
        form.action, data=form.filled({"name": "Ny", "first_day": "2026-02-01"})
    )
    assert response.status_code == 302, response.page.errors
    assert read(decided().value) == read(RAINDANCE)
    assert any("Filen är inte JSON" in error for error in send(b"{").errors)
    assert any("saknar beloppet" in e for e in send(_without_amount()).errors)


def _without_amount() -> bytes:
    value = {**PER_LINE, "fields": [{"source": "konto"}]}
    return json.dumps(value).encode()


def test_a_template_that_ends_makes_no_more_files(client: StrictClient) -> None:
    month_ready()
    account()
    made = template("rows")
    client.login(make.user(Role.FINANCE))
    path = f"/ekonomifiler/mallar/{made.public_id}/upphor"
    early = client.send(path, first_day="2025-12-01")
    assert any("kan inte upphöra före" in error for error in early.page.errors)
    client.send(path, first_day="2026-02-01")
    assert not queries.ledger_files(exported())


def test_a_template_stays_in_the_system_that_it_was_read_in_for(
    client: StrictClient,
) -> None:
    make.system()
    other = make.system(name="Hemtjänst")
    client.login(make.user(Role.FINANCE))
    list_of_other = f"/ekonomifiler/mallar?system={other.public_id}"
    page = client.page(list_of_other)
    response = client.post(
        page.links["Läs in en mall från en fil"],
        data={"file": (io.BytesIO(json.dumps(PER_LINE).encode()), "mall.json")},
        content_type="multipart/form-data",
    )
    form = response.page.form("layout")
    told = {"name": "Ny", "first_day": "2026-02-01"}
    response = client.post(form.action, data=form.filled(told))
    assert decided().choice_system_id == other.id
    response = client.send(
        client.page(response.location).links["Ny version"],
        "layout",
        first_day="2026-03-01",
    )
    assert decided().choice_system_id == other.id
    ended = client.send(f"{response.location}/upphor", first_day="2026-04-01")
    assert ended.location == list_of_other


def test_an_account_row_is_changed_and_ended_in_its_own_system(
    client: StrictClient,
) -> None:
    make.system()
    other = make.system(name="Hemtjänst")
    client.login(make.user(Role.FINANCE))
    list_of_other = f"/ekonomifiler/kontering?system={other.public_id}"
    told = {"first_day": "2026-01-01", "reference": "E 1"}
    client.send(
        f"/ekonomifiler/kontering/ny?system={other.public_id}", account="4641", **told
    )
    links = client.page(list_of_other).links
    change = next(url for name, url in links.items() if name.startswith("Ändra"))
    client.send(change, account="4642", **told)
    rows = db.session.scalars(select(AccountRow)).all()
    assert [row.choice_system_id for row in rows] == [other.id, other.id]
    end = f"/ekonomifiler/kontering/{rows[-1].public_id}/upphor"
    assert client.send(end, first_day="2026-04-01").location == list_of_other


def test_the_sie_template_names_its_dimensions(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    response = client.send(
        "/ekonomifiler/mallar/ny/sie",
        series="LSS",
        operation="",
        project="6",
        first_day="2026-01-01",
    )
    assert response.status_code == 302, response.page.errors
    value = decided().value
    assert value["series"] == "LSS"
    parts = [one["part"] for one in value["dimensions"]]
    assert parts == ["responsibility", "counterpart", "project", "activity", "free"]


def test_two_dimensions_with_one_number_are_refused(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    response = client.send(
        "/ekonomifiler/mallar/ny/sie", operation="1", first_day="2026-01-01"
    )
    assert any("står två gånger" in error for error in response.page.errors)


def test_the_answers_own_headings_are_decided(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    client.send(
        "/ekonomifiler/mallar/ny/svar",
        line="Verifikatrad",
        rejected="Spärrad, Nej",
        first_day="2026-01-01",
    )
    assert decided().value == {
        "columns": {"line": "Verifikatrad"},
        "paid": [],
        "rejected": ["Spärrad", "Nej"],
    }


def test_without_an_attested_run_the_example_says_so() -> None:
    shown = example_rows.shown(make.system().id, "text", PER_LINE)
    assert "Ingen körning är attesterad" in shown.fault


def test_a_template_in_force_is_the_latest_of_its_name() -> None:
    month_ready()
    account()
    template("rows")
    template("rows", encoding="cp1252", first_day=date(2026, 2, 1))
    run = exported()
    [file] = queries.ledger_files(run)
    assert not file.content.startswith(b"\xef\xbb\xbf")
