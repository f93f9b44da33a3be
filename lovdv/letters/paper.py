"""Letters on paper: what stands around the words, and the code to scan."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno
from flask import render_template, url_for

from lovdv import preferences
from lovdv.choice.paper import data_address
from lovdv.clock import local_day
from lovdv.letters.models import Letter
from lovdv.needs import pdf
from lovdv.people.names import shown_name
from lovdv.people.protection import sees_identity


@dataclass(frozen=True)
class Sheet:
    """A letter as the page and the paper show it."""

    letter: Letter
    read_in: str = ""  # the reader's own way, instead of the one it was made in
    to: str = ""  # whom the letter says "du" to, when somebody else reads it

    @property
    def way(self) -> str:
        return self.read_in or self.letter.way

    @property
    def pictures(self) -> bool:
        return self.way in ("pictures", "large")

    @property
    def made_on(self) -> date:
        return local_day(self.letter.made_at)

    @property
    def title(self) -> str:
        return str(self.letter.content["title"])

    @property
    def parts(self) -> list[tuple[str, str, list[str]]]:
        found = self.letter.content["parts"]
        assert isinstance(found, list)
        return [(picture, heading, said) for picture, heading, said in found]

    @property
    def answer_by(self) -> date | None:
        day = self.letter.content["answer_by"]
        return date.fromisoformat(str(day)) if day else None

    @property
    def contact(self) -> str:
        return str(self.letter.content["contact"])

    @property
    def address(self) -> str:
        """The short link, as one types it."""
        key = self.letter.content["link"]
        return url_for("choice.short", key=key, _external=True)

    @property
    def code(self) -> str:
        """The same as a QR code, in an address that holds the whole picture."""
        out = io.BytesIO()
        segno.make(self.address, error="m", micro=False).save(
            out, kind="svg", scale=6, light="white"
        )
        return data_address("image/svg+xml", out.getvalue())

    @property
    def receiver(self) -> list[str]:
        """Name and address; nothing when the identity is hidden from the reader."""
        client = self.letter.client
        if not sees_identity(client):
            return []
        town = f"{client.postcode} {client.town}".strip()
        lines = (shown_name(client), client.street, town)
        return [line for line in lines if line]


def own_way() -> str:
    """How the one who is reading wants it, as they have chosen on the pages."""
    wishes = preferences.chosen()
    if wishes.size == "xl":
        return "large"
    if not wishes.easy:
        return "normal"
    return "easy" if wishes.shown_pictures == "none" else "pictures"


def as_pdf(sheets: Sequence[Sheet]) -> bytes:
    """One letter after the other, each from a page of its own."""
    page = render_template("letters/paper.html", sheets=sheets)
    return pdf.made(page)
