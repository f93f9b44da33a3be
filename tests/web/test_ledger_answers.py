"""What finance answers: matched and unmatched are all there is; nothing overwritten."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from lovdv import excel
from lovdv.access import Role
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import read_back, read_back_queries, year_end
from lovdv.ledger.answers import (
    PAID,
    REJECTED,
    UNMATCHED,
    AnswerSettings,
    PaidLine,
    matched,
    read_settings,
)
from lovdv.ledger.models import LedgerFile, ReadBack, ReadBackRow
from lovdv.payouts.models import PaymentRun
from lovdv.providers.models import Contract
from tests import make
from tests.kit_app import StrictClient
from tests.kit_ledger import exported
from tests.kit_payouts import MARCH, PRICE, held, lines, month_ready

pytestmark = pytest.mark.usefixtures("in_april", "terms")

words = st.sampled_from(["Betald", "OK", "Avvisad", "fel", "kanske", ""])
numbers = st.sampled_from(["1", "2", "3", "9", "", "x"])
amounts = st.sampled_from(["", "100,00", "100", "99,99", "tio"])
rows = st.lists(st.tuples(numbers, words, amounts).map(list), max_size=12)
LINES = [PaidLine(n, n // 2, f"10{n}", f"55{n}000-0000", 10000) for n in (1, 2, 3)]
HEADING = ["Rad", "Status", "Belopp"]


@given(rows=rows)
def test_every_row_is_matched_once_or_unmatched_with_a_reason(
    rows: list[list[str]],
) -> None:
    found = matched([HEADING, *rows], LINES, AnswerSettings())
    assert len(found) == sum(any(row) for row in rows)
    named = [one.line_id for one in found if one.outcome != UNMATCHED]
    assert len(named) == len(set(named))
    for one in found:
        assert bool(one.fault) == (one.outcome == UNMATCHED)
        assert (one.line_id is None) == (one.outcome == UNMATCHED)
        assert (
            rows[one.number - 2][1].casefold()
            in {
                PAID: ("betald", "ok"),
                REJECTED: ("avvisad", "fel"),
                UNMATCHED: ("betald", "ok", "avvisad", "fel", "kanske", ""),
            }[one.outcome]
        )


FAULTS = {
    "a line of another run": (["9", "OK", ""], "Rad 9 finns inte i körningen"),
    "another amount": (["1", "OK", "99,99"], "99,99 kr i filen men 100,00 kr"),
    "no amount at all": (["1", "OK", "tio"], "”tio” är inte ett belopp"),
    "an unknown word": (["1", "kanske", ""], "varken betald eller avvisad"),
    "nothing named": (["", "OK", ""], "säger inte vad den gäller"),
}


@pytest.mark.parametrize(("row", "words"), FAULTS.values(), ids=FAULTS)
def test_a_row_that_fits_nothing_says_why(row: list[str], words: str) -> None:
    [one] = matched([HEADING, row], LINES, AnswerSettings())
    assert one.outcome == UNMATCHED
    assert words in one.fault.replace("\N{NO-BREAK SPACE}", " ")


def test_the_same_line_twice_in_a_file_counts_once() -> None:
    found = matched(
        [HEADING, ["1", "OK", ""], ["1", "Fel", ""]], LINES, AnswerSettings()
    )
    assert [one.outcome for one in found] == [PAID, UNMATCHED]
    assert "Står också på rad 2" in found[1].fault


def test_a_provider_is_answered_for_as_a_whole() -> None:
    told = [["Orgnr", "Utfall", "Belopp"], ["551000 0000", "OK", "100,00"]]
    [one] = matched(told, LINES[:1], AnswerSettings())
    assert (one.outcome, one.provider_id, one.line_id) == (PAID, 0, None)


def test_the_systems_own_headings_and_words_are_read() -> None:
    settings = read_settings(
        {"columns": {"line": "Verrad", "status": "Kod"}, "paid": ["A"]}
    )
    [one] = matched([["VERRAD", "Kod"], ["2", "a"]], LINES, settings)
    assert (one.outcome, one.line_id) == (PAID, 2)


def send(client: StrictClient, run: PaymentRun, text: str) -> TestResponse:
    data = {"file": (io.BytesIO(text.encode()), "svar.csv")}
    return client.post(
        f"/ekonomifiler/korningar/{run.public_id}/svar",
        data=data,
        content_type="multipart/form-data",
    )


def test_an_answer_is_read_once_and_a_rejected_row_is_a_task(
    client: StrictClient,
) -> None:
    month_ready()
    month_ready()
    run = exported()
    one, other = lines(run)
    text = (
        "rad;status;orsak\n"
        f"{one.id};Betald;\n{other.id};Avvisad;Konto saknas\n999999;OK;\n"
    )
    client.login(make.user(Role.FINANCE))
    page = client.page(send(client, run, text).location)
    assert "3 rader i filen: 2 passar körningen och 1 passar inte" in page.text
    assert "Rad 999999 finns inte" in page.text
    assert any("redan inläst" in e for e in send(client, run, text).page.errors)
    index = client.page("/ekonomifiler")
    assert "Konto saknas" in index.text
    [task] = read_back_queries.tasks_in(run.municipality_id)
    client.send(f"/ekonomifiler/avvisad/{task.row.public_id}", note="Kontot är upplagt")
    assert "Konto saknas" not in client.page("/ekonomifiler").text
    assert (
        "Kontot är upplagt"
        in client.page(
            f"/ekonomifiler/svar/{db.session.scalars(select(ReadBack)).one().public_id}"
        ).text
    )


def test_an_answer_may_be_longer_than_other_files() -> None:
    month_ready()
    run = exported()
    number = excel.MAX_ROWS + 1
    made = read_back.read(
        run=run,
        content=b"rad;status\n" + b"999999;OK\n" * number,
        file_name="svar.csv",
        by_id=None,
    )
    assert (made.row_count, made.unmatched) == (number, number)
    assert db.session.query(ReadBackRow).count() == number


def test_a_later_answer_stands_beside_the_first() -> None:
    month_ready()
    run = exported()
    [line] = lines(run)
    for word in ("Avvisad", "Betald"):
        read_back.read(
            run=run,
            content=f"rad;status\n{line.id};{word}\n".encode(),
            file_name="svar.csv",
            by_id=None,
        )
    found = db.session.scalars(select(ReadBackRow).order_by(ReadBackRow.id)).all()
    assert [row.outcome for row in found] == [REJECTED, PAID]
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(update(ReadBackRow).values(outcome=PAID))


def test_a_file_without_its_headings_is_refused_and_nothing_kept() -> None:
    month_ready()
    run = exported()
    with pytest.raises(Refused, match="ingen rubrik för status"):
        read_back.read(run=run, content=b"rad\n1\n", file_name="s.csv", by_id=None)


def test_the_attestant_reads_answers_but_reads_none_in(client: StrictClient) -> None:
    month_ready()
    run = exported()
    client.login(make.user(Role.APPROVER))
    assert client.get(f"/ekonomifiler/korningar/{run.public_id}").status_code == 200
    assert (
        client.get(f"/ekonomifiler/korningar/{run.public_id}/svar").status_code == 403
    )


def test_the_year_end_list_has_what_is_expected_and_not_paid() -> None:
    month_ready()
    exported()
    [one] = year_end.found(make.system(), date(2026, 3, 31))
    assert (one.reason, one.amount) == ("not_run", 20 * PRICE)
    assert one.is_estimated


def test_what_is_paid_by_the_day_is_not_on_the_list() -> None:
    month_ready()
    exported()
    assert not year_end.found(make.system(), date(2026, 2, 28))


def test_what_is_held_and_what_was_booked_late_is_on_the_list() -> None:
    placement = month_ready(d8="X")
    held()
    [one] = year_end.found(make.system(), date(2026, 2, 28))
    assert (one.reason, one.number) == ("on_hold", placement.number)


def test_a_correction_after_the_day_is_on_the_list() -> None:
    placement = month_ready()
    exported()
    placement.paid_end_day = date(2026, 2, 16)
    db.session.flush()
    exported(MARCH)
    [one] = year_end.found(make.system(), date(2026, 2, 28))
    assert (one.reason, one.amount) == ("late", -10 * PRICE)


def test_the_list_is_kept_and_another_for_the_same_day_says_why(
    client: StrictClient,
) -> None:
    placement = month_ready()
    exported()
    client.login(make.user(Role.FINANCE))

    def ask(**told: str) -> TestResponse:
        return client.send(
            "/ekonomifiler/bokslut",
            "day",
            day="2026-03-31",
            period="2026-04-01",
            **told,
        )

    assert ask().status_code == 302
    assert ask().status_code == 302
    placement.paid_end_day = date(2026, 3, 1)
    db.session.flush()
    assert any("blir en annan" in error for error in ask().page.errors)
    assert ask(reason="Placeringen var slut").status_code == 302
    found = db.session.scalars(select(LedgerFile).order_by(LedgerFile.id)).all()
    assert [one.version for one in found] == [1, 2]
    assert [one.total for one in found] == [20 * PRICE, 0]


def test_supplier_number_names_the_provider(client: StrictClient) -> None:
    placement = month_ready()
    db.session.get_one(Contract, placement.contract_id).supplier_number = "90001"
    run = exported()
    kept = read_back.read(
        run=run,
        content="leverantörsnr;status;belopp\n90001;Betald;12520,00\n".encode(),
        file_name="svar.csv",
        by_id=None,
    )
    assert (kept.matched, kept.unmatched) == (1, 0)
