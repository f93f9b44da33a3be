"""Picture files and zip files of them, for tests that read pictures in."""

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

HEADING = "nyckel;fil;ord;licens;upphov;källa"
ROW = "coffee;kaffe.svg;Kafé;CC BY 4.0;Ada Ritare;https://exempel.se"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
CIRCLE = '<circle cx="4" cy="4" r="3" fill="red"/>'


def svg(inside: str = CIRCLE) -> bytes:
    return SVG.format(inside).encode()


def png(width: int = 8, height: int = 8, **told: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(made, "PNG", **told)
    return made.getvalue()


def packed(*rows: str, **files: bytes) -> bytes:
    """A ZIP with the list and files; kaffe_svg is the file kaffe.svg."""
    named = {name.replace("_", "."): content for name, content in files.items()}
    return zipped_up({"lista.csv": "\n".join([HEADING, *rows]).encode(), **named})


def zipped_up(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
