"""The run's pages: its providers, what has changed, the lines, and what is left out."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from lovdv.access import Role
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.extensions import db
from lovdv.ledger import queries as ledger_queries
from lovdv.payouts import comparing, holding
from lovdv.payouts.comparing import Changed
from lovdv.payouts.models import HeldItem, PaymentRun, ProviderHold
from lovdv.placements import operations as placements
from lovdv.systems.operations import decide_rule
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import (
    FEBRUARY,
    MARCH,
    PRICE,
    compute,
    held_items,
    month_ready,
    paid,
    plain,
    settle,
)

READ_ABOUT = select(AuditSubject.client_id).join(Audit).where(Audit.read)

pytestmark = [pytest.mark.usefixtures("in_april"), pytest.mark.usefixtures("terms")]


def test_what_differs_from_the_month_before_is_counted() -> None:
    raised, lowered, same, ended = (month_ready() for _ in range(4))
    paid()
    # March has 22 weekdays and February 20.
    make_payments.month_of(raised, "2026-03")
    make_payments.month_of(lowered, "2026-03", **_absent(5))
    make_payments.month_of(same, "2026-03", **_absent(2))
    placements.annul(placement=ended, reason="Började aldrig")
    new = make.person()
    make.level(new, "2", first_day=make.START)
    begun = make.placement(new, first_day=date(2026, 3, 2))
    make_payments.month_of(begun, "2026-03")
    assert comparing.since_before(compute(MARCH)) == [
        Changed("Höjda", 1, 2 * PRICE),
        Changed("Sänkta", 1, -3 * PRICE),
        Changed("Nya", 1, 22 * PRICE),
        Changed("Avslutade", 1, -20 * PRICE),
        Changed("Rättelser av tidigare månader", 1, -20 * PRICE),
        Changed("Hålls inne, betalas inte nu", 0, 0),
    ]


def test_what_is_held_is_not_ended_but_told_apart() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    run = compute(MARCH)
    by_id = make.user(Role.FINANCE).id
    provider = placement.unit.provider
    holding.hold(run=run, provider=provider, reason="Tvist", by_id=by_id)
    told = {one.name: one for one in comparing.since_before(run)}
    assert told["Höjda"].amount == 2 * PRICE
    assert told["Avslutade"].placements == 0
    assert told["Hålls inne, betalas inte nu"].amount == -22 * PRICE


def _absent(days: int) -> dict[str, str]:
    """So many weekdays of March that are not paid: not notified but the first."""
    listed = [3, 4, 5, 6, 9, 10][: days + 1]
    return {f"d{day}": "O" for day in listed}


def test_the_run_page_says_how_far_each_provider_has_come(
    client: StrictClient,
) -> None:
    fine, disputed = month_ready(), month_ready()
    run = compute()
    address = f"/korningar/{run.public_id}"
    client.login(make.user(Role.FINANCE))
    page = client.page(address)
    assert "Räknad" in page.text
    assert "Återläst" in page.text
    [first, second] = [row[2] for row in page.table()]
    assert first == second == "Väntar på attest"
    provider = disputed.unit.provider
    client.send(
        f"{address}/utforare/{provider.public_id}/hall", "reason", reason="Tvist"
    )
    rows = {row[0]: row[2] for row in client.page(address).table()}
    assert rows[provider.name] == "Hålls inne som helhet"
    assert rows[fine.unit.provider.name] == "Väntar på attest"
    client.login(make.user(Role.APPROVER))
    page = client.page(f"{address}/attestera")
    assert "Tvist" in page.text
    client.send(f"{address}/attestera", "seen")
    assert run.status == "attested"


def test_a_provider_is_attested_by_itself_from_its_page(client: StrictClient) -> None:
    one, other = month_ready(), month_ready()
    run = compute()
    client.login(make.user(Role.APPROVER))
    provider = one.unit.provider
    page = client.page(f"/korningar/{run.public_id}/utforare/{provider.public_id}")
    link = page.links[f"Attestera {provider.name}"]
    assert other.unit.provider.name not in client.page(link).text
    client.send(link, "seen")
    assert run.status == "computed"
    rows = {r[0]: r[2] for r in client.page(f"/korningar/{run.public_id}").table()}
    assert rows[provider.name] == "Attesterad"
    assert rows[other.unit.provider.name] == "Väntar på attest"


def test_controls_that_were_tuned_or_switched_off_stand_on_the_attest_page(
    client: StrictClient,
) -> None:
    month_ready()
    make.control(
        make.system(), "whole_months", effect="off", off_end_day=date(2026, 12, 1)
    )
    make.control(make.system(), "after_end", effect="lists")
    run = compute()
    client.login(make.user(Role.APPROVER))
    text = client.page(f"/korningar/{run.public_id}/attestera").text
    assert "är avstängd" in text
    assert "visas bara" in text


def test_a_second_step_names_who_took_the_first(client: StrictClient) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="attest",
        first_day=make.START,
        value={"rows": [{"from_amount": "0", "steps": 2}]},
    )
    month_ready()
    run = compute()
    address = f"/korningar/{run.public_id}/attestera"
    first = make.user(Role.APPROVER)
    client.login(first)
    client.send(address, "seen")
    told = client.page(f"/korningar/{run.public_id}").text
    assert "Din attest är tagen" in told
    refused = client.send(address, "seen")
    assert any("redan attesterat" in error for error in refused.page.errors)
    client.login(make.user(Role.APPROVER))
    page = client.page(address)
    assert "steg 2 av 2" in page.text
    assert first.name in page.text
    client.send(address, "seen")
    assert run.status == "attested"


def test_a_held_provider_is_released_from_its_page(client: StrictClient) -> None:
    placement = month_ready()
    run = compute()
    finance = make.user(Role.FINANCE)
    client.login(finance)
    address = f"/korningar/{run.public_id}/utforare/{placement.unit.provider.public_id}"
    refused = client.send(f"{address}/hall", "reason", reason="")
    assert any("Skriv varför" in error for error in refused.page.errors)
    client.send(f"{address}/hall", "reason", reason="Tvist")
    assert "Betala utföraren igen" in client.page(address).text
    client.post(f"{address}/slapp")
    assert "Håll inne utföraren" in client.page(address).text
    [kept] = db.session.scalars(select(ProviderHold)).all()
    assert kept.released_by_id == finance.id


def test_what_was_held_is_paid_with_one_reason(client: StrictClient) -> None:
    placement = month_ready()
    fine = month_ready()
    run = compute()
    finance = make.user(Role.FINANCE)
    client.login(finance)
    provider = placement.unit.provider.public_id
    client.send(
        f"/korningar/{run.public_id}/utforare/{provider}/hall", "reason", reason="Tvist"
    )
    client.login(make.user(Role.APPROVER))
    client.send(f"/korningar/{run.public_id}/attestera", "seen")
    for one in (placement, fine):
        make_payments.month_of(one, "2026-03")
    later = compute(MARCH)
    client.login(finance)
    address = f"/korningar/{later.public_id}/utforare/{provider}"
    assert "Betala det som hölls inne tidigare" in client.page(address).links
    client.send(f"{address}/betala-tidigare", "reason", reason="Överens")
    page = client.page(address)
    assert "12 520,00 kr" in plain(page.text)
    assert "Betala det som hölls inne tidigare" not in page.links


def test_lines_are_found_by_provider_level_and_number(client: StrictClient) -> None:
    one, other = month_ready("2"), month_ready("3")
    run = compute()
    client.login(make.user(Role.FINANCE))
    address = f"/korningar/{run.public_id}/rader"

    def numbers(**asked: str) -> set[str]:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        page = client.page(f"{address}?{query}")
        return {row[0] for row in page.table()} if "Så räknat" in page.text else set()

    assert numbers() == {one.number, other.number}
    assert numbers(nummer=one.number.lower()) == {one.number}
    assert numbers(niva="3") == {other.number}
    assert numbers(utforare=one.unit.provider.public_id) == {one.number}
    assert numbers(niva="3", nummer=one.number) == set()
    assert numbers(nummer="%") == set()


def test_another_municipalitys_provider_is_not_found(client: StrictClient) -> None:
    month_ready()
    run = compute()
    stranger = make.unit().provider
    client.login(make.user(Role.FINANCE))
    address = f"/korningar/{run.public_id}/utforare/{stranger.public_id}"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/hall").status_code == 404


def _back(months: int) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="correction",
        first_day=make.START,
        value={"back_months": months},
    )


def test_what_is_left_out_is_listed_with_sums_and_paid_once_when_the_limit_moves(
    client: StrictClient,
) -> None:
    _back(0)
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d2="O", d3="O", d4="O")
    run = compute(MARCH)
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/korningar/{run.public_id}/utelamnat")
    assert "-1 252,00 kr" in plain(page.text).replace("\N{MINUS SIGN}", "-")
    link = page.links["Hämta i Excel"]
    [sheet] = load_workbook(io.BytesIO(client.get(link).data)).worksheets
    [_, row] = sheet.iter_rows(values_only=True)
    assert (row[0].date(), row[1], row[5]) == (FEBRUARY.first, placement.number, -1252)
    _back(1)
    again = compute(MARCH, seen=run)
    assert again.total == 22 * PRICE - 2 * PRICE
    assert (
        "Inget är äldre" in client.page(f"/korningar/{again.public_id}/utelamnat").text
    )


def test_what_was_stopped_is_listed_when_it_is_too_old_until_the_limit_moves(
    client: StrictClient,
) -> None:
    _back(0)
    month_ready()
    person = make.person()
    make.level(person, "2", first_day=make.START)
    silent = make.placement(person)
    paid()
    run = compute(MARCH)
    [item] = _of_february(run)
    assert (item.placement_id, item.reason) == (silent.id, "left_out")
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/korningar/{run.public_id}/utelamnat")
    assert item.message in page.text
    _back(1)
    [item] = _of_february(compute(MARCH, seen=run))
    assert (item.placement_id, item.reason) == (silent.id, "stopped")


def _of_february(run: PaymentRun) -> list[HeldItem]:
    return [item for item in held_items(run) if item.month == FEBRUARY.first]


def test_a_moved_limit_pays_the_difference_exactly_once(client: StrictClient) -> None:
    _back(0)
    placement = month_ready()
    paid()
    make_payments.month_of(placement, version=2, d2="O", d3="O", d4="O")
    make_payments.month_of(placement, "2026-03")
    assert paid(MARCH).total == 22 * PRICE
    _back(2)
    client.application.config["TODAY"] = "2026-05-07"
    make_payments.month_of(placement, "2026-04")
    april = paid(MARCH.next)
    assert april.total == (22 - 2) * PRICE
    client.application.config["TODAY"] = "2026-06-07"
    make_payments.month_of(placement, "2026-05")
    assert paid(MARCH.next.next).total == 21 * PRICE


def test_an_exported_month_asks_for_the_answer_from_finance(
    client: StrictClient,
) -> None:
    month_ready()
    run = paid()
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/korningar/{run.public_id}")
    assert "Läs in svaret" in page.links
    assert "Attesterad i sin helhet" in page.text


def test_a_month_without_lines_has_whole_pages(client: StrictClient) -> None:
    run = compute()
    settle(run)
    client.login(make.user(Role.FINANCE))
    for page in ("", "/rader", "/utelamnat"):
        assert client.page(f"/korningar/{run.public_id}{page}")
    client.login(make.user(Role.APPROVER))
    client.send(f"/korningar/{run.public_id}/attestera", "seen")
    assert db.session.get_one(PaymentRun, run.id).status == "attested"


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("korningar/{run}/rader", ["paid"]),
        ("korningar/{run}/kontroller", ["paid", "unreported"]),
        ("korningar/{run}/kontroller/sample", ["paid"]),
        ("korningar/{run}/kontroller/fil", ["paid", "unreported"]),
        ("korningar/{run}/stoppade", ["unreported"]),
        ("korningar/{run}/urval", ["paid"]),
        ("korningar/{run}/urval/fil", ["paid"]),
        ("ersattning/{unit}/2026-02", ["paid", "unreported"]),
    ],
)
def test_whoever_stands_on_a_page_is_in_the_log(
    client: StrictClient, page: str, who: list[str]
) -> None:
    make.control(
        make.system(), "sample", first_day=date(2026, 1, 1), knobs={"size": 20}
    )
    unit = make.unit()
    here = {
        "paid": month_ready(unit=unit, d8="X"),
        "unreported": make.placement(make.person(), unit),
    }
    address = page.format(run=compute().public_id, unit=unit.public_id)
    client.login(make.user(Role.FINANCE))
    assert client.get(f"/{address}").status_code == 200
    about = set(db.session.scalars(READ_ABOUT))
    assert about == {here[name].client_id for name in who}


def test_whoever_a_file_pays_for_is_in_the_log(client: StrictClient) -> None:
    here, elsewhere = month_ready(), month_ready(unit=make.unit())
    run = paid()
    client.login(make.user(Role.FINANCE))
    for file in ledger_queries.files(run):
        assert client.get(f"/korningar/fil/{file.public_id}").status_code == 200
        of_file = READ_ABOUT.where(Audit.object == file.public_id)
        about = set(db.session.scalars(of_file))
        if file.kind == "finance":
            assert about == {here.client_id, elsewhere.client_id}
        else:
            assert about
            assert about <= {here.client_id, elsewhere.client_id}


def test_whose_corrections_are_left_out_is_in_the_log(client: StrictClient) -> None:
    placement, _ = month_ready(), month_ready()
    run = compute()
    make._added(
        HeldItem(
            run_id=run.id,
            placement_id=placement.id,
            month=date(2024, 2, 1),
            first_day=date(2024, 2, 1),
            end_day=date(2024, 3, 1),
            kind="day",
            reason="left_out",
            error="",
            message="Äldre än rättelser går",
            amount=-PRICE,
        )
    )
    client.login(make.user(Role.FINANCE))
    for page in ("utelamnat", "utelamnat/fil"):
        assert client.get(f"/korningar/{run.public_id}/{page}").status_code == 200
        about = set(db.session.scalars(READ_ABOUT))
        assert about == {placement.client_id}
