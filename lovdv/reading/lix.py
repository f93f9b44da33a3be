"""How easy a text is to read: LIX, and what would make it easier.

LIX is words a sentence plus the share, in per cent, of words longer than six letters.
Names and legal terms are left out of the count: nobody can write them shorter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

AIM = 30
LONG = 6
LONGEST_SENTENCE = 12
LONGEST_WORD = 12
WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
END = re.compile(r"(?<=[.!?:])[\s”\"»)]+|\n+")
"""A sentence ends with a mark and a space, or with its line; 8.30 is one word."""
INSIDE = re.compile(r"(?<=\d)[.,:](?=\d)")
LEGAL = (
    "personuppgifter",
    "daglig verksamhet",
    "biståndshandläggare",
    "handläggare",
    "överklaga",
    "valfrihetssystem",
)


@dataclass(frozen=True)
class Measured:
    """A text's LIX, what it was counted from, and the hints to its writer."""

    lix: int
    words: int
    sentences: int
    hints: tuple[str, ...] = ()

    @property
    def easy(self) -> bool:
        return self.lix < AIM

    @property
    def verdict(self) -> str:
        """What the figure means, in words.

        >>> Measured(lix=24, words=40, sentences=6).verdict
        'Texten är lätt att läsa.'
        """
        if self.easy:
            return "Texten är lätt att läsa."
        if self.lix < AIM + 10:
            return "Texten är lite svår att läsa. Korta meningar och ord hjälper."
        return "Texten är svår att läsa. Skriv kortare meningar och vanligare ord."


def measure(text: str, left_out: Iterable[str] = ()) -> Measured:
    """The text's LIX, with these names and the legal terms left out of the count.

    >>> measure("Vi bakar bröd. Du kan vara med och baka.")
    Measured(lix=5, words=9, sentences=2, hints=())
    >>> measure("Ateljé Paletten är ett kafé.", ["Ateljé Paletten"]).lix
    3
    """
    counted = [words for words in _sentences(_without(text, left_out)) if words]
    words = [word for sentence in counted for word in sentence]
    if not words:
        return Measured(0, 0, 0)
    long = sum(len(word) > LONG for word in words)
    count = len(words)
    exact = Fraction(count, len(counted)) + Fraction(100 * long, count)
    lix = int(exact + Fraction(1, 2))
    return Measured(lix, count, len(counted), tuple(_hints(counted)))


def _without(text: str, left_out: Iterable[str]) -> str:
    phrases = sorted({*filter(None, left_out), *LEGAL}, key=len, reverse=True)
    found = "|".join(map(re.escape, phrases))
    return re.sub(rf"\b(?:{found})\b", "", text, flags=re.IGNORECASE)


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in END.split(INSIDE.sub("", text)):
        yield WORD.findall(sentence)


def _hints(sentences: list[list[str]]) -> Iterator[str]:
    for words in sentences:
        if len(words) > LONGEST_SENTENCE:
            start = " ".join(words[:4])
            yield (
                f"Meningen som börjar ”{start} …” har {len(words)} ord. "
                f"Dela den i två. Högst {LONGEST_SENTENCE} ord är bra."
            )
    seen = dict.fromkeys(word for words in sentences for word in words)
    for word in seen:
        if len(word) > LONGEST_WORD:
            yield f"Ordet ”{word}” är långt. Finns det ett kortare?"
