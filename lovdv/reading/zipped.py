"""A ZIP with pictures and a list of them, understood row by row before it is kept."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lovdv import excel
from lovdv.errors import Refused
from lovdv.reading.cleaning import NotAPicture, clean
from lovdv.reading.words import WORDS

MEGABYTE = 1024 * 1024
MAX_BYTES = 8 * MEGABYTE
MAX_PARTS = 1000
MAX_PICTURES = 500
MAX_PICTURE = MEGABYTE
MAX_UNZIPPED = 40 * MEGABYTE
COLUMNS = ("nyckel", "fil", "ord", "licens", "upphov", "källa")
LONGEST = {"nyckel": 40, "ord": 80, "licens": 80, "upphov": 120, "källa": 300}
KEY = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True)
class Picture:
    """One row of the list with its file, made safe."""

    key: str
    word: str
    kind: str
    content: bytes
    licence: str
    author: str
    source: str


@dataclass(frozen=True)
class Understood:
    """The pictures that can be read in, and what is wrong with the other rows."""

    pictures: list[Picture]
    faults: list[str]


def template() -> bytes:
    """The list to fill in, with every key that the pages use and its word."""
    rows = [";".join(COLUMNS), *(f"{key};;{word};;;" for key, word in WORDS.items())]
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()


def understood(content: bytes) -> Understood:
    """Read the list and each picture; Refused when the file itself cannot be used."""
    if len(content) > MAX_BYTES:
        raise Refused("Filen är för stor. Högst 8 MB går att läsa in.", "file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive)
            rows = _rows(archive, parts)
            return _each(archive, parts, rows)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(
            "Filen är ingen zip-fil som går att läsa. Packa den på nytt.", "file"
        ) from error


def _parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by name; nothing is unpacked to disk, so a path leads nowhere."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED:
        raise Refused(
            f"Zip-filen är för stor uppackad. Högst {MAX_PICTURES} bilder och "
            f"{MAX_UNZIPPED // MEGABYTE} MB. Dela upp den.",
            "file",
        )
    return {part.filename: part for part in parts}


def _rows(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]
) -> list[dict[str, str]]:
    lists = [name for name in parts if name.casefold().endswith(".csv")]
    if len(lists) != 1:
        raise Refused(
            f"Zip-filen har {len(lists)} listor (.csv). Den ska ha en, med kolumnerna "
            f"{', '.join(COLUMNS)}.",
            "file",
        )
    try:
        text = _unpacked(archive, parts[lists[0]])
    except NotAPicture as fault:
        raise Refused(f"Listan {lists[0]} {fault}.", "file") from fault
    heading, *rows = excel.read(text, lists[0], most=MAX_PICTURES)
    names = [cell.strip().casefold() for cell in heading]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise Refused(f"Listan saknar kolumnen {', '.join(missing)}.", "file")
    return [
        dict(zip(names, [cell.strip() for cell in row], strict=False)) for row in rows
    ]


def _each(
    archive: zipfile.ZipFile,
    parts: dict[str, zipfile.ZipInfo],
    rows: list[dict[str, str]],
) -> Understood:
    found: dict[str, Picture] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, start=2):
        wrong = list(_wrong(row, parts, found))
        if not any(row.values()):
            continue
        if not wrong:
            try:
                found[row["nyckel"]] = _picture(archive, parts, row)
            except NotAPicture as fault:
                wrong = [f"filen {row['fil']} {fault}"]
        faults += [f"Rad {number}: {fault}." for fault in wrong]
    if not found and not faults:
        raise Refused("Listan har inga rader. Skriv en rad för varje bild.", "file")
    return Understood(list(found.values()), faults)


def _wrong(
    row: dict[str, str], parts: dict[str, zipfile.ZipInfo], found: dict[str, Picture]
) -> Iterator[str]:
    """What a row lacks, before its file is looked at."""
    for name in COLUMNS:
        if not row.get(name):
            yield f"{name} saknas"
        elif len(row[name]) > LONGEST.get(name, 200):
            yield f"{name} är längre än {LONGEST.get(name, 200)} tecken"
    key = row.get("nyckel", "")
    if key and not KEY.fullmatch(key):
        yield f"nyckeln ”{key[:40]}” får bara ha små bokstäver a–z, siffror, - och _"
    if key in found:
        yield f"nyckeln ”{key}” står på en rad tidigare"
    if row.get("fil") and row["fil"] not in parts:
        yield f"filen {row['fil']} finns inte i zip-filen"


def _picture(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], row: dict[str, str]
) -> Picture:
    kind, content = clean(row["fil"], _unpacked(archive, parts[row["fil"]]))
    return Picture(
        key=row["nyckel"],
        word=row["ord"],
        kind=kind,
        content=content,
        licence=row["licens"],
        author=row["upphov"],
        source=row["källa"],
    )


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """No more is unpacked than may be kept, whatever the file says of its size."""
    if part.flag_bits & 1:
        raise NotAPicture("är låst med lösenord")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotAPicture("är packad på ett ovanligt sätt; packa den på nytt")
    try:
        with archive.open(part) as opened:
            content = opened.read(MAX_PICTURE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise NotAPicture("är skadad") from error
    if len(content) > MAX_PICTURE:
        raise NotAPicture("är större än 1 MB")
    return content
