"""Signing in and out, sessions that end, and what an administrator may do."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts import operations
from lovdv.accounts.models import LoginAttempt, LoginSession, RoleGrant, User
from lovdv.audit_chain import Audit
from lovdv.config import DEFAULTS
from lovdv.extensions import db
from lovdv.start import Waiting
from tests import make
from tests.kit_app import StrictClient

Clients = Callable[[], StrictClient]
NOON = datetime.fromisoformat("2026-03-16T12:00:00+01:00")
TRIES = DEFAULTS["SIGN_IN_TRIES"]
WAIT = operations.WAIT.format(minutes=DEFAULTS["SIGN_IN_MINUTES"])


def sign_in(
    client: StrictClient, login: str, password: str = make.PASSWORD, to: str = ""
) -> TestResponse:
    address = f"/logga-in?next={to}" if to else "/logga-in"
    return client.post(address, data={"login": login, "password": password})


def test_the_front_page_needs_no_sign_in(client: StrictClient) -> None:
    page = client.page("/")
    assert page.heading == "Välj din dagliga verksamhet"
    assert page.links["Logga in"] == "/logga-in"


def test_a_user_signs_in_and_lands_on_the_start_page(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER, name="Anna Berg")
    response = sign_in(client, user.login.upper())
    assert response.location == "/start"
    assert client.page("/start").heading == "Hej Anna Berg"


def test_a_wrong_password_is_refused_and_recorded(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    response = sign_in(client, user.login, "fel")
    assert operations.WRONG in response.page.text
    assert response.page.title.startswith("Fel: ")
    assert [row.succeeded for row in db.session.scalars(select(LoginAttempt))] == [
        False
    ]
    assert client.get("/start").status_code == 302


def test_an_unknown_user_is_told_the_same(client: StrictClient) -> None:
    assert operations.WRONG in sign_in(client, "ingen").page.text


def test_after_five_failures_the_right_password_waits_too(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    for _ in range(TRIES):
        sign_in(client, user.login, "fel")
    assert WAIT in sign_in(client, user.login).page.text


def test_the_throttle_lets_go_after_a_quarter_of_an_hour(
    app: Flask, client: StrictClient
) -> None:
    app.config["TODAY"] = None
    with time_machine.travel(NOON, tick=False) as clock:
        user = make.user(Role.CASEWORKER)
        for _ in range(TRIES):
            sign_in(client, user.login, "fel")
        clock.shift(timedelta(minutes=15, seconds=1))
        assert sign_in(client, user.login).location == "/start"


def test_a_success_clears_the_failures(app: Flask, client: StrictClient) -> None:
    app.config["TODAY"] = None
    with time_machine.travel(NOON, tick=False) as clock:
        user = make.user(Role.CASEWORKER)
        for attempt in ["fel", "fel", "fel", "fel", make.PASSWORD]:
            clock.shift(timedelta(seconds=1))
            sign_in(client, user.login, attempt)
        client.post("/logga-ut")
        clock.shift(timedelta(seconds=1))
        sign_in(client, user.login, "fel")
        assert sign_in(client, user.login).location == "/start"


def test_the_throttle_also_counts_by_address(app: Flask, client: StrictClient) -> None:
    app.config["SIGN_IN_TRIES_PER_ADDRESS"] = 6
    user = make.user(Role.CASEWORKER)
    for number in range(6):
        sign_in(client, f"gissning{number}", "fel")
    assert WAIT in sign_in(client, user.login).page.text


def test_an_own_sign_in_does_not_excuse_guesses_from_the_address(
    app: Flask, client: StrictClient
) -> None:
    app.config["TODAY"] = None
    app.config["SIGN_IN_TRIES_PER_ADDRESS"] = 6
    with time_machine.travel(NOON, tick=False) as clock:
        user = make.user(Role.CASEWORKER)
        for number in range(5):
            sign_in(client, f"gissning{number}", "fel")
        clock.shift(timedelta(seconds=1))
        assert sign_in(client, user.login).location == "/start"
        client.post("/logga-ut")
        clock.shift(timedelta(seconds=1))
        sign_in(client, "gissning", "fel")
        assert WAIT in sign_in(client, user.login).page.text


SAFE = {"own": ("/konto", "/konto"), "with query": ("/konto%3Fa=1", "/konto?a=1")}
UNSAFE = ["https://ont.se/", "//ont.se/", "/%5Cont.se", "javascript:alert(1)", "konto"]


@pytest.mark.parametrize("target", SAFE.values(), ids=SAFE)
def test_sign_in_goes_on_to_the_page_that_was_asked_for(
    app: Flask, client: StrictClient, target: tuple[str, str]
) -> None:
    user = make.user(Role.CASEWORKER)
    assert sign_in(client, user.login, to=target[0]).location == target[1]


@pytest.mark.parametrize("target", UNSAFE)
def test_sign_in_never_leads_elsewhere(
    app: Flask, client: StrictClient, target: str
) -> None:
    user = make.user(Role.CASEWORKER)
    assert sign_in(client, user.login, to=target).location == "/start"


def test_a_page_behind_sign_in_is_remembered(client: StrictClient) -> None:
    assert client.get("/konto").location == "/logga-in?next=/konto"


def test_a_session_ended_elsewhere_is_over(app: Flask, clients: Clients) -> None:
    user = make.user(Role.CASEWORKER)
    office, phone = clients().login(user), clients().login(user)
    assert phone.get("/start").status_code == 200
    operations.end_sessions(user=user)
    db.session.commit()
    assert [office.get("/start").status_code, phone.get("/start").status_code] == [
        302,
        302,
    ]


def test_signing_out_ends_the_row_and_not_only_the_cookie(
    app: Flask, clients: Clients
) -> None:
    first, thief = clients(), clients()
    first.login(make.user(Role.CASEWORKER))
    with first.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    first.post("/logga-ut")
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert thief.get("/start").status_code == 302


LIMITS = {
    "just before the idle time": (Role.CASEWORKER, [30], 200),
    "after the idle time": (Role.CASEWORKER, [31], 302),
    "kept alive by use": (Role.CASEWORKER, [29, 29, 29], 200),
    "after the longest time, though used": (Role.CASEWORKER, [25] * 25, 302),
    "an administrator has less": (Role.ADMIN, [16], 302),
    "a person choosing is left in peace": (Role.CLIENT, [600], 200),
}


@pytest.mark.parametrize("case", LIMITS.values(), ids=LIMITS)
def test_a_session_lasts_as_long_as_its_role_allows(
    app: Flask, client: StrictClient, case: tuple[Role, list[int], int]
) -> None:
    role, minutes, expected = case
    app.config.update(TODAY=None, DEMO=True)
    with time_machine.travel(NOON, tick=False) as clock:
        client.login(make.user(role, client=make.person()))
        for pause in minutes:
            clock.shift(timedelta(minutes=pause))
            response = client.get("/konto")
        assert response.status_code == expected


def test_the_strictest_role_decides_the_idle_time(
    app: Flask, client: StrictClient
) -> None:
    client.login(make.user(Role.CASEWORKER, Role.ADMIN))
    dialog = client.page("/konto").one("dialog", id="session")
    assert dialog.get("data-idle-seconds") == str(15 * 60)


def test_extending_keeps_the_session(app: Flask, client: StrictClient) -> None:
    app.config["TODAY"] = None
    with time_machine.travel(NOON, tick=False) as clock:
        client.login(make.user(Role.CASEWORKER))
        clock.shift(timedelta(minutes=20))
        assert client.post("/session/forlang").status_code == 204
        clock.shift(timedelta(minutes=20))
        assert client.get("/start").status_code == 200


@pytest.mark.parametrize("demo", [True, False], ids=["in demo", "outside demo"])
def test_a_client_signs_in_with_a_password_only_in_demo(
    app: Flask, client: StrictClient, *, demo: bool
) -> None:
    app.config["DEMO"] = demo
    user = make.user(Role.CLIENT, client=make.person())
    response = sign_in(client, user.login)
    assert (response.status_code == 302) is demo
    assert demo or operations.NO_PASSWORD_LOGIN in response.page.text


def test_a_role_that_has_ended_does_not_let_in(
    app: Flask, client: StrictClient
) -> None:
    user = make.user()
    make.grant(user, Role.CASEWORKER, end_day=date(2026, 3, 16))
    assert operations.NO_ROLE in sign_in(client, user.login).page.text


def test_a_closed_account_neither_signs_in_nor_stays_in(
    app: Flask, clients: Clients
) -> None:
    user, inside, outside = make.user(Role.CASEWORKER), clients(), clients()
    inside.login(user)
    operations.set_active(user=user, active=False)
    db.session.commit()
    assert inside.get("/start").status_code == 302
    assert operations.WRONG in sign_in(outside, user.login).page.text


def test_demo_accounts_are_listed_when_there_are_any(
    app: Flask, client: StrictClient
) -> None:
    app.config["DEMO_LOGINS"] = [
        {"login": "anna", "password": "prova", "role": "Handläggare", "name": "Anna"}
    ]
    assert client.page("/logga-in").table() == [
        ["Handläggare", "anna", "prova", "Anna"]
    ]


def test_staff_of_a_provider_accept_secrecy_before_anything_else(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.PROVIDER, secrecy_accepted_at=None)
    client.login(user)
    assert client.get("/start").location == "/tystnadsplikt"
    assert client.send("/tystnadsplikt").location == "/start"
    assert client.get("/start").status_code == 200
    assert db.session.get_one(User, user.id).secrecy_accepted_at is not None


def test_the_start_page_shows_what_waits_and_what_is_urgent_first(
    app: Flask, client: StrictClient
) -> None:
    def found(actor: object) -> list[Waiting]:
        return [
            Waiting("Sedan", "accounts.own", 2, "Ingen brådska."),
            Waiting("Genast", "accounts.own", due=date(2026, 3, 17), urgent=True),
            Waiting("Stängd dörr", "accounts.users"),
        ]

    app.extensions["lovdv_waiting"], kept = (found,), app.extensions["lovdv_waiting"]
    page = client.login(make.user(Role.CASEWORKER)).page("/start")
    app.extensions["lovdv_waiting"] = kept
    titles = [" ".join("".join(h.itertext()).split()) for h in page.all("h3")]
    assert titles == ["Genast", "Sedan (2)"]
    assert "Brådskar, senast 17 mars 2026" in page.text


def test_the_start_page_is_kind_when_nothing_waits(
    app: Flask, client: StrictClient
) -> None:
    page = client.login(make.user(Role.ADMIN)).page("/start")
    assert "Inget väntar på dig just nu" in page.text
    assert page.links["Öppna användarna"] == "/anvandare"


def test_a_provider_switches_between_its_own_units_only(
    app: Flask, client: StrictClient
) -> None:
    first, second, other = make.unit(), make.unit(), make.unit()
    user = make.user(Role.PROVIDER, unit=first)
    make.grant(user, Role.PROVIDER, unit=second)
    client.login(user)
    client.send("/start", "unit", unit=second.id)
    assert client.post("/byt-enhet", data={"unit": other.id}).status_code == 409
    chosen = select(LoginSession.unit_id).order_by(LoginSession.id.desc())
    assert db.session.scalars(chosen).first() == second.id


def test_a_new_password_must_be_long_and_ends_every_session(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    client.login(user)
    now = {"present": make.PASSWORD}
    short = client.send("/konto", "password", password="kort", **now)
    assert short.page.errors == [
        "Lösenordet är för kort. Använd minst 12 tecken.",
    ]
    done = client.send("/konto", "password", password="en helt ny mening", **now)
    assert done.location == "/logga-in"
    assert client.get("/start").status_code == 302
    assert sign_in(client, user.login, "en helt ny mening").location == "/start"


def test_a_session_left_open_is_not_enough_for_a_new_password(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    client.login(user)
    told = {"present": "fel", "password": "en helt ny mening"}
    for _ in range(TRIES):
        refused = client.send("/konto", "password", **told).page
        assert refused.errors == [operations.WRONG_PRESENT]
    guessed = client.send("/konto", "password", **{**told, "present": make.PASSWORD})
    assert WAIT in guessed.page.text


def test_a_role_is_held_once_at_a_time(app: Flask, client: StrictClient) -> None:
    user = make.user(Role.FINANCE)
    client.login(make.user(Role.ADMIN))
    address = f"/anvandare/{user.public_id}"
    again = client.send(address, "role", role="finance")
    assert "har redan den rollen från 1 januari 2025" in again.page.errors[0]
    client.post(f"{address}/roll/{user.grants[0].public_id}/avsluta")
    assert client.send(address, "role", role="finance").status_code == 302


def test_a_provider_has_the_role_at_several_units(
    app: Flask, client: StrictClient
) -> None:
    one, other = make.unit(), make.unit()
    user = make.user(Role.PROVIDER, unit=one)
    client.login(make.user(Role.ADMIN))
    address = f"/anvandare/{user.public_id}"
    assert client.send(address, "role", role="provider", unit=one.id).page.errors
    added = client.send(address, "role", role="provider", unit=other.id)
    assert added.status_code == 302


def test_an_administrator_lays_up_a_user_with_a_role(
    app: Flask, client: StrictClient
) -> None:
    client.login(make.user(Role.ADMIN))
    response = client.send(
        "/anvandare/ny",
        "login",
        name="Ny Person",
        login="Ny.Person",
        password="ett första lösenord",
        role="finance",
    )
    assert response.location == "/anvandare"
    new = db.session.scalars(select(User).where(User.login == "ny.person")).one()
    assert [(g.role, g.first_day) for g in new.grants] == [
        ("finance", date(2026, 3, 16))
    ]


def test_a_login_that_is_taken_is_said_at_its_field(
    app: Flask, client: StrictClient
) -> None:
    make.user(Role.FINANCE, login="upptagen")
    client.login(make.user(Role.ADMIN))
    response = client.send(
        "/anvandare/ny",
        "login",
        name="Ny",
        login="upptagen",
        password="ett första lösenord",
        role="finance",
    )
    assert response.page.errors == ["Användarnamnet är upptaget. Välj ett annat."]
    assert response.page.form().fields["name"] == ["Ny"]


def test_a_provider_role_needs_a_unit_of_the_municipality(
    app: Flask, client: StrictClient
) -> None:
    user, foreign = make.user(Role.FINANCE), make.unit(contracted=False)
    client.login(make.user(Role.ADMIN))
    address = f"/anvandare/{user.public_id}"
    without = client.send(address, "role", role="provider")
    assert "välj en enhet" in without.page.errors[0]
    outside = client.send(address, "role", role="provider", unit=foreign.id)
    assert outside.status_code == 200
    assert db.session.scalars(
        select(RoleGrant.role).where(RoleGrant.user_id == user.id)
    ).all() == ["finance"]


def test_nobody_gives_themselves_a_role(app: Flask, client: StrictClient) -> None:
    user = make.user(Role.ADMIN)
    client.login(user)
    response = client.send(f"/anvandare/{user.public_id}", "role", role="caseworker")
    assert "Be en kollega" in response.page.text
    assert len(db.session.get_one(User, user.id).grants) == 1


def test_an_administrator_ends_roles_sessions_and_accounts(
    app: Flask, clients: Clients
) -> None:
    user, victim, admin = make.user(Role.FINANCE), clients(), clients()
    victim.login(user)
    admin.login(make.user(Role.ADMIN))
    base = f"/anvandare/{user.public_id}"
    admin.post(f"{base}/sessioner/avsluta")
    assert victim.get("/start").status_code == 302
    admin.post(f"{base}/roll/{user.grants[0].public_id}/avsluta")
    assert operations.NO_ROLE in sign_in(victim, user.login).page.text
    admin.post(f"{base}/stang")
    assert operations.WRONG in sign_in(victim, user.login).page.text


def test_an_administrator_does_not_close_the_own_account(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.ADMIN)
    response = client.login(user).post(f"/anvandare/{user.public_id}/stang")
    assert response.status_code == 409


def test_users_of_another_municipality_do_not_exist(
    app: Flask, client: StrictClient
) -> None:
    make.municipality()
    away = make.municipality(name="Grannkommunen")
    stranger = make.user(Role.FINANCE, municipality=away)
    client.login(make.user(Role.ADMIN))
    assert stranger.name not in client.page("/anvandare").text
    assert client.get(f"/anvandare/{stranger.public_id}").status_code == 404


def test_a_town_hall_behind_one_address_is_not_locked_out(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    for number in range(40):
        sign_in(client, f"någon{number}", "fel")
    assert sign_in(client, user.login).location == "/start"


def test_the_limits_are_the_installations_own(app: Flask, client: StrictClient) -> None:
    app.config["SIGN_IN_TRIES"], app.config["SIGN_IN_MINUTES"] = 1, 3
    user = make.user(Role.CASEWORKER)
    sign_in(client, user.login, "fel")
    assert "Vänta 3 minuter" in sign_in(client, user.login).page.text


def test_closing_an_account_twice_leaves_it_closed(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    client.login(make.user(Role.ADMIN))
    path = f"/anvandare/{user.public_id}/stang"
    for wanted, active in (("0", False), ("0", False), ("1", True), ("1", True)):
        client.post(path, data={"active": wanted})
        assert db.session.get_one(User, user.id).active is active


CARE = {
    "closing": ("/stang", {"active": "0"}),
    "signing out": ("/sessioner/avsluta", {}),
    "a new password": ("/losenord", {"password": "ett alldeles nytt"}),
}


@pytest.mark.parametrize("case", CARE)
def test_an_account_that_another_municipality_relies_on_is_left_alone(
    app: Flask, client: StrictClient, case: str
) -> None:
    home, other = make.municipality(), make.municipality(name="Annan")
    user = make.user(Role.CASEWORKER, municipality=other)
    make.grant(user, Role.CASEWORKER, municipality=home, end_day=date(2026, 1, 1))
    before = (user.active, user.password_hash)
    page = client.login(make.user(Role.ADMIN)).page(f"/anvandare/{user.public_id}")
    assert "har en roll i en annan kommun också" in page.text
    path, told = CARE[case]
    answer = client.post(f"/anvandare/{user.public_id}{path}", data=told)
    assert answer.status_code == 409
    assert (user.active, user.password_hash) == before


def test_a_forgotten_password_is_replaced_by_the_administrator(
    app: Flask, client: StrictClient, clients: Clients
) -> None:
    user, inside = make.user(Role.CASEWORKER), clients()
    inside.login(user)
    client.login(make.user(Role.ADMIN))
    path = f"/anvandare/{user.public_id}"
    assert client.page(path).links["Ge ett nytt första lösenord"] == f"{path}/losenord"
    short = client.send(f"{path}/losenord", password="kort")
    assert "Använd minst 12 tecken" in short.page.errors[0]
    client.send(f"{path}/losenord", password="ett alldeles nytt")
    assert inside.get("/start").status_code == 302
    assert sign_in(inside, user.login, "ett alldeles nytt").location == "/start"
    logged = select(Audit.object).where(Audit.action == "user.password")
    assert db.session.scalars(logged).one() == user.public_id


def test_nobody_gives_themselves_a_password_without_the_present_one(
    app: Flask, client: StrictClient
) -> None:
    admin = make.user(Role.ADMIN)
    path = f"/anvandare/{admin.public_id}"
    assert "Mitt konto" in client.login(admin).page(path).links
    assert client.get(f"{path}/losenord").status_code == 409
