"""Files for finance: made once, booked where the municipality has decided."""

import hashlib
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from lovdv import excel
from lovdv.access import Role
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import operations, queries, workbooks
from lovdv.ledger.account_queries import accounts_of, run_lines
from lovdv.ledger.accounts import AccountFault, AccountString, Facts, Row, chosen
from lovdv.ledger.models import LedgerFile
from lovdv.ledger.vat import compensation
from lovdv.payouts.models import PaymentRun
from lovdv.people.models import Client
from lovdv.providers.models import Contract, Unit
from tests import kit_ledger, kit_sie, make
from tests.kit_app import StrictClient
from tests.kit_ledger import account, attested, exported, template
from tests.kit_payouts import MARCH, PRICE, lines, month_ready, plain

pytestmark = pytest.mark.usefixtures("in_april", "terms")

values = st.sampled_from(["", "a", "b"])
asked = st.builds(Facts, *[values] * 6)
decided = st.lists(asked, max_size=6, unique=True)


def file_of(run: PaymentRun, kind: str) -> LedgerFile:
    [found] = [one for one in queries.ledger_files(run) if one.kind == kind]
    return found


@given(rows=decided, seed=st.randoms(use_true_random=False))
def test_the_row_chosen_does_not_depend_on_the_order(
    rows: list[Facts], seed: object
) -> None:
    line = Facts("a", "a", "a", "a", "a", "a")
    told = [
        Row(number, asks, AccountString("1"), date(2026, 1, 1))
        for number, asks in enumerate(rows)
    ]
    shuffled = list(told)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]

    def outcome(some: list[Row]) -> object:
        try:
            return chosen(some, line).ref
        except AccountFault as fault:
            return str(fault)

    assert outcome(told) == outcome(shuffled)


@given(rows=decided)
def test_a_row_for_just_this_line_always_wins(rows: list[Facts]) -> None:
    line = Facts("a", "a", "a", "a", "a", "a")
    told = [
        Row(number, asks, AccountString("1"), date(2026, 1, 1))
        for number, asks in enumerate({*rows, line})
    ]
    assert chosen(told, line).asks == line


@given(amount=st.integers(-(10**10), 10**10), share=st.integers(0, 100))
def test_vat_compensation_is_symmetrical_and_never_more_than_its_share(
    amount: int, share: int
) -> None:
    told = {"is_business": True, "regi": "extern", "counterpart": "company"}
    one = compensation(amount, per_cent=share, **told)
    back = compensation(-amount, per_cent=share, **told)
    assert one.amount == -back.amount
    assert abs(Decimal(amount * share) / 100 - one.amount) <= Decimal("0.5")


NO_COMPENSATION = {
    "own regi": {"regi": "intern", "counterpart": "own"},
    "another municipality": {"counterpart": "municipality"},
    "no business": {"is_business": False},
    "vat on the invoice": {"invoice_has_vat": True},
    "no share": {"per_cent": 0},
}


@pytest.mark.parametrize("changed", NO_COMPENSATION.values(), ids=NO_COMPENSATION)
def test_there_is_no_vat_compensation_for(changed: dict[str, object]) -> None:
    told = {"is_business": True, "regi": "extern", "counterpart": "company", **changed}
    assert compensation(62600, **told).mark == "N"


def test_export_makes_a_sie_file_that_balances_and_names_nobody() -> None:
    placement = month_ready()
    name = db.session.get_one(Client, placement.client_id).last_name
    account(first_day=date(2026, 1, 1))
    template("sie")
    run = exported()
    file = file_of(run, "sie")
    assert file.sha256 == hashlib.sha256(file.content).hexdigest()
    found = kit_sie.read(file.content)
    [voucher] = found.vouchers
    cost, debt = voucher.rows
    assert (cost.account, cost.amount) == ("4641", Decimal("12520.00"))
    assert cost.objects == [(1, "3410"), (20, "568")]
    assert (debt.account, debt.amount) == ("2511", Decimal("-12520.00"))
    assert voucher.day == date(2026, 2, 28)
    assert name not in file.content.decode("cp437")


def test_a_sie_file_by_line_says_the_placement_number() -> None:
    placement = month_ready()
    account()
    template("sie", per="line")
    found = kit_sie.read(file_of(exported(), "sie").content)
    assert placement.number in found.vouchers[0].rows[0].text


@pytest.mark.parametrize("name", ["raindance", "unit4", "rows"])
def test_export_makes_the_files_of_the_templates_in_force(name: str) -> None:
    month_ready()
    account()
    template(name)
    run = exported()
    file = file_of(run, "text")
    assert "4641" in file.content.decode("utf-8", "replace")
    assert file.total == 20 * PRICE
    assert run.status == "exported"


def test_a_template_from_a_later_day_makes_no_file() -> None:
    month_ready()
    account()
    template("rows", first_day=date(2026, 3, 1))
    assert not queries.ledger_files(exported())


def test_a_line_without_account_row_stops_all_files_and_is_listed(
    client: StrictClient,
) -> None:
    month_ready()
    account(asks=Facts(regi="intern"))
    template("sie")
    run = attested()
    with pytest.raises(Refused, match="saknar entydig kontering"):
        operations.export(run=run, by_id=None)
    db.session.rollback()


def test_the_faults_are_listed_before_the_export(client: StrictClient) -> None:
    month_ready()
    account(asks=Facts(regi="intern"))
    template("sie")
    run = attested()
    client.login(make.user(Role.FINANCE))
    response = client.post(f"/korningar/{run.public_id}/export")
    page = client.page(response.location)
    assert "Ingen rad passar" in page.text
    assert not queries.files(run)
    account()
    assert "Ta ut filerna" in client.page(response.location).text
    client.post(f"/korningar/{run.public_id}/export")
    assert run.status == "exported"


def test_two_rows_as_precise_are_ambiguous_and_nobody_guesses() -> None:
    placement = month_ready()
    account(asks=Facts(law="LSS"))
    account("4642", asks=Facts(unit=str(placement.unit_id)))
    run = attested()
    [fault] = accounts_of(run).faults
    assert fault.is_ambiguous
    both = Facts(law="LSS", unit=str(placement.unit_id))
    account("4643", asks=both)
    found = accounts_of(run)
    assert not found.faults
    assert {one.account for one in found.strings.values()} == {"4643"}


def test_the_unit_is_more_precise_than_its_provider_regi_and_form() -> None:
    placement = month_ready()
    provider = db.session.get_one(Unit, placement.unit_id).provider_id
    account("1", asks=Facts(regi="extern", counterpart="company"))
    account("2", asks=Facts(provider=str(provider)))
    account("3", asks=Facts(unit=str(placement.unit_id)))
    found = accounts_of(attested())
    assert {one.account for one in found.strings.values()} == {"3"}


def test_without_decided_rows_the_contracts_own_string_stands() -> None:
    placement = month_ready()
    db.session.get_one(Contract, placement.contract_id).account = "4511/3410"
    run = exported()
    [finance] = [one for one in queries.files(run) if one.kind == "finance"]
    sheet = load_workbook(io.BytesIO(finance.content))["Underlag"]
    heading, row = (list(r) for r in sheet.iter_rows(max_row=2, values_only=True))
    assert row[heading.index("konto/ansvar/verksamhet")] == "4511/3410"


def test_the_workbook_shows_account_and_vat_and_pays_the_same() -> None:
    placement = month_ready()
    db.session.get_one(Contract, placement.contract_id).vat_compensation = True
    account()
    run = exported()
    [finance] = [one for one in queries.files(run) if one.kind == "finance"]
    sheet = load_workbook(io.BytesIO(finance.content))["Underlag"]
    heading, row = (list(r) for r in sheet.iter_rows(max_row=2, values_only=True))
    told = dict(zip(heading, row, strict=True))
    assert told["konto/ansvar/verksamhet"] == "4641/3410/568"
    assert (told["belopp"], told["momsersättningsgrundande"]) == (12520, "J")
    assert (told["momsprocent"], told["momsersättning"]) == (6, 751.2)


def test_a_workbook_made_again_is_the_same_to_the_byte() -> None:
    month_ready()
    account()
    run = exported()
    [finance] = [one for one in queries.files(run) if one.kind == "finance"]
    assert workbooks.for_finance(run) == finance.content


def test_the_sheets_after_the_lines_say_what_the_lines_say() -> None:
    month_ready("2")
    month_ready("2")
    month_ready("3")
    account()
    run = exported()
    [finance] = [one for one in queries.files(run) if one.kind == "finance"]
    book = load_workbook(io.BytesIO(finance.content))
    heading, *rows = (list(row) for row in book["Underlag"].values)
    amounts = [row[heading.index("belopp")] for row in rows]
    control = dict(book["Kontroll"].values)
    assert (control["Rader"], control["Placeringar"], control["Utförare"]) == (3, 3, 3)
    assert (control["Summa"], control["Återföringar"]) == (sum(amounts), 0)
    summary = list(book["Sammanställning"].values)[1:]
    assert sorted(row[5] for row in summary) == sorted(amounts)


def test_the_lines_of_a_run_may_be_gone_through_again() -> None:
    month_ready()
    month_ready()
    found = accounts_of(attested())
    once = [line.id for line in found.lines]
    assert [line.id for line in found.lines] == once
    assert [line.id for line in run_lines(found.run).first(1)] == once[:1]


def test_a_file_made_again_is_the_same_or_says_that_it_corrects() -> None:
    month_ready()
    account()
    made = template("rows")
    run = exported()
    first = file_of(run, "text")
    assert operations.make(run=run, template=made, by_id=None) is first
    account("4642")
    with pytest.raises(Refused, match="en annan"):
        operations.make(run=run, template=made, by_id=None)
    second = operations.make(run=run, template=made, by_id=None, reason="Fel konto")
    assert (second.version, second.corrects_id) == (2, first.id)
    assert "rattad-2" in second.name
    assert b"4641" in first.content
    assert b"4642" in second.content


def test_a_reversal_is_booked_where_the_line_was() -> None:
    placement = month_ready()
    account()
    template("rows")
    exported()
    account("4999", first_day=date(2026, 3, 1))
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    run = exported(MARCH)
    told = file_of(run, "text").content.decode("utf-8-sig").splitlines()
    booked = {(line.split(";")[3], line.split(";")[7]) for line in told[1:]}
    assert booked == {("4641", "-12520,00"), ("4999", "6260,00")}
    assert [line.amount for line in lines(run)] == [-20 * PRICE, 10 * PRICE]


def test_a_row_that_ends_gives_way_to_the_wider_one() -> None:
    month_ready()
    account("4600")
    account("4641", asks=Facts(regi="extern"))
    account(
        "4641", asks=Facts(regi="extern"), first_day=date(2026, 2, 1), withdrawn=True
    )
    found = accounts_of(attested())
    assert {one.account for one in found.strings.values()} == {"4600"}


def test_deciding_the_same_again_adds_nothing() -> None:
    assert account() == 1
    assert account() == 0
    assert account("4642") == 1


def test_a_value_too_wide_for_the_template_stops_the_export() -> None:
    month_ready()
    account("46410000")
    template("raindance", fields=[{"source": "konto", "width": 4}, kit_ledger.WIDE])
    run = attested()
    with pytest.raises(Refused, match="får inte plats på 4"):
        operations.export(run=run, by_id=None)
    db.session.rollback()


def test_finance_decides_a_row_on_the_page(client: StrictClient) -> None:
    make.unit()
    client.login(make.user(Role.FINANCE))
    assert "Ingen kontering gäller" in client.page("/ekonomifiler/kontering").text
    response = client.send(
        "/ekonomifiler/kontering/ny",
        regi="extern",
        account="4641",
        contra="2511",
        first_day="2026-01-01",
        reference="Ekonomi 1",
    )
    page = client.page(response.location)
    assert page.table()[0][:2] == ["extern", "4641"]


def test_a_row_with_a_code_of_the_wrong_form_is_refused(client: StrictClient) -> None:
    make.unit()
    client.login(make.user(Role.FINANCE))
    response = client.send(
        "/ekonomifiler/kontering/ny",
        account="46 41",
        first_day="2026-01-01",
        reference="Ekonomi 1",
    )
    assert any("ingen kod" in error for error in response.page.errors)


def test_the_table_goes_out_and_in_again_unchanged(client: StrictClient) -> None:
    placement = month_ready()
    account()
    account("4642", asks=Facts(regi="extern", law="LSS", kind="place"))
    account("0043", asks=Facts(unit=str(placement.unit_id)), vat_per_cent=18)
    client.login(make.user(Role.FINANCE))
    content = client.get("/ekonomifiler/kontering/excel").data

    def send(content: bytes, name: str) -> str:
        data = {
            "file": (io.BytesIO(content), name),
            "first_day": "2026-02-01",
            "reference": "Ekonomi 2",
        }
        response = client.post(
            "/ekonomifiler/kontering/las-in",
            data=data,
            content_type="multipart/form-data",
        )
        if response.status_code == 302:
            return client.page(response.location).html
        return " ".join(response.page.errors)

    assert "0 rader är beslutade" in send(content, "k.xlsx")
    changed = "regi;konto;motkonto\nextern;4650;2511\n;4699;2511\n"
    assert "2 rader är beslutade" in send(changed.encode(), "k.csv")
    wrong = f"konto;radtyp\n1;supplement:{'x' * 29}\n2;place:mat\n"
    told = send(wrong.encode(), "k.csv")
    assert "Rad 2: Tilläggets kod är längre än 28 tecken" in told
    assert "Rad 3: ”place:mat” är ingen radtyp" in told
    wrong = "regi;konto;radtyp\nannan;1;\nextern;2;mat\n"
    told = send(wrong.encode(), "k.csv")
    assert "Rad 2: ”annan” är ingen regi" in told
    assert "Rad 3: ”mat” är ingen radtyp" in told


def test_another_municipalitys_rows_and_files_are_not_found(
    client: StrictClient,
) -> None:
    month_ready()
    account()
    made = template("rows")
    run = exported()
    file = file_of(run, "text")
    elsewhere = make.municipality(name="Annan kommun")
    make.system(municipality=elsewhere)
    client.login(make.user(Role.FINANCE, municipality=elsewhere))
    for path in (
        f"/ekonomifiler/fil/{file.public_id}",
        f"/ekonomifiler/mallar/{made.public_id}",
        f"/ekonomifiler/korningar/{run.public_id}",
        f"/ekonomifiler?system={make.system().public_id}",
    ):
        assert client.get(path).status_code == 404


def test_the_attestant_reads_but_decides_nothing(client: StrictClient) -> None:
    make.unit()
    client.login(make.user(Role.APPROVER))
    for path in ("", "/kontering", "/mallar", "/bokslut"):
        assert client.get(f"/ekonomifiler{path}").status_code == 200
    for path in ("/kontering/ny", "/mallar/ny/text", "/kontering/las-in"):
        assert client.get(f"/ekonomifiler{path}").status_code == 403


def test_the_pages_of_a_run_show_files_vat_and_checksums(client: StrictClient) -> None:
    placement = month_ready()
    db.session.get_one(Contract, placement.contract_id).vat_compensation = True
    account()
    template("sie")
    run = exported()
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/ekonomifiler/korningar/{run.public_id}")
    assert "751,20 kr" in plain(page.text)
    assert client.get(page.links["sie_2026-02_" + run.public_id[:8] + ".si"]).data
    assert "februari 2026" in client.page("/ekonomifiler").text


def test_only_who_knows_the_person_reads_the_key(client: StrictClient) -> None:
    caseworker = make.user(Role.CASEWORKER)
    placement, hidden, other = month_ready(), month_ready(), month_ready()
    for one in (placement, hidden):
        make.assignment(db.session.get_one(Client, one.client_id), caseworker)
    secret = db.session.get_one(Client, hidden.client_id)
    secret.protection = "sekretessmarkering"
    run = exported()
    path = f"/ekonomifiler/nyckel/{run.public_id}"
    client.login(caseworker)
    page = client.page(client.page("/ekonomifiler/nyckel").links["februari 2026"])
    assert "2 av körningens 3 placeringar" in page.text
    assert secret.case_number in page.text
    assert secret.last_name not in page.text
    assert other.number not in page.text
    key = client.get(f"{path}?excel=1").data
    assert excel.read(key, "k.xlsx")[0] == ["placeringsnr", "ärendenummer", "namn"]
    assert db.session.scalars(
        select(AuditSubject.client_id)
        .join(Audit, Audit.id == AuditSubject.audit_id)
        .where(Audit.action == "ledger.key")
        .distinct()
        .order_by(AuditSubject.client_id)
    ).all() == sorted([placement.client_id, hidden.client_id])
    client.login(make.user(Role.FINANCE))
    assert client.get(path).status_code == 403


def test_an_account_row_without_contra_account_stops_the_sie_file() -> None:
    month_ready()
    account(contra="")
    template("sie")
    run = attested()
    [told] = operations.faults_before(run)
    assert "saknar motkonto" in told
