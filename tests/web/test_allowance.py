"""Habiliteringsersättning: counted, attested by another, handed over, corrected."""

import hashlib
import io
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.allowance import computing, operations, year_amounts
from lovdv.allowance.models import (
    AllowanceEntry,
    AllowanceFile,
    AllowanceRun,
    AllowanceWait,
)
from lovdv.allowance.waiting import waiting
from lovdv.allowance.year import statement
from lovdv.allowance.year_amounts import enter
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.placements.models import AttendanceMonth, Placement
from lovdv.providers.models import Contract, Unit
from lovdv.systems.models import Rule
from lovdv.systems.operations import decide_rule
from payments import Month
from payments.allowance_lines import amount_of
from payments.allowance_presets import PRESETS
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import FEBRUARY, MARCH, plain
from tests.make_calibration import actor

pytestmark = pytest.mark.usefixtures("in_april")

A_DAY = 14200
"""Göteborg's 0,24 per cent of 59 200 kr in 2026: 142,08 kr, rounded."""


def rules(name: str = "goteborg-2020", **changes: object) -> Rule:
    value = {
        key: told
        for key, told in PRESETS[name].items()
        if key not in ("source", "first_day")
    }
    return operations.decide(
        system=make.system(),
        first_day=make.START,
        value={**value, **changes},
        reference="SN 2025/1 § 2",
        by_id=make.user(Role.FINANCE).id,
    )


def ready(unit: Unit | None = None, **changed: str) -> Placement:
    """A person whose February is confirmed: 20 days but for what is changed."""
    placement = make.placement(unit=unit)
    make_payments.month_of(placement, **changed)
    return placement


def compute(month: Month = FEBRUARY, seen: AllowanceRun | None = None) -> AllowanceRun:
    return computing.compute(
        system=make.system(), month=month, by_id=make.user(Role.FINANCE).id, seen=seen
    )


def booked(month: Month = FEBRUARY) -> AllowanceRun:
    run = compute(month)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    return run


def entries(run: AllowanceRun) -> list[AllowanceEntry]:
    return list(
        db.session.scalars(
            select(AllowanceEntry)
            .where(AllowanceEntry.run_id == run.id)
            .order_by(AllowanceEntry.id)
        )
    )


def waits(run: AllowanceRun) -> list[tuple[str, str]]:
    rows = db.session.scalars(
        select(AllowanceWait)
        .where(AllowanceWait.run_id == run.id)
        .order_by(AllowanceWait.id)
    )
    return [(row.reason, row.error) for row in rows]


def test_a_month_is_counted_from_the_confirmed_attendance() -> None:
    rules()
    ready(d9="S", d10="O")
    [entry] = entries(compute())
    assert (entry.kind, entry.quantity, entry.rate) == ("full", 1800, A_DAY)
    assert entry.amount == 18 * A_DAY


def test_parts_of_a_day_make_it_half() -> None:
    rules()
    placement = make.placement()
    month = make_payments.month_of(placement)
    month.details = {"9": [{"from": "11:00", "to": "15:00", "code": "S"}]}
    full, half = entries(compute())
    assert (full.quantity, half.quantity, half.days) == (1900, 100, "9")


def test_a_month_that_is_not_confirmed_waits_by_name() -> None:
    rules()
    ready()
    make.placement()
    run = compute()
    assert len(entries(run)) == 1
    assert waits(run) == [("stopped", "MissingAttendance")]


def test_nothing_is_counted_without_rules_or_out_of_order() -> None:
    ready()
    with pytest.raises(Refused, match="Inga regler"):
        compute()
    rules()
    booked()
    with pytest.raises(Refused, match="Mars 2026 står på tur"):
        compute(MARCH.next.previous.previous)
    with pytest.raises(Refused, match="inte slut"):
        compute(MARCH.next)


def test_a_new_computation_replaces_only_the_one_that_was_seen() -> None:
    rules()
    ready()
    first = compute()
    with pytest.raises(Refused, match="Någon annan"):
        compute()
    again = compute(seen=first)
    assert (first.status, again.status) == ("replaced", "computed")


def test_whoever_counts_never_attests(client: StrictClient) -> None:
    rules()
    ready()
    run = compute()
    with pytest.raises(Refused, match="själv"):
        operations.attest(run=run, by_id=run.prepared_by_id)
    run.status, run.attested_by_id = "attested", run.prepared_by_id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_attest_is_refused_when_the_facts_have_changed() -> None:
    rules()
    placement = ready()
    run = compute()
    make_payments.month_of(placement, version=2, d9="S")
    with pytest.raises(Refused, match="ändrats"):
        operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    again = compute(seen=run)
    operations.attest(run=again, by_id=make.user(Role.APPROVER).id)
    assert again.status == "attested"


def test_an_attested_month_locks_what_was_counted() -> None:
    rules()
    placement = ready()
    booked()
    status = select(AttendanceMonth.status).where(
        AttendanceMonth.placement_id == placement.id
    )
    assert db.session.scalar(status) == "locked"


def test_a_late_change_is_reversed_and_booked_anew() -> None:
    rules()
    placement = ready()
    [before] = entries(booked())
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d9="S", d10="S")
    back, february, march = entries(booked(MARCH))
    assert (back.amount, back.corrects_id) == (-before.amount, before.id)
    assert (february.month, february.amount) == (date(2026, 2, 1), 18 * A_DAY)
    assert (march.month, march.amount) == (date(2026, 3, 1), 22 * A_DAY)


def test_a_correction_without_changes_is_empty() -> None:
    rules()
    placement = ready()
    booked()
    placement.end_day = placement.paid_end_day = date(2026, 3, 1)
    run = booked(MARCH)
    assert entries(run) == []
    assert run.total == 0


def test_an_annulled_placement_is_taken_back() -> None:
    rules()
    placement = ready()
    [before] = entries(booked())
    placement.annulled_at = placement.recorded_at
    [back] = entries(booked(MARCH))
    assert (back.amount, back.provider_id) == (-before.amount, before.provider_id)


def test_what_is_older_than_corrections_go_is_listed_with_its_amount() -> None:
    rules()
    placement = ready()
    booked()
    decide_rule(
        choice_system_id=make.system().id,
        key="correction",
        first_day=date(2026, 3, 1),
        value={"back_months": 0},
    )
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d9="S")
    run = booked(MARCH)
    assert [entry.month for entry in entries(run)] == [date(2026, 3, 1)]
    [wait] = db.session.scalars(
        select(AllowanceWait).where(AllowanceWait.run_id == run.id)
    )
    assert (wait.reason, wait.amount) == ("left_out", -A_DAY)


def test_a_run_that_a_colleague_has_attested_meanwhile_is_not_replaced() -> None:
    rules()
    ready()
    by = make.user(Role.FINANCE).id
    seen = computing.compute(system=make.system(), month=FEBRUARY, by_id=by)
    attested = update(AllowanceRun).values(
        status="attested", attested_by_id=make.user(Role.APPROVER).id
    )
    db.session.execute(attested.execution_options(synchronize_session=False))
    assert seen.status == "computed"
    with pytest.raises(Refused, match="står på tur"):
        computing.compute(system=make.system(), month=FEBRUARY, by_id=by, seen=seen)
    assert seen.status == "attested"


def test_new_rules_backwards_correct_what_was_booked() -> None:
    rules()
    ready()
    [before] = entries(booked())
    rules("kristianstad-2018")
    run = booked(MARCH)
    back, now = [e for e in entries(run) if e.month == date(2026, 2, 1)]
    assert back.amount == -before.amount
    assert now.amount == 20 * 5400
    assert "Kristianstad" in now.rule


def test_a_base_amount_of_ones_own_counts_from_when_it_is_entered() -> None:
    rules()
    ready()
    enter(
        municipality_id=make.municipality().id,
        kind="base_amount",
        year=2026,
        amount=6000000,
        source="SFS 2025:1",
        by_id=None,
    )
    [entry] = entries(compute())
    assert entry.rate == 14400


@pytest.mark.parametrize(
    "payer", ["municipality", "provider_included", "provider_billed"]
)
def test_who_pays_is_a_setting_by_regi(payer: str) -> None:
    rules(payer={"extern": payer, "intern": "municipality"})
    unit = make.unit()
    ready(unit=unit)
    [entry] = entries(compute())
    assert entry.payer == payer
    assert entry.provider_id == db.session.scalar(select(Contract.provider_id))


def test_booked_rows_and_handed_over_runs_never_change() -> None:
    rules()
    ready()
    run = booked()
    operations.export(run=run, by_id=make.user(Role.FINANCE).id)
    db.session.flush()
    for statement_ in (
        "UPDATE allowance_entry SET amount = 1",
        "DELETE FROM allowance_entry",
        "UPDATE allowance_run SET total = 1",
        "UPDATE allowance_file SET name = 'x'",
    ):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(text(statement_))


def sheets(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


def test_the_list_is_made_once_with_its_checksum_and_without_names(
    client: StrictClient,
) -> None:
    rules()
    placement = ready()
    run = booked()
    file = operations.export(run=run, by_id=make.user(Role.FINANCE).id)
    assert file.sha256 == hashlib.sha256(file.content).hexdigest()
    with pytest.raises(Refused, match="redan gjord"):
        operations.export(run=run, by_id=make.user(Role.FINANCE).id)
    client.login(make.user(Role.FINANCE))
    answer = client.get(f"/habiliteringsersattning/korning/{run.public_id}/fil")
    assert hashlib.sha256(answer.data).hexdigest() == file.sha256
    found = sheets(answer.data)
    assert found["Utbetalning"][1][0] == placement.number
    assert found["Utbetalning"][1][4] == 20 * A_DAY / 100
    assert found["Faktureras kommunen"][1:] == []
    name = db.session.get_one(Client, placement.client_id).last_name
    assert name not in str(found)
    logged = select(AuditSubject.client_id).join(Audit)
    about = db.session.scalars(logged.where(Audit.action == "allowance.file")).all()
    assert about == [placement.client_id]


def test_what_providers_bill_is_a_list_of_its_own() -> None:
    rules(payer={"extern": "provider_billed", "intern": "municipality"})
    placement = ready()
    run = booked()
    file = operations.export(run=run, by_id=make.user(Role.FINANCE).id)
    found = sheets(file.content)
    assert found["Utbetalning"][1:] == []
    [row] = found["Faktureras kommunen"][1:]
    assert row[2] == placement.number
    assert row[5] == 20 * A_DAY / 100


def test_an_export_waits_for_the_attest() -> None:
    rules()
    ready()
    with pytest.raises(Refused, match="inte attesterad"):
        operations.export(run=compute(), by_id=make.user(Role.FINANCE).id)
    assert db.session.scalar(select(func.count(AllowanceFile.id))) == 0


def test_the_year_counts_each_person_once_and_takes_off_corrections() -> None:
    rules()
    stays, goes = ready(), ready()
    booked()
    goes.annulled_at = goes.recorded_at
    make_payments.month_of(stays, "2026-03")
    booked(MARCH)
    reader = actor(make.user(Role.FINANCE))
    found = statement(reader, 2026)
    assert (found.all.people, found.all.full) == (1, 42)
    assert found.all.amount == 42 * A_DAY
    assert [(month.month, sums.people) for month, sums in found.months] == [
        (2, 1),
        (3, 1),
    ]


def test_the_grant_pays_no_more_than_was_paid() -> None:
    rules()
    ready()
    booked()
    home = make.municipality().id
    reader = actor(make.user(Role.FINANCE))
    for amount, granted, repaid in ((100000, 100000, 0), (400000, 284000, 116000)):
        enter(
            municipality_id=home,
            kind="grant",
            year=2026,
            amount=amount,
            source="Beslut 2026",
            by_id=None,
        )
        found = statement(reader, 2026)
        assert (found.granted, found.to_repay) == (granted, repaid)
        assert found.municipal == 20 * A_DAY


def test_a_month_goes_all_the_way_on_the_pages(client: StrictClient) -> None:
    ready()
    client.login(make.user(Role.FINANCE))
    answer = client.send(
        "/habiliteringsersattning/regler/nya?som=goteborg-2020",
        "first_day",
        first_day="2026-01-01",
        reference="SN 2025/1 § 2",
    )
    assert answer.status_code == 302
    assert "Göteborg 2020" in client.page(answer.location).text
    counted = client.send("/habiliteringsersattning/rakna", month="2026-02")
    page = client.page(counted.location)
    assert "En kollega attesterar" in page.text
    assert client.get(f"{counted.location}/fil").status_code == 404
    client.login(make.user(Role.APPROVER))
    approved = client.post(f"{counted.location}/attestera")
    assert approved.status_code == 302
    client.login(make.user(Role.FINANCE))
    assert client.post(f"{counted.location}/ta-ut").status_code == 302
    page = client.page(counted.location)
    assert "Hämta listan i Excel" in page.links
    assert "2 840,00 kr" in plain(page.text)
    again = client.post(f"{counted.location}/attestera")
    assert again.status_code == 403
    year = client.page("/habiliteringsersattning/ar/2026")
    assert "2 840,00 kr" in plain(year.text)
    file = client.get("/habiliteringsersattning/ar/2026/excel")
    assert sheets(file.data)["Redovisning"][1][1] == 1
    assert client.get("/habiliteringsersattning/ar/2020").status_code == 404


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"full": "tusen"}, "till exempel 0,24"),
        ({"half_from": "300"}, "En halv dag ska börja före en hel"),
        ({"first_day": "2026-01-15"}, "den första i en månad"),
        ({"reference": ""}, "Skriv var det är beslutat"),
        ({"kind": "hour"}, "Skriv ett värde"),
    ],
    ids=["share", "limits", "day", "reference", "hour"],
)
def test_rules_that_cannot_be_read_are_refused_and_kept_in_the_form(
    client: StrictClient, sent: dict[str, str], error: str
) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    told = {"first_day": "2026-01-01", "reference": "SN § 1", "name": "Vår egen"}
    path = "/habiliteringsersattning/regler/nya?som=goteborg-2020"
    answer = client.send(path, "first_day", **{**told, **sent})
    assert answer.status_code == 200
    assert error in " ".join(answer.page.errors)
    assert answer.page.one("input", name="name").get("value") == "Vår egen"
    assert db.session.scalar(select(func.count(Rule.id))) == 0


def test_the_unit_reads_its_own_by_name_and_finance_by_number(
    client: StrictClient,
) -> None:
    rules()
    placement, other = ready(), ready()
    run = compute()
    unit = db.session.get_one(Unit, placement.unit_id)
    name = db.session.get_one(Client, placement.client_id).last_name
    elsewhere = db.session.get_one(Client, other.client_id).last_name
    client.login(make.user(Role.PROVIDER, unit=unit))
    assert name not in client.page("/habiliteringsersattning/enheten").text
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    page = client.page("/habiliteringsersattning/enheten")
    assert name in page.text
    assert elsewhere not in page.text
    assert "20 hela dagar × 142,00 kr" in plain(page.text)
    logged = select(AuditSubject.client_id).join(Audit)
    about = db.session.scalars(logged.where(Audit.action == "allowance.own")).all()
    assert about == [placement.client_id]
    own = sheets(client.get(page.links["Hämta månaden i Excel"]).data)
    [row] = own["Habiliteringsersättning"][1:]
    assert name in str(row)
    assert row[5] == 20 * A_DAY / 100
    client.login(make.user(Role.FINANCE))
    start = f"/habiliteringsersattning/korning/{run.public_id}/personer"
    listed = client.page(start).text
    assert placement.number in listed
    assert name not in listed
    told = client.page(f"{start}/{placement.public_id}").text
    assert "0,24 % av prisbasbeloppet" in told
    assert name not in told


def test_a_year_amount_below_zero_is_told_at_its_field(client: StrictClient) -> None:
    client.login(make.user(Role.FINANCE))
    address = f"/habiliteringsersattning/ar-belopp/{year_amounts.GRANT}"
    told = {"year": "2026", "amount": "-5", "source": "SFS"}
    refused = client.send(address, "amount", **told)
    assert "Beloppet ska vara över noll." in refused.page.errors


def test_whoever_stands_in_the_months_list_or_waits_is_in_the_log(
    client: StrictClient,
) -> None:
    rules()
    placement, waits = ready(), make.placement(make.person())
    start = f"/habiliteringsersattning/korning/{booked().public_id}"
    client.login(make.user(Role.FINANCE))
    logged = select(AuditSubject.client_id).join(Audit)
    for path, action, who in (
        ("/personer", "allowance.people", placement),
        ("", "allowance.waits", waits),
    ):
        client.page(start + path)
        about = db.session.scalars(logged.where(Audit.action == action)).all()
        assert about == [who.client_id]


def test_another_municipality_sees_nothing(client: StrictClient) -> None:
    rules()
    ready()
    run = booked()
    other = make.municipality(name="Annan")
    make.system(municipality=other)
    client.login(make.user(Role.FINANCE, municipality=other))
    start = f"/habiliteringsersattning/korning/{run.public_id}"
    for path in ("", "/personer", "/fil"):
        assert client.get(start + path).status_code == 404
    assert run.public_id not in client.get("/habiliteringsersattning").text
    assert client.get("/habiliteringsersattning/ar/2026").status_code == 404
    client.login(make.user(Role.PROVIDER, municipality=other))
    assert "Ingen månad" in client.page("/habiliteringsersattning/enheten").text


def test_what_is_next_waits_on_the_start_page() -> None:
    rules()
    placement = ready()
    finance, approver = make.user(Role.FINANCE), make.user(Role.APPROVER)
    make_payments.month_of(placement, "2026-03")
    run = compute()

    def titles(user: User) -> list[str]:
        return [item.title for item in waiting(actor(user))]

    about = "habiliteringsersättningen för"
    assert titles(approver) == [f"Attestera {about} februari 2026"]
    assert titles(finance) == []
    operations.attest(run=run, by_id=approver.id)
    assert titles(approver) == []
    assert titles(finance) == [
        f"Räkna {about} mars 2026",
        f"Ta ut {about} februari 2026",
    ]


CODES = st.sampled_from("NASOX")
CHANGES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(9, 12), CODES), min_size=1, max_size=5
)
EVERY = select(AllowanceEntry).order_by(AllowanceEntry.id)


def test_after_any_changes_what_is_booked_is_one_count_of_the_final_facts(
    app: Flask,
) -> None:
    """Promises 2, 4 and 5: nothing booked changes, and the sum is one run's."""
    rules()
    make.instrument()

    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(CHANGES, st.sets(st.integers(0, 2)))
    def holds(changes: list[tuple[int, int, str]], confirmed: set[int]) -> None:
        with db.session.begin_nested() as undone:
            placements = [ready() for _ in range(3)]
            booked()
            before = {row.id: row.amount for row in db.session.scalars(EVERY)}
            last = [make_payments.month_of(one, version=2) for one in placements]
            for number, (who, day, code) in enumerate(changes, 3):
                changed = {f"d{day}": code}
                last[who] = make_payments.month_of(
                    placements[who], version=number, **changed
                )
            last += [
                make_payments.month_of(placements[who], "2026-03") for who in confirmed
            ]
            booked(MARCH)
            rows = list(db.session.scalars(EVERY))
            assert before.items() <= {row.id: row.amount for row in rows}.items()
            for row in rows:
                alone = amount_of(row.kind, row.quantity, row.rate, row.rounding)
                assert row.amount == alone
            days = sum(
                month.codes.count("N") + month.codes.count("X") for month in last
            )
            assert sum(row.amount for row in rows) == days * A_DAY
            undone.rollback()
            db.session.expunge_all()

    holds()
