"""What a unit is paid and why, read by the unit and by finance."""

import io
from datetime import date

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from lovdv.access import Role
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.extensions import db
from lovdv.ledger.models import ExportFile
from lovdv.payouts import operations
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import (
    MARCH,
    compute,
    held,
    lines,
    month_ready,
    paid,
    plain,
    settle,
)

pytestmark = pytest.mark.usefixtures("in_april")


@pytest.mark.usefixtures("terms")
def test_a_unit_reads_its_own_lines_with_names_and_nobody_elses(
    client: StrictClient,
) -> None:
    placement, other = month_ready(), month_ready()
    run = paid()
    unit = db.session.get_one(Unit, placement.unit_id)
    elsewhere = db.session.get_one(Unit, other.unit_id)
    name = db.session.get_one(Client, placement.client_id).last_name
    client.login(make.user(Role.PROVIDER, unit=unit))
    page = client.page(f"/ersattning/{unit.public_id}/2026-02")
    assert name in page.text
    [line] = [row for row in lines(run) if row.placement_id == placement.id]
    explained = client.page(f"/ersattning/rad/{run.public_id}/{line.id}")
    assert "20 dagar × 626,00 kr = 12 520,00 kr" in plain(explained.text)
    [foreign] = [row for row in lines(run) if row.placement_id == other.id]
    for path in (
        f"/ersattning/{elsewhere.public_id}/2026-02",
        f"/ersattning/rad/{run.public_id}/{foreign.id}",
    ):
        assert client.get(path).status_code == 404


@pytest.mark.usefixtures("terms")
def test_finance_and_the_unit_read_the_same_explanation(client: StrictClient) -> None:
    placement = month_ready(d9="A", d10="O", d11="O")
    run = paid()
    [line] = lines(run)
    address = f"/ersattning/rad/{run.public_id}/{line.id}"
    unit = db.session.get_one(Unit, placement.unit_id)
    client.login(make.user(Role.PROVIDER, unit=unit))
    told = client.page(address).text
    client.login(make.user(Role.FINANCE))
    read = client.page(address).text
    assert "1 frånvaro anmäld i tid, 17 närvarande, 1 frånvaro inte anmäld" in told
    assert told.partition("Steg för steg")[2] == read.partition("Steg för steg")[2]
    assert db.session.get_one(Client, placement.client_id).last_name not in read


@pytest.mark.usefixtures("terms")
def test_a_unit_sees_no_line_before_the_attest(client: StrictClient) -> None:
    placement = month_ready()
    run = compute()
    unit = db.session.get_one(Unit, placement.unit_id)
    client.login(make.user(Role.PROVIDER, unit=unit))
    address = f"/ersattning/rad/{run.public_id}/{lines(run)[0].id}"
    assert client.get(address).status_code == 404
    page = client.page(f"/ersattning/{unit.public_id}/2026-02")
    assert "Väntar på körning" in page.text
    assert "12 520,00" not in plain(page.text)


@pytest.mark.usefixtures("terms")
def test_a_unit_downloads_its_own_lines_only(client: StrictClient) -> None:
    placement, other = month_ready(), month_ready()
    paid()
    unit = db.session.get_one(Unit, placement.unit_id)
    another = db.session.get_one(Unit, other.unit_id)
    client.login(make.user(Role.PROVIDER, unit=unit))
    answer = client.get(f"/ersattning/{unit.public_id}/2026-02/excel")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    numbers = {row[rows[0].index("placeringsnr")] for row in rows[1:]}
    assert numbers == {placement.number}
    foreign = f"/ersattning/{another.public_id}/2026-02/excel"
    assert client.get(foreign).status_code == 404
    for file in db.session.scalars(select(ExportFile)):
        assert client.get(f"/korningar/fil/{file.public_id}").status_code == 403


@pytest.mark.usefixtures("terms")
def test_names_go_from_the_basis_when_the_unit_no_longer_sees_the_person(
    client: StrictClient, app: Flask
) -> None:
    placement = month_ready()
    paid()
    unit = db.session.get_one(Unit, placement.unit_id)
    name = db.session.get_one(Client, placement.client_id).last_name
    address = f"/ersattning/{unit.public_id}/2026-02"
    client.login(make.user(Role.PROVIDER, unit=unit))
    assert name in client.page(address).text
    placement.end_day = date(2026, 4, 1)
    db.session.commit()
    app.config["TODAY"] = "2026-12-01"
    client.login(make.user(Role.PROVIDER, unit=unit))
    read = client.page(address).text
    assert name not in read
    assert placement.number in read


@pytest.mark.usefixtures("terms")
def test_the_basis_can_be_read_when_one_of_several_persons_is_no_longer_seen(
    client: StrictClient,
) -> None:
    unit = make.unit()
    here, gone = month_ready(unit=unit), month_ready(unit=unit)
    paid()
    gone.end_day = gone.paid_end_day = date(2026, 2, 28)
    name = db.session.get_one(Client, here.client_id).last_name
    client.login(make.user(Role.PROVIDER, unit=unit))
    read = client.page(f"/ersattning/{unit.public_id}/2026-02").text
    assert name in read
    assert gone.number in read
    assert db.session.get_one(Client, gone.client_id).last_name not in read


@pytest.mark.usefixtures("terms")
def test_what_is_held_is_no_sum_to_be_paid(client: StrictClient) -> None:
    unit = make.unit()
    month_ready(unit=unit)
    month_ready(unit=unit, d8="X")
    held()
    address = f"/ersattning/{unit.public_id}/2026-02"
    for user in (make.user(Role.FINANCE), make.user(Role.PROVIDER, unit=unit)):
        client.login(user)
        [row] = [
            row for row in client.page("/ersattning").table() if "Februari" in row[0]
        ]
        assert [plain(text) for text in row[-2:]] == ["1", "12 520,00 kr"]
        assert "Betalas 12 520,00 kr" in " ".join(
            plain(client.page(address).text).split()
        )


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize("why", ["held", "stopped"])
def test_a_unit_reads_why_nothing_is_paid(client: StrictClient, why: str) -> None:
    unit = make.unit()
    if why == "held":
        month_ready(unit=unit, d8="X")
    else:
        make.placement(make.person(), unit)
    held()
    client.login(make.user(Role.PROVIDER, unit=unit))
    links = client.page("/ersattning").links
    address = f"/ersattning/{unit.public_id}/2026-02"
    assert address in links.values()
    told = {"held": "Ekonomin ser över raden", "stopped": "Närvaron är inte bekräftad"}
    page = client.page(address)
    assert "Inget betalas för månaden än" in page.text
    assert told[why] in page.text
    assert "Fråga" not in page.text


@pytest.mark.usefixtures("terms")
def test_what_finance_notes_in_a_control_is_not_shown_to_the_unit(
    client: StrictClient,
) -> None:
    unit = make.unit()
    placement = month_ready(unit=unit, d8="X")
    held()
    client.login(make.user(Role.PROVIDER, unit=unit))
    address = f"/ersattning/{unit.public_id}/2026-02"
    row = client.page(f"{address}/rad/{placement.public_id}/2026-02")
    for page in (client.page("/ersattning"), client.page(address), row):
        assert "Fråga" not in page.text
    assert "Ekonomin ser över raden" in row.text


@pytest.mark.usefixtures("terms")
def test_a_unit_hears_of_a_correction_when_it_is_attested(
    client: StrictClient,
) -> None:
    unit = make.unit()
    placement = month_ready(unit=unit)
    run = paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d9="O", d10="O")
    march = compute(MARCH)
    client.login(make.user(Role.PROVIDER, unit=unit))
    address = f"/ersattning/rad/{run.public_id}/{lines(run)[0].id}"
    assert "Rättad senare" not in client.page(address).text
    settle(march)
    operations.attest(run=march, by_id=make.user(Role.APPROVER).id)
    assert "Rättad senare" in client.page(address).text


@pytest.mark.usefixtures("terms")
def test_the_units_file_is_logged_for_those_who_stand_in_it(
    client: StrictClient,
) -> None:
    unit = make.unit()
    here = month_ready(unit=unit)
    month_ready()
    paid()
    client.login(make.user(Role.PROVIDER, unit=unit))
    client.get(f"/ersattning/{unit.public_id}/2026-02/excel")
    logged = (
        select(AuditSubject.client_id).join(Audit).where(Audit.action == "basis.file")
    )
    assert db.session.scalars(logged).all() == [here.client_id]


@pytest.mark.usefixtures("terms")
def test_another_municipality_sees_nothing(client: StrictClient) -> None:
    month_ready()
    run = paid()
    other = make.municipality(name="Annan")
    make.system(municipality=other)
    client.login(make.user(Role.FINANCE, municipality=other))
    for path in ("", "/kontroller", "/stoppade", "/rader"):
        assert client.get(f"/korningar/{run.public_id}{path}").status_code == 404
    assert run.public_id not in client.get("/korningar").text
