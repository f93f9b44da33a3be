"""The configured providers of e-identification, and what one says of the reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_client.apps import FlaskOAuth2App
from flask import Flask, current_app
from joserfc.errors import JoseError

PERSONAL_NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"
COORDINATION_NUMBER = "https://id.oidc.se/claim/coordinationNumber"
SCOPES = (
    "openid https://id.oidc.se/scope/naturalPersonInfo "
    "https://id.oidc.se/scope/naturalPersonNumber"
)
SECONDS = 10
"""How long a provider may take to answer."""


@dataclass(frozen=True)
class Provider:
    """One way to identify, as the configuration tells it.

    EID is a list of tables with key, name, issuer, client_id and client_secret; and
    where the defaults do not do: scope, claims (those that hold the number, the first
    that is there counts) and acr (levels of assurance that are taken; none: any).
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    scope: str = SCOPES
    claims: Sequence[str] = (PERSONAL_NUMBER, COORDINATION_NUMBER)
    acr: Sequence[str] = ()


class NotIdentified(Exception):
    """The provider did not say who it was, or not surely enough."""


def providers() -> Sequence[Provider]:
    return [Provider(**told) for told in current_app.config["EID"]]


def provider(key: str) -> Provider | None:
    return next((each for each in providers() if each.key == key), None)


def client(found: Provider) -> FlaskOAuth2App:
    """Code flow with state, nonce and PKCE (S256); the issuer tells its addresses."""
    registry: OAuth = current_app.extensions["lovdv_eid"]
    return registry.register(
        found.key,
        overwrite=True,
        client_id=found.client_id,
        client_secret=found.client_secret,
        server_metadata_url=f"{found.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": found.scope,
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )


def redirect_to(found: Provider, address: str) -> Any:
    """To the provider; NotIdentified when it cannot be reached."""
    try:
        return client(found).authorize_redirect(address)
    except (OAuthError, requests.RequestException, ValueError, KeyError) as error:
        raise NotIdentified from error


def number_from(found: Provider) -> str:
    """The number of whoever has identified, from the answer in this request."""
    try:
        token = client(found).authorize_access_token()
    except (OAuthError, JoseError, requests.RequestException, ValueError) as error:
        raise NotIdentified from error
    return _number(found, token.get("userinfo") or {})


def _number(found: Provider, told: Mapping[str, Any]) -> str:
    if told.get("iss", found.issuer) != found.issuer:
        raise NotIdentified
    if found.acr and told.get("acr") not in found.acr:
        raise NotIdentified
    number = next((told[name] for name in found.claims if told.get(name)), None)
    if not isinstance(number, str):
        raise NotIdentified
    return number


def init_app(app: Flask) -> None:
    app.extensions["lovdv_eid"] = OAuth(app)
