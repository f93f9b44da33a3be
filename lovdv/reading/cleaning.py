"""Pictures from outside made safe: SVG keeps only what draws, PNG is drawn anew."""

import io
import re
import warnings
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from defusedxml import ElementTree as Defused
from defusedxml.common import DefusedXmlException
from PIL import Image, UnidentifiedImageError

SVG, PNG = "image/svg+xml", "image/png"
WIDEST_READ = 4096
WIDEST_KEPT = 512
MOST_ELEMENTS = 5000
DEEPEST = 100
NAMESPACE = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
DRAWS = frozenset({"path", "circle", "ellipse", "rect", "line", "polyline", "polygon"})
KEPT = DRAWS | frozenset(
    {"svg", "g", "defs", "use", "symbol", "style", "clipPath", "mask"}
    | {"linearGradient", "radialGradient", "stop", "title", "desc", "text", "tspan"}
)
ATTRIBUTES = frozenset(
    {"id", "class", "style", "transform", "d", "x", "y", "x1", "y1", "x2", "y2"}
    | {"cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "points", "viewBox"}
    | {"preserveAspectRatio", "version", "offset", "gradientUnits", "spreadMethod"}
    | {"gradientTransform", "clipPathUnits", "maskUnits", "maskContentUnits"}
    | {"clip-path", "clip-rule", "mask", "color", "display", "opacity", "visibility"}
    | {"fill", "fill-opacity", "fill-rule", "stop-color", "stop-opacity", "stroke"}
    | {"stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin"}
    | {"stroke-miterlimit", "stroke-opacity", "stroke-width", "font-family"}
    | {"font-size", "font-weight", "text-anchor", "href"}
)
OUTSIDE = re.compile(
    r"url\(\s*+[\"']?+\s*+(?!#)|@|\\|//|image-set|expression|javascript", re.IGNORECASE
)
"""What a value or a style sheet could reach out or run with."""


class NotAPicture(Exception):
    """Says in Swedish what is wrong with the file."""


def clean(name: str, content: bytes) -> tuple[str, bytes]:
    """The kind and the safe content of a file, by what its name says it is."""
    if name.casefold().endswith(".svg"):
        return SVG, clean_svg(content)
    if name.casefold().endswith(".png"):
        return PNG, clean_png(content)
    raise NotAPicture("är varken SVG eller PNG")


def clean_svg(content: bytes) -> bytes:
    """The drawing alone: no scripts, events, links, fonts or files from elsewhere."""
    try:
        root = Defused.fromstring(content, forbid_dtd=False)
    except DefusedXmlException as error:
        raise NotAPicture("har ENTITY-delar; spara den som vanlig SVG") from error
    except (ET.ParseError, ValueError, LookupError) as error:
        raise NotAPicture("är skadad eller ingen riktig SVG") from error
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise NotAPicture("är ingen SVG")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise NotAPicture(f"har fler än {MOST_ELEMENTS} delar; förenkla den")
    if _depth(root) > DEEPEST:
        raise NotAPicture("har för många delar inuti varandra; förenkla den")
    made = _kept(root)
    if not any(_name(element) in DRAWS for element in made.iter()):
        raise NotAPicture("har inget som går att rita")
    ET.register_namespace("", NAMESPACE)
    return ET.tostring(made, encoding="utf-8", xml_declaration=True)


def _depth(root: ET.Element) -> int:
    level, depth = [root], 0
    while level and depth <= DEEPEST:
        level, depth = [child for each in level for child in each], depth + 1
    return depth


def _kept(element: ET.Element) -> ET.Element:
    made = ET.Element(element.tag, dict(_attributes(element)))
    made.text = element.text
    for child in element:
        if _name(child) in KEPT and not _reaches_out(child):
            made.append(_kept(child))
    return made


def _name(element: ET.Element) -> str:
    """The plain name of an SVG element; empty for others, and for comments."""
    space = f"{{{NAMESPACE}}}"
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.removeprefix(space) if tag.startswith(space) else ""


def _attributes(element: ET.Element) -> Iterator[tuple[str, str]]:
    for name, value in element.items():
        plain = "href" if name == XLINK else name
        inside = plain != "href" or value.startswith("#")
        if plain in ATTRIBUTES and inside and not OUTSIDE.search(value):
            yield plain, value


def _reaches_out(element: ET.Element) -> bool:
    return _name(element) == "style" and bool(OUTSIDE.search(element.text or ""))


def clean_png(content: bytes) -> bytes:
    """Drawn anew and at most so wide; what else the file held is gone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(content), formats=["PNG"])
            if max(image.size) > WIDEST_READ:
                raise NotAPicture(f"är bredare eller högre än {WIDEST_READ} punkter")
            drawn = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning) as error:
        raise NotAPicture("är skadad eller ingen riktig PNG") from error
    drawn.thumbnail((WIDEST_KEPT, WIDEST_KEPT))
    kept = io.BytesIO()
    Image.frombytes("RGBA", drawn.size, drawn.tobytes()).save(
        kept, "PNG", optimize=True
    )
    return kept.getvalue()
