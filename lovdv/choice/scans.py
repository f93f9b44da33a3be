"""A scanned or photographed paper as somebody sent it, known by its bytes."""

from dataclasses import dataclass
from hashlib import sha256

from lovdv.errors import Refused
from lovdv.providers import pictures

PDF, JPEG = "application/pdf", "image/jpeg"
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
ENDINGS = {PDF: "pdf", JPEG: "jpg"}
KINDS = {PDF: "PDF", JPEG: "bild"}
TAIL = 2048
"""Bytes at the end of a PDF among which its end stands."""

NOT_ONE = (
    "Filen går inte att läsa. Välj en PDF, eller en bild som slutar på .jpg eller .png."
)
CUT_OFF = (
    "PDF-filen är inte hel. Läs in papperet igen, eller fotografera det med telefonen."
)


@dataclass(frozen=True)
class Scan:
    """What is kept: a PDF as it came, or a picture drawn anew."""

    media: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


def scan_of(content: bytes, most_megabytes: int) -> Scan:
    """The paper; Refused when it is too large, or neither a PDF nor a picture."""
    if len(content) > most_megabytes * pictures.MEGABYTE:
        raise Refused(
            f"Filen är för stor. Välj en som är högst {most_megabytes} MB.", "file"
        )
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-TAIL:]:
            raise Refused(CUT_OFF, "file")
        return Scan(PDF, content)
    if not content.startswith(PICTURES):
        raise Refused(NOT_ONE, "file")
    return Scan(JPEG, pictures.paper(content))
