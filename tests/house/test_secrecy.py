"""Headers, tokens, cookies and keys: what keeps the pages to ourselves."""

import stat
from pathlib import Path

import pytest
from flask import Flask

from lovdv import create_app
from lovdv.access import ALLOWED, Permission, Role
from lovdv.accounts.models import User
from lovdv.config import NotConfigured
from tests import make
from tests.house.access import address, written
from tests.kit_app import SETTINGS, StrictClient, closing, make_app

PAGES = ("/", "/logga-in", "/finns-inte")
WITHOUT_TOKEN = {
    *("preferences.save", "choice.save_unit", "choice.take_home"),
    "accessibility.send",
}


def policy(client: StrictClient, path: str) -> dict[str, list[str]]:
    header = client.get(path).headers["Content-Security-Policy"]
    parts = (part.split() for part in header.split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_lets_in_only_our_own_files(client: StrictClient, path: str) -> None:
    found = policy(client, path)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == ["'self'"]
    assert found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert found["form-action"] == ["'self'"]
    sources = {source for each in found.values() for source in each}
    assert sources <= {"'self'", "'none'", "data:"}


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(client: StrictClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_only_https_is_told_to_stay_https(client: StrictClient) -> None:
    plain, secure = client.get("/"), client.get("/", base_url="https://localhost")
    assert "Strict-Transport-Security" not in plain.headers
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


def test_a_page_behind_sign_in_is_not_kept(client: StrictClient) -> None:
    answer = client.login(make.user(Role.ADMIN)).get("/start")
    assert answer.headers["Cache-Control"] == "no-store"


def posting(permission: str) -> list[str]:
    return [
        row.endpoint
        for row in written()
        if "POST" in row.methods
        and row.endpoint not in WITHOUT_TOKEN
        and row.permission == permission
    ]


def holder_of(permission: str) -> User:
    role = next(role for role in Role if Permission(permission) in ALLOWED[role])
    person = make.person() if role is Role.CLIENT else None
    return make.user(role, client=person)


@pytest.mark.parametrize("permission", sorted({row.permission for row in written()}))
def test_a_post_without_its_token_is_refused(
    app: Flask, client: StrictClient, permission: str
) -> None:
    app.config["DEMO"] = True
    if permission != "public":
        client.login(holder_of(permission))
    answers = {
        endpoint: client.post_without_token(address(rule)).status_code
        for endpoint in posting(permission)
        for rule in app.url_map.iter_rules(endpoint)
    }
    assert set(answers.values()) <= {400}, answers


def test_a_refused_token_is_explained(client: StrictClient) -> None:
    page = client.post_without_token("/logga-in").page
    assert page.heading == "Sidan hade blivit för gammal"


@pytest.mark.parametrize("endpoint", sorted(WITHOUT_TOKEN))
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://annan.example"}],
    ids=["told by the browser", "told by the origin"],
)
def test_a_post_without_token_is_refused_from_another_site(
    app: Flask, client: StrictClient, endpoint: str, headers: dict[str, str]
) -> None:
    path = address(next(app.url_map.iter_rules(endpoint)))
    assert client.post_without_token(path, headers=headers).status_code == 403


def production(**chosen: object) -> Flask:
    told = {**SETTINGS, "TESTING": False, "DATABASE_URL": "sqlite://", **chosen}
    return create_app(told)


def test_without_a_secret_key_the_application_does_not_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(NotConfigured) as refused:
        production(SECRET_KEY=None)
    assert refused.value.code == 2
    assert "LOVDV_SECRET_KEY" in capsys.readouterr().err


def test_the_session_cookie_is_for_https_and_this_host_only() -> None:
    with closing(production()) as app:
        assert app.config["SESSION_COOKIE_SECURE"] is True
        assert app.config["SESSION_COOKIE_NAME"] == "__Host-lovdv"
        assert app.config["SESSION_COOKIE_HTTPONLY"] is True
        assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_keys_are_made_once_and_only_the_owner_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOVDV_INSTANCE", str(tmp_path))
    with closing(make_app("sqlite://", KEYS=None)):
        first = (tmp_path / "keys").read_text("ascii")
    with closing(make_app("sqlite://", KEYS=None)):
        assert (tmp_path / "keys").read_text("ascii") == first
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
