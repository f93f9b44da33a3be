"""Reading picture sets: which is in use, its pictures, and who made them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer

from lovdv.extensions import db
from lovdv.providers.models import Unit
from lovdv.providers.queries import offered, published
from lovdv.reading.models import Symbol, SymbolSet
from lovdv.reading.words import WORDS
from lovdv.systems.models import Municipality
from lovdv.systems.queries import systems_of


@dataclass(frozen=True)
class Credit:
    """Who made a picture, and on what terms it is shown."""

    key: str
    word: str
    licence: str
    author: str
    source: str
    symbol: Symbol | None = None


def sets_of(municipality_id: int) -> Sequence[SymbolSet]:
    return db.session.scalars(
        select(SymbolSet)
        .where(SymbolSet.municipality_id == municipality_id)
        .options(selectinload(SymbolSet.symbols))
        .order_by(SymbolSet.read_at.desc(), SymbolSet.id.desc())
    ).all()


def set_of(municipality_id: int, public_id: str) -> SymbolSet:
    """A set of the municipality, else NoResultFound (404)."""
    return db.session.scalars(
        select(SymbolSet)
        .where(
            SymbolSet.municipality_id == municipality_id,
            SymbolSet.public_id == public_id,
        )
        .options(selectinload(SymbolSet.symbols))
    ).one()


def set_used(municipality_id: int) -> SymbolSet | None:
    return db.session.scalars(
        select(SymbolSet).where(
            SymbolSet.municipality_id == municipality_id, SymbolSet.status == "used"
        )
    ).one_or_none()


def symbols_used(municipality_id: int) -> Mapping[str, str]:
    """The public id of each picture in the set in use, by its key."""
    rows = db.session.execute(
        select(Symbol.key, Symbol.public_id)
        .join(Symbol.symbol_set)
        .where(SymbolSet.municipality_id == municipality_id, SymbolSet.status == "used")
    )
    return {row.key: row.public_id for row in rows}


def shown_symbol(public_id: str) -> Symbol:
    """A picture that has been read in, with its file; a draft's is not found."""
    return db.session.scalars(
        select(Symbol)
        .join(Symbol.symbol_set)
        .where(Symbol.public_id == public_id, SymbolSet.status != "draft")
        .options(undefer(Symbol.content))
    ).one()


def own_symbol(municipality_id: int, public_id: str) -> Symbol:
    """A picture of the municipality's own, a draft's too, with its file."""
    return db.session.scalars(
        select(Symbol)
        .join(Symbol.symbol_set)
        .where(
            Symbol.public_id == public_id, SymbolSet.municipality_id == municipality_id
        )
        .options(undefer(Symbol.content))
    ).one()


def only_municipality() -> Municipality | None:
    """The municipality whose pages these are, when there is one."""
    found = db.session.scalars(select(Municipality).limit(2)).all()
    return found[0] if len(found) == 1 else None


def credits_of(municipality_id: int | None) -> list[Credit]:
    """Every picture that the pages can show, with who made it: own sets first."""
    own = [
        Credit(each.key, each.word, each.licence, each.author, each.source, each)
        for each in _own_symbols(municipality_id)
    ]
    return own + [
        Credit(key, word, "CC BY-SA 4.0", "OpenMoji", "https://openmoji.org")
        for key, word in WORDS.items()
    ]


def _own_symbols(municipality_id: int | None) -> Sequence[Symbol]:
    return db.session.scalars(
        select(Symbol)
        .join(Symbol.symbol_set)
        .where(SymbolSet.municipality_id == municipality_id, SymbolSet.status == "used")
        .order_by(Symbol.key)
    ).all()


def without_easy(municipality_id: int, on: date) -> list[Unit]:
    """The units that can be chosen and have published no easy read of their own."""
    units = {
        each.unit.id: each.unit
        for system in systems_of(municipality_id)
        for each in offered(system.id, on)
    }
    shown = published(list(units))
    return [
        unit
        for unit in units.values()
        if unit.id not in shown or not shown[unit.id].easy_text
    ]
