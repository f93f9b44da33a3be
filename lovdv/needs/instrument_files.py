"""Instruments from and to files: JSON and Excel, with every fault at its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from unicodedata import category

from assessment import Fault, UnreadableInstrumentError, read_instrument
from lovdv.errors import Refused
from lovdv.needs import instrument_sheets as sheets
from lovdv.needs.editor_shape import Part, misfits

LARGEST_FILE = 2_000_000
WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True)
class FileRead:
    """An instrument's JSON form from a file, and all that is wrong with it.

    `document` is None when the file cannot be shown in the editor at all.
    """

    document: Part | None
    faults: tuple[Fault, ...]
    returned: bytes | None = None
    """The workbook as it came, with its faults in the column Fel."""


def read(content: bytes, name: str = "") -> FileRead:
    """Read a JSON file or a workbook; only what is neither is refused."""
    if len(content) > LARGEST_FILE:
        raise Refused("Filen är större än 2 MB. Är det rätt fil?", "document")
    if content[:4] == WORKBOOK or PurePath(name).suffix.lower() == ".xlsx":
        return _read_workbook(content)
    return read_json(content)


def read_json(content: str | bytes) -> FileRead:
    faults = _faults(content)
    try:
        return FileRead(document_from(content), faults)
    except ValueError:
        return FileRead(None, faults)


def _faults(content: str | bytes) -> tuple[Fault, ...]:
    try:
        read_instrument(content)
    except UnreadableInstrumentError as error:
        return error.faults
    return ()


def document_from(content: str | bytes) -> Part:
    """A file's JSON form as it stands; ValueError when the editor cannot show it."""
    text = content if isinstance(content, str) else content.decode("utf-8-sig")
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            object_pairs_hook=_object,
        )
    except RecursionError as error:
        raise ValueError from error
    if any(misfits(value)) or not all(map(_can_be_kept, _texts(value))):
        raise ValueError
    document: Part = value
    return document


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON form, the names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield name
            yield from _texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held)


def _can_be_kept(text: str) -> bool:
    """Neither half a character, nor the one that PostgreSQL does not keep."""
    return not any(each == "\0" or category(each) == "Cs" for each in text)


def _object(pairs: list[tuple[str, Any]]) -> Part:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def json_file(document: Part) -> bytes:
    """The JSON form as a file to read and to keep."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _read_workbook(content: bytes) -> FileRead:
    read = sheets.read(content)
    text = json.dumps(read.document, ensure_ascii=False)
    faults = _faults(text)
    if not (read.faults or faults):
        return FileRead(read.document, ())
    told = dict.fromkeys((*read.faults, *map(read.spotted, faults)))
    return FileRead(
        read.document,
        tuple(spotted.fault for spotted in told),
        sheets.returned(read, faults),
    )


def workbook_file(document: Part, faults: tuple[Fault, ...] = ()) -> bytes:
    """A workbook with one sheet per part; faults stand in the column Fel."""
    return sheets.written(document, faults)
