"""What is told of each payee when a run is checked, and what has been decided since."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from lovdv.controls.models import RunTerms
from lovdv.extensions import db
from lovdv.formats import day, last_day
from lovdv.payouts.models import PaymentRun
from lovdv.prices.models import PriceList
from lovdv.providers.models import Contract, ContractUnit, Provider, Unit
from lovdv.systems.models import Rule
from payments import Ref
from payments.amount_controls import Superseded, Terms

COUNTERPARTS = {
    "company": "företag",
    "association": "förening",
    "municipality": "kommun",
    "own": "egen regi",
}
RULES = {"payment": "Ersättningsregeln", "attendance": "Regeln om närvaro"}


def current(choice_system_id: int) -> list[Terms]:
    """Each contract as it stands now."""
    units = _units(choice_system_id)
    rows = db.session.execute(
        select(Contract, Provider)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(Contract.choice_system_id == choice_system_id)
        .order_by(Contract.id)
    )
    return [
        Terms(
            contract.id,
            provider.name,
            {
                "namn": provider.name,
                "organisationsnummer": provider.organisation_number,
                "motpart": COUNTERPARTS.get(provider.counterpart, provider.counterpart),
                "leverantörsnummer": contract.supplier_number,
                "konto": contract.account,
                "beställarreferens": contract.order_reference,
                "momsersättning": "ja" if contract.vat_compensation else "nej",
                "regi": contract.regi,
                "avtal från": day(contract.first_day),
                "avtal till och med": last_day(contract.end_day),
                **units.get(contract.id, {}),
            },
        )
        for contract, provider in rows
    ]


def _units(choice_system_id: int) -> dict[int, dict[str, str]]:
    """By contract: each unit it covers, with its permit."""
    rows = db.session.execute(
        select(ContractUnit, Unit)
        .join(Unit, Unit.id == ContractUnit.unit_id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(Contract.choice_system_id == choice_system_id)
        .order_by(ContractUnit.contract_id, Unit.sort_key, ContractUnit.first_day)
    )
    found: dict[int, dict[str, str]] = {}
    for covered, unit in rows:
        told = (
            f"från {covered.first_day} till och med {last_day(covered.end_day)}, "
            f"tillstånd {unit.permit_number} för {unit.permit_maximum}"
        )
        units = found.setdefault(covered.contract_id, {})
        name = f"enhet {unit.name}"
        units[name] = f"{units[name]}; {told}" if name in units else told
    return found


def keep(run: PaymentRun, terms: Sequence[Terms]) -> None:
    db.session.add_all(
        RunTerms(run_id=run.id, contract_id=one.contract, name=one.name, told=one.told)
        for one in terms
    )
    db.session.flush()


def kept(run: PaymentRun) -> dict[Ref, Terms]:
    rows = db.session.scalars(select(RunTerms).where(RunTerms.run_id == run.id))
    return {row.contract_id: Terms(row.contract_id, row.name, row.told) for row in rows}


def decided_since(run: PaymentRun, before: PaymentRun) -> list[Superseded]:
    """Price lists and rules decided after the booked run before, as known by this."""
    lists = db.session.execute(
        select(PriceList.name, PriceList.first_day)
        .where(
            PriceList.choice_system_id == run.choice_system_id,
            PriceList.decided_at > before.known_at,
            PriceList.decided_at <= run.known_at,
        )
        .order_by(PriceList.first_day, PriceList.id)
    )
    rules = db.session.execute(
        select(Rule.key, Rule.first_day)
        .where(
            Rule.choice_system_id == run.choice_system_id,
            Rule.key.in_(RULES),
            Rule.decided_at > before.known_at,
            Rule.decided_at <= run.known_at,
        )
        .order_by(Rule.first_day, Rule.id)
    )
    return [
        *(Superseded(f"Prislistan {name}", first) for name, first in lists),
        *(Superseded(RULES[key], first) for key, first in rules),
    ]


def ended(choice_system_id: int) -> dict[Ref, tuple[str, date]]:
    """By contract: name and last day of providers whose contracts have all an end."""
    ends = (
        select(Contract.provider_id, func.max(Contract.end_day).label("end"))
        .where(Contract.choice_system_id == choice_system_id)
        .group_by(Contract.provider_id)
        .having(func.count() == func.count(Contract.end_day))
        .subquery()
    )
    rows = db.session.execute(
        select(Contract.id, Provider.name, ends.c.end)
        .join(ends, ends.c.provider_id == Contract.provider_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(Contract.choice_system_id == choice_system_id)
    )
    return {ref: (name, end - date.resolution) for ref, name, end in rows}
