"""A unit's month row by row: state, reason and what happens next."""

import io
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import func, select

from lovdv.access import Role
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.basis.rows import unit_month
from lovdv.extensions import db
from lovdv.ledger import read_back
from lovdv.payouts import operations
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.payouts.standing import is_on_hold
from lovdv.people.models import Client
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_page import Page, text_of
from tests.kit_payouts import (
    FEBRUARY,
    MARCH,
    compute,
    held,
    lines,
    month_ready,
    paid,
    plain,
    settle,
)
from tests.make_calibration import actor

pytestmark = pytest.mark.usefixtures("in_april", "terms")

NUMBER, MONTH, STATE = "Placering", "Avser", "Läge"
WHY, NEXT, AMOUNT = "Varför", "Härnäst", "Belopp"


def page_of(client: StrictClient, unit: Unit, month: str = "2026-02") -> Page:
    client.login(make.user(Role.PROVIDER, unit=unit))
    return client.page(f"/ersattning/{unit.public_id}/{month}")


def rows_of(
    client: StrictClient, unit: Unit, month: str = "2026-02"
) -> list[dict[str, str]]:
    """Each row's cells by their column."""
    [body] = page_of(client, unit, month).all("tbody")
    return [
        {cell.get("data-label", NUMBER): plain(text_of(cell)) for cell in row}
        for row in body.iter("tr")
    ]


def unit_of(placement: Placement) -> Unit:
    return db.session.get_one(Unit, placement.unit_id)


def test_a_paid_row_says_when_it_is_paid(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    [row] = rows_of(client, unit_of(placement))
    assert row[STATE] == "Lämnad till betalning"
    assert row[WHY] == "20 dagar × 626,00 kr = 12 520,00 kr."
    assert row[NEXT] == "Betalas senast 25 mars 2026"
    assert row[AMOUNT] == "12 520,00 kr"


def test_a_held_row_says_why_and_which_run_looks_at_it_next(
    client: StrictClient,
) -> None:
    placement = month_ready(d8="X")
    held()
    [row] = rows_of(client, unit_of(placement))
    assert row[STATE] == "Hålls inne"
    assert row[WHY] == "Ekonomin ser över raden."
    assert row[NEXT] == "Ses över i körningen för mars 2026 10 april 2026"


def test_a_stopped_row_says_what_is_missing(client: StrictClient) -> None:
    unit = make.unit()
    make.placement(make.person(), unit)
    held()
    [row] = rows_of(client, unit)
    assert row[STATE] == "Stoppad"
    assert "Närvaron är inte bekräftad" in row[WHY]
    assert "körningen för mars 2026" in row[NEXT]


def test_what_a_later_run_paid_is_told_in_the_month_where_it_was_stopped(
    client: StrictClient,
) -> None:
    unit = make.unit()
    placement = month_ready(unit=unit)
    stopped = make.placement(make.person(), unit)
    held()
    make.level(stopped.client, first_day=make.START)
    for one in (placement, stopped):
        make_payments.month_of(one, "2026-03")
    make_payments.month_of(stopped)
    paid(MARCH)
    [row] = [r for r in rows_of(client, unit) if r[NUMBER].startswith(stopped.number)]
    assert row[STATE] == "Betald senare"
    assert row[NEXT] == "Körningen för mars 2026 25 april 2026"


def answered(run: PaymentRun, *told: tuple[PaymentLine, str, str]) -> None:
    """Finance's answer about some lines: paid, or rejected with a reason."""
    rows = [f"{line.id};{outcome};{reason}" for line, outcome, reason in told]
    text = "\n".join(["rad;utfall;orsak", *rows])
    read_back.read(run=run, content=text.encode(), file_name="svar.csv", by_id=None)


def test_what_finance_has_answered_is_told(client: StrictClient) -> None:
    unit = make.unit()
    first, second = month_ready(unit=unit), month_ready(unit=unit)
    run = paid()
    by_placement = {line.placement_id: line for line in lines(run)}
    answered(
        run,
        (by_placement[first.id], "betald", ""),
        (by_placement[second.id], "avvisad", "Fel konto"),
    )
    rows = {row[NUMBER].split(",")[0]: row for row in rows_of(client, unit)}
    assert rows[first.number][STATE] == "Betald"
    assert rows[first.number][NEXT] == "Ekonomisystemet svarade 7 april 2026"
    assert rows[second.number][STATE] == "Avvisad av ekonomisystemet"
    assert "Avvisad: Fel konto" in rows[second.number][WHY]
    assert "Betalas 12 520,00 kr" in " ".join(plain(page_of(client, unit).text).split())


def test_a_month_that_nobody_has_confirmed_waits_for_the_unit(
    client: StrictClient,
) -> None:
    placement = make.placement()
    [row] = rows_of(client, unit_of(placement), "2026-04")
    assert row[STATE] == "Väntar på närvaro"
    assert "betalas månaden inte" in row[WHY]
    assert row[NEXT] == "Bekräfta närvaron, senast 5 maj 2026"
    [row] = rows_of(client, unit_of(placement), "2026-03")
    assert row[NEXT] == "Bekräfta närvaron, skulle ha varit klar 5 april 2026"


def test_a_confirmed_month_waits_for_its_run(client: StrictClient) -> None:
    placement = month_ready()
    [row] = rows_of(client, unit_of(placement))
    assert row[STATE] == "Väntar på körning"
    assert row[WHY] == "Närvaron är bekräftad."
    assert row[NEXT] == "Räknas i körningen för februari 2026 10 mars 2026"


def test_somebody_without_a_line_in_a_booked_month_is_told_of(
    client: StrictClient,
) -> None:
    unit = make.unit()
    month_ready(unit=unit)
    paid()
    new = make.placement(make.person(), unit)
    [row] = [r for r in rows_of(client, unit) if r[NUMBER].startswith(new.number)]
    assert row[STATE] == "Inget att betala"
    assert "körningen för mars 2026" in row[NEXT]


def test_a_correction_is_explained_in_words(client: StrictClient) -> None:
    unit = make.unit()
    placement = month_ready(unit=unit)
    paid()
    make_payments.month_of(placement, "2026-03")
    make_payments.month_of(placement, version=2, d9="O", d10="O")
    march = compute(MARCH)
    settle(march)
    operations.attest(run=march, by_id=make.user(Role.APPROVER).id)
    [own, earlier] = rows_of(client, unit, "2026-03")
    assert own[MONTH] == "mars 2026"
    assert earlier[MONTH] == "februari 2026"
    assert "Betalda dagar, närvarande: 18 i stället för 20." in earlier[WHY]
    assert earlier[AMOUNT] == "−626,00 kr"
    page = page_of(client, unit, "2026-03")
    assert "Ändrat sedan februari 2026" in page.text
    [row] = rows_of(client, unit)
    assert "Rättades i körningen för mars 2026." in row[WHY]


def test_who_is_new_and_who_has_gone_since_the_month_before_is_told(
    client: StrictClient,
) -> None:
    unit = make.unit()
    stays, goes = month_ready(unit=unit), month_ready(unit=unit)
    paid()
    goes.end_day = goes.paid_end_day = date(2026, 3, 1)
    comes = month_ready(unit=unit)
    comes.first_day = comes.paid_first_day = date(2026, 3, 1)
    for one in (stays, comes):
        make_payments.month_of(one, "2026-03")
    paid(MARCH)
    page = page_of(client, unit, "2026-03")
    items = [plain("".join(item.itertext())) for item in page.all("li")]
    assert any(comes.number in item and "Ny i månaden" in item for item in items)
    assert any(goes.number in item and "förra månaden" in item for item in items)
    assert not any(stays.number in item for item in items)


CODES = st.sampled_from("NAOS")


def test_the_months_together_come_to_all_that_the_unit_is_paid(app: Flask) -> None:
    """Whatever is changed afterwards, the sums at the top are the booked lines."""

    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(CODES, CODES, st.booleans()), min_size=1, max_size=4))
    def holds(people: list[tuple[str, str, bool]]) -> None:
        with db.session.begin_nested() as undone:
            unit = make.unit()
            placements = [month_ready(unit=unit, d9=first) for first, _, _ in people]
            held()
            for placement, (_, later, confirmed) in zip(
                placements, people, strict=True
            ):
                make_payments.month_of(placement, version=2, d9=later, d10=later)
                if confirmed:
                    make_payments.month_of(placement, "2026-03")
            held(MARCH)
            reader = actor(make.user(Role.PROVIDER, unit=unit))
            months = [unit_month(reader, unit, month) for month in (FEBRUARY, MARCH)]
            booked = select(func.sum(PaymentLine.amount)).where(
                ~is_on_hold(PaymentLine)
            )
            told = sum(month.paid for month in months)
            assert told == db.session.scalar(booked)
            undone.rollback()
            db.session.expunge_all()

    holds()


def test_one_page_explains_everything_about_a_row(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    unit = unit_of(placement)
    page = page_of(client, unit)
    [address] = {
        link for text, link in page.links.items() if text.startswith(placement.number)
    }
    read = plain(client.page(address).text)
    assert "Nivå 2, heltid, extern regi: 626,00 kr per dag enligt prislistan." in read
    assert "20 dagar × 626,00 kr = 12 520,00 kr." in read
    other = make.placement()
    elsewhere = address.replace(placement.public_id, other.public_id)
    assert client.get(elsewhere).status_code == 404


@pytest.mark.parametrize("month", ["2026-13", "1899-01", "x", "2300-01"])
def test_what_is_no_month_is_not_found(client: StrictClient, month: str) -> None:
    unit = unit_of(month_ready())
    client.login(make.user(Role.PROVIDER, unit=unit))
    assert client.get(f"/ersattning/{unit.public_id}/{month}").status_code == 404


def test_a_month_without_anybody_is_not_found(client: StrictClient) -> None:
    unit = unit_of(month_ready())
    client.login(make.user(Role.PROVIDER, unit=unit))
    assert client.get(f"/ersattning/{unit.public_id}/2020-01").status_code == 404


def test_the_list_of_months_also_has_those_that_wait(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    client.login(make.user(Role.PROVIDER, unit=unit_of(placement)))
    table = client.page("/ersattning").table()
    assert [row[0].split(",")[0] for row in table] == [
        "April 2026",
        "Mars 2026",
        "Februari 2026",
    ]


def sheet(content: bytes, number: int = 0) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(content)).worksheets[number].values)


def test_names_stand_in_the_units_own_file_only(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    unit = unit_of(placement)
    name = db.session.get_one(Client, placement.client_id).last_name
    address = f"/ersattning/{unit.public_id}/2026-02/excel"
    client.login(make.user(Role.PROVIDER, unit=unit))
    own = sheet(client.get(address).data)
    assert name in str(own)
    assert own[1][own[0].index("senast")].date() == date(2026, 3, 25)  # type: ignore[union-attr]
    client.login(make.user(Role.FINANCE))
    read = sheet(client.get(address).data)
    assert name not in str(read)
    assert "person" not in read[0]
    logged = select(AuditSubject.client_id).join(Audit)
    found = db.session.scalars(logged.where(Audit.action == "basis.file")).all()
    assert found == [placement.client_id] * 2


def test_several_months_come_in_one_file(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    make_payments.month_of(placement, "2026-03")
    paid(MARCH)
    unit = unit_of(placement)
    client.login(make.user(Role.PROVIDER, unit=unit))
    address = f"/ersattning/{unit.public_id}/2026-03"
    answer = client.send(address, "fran", fran="2026-02", till="2026-03")
    rows = sheet(answer.data)
    months = {row[0].strftime("%Y-%m") for row in rows[1:]}  # type: ignore[union-attr]
    assert months == {"2026-02", "2026-03"}
    total = dict(sheet(answer.data, 2))["Allt som betalas"]  # type: ignore[arg-type]
    assert total == 12520 + 22 * 626
    for wrong in ("fran=2026-02", "fran=x&till=2026-03", "fran=2020-01&till=2020-02"):
        path = f"/ersattning/{unit.public_id}/excel?{wrong}"
        assert client.get(path).status_code == 404
