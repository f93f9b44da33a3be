"""Scoring of rows of texts: a status and a message for each, never a guess."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessment.errors import Fault, UnusableTableError
from assessment.instrument import NOT_ASSESSED, NOT_RELEVANT, Instrument
from assessment.numbers import number_text
from assessment.result import NoLevel, Uncounted
from assessment.scorer import Scorer

ID_COLUMN = "id"


class RowStatus(StrEnum):
    OK = "ok"
    INCOMPLETE = "ofullständig"
    FAULT = "fel"


@dataclass(frozen=True, slots=True)
class RowScore:
    """What one row gave; level, price level and points are empty unless it is ok."""

    id: str
    status: RowStatus
    message: str
    level: str = ""
    price_level: str = ""
    points: str = ""
    maximum: str = ""


def score_rows(
    instrument: Instrument, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[RowScore]:
    """Check the header at once, then score row by row as they are asked for."""
    names = [name.strip() for name in header]
    faults = tuple(_header_faults(instrument, names))
    if faults:
        raise UnusableTableError(faults)
    return _scored(Scorer(instrument), names, rows)


def _header_faults(instrument: Instrument, names: list[str]) -> Iterator[Fault]:
    known = {question.id for question in instrument.questions()}
    if ID_COLUMN not in names:
        yield Fault(
            "rad 1", f"Kolumnen ”{ID_COLUMN}” saknas.", "Lägg till en id-kolumn."
        )
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(
                "rad 1", f"Kolumnen ”{name}” finns {times} gånger.", "Ta bort en."
            )
        if name != ID_COLUMN and name not in known:
            yield Fault(
                "rad 1",
                f"Kolumnen ”{name}” är ingen fråga i instrumentet.",
                "Rätta namnet, eller ta bort kolumnen.",
            )


def _scored(
    scorer: Scorer, names: list[str], rows: Iterable[Sequence[str]]
) -> Iterator[RowScore]:
    seen: set[str] = set()
    for row in rows:
        values = [value.strip() for value in row]
        fault = _row_fault(names, values, seen)
        cells = dict(zip(names, values, strict=False))
        name = cells.pop(ID_COLUMN, "")
        seen.add(name)
        if fault:
            yield RowScore(name, RowStatus.FAULT, fault)
        else:
            yield _row_score(scorer, name, cells)


def _row_fault(names: list[str], values: list[str], seen: set[str]) -> str:
    if len(values) != len(names):
        return (
            f"Raden har {len(values)} kolumner men rubrikraden {len(names)}. "
            "Rätta raden."
        )
    name = values[names.index(ID_COLUMN)]
    if not name:
        return "Raden saknar id. Skriv ett id."
    if name in seen:
        return f"Id ”{name}” finns på en tidigare rad. Ge varje rad ett eget id."
    return ""


def _row_score(scorer: Scorer, name: str, cells: dict[str, str]) -> RowScore:
    answers = {question: _answer(value) for question, value in cells.items() if value}
    outcome = scorer.score(answers)
    if isinstance(outcome, NoLevel):
        status = RowStatus.INCOMPLETE if outcome.is_only_incomplete else RowStatus.FAULT
        message = " ".join(reason.message for reason in outcome.reasons)
        return RowScore(name, status, message)
    return RowScore(
        name,
        RowStatus.OK,
        " ".join(_note(item) for item in outcome.not_counted if item.answer),
        outcome.level,
        outcome.price_level,
        number_text(outcome.points),
        number_text(outcome.maximum),
    )


def _answer(value: str) -> str:
    folded = value.casefold()
    return folded if folded in {NOT_RELEVANT, NOT_ASSESSED} else value


def _note(item: Uncounted) -> str:
    return f"Frågan ”{item.question}” räknas inte: {_WHY[item.why.value]}."


_WHY = {
    "hidden": "den ställs inte vid de här svaren",
    "irrelevant": "den är ej relevant",
    "optional": "den är inte besvarad",
}
