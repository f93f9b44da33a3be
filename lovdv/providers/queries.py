"""Reading providers, units, contracts and profiles."""

from collections.abc import Sequence

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.extensions import db
from lovdv.providers.models import Contract, ContractUnit, Unit
from lovdv.start import Waiting
from lovdv.systems.models import ChoiceSystem


def units_in(municipality_id: int) -> Sequence[Unit]:
    """Every unit that a contract of the municipality covers or has covered."""
    covered = (
        select(ContractUnit.unit_id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .join(ChoiceSystem, ChoiceSystem.id == Contract.choice_system_id)
        .where(ChoiceSystem.municipality_id == municipality_id)
    )
    return db.session.scalars(
        select(Unit).where(Unit.id.in_(covered)).order_by(Unit.sort_key)
    ).all()


def waiting(actor: Actor) -> Sequence[Waiting]:
    """What waits for this person on the start page."""
    return ()
