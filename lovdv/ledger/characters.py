"""Texts made to fit an older character set, by a rule that is stated to the reader.

The rule: typographic marks become the plain ones, a letter with a mark that the set
lacks loses the mark, what is still missing becomes a question mark. Line breaks and
other control characters become spaces.
"""

import unicodedata
from functools import cache

PLAIN = {
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "’": "'",
    "‘": "'",
    "”": '"',
    "“": '"',
    "„": '"',
    "…": "...",
    "€": "EUR",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{THIN SPACE}": " ",
    "ø": "ö",
    "Ø": "Ö",
    "đ": "d",
    "Đ": "D",
    "ł": "l",
    "Ł": "L",
}
MISSING = "?"
RULE = (
    "Tecken som inte finns i teckenuppsättningen byts ut: typografiska streck och "
    "citattecken mot enkla, bokstäver med okända accenter mot samma bokstav utan, "
    "allt annat mot frågetecken. Radbrytningar blir mellanslag."
)


def fitted(text: str, encoding: str) -> str:
    """The text in characters that the encoding has.

    >>> fitted("Kök – Åsa Đorđević", "cp437")
    'Kök - Åsa Dordevic'
    """
    return "".join(_fitted(character, encoding) for character in text)


@cache
def _fitted(character: str, encoding: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}:
        return " "
    if has(encoding, character) and character != "\N{NO-BREAK SPACE}":
        return character
    plain = PLAIN.get(character) or _unmarked(character)
    return plain if plain and has(encoding, plain) else MISSING


def _unmarked(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if not unicodedata.combining(part))


def has(encoding: str, text: str) -> bool:
    """Whether the encoding can write every character of the text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
