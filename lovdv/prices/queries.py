"""Reading price lists and what they must hold."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.needs.models import InstrumentVersion, Level
from lovdv.prices.models import PriceDraft, PriceList
from lovdv.systems.models import ChoiceSystem


def price_lists(actor: Actor) -> Sequence[PriceList]:
    return db.session.scalars(
        _in_municipality(select(PriceList), PriceList.choice_system_id, actor).order_by(
            PriceList.first_day.desc(), PriceList.revision.desc()
        )
    ).all()


def price_list(actor: Actor, public_id: str) -> PriceList:
    return db.session.scalars(
        _in_municipality(select(PriceList), PriceList.choice_system_id, actor).where(
            PriceList.public_id == public_id
        )
    ).one()


def list_before(choice_system_id: int, first_day: date) -> PriceList | None:
    """The list in force when another takes over on that day."""
    return _latest(choice_system_id, PriceList.first_day < first_day)


def list_on(choice_system_id: int, first_day: date) -> PriceList | None:
    """The latest revision of the list with that very first day."""
    return _latest(choice_system_id, PriceList.first_day == first_day)


def list_in_force(choice_system_id: int, on: date) -> PriceList | None:
    return _latest(choice_system_id, PriceList.first_day <= on)


def _latest(choice_system_id: int, which: ColumnElement[bool]) -> PriceList | None:
    return db.session.scalars(
        select(PriceList)
        .where(PriceList.choice_system_id == choice_system_id, which)
        .order_by(PriceList.first_day.desc(), PriceList.revision.desc())
        .limit(1)
    ).first()


def drafts(actor: Actor) -> Sequence[PriceDraft]:
    query = _in_municipality(select(PriceDraft), PriceDraft.choice_system_id, actor)
    return db.session.scalars(query.order_by(PriceDraft.id)).all()


def draft(actor: Actor, public_id: str) -> PriceDraft:
    query = _in_municipality(select(PriceDraft), PriceDraft.choice_system_id, actor)
    return db.session.scalars(query.where(PriceDraft.public_id == public_id)).one()


def proposal(actor: Actor, public_id: str) -> PriceDraft:
    """A draft that an index made of a decided list."""
    return _draft_where(actor, public_id, PriceDraft.proposed_from_id.is_not(None))


def uploaded(actor: Actor, public_id: str) -> PriceDraft:
    """A draft that came as a file."""
    return _draft_where(actor, public_id, PriceDraft.proposed_from_id.is_(None))


def _draft_where(
    actor: Actor, public_id: str, which: ColumnElement[bool]
) -> PriceDraft:
    query = _in_municipality(select(PriceDraft), PriceDraft.choice_system_id, actor)
    found = query.where(PriceDraft.public_id == public_id, which)
    return db.session.scalars(found).one()


def published_instruments(choice_system_id: int) -> Sequence[InstrumentVersion]:
    return db.session.scalars(
        select(InstrumentVersion)
        .where(
            InstrumentVersion.choice_system_id == choice_system_id,
            InstrumentVersion.status == "published",
        )
        .order_by(InstrumentVersion.first_day, InstrumentVersion.id)
    ).all()


def established_price_levels(choice_system_id: int) -> Sequence[str]:
    return db.session.scalars(
        select(Level.price_level)
        .where(Level.choice_system_id == choice_system_id)
        .distinct()
        .order_by(Level.price_level)
    ).all()


def _in_municipality(query: Select[Any], system: Any, actor: Actor) -> Select[Any]:
    return query.join(ChoiceSystem, ChoiceSystem.id == system).where(
        ChoiceSystem.municipality_id == actor.municipality_id
    )
