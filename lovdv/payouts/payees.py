"""Whom a contract's lines are paid to, kept as it stood when they were computed."""

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from sqlalchemy import select

from lovdv.extensions import db
from lovdv.payouts.models import Payee
from lovdv.providers.models import Contract, Provider


@dataclass(frozen=True)
class PaidTo:
    """What the finance file says of the one who is paid."""

    contract_id: int
    provider_id: int
    name: str
    organisation_number: str
    counterpart: str
    supplier_number: str
    order_reference: str
    account: str
    vat_compensation: bool

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()


def paid_to(choice_system_id: int) -> Mapping[int, PaidTo]:
    """By contract, as its contract and provider stand now."""
    rows = db.session.execute(
        select(
            Contract.id,
            Provider.id,
            Provider.name,
            Provider.organisation_number,
            Provider.counterpart,
            Contract.supplier_number,
            Contract.order_reference,
            Contract.account,
            Contract.vat_compensation,
        )
        .join(Provider, Provider.id == Contract.provider_id)
        .where(Contract.choice_system_id == choice_system_id)
        .order_by(Contract.id)
    )
    return {row[0]: PaidTo(*row) for row in rows}


def kept(asked: Mapping[int, PaidTo]) -> dict[int, int]:
    """By contract, the id of the payee row that says this; made where none does."""
    rows = db.session.execute(
        select(Payee.contract_id, Payee.digest, Payee.id).where(
            Payee.contract_id.in_(asked)
        )
    )
    known = {(row.contract_id, row.digest): row.id for row in rows}
    return {
        contract: known.get((contract, one.digest)) or _added(one)
        for contract, one in asked.items()
    }


def _added(one: PaidTo) -> int:
    new = Payee(digest=one.digest, **vars(one))
    db.session.add(new)
    db.session.flush()
    return new.id
