"""A month from attendance to the file for finance, and what stands in its way."""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from lovdv import excel
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import (
    checking,
    computing,
    line_queries,
    operations,
    pricing,
    queries,
)
from lovdv.payouts.models import (
    ExportFile,
    Finding,
    HeldItem,
    PaymentLine,
    PaymentRun,
    PriceDraft,
    PriceList,
)
from lovdv.payouts.standing import line_of
from lovdv.people.models import Client
from lovdv.placements import reporting
from lovdv.placements.models import (
    AbsenceCode,
    AttendanceMonth,
    ClosedDay,
    Placement,
)
from lovdv.providers.models import Contract, Unit
from lovdv.systems.operations import decide_rule
from payments import Month, recomputed
from tests import make, make_payments
from tests.kit_app import StrictClient

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
PRICE = 62600
"""Tyresö's full-time day at level 2, external."""


@pytest.fixture(autouse=True)
def _in_april(app: Flask) -> None:
    app.config["TODAY"] = "2026-04-07"


def month_ready(
    label: str = "2", unit: Unit | None = None, **changed: str
) -> Placement:
    """A person at level 2 whose February is confirmed; rules and prices decided."""
    person = make.person()
    make.decision(person)
    make.level(person, label, first_day=make.START)
    placement = make.placement(person, unit)
    make_payments.month_of(placement, **changed)
    return placement


@pytest.fixture
def terms(app: Flask) -> None:
    make_payments.payment_rules()
    make_payments.prices()


def compute(
    month: Month = FEBRUARY, by: User | None = None, seen: PaymentRun | None = None
) -> PaymentRun:
    preparer = by or make.user(Role.FINANCE)
    return computing.compute(
        system=make.system(), month=month, by_id=preparer.id, seen=seen
    )


def settle(run: PaymentRun) -> None:
    """Pay whatever the controls found."""
    found = [f for f in queries.findings(run) if checking.needs_decision(f)]
    if found:
        by = make.user(Role.FINANCE).id
        checking.decide(run=run, findings=found, decision="pay", reason="Ja", by=by)


def paid(month: Month = FEBRUARY) -> PaymentRun:
    """A month all the way to the file."""
    run = compute(month)
    settle(run)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    operations.export(run=run, by_id=None)
    return run


def lines(run: PaymentRun) -> Sequence[PaymentLine]:
    return db.session.scalars(
        select(PaymentLine).where(PaymentLine.run_id == run.id).order_by(PaymentLine.id)
    ).all()


def held_items(run: PaymentRun) -> Sequence[HeldItem]:
    return db.session.scalars(select(HeldItem).where(HeldItem.run_id == run.id)).all()


def amounts(run: PaymentRun) -> list[int]:
    return [line.amount for line in lines(run)]


@pytest.mark.usefixtures("terms")
def test_a_month_becomes_lines_that_lead_back_to_the_decision() -> None:
    placement = month_ready()
    run = compute()
    [line] = lines(run)
    assert (line.amount, line.days, line.level) == (20 * PRICE, 20, "2")
    assert line.decisions == str(placement.decision_id)
    assert (run.total, run.line_count, run.status) == (20 * PRICE, 1, "computed")
    assert recomputed(line_of(line)) == line.amount


@pytest.mark.usefixtures("terms")
def test_prices_that_change_inside_the_month_split_the_line() -> None:
    month_ready()
    make_payments.prices(first_day=date(2026, 2, 16), raised=100)
    assert amounts(compute()) == [10 * PRICE, 10 * (PRICE + 100)]


@pytest.mark.usefixtures("terms")
def test_what_is_missing_is_held_with_its_reason_and_the_rest_is_paid() -> None:
    month_ready()
    unreported = make.placement(make.person())
    run = compute()
    [item] = db.session.scalars(select(HeldItem))
    assert (item.error, item.placement_id) == ("MissingAttendance", unreported.id)
    assert amounts(run) == [20 * PRICE]


def test_without_rules_or_prices_nothing_is_paid_by_guess(app: Flask) -> None:
    month_ready()
    with pytest.raises(Refused, match="ersättningsregler"):
        compute()
    make_payments.payment_rules()
    db.session.rollback()


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize(
    ("changed", "details"),
    [
        ({"d8": "X"}, {}),
        ({}, {"8": [{"from": "09:00", "to": "12:00", "code": "X"}]}),
    ],
    ids=["whole day", "part of day"],
)
def test_attendance_outside_the_plan_is_found(
    changed: dict[str, str], details: dict[str, list[dict[str, str]]]
) -> None:
    placement = month_ready(**changed)
    [row] = db.session.scalars(select(AttendanceMonth))
    row.details = details
    db.session.flush()
    found = [(f.control, f.placement_id) for f in queries.findings(compute())]
    assert ("outside_plan", placement.id) in found


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
    found = [f for f in queries.findings(run) if checking.needs_decision(f)]
    checking.decide(run=run, findings=found, decision="pay", reason="Ja", by=decider.id)
    with pytest.raises(Refused, match="beslutat om en kontroll"):
        operations.attest(run=run, by_id=decider.id)


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
    [line] = line_queries.booked_lines(run)
    assert line.supplier_number == "1001"
    operations.export(run=run, by_id=None)
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d2="O", d3="O")
    suppliers = [x.supplier_number for x in line_queries.booked_lines(compute(MARCH))]
    assert suppliers == ["1001", "99999", "99999"]


@pytest.mark.usefixtures("terms")
def test_another_payee_demands_a_new_computation() -> None:
    placement = month_ready()
    run = compute()
    db.session.get_one(Contract, placement.contract_id).supplier_number = "99999"
    db.session.flush()
    with pytest.raises(Refused, match="räkna om"):
        operations.attest(run=run, by_id=make.user(Role.APPROVER).id)


@pytest.mark.usefixtures("terms")
def test_the_rule_on_late_reports_decides_whether_the_plan_is_paid() -> None:
    placement = month_ready()
    make_payments.month_of(placement, "2026-03")
    silent = month_ready()
    paid()
    run = compute(MARCH)
    assert silent.id not in {line.placement_id for line in lines(run)}
    decide_rule(
        choice_system_id=make.system().id,
        key="attendance",
        first_day=date(2026, 3, 1),
        value={"late": "plan"},
    )
    again = compute(MARCH, seen=run)
    [line] = [line for line in lines(again) if line.placement_id == silent.id]
    assert "månaden är inte rapporterad" in line.rules


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
def test_two_runs_of_the_same_month_are_refused() -> None:
    month_ready()
    first = compute()
    with pytest.raises(Refused, match="före dig"):
        compute()
    assert queries.last_run(make.system().id) == first


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize(
    ("month", "words"),
    [
        (Month(2026, 5), "inte börjat"),
        (Month(2026, 1), "redan attesterad"),
        (Month(2026, 4), "Mars 2026 är inte räknad"),
    ],
    ids=["future", "past", "left out"],
)
def test_months_are_paid_in_order(month: Month, words: str) -> None:
    month_ready()
    paid()
    with pytest.raises(Refused, match=words):
        compute(month)


@pytest.mark.usefixtures("terms")
def test_an_unfinished_month_comes_first() -> None:
    month_ready()
    compute()
    with pytest.raises(Refused, match="Gör klart"):
        compute(MARCH)


@pytest.mark.usefixtures("terms")
def test_an_attested_month_is_never_computed_again() -> None:
    month_ready()
    run = paid()
    with pytest.raises(Refused, match="redan attesterad"):
        compute(seen=run)


@pytest.mark.usefixtures("terms")
def test_a_late_change_is_reversed_in_full_and_booked_anew() -> None:
    placement = month_ready()
    first = paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d2="O", d3="O", d4="O")
    run = compute(MARCH)
    reversal, corrected, march = lines(run)
    assert [line.amount for line in (reversal, corrected)] == [-20 * PRICE, 18 * PRICE]
    assert reversal.corrects_id == lines(first)[0].id
    assert (reversal.month, march.month) == (FEBRUARY.first, MARCH.first)
    assert (reversal.payee_id, reversal.rules) == (
        lines(first)[0].payee_id,
        lines(first)[0].rules,
    )


@pytest.mark.usefixtures("terms")
def test_a_month_that_is_stopped_never_takes_back_what_was_paid() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.prices(revision=2, spelt={"heltid": "Heltid"})
    run = compute(MARCH)
    assert lines(run) == []
    held = {(i.month.month, i.error, i.amount) for i in held_items(run)}
    assert held == {
        (2, "MissingRate", None),
        (2, "PaidStands", -20 * PRICE),
        (3, "MissingRate", None),
    }
    settle(run)
    make_payments.prices(revision=3)
    assert [line.month for line in lines(compute(MARCH, seen=run))] == [MARCH.first]


@pytest.mark.usefixtures("terms")
def test_a_correction_run_without_changes_is_empty() -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    assert {line.month for line in lines(compute(MARCH))} == {MARCH.first}


@pytest.mark.usefixtures("terms")
def test_what_is_too_old_to_correct_is_listed_with_its_sum() -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="attendance",
        first_day=make.START,
        value={"back_months": 0},
    )
    placement = month_ready()
    paid()
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    run = compute(MARCH)
    [item] = db.session.scalars(select(HeldItem).where(HeldItem.run_id == run.id))
    assert (item.reason, item.amount) == ("left_out", -10 * PRICE)
    assert lines(run) == []


@pytest.mark.usefixtures("terms")
def test_a_hold_is_not_booked_and_comes_back_next_month() -> None:
    placement = month_ready()
    make.decision_of(db.session.get_one(Client, placement.client_id)).end_day = date(
        2026, 2, 16
    )
    db.session.flush()
    run = compute()
    [finding] = [f for f in queries.findings(run) if checking.needs_decision(f)]
    assert finding.control == "outside_decision"
    by = make.user(Role.FINANCE).id
    checking.decide(run=run, findings=[finding], decision="hold", reason="Fråga", by=by)
    assert (queries.sums(run).paid, queries.sums(run).on_hold) == (0, 20 * PRICE)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    operations.export(run=run, by_id=None)
    march = compute(MARCH)
    [again] = [f for f in queries.findings(march) if f.control == "held_before"]
    assert (again.decision, again.amount) == ("hold", 20 * PRICE)
    checking.decide(run=march, findings=[again], decision="pay", reason="Ja", by=by)
    assert queries.sums(march).paid == 20 * PRICE


def held(month: Month = FEBRUARY) -> PaymentRun:
    """A month all the way to the file, with everything found held."""
    run = compute(month)
    found = [f for f in queries.findings(run) if f.control not in checking.LISTED_ONLY]
    if found:
        by = make.user(Role.FINANCE).id
        checking.decide(run=run, findings=found, decision="hold", reason="Fråga", by=by)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    operations.export(run=run, by_id=None)
    return run


@pytest.mark.usefixtures("terms")
def test_a_hold_is_remembered_over_a_run_in_which_the_month_was_stopped() -> None:
    placement = month_ready(d8="X")
    held()
    make_payments.month_of(placement, "2026-03")
    make_payments.prices(revision=2, spelt={"heltid": "Heltid"})
    paid(MARCH)
    make_payments.prices(revision=3)
    make_payments.month_of(placement, "2026-04")
    april = compute(Month(2026, 4))
    found = [f for f in queries.findings(april) if f.control == "held_before"]
    assert [(f.month, f.decision, f.amount) for f in found] == [
        (FEBRUARY.first, "hold", 20 * PRICE)
    ]


@pytest.mark.usefixtures("terms")
def test_what_was_held_and_then_paid_is_not_held_again() -> None:
    placement = month_ready(d8="X")
    held()
    make_payments.month_of(placement, "2026-03")
    march = compute(MARCH)
    [again] = [f for f in queries.findings(march) if f.control == "held_before"]
    by = make.user(Role.FINANCE).id
    checking.decide(run=march, findings=[again], decision="pay", reason="Ja", by=by)
    operations.attest(run=march, by_id=make.user(Role.APPROVER).id)
    operations.export(run=march, by_id=None)
    make_payments.month_of(placement, version=2, d9="O", d10="O")
    april = compute(Month(2026, 4))
    assert "held_before" not in {f.control for f in queries.findings(april)}


@pytest.mark.usefixtures("terms")
def test_taking_back_money_after_a_death_is_no_payment_after_the_end() -> None:
    placement = month_ready()
    paid()
    placement.end_day = placement.paid_end_day = date(2026, 2, 10)
    db.session.get_one(Client, placement.client_id).died_on = date(2026, 2, 9)
    db.session.flush()
    run = compute(MARCH)
    assert amounts(run) == [-20 * PRICE, 6 * PRICE]
    assert queries.findings(run) == []


@pytest.mark.usefixtures("terms")
def test_the_same_day_on_two_placements_is_told_by_their_numbers() -> None:
    make_payments.payment_rules(same_hours="paid")
    first = month_ready()
    client = db.session.get_one(Client, first.client_id)
    second = make.placement(client, make.unit())
    make_payments.month_of(second)
    [found] = [f for f in queries.findings(compute()) if f.control == "same_day_twice"]
    assert found.message.endswith(f"finns också på placering {second.number}.")


@pytest.mark.usefixtures("terms")
def test_days_that_are_stopped_ask_for_no_decision() -> None:
    first = month_ready()
    client = db.session.get_one(Client, first.client_id)
    make_payments.month_of(make.placement(client, make.unit()))
    assert {f.control for f in queries.findings(compute())} == {"stopped"}


@pytest.mark.usefixtures("terms")
def test_the_controls_know_the_municipalitys_own_letters() -> None:
    first = month_ready()
    client = db.session.get_one(Client, first.client_id)
    make._added(
        AbsenceCode(
            choice_system_id=make.system().id,
            code="R",
            name="På annan enhet",
            effect="other_unit",
            first_day=make.START,
        )
    )
    weekdays = {f"d{n}": "R" for n in range(1, 29) if n % 7 not in (0, 1)}
    make_payments.month_of(make.placement(client, make.unit()), **weekdays)
    assert queries.findings(compute()) == []


@pytest.mark.usefixtures("terms")
def test_absence_runs_on_from_a_month_already_paid() -> None:
    nine_days = {f"d{day}": "A" for day in (17, 18, 19, 20, 23, 24, 25, 26, 27)}
    placement = month_ready(**nine_days)
    paid()
    make_payments.month_of(placement, "2026-03", d2="A", d3="A", d4="A")
    [line] = lines(compute(MARCH))
    assert (line.days, line.counted) == (20, "A:1 N:19")


@pytest.mark.usefixtures("terms")
def test_absence_runs_on_over_a_month_without_a_placement() -> None:
    person = make.person()
    make.level(person, "2", first_day=make.START)
    january = make.placement(person, end_day=date(2026, 2, 1))
    ten_days = {f"d{day}": "A" for day in (*range(19, 24), *range(26, 31))}
    make_payments.month_of(january, "2026-01", **ten_days)
    march = make.placement(person, first_day=date(2026, 3, 1))
    make_payments.month_of(march, "2026-03", d2="A", d3="A")
    paid(Month(2026, 1))
    paid()
    [line] = lines(compute(MARCH))
    assert (line.days, line.counted) == (20, "N:20")


@pytest.mark.usefixtures("terms")
def test_the_units_own_closed_days_are_not_paid_by_the_plan() -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="attendance",
        first_day=make.START,
        value={"late": "plan"},
    )
    persons = make.person(), make.person()
    for person in persons:
        make.level(person, "2", first_day=make.START)
    closed, _ = (make.placement(person) for person in persons)
    make._added(
        ClosedDay(
            choice_system_id=make.system().id,
            unit_id=closed.unit_id,
            day=date(2026, 2, 10),
            name="Stängt",
            decided_at=now(),
        )
    )
    days = {line.placement_id == closed.id: line.days for line in lines(compute())}
    assert days == {True: 19, False: 20}


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
def test_the_amounts_are_what_the_price_list_gives_by_hand() -> None:
    for label in "123":
        month_ready(label, d9="A", d10="O", d11="O", d12="K")
    text = (make_payments.PRICES / "tyreso-2020.csv").read_text("utf-8")
    printed = {
        row.split(";")[0]: Decimal(row.split(";")[3])
        for row in text.splitlines()[1:]
        if ";heltid;extern;" in row
    }
    # Twenty weekdays less the second day not notified and the closed day.
    expected = sorted(int(printed[label] * 18 * 100) for label in "123")
    assert sorted(amounts(compute())) == expected


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
def test_a_death_that_becomes_known_demands_a_new_computation() -> None:
    placement = month_ready()
    run = compute()
    db.session.get_one(Client, placement.client_id).died_on = date(2026, 2, 12)
    db.session.flush()
    with pytest.raises(Refused, match="räkna om"):
        operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    [found] = queries.findings(compute(seen=run))
    assert found.control == "after_end"


def test_goteborg_pays_by_the_calendar_month(app: Flask) -> None:
    make_payments.payment_rules("goteborg-2023")
    make_payments.prices("goteborg-2023")
    placement = month_ready("1")
    placement.paid_first_day = date(2026, 2, 19)
    db.session.flush()
    run = compute()
    [line] = lines(run)
    assert (line.extent_class, line.hundredths, line.of) == ("deltid 2", 1000, 28)
    assert line.amount == round(1027000 * 10 / 28)


# --- pages ----------------------------------------------------------------------


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


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


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
    assert "följer inte listans mönster" in page.text
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
        ((io.BytesIO(b"%PDF"), "priser.xlsx"), "inte en Excelarbetsbok"),
        ((io.BytesIO(b""), "priser.csv"), "tom"),
    ],
    ids=["pdf", "empty"],
)
def test_a_file_that_is_no_price_list_is_refused(
    client: StrictClient, file: tuple[io.BytesIO, str], words: str
) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    again = io.BytesIO(file[0].getvalue()), file[1]
    response = client.post(
        "/prislistor/ny", data={"file": again}, content_type="multipart/form-data"
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


@pytest.mark.usefixtures("terms")
def test_findings_are_paid_or_held_with_a_reason(client: StrictClient) -> None:
    placement = month_ready()
    make.decision_of(db.session.get_one(Client, placement.client_id)).end_day = date(
        2026, 2, 16
    )
    run = compute()
    [finding] = [f for f in queries.findings(run) if checking.needs_decision(f)]
    client.login(make.user(Role.FINANCE))
    address = f"/korningar/{run.public_id}/kontroller"
    assert "Beslutet täcker inte alla dagar" in client.page(address).text
    chosen = {"finding": finding.public_id, "decision": "hold"}
    without = client.send(address, "reason", reason="", **chosen)
    assert any("Skriv varför" in error for error in without.page.errors)
    nothing = client.send(address, "reason", decision="hold", reason="Fråga")
    assert any("Markera minst en rad" in error for error in nothing.page.errors)
    client.send(address, "reason", reason="Nytt beslut väntas", **chosen)
    assert (finding.decision, finding.reason) == ("hold", "Nytt beslut väntas")
    listed = client.page(f"/korningar/{run.public_id}/stoppade")
    assert listed.table()[0][2] == "Nytt beslut väntas"


@pytest.mark.usefixtures("terms")
def test_all_that_wait_under_a_control_are_decided_at_once(
    client: StrictClient,
) -> None:
    run = [month_ready(d8="X"), month_ready(d8="X"), compute()][-1]
    client.login(make.user(Role.FINANCE))
    address = f"/korningar/{run.public_id}/kontroller"
    client.send(address, "reason", control="outside_plan", decision="pay", reason="Ja")
    assert [f.decision for f in queries.findings(run)] == ["pay", "pay"]


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
        found = queries.findings(run)
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
def test_a_unit_reads_its_own_lines_with_names_and_nobody_elses(
    client: StrictClient,
) -> None:
    placement, other = month_ready(), month_ready()
    run = paid()
    unit = db.session.get_one(Unit, placement.unit_id)
    elsewhere = db.session.get_one(Unit, other.unit_id)
    name = db.session.get_one(Client, placement.client_id).last_name
    client.login(make.user(Role.PROVIDER, unit=unit))
    page = client.page(f"/ersattning/{run.public_id}/{unit.public_id}")
    assert name in page.text
    [line] = [row for row in lines(run) if row.placement_id == placement.id]
    explained = client.page(f"/ersattning/rad/{run.public_id}/{line.id}")
    assert "20 dagar × 626,00 kr = 12 520,00 kr" in plain(explained.text)
    [foreign] = [row for row in lines(run) if row.placement_id == other.id]
    for path in (
        f"/ersattning/{run.public_id}/{elsewhere.public_id}",
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
    assert "Ingen månad är attesterad" in client.page("/ersattning").text


@pytest.mark.usefixtures("terms")
def test_a_unit_downloads_its_own_lines_only(client: StrictClient) -> None:
    placement, other = month_ready(), month_ready()
    run = paid()
    unit = db.session.get_one(Unit, placement.unit_id)
    another = db.session.get_one(Unit, other.unit_id)
    client.login(make.user(Role.PROVIDER, unit=unit))
    answer = client.get(f"/ersattning/{run.public_id}/{unit.public_id}/underlag")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    numbers = {row[rows[0].index("placeringsnr")] for row in rows[1:]}
    assert numbers == {placement.number}
    foreign = f"/ersattning/{run.public_id}/{another.public_id}/underlag"
    assert client.get(foreign).status_code == 404
    for file in db.session.scalars(select(ExportFile)):
        assert client.get(f"/korningar/fil/{file.public_id}").status_code == 403


@pytest.mark.usefixtures("terms")
def test_names_go_from_the_basis_when_the_unit_no_longer_sees_the_person(
    client: StrictClient, app: Flask
) -> None:
    placement = month_ready()
    run = paid()
    unit = db.session.get_one(Unit, placement.unit_id)
    name = db.session.get_one(Client, placement.client_id).last_name
    address = f"/ersattning/{run.public_id}/{unit.public_id}"
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
    run = paid()
    gone.end_day = gone.paid_end_day = date(2026, 2, 28)
    name = db.session.get_one(Client, here.client_id).last_name
    client.login(make.user(Role.PROVIDER, unit=unit))
    read = client.page(f"/ersattning/{run.public_id}/{unit.public_id}").text
    assert name in read
    assert gone.number in read
    assert db.session.get_one(Client, gone.client_id).last_name not in read


@pytest.mark.usefixtures("terms")
def test_what_is_held_is_no_sum_to_be_paid(client: StrictClient) -> None:
    unit = make.unit()
    month_ready(unit=unit)
    month_ready(unit=unit, d8="X")
    run = held()
    address = f"/ersattning/{run.public_id}/{unit.public_id}"
    for user in (make.user(Role.FINANCE), make.user(Role.PROVIDER, unit=unit)):
        client.login(user)
        [row] = client.page("/ersattning").table()
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
    run = held()
    client.login(make.user(Role.PROVIDER, unit=unit))
    links = client.page("/ersattning").links
    address = f"/ersattning/{run.public_id}/{unit.public_id}"
    assert address in links.values()
    told = {"held": "Fråga", "stopped": "Närvaron är inte bekräftad"}
    page = client.page(address)
    assert "Inget betalas för månaden än" in page.text
    assert told[why] in page.text


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
    run = paid()
    client.login(make.user(Role.PROVIDER, unit=unit))
    client.get(f"/ersattning/{run.public_id}/{unit.public_id}/underlag")
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
