"""Reading the runs that are kept, within the actor's municipality."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.needs.consequence_models import Consequence
from lovdv.needs.models import InstrumentVersion
from lovdv.systems.models import ChoiceSystem


def _kept(actor: Actor) -> Select[tuple[Consequence]]:
    return (
        select(Consequence)
        .join(ChoiceSystem, ChoiceSystem.id == Consequence.choice_system_id)
        .where(ChoiceSystem.municipality_id == actor.municipality_id)
        .options(
            joinedload(Consequence.instrument_version), joinedload(Consequence.made_by)
        )
        .order_by(Consequence.id.desc())
    )


def kept(actor: Actor) -> Sequence[Consequence]:
    """Every run, the latest first."""
    return db.session.scalars(_kept(actor)).all()


def kept_of(actor: Actor, version: InstrumentVersion) -> Sequence[Consequence]:
    """The runs of one version, the latest first."""
    return db.session.scalars(
        _kept(actor).where(Consequence.instrument_version_id == version.id)
    ).all()


def consequence(actor: Actor, public_id: str) -> Consequence:
    """One of the municipality's own; else NoResultFound (404)."""
    return db.session.scalars(
        _kept(actor).where(Consequence.public_id == public_id)
    ).one()
