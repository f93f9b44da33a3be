"""How far it is as the crow flies, and a map of points: no service from outside.

Positions are in millionths of a degree. Near enough to each other, the earth is
flat: a degree of longitude is shorter by the cosine of the latitude.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import cos, hypot, isqrt, radians

EARTH_RADIUS = 6_371_000  # metres
MILLION = 1_000_000
WIDTH, MARGIN, FOOT = 500, 40, 44
LEAST_METRES = 400
APART, ROUNDS = 40, 60
"""How near two points may be drawn, and how many times they are moved."""

SCALES = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True)
class Place:
    """Somewhere that the municipality has named to tell distance from."""

    name: str
    latitude: int
    longitude: int


@dataclass(frozen=True)
class Point:
    """Where something stands on the map, in the drawing's own measure."""

    x: int
    y: int
    label: str
    words: str = ""


@dataclass(frozen=True)
class Map:
    """Numbered points and named places, with a bar that says how long a way is."""

    points: Sequence[Point]
    places: Sequence[Point]
    height: int
    bar: int
    bar_words: str
    width: int = WIDTH


def places_of(rule: Mapping[str, object]) -> list[Place]:
    points = rule["points"]
    assert isinstance(points, list)
    return [
        Place(str(each["name"]), int(each["latitude"]), int(each["longitude"]))
        for each in points
    ]


def metres(one: Place, latitude: int, longitude: int) -> int:
    """As the crow flies.

    >>> metres(Place("Sergels torg", 59332500, 18064500), 59325700, 18071000)
    841
    """
    x, y = _offset(one, latitude, longitude)
    return round(hypot(x, y))


def _offset(origin: Place, latitude: int, longitude: int) -> tuple[int, int]:
    """Metres east and north of a place."""
    between = (origin.latitude + latitude) // 2
    east = radians((longitude - origin.longitude) / MILLION)
    north = radians((latitude - origin.latitude) / MILLION)
    shrunk = cos(radians(between / MILLION))
    return round(EARTH_RADIUS * east * shrunk), round(EARTH_RADIUS * north)


def in_words(length: int) -> str:
    """A distance as one says it.

    >>> in_words(840), in_words(1249), in_words(23400)
    ('840 meter', '1,2 km', '23 km')
    """
    if length < 1000:
        return f"{(length + 5) // 10 * 10} meter"
    if length < 10_000:
        tenths = (length + 50) // 100
        return f"{tenths // 10},{tenths % 10} km"
    return f"{(length + 500) // 1000} km"


def drawn(listed: Sequence[tuple[str, str, int, int]], places: Sequence[Place]) -> Map:
    """A map of (label, words, latitude, longitude); north is up."""
    known = [(lat, lon) for _, _, lat, lon in listed]
    known += [(place.latitude, place.longitude) for place in places]
    corner = Place(
        "", min(lat for lat, _ in known), min(lon for _, lon in known)
    )  # south-west
    offsets = [_offset(corner, lat, lon) for lat, lon in known]
    wide = max(LEAST_METRES, *(x for x, _ in offsets))
    high = max(LEAST_METRES // 2, *(y for _, y in offsets))
    inner = WIDTH - 2 * MARGIN
    height = min(inner * high // wide, 2 * WIDTH)
    per = (max(wide, high * inner // height), inner)

    def at(offset: tuple[int, int], label: str, words: str) -> Point:
        x, y = (length * per[1] // per[0] for length in offset)
        return Point(MARGIN + x, MARGIN + height - y, label, words)

    labels = [(label, words) for label, words, *_ in listed]
    labels += [(place.name, "") for place in places]
    marks = _told_apart(
        [at(offset, *told) for offset, told in zip(offsets, labels, strict=True)],
        height + 2 * MARGIN,
    )
    bar = max((s for s in SCALES if s <= per[0] // 3), default=SCALES[0])
    return Map(
        marks[: len(listed)],
        marks[len(listed) :],
        height + 2 * MARGIN + FOOT,
        bar * per[1] // per[0],
        in_words(bar),
    )


def _told_apart(points: Sequence[Point], height: int) -> list[Point]:
    """Points on top of each other, moved until each number can be read.

    >>> [p.x for p in _told_apart([Point(90, 90, "1"), Point(90, 90, "2")], 200)]
    [70, 110]
    """
    at = [[point.x, point.y] for point in points]
    for _ in range(ROUNDS):
        for one, other in combinations(at, 2):
            _push(one, other)
        for each in at:
            each[0] = min(max(each[0], MARGIN // 2), WIDTH - MARGIN // 2)
            each[1] = min(max(each[1], MARGIN // 2), height - MARGIN // 2)
    return [replace(point, x=x, y=y) for point, (x, y) in zip(points, at, strict=True)]


def _push(one: list[int], other: list[int]) -> None:
    """Both half of the way that is missing, along the line between them."""
    east, north = other[0] - one[0], other[1] - one[1]
    between = isqrt(east * east + north * north)
    if between >= APART:
        return
    missing = (APART - between + 1) // 2
    if between == 0:
        east = between = 1
    step = (east * missing // between, north * missing // between)
    for axis in (0, 1):
        one[axis] -= step[axis]
        other[axis] += step[axis]
