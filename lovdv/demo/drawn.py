"""Calm pictures for the demo's presentations, drawn by ourselves: nobody is in them.

`scenes.json` says what is drawn: shapes on a sheet of 72 by 48 squares.
"""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from PIL import Image, ImageDraw

from lovdv.demo.places import UnitPlan

SQUARE = 20
SHEET = (72 * SQUARE, 48 * SQUARE)
HALVED = 2
ACTIVITIES = ("activity", "activity_2")

SCENES = json.loads((files("lovdv.demo") / "scenes.json").read_text("utf-8"))
COLOURS: dict[str, str] = SCENES["colours"]
PALETTES: list[dict[str, str]] = SCENES["palettes"]
WITHOUT = {"Kanalen", "Solhöjden Trädgård"}
ONLY_THE_DOOR = {"Träffen"}


@dataclass(frozen=True)
class Drawn:
    """A picture for one of the places of a presentation."""

    slot: str
    alt: str
    content: bytes


def pictures(plan: UnitPlan, number: int) -> Iterator[Drawn]:
    """The unit's own, in its own colours; some units have sent few or none."""
    colours = {**COLOURS, **PALETTES[number % len(PALETTES)]}
    for slot, scene in _scenes(plan, number):
        alt = scene["alt"].format(area=plan.area)
        yield Drawn(slot, alt, _picture(scene["shapes"], colours))


def _scenes(plan: UnitPlan, number: int) -> Iterator[tuple[str, dict[str, str]]]:
    if plan.name in WITHOUT:
        return
    doors = SCENES["entrances"]
    yield "entrance", doors[number % len(doors)]
    if plan.name in ONLY_THE_DOOR:
        return
    yield "room", SCENES["room"]
    for slot, activity in zip(
        ("activity", "activity_2"), plan.activities, strict=False
    ):
        yield slot, SCENES["activities"][activity]


def _picture(shapes: Sequence[Sequence[object]], colours: dict[str, str]) -> bytes:
    sheet = Image.new("RGB", SHEET, colours["light"])
    pen = ImageDraw.Draw(sheet)
    for kind, colour, *numbers in shapes:
        at = [number * SQUARE for number in numbers]
        _SHAPES[kind](pen, at, colours[colour])
    out = io.BytesIO()
    sheet.reduce(HALVED).save(out, "PNG", compress_level=1)
    return out.getvalue()


_SHAPES = {
    "rect": lambda pen, at, fill: pen.rounded_rectangle(at, SQUARE / 2, fill=fill),
    "oval": lambda pen, at, fill: pen.ellipse(at, fill=fill),
    "poly": lambda pen, at, fill: pen.polygon(at, fill=fill),
    "line": lambda pen, at, fill: pen.line(at, fill=fill, width=SQUARE, joint="curve"),
}
