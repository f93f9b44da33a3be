"""The sheets of an instrument in Excel: their names, columns and what cells hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessment import exact_number
from lovdv import excel
from lovdv.needs.editor_fields import number_typed

TEXT, NUMBER, YES = "text", "number", "yes"
YES_WORDS: Mapping[bool, str] = {True: "ja", False: "nej"}
ON_WORDS: Mapping[str, str] = {
    "question": "fråga",
    "domain": "område",
    "total": "hela summan",
}
KIND_WORDS: Mapping[str, str] = {"floor": "golv", "fixed": "flagga"}
DIRECTION_WORDS: Mapping[str, str] = {
    "ascending": "större behov",
    "descending": "mindre behov",
}
BASIS_WORDS: Mapping[str, str] = {"points": "poäng", "share": "procent"}


@dataclass(frozen=True)
class Col:
    """A column: its heading, its field, what it holds, and words for choices."""

    title: str
    field: str
    kind: str = TEXT
    words: Mapping[str, str] | None = None
    width: int = 0

    def told(self, value: object) -> excel.Value:
        """A stored value as its cell."""
        if self.kind == YES:
            return YES_WORDS[value] if isinstance(value, bool) else ""
        if not isinstance(value, str):
            return ""
        if self.words is not None:
            return self.words.get(value, value)
        return _number(value) if self.kind == NUMBER else value

    def read(self, cell: str) -> object:
        """A cell as it is stored; None when it is empty, text when it is wrong."""
        if not cell:
            return None
        if self.kind == YES:
            return {"ja": True, "nej": False}.get(cell.casefold(), cell)
        if self.words is not None:
            back = {told.casefold(): value for value, told in self.words.items()}
            return back.get(cell.casefold(), cell)
        return number_typed(cell) if self.kind == NUMBER else cell

    def column(self) -> excel.Column:
        choices = tuple(self.words.values()) if self.words else ()
        if self.kind == YES:
            choices = tuple(YES_WORDS.values())
        kind = excel.QUANTITY if self.kind == NUMBER else excel.TEXT
        return excel.Column(self.title, kind, self.width, choices)


def _number(value: str) -> Decimal | str:
    try:
        return exact_number(value)
    except ValueError:
        return value


@dataclass(frozen=True)
class SheetOf:
    """A sheet: its name, its columns, and how it is filled in."""

    title: str
    columns: tuple[Col, ...]
    help: str

    def col(self, field: str) -> Col | None:
        return next((col for col in self.columns if col.field == field), None)


FIELD, VALUE = Col("Fält", "field", width=38), Col("Värde", "value", width=80)
ABOUT_ROWS = (
    Col("Kort namn", "id"),
    Col("Version", "version"),
    Col("Rubrik", "title"),
    Col("Källa", "source"),
    Col("Text", "text"),
    Col("Fler poäng betyder", "direction", words=DIRECTION_WORDS),
    Col("Gränserna jämförs med", "basis", words=BASIS_WORDS),
    Col("Ej relevant sänker det högsta", "irrelevant_lowers_maximum", YES),
)
_WIDE = 60
_SUBJECT = (
    Col("Ser på", "on", words=ON_WORDS),
    Col("Frågans eller områdets namn", "name", width=28),
)
_BOUNDS = (Col("Minst", "at_least", NUMBER), Col("Högst", "at_most", NUMBER))


def _when(title: str, owner: str, help_text: str) -> SheetOf:
    columns = (Col(owner, "owner", width=24), *_SUBJECT, *_BOUNDS)
    return SheetOf(title, columns, help_text)


ABOUT = SheetOf(
    "Instrument",
    (FIELD, VALUE),
    "Ett värde för varje fält. Fler poäng betyder större behov eller mindre behov. "
    "Gränserna jämförs med poäng eller procent av det högsta.",
)
SCALES = SheetOf(
    "Skalor",
    (
        Col("Skala", "scale"),
        Col("Svar", "code"),
        Col("Poäng", "points", NUMBER),
        Col("Betyder", "label", width=_WIDE),
    ),
    "En rad för varje svar i skalan. Samma skalnamn på alla skalans rader.",
)
DOMAINS = SheetOf(
    "Områden",
    (
        Col("Område", "id"),
        Col("Rubrik", "title", width=40),
        Col("Text", "text", width=_WIDE),
    ),
    "En rad för varje område, i den ordning de ska bedömas.",
)
QUESTIONS = SheetOf(
    "Frågor",
    (
        Col("Område", "domain"),
        Col("Fråga", "id"),
        Col("Frågan i ord", "text", width=_WIDE),
        Col("Skala", "scale"),
        Col("Vikt", "weight", NUMBER),
        Col("Måste besvaras", "required", YES),
        Col("Kan vara ej relevant", "may_be_irrelevant", YES),
    ),
    "En rad för varje fråga. Område och skala är namn från de bladen. Tom vikt är 1.",
)
DESCRIPTIONS = SheetOf(
    "Beskrivningar",
    (
        Col("Fråga", "owner", width=24),
        Col("Svar", "code"),
        Col("Beskrivning", "text", width=80),
    ),
    "Vad varje svar betyder för just den frågan. Beskriv alla svar eller inget.",
)
SHOWN = _when(
    "Frågor visas när",
    "Fråga",
    "Frågan ställs bara när alla dess villkor gäller. Villkoren ser på tidigare "
    "frågors poäng. Minst och högst räknas med.",
)
LEVELS = SheetOf(
    "Nivåer",
    (
        Col("Nivå", "label"),
        Col("Prisnivå", "price_level"),
        Col("Betyder", "text", width=_WIDE),
    ),
    "En rad för varje nivå, från det minsta behovet till det största.",
)
LIMITS = SheetOf(
    "Gränser",
    (
        Col("Nivå", "level"),
        Col("Från", "from", NUMBER),
        Col("Från räknas med", "from_included", YES),
        Col("Till", "to", NUMBER),
        Col("Till räknas med", "to_included", YES),
    ),
    "Vilka poäng som ger vilken nivå. Tomt från eller till är utan gräns.",
)
RULES = SheetOf(
    "Regler",
    (
        Col("Regel", "id"),
        Col("Slag", "kind", words=KIND_WORDS),
        Col("Regeln i ord", "text", width=_WIDE),
        Col("Nivå", "level"),
    ),
    "Golv: nivån blir minst den här. Flagga: nivån blir alltid den här.",
)
RULES_WHEN = _when("Regler när", "Regel", "Regeln gäller när alla dess villkor gäller.")
DECISIONS = SheetOf(
    "Beslutslista",
    (
        Col("Rad", "id"),
        Col("Raden i ord", "text", width=_WIDE),
        Col("Nivå", "level"),
    ),
    "Läses uppifrån. Den första raden vars villkor gäller ger nivån.",
)
DECISIONS_WHEN = _when(
    "Beslutslista när", "Rad", "Raden gäller när alla dess villkor gäller."
)
TABLES = SheetOf(
    "Tabeller",
    (Col("Tabell", "id"), Col("Tabellen i ord", "text", width=_WIDE)),
    "En rad för varje tabell som ger nivån.",
)
BANDS = SheetOf(
    "Tabellsteg",
    (
        Col("Tabell", "owner"),
        Col("Nyckel", "number"),
        *_SUBJECT,
        Col("Steg", "label"),
        *_BOUNDS,
    ),
    "Två till fyra nycklar för varje tabell, numrerade från 1, med ett steg på varje "
    "rad. Minst och högst räknas med.",
)
CELLS = SheetOf(
    "Tabellrutor",
    (
        Col("Tabell", "owner"),
        *(Col(f"Steg på nyckel {n}", f"band{n}", width=20) for n in range(1, 5)),
        Col("Nivå", "level"),
    ),
    "En rad för varje ruta: ett steg för varje nyckel, och nivån som rutan ger.",
)
INTERVALS = SheetOf(
    "Ny bedömning",
    (
        Col("Från och med ålder", "from_age", NUMBER),
        Col("Månader till nästa", "months", NUMBER),
    ),
    "Hur ofta behovet bedöms på nytt, efter personens ålder.",
)
SHEETS = (
    *(ABOUT, SCALES, DOMAINS, QUESTIONS, DESCRIPTIONS, SHOWN, LEVELS, LIMITS),
    *(RULES, RULES_WHEN, DECISIONS, DECISIONS_WHEN, TABLES, BANDS, CELLS, INTERVALS),
)
