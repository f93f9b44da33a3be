"""How a person's name is shown to whom."""

from flask import Flask
from flask_login import current_user

from lovdv.access import Actor, Anonymous, Permission, Role
from lovdv.formats import swedish_key
from lovdv.people.models import Client, Mandate

HIDDEN = "Skyddade personuppgifter"
HIDDEN_CIRCLE = "(skyddat namn)"


def shown_name(client: Client, to: Actor | Anonymous | None = None) -> str:
    """The name; for a protected identity only to those who may see it.

    A provider gets the alias that the caseworker has given, since the unit must
    call the person something.
    """
    reader = to or current_user
    if _knows(reader, client):
        return f"{client.first_name} {client.last_name}"
    if isinstance(reader, Actor) and Role.PROVIDER in reader.roles and client.alias:
        return client.alias
    return HIDDEN


def _knows(reader: Actor | Anonymous, client: Client) -> bool:
    if not client.protected or reader.may(Permission.PERSON_PROTECTED):
        return True
    return reader.is_authenticated and reader.client_id == client.id


def spoken_name(client: Client, to: Actor | Anonymous | None = None) -> str:
    """The name in running text; "personen" to those who may not know who it is."""
    return client.first_name if _knows(to or current_user, client) else "personen"


def shown_representative(mandate: Mandate) -> str:
    """The name of a representative, who would tell who a protected person is."""
    return mandate.name if _knows(current_user, mandate.client) else HIDDEN_CIRCLE


def listed_key(client: Client) -> str:
    """Where a person stands in a unit's lists: an alias not where the name would."""
    return swedish_key(client.alias) if client.alias else client.sort_key


def init_app(app: Flask) -> None:
    app.jinja_env.filters["shown_name"] = shown_name
    app.jinja_env.filters["shown_representative"] = shown_representative
