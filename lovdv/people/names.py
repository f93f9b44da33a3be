"""How a person's name is shown to whom."""

from flask import Flask
from flask_login import current_user

from lovdv.access import Actor, Anonymous, Permission, Role
from lovdv.people.models import Client

HIDDEN = "Skyddade personuppgifter"


def shown_name(client: Client, to: Actor | Anonymous | None = None) -> str:
    """The name; for a protected identity only to those who may see it.

    A provider gets the alias that the caseworker has given, since the unit must
    call the person something.
    """
    reader = to or current_user
    if not client.protected or reader.may(Permission.PERSON_PROTECTED):
        return f"{client.first_name} {client.last_name}"
    if isinstance(reader, Actor) or reader.is_authenticated:
        if Role.PROVIDER in reader.roles and client.alias:
            return client.alias
        if reader.client_id == client.id:
            return f"{client.first_name} {client.last_name}"
    return HIDDEN


def init_app(app: Flask) -> None:
    app.jinja_env.filters["shown_name"] = shown_name
