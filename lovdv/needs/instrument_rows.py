"""Rows of an instrument's sheets as its JSON form, and where each part stands."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessment import Fault
from lovdv.excel import FAULT_COLUMN
from lovdv.needs import editor_words as words
from lovdv.needs import instrument_columns as columns
from lovdv.needs.editor_document import text
from lovdv.needs.editor_shape import Part
from lovdv.needs.instrument_columns import SHEETS, YES, SheetOf

Rows = Mapping[str, Sequence[Sequence[str]]]
HEADING = 1
_FIELD = re.compile(r",? ?fältet (\w+)")
_NAMED = (
    (re.compile("gränserna för nivå ”([^”]*)”"), columns.LIMITS, "level"),
    (re.compile("frågan ”([^”]*)”"), columns.QUESTIONS, "id"),
)
_SHEET_OF = (
    ("gräns", columns.LIMITS),
    ("nivå", columns.LEVELS),
    ("skal", columns.SCALES),
    ("områd", columns.DOMAINS),
    ("fråg", columns.QUESTIONS),
    ("regl", columns.RULES),
    ("beslut", columns.DECISIONS),
    ("tabell", columns.TABLES),
)
_LISTS = {
    "scales": columns.SCALES,
    "domains": columns.DOMAINS,
    "levels": columns.LEVELS,
    "limits": columns.LIMITS,
    "rules": columns.RULES,
    "decisions": columns.DECISIONS,
    "tables": columns.TABLES,
    "reassessment": columns.INTERVALS,
}


@dataclass(frozen=True)
class Spot:
    """A cell, or a row when no column is meant."""

    sheet: str
    row: int
    column: str = ""

    @property
    def words(self) -> str:
        told = f"Bladet {self.sheet}, rad {self.row}"
        return f"{told}, kolumnen {self.column}" if self.column else told


@dataclass(frozen=True)
class Spotted:
    """A fault at its cell."""

    spot: Spot
    problem: str
    remedy: str

    @property
    def fault(self) -> Fault:
        return Fault(self.spot.words, self.problem, self.remedy)

    @property
    def mark(self) -> str:
        """What the column Fel says."""
        before = f"{self.spot.column}: " if self.spot.column else ""
        return f"{before}{self.problem} {self.remedy}"


@dataclass
class Read:
    """What the sheets hold: the JSON form, and which row each part came from."""

    rows: Rows
    document: Part = field(default_factory=dict)
    faults: list[Spotted] = field(default_factory=list)
    index: dict[str, tuple[SheetOf, int]] = field(default_factory=dict)

    def spotted(self, fault: Fault) -> Spotted:
        """The engine's fault at the cell that it is about."""
        return Spotted(
            self._spot(fault),
            words.problem_words(fault.problem),
            words.remedy_words(fault.remedy),
        )

    def by_row(self, faults: Iterable[Fault]) -> dict[str, dict[int, list[str]]]:
        return marks((*self.faults, *map(self.spotted, faults)))

    def _spot(self, fault: Fault) -> Spot:
        fields = _FIELD.findall(fault.place)
        place = _FIELD.sub("", fault.place).strip(", ")
        if place in self.index:
            sheet, row = self._nearer(place, fields, fault)
            return Spot(sheet.title, row, _column(sheet, fields))
        if not place and fields:
            return self._about(fields[0])
        for pattern, sheet, name in _NAMED:
            named = pattern.search(place)
            if named:
                return Spot(sheet.title, self._row_of(sheet, name, named[1]))
        begun = (sheet for word, sheet in _SHEET_OF if place.startswith(word))
        return Spot(next(begun, columns.ABOUT).title, HEADING)

    def _nearer(
        self, place: str, fields: Sequence[str], fault: Fault
    ) -> tuple[SheetOf, int]:
        """A description that is wrong stands on a row of its own."""
        code = re.search(r"”([^”]*)”", fault.problem)
        if "descriptions" in fields and code is not None:
            return self.index.get(f"{place}, {code[1]}", self.index[place])
        return self.index[place]

    def _about(self, name: str) -> Spot:
        if name in _LISTS:
            return Spot(_LISTS[name].title, HEADING)
        row = self.index.get(f"fältet {name}", (columns.ABOUT, HEADING))[1]
        return Spot(columns.ABOUT.title, row)

    def _row_of(self, sheet: SheetOf, name: str, value: str) -> int:
        rows = _plain_rows(sheet, self.rows.get(sheet.title) or ())
        return next((row for row, f in rows if f.get(name) == value), HEADING)


def marks(found: Iterable[Spotted]) -> dict[str, dict[int, list[str]]]:
    """The faults by sheet and row, each once."""
    told: dict[str, dict[int, list[str]]] = {}
    for one in dict.fromkeys(found):
        told.setdefault(one.spot.sheet, {}).setdefault(one.spot.row, []).append(
            one.mark
        )
    return told


def _column(sheet: SheetOf, fields: Sequence[str]) -> str:
    col = sheet.col(fields[-1]) if fields else None
    return col.title if col else ""


def _places(sheet: SheetOf, rows: Sequence[Sequence[str]]) -> dict[str, int]:
    heading = [name.strip().casefold() for name in (rows[0] if rows else ())]
    return {
        col.field: heading.index(col.title.casefold())
        for col in sheet.columns
        if col.title.casefold() in heading
    }


def _plain_rows(
    sheet: SheetOf, rows: Sequence[Sequence[str]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row that holds something, with its number in the file."""
    places = _places(sheet, rows)
    for number, row in enumerate(rows[1:], 2):
        fields = {
            col.field: col.read(row[places[col.field]].strip())
            for col in sheet.columns
            if col.field in places and places[col.field] < len(row)
        }
        held = {name: value for name, value in fields.items() if value is not None}
        if held:
            yield number, held


def read_rows(rows: Rows) -> Read:
    """Read all sheets; what is wrong is noted and reading goes on."""
    return _Reader(rows).read


class _Reader:
    """One pass over the sheets, parents before what belongs to them."""

    def __init__(self, rows: Rows) -> None:
        self.read = Read(rows, {"format": "lovdv-instrument-1"})
        self.found = self.read.document
        self._unknown_sheets()
        self._about()
        self._scales()
        self._domains()
        self._questions()
        self._plain("levels", columns.LEVELS, "nivå")
        self._plain("limits", columns.LIMITS, "gräns")
        self._plain("rules", columns.RULES, "regel")
        self._plain("decisions", columns.DECISIONS, "beslut")
        self._plain("tables", columns.TABLES, "tabell")
        self._plain("reassessment", columns.INTERVALS, "intervall")
        self._conditions(columns.RULES_WHEN, "rules", "when", "regel")
        self._conditions(columns.DECISIONS_WHEN, "decisions", "when", "beslut")
        self._bands()
        self._cells()
        for name in ("rules", "decisions", "tables", "reassessment"):
            if not self.found[name]:
                del self.found[name]

    def fault(
        self, sheet: SheetOf, row: int, column: str, problem: str, remedy: str
    ) -> None:
        spot = Spot(sheet.title, row, column)
        self.read.faults.append(Spotted(spot, problem, remedy))

    def note(self, place: str, sheet: SheetOf, row: int) -> None:
        self.read.index.setdefault(place, (sheet, row))

    def rows(self, sheet: SheetOf) -> Iterator[tuple[int, Part]]:
        held = self.read.rows.get(sheet.title) or ()
        self._heading(sheet, held)
        for number, fields in _plain_rows(sheet, held):
            for col in sheet.columns:
                value = fields.get(col.field)
                if col.kind == YES and isinstance(value, str):
                    told = f"”{value}” är varken ja eller nej."
                    self.fault(sheet, number, col.title, told, "Skriv ja eller nej.")
                    del fields[col.field]
            yield number, fields

    def _heading(self, sheet: SheetOf, held: Sequence[Sequence[str]]) -> None:
        if len(held) < 2:
            return
        places = _places(sheet, held)
        for col in sheet.columns:
            if col.field not in places:
                told = f"Kolumnen ”{col.title}” saknas."
                self.fault(sheet, HEADING, "", told, "Lägg till rubriken.")
        known = {col.title.casefold() for col in sheet.columns}
        for name in held[0]:
            if name and name.casefold() not in known and name != FAULT_COLUMN:
                told = f"Kolumnen ”{name}” är okänd."
                self.fault(sheet, HEADING, "", told, "Rätta rubriken, eller ta bort.")

    def _unknown_sheets(self) -> None:
        if not any(sheet.title in self.read.rows for sheet in SHEETS):
            told = "Arbetsboken har inget av bladen för ett instrument."
            self.fault(columns.ABOUT, HEADING, "", told, "Börja från den tomma mallen.")

    def _about(self) -> None:
        by_title = {col.title.casefold(): col for col in columns.ABOUT_ROWS}
        for number, fields in self.rows(columns.ABOUT):
            col = by_title.get(str(fields.get("field", "")).casefold())
            if col is None:
                told = f"Fältet ”{fields.get('field', '')}” är okänt."
                self.fault(columns.ABOUT, number, "", told, "Rätta namnet.")
                continue
            self.note(f"fältet {col.field}", columns.ABOUT, number)
            value = col.read(str(fields.get("value", "")))
            if col.kind == YES and isinstance(value, str):
                told = f"”{value}” är varken ja eller nej."
                self.fault(columns.ABOUT, number, "", told, "Skriv ja eller nej.")
            elif value is not None:
                self.found[col.field] = value

    def _plain(self, name: str, sheet: SheetOf, one: str) -> None:
        """A sheet where each row is a part by itself."""
        self.found[name] = []
        for number, fields in self.rows(sheet):
            self.found[name].append(fields)
            self.note(f"{one} {len(self.found[name])}", sheet, number)

    def _scales(self) -> None:
        scales: dict[str, Part] = {}
        for number, fields in self.rows(columns.SCALES):
            name = fields.pop("scale", "")
            scale = scales.setdefault(name, {"id": name, "steps": []})
            place = f"skala {list(scales).index(name) + 1}"
            self.note(place, columns.SCALES, number)
            if fields:
                scale["steps"].append(fields)
                self.note(
                    f"{place}, steg {len(scale['steps'])}", columns.SCALES, number
                )
        self.found["scales"] = list(scales.values())

    def _domains(self) -> None:
        self._plain("domains", columns.DOMAINS, "område")
        for domain in self.found["domains"]:
            domain["questions"] = []

    def _questions(self) -> None:
        for number, fields in self.rows(columns.QUESTIONS):
            domain = self._domain(fields.pop("domain", ""), number)
            held = self.found["domains"][domain]["questions"]
            held.append({**fields, "descriptions": {}, "shown_when": []})
            place = f"område {domain + 1}, fråga {len(held)}"
            self.note(place, columns.QUESTIONS, number)
        self._descriptions()
        self._shown_when()

    def _domain(self, name: str, row: int) -> int:
        """The domain's place; one that is missing is told, and made so as to go on."""
        domains = self.found["domains"]
        for place, domain in enumerate(domains):
            if text(domain, "id") == name:
                return place
        told = f"Området ”{name}” finns inte i bladet Områden."
        remedy = "Lägg till området där, eller rätta namnet."
        self.fault(columns.QUESTIONS, row, "Område", told, remedy)
        domains.append({"id": name, "title": name or "–", "questions": []})
        return len(domains) - 1

    def _asked(self) -> Iterator[tuple[str, Part]]:
        for n, domain in enumerate(self.found["domains"], 1):
            for m, question in enumerate(domain["questions"], 1):
                yield f"område {n}, fråga {m}", question

    def _owned(
        self, sheet: SheetOf, parts: Sequence[tuple[str, Part]]
    ) -> Iterator[tuple[int, Part, str, Part]]:
        """Each row with the part that its first column names."""
        owner = sheet.columns[0].title
        for number, fields in self.rows(sheet):
            name = fields.pop("owner", "")
            found = [(place, p) for place, p in parts if text(p, "id") == name]
            if found:
                yield number, fields, *found[0]
            else:
                told = f"{owner} ”{name}” finns inte."
                remedy = "Rätta namnet, eller ta bort raden."
                self.fault(sheet, number, owner, told, remedy)

    def _descriptions(self) -> None:
        asked = list(self._asked())
        for number, fields, place, part in self._owned(columns.DESCRIPTIONS, asked):
            code = str(fields.get("code", ""))
            if code in part["descriptions"]:
                told = f"Svaret ”{code}” är redan beskrivet."
                self.fault(columns.DESCRIPTIONS, number, "Svar", told, "Ta bort raden.")
                continue
            part["descriptions"][code] = fields.get("text", "")
            self.note(f"{place}, {code}", columns.DESCRIPTIONS, number)

    def _shown_when(self) -> None:
        self._conditions_of(columns.SHOWN, list(self._asked()), "shown_when")

    def _conditions(self, sheet: SheetOf, name: str, into: str, one: str) -> None:
        parts = [(f"{one} {n}", part) for n, part in enumerate(self.found[name], 1)]
        for _, part in parts:
            part[into] = []
        self._conditions_of(sheet, parts, into)

    def _conditions_of(
        self, sheet: SheetOf, parts: Sequence[tuple[str, Part]], into: str
    ) -> None:
        for number, fields, place, part in self._owned(sheet, parts):
            part[into].append(
                {**self._subject(sheet, number, fields), **_bounds(fields)}
            )
            self.note(f"{place}, villkor {len(part[into])}", sheet, number)

    def _subject(self, sheet: SheetOf, row: int, fields: Part) -> Part:
        on, name = fields.get("on", "question"), fields.get("name", "")
        if on == "total":
            return {"total": True}
        if on not in columns.ON_WORDS:
            told = f"”{on}” går inte att se på."
            remedy = "Skriv fråga, område eller hela summan."
            self.fault(sheet, row, "Ser på", told, remedy)
            on = "question"
        return {on: name}

    def _tables(self) -> list[tuple[str, Part]]:
        return [(f"tabell {n}", t) for n, t in enumerate(self.found["tables"], 1)]

    def _bands(self) -> None:
        for _, table in self._tables():
            table["keys"], table["rows"] = [], []
        seen: dict[tuple[str, str], Part] = {}
        for number, fields, place, table in self._owned(columns.BANDS, self._tables()):
            which = str(fields.get("number", ""))
            key = seen.get((place, which))
            if key is None:
                subject = self._subject(columns.BANDS, number, fields)
                key = seen[place, which] = {**subject, "bands": []}
                table["keys"].append(key)
            where = f"{place}, nyckel {table['keys'].index(key) + 1}"
            self.note(where, columns.BANDS, number)
            if "label" in fields or _bounds(fields):
                key["bands"].append(
                    {"label": fields.get("label", ""), **_bounds(fields)}
                )
                self.note(f"{where}, band {len(key['bands'])}", columns.BANDS, number)

    def _cells(self) -> None:
        for number, fields, place, table in self._owned(columns.CELLS, self._tables()):
            bands = [fields.get(f"band{n}", "") for n in range(1, 5)]
            while bands and not bands[-1]:
                bands.pop()
            table["rows"].append({"bands": bands, "level": fields.get("level", "")})
            self.note(f"{place}, rad {len(table['rows'])}", columns.CELLS, number)


def _bounds(fields: Part) -> Part:
    return {n: fields[n] for n in ("at_least", "at_most") if n in fields}
