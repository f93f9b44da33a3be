"""A month from attest to the file for finance, and what stands in its way."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from lovdv.access import Role
from lovdv.controls import checking
from lovdv.controls import queries as control_queries
from lovdv.controls.models import Finding
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.ledger.models import ExportFile
from lovdv.payouts import operations
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.people.models import Client
from lovdv.placements import reporting
from lovdv.placements.models import (
    AttendanceMonth,
)
from lovdv.providers.models import Contract
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import (
    FEBRUARY,
    MARCH,
    PRICE,
    amounts,
    compute,
    lines,
    month_ready,
    paid,
    plain,
    settle,
)

pytestmark = pytest.mark.usefixtures("in_april")


@pytest.mark.usefixtures("terms")
def test_the_preparer_never_attests() -> None:
    month_ready()
    preparer = make.user(Role.FINANCE, Role.APPROVER)
    run = compute(by=preparer)
    with pytest.raises(Refused, match="själv"):
        operations.attest(run=run, by_id=preparer.id)


@pytest.mark.usefixtures("terms")
def test_whoever_decided_a_control_never_attests_that_run() -> None:
    placement = month_ready()
    make.decision_of(db.session.get_one(Client, placement.client_id)).end_day = date(
        2026, 2, 16
    )
    run = compute()
    decider = make.user(Role.FINANCE, Role.APPROVER)
    found = [f for f in control_queries.findings(run) if checking.needs_decision(f)]
    checking.decide(run=run, findings=found, decision="pay", reason="Ja", by=decider.id)
    with pytest.raises(Refused, match="själv beslutat om något"):
        operations.attest(run=run, by_id=decider.id)


@pytest.mark.usefixtures("terms")
def test_an_undecided_finding_stops_the_attest(client: StrictClient) -> None:
    placement = month_ready()
    make.decision_of(db.session.get_one(Client, placement.client_id)).end_day = date(
        2026, 2, 16
    )
    run = compute()
    client.login(make.user(Role.APPROVER))
    response = client.send(f"/korningar/{run.public_id}/attestera")
    assert "saknar beslut" in response.page.text


@pytest.mark.usefixtures("terms")
def test_what_is_attested_is_what_the_page_showed(client: StrictClient) -> None:
    placement = month_ready(d8="X")
    run = compute()
    finance, approver = make.user(Role.FINANCE), make.user(Role.APPROVER)

    def decide(decision: str) -> None:
        found = control_queries.findings(run)
        checking.decide(
            run=run, findings=found, decision=decision, reason="Ja", by=finance.id
        )
        db.session.commit()

    decide("hold")
    client.login(approver)
    address = f"/korningar/{run.public_id}/attestera"
    page = client.page(address)
    assert placement.number in page.text
    shown = page.form("seen").filled({})
    decide("pay")
    refused = client.post(address, data=shown)
    assert any("medan du läste" in error for error in refused.page.errors)
    assert run.status == "computed"
    client.send(address)
    assert run.status == "attested"


@pytest.mark.usefixtures("terms")
def test_changed_facts_demand_a_new_computation() -> None:
    placement = month_ready()
    run = compute()
    approver = make.user(Role.APPROVER).id
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    with pytest.raises(Refused, match="ändrats"):
        operations.attest(run=run, by_id=approver)
    again = compute(seen=run)
    settle(again)
    operations.attest(run=again, by_id=approver)
    assert (run.status, again.status) == ("replaced", "attested")
    assert amounts(again) == [10 * PRICE]


@pytest.mark.usefixtures("terms")
def test_another_payee_demands_a_new_computation() -> None:
    placement = month_ready()
    run = compute()
    db.session.get_one(Contract, placement.contract_id).supplier_number = "99999"
    db.session.flush()
    with pytest.raises(Refused, match="räkna om"):
        operations.attest(run=run, by_id=make.user(Role.APPROVER).id)


@pytest.mark.usefixtures("terms")
def test_a_death_that_becomes_known_demands_a_new_computation() -> None:
    placement = month_ready()
    run = compute()
    db.session.get_one(Client, placement.client_id).died_on = date(2026, 2, 12)
    db.session.flush()
    with pytest.raises(Refused, match="räkna om"):
        operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    [found] = control_queries.findings(compute(seen=run))
    assert found.control == "after_death"


def suppliers(run: PaymentRun) -> list[str]:
    """To whom each line is paid."""
    ids = [line.payee_id for line in lines(run)]
    return [db.session.get_one(Payee, one).supplier_number for one in ids]


@pytest.mark.usefixtures("terms")
def test_who_is_paid_is_what_was_attested_also_in_the_reversal() -> None:
    placement = month_ready()
    contract = db.session.get_one(Contract, placement.contract_id)
    contract.supplier_number = "1001"
    run = compute()
    settle(run)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    contract.supplier_number = "99999"
    db.session.flush()
    assert suppliers(run) == ["1001"]
    ledger.export(run=run, by_id=None)
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d2="O", d3="O")
    assert suppliers(compute(MARCH)) == ["1001", "99999", "99999"]


@pytest.mark.usefixtures("terms")
def test_the_month_is_locked_with_the_attest() -> None:
    placement = month_ready()
    run = compute()
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    [row] = db.session.scalars(select(AttendanceMonth))
    assert row.status == "locked"
    with pytest.raises(Refused, match="låst"):
        reporting.unconfirm(placement=placement, month=FEBRUARY)


@pytest.mark.usefixtures("terms")
def test_booked_lines_and_files_never_change() -> None:
    month_ready()
    run = paid()
    for table in (PaymentLine, ExportFile, PaymentRun, Finding):
        rows = db.session.scalars(select(table)).all()
        column = "amount" if hasattr(table, "amount") else "id"
        for row in rows:
            change = update(table).where(table.id == row.id)
            with pytest.raises(DatabaseError), db.session.begin_nested():
                db.session.execute(change.values({column: 1}))
    assert run.status == "exported"


@pytest.mark.usefixtures("terms")
def test_the_finance_file_has_every_line_once_and_no_names() -> None:
    placement = month_ready()
    run = paid()
    [file] = [f for f in db.session.scalars(select(ExportFile)) if f.kind == "finance"]
    book = load_workbook(io.BytesIO(file.content))
    assert book.sheetnames == ["Underlag", "Sammanställning", "Kontroll", "Läs mig"]
    heading, row = book["Underlag"].iter_rows(values_only=True)
    told = dict(zip(heading, row, strict=True))
    assert told["placeringsnr"] == placement.number
    assert (told["antal"], told["à-pris"], told["belopp"]) == (20, 626, 12520)
    assert told["avser period"].date() == FEBRUARY.first
    assert (told["lagrum"], told["radtyp"]) == ("LSS 9 § 10", "ersättning")
    assert book["Kontroll"]["B2"].value == "=ROUND(SUM(Underlag!Q2:Q2)-B1,2)"
    everything = "".join(str(c.value) for sheet in book for r in sheet for c in r)
    assert db.session.get_one(Client, placement.client_id).last_name not in everything
    assert file.sha256 in {f.sha256 for f in db.session.scalars(select(ExportFile))}
    assert run.exported_at


@pytest.mark.usefixtures("terms")
def test_the_whole_chain_from_the_pages(client: StrictClient) -> None:
    placement = month_ready(d9="A")
    finance, approver = make.user(Role.FINANCE), make.user(Role.APPROVER)
    client.login(finance)
    client.send("/korningar/ny", month="2026-02")
    run = db.session.scalars(select(PaymentRun)).one()
    address = f"/korningar/{run.public_id}"
    assert "12 520,00 kr" in plain(client.page(address).text)
    assert client.page(f"{address}/rader").table()[0][0] == placement.number
    client.login(approver)
    client.send(f"{address}/attestera")
    client.login(finance)
    client.post(f"{address}/export")
    assert run.status == "exported"
    links = client.page(address).links
    [name] = [text for text in links if text.startswith("ersattning_2026-02_")]
    [file] = [f for f in db.session.scalars(select(ExportFile)) if f.name == name]
    assert client.get(links[name]).data == file.content


@pytest.mark.usefixtures("terms")
def test_what_waits_is_told_to_the_one_it_waits_for(client: StrictClient) -> None:
    month_ready()
    run = compute()
    client.login(make.user(Role.APPROVER))
    page = client.page("/start")
    assert "Attestera 2026-02" in page.text
    assert f"/korningar/{run.public_id}" in page.links.values()


@pytest.mark.usefixtures("terms")
def test_the_next_month_to_pay_stands_on_the_start_page(client: StrictClient) -> None:
    month_ready()
    paid()
    client.login(make.user(Role.FINANCE))
    assert "Räkna mars 2026" in client.page("/start").text
