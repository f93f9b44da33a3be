"""Signing in with e-identification, at a real OpenID provider."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts.models import LoginSession, RoleGrant, User
from lovdv.clock import today
from lovdv.eid.models import UserIdentity
from lovdv.eid.providers import PERSONAL_NUMBER
from lovdv.extensions import db
from lovdv.people import numbers
from lovdv.people import operations as people
from lovdv.people.models import Client
from tests import make
from tests.kit_app import StrictClient
from tests.kit_oidc import Identifier, identifier

NUMBER, OTHER = "199001012385", "198507099805"
LEVEL = "http://id.elegnamnden.se/loa/1.0/loa3"


@pytest.fixture(scope="module")
def provider() -> Iterator[Identifier]:
    with identifier() as found:
        yield found


@pytest.fixture(autouse=True)
def configured(app: Flask, provider: Identifier) -> Iterator[None]:
    app.config["EID"] = [
        {
            "key": "prov",
            "name": "Provlegitimation",
            "issuer": provider.address,
            "client_id": "lovdv",
            "client_secret": "hemlig",
        }
    ]
    yield
    app.config["EID"] = []


@pytest.fixture
def person(app: Flask) -> Client:
    found = make.person()
    make.decision(found)
    people.change_number(
        client=found,
        number=numbers.read(NUMBER, on=today()),
        first_day=make.START,
        by_id=make.user(Role.CASEWORKER).id,
    )
    return found


def begin(client: StrictClient, following: str = "") -> str:
    """Where the sign-in page leads."""
    sent = client.get("/logga-in/prov", query_string={"next": following})
    assert sent.status_code == 302
    return str(sent.headers["Location"])


def back(client: StrictClient, address: str) -> TestResponse:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in(
    client: StrictClient,
    provider: Identifier,
    number: str = NUMBER,
    following: str = "",
    **claims: object,
) -> TestResponse:
    provider.knows("nagon", **{PERSONAL_NUMBER: number}, **claims)
    return back(client, provider.identify(begin(client, following), "nagon"))


def count(kind: type[object]) -> int:
    return db.session.scalars(select(func.count()).select_from(kind)).one()


def test_a_person_with_a_case_needs_no_account_before(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    assert "Provlegitimation" in client.page("/logga-in").text
    assert sign_in(client, provider).headers["Location"].endswith("/start")
    page = client.page("/start").text
    assert "Hej Kim" in page
    assert "Till min sida" in page
    granted = select(RoleGrant.client_id).where(RoleGrant.role == "client")
    assert db.session.scalars(granted).all() == [person.id]
    users = count(User)
    client.post("/logga-ut")
    sign_in(client, provider)
    assert (count(User), count(UserIdentity)) == (users, 1)


def test_the_page_that_was_asked_for_comes_after(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    sent = sign_in(client, provider, following="/mitt-val")
    assert sent.headers["Location"].endswith("/mitt-val")
    client.post("/logga-ut")
    away = sign_in(client, provider, following="https://annan.example/")
    assert away.headers["Location"].endswith("/start")


def test_what_is_sent_to_the_provider_cannot_be_used_by_another(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    told = parse_qs(urlsplit(begin(client)).query)
    assert told["code_challenge_method"] == ["S256"]
    assert told["response_type"] == ["code"]
    assert len(told["state"][0]) >= 22
    assert len(told["nonce"][0]) >= 20


def test_an_answer_for_another_browser_signs_nobody_in(
    app: Flask, client: StrictClient, provider: Identifier, person: Client
) -> None:
    provider.knows("nagon", **{PERSONAL_NUMBER: NUMBER})
    address = provider.identify(begin(client), "nagon")
    other = app.test_client()
    assert isinstance(other, StrictClient)
    assert back(other, address).status_code == 403
    assert count(LoginSession) == 0


def test_an_answer_is_taken_once(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    provider.knows("nagon", **{PERSONAL_NUMBER: NUMBER})
    address = provider.identify(begin(client), "nagon")
    assert back(client, address).status_code == 302
    client.post("/logga-ut")
    assert back(client, address).status_code == 403


def test_who_cancels_is_told_what_to_do(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    answer = back(client, provider.cancel(begin(client)))
    assert answer.status_code == 403
    assert "blev inte klar" in answer.page.text


@pytest.mark.parametrize("told", [{}, {PERSONAL_NUMBER: "inget nummer"}])
def test_without_a_number_nobody_is_signed_in(
    client: StrictClient, provider: Identifier, person: Client, told: dict[str, str]
) -> None:
    provider.knows("utan", **told)
    answer = back(client, provider.identify(begin(client), "utan"))
    assert answer.status_code == 403
    assert count(LoginSession) == 0


def test_somebody_that_nobody_knows_gets_no_account(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    users = count(User)
    answer = sign_in(client, provider, OTHER)
    assert answer.status_code == 403
    assert "Ring kommunen" in answer.page.text
    assert (count(User), count(LoginSession)) == (users, 0)


def test_the_dead_and_closed_accounts_are_let_in_no_more(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    sign_in(client, provider)
    client.post("/logga-ut")
    user = db.session.scalars(select(User).join(UserIdentity.user)).one()
    user.active = False
    assert "stängt" in sign_in(client, provider).page.text


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(("acr", "status"), [(LEVEL, 302), ("loa1", 403), (None, 403)])
def test_a_level_of_assurance_may_be_asked_for(
    app: Flask,
    client: StrictClient,
    provider: Identifier,
    acr: str | None,
    status: int,
) -> None:
    app.config["EID"][0]["acr"] = [LEVEL]
    told = {"acr": acr} if acr else {}
    assert sign_in(client, provider, **told).status_code == status


def test_a_provider_that_does_not_answer_is_said_so(
    app: Flask, client: StrictClient
) -> None:
    away = {"key": "borta", "issuer": "http://127.0.0.1:1"}
    app.config["EID"] = [{**app.config["EID"][0], **away}]
    answer = client.get("/logga-in/borta")
    assert answer.status_code == 403
    assert "svarar inte just nu" in answer.page.text
    assert client.get("/logga-in/finns-inte").status_code == 404


def test_a_representative_gets_a_number_from_the_administrator(
    app: Flask, client: StrictClient, provider: Identifier
) -> None:
    user = make.user(Role.REPRESENTATIVE)
    client.login(make.user(Role.ADMIN))
    path = f"/anvandare/{user.public_id}/e-legitimation"
    assert "Kontrollsiffran" in client.send(path, number="199001012386").text
    client.send(path, number=OTHER)
    taken = make.user(Role.REPRESENTATIVE)
    again = client.send(f"/anvandare/{taken.public_id}/e-legitimation", number=OTHER)
    assert "annat konto" in again.text
    client.post("/logga-ut")
    assert sign_in(client, provider, OTHER).status_code == 302
    assert user.name in client.page("/start").text


def test_the_number_itself_is_not_kept(
    client: StrictClient, provider: Identifier, person: Client
) -> None:
    sign_in(client, provider)
    [kept] = db.session.scalars(select(UserIdentity))
    assert len(kept.blind) == 16
    assert NUMBER.encode() not in kept.blind
