"""A patient reader of nested texts: it goes on after a fault and keeps them all."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from assessment.errors import Fault
from assessment.numbers import UNREADABLE, exact_number

Item = TypeVar("Item")

LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Bare:
    """A number written without quotes, where it could lose decimals."""

    text: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """An object where a key is given twice."""

    keys: tuple[str, ...]
    values: dict[str, object]


@dataclass(slots=True)
class Faults:
    found: list[Fault] = field(default_factory=list)

    def add(self, place: str, problem: str, remedy: str) -> None:
        self.found.append(Fault(_shown(place) or "filen", _shown(problem), remedy))


def parsed(text: str, faults: Faults) -> object:
    """Read JSON without ever making a float; a fault is noted, not raised."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=Bare,
            parse_int=Bare,
            parse_constant=Bare,
        )
    except json.JSONDecodeError as error:
        faults.add(
            f"rad {error.lineno}, tecken {error.colno}",
            "Filen är inte giltig JSON.",
            "Rätta tecknet, eller spara filen på nytt från ett JSON-program.",
        )
    except RecursionError:
        faults.add(
            "filen",
            "Delarna ligger inuti varandra i för många steg.",
            "Börja från exemplet i docs/instrument-format.md.",
        )
    return None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | Repeated:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    names = [key for key, _ in pairs]
    twice = tuple(sorted({key for key in names if names.count(key) > 1}))
    return Repeated(twice, values)


class Part:
    """One object of the file with its place; every key must be taken or refused."""

    def __init__(self, value: object, place: str, faults: Faults) -> None:
        self.place = place
        self.faults = faults
        if isinstance(value, Repeated):
            self.fault(f"Nyckeln {', '.join(value.keys)} finns flera gånger.")
            value = value.values
        if not isinstance(value, dict):
            self.fault("Här ska det stå ett objekt inom { }.")
            value = None
        self.is_object = value is not None
        self._left: dict[str, object] = dict(value) if value is not None else {}

    def fault(self, problem: str, remedy: str = "Rätta delen.", key: str = "") -> None:
        self.faults.add(self._where(key), problem, remedy)

    def _where(self, key: str) -> str:
        if not key:
            return self.place
        return f"{self.place}, fältet {key}" if self.place else f"fältet {key}"

    def _take(self, key: str) -> object:
        return self._left.pop(key, None)

    def has(self, key: str) -> bool:
        """Tell whether something stands there; null is the same as nothing."""
        if self._left.get(key) is None:
            self._left.pop(key, None)
        return key in self._left

    def text(
        self, key: str, *, default: str | None = None, longest: int = LONGEST_TEXT
    ) -> str:
        if not self.is_object:
            return ""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.fault(_wanted(value, "en text"), "Skriv en text.", key)
            return ""
        return self._tidy(value, key, longest)

    def _tidy(self, value: str, key: str, longest: int) -> str:
        if any(_is_unprintable(character) for character in value):
            self.fault("Texten har tecken som inte går att visa.", "Ta bort dem.", key)
            return ""
        if len(value) > longest:
            self.fault(
                f"Texten har {len(value)} tecken.",
                f"Korta den till högst {longest}.",
                key,
            )
            return ""
        return unicodedata.normalize("NFC", value.strip())

    def choice(
        self, key: str, choices: Iterable[str], *, default: str | None = None
    ) -> str:
        value, names = self._take(key), list(choices)
        if value is None and (default is not None or not self.is_object):
            return default or names[0]
        if value not in names:
            self.fault(
                _wanted(value, "ett av valen"),
                f"Välj {' eller '.join(names)}.",
                key,
            )
            return names[0]
        return str(value)

    def yes_or_no(self, key: str, *, default: bool | None = None) -> bool:
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            if self.is_object:
                self.fault(
                    _wanted(value, "ja eller nej"),
                    "Skriv true eller false, utan citattecken.",
                    key,
                )
            return False
        return value

    def number(self, key: str, *, default: Decimal | None = None) -> Decimal:
        if not self.is_object:
            return UNREADABLE
        value = self._take(key)
        if value is None and default is not None:
            return default
        read = self._number(value, key)
        return UNREADABLE if read is None else read

    def number_or_none(self, key: str) -> Decimal | None:
        value = self._take(key)
        if value is None:
            return None
        read = self._number(value, key)
        return UNREADABLE if read is None else read

    def _number(self, value: object, key: str) -> Decimal | None:
        try:
            return exact_number(value if isinstance(value, str) else "")
        except ValueError:
            self.fault(
                _wanted(value, "ett tal"),
                "Skriv talet inom citattecken med punkt, till exempel "
                '"0.04186": högst sju siffror före punkten och åtta efter.',
                key,
            )
            return None

    def whole(self, key: str, *, least: int, most: int) -> int:
        """Read a whole number, written as text like every number."""
        if not self.is_object:
            return least
        value = self._take(key)
        if not isinstance(value, str) or not re.fullmatch("[0-9]{1,4}", value):
            self.fault(
                _wanted(value, "ett helt tal"),
                f'Skriv talet inom citattecken, till exempel "{most}".',
                key,
            )
            return least
        if not least <= int(value) <= most:
            self.fault(
                f"{value} är utanför det tillåtna.",
                f"Skriv ett helt tal från {least} till {most}.",
                key,
            )
        return int(value)

    def labels(self, key: str, *, longest: int) -> tuple[str, ...]:
        """Read a list of texts."""
        if not self.is_object:
            return ()
        value = self._take(key)
        if not isinstance(value, list):
            self.fault(_wanted(value, "en lista"), "Skriv texter inom [ ].", key)
            return ()
        if not all(isinstance(item, str) and item.strip() for item in value):
            self.fault("Allt i listan är inte texter.", "Skriv texter inom [ ].", key)
            return ()
        return tuple(self._tidy(item, key, longest) for item in value)

    def texts(self, key: str) -> tuple[tuple[str, str], ...]:
        """Read an object of texts, sorted by key."""
        value = self._take(key)
        if value is None:
            return ()
        part = Part(value, self._where(key), self.faults)
        return tuple(
            (self._tidy(name, key, 20), part.text(name)) for name in sorted(part._left)
        )

    def items(
        self,
        key: str,
        read: Callable[["Part"], Item],
        *,
        one: str,
        least: int = 1,
        most: int,
    ) -> tuple[Item, ...]:
        """Read each object of a list with its place counted from one."""
        if not self.is_object:
            return ()
        value = self._take(key)
        if value is None and least == 0:
            return ()
        if not isinstance(value, list) or not least <= len(value) <= most:
            many = f"{len(value)} delar" if isinstance(value, list) else ""
            self.fault(
                (many and f"Listan har {many}.") or _wanted(value, "en lista"),
                f"Skriv en lista inom [ ] med minst {least} och högst {most} delar.",
                key,
            )
            return ()
        before = f"{self.place}, " if self.place else ""
        parts = [
            Part(item, f"{before}{one} {number}", self.faults)
            for number, item in enumerate(value, 1)
        ]
        return tuple(part.done(read(part)) for part in parts)

    def done(self, item: Item) -> Item:
        """Refuse the keys that nobody asked for: a misspelt one is not ignored."""
        for key in sorted(self._left):
            self.fault(
                "Fältet är okänt.",
                "Rätta stavningen, eller ta bort fältet.",
                "".join(filter(str.isprintable, key[:60])),
            )
        return item


def _wanted(value: object, what: str) -> str:
    if value is None:
        return f"Här saknas {what}."
    if isinstance(value, Bare):
        return f"Talet {value.text[:40]} står utan citattecken."
    if isinstance(value, str):
        return f"”{value[:40]}” är inte {what}."
    return f"Här ska det stå {what}."


def _shown(text: str) -> str:
    return "".join("?" if _is_unprintable(each) else each for each in text)


def _is_unprintable(character: str) -> bool:
    if character in "\n\t":
        return False
    return unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}
