"""A picture as somebody sent it, made into web sizes with nothing else in it.

What is kept is drawn anew from the pixels: where and when the picture was taken,
and with what, does not come along.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from lovdv.errors import Refused

MEGABYTE = 1024 * 1024
MOST_BYTES = 9 * MEGABYTE
MOST_PIXELS = 50_000_000
MOST_DECODED = 25_000_000
"""A JPEG is made smaller while it is read; all of another kind is held in memory."""

LEAST_SIDE = 400
SMALL, LARGE, PAPER = 480, 1200, 2000
KINDS = ("JPEG", "PNG", "WEBP")
QUALITY = 78
MIME = "image/webp"

NOT_ONE = (
    "Filen går inte att läsa som en bild. Välj en bild som slutar på .jpg, .png "
    "eller .webp."
)
TOO_HEAVY = "Bilden är för stor. Välj en som är högst 9 MB."
TOO_MANY = (
    "Bilden har för många bildpunkter. Välj en som är mindre, till exempel så som "
    "telefonen skickar den i ett meddelande."
)
TOO_SMALL = "Bilden är för liten. Båda sidorna måste vara minst 400 bildpunkter."


@dataclass(frozen=True)
class Encoded:
    """The same picture in two sizes."""

    small: bytes
    large: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return sha256(self.small + self.large).hexdigest()


def encoded(content: bytes) -> Encoded:
    """The picture upright, without metadata; Refused when it cannot be one."""
    if len(content) > MOST_BYTES:
        raise Refused(TOO_HEAVY, "file")
    with _read(content) as sent:
        upright = _flat(ImageOps.exif_transpose(_nearer(sent)))
    large, small = _within(upright, LARGE), _within(upright, SMALL)
    return Encoded(_written(small), _written(large), *large.size)


def paper(content: bytes) -> bytes:
    """A photographed paper, upright, readable and without metadata, as JPEG."""
    with _read(content) as sent:
        upright = _flat(ImageOps.exif_transpose(_nearer(sent)))
    return _written(_within(upright, PAPER), "JPEG")


@contextmanager
def _read(content: bytes) -> Iterator[Image.Image]:
    """Opened by its header, measured, and only then decoded.

    A file that was cut off is refused; what makes PDFs lets such files through.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as found:
            _require_fit(found.size)
            found.draft("RGB", (2 * LARGE, 2 * LARGE))
            _require_fewer(found.size, MOST_DECODED)
            found.load()
            yield found
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(TOO_MANY, "file") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused(NOT_ONE, "file") from error


def _require_fit(size: tuple[int, int]) -> None:
    _require_fewer(size, MOST_PIXELS)
    if min(size) < LEAST_SIDE:
        raise Refused(TOO_SMALL, "file")


def _require_fewer(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise Refused(TOO_MANY, "file")


def _nearer(picture: Image.Image) -> Image.Image:
    """Nearer to the size that is kept, before the picture is copied any further."""
    factor = max(picture.size) // (2 * LARGE)
    if factor < 2:
        return picture
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    plain = picture if picture.mode == mode else picture.convert(mode)
    return plain.reduce(factor)


def _flat(picture: Image.Image) -> Image.Image:
    """Colours only; what can be seen through becomes white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    under = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(under, layer).convert("RGB")


def _within(picture: Image.Image, side: int) -> Image.Image:
    smaller = picture.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
    return smaller


def _written(picture: Image.Image, kind: str = "WEBP") -> bytes:
    """Only the pixels are copied; `info` holds what came with the file."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, kind, quality=QUALITY, method=4)
    return out.getvalue()
