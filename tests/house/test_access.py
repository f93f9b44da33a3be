"""Closed by default: the access table, the code and the pages say the same."""

import pytest
from flask import Flask

from lovdv.access import ALLOWED, Permission, Role
from tests import make
from tests.house.access import NOBODY, TABLE, Row, address, declared, heading, written
from tests.kit_app import StrictClient

WHO = [NOBODY, *Role]
LAST = "accounts.sign_out"
MISSING = (
    "access.txt differs from the code. Look at each difference: is it what was meant? "
    "Then: python -m tests.house.access > tests/house/access.txt"
)


@pytest.fixture(scope="session", params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    """Who is let in is decided alike on both."""
    return str(request.param)


def test_the_table_is_what_the_code_declares(app: Flask) -> None:
    lines = [str(row).rstrip() for row in declared(app)]
    assert TABLE.read_text("utf-8").splitlines() == [heading(), *lines], MISSING


def test_every_view_declares_a_permission_or_is_public(app: Flask) -> None:
    assert [row.endpoint for row in declared(app) if not row.permission] == []


def test_every_permission_is_held_by_somebody_and_asked_for_somewhere(
    app: Flask,
) -> None:
    held = frozenset[Permission]().union(*ALLOWED.values())
    by_grant = {Permission.PERSON_PROTECTED}
    assert set(Permission) - held == by_grant


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_each_page_lets_in_whom_the_table_says(
    app: Flask, client: StrictClient, who: str
) -> None:
    sign_in(client, who)
    rows = sorted(written(), key=lambda row: row.endpoint == LAST)
    wrong = [
        f"{row.endpoint} {method}: {answer}"
        for row in rows
        for method, answer in answers(app, client, row)
        if (who in row.lets_in) != (answer not in {"403", "sign in"})
    ]
    assert wrong == []


def sign_in(client: StrictClient, who: str) -> None:
    make.system()
    if who == NOBODY:
        return
    person = make.person() if who == Role.CLIENT else None
    client.application.config["DEMO"] = True
    client.login(make.user(Role(who), client=person))


def answers(app: Flask, client: StrictClient, row: Row) -> list[tuple[str, str]]:
    rule = next(app.url_map.iter_rules(row.endpoint))
    return [
        (method, told(client.open(address(rule), method=method, data=token(client))))
        for method in row.methods.split(",")
    ]


def token(client: StrictClient) -> dict[str, str]:
    return {"csrf_token": client.token()}


def told(response: object) -> str:
    """The status; being sent to sign in counts as being kept out."""
    location = getattr(response, "location", None) or ""
    if "/logga-in" in location:
        return "sign in"
    return str(getattr(response, "status_code", ""))
