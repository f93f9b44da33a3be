"""Where the demo's units are: in a municipality that is on no map."""

from collections.abc import Mapping

SQUARE = (60_520_000, 15_900_000)
"""The middle of Björkhamra, in millionths of a degree."""

NORTH, EAST = 9, 18
"""Millionths of a degree in a metre, as near as a demo needs."""

UNITS: Mapping[str, tuple[int, int, int]] = {
    "Ateljén": (160, -90, 120),
    "Bagarstugan": (1750, 240, 200),
    "Ekbacken": (3400, -3900, 350),
    "Gröna gruppen": (-2100, 620, 450),
    "Hantverkshuset": (-280, -2350, 150),
    "Kanalen": (-340, 280, 90),
    "Linden": (620, 2100, 180),
    "Musikverkstan": (2150, -420, 250),
    "Ute på jobb": (-60, 520, 60),
    "Återbruk": (210, -2800, 300),
    "Träffen": (-1500, -240, 100),
    "Solhöjden Centrum": (380, 310, 140),
    "Solhöjden Trädgård": (-2700, -360, 600),
    "Vågen": (-250, 2900, 400),
    "Lyktan": (4300, -3100, 900),
    "Medialabbet": (1400, 780, 110),
}
"""Metres north and east of the square, and on foot from the nearest stop."""

LINES = {
    "Centrum": "linje 1, 2 och 5",
    "Norrtull": "linje 1",
    "Skogsbo": "linje 23",
    "Söderängen": "linje 2",
    "Västerby": "linje 5",
    "Österlund": "linje 5 och 8",
}
NAMED = {
    "Björkhamra torg": (0, 0),
    "Järnvägsstationen": (-120, 640),
    "Sjukhuset": (1050, -900),
}
"""What the municipality counts distance from, in metres as above."""


def position(name: str) -> tuple[int, int]:
    """Latitude and longitude of a unit."""
    north, east, _ = UNITS[name]
    return _degrees(north, east)


def points() -> dict[str, object]:
    """The rule with the places that distance is counted from."""
    return {
        "points": [
            {"name": name, "latitude": latitude, "longitude": longitude}
            for name, metres in NAMED.items()
            for latitude, longitude in [_degrees(*metres)]
        ]
    }


def stop(name: str, street: str, area: str) -> dict[str, object]:
    """The nearest stop, named after the street, and how far it is."""
    return {
        "stop": f"{street.rstrip(' 0123456789')}, {LINES[area]}",
        "stop_metres": str(UNITS[name][2]),
    }


def _degrees(north: int, east: int) -> tuple[int, int]:
    return SQUARE[0] + north * NORTH, SQUARE[1] + east * EAST
