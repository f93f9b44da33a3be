"""A PDF as a test reads it: its tags, headings, descriptions and text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

HEADINGS = {f"H{level}": level for level in range(1, 7)}


@dataclass(frozen=True)
class Tag:
    """An element of the structure tree."""

    kind: str
    element: Any

    def within(self) -> Iterator["Tag"]:
        """Every tag inside this one, in reading order."""
        kids = self.element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                tag = Tag(str(kid.S).lstrip("/"), kid)
                yield tag
                yield from tag.within()

    @property
    def headers(self) -> list[str]:
        """The cells that a cell of a table points at as its headings."""
        attributes = self.element.get("/A", [])
        held = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
        return [str(name) for a in held for name in a.get("/Headers", [])]


def tags(file: pikepdf.Pdf) -> list[Tag]:
    return list(Tag("", file.Root.StructTreeRoot).within())


def headings(file: pikepdf.Pdf) -> list[tuple[int, Tag]]:
    return [(HEADINGS[tag.kind], tag) for tag in tags(file) if tag.kind in HEADINGS]


def alternatives(file: pikepdf.Pdf) -> list[str]:
    """What each picture or drawing shows, in words; one without fails here."""
    return [str(tag.element["/Alt"]) for tag in tags(file) if tag.kind == "Figure"]


def page_text(file: pikepdf.Pdf, number: int | None = None) -> str:
    """The text of a page, or of all, as a reader copies it, spaces made single."""
    pages = file.pages if number is None else [file.pages[number]]
    shown = " ".join("".join(_shown(page)) for page in pages)
    return " ".join(shown.split())


def _shown(page: pikepdf.Page) -> Iterator[str]:
    """Each piece of text by the letters that its font says that the glyphs are."""
    letters: dict[str, dict[str, str]] = {
        name: _letters(font) for name, font in page.Resources.Font.items()
    }
    now: dict[str, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "Tf":
            now = letters[str(operands[0])]
        elif operator in {"Tj", "TJ"}:
            held = operands[0] if operator == "TJ" else operands
            glyphs = "".join(bytes(part).hex() for part in held if _is_text(part))
            yield "".join(now.get(code, "") for code in re.findall("....", glyphs))
        elif operator == "ET":
            yield " "


def _is_text(part: Any) -> bool:
    return isinstance(part, pikepdf.String)


def _letters(font: Any) -> dict[str, str]:
    """Glyph code to letters, from the font's own table."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    found = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
    return {
        code.lower(): bytes.fromhex(text).decode("utf-16-be") for code, text in found
    }
