"""A text template from and to its JSON form, with every fault named in Swedish."""

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields

from lovdv.ledger import text_files, text_marks
from lovdv.ledger.text_files import Field, Template
from lovdv.ledger.text_sources import (
    AMOUNT,
    DAY,
    END_SOURCES,
    LINE_ONLY,
    NUMBER,
    ROW_SOURCES,
    WHOLE,
)

ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "cp1252", "cp437", "cp850")
LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
CHOICES = {
    "layout": ("delimited", "fixed"),
    "encoding": ENCODINGS,
    "quote": ("needed", "always", "never"),
    "per": ("line", "account", "voucher"),
}
FIELD_CHOICES = {
    "align": ("left", "right"),
    "sign": ("minus", "always", "none", "apart"),
    "sign_place": ("leading", "trailing"),
}
PARTS = ("header", "fields", "footer")
MOST_FIELDS, WIDEST = 60, 400
DATE_MARKS = set("YMD-/. ")


class TemplateFaults(Exception):
    """What is wrong with a template, each with where it stands."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


def read_text(text: str) -> Template:
    """The template of a JSON file's text."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise TemplateFaults(
            [f"Filen är inte JSON: rad {error.lineno}, tecken {error.colno}."]
        ) from error
    except (ValueError, RecursionError) as error:
        raise TemplateFaults(
            ["Filen är ingen mall: den har för långa tal eller för många nivåer."]
        ) from error
    return read(value)


def read(value: object) -> Template:
    """The template of a JSON value; every fault is listed at once."""
    if not isinstance(value, Mapping):
        raise TemplateFaults(["Mallen ska vara ett objekt med fält."])
    faults = [*_unknown(value, _template_keys(), "Mallen"), *_settings(value)]
    faults += [fault for part in PARTS for fault in _part_faults(value, part)]
    if faults:
        raise TemplateFaults(faults)
    made = _made(value)
    faults = list(_together(made))
    if faults:
        raise TemplateFaults(faults)
    return made


def _template_keys() -> set[str]:
    return {field.name for field in fields(Template)}


def _unknown(value: Mapping[str, object], known: set[str], where: str) -> Iterator[str]:
    for name in value:
        if name not in known:
            yield f"{where}: ”{name}” är inget som en mall har."


def _settings(value: Mapping[str, object]) -> Iterator[str]:
    yield from _choice_faults(value, CHOICES, "Mallen")
    if value.get("layout") not in CHOICES["layout"]:
        yield "Mallen: layout ska vara delimited eller fixed."
    if value.get("line_end", "crlf") not in tuple(LINE_ENDS):
        yield "Mallen: line_end ska vara crlf eller lf."
    separator = value.get("separator", ";")
    if not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n':
        yield "Mallen: separator ska vara ett tecken, inte citattecken."
    for name in ("titles", "guard"):
        if not isinstance(value.get(name, True), bool):
            yield f"Mallen: {name} ska vara true eller false."


def _choice_faults(
    value: Mapping[str, object], choices: Mapping[str, Sequence[str]], where: str
) -> Iterator[str]:
    for name, known in choices.items():
        if name in value and value[name] not in known:
            yield f"{where}: {name} ska vara {', '.join(known)}."


def _part_faults(value: Mapping[str, object], part: str) -> Iterator[str]:
    rows = _rows(value, part)
    if rows is None:
        yield f"{part} ska vara en lista" + (
            " med fält." if part == "fields" else " av rader, var och en med fält."
        )
        return
    if part == "fields" and not rows[0]:
        yield "Mallen har inga fält. Lägg till minst ett."
    for row, told in enumerate(rows, start=1):
        if len(told) > MOST_FIELDS:
            yield f"{part}: högst {MOST_FIELDS} fält på en rad."
        for number, one in enumerate(told, start=1):
            where = f"{_spoken(part, row)}, fält {number}"
            yield from _field_faults(one, part, where)


def _spoken(part: str, row: int) -> str:
    names = {"header": f"Huvudrad {row}", "footer": f"Slutrad {row}"}
    return names.get(part, "Rader")


def _rows(value: Mapping[str, object], part: str) -> list[list[object]] | None:
    found = value.get(part, [])
    if part == "fields":
        found = [found]
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        return None
    return found


def _field_faults(one: object, part: str, where: str) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield f"{where}: ska vara ett objekt."
        return
    yield from _unknown(one, {field.name for field in fields(Field)}, where)
    yield from _choice_faults(one, FIELD_CHOICES, where)
    source = one.get("source", "")
    known = ROW_SOURCES if part == "fields" else END_SOURCES
    if source and source not in tuple(known):
        yield f"{where}: ”{source}” finns inte att hämta här."
    for name in ("text", "title", "plus", "minus", "decimal", "date_format"):
        if not isinstance(one.get(name, ""), str):
            yield f"{where}: {name} ska vara en text."
    yield from _measure_faults(one, where)


def _measure_faults(one: Mapping[str, object], where: str) -> Iterator[str]:
    for name, most in (("width", WIDEST), ("decimals", 6)):
        number = one.get(name, 0)
        if not isinstance(number, int) or isinstance(number, bool):
            yield f"{where}: {name} ska vara ett helt tal."
        elif not 0 <= number <= most:
            yield f"{where}: {name} ska vara 0 till {most}."
    fill = one.get("fill", " ")
    if not isinstance(fill, str) or len(fill) != 1:
        yield f"{where}: utfyllnaden ska vara ett tecken."
    pattern = one.get("date_format", "YYYY-MM-DD")
    if isinstance(pattern, str) and (not pattern or set(pattern) - DATE_MARKS):
        yield f"{where}: datum skrivs med YYYY, YY, MM, DD och - / . mellan."


def _made(value: Mapping[str, object]) -> Template:
    told = {k: v for k, v in value.items() if k not in PARTS}
    told["line_end"] = LINE_ENDS[str(value.get("line_end", "crlf"))]
    return Template(
        **told,  # type: ignore[arg-type]
        fields=_fields(value["fields"]),
        header=tuple(map(_fields, _rows(value, "header") or ())),
        footer=tuple(map(_fields, _rows(value, "footer") or ())),
    )


def _fields(rows: object) -> tuple[Field, ...]:
    assert isinstance(rows, list)
    return tuple(Field(**row) for row in rows)


def _together(made: Template) -> Iterator[str]:
    """What each part allows but not all of it together."""
    lines = (*made.header, made.fields, *made.footer)
    for line in lines:
        yield from _sign_faults(line)
        if made.layout == text_files.FIXED:
            yield from _width_faults(line)
    yield from text_marks.faults(made)
    sources = {each.source for each in made.fields}
    for source in sorted(sources & LINE_ONLY if made.per != "line" else ()):
        yield (
            f"{source} finns bara när varje rad skrivs för sig, inte när flera läggs "
            "ihop."
        )
    if not sources & {"belopp", "belopp_öre"}:
        yield "Mallen saknar beloppet. Lägg till fältet belopp eller belopp_öre."


def _width_faults(line: Sequence[Field]) -> Iterator[str]:
    for each in line:
        if each.source and not each.width:
            told = text_files.label(each)
            yield f"{told}: fast bredd behöver en bredd för varje fält."


def _sign_faults(line: Sequence[Field]) -> Iterator[str]:
    apart = {each.source for each in line if each.sign == text_files.APART}
    signs = {each.source for each in line if each.only_sign}
    for source in sorted(apart - signs):
        yield f"{source}: tecknet ska stå i ett eget fält, men det fältet saknas."
    for each in line:
        kind = {**ROW_SOURCES, **END_SOURCES}.get(each.source, ("", ""))[1]
        if each.only_sign and kind not in {AMOUNT, NUMBER, WHOLE}:
            yield f"{text_files.label(each)}: bara ett tal har ett tecken."
        if each.source and kind == DAY and not each.date_format:
            yield f"{each.source}: skriv hur dagen ska se ut."


def as_value(made: Template) -> dict[str, object]:
    """The template as it is kept and sent: only what differs from the ordinary."""
    plain = {k: v for k, v in asdict(made).items() if k not in PARTS}
    names = {end: name for name, end in LINE_ENDS.items()}
    plain["line_end"] = names[made.line_end]
    return plain | {
        "fields": _shorter(made.fields),
        "header": [_shorter(line) for line in made.header],
        "footer": [_shorter(line) for line in made.footer],
    }


def _shorter(line: Sequence[Field]) -> list[dict[str, object]]:
    ordinary = asdict(Field())
    return [
        {k: v for k, v in asdict(each).items() if v != ordinary[k]} for each in line
    ]


def as_text(value: Mapping[str, object]) -> str:
    """A kept value as a JSON file's text."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def decoded(content: bytes) -> str:
    """A file's text, with or without a mark at its beginning."""
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise TemplateFaults(["Filen är inte text i UTF-8."]) from error
