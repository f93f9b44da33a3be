"""The Swedish words of the instrument editor: fields, places and what to do."""

import re
from collections.abc import Callable, Mapping

from lovdv.needs.editor_document import Draft, text
from lovdv.needs.editor_shape import Part

DIRECTIONS: Mapping[str, str] = {
    "ascending": "Fler poäng är större behov av stöd",
    "descending": "Fler poäng är mindre behov av stöd",
}
BASES: Mapping[str, str] = {
    "points": "Poängsumman",
    "share": "Summan i procent av det högsta möjliga",
}
RULE_KINDS: Mapping[str, str] = {
    "floor": "Golv: nivån blir minst den här",
    "fixed": "Flagga: nivån blir alltid den här",
}
DEEDS: Mapping[str, str] = {
    "up": "Flytta upp",
    "down": "Flytta ner",
    "copy": "Kopiera",
    "remove": "Ta bort",
}
PARTS: Mapping[str, str] = {
    "scale": "skalan",
    "domain": "området",
    "question": "frågan",
    "rule": "regeln",
    "decision": "raden i beslutslistan",
    "table": "tabellen",
}
FIELDS: Mapping[str, str] = {
    "id": "Kort namn",
    "version": "Version",
    "title": "Rubrik",
    "source": "Källa",
    "text": "Text",
    "direction": "Vad fler poäng betyder",
    "basis": "Vad gränserna jämförs med",
    "irrelevant_lowers_maximum": "Ej relevant sänker det högsta",
    "scales": "Skalor",
    "steps": "Svar",
    "code": "Svar",
    "points": "Poäng",
    "domains": "Områden",
    "questions": "Frågor",
    "scale": "Skala",
    "weight": "Vikt",
    "descriptions": "Beskrivningar",
    "required": "Måste besvaras",
    "may_be_irrelevant": "Ej relevant",
    "shown_when": "Ställs bara när",
    "when": "När",
    "question": "Fråga",
    "domain": "Område",
    "total": "Hela summan",
    "at_least": "Minst",
    "at_most": "Högst",
    "levels": "Nivåer",
    "label": "Namn",
    "price_level": "Prisnivå",
    "limits": "Gränser",
    "level": "Nivå",
    "from": "Från",
    "from_included": "Från räknas med",
    "to": "Till",
    "to_included": "Till räknas med",
    "rules": "Regler",
    "kind": "Vad regeln gör",
    "decisions": "Beslutslista",
    "tables": "Tabeller",
    "keys": "Vad tabellen ser på",
    "bands": "Steg",
    "rows": "Rutor",
    "reassessment": "Ny bedömning",
    "from_age": "Från och med ålder",
    "months": "Månader",
}
_NAMES = re.compile(r"\b(at_least|at_most|from|to|basis|direction|shown_when)\b")
_REMEDIES = (
    (
        re.compile(
            r"Skriv talet inom citattecken med punkt, till exempel \"0.04186\":"
        ),
        "Skriv talet med siffror, till exempel 0,04186:",
    ),
    (re.compile(r"Skriv en lista inom \[ \] med minst"), "Lägg till minst"),
    (re.compile(r" och högst ([0-9]+) delar"), r", högst \1"),
    (re.compile(r"Skriv texter inom \[ \]"), "Skriv texter"),
    (re.compile(r"Skriv talet inom citattecken"), "Skriv ett helt tal"),
    (re.compile(r"Skriv true eller false, utan citattecken"), "Svara ja eller nej"),
)


def place_words(place: str) -> str:
    """'område 1, fråga 2, fältet scale' as 'Område 1, fråga 2: Skala'."""
    told = re.sub(r",? ?fältet (\w+)", _field, place).removeprefix(": ")
    return f"{told[:1].upper()}{told[1:]}"


def _field(found: re.Match[str]) -> str:
    return f": {FIELDS.get(found[1], found[1])}"


def problem_words(problem: str) -> str:
    """What is wrong, when what is wrong is that nothing has been written yet."""
    if problem.startswith(("”” är inte ", "Här saknas ")):
        return "Här är det tomt."
    return problem.replace("Listan har 0 delar.", "Här finns inget ännu.")


def remedy_words(remedy: str) -> str:
    """What to do, in the words of the pages rather than of the file."""
    for pattern, words in _REMEDIES:
        remedy = pattern.sub(words, remedy)
    return _NAMES.sub(lambda found: f"”{FIELDS[found[1]]}”", remedy)


def scale_words(scale: Part) -> str:
    """A scale with its first and last step: 'grad: Inget stöd – Stöd hela tiden'."""
    labels = [text(step, "label") for step in scale.get("steps") or ()]
    if len(labels) < 2:
        return text(scale, "id") or "Skala utan namn"
    return f"{text(scale, 'id')}: {labels[0]} – {labels[-1]}"


def domain_words(domain: Part) -> str:
    count = len(domain.get("questions") or ())
    many = "1 fråga" if count == 1 else f"{count} frågor"
    return f"{text(domain, 'title') or 'Område utan rubrik'} ({many})"


def rule_words(rule: Part) -> str:
    told = text(rule, "text") or text(rule, "id") or "Utan text"
    return f"{told} → nivå {text(rule, 'level') or '?'}"


def table_words(table: Part) -> str:
    return text(table, "text") or text(table, "id") or "Tabell utan text"


def part_names(draft: Draft) -> dict[str, list[str]]:
    """What each part is called in the overview, by kind."""
    told: dict[str, Callable[[Part], str]] = {
        "scale": scale_words,
        "domain": domain_words,
        "rule": rule_words,
        "decision": rule_words,
        "table": table_words,
    }
    return {k: [name(part) for part in draft.parts(k)] for k, name in told.items()}


def shown(value: object) -> str:
    """A stored value as a reader can compare it with their own."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, dict):
        return ", ".join(f"{k}: {shown(v)}" for k, v in value.items() if v)
    if isinstance(value, list):
        return "; ".join(shown(item) for item in value) or "tomt"
    return str(value) if value else "tomt"
