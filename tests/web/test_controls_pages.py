"""The pages of a run's findings: grouped, paged, decided, and as a workbook."""

import pytest

from lovdv import excel
from lovdv.access import Role
from lovdv.controls import queries as control_queries
from lovdv.controls.models import Finding
from lovdv.extensions import db
from lovdv.payouts.models import PaymentRun
from tests import make
from tests.kit_app import StrictClient
from tests.kit_payouts import PRICE, compute, month_ready, plain

pytestmark = [pytest.mark.usefixtures("in_april"), pytest.mark.usefixtures("terms")]


def address(run: PaymentRun, rest: str = "") -> str:
    return f"/korningar/{run.public_id}/kontroller{rest}"


def many(run: PaymentRun, number: int) -> None:
    """So many findings under one control, each with another amount."""
    [one] = control_queries.findings(run)
    db.session.add_all(
        Finding(
            run_id=run.id,
            control="outside_plan",
            placement_id=one.placement_id,
            month=one.month,
            message=f"Fynd {amount}",
            amount=amount * 100,
        )
        for amount in range(1, number)
    )
    db.session.flush()


def test_findings_stand_by_control_with_the_most_money_first(
    client: StrictClient,
) -> None:
    month_ready(d9="X")
    run = compute()
    many(run, 4)
    client.login(make.user(Role.FINANCE))
    page = client.page(address(run))
    assert "Närvaro en dag som inte är planerad." in page.text
    amounts = [plain(row[4]) for row in page.table()]
    assert amounts == ["11 894,00 kr", "3,00 kr", "2,00 kr", "1,00 kr"]
    assert "4 st, 11 900,00 kr, 4 väntar på beslut" in plain(page.text)


def test_each_finding_leads_to_its_line(client: StrictClient) -> None:
    placement = month_ready(d9="X")
    run = compute()
    client.login(make.user(Role.FINANCE))
    link = client.page(address(run)).links[f"{placement.number}, så är raden räknad"]
    assert placement.number in client.page(link).text


def test_two_thousand_findings_are_read_a_page_at_a_time(client: StrictClient) -> None:
    month_ready(d9="X")
    run = compute()
    many(run, 2000)
    client.login(make.user(Role.FINANCE))
    page = client.page(address(run))
    assert len(page.table()) == 15
    one = client.page(page.links["Visa alla 2000 under Närvaro utanför planen"])
    assert (len(one.table()), len(page.html) < 100_000) == (100, True)
    last = client.page(address(run, "/outside_plan?sida=20"))
    assert last.table()[-1][3] == "Fynd 1"
    assert client.page(address(run, "/outside_plan?sida=99")).table() == last.table()


def test_a_page_keeps_what_was_ticked_and_typed(client: StrictClient) -> None:
    month_ready(d9="X")
    run = compute()
    many(run, 150)
    client.login(make.user(Role.FINANCE))
    second = address(run, "/outside_plan?sida=2")
    row = client.form(second, "reason").element.find(".//input[@name='finding']")
    assert row is not None
    chosen = {"finding": row.get("value"), "decision": "pay"}
    without = client.send(second, "reason", reason="", **chosen)
    kept = without.page.form("reason").fields
    assert (kept["finding"], kept["decision"]) == ([row.get("value")], ["pay"])
    done = client.send(second, "reason", reason="Sett", **chosen)
    assert done.location.endswith("sida=2")
    decided = [f.reason for f in control_queries.findings(run) if f.decision == "pay"]
    assert decided == ["Sett"]


def test_all_under_a_control_are_decided_from_any_page(client: StrictClient) -> None:
    month_ready(d9="X")
    run = compute()
    many(run, 150)
    client.login(make.user(Role.FINANCE))
    told = {"control": "outside_plan", "decision": "pay", "reason": "Planen är ny"}
    client.send(address(run, "/outside_plan"), "reason", **told)
    assert {f.decision for f in control_queries.findings(run)} == {"pay"}


def test_the_approver_reads_and_does_not_decide(client: StrictClient) -> None:
    month_ready(d9="X")
    run = compute()
    client.login(make.user(Role.APPROVER))
    assert "Spara beslutet" not in client.page(address(run)).text
    assert "Spara beslutet" not in client.page(address(run, "/outside_plan")).text
    told = {"decision": "pay", "reason": "x"}
    assert client.post(address(run, "/outside_plan"), data=told).status_code == 403


def test_the_page_says_what_is_off(client: StrictClient) -> None:
    month_ready()
    run = compute()
    client.login(make.user(Role.FINANCE))
    told = "Urval att gå igenom: avstängd till och med 31 december 2099 av kommandot"
    page = client.page(address(run))
    assert f"{told}, därför att: Prov" in page.text
    assert (
        "Flera månader helt utan avvikelse: Kräver beslut. Antal månader" in page.text
    )
    assert "Felmarginal i procent: 5. Extra vikt per" in page.text
    assert page.text.count("(ändrad av kommunen)") == 1


def test_a_control_without_findings_says_so(client: StrictClient) -> None:
    month_ready()
    run = compute()
    client.login(make.user(Role.FINANCE))
    assert "Kontrollen hittade inget." in client.page(address(run, "/elsewhere")).text
    assert client.get(address(run, "/finns-inte")).status_code == 404


def test_the_workbook_holds_every_finding_and_how_controls_were_set(
    client: StrictClient,
) -> None:
    placement = month_ready(d9="X")
    run = compute()
    client.login(make.user(Role.FINANCE))
    sheets = excel.read_sheets(client.get(address(run, "/fil")).data)
    [row] = sheets["Kontroller"][1:]
    assert row[:2] == ["Närvaro utanför planen", placement.number]
    assert row[4:6] == [f"{19 * PRICE // 100}", "Kräver beslut"]
    told = dict(row[:2] for row in sheets["Inställningar"])
    assert told["Flera månader helt utan avvikelse"] == (
        "Kräver beslut. Antal månader i rad: 6"
    )
    assert told["Urval att gå igenom"].endswith("Därför att: Prov")


def test_another_municipalitys_findings_are_not_found(client: StrictClient) -> None:
    month_ready(d9="X")
    run = compute()
    neighbour = make.municipality(name="Grannstad")
    client.login(make.user(Role.FINANCE, municipality=neighbour))
    for rest in ("", "/outside_plan", "/fil"):
        assert client.get(address(run, rest)).status_code == 404
