"""The order units are shown in: random, stable for a reader, fair to every unit.

Each unit gets a sort key from the reader's seed and the unit's own random id. The
order is a permutation of all units; opening or closing one leaves the others where
they were in relation to each other.
"""

import secrets
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

Listed = TypeVar("Listed")

NEUTRAL, ALPHABETICAL, BY_AREA = "neutral", "alphabetical", "area"
BY_DISTANCE = "distance"
SORTS = {
    NEUTRAL: "Blandad ordning",
    ALPHABETICAL: "Namn, A–Ö",
    BY_AREA: "Område",
    BY_DISTANCE: "Avstånd",
}


def new_seed() -> str:
    return secrets.token_hex(6)


def seed_for(public_id: str) -> str:
    """A person's own seed: the same order whoever opens it and on any device."""
    return sha256(f"order of {public_id}".encode()).hexdigest()[:12]


def key(seed: str, unit: str) -> bytes:
    return sha256(f"{seed} {unit}".encode()).digest()


def neutral(
    seed: str, units: Iterable[Listed], public_id: Callable[[Listed], str]
) -> list[Listed]:
    """Every unit once, in the order that belongs to the seed.

    >>> neutral("a", ["alm", "björk", "ek"], str)
    ['ek', 'alm', 'björk']
    >>> neutral("a", ["alm", "ek"], str)
    ['ek', 'alm']
    """
    return sorted(units, key=lambda unit: key(seed, public_id(unit)))
