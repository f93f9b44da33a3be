"""The municipality's instruments: kept as drafts, published, never changed."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.needs.models import InstrumentVersion
from tests import make, small_instrument
from tests.kit_app import StrictClient


@pytest.fixture
def lead(app: Flask) -> User:
    make.system()
    return make.user(Role.LEAD)


def upload(client: StrictClient, content: bytes):  # noqa: ANN201  (the kit's answer)
    return client.post(
        "/instrument/ny",
        data={"document": (BytesIO(content), "instrument.json")},
        content_type="multipart/form-data",
    )


def test_a_file_becomes_a_draft_and_is_published(
    client: StrictClient, lead: User
) -> None:
    response = upload(client.login(lead), small_instrument.document().encode())
    address = response.location.removesuffix("/utkast")
    page = client.page(address)
    assert page.heading == "Litet instrument"
    assert page.table(0)[0] == [
        "1",
        "från och med 0 till och med 1 poäng",
        "1",
        "Betyder 1.",
    ]
    client.send(f"{address}/publicera", first_day="2026-04-01")
    version = db.session.scalars(select(InstrumentVersion)).one()
    assert (version.status, version.first_day) == ("published", date(2026, 4, 1))
    assert "Publicerad" in client.page("/instrument").text


def test_a_faulty_file_becomes_a_draft_that_shows_every_fault(
    client: StrictClient, lead: User
) -> None:
    spoiled = small_instrument.document().replace('"to": "3"', '"to": "2"')
    spoiled = spoiled.replace('"text": "Resa"', '"text": ""')
    response = upload(client.login(lead), spoiled.encode())
    page = client.page(response.location)
    assert "Det finns ett hål mellan 2 och 4" in page.text
    assert "Område 1, fråga 2: Text" in page.links


@pytest.mark.parametrize(
    "content",
    [b"", b"inte json", b'{"scales": "flera"}', b'{"id": "a", "id": "b"}', b"[]"],
    ids=["empty", "text", "another shape", "a key twice", "a list"],
)
def test_what_the_editor_cannot_show_is_refused(
    client: StrictClient, lead: User, content: bytes
) -> None:
    response = upload(client.login(lead), content)
    assert response.page.errors[0].startswith("Instrumentet går inte att läsa.")
    assert db.session.scalars(select(InstrumentVersion)).all() == []


def test_a_broken_workbook_is_refused(client: StrictClient, lead: User) -> None:
    response = upload(client.login(lead), b"PK\x03\x04")
    assert "skadad" in response.page.errors[0]


def test_a_version_name_that_is_taken_is_not_published(
    client: StrictClient, lead: User
) -> None:
    make.instrument()
    response = upload(client.login(lead), small_instrument.document().encode())
    address = response.location.removesuffix("/utkast")
    assert "Versionen ”1” finns redan." in client.page(response.location).text
    refused = client.send(f"{address}/publicera", first_day="2027-01-01")
    assert "Ge utkastet en annan version." in refused.page.errors[0]


def test_a_draft_with_faults_is_refused_with_every_fault(
    client: StrictClient, lead: User
) -> None:
    response = upload(client.login(lead), b'{"id": "x"}')
    address = response.location.removesuffix("/utkast")
    refused = client.send(f"{address}/publicera", first_day="2027-01-01")
    page = refused.page
    (error,) = page.errors
    for word in ("version", "title", "source", "scales", "domains", "levels"):
        assert f"fältet {word}" in error
    draft = db.session.scalars(select(InstrumentVersion)).one()
    assert (draft.status, draft.first_day) == ("draft", None)


def test_a_published_version_is_not_published_again(
    client: StrictClient, lead: User
) -> None:
    version = make.instrument()
    response = client.login(lead).send(
        f"/instrument/{version.public_id}/publicera", first_day="2027-01-01"
    )
    assert "redan publicerad" in response.page.text


def test_an_instrument_does_not_change_what_has_been(
    client: StrictClient, lead: User
) -> None:
    make.instrument()
    upload(client.login(lead), small_instrument.document(version="2").encode())
    draft = db.session.scalars(
        select(InstrumentVersion).where(InstrumentVersion.version == "2")
    ).one()
    response = client.send(
        f"/instrument/{draft.public_id}/publicera", first_day="2026-03-15"
    )
    assert response.page.errors == [
        (
            "Det finns redan ett instrument som gäller. "
            "Välj en första dag från och med i dag."
        )
    ]


def test_two_versions_do_not_begin_on_the_same_day(
    client: StrictClient, lead: User
) -> None:
    make.instrument(first_day=date(2026, 4, 1))
    upload(client.login(lead), small_instrument.document(version="2").encode())
    draft = db.session.scalars(
        select(InstrumentVersion).where(InstrumentVersion.version == "2")
    ).one()
    response = client.send(
        f"/instrument/{draft.public_id}/publicera", first_day="2026-04-01"
    )
    assert response.page.errors == [
        "En annan version börjar gälla den dagen. Välj en annan."
    ]


def test_another_municipalitys_instrument_is_not_there(
    client: StrictClient, lead: User
) -> None:
    version = make.instrument()
    elsewhere = make.municipality(name="Annan kommun")
    stranger = make.user(Role.LEAD, municipality=elsewhere)
    make.system(municipality=elsewhere)
    client.login(stranger)
    assert client.get(f"/instrument/{version.public_id}").status_code == 404


def test_an_assessor_reads_but_does_not_publish(
    client: StrictClient, lead: User
) -> None:
    version = make.instrument()
    client.login(make.user(Role.ASSESSOR))
    assert client.page(f"/instrument/{version.public_id}").heading == "Litet instrument"
    assert client.get(f"/instrument/{version.public_id}/publicera").status_code == 403
    assert client.get("/instrument/ny").status_code == 403


def test_a_limit_is_shown_with_every_decimal(client: StrictClient, lead: User) -> None:
    fine = small_instrument.document().replace('"to": "1"', '"to": "1.00000001"')
    response = upload(client.login(lead), fine.encode())
    page = client.page(response.location.removesuffix("/utkast"))
    assert "från och med 0 till och med 1,00000001 poäng" in page.text
