"""Positions as people write them, kept as whole millionths of a degree (WGS84)."""

from decimal import Decimal

from lovdv.forms import swedish_decimal

MILLION = 1_000_000


def position_of(text: str) -> tuple[int, int]:
    """Latitude and longitude; ValueError when it is not both.

    >>> position_of("60,67584; 17,1519")
    (60675840, 17151900)
    """
    latitude, longitude = (part.strip() for part in text.split(";"))
    return _millionths(latitude, 90), _millionths(longitude, 180)


def _millionths(text: str, most: int) -> int:
    degrees = swedish_decimal(text)
    if abs(degrees) > most:
        raise ValueError(text)
    return int(degrees * MILLION)


def position_text(latitude: int, longitude: int) -> str:
    """The same position as text.

    >>> position_text(60675840, 17151900)
    '60,67584; 17,1519'
    """
    return "; ".join(_degrees(each) for each in (latitude, longitude))


def _degrees(millionths: int) -> str:
    return f"{(Decimal(millionths) / MILLION).normalize():f}".replace(".", ",")
