"""The letters of the month grid: what a municipality calls each, and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lovdv.extensions import db
from lovdv.placements.models import AbsenceCode
from payments.calendar import ATTENDED, CLOSED, EFFECTS, EXTRA, NAMES

HERE = (ATTENDED, EXTRA)
FIXED = (ATTENDED, EXTRA, CLOSED)
LETTERS = {effect: letter for letter, effect in EFFECTS.items()}
STANDS = "."
"""In an open month: the plan stands."""


@dataclass(frozen=True)
class Code:
    letter: str
    name: str
    effect: str


def codes_of(choice_system_id: int, on: date) -> tuple[Code, ...]:
    """The letters in use on a day: the municipality's own, or those of the engine."""
    fixed = [Code(letter, NAMES[EFFECTS[letter]], EFFECTS[letter]) for letter in FIXED]
    own = _decided(choice_system_id, on)
    if own:
        return (*fixed, *own)
    rest = [letter for letter in EFFECTS if letter not in FIXED]
    return (*fixed, *(Code(n, NAMES[EFFECTS[n]], EFFECTS[n]) for n in rest))


def _decided(choice_system_id: int, on: date) -> list[Code]:
    rows = db.session.scalars(
        select(AbsenceCode)
        .where(
            AbsenceCode.choice_system_id == choice_system_id,
            AbsenceCode.first_day <= on,
            AbsenceCode.code.not_in(FIXED),
        )
        .order_by(AbsenceCode.first_day, AbsenceCode.id)
    )
    latest = {row.code: Code(row.code, row.name, row.effect) for row in rows}
    return [latest[letter] for letter in sorted(latest)]


def to_engine(choice_system_id: int, on: date) -> Mapping[int, str]:
    """How to translate the municipality's letters to the engine's; empty: the same."""
    own = _decided(choice_system_id, on)
    return {
        ord(code.letter): LETTERS[code.effect]
        for code in own
        if code.letter != LETTERS[code.effect]
    }
