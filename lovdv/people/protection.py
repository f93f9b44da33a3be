"""Who may see the identity of a person whose identity is protected."""

from flask_login import current_user
from werkzeug.exceptions import Forbidden

from lovdv.access import Permission
from lovdv.people.models import Client


def sees_identity(client: Client) -> bool:
    """The case is never hidden, but name, number and ways to reach the person are."""
    return not client.protected or bool(current_user.may(Permission.PERSON_PROTECTED))


def require_identity(client: Client) -> None:
    """For pages that show or change the identity."""
    if not sees_identity(client):
        raise Forbidden
