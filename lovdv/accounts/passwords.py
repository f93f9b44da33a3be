"""Password hashing with argon2."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

SHORTEST = 12


def hasher() -> PasswordHasher:
    """The settings come from configuration, so that tests need not be slow."""
    return PasswordHasher(**current_app.config["ARGON2"])


def hashed(password: str) -> str:
    return hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Takes as long for a user who does not exist."""
    try:
        return hasher().verify(stored or _nobody(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def _nobody() -> str:
    found: str | None = current_app.extensions.get("lovdv_nobody")
    if found is None:
        found = current_app.extensions["lovdv_nobody"] = hasher().hash("nobody")
    return found
