"""SIE 4I is read back by a reader that shares nothing with the writer."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovdv.ledger.characters import fitted
from lovdv.ledger.sie import (
    SieFault,
    SieFile,
    Transaction,
    Voucher,
    balanced,
    decimal,
    written,
)
from tests import kit_sie

DAY = date(2026, 2, 28)
texts = st.text(max_size=60)
codes = st.text(st.characters(min_codepoint=33, max_codepoint=0x17F), max_size=12)
amounts = st.integers(-(10**12), 10**12)
accounts = st.from_regex(r"[1-9][0-9]{3,7}", fullmatch=True)
transactions = st.builds(
    Transaction,
    account=accounts,
    amount=amounts,
    objects=st.lists(
        st.tuples(st.sampled_from([1, 2, 6, 20, 21]), codes),
        max_size=3,
        unique_by=lambda pair: pair[0],
    ).map(tuple),
    text=texts,
)
vouchers = st.builds(
    Voucher,
    series=codes,
    day=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    text=texts,
    rows=st.tuples(st.lists(transactions, min_size=1, max_size=6), accounts).map(
        lambda pair: balanced(pair[0], pair[1])
    ),
)


def sie_file(*made: Voucher, **told: object) -> SieFile:
    return SieFile(
        program="lovdv",
        version="1",
        made_on=date(2026, 3, 8),
        organisation_number="402000-0008",
        name="Björkhamra kommun",
        vouchers=made,
        **told,
    )


def voucher(*rows: Transaction, text: str = "Ersättning") -> Voucher:
    return Voucher("LOV", DAY, text, rows)


@given(made=st.lists(vouchers, max_size=4))
def test_whatever_is_written_is_read_back_the_same(made: list[Voucher]) -> None:
    found = kit_sie.read(written(sie_file(*made)))
    assert [len(one.rows) for one in found.vouchers] == [len(v.rows) for v in made]
    for one, back in zip(made, found.vouchers, strict=True):
        assert back.day == one.day
        assert back.text == fitted(one.text, "cp437").replace("\\", "/")
        assert [row.amount for row in back.rows] == [
            Decimal(row.amount).scaleb(-2) for row in one.rows
        ]
        assert [row.account for row in back.rows] == [row.account for row in one.rows]
        assert sum(row.amount for row in back.rows) == 0


@given(text=texts)
def test_every_text_fits_the_code_page(text: str) -> None:
    plain = fitted(text, "cp437")
    assert plain.encode("cp437").decode("cp437") == plain
    assert not re.search(r"[\x00-\x1f\x7f]", plain)
    assert fitted(plain, "cp437") == plain


@given(amount=amounts)
def test_an_amount_has_a_point_and_two_decimals(amount: int) -> None:
    assert re.fullmatch(r"-?\d+\.\d\d", decimal(amount))
    assert Decimal(decimal(amount)) * 100 == amount


def test_swedish_letters_are_bytes_of_code_page_437() -> None:
    content = written(sie_file())
    assert b'#FNAMN "Bj\x94rkhamra kommun"\r\n' in content
    assert content.startswith(b"#FLAGGA 0\r\n")


def test_dimensions_and_objects_are_declared_with_their_names() -> None:
    cost = Transaction("4641", 100, ((1, "3410"), (20, "568")))
    content = written(
        sie_file(
            voucher(cost, Transaction("2511", -100)),
            dimensions={1: "Ansvar", 20: "Verksamhet"},
            account_names={"4641": "Köp av verksamhet"},
            object_names={(20, "568"): "Daglig verksamhet"},
        )
    )
    found = kit_sie.read(content)
    assert found.dimensions == {1: "Ansvar", 20: "Verksamhet"}
    assert found.objects == {(1, "3410"): "3410", (20, "568"): "Daglig verksamhet"}
    assert found.accounts == {"4641": "Köp av verksamhet", "2511": "2511"}


def test_quotes_are_escaped_and_a_backslash_becomes_a_slash() -> None:
    row = Transaction("4641", 100, text='Kafé "Ån" \\')
    found = kit_sie.read(written(sie_file(voucher(row, Transaction("2511", -100)))))
    assert found.vouchers[0].rows[0].text == 'Kafé "Ån" /'


def test_a_voucher_that_does_not_balance_is_refused() -> None:
    with pytest.raises(SieFault, match=r"-0\.50 kr skiljer"):
        written(sie_file(voucher(Transaction("4641", -50), text="X")))


@pytest.mark.parametrize(
    "account", ["", "46A1", "4641 "], ids=["none", "letter", "space"]
)
def test_an_account_is_digits(account: str) -> None:
    rows = (Transaction(account, 100), Transaction("2511", -100))
    with pytest.raises(SieFault, match="kontonummer"):
        written(sie_file(voucher(*rows)))


def test_an_empty_voucher_is_refused() -> None:
    with pytest.raises(SieFault, match="inga rader"):
        written(sie_file(voucher()))


BROKEN = {
    "not balanced": (b" 626.00", b" 626.01"),
    "undeclared account": (b"#KONTO 4641", b"#KONTO 4640"),
    "undeclared object": (b'#OBJEKT 1 "3410"', b'#OBJEKT 1 "3411"'),
    "unix line ends": (b"\r\n", b"\n"),
    "an open text": (b'"Feb"', b'"Feb'),
    "comma": (b" 626.00", b" 626,00"),
    "no type": (b"#SIETYP 4\r\n", b""),
}


@pytest.mark.parametrize(("old", "new"), BROKEN.values(), ids=BROKEN)
def test_the_reader_refuses_what_the_format_forbids(old: bytes, new: bytes) -> None:
    cost = Transaction("4641", 62600, ((1, "3410"),), "Feb")
    content = written(sie_file(voucher(cost, Transaction("2511", -62600))))
    assert kit_sie.read(content).vouchers
    with pytest.raises(kit_sie.NotSie):
        kit_sie.read(content.replace(old, new))
