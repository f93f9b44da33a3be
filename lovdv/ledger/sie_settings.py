"""How a municipality wants its SIE files: series, rows and dimensions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lovdv.ledger.account_words import PARTS
from lovdv.ledger.text_reading import TemplateFaults

DIMENSION_PARTS = {
    "responsibility": "responsibility",
    "operation": "operation",
    "counterpart": "counterpart_code",
    "project": "project",
    "activity": "activity",
    "free": "free",
}
PERS = ("account", "line")
KEYS = {"series", "per", "dimensions", "account_names", "object_names"}
HIGHEST = 9_999


@dataclass(frozen=True)
class SieSettings:
    """`dimensions` are pairs of a part of the account string and its number."""

    series: str = "LOV"
    per: str = "account"
    dimensions: tuple[tuple[str, int], ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    account_names: Mapping[str, str] = field(default_factory=dict)
    object_names: Mapping[tuple[int, str], str] = field(default_factory=dict)


def read(value: object) -> SieSettings:
    """The settings of a JSON value; every fault is listed at once."""
    if not isinstance(value, Mapping):
        raise TemplateFaults(["Mallen ska vara ett objekt."])
    faults = list(_faults(value))
    if faults:
        raise TemplateFaults(faults)
    listed = value.get("dimensions", [])
    objects = value.get("object_names", {})
    return SieSettings(
        series=value.get("series", "LOV"),
        per=value.get("per", "account"),
        dimensions=tuple((one["part"], one["number"]) for one in listed),
        names={one["number"]: one.get("name", "") for one in listed},
        account_names=value.get("account_names", {}),
        object_names={
            (int(number), code): name
            for number, names in objects.items()
            for code, name in names.items()
        },
    )


def _faults(value: Mapping[str, object]) -> Iterator[str]:
    for name in value:
        if name not in KEYS:
            yield f"”{name}” är inget som en mall för SIE har."
    if not isinstance(value.get("series", ""), str):
        yield "series ska vara en text, till exempel LOV."
    if value.get("per", "account") not in PERS:
        yield "per ska vara account eller line."
    yield from _dimension_faults(value.get("dimensions", []))
    names = value.get("account_names", {})
    if not isinstance(names, Mapping) or not _texts(names):
        yield "account_names ska vara kontonummer och deras namn."
    objects = value.get("object_names", {})
    if not isinstance(objects, Mapping) or not all(
        number.isdecimal() and isinstance(names, Mapping) and _texts(names)
        for number, names in objects.items()
    ):
        yield "object_names ska vara dimensionens nummer, och för det koder och namn."


def _texts(names: Mapping[object, object]) -> bool:
    return all(isinstance(text, str) for pair in names.items() for text in pair)


def _dimension_faults(listed: object) -> Iterator[str]:
    if not isinstance(listed, list):
        yield "dimensions ska vara en lista."
        return
    numbers = set()
    for place, one in enumerate(listed, start=1):
        where = f"Dimension {place}"
        if not isinstance(one, Mapping):
            yield f"{where}: ska vara ett objekt."
            continue
        if one.get("part") not in tuple(DIMENSION_PARTS):
            told = ", ".join(PARTS[name].lower() for name in DIMENSION_PARTS.values())
            yield f"{where}: part ska vara en av {', '.join(DIMENSION_PARTS)} ({told})."
        number = one.get("number")
        if not isinstance(number, int) or not 1 <= number <= HIGHEST:
            yield f"{where}: number ska vara ett tal, 1 till {HIGHEST}."
        elif number in numbers:
            yield f"{where}: numret {number} står två gånger."
        else:
            numbers.add(number)
        if not isinstance(one.get("name", ""), str):
            yield f"{where}: name ska vara en text."
