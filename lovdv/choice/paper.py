"""Pictures as addresses that hold them, for paper that asks nobody for anything."""

from base64 import b64encode
from collections.abc import Sequence

from lovdv.choice.listing import Card
from lovdv.providers.pictures import MIME
from lovdv.providers.profile_photos import public_picture


def data_address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"


def picture_addresses(rows: Sequence[Card]) -> dict[str, str]:
    """Every photo of the rows by its digest, in the small size."""
    found = {}
    for photo in (photo for row in rows for photo in row.photos):
        content = public_picture(photo.digest, "480")
        if content is not None:
            found[photo.digest] = data_address(MIME, content)
    return found
