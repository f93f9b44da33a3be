"""The rules on attest and corrections, decided on the pages, and what they refuse."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.systems import queries
from lovdv.systems.run_forms import StepRow
from tests import make
from tests.kit_app import StrictClient


@pytest.fixture
def lead(app: Flask, client: StrictClient) -> StrictClient:
    make.system()
    return client.login(make.user(Role.LEAD))


def decide(client: StrictClient, key: str, **values: object) -> TestResponse:
    told = {"first_day": "2026-04-01", "reference": "Nämnden § 4", **values}
    address = f"/valfrihetssystem/{make.system().public_id}/regel/{key}"
    return client.send(address, "reference", **told)


def in_force(key: str) -> object:
    return queries.rule(make.system().id, key, date(2026, 4, 1))


def test_steps_by_amount_are_decided_as_rows(lead: StrictClient) -> None:
    rows = "0 kr: 1\r\n\r\n250 000,50: 2\r\n1 000 000: 3"
    decide(lead, "attest", rows=rows, amount_of="run")
    assert in_force("attest") == {
        "amount_of": "run",
        "rows": [
            {"from_amount": "0", "steps": 1},
            {"from_amount": "250000.50", "steps": 2},
            {"from_amount": "1000000", "steps": 3},
        ],
    }


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("", "minst en rad"),
        ("1", "går inte att läsa"),
        ("0: två", "går inte att läsa"),
        ("noll: 1", "går inte att läsa"),
        ("NaN: 1", "går inte att läsa"),
        ("100: 1", "från 0 kronor"),
        ("0: 0", "1 till 5"),
        ("0: 6", "1 till 5"),
        ("0: 1\n100: 2\n100: 3", "stigande"),
        ("0: 2\n100: 1", "färre steg"),
    ],
    ids=["none", "colon", "word", "nil", "nan", "gap", "0", "6", "twice", "falls"],
)
def test_rows_that_say_nothing_sure_are_refused(
    lead: StrictClient, rows: str, words: str
) -> None:
    response = decide(lead, "attest", rows=rows)
    assert any(words in error for error in response.page.errors)


def test_how_far_corrections_go_is_decided(lead: StrictClient) -> None:
    decide(lead, "correction", back_months="0")
    assert in_force("correction") == {"back_months": 0}
    refused = decide(lead, "correction", back_months="-1")
    assert refused.page.errors


@given(st.integers(0, 10**12), st.integers(1, 5))
def test_a_row_is_read_as_it_was_written(ore: int, steps: int) -> None:
    kronor, rest = divmod(ore, 100)
    row = StepRow.read(f"{kronor:,}".replace(",", " ") + f",{rest:02}: {steps}")
    assert (row.from_amount * 100, row.steps) == (ore, steps)
