"""What each provider is to have: invoices matched, files to pay by, claims."""

import doctest
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import event
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import vat_sums
from lovdv.ledger.account_queries import accounts_of
from lovdv.payouts.models import PaymentRun
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, Provider, Unit
from lovdv.settlement import invoice_queries, invoices, matching, operations, queries
from lovdv.settlement.invoices import Told
from lovdv.settlement.matching import DueMonth, check_digit, ocr, shares, state
from lovdv.settlement.queries import Settled
from payments import Month
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_ledger import account, exported
from tests.kit_payouts import MARCH, PRICE, month_ready, plain

pytestmark = pytest.mark.usefixtures("in_april", "terms")

FEB = DueMonth(1, date(2026, 2, 1), "26025", 20 * PRICE)
MAR = DueMonth(2, date(2026, 3, 1), "26035", 22 * PRICE)
amounts = st.integers(-(10**9), 10**9)
months = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=6).map(
    lambda pairs: [
        DueMonth(n, date(2026, n, 1), f"77{n}", due, invoiced)
        for n, (due, invoiced) in enumerate(pairs, start=1)
    ]
)


def test_the_worked_examples_hold() -> None:
    assert doctest.testmod(matching).failed == 0


@given(amount=amounts, known=months, named=st.sets(st.integers(1, 6)))
def test_an_invoice_is_placed_in_full_or_not_at_all(
    amount: int, known: list[DueMonth], named: set[int]
) -> None:
    reference = " ".join(f"77{n}" for n in named)
    found = shares(amount, reference, known)
    assert sum(one.amount for one in found) in {0, amount}
    assert len({one.run_id for one in found}) == len(found)
    assert all(one.amount for one in found)
    hit = [one for one in known if one.run_id in named]
    assert {one.run_id for one in found} <= {one.run_id for one in hit or known}


@given(due=amounts, invoiced=amounts, count=st.integers(0, 3))
def test_a_month_stands_only_when_the_sums_are_equal(
    due: int, invoiced: int, count: int
) -> None:
    assert (state(due, invoiced, count) in {"matched", "nothing"}) == (due == invoiced)


@given(
    month=st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    run=st.from_regex(r"[0-9a-f]{20}", fullmatch=True),
    payee=st.from_regex(r"[0-9a-f]{20}", fullmatch=True),
)
def test_a_reference_has_its_length_and_a_check_digit(
    month: date, run: str, payee: str
) -> None:
    made = ocr(month, run, payee)
    assert made.isdigit()
    assert int(made[-2]) == len(made) % 10
    assert check_digit(made[:-1]) == int(made[-1])


PLACED = {
    "its own reference": (FEB.due, "Ert OCR 26025.", [(1, FEB.due)]),
    "the months in words": (
        FEB.due + MAR.due,
        "2026-02 och 2026-03",
        [
            (1, FEB.due),
            (2, MAR.due),
        ],
    ),
    "the oldest first, the last takes the rest": (
        FEB.due + 100,
        "202602, 202603",
        [(1, FEB.due), (2, 100)],
    ),
    "exactly what one lacks": (MAR.due, "", [(2, MAR.due)]),
    "a credit note": (-500, "2026-03", [(2, -500)]),
    "nothing fits": (12345, "Anna", []),
    "another number that holds ours": (1, "9926025", []),
}


@pytest.mark.parametrize(
    ("amount", "reference", "expected"), PLACED.values(), ids=PLACED
)
def test_an_invoice_goes_to_the_months_that_it_says(
    amount: int, reference: str, expected: list[tuple[int, int]]
) -> None:
    found = shares(amount, reference, [FEB, MAR])
    assert [(one.run_id, one.amount) for one in found] == expected


def the(run: PaymentRun) -> Settled:
    [one] = queries.settled([run])
    return one


def contract_of(placement: Placement) -> Contract:
    return db.session.get_one(Contract, placement.contract_id)


def way(placement: Placement, kind: str) -> None:
    operations.decide_way(
        contract=contract_of(placement),
        way=kind,
        first_day=date(2026, 1, 1),
        reference="Ekonomi 1",
        by_id=None,
    )


def invoice(
    placement: Placement,
    amount: int,
    *,
    reference: str = "",
    number: str = "F1",
    vat: int = 0,
) -> invoice_queries.Placed:
    told = Told(
        provider_id=contract_of(placement).provider_id,
        number=number,
        day=date(2026, 4, 1),
        reference=reference,
        amount=amount,
        vat=vat,
    )
    invoices.record(system=make.system(), told=told, by_id=None)
    return invoice_queries.invoices(make.system().id)[0]


def test_an_invoice_with_our_reference_matches_its_month() -> None:
    placement = month_ready()
    run = exported()
    way(placement, "invoice")
    assert the(run).state == matching.WAITING
    invoice(placement, 20 * PRICE, reference=the(run).ocr)
    assert the(run).state == matching.MATCHED


def test_an_invoice_of_another_amount_shows_the_difference(
    client: StrictClient,
) -> None:
    placement = month_ready()
    run = exported()
    way(placement, "invoice")
    invoice(placement, 20 * PRICE - 5000, reference="2026-02")
    assert (the(run).state, the(run).difference) == (matching.PARTLY, -5000)
    client.login(make.user(Role.FINANCE))
    told = plain(client.page("/avrakning").text)
    assert "−50,00 kr För lite fakturerat" in told
    invoice(placement, 7500, reference="2026-02", number="F2")
    assert the(run).difference == 2500
    invoice(placement, -2500, reference="2026-02", number="K1")
    assert the(run).state == matching.MATCHED


def test_an_invoice_that_names_nothing_is_placed_by_hand(client: StrictClient) -> None:
    placement = month_ready()
    run = exported()
    way(placement, "invoice")
    client.login(make.user(Role.FINANCE))
    response = client.send(
        "/avrakning/fakturor/ny",
        number="F7",
        day="2026-04-01",
        reference="Anna",
        amount="100,00",
    )
    page = client.page(response.location)
    assert "Varken referensen eller beloppet" in page.text
    too_much = client.send(response.location, "run", amount="200,00")
    assert any("ryms" in error for error in too_much.page.errors)
    client.send(response.location, "run", amount="100,00")
    assert the(run).invoiced == 10000


def test_the_same_invoice_twice_is_refused() -> None:
    placement = month_ready()
    exported()
    invoice(placement, 100)
    with pytest.raises(Refused, match="redan registrerad"):
        invoice(placement, 100)


def send(client: StrictClient, text: str) -> TestResponse:
    data = {"file": (io.BytesIO(text.encode()), "fakturor.csv")}
    return client.post(
        "/avrakning/fakturor/las-in", data=data, content_type="multipart/form-data"
    )


def test_invoices_come_by_file_all_or_none(client: StrictClient) -> None:
    placement = month_ready()
    run = exported()
    number = db.session.get_one(
        Provider, contract_of(placement).provider_id
    ).organisation_number
    client.login(make.user(Role.FINANCE))
    head = "organisationsnr;fakturanr;fakturadatum;referens;belopp;moms\n"
    good = f"{number};F1;2026-03-05;2026-02;12 520,00;\n"
    bad = f"{number};F2;5 mars;;100;\n000000-0000;F3;2026-03-05;;1;\n"
    refused = send(client, head + good + bad)
    told = " ".join(refused.page.errors)
    assert "Rad 3: fakturadatum: ”5 mars” är ingen dag" in told
    assert "Rad 4: Ingen utförare" in told
    assert not invoice_queries.invoices(make.system().id)
    assert send(client, head + good).status_code == 302
    assert the(run).invoiced == 20 * PRICE
    assert any("redan registrerad" in e for e in send(client, head + good).page.errors)


def organisation_number(placement: Placement) -> str:
    home = contract_of(placement).provider_id
    return db.session.get_one(Provider, home).organisation_number


def test_a_number_too_long_is_a_fault_and_never_cut(client: StrictClient) -> None:
    number = organisation_number(month_ready())
    client.login(make.user(Role.FINANCE))
    rows = [f"{number};{'7' * 60}{end};2026-03-05;;100\n" for end in ("", "1")]
    told = send(client, HEAD + "".join(rows)).page.errors
    assert told == ["Rad 3: Fakturanumret är längre än 60 tecken. Rätta det."]
    assert send(client, HEAD + rows[0]).status_code == 302


HEAD = "organisationsnr;fakturanr;fakturadatum;referens;belopp\n"
ODD = {
    "a week": ("2026-W10-4;;100", "fakturadatum: ”2026-W10-4” är ingen dag"),
    "a year long gone": ("0202-03-05;;100", "årtalet ser fel ut"),
    "no day": (";;100", "fakturadatum saknas"),
    "too large": (f"2026-03-05;;{'9' * 20}", "Beloppet är större än"),
}


@pytest.mark.parametrize(("cells", "words"), ODD.values(), ids=ODD)
def test_an_odd_day_or_amount_in_a_file_is_a_fault_of_its_row(
    client: StrictClient, cells: str, words: str
) -> None:
    number = organisation_number(month_ready())
    client.login(make.user(Role.FINANCE))
    told = send(client, f"{HEAD}{number};F1;{cells}\n").page.errors
    assert any("Rad 2: " in error and words in error for error in told)


def test_each_row_of_a_file_lacks_what_the_rows_before_it_left() -> None:
    placement = month_ready()
    run = exported()
    way(placement, "invoice")
    number = organisation_number(placement)
    day = date(2026, 3, 5).isoformat()
    rows = [
        HEAD.strip().split(";"),
        [number, "F1", day, "2026-02", "12 000,00"],
        [number, "F2", day, "", "520,00"],
        [number, "F3", day, "", "520,00"],
    ]
    assert invoices.record_file(system=make.system(), rows=rows, by_id=None) == 3
    assert the(run).state == matching.MATCHED
    unplaced = {
        one.invoice.number: one.unplaced
        for one in invoice_queries.invoices(make.system().id)
    }
    assert unplaced == {"F1": 0, "F2": 0, "F3": 52000}


def test_a_longer_file_reads_the_runs_no_more_often() -> None:
    placement = month_ready()
    exported()
    number = organisation_number(placement)
    found: list[str] = []
    connection = db.session.connection()

    def note(_: object, cursor: object, statement: str, *rest: object) -> None:
        found.append(statement)

    def readings(name: str, count: int) -> int:
        rows = [[number, f"{name}{n}", "2026-03-05", "", "1,00"] for n in range(count)]
        told = [HEAD.strip().split(";"), *rows]
        found.clear()
        invoices.record_file(system=make.system(), rows=told, by_id=None)
        return sum(PaymentRun.__table__.name in statement for statement in found)

    event.listen(connection, "before_cursor_execute", note)
    once = readings("A", 1)
    assert once
    assert readings("B", 12) == once
    event.remove(connection, "before_cursor_execute", note)


def test_an_invoice_with_vat_gives_no_vat_compensation() -> None:
    placement = month_ready()
    contract_of(placement).vat_compensation = True
    run = exported()
    assert [one.amount for one in vat_sums.of_run(accounts_of(run))] == [75120]
    invoice(placement, 20 * PRICE, reference="2026-02", vat=5 * PRICE)
    assert not vat_sums.of_run(accounts_of(run))


def test_a_payout_file_has_the_reference_and_no_placements(
    client: StrictClient,
) -> None:
    placement = month_ready()
    run = exported()
    way(placement, "payout")
    client.login(make.user(Role.FINANCE))
    client.send(f"/avrakning?korning={run.public_id}", "way", way="payout")
    page = client.page(f"/avrakning?korning={run.public_id}")
    name = f"utbetalning_2026-02_{run.public_id[:8]}.xlsx"
    book = load_workbook(io.BytesIO(client.get(page.links[name]).data))
    rows = list(book["Underlag"].iter_rows(values_only=True))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert told["OCR"] == the(run).ocr
    assert told["att betala"] == 12520
    assert placement.number not in str(rows)
    made = operations.make_file(run=run, way="payout", by_id=None, reason="")
    assert made.version == 1


def test_own_regi_gets_an_internal_order() -> None:
    unit = make.unit(contracted=False)
    make.contract(unit, regi="intern")
    placement = month_ready(unit=unit)
    account()
    run = exported()
    with pytest.raises(Refused, match="internorder"):
        way(placement, "invoice")
    way(placement, "internal")
    made = operations.make_file(run=run, way="internal", by_id=None, reason="")
    rows = list(
        load_workbook(io.BytesIO(made.content))["Underlag"].iter_rows(values_only=True)
    )
    assert rows[1][5:7] == ("4641/3410/568", "2511")
    assert made.total == the(run).net


def test_the_way_holds_from_its_day() -> None:
    placement = month_ready()
    way(placement, "invoice")
    operations.decide_way(
        contract=contract_of(placement),
        way="payout",
        first_day=date(2026, 3, 1),
        reference="Ekonomi 2",
        by_id=None,
    )
    run = exported()
    assert the(run).way == "invoice"


@pytest.mark.parametrize("first", ["payout", "invoice"])
def test_a_month_that_is_settled_keeps_its_way(
    first: str, client: StrictClient
) -> None:
    placement = month_ready()
    run = exported()
    way(placement, first)
    if first == "payout":
        operations.make_file(run=run, way="payout", by_id=None, reason="")
    else:
        invoice(placement, 20 * PRICE, reference=the(run).ocr)
    other = "invoice" if first == "payout" else "payout"
    address = f"/avrakning/satt/{contract_of(placement).public_id}"
    client.login(make.user(Role.FINANCE))
    told = {"way": other, "reference": "Ekonomi 2"}
    refused = client.send(address, "way", first_day="2026-02-01", **told)
    [error] = refused.page.errors
    assert "Februari 2026 är redan avräknad" in error
    assert "1 mars 2026" in error
    assert the(run).way == first
    client.send(address, "way", first_day="2026-03-01", **told)
    assert the(run).way == first
    way(placement, first)


def test_a_month_paid_by_file_takes_no_invoice() -> None:
    placement = month_ready()
    run = exported()
    way(placement, "payout")
    operations.make_file(run=run, way="payout", by_id=None, reason="")
    placed = invoice(placement, 20 * PRICE, reference=the(run).ocr)
    assert (placed.unplaced, the(run).invoiced) == (20 * PRICE, 0)
    with pytest.raises(Refused, match="tar inga fakturor"):
        invoices.place_by_hand(placed=placed, run_id=run.id, amount=1, by_id=None)
    with pytest.raises(Refused, match="redan avräknad med utbetalning"):
        way(placement, "invoice")


def test_a_month_whose_invoice_is_credited_may_be_settled_otherwise() -> None:
    placement = month_ready()
    run = exported()
    way(placement, "invoice")
    invoice(placement, 20 * PRICE, reference=the(run).ocr)
    with pytest.raises(Refused, match="Kreditera fakturan först"):
        way(placement, "payout")
    invoice(placement, -20 * PRICE, reference=the(run).ocr, number="K1")
    way(placement, "payout")
    assert the(run).way == "payout"


def negative() -> tuple[Placement, PaymentRun]:
    """A March that only takes back what February paid."""
    placement = month_ready()
    exported()
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    return placement, exported(MARCH)


def test_a_month_below_zero_is_a_claim_until_it_is_paid_back(
    client: StrictClient,
) -> None:
    _, run = negative()
    one = the(run)
    assert (one.net, one.claim) == (-10 * PRICE, 10 * PRICE)
    client.login(make.user(Role.FINANCE))
    page = client.page("/avrakning/fordringar")
    assert "6 260,00 kr" in plain(page.text)
    path = f"/avrakning/fordringar/{run.public_id}/{one.provider.public_id}"
    told = {"kind": "payment", "day": "2026-04-07", "note": "Inbetald på bankgiro"}
    too_much = client.send(path, "amount", amount="6260,01", **told)
    assert any("Fordran är" in error for error in too_much.page.errors)
    client.send(path, "amount", amount="6000,00", **told)
    assert the(run).claim == 26000
    client.send(path, "amount", amount="260,00", **told)
    assert the(run).claim == 0
    assert "Reglerad" in client.page("/avrakning/fordringar").text


def test_a_credit_note_settles_the_claim() -> None:
    placement, run = negative()
    way(placement, "invoice")
    assert the(run).state == matching.CREDIT_DUE
    invoice(placement, -10 * PRICE, reference="2026-03")
    assert (the(run).claim, the(run).state) == (0, matching.MATCHED)


def test_a_provider_that_has_left_is_told_so_on_the_list(client: StrictClient) -> None:
    placement, _ = negative()
    contract_of(placement).end_day = date(2026, 3, 1)
    db.session.flush()
    client.login(make.user(Role.APPROVER))
    assert "Utföraren har slutat" in client.page("/avrakning/fordringar").text


def test_a_set_off_takes_from_a_later_month_and_never_more_than_it_has() -> None:
    unit = make.unit()
    placement = month_ready(unit=unit)
    february, march = later_month(placement, unit)
    owed, full = the(february), the(march)
    invoice(placement, full.due - 5000, reference=full.ocr)
    told = {"day": date(2026, 4, 7), "note": "Enligt överenskommelse", "by_id": None}
    with pytest.raises(Refused, match="50,00"):
        operations.record_entry(
            claim=owed, kind="set_off", amount=5001, against=full, **told
        )
    operations.record_entry(
        claim=owed, kind="set_off", amount=5000, against=full, **told
    )
    assert the(february).claim == owed.claim - 5000
    assert the(march).due == full.due - 5000


def test_another_municipality_finds_nothing(client: StrictClient) -> None:
    placement = month_ready()
    run = exported()
    found = invoice(placement, 100)
    elsewhere = make.municipality(name="Annan kommun")
    make.system(municipality=elsewhere)
    client.login(make.user(Role.FINANCE, municipality=elsewhere))
    for path in (
        f"?korning={run.public_id}",
        f"/fakturor/{found.invoice.public_id}",
        f"/satt/{contract_of(placement).public_id}",
    ):
        assert client.get(f"/avrakning{path}").status_code == 404


def test_the_attestant_reads_and_records_nothing(client: StrictClient) -> None:
    month_ready()
    exported()
    client.login(make.user(Role.APPROVER))
    for path in ("", "/fakturor", "/fordringar", "/satt"):
        assert client.get(f"/avrakning{path}").status_code == 200
    assert client.get("/avrakning/fakturor/ny").status_code == 403


def test_a_claim_is_set_off_against_a_later_month_on_the_page(
    client: StrictClient,
) -> None:
    unit = make.unit()
    before = month_ready(unit=unit)
    make_payments.month_of(before, "2026-01")
    exported(Month(2026, 1))
    before.paid_end_day = date(2026, 1, 17)
    db.session.flush()
    february = exported()
    owed = the(february).claim
    assert owed > 0
    after = month_ready(unit=unit)
    after.paid_first_day = date(2026, 3, 1)
    make_payments.month_of(after, "2026-03")
    db.session.flush()
    way(after, "payout")
    march = exported(MARCH)
    full = the(march).due
    client.login(make.user(Role.FINANCE))
    one = the(february)
    path = f"/avrakning/fordringar/{february.public_id}/{one.provider.public_id}"
    response = client.send(
        path,
        "amount",
        kind="set_off",
        against=march.public_id,
        amount=str(Decimal(owed).scaleb(-2)),
        day="2026-04-07",
        note="Räknas av i mars",
    )
    assert response.status_code == 302, response.page.errors
    assert the(february).claim == 0
    assert the(march).due == full - owed
    made = operations.make_file(run=march, way="payout", by_id=None, reason="")
    assert made.total == full - owed


def later_month(placement: Placement, unit: Unit) -> tuple[PaymentRun, PaymentRun]:
    """A January that becomes a claim in February, and a March with money to take."""
    make_payments.month_of(placement, "2026-01")
    exported(Month(2026, 1))
    placement.paid_end_day = date(2026, 1, 17)
    db.session.flush()
    february = exported()
    after = month_ready(unit=unit)
    after.paid_first_day = date(2026, 3, 1)
    make_payments.month_of(after, "2026-03")
    db.session.flush()
    return february, exported(MARCH)


def test_a_month_whose_payout_file_is_made_gives_nothing_up(
    client: StrictClient,
) -> None:
    unit = make.unit()
    placement = month_ready(unit=unit)
    way(placement, "payout")
    february, march = later_month(placement, unit)
    claim, against = the(february), the(march)
    operations.make_file(run=march, way="payout", by_id=None, reason="")
    with pytest.raises(Refused, match="redan i en utbetalningsfil"):
        operations.record_entry(
            claim=claim,
            kind="set_off",
            amount=100,
            against=against,
            day=date(2026, 4, 7),
            note="Räknas av",
            by_id=None,
        )
    client.login(make.user(Role.FINANCE))
    path = f"/avrakning/fordringar/{february.public_id}/{claim.provider.public_id}"
    assert march.public_id not in client.page(path).text


def test_a_claim_is_read_again_before_it_is_made_smaller() -> None:
    _, run = negative()
    seen_by_both = the(run)
    told = {"kind": "payment", "day": date(2026, 4, 7), "note": "Bg", "by_id": None}
    operations.record_entry(claim=seen_by_both, amount=10 * PRICE, **told)
    with pytest.raises(Refused, match="Fordran är"):
        operations.record_entry(claim=seen_by_both, amount=1, **told)


def test_an_invoice_is_read_again_before_it_is_placed() -> None:
    placement = month_ready()
    make_payments.month_of(placement, "2026-03")
    february, march = exported(), exported(MARCH)
    seen_by_both = invoice(placement, 100)
    invoices.place_by_hand(
        placed=seen_by_both, run_id=february.id, amount=100, by_id=None
    )
    with pytest.raises(Refused, match="inte fördelat"):
        invoices.place_by_hand(
            placed=seen_by_both, run_id=march.id, amount=100, by_id=None
        )


def test_an_internal_order_has_its_rows_though_the_number_has_changed_since() -> None:
    own = make.unit(contracted=False)
    make.contract(own, regi="intern")
    placement = month_ready(unit=own)
    account()
    run = exported()
    way(placement, "internal")
    own.provider.organisation_number = "212000-9999"
    db.session.flush()
    made = operations.make_file(run=run, way="internal", by_id=None, reason="")
    assert (made.rows, made.total) == (1, the(run).net)


def test_own_regi_below_zero_is_in_its_internal_order_and_no_claim(
    client: StrictClient,
) -> None:
    unit = make.unit(contracted=False)
    make.contract(unit, regi="intern")
    placement = month_ready(unit=unit)
    account()
    exported()
    way(placement, "internal")
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    march = exported(MARCH)
    assert the(march).net < 0
    made = operations.make_file(run=march, way="internal", by_id=None, reason="")
    assert made.total == the(march).net
    assert queries.claims(make.system().id) == []
    client.login(make.user(Role.FINANCE))
    path = f"/avrakning/fordringar/{march.public_id}/{the(march).provider.public_id}"
    assert client.get(path).status_code == 404
