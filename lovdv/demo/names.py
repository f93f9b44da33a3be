"""Fictive people and places. Names are common ones; numbers are in reserved ranges."""

import json
from importlib.resources import files
from random import Random

_LISTS: dict[str, list[str]] = json.loads(
    (files("lovdv.demo") / "names.json").read_text("utf-8")
)
EMPLOYERS = _LISTS["employers"]
COMMUNICATION = _LISTS["communication"]
TOWN = "Björkhamra"


def name(rng: Random) -> tuple[str, str]:
    return rng.choice(_LISTS["first"]), rng.choice(_LISTS["last"])


def phone(rng: Random) -> str:
    """A number in the range kept free for fiction: 070-174 06 05 to 06 99."""
    return f"070-174 06 {rng.randint(5, 99):02}"


def address(rng: Random) -> tuple[str, str]:
    """Street and a postcode that no place has."""
    street = rng.choice(_LISTS["streets"])
    return f"{street} {rng.randint(1, 64)}", f"000 {rng.randint(10, 49)}"
