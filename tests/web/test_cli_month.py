"""lovdv month and export: what they say and the code they end with."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from lovdv import excel
from lovdv.access import Role
from lovdv.accounts.models import RoleGrant
from lovdv.cli import run
from lovdv.extensions import db
from lovdv.payouts import operations
from lovdv.payouts.models import PaymentRun
from tests import make, make_payments
from tests.kit_app import closing, make_app
from tests.kit_databases import Template
from tests.kit_payouts import PRICE, month_ready, plain

DONE, FAULT, MISUSE = 0, 1, 2
pytestmark = pytest.mark.slow

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def database(template: Template) -> Iterator[str]:
    """Two providers with a confirmed February, and somebody who attests."""
    url = template.clone()
    with closing(make_app(url, TODAY="2026-04-07")) as app, app.app_context():
        make_payments.payment_rules()
        make_payments.prices()
        for _ in range(2):
            month_ready()
        make.user(Role.APPROVER)
        db.session.commit()
    yield url
    template.drop(url)


@pytest.fixture
def ask(
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ask:
    monkeypatch.setenv("LOVDV_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("LOVDV_SECRET_KEY", "en hemlighet som är lång nog för drift")
    monkeypatch.setenv("LOVDV_PROXIES", "1")
    monkeypatch.setenv("LOVDV_DATABASE_URL", database)

    def asked(*arguments: str) -> tuple[int, str]:
        code = run(arguments)
        said = capsys.readouterr()
        return code, plain(said.out + said.err)

    return asked


def _attest(database: str) -> None:
    with closing(make_app(database, TODAY="2026-04-07")) as app, app.app_context():
        computed = select(PaymentRun).where(PaymentRun.status == "computed")
        approvers = select(RoleGrant.user_id).where(RoleGrant.role == "approver")
        operations.attest(
            run=db.session.scalars(computed).one(),
            by_id=db.session.scalars(approvers).one(),
        )
        db.session.commit()


def test_a_month_is_computed_once_and_again_when_asked(ask: Ask) -> None:
    code, said = ask("month", "run", "2026-02")
    assert code == DONE
    assert "2 rader, 25 040,00 kr" in said
    refused, why = ask("month", "run", "2026-02")
    assert refused == FAULT
    assert "har räknat månaden före dig" in why
    assert ask("month", "run", "2026-02", "--again")[0] == DONE


def test_the_status_says_how_far_each_provider_has_come(
    ask: Ask, database: str
) -> None:
    code, said = ask("month", "status", "2026-02")
    assert (code, "är inte räknad än" in said) == (FAULT, True)
    ask("month", "run", "2026-02")
    assert "Väntar på attest" in ask("month", "status", "2026-02")[1]
    _attest(database)
    told = json.loads(ask("month", "status", "2026-02", "--json")[1])
    assert told["status"] == "attested"
    assert [one["amount_ore"] for one in told["providers"]] == [20 * PRICE] * 2
    assert [one["attested_steps"] for one in told["providers"]] == [1, 1]


def test_what_is_left_out_is_written_to_a_file(ask: Ask, tmp_path: Path) -> None:
    ask("month", "run", "2026-02")
    out = tmp_path / "utelämnat.xlsx"
    code, said = ask("month", "left-out", "2026-02", "--out", str(out))
    assert (code, "0 rader" in said) == (DONE, True)
    assert excel.read(out.read_bytes(), out.name)[0][0] == "månad"


def test_the_file_is_the_same_each_time_and_only_after_the_attest(
    ask: Ask, database: str, tmp_path: Path
) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    ask("month", "run", "2026-02")
    code, said = ask("export", "2026-02", "--out", str(first))
    assert code == FAULT
    assert "attesterad" in said
    _attest(database)
    for file in (first, second):
        assert ask("export", "2026-02", "--out", str(file))[0] == DONE
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("command", ["run", "status"])
def test_a_month_that_is_no_month_is_misuse(ask: Ask, command: str) -> None:
    code, said = ask("month", command, "2026-13")
    assert code == MISUSE
    assert "är ingen månad" in said
