"""Changing providers, units, contracts and capacity; profiles stand in profiling."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lovdv import audit
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import swedish_key
from lovdv.placements.operations import follow_contract
from lovdv.providers.capacity import room
from lovdv.providers.capacity_changes import coming_ceilings, has_ceilings
from lovdv.providers.models import Contract, ContractUnit, Provider, Unit
from lovdv.providers.terms import Terms
from lovdv.systems.models import ChoiceSystem, Municipality


def register_provider(
    *, name: str, organisation_number: str, counterpart: str, email: str, phone: str
) -> Provider:
    """A new provider, or the known one whose number and name are the same.

    Another name for a known number is refused: one of them is wrong, and the
    provider may be another municipality's too.
    """
    found = db.session.scalars(
        select(Provider).where(Provider.organisation_number == organisation_number)
    ).first()
    if found is not None:
        if swedish_key(found.name) != swedish_key(name):
            raise Refused(
                f"Organisationsnumret finns redan, med namnet {found.name}. Skriv det "
                "namnet om det är samma utförare, eller rätta numret.",
                "name",
            )
        return found
    new = Provider(
        name=name,
        organisation_number=organisation_number,
        counterpart=counterpart,
        email=email,
        phone=phone,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("provider.register", object=new.public_id)
    return new


def require_tended(provider: Provider, municipality_id: int) -> None:
    """What a shared provider and its units are like is for one municipality to write.

    It is the municipality whose contract with the provider began first.
    """
    first = db.session.execute(
        select(Municipality.id, Municipality.name)
        .join(ChoiceSystem, ChoiceSystem.municipality_id == Municipality.id)
        .join(Contract, Contract.choice_system_id == ChoiceSystem.id)
        .where(Contract.provider_id == provider.id)
        .order_by(Contract.first_day, Contract.id)
        .limit(1)
    ).first()
    if first is not None and first.id != municipality_id:
        raise Refused(
            f"Utföraren har avtal med {first.name} sedan tidigare, och uppgifterna "
            "är gemensamma. Be systemledaren där att ändra dem."
        )


def change_provider(provider: Provider, values: Mapping[str, object]) -> None:
    _change("provider.change", provider, values)


def sign_contract(
    *, choice_system_id: int, provider: Provider, terms: Terms
) -> Contract:
    """A new contract between the provider and the choice system."""
    _lock(db.session, provider)
    new = Contract(choice_system_id=choice_system_id, provider_id=provider.id)
    _apply(new, terms)
    _check_terms(new)
    db.session.add(new)
    db.session.flush()
    audit.change("contract.sign", object=new.public_id, after=vars(terms))
    return new


def change_contract(contract: Contract, terms: Terms) -> None:
    _lock(db.session, contract.provider)
    before = {name: getattr(contract, name) for name in vars(terms)}
    _apply(contract, terms)
    _check_terms(contract)
    _check_covered(contract)
    db.session.flush()
    follow_contract(contract=contract)
    audit.change(
        "contract.change", object=contract.public_id, before=before, after=vars(terms)
    )


def _apply(contract: Contract, terms: Terms) -> None:
    for name, value in vars(terms).items():
        setattr(contract, name, value)


def _check_terms(contract: Contract) -> None:
    end = contract.end_day
    if contract.signed_on > contract.first_day:
        raise Refused(
            "Avtalet måste vara undertecknat innan det börjar gälla. "
            "Rätta dagen för underskrift eller första dag.",
            "signed_on",
        )
    if end is not None and end <= contract.first_day:
        raise Refused("Sista dag kan inte vara före första dag.", "last_day")
    with db.session.no_autoflush:
        _check_overlap(contract)
        _check_default(contract)


def _others(contract: Contract) -> list[Contract]:
    """The system's other contracts whose days meet this one's."""
    rows = db.session.scalars(
        select(Contract).where(
            Contract.choice_system_id == contract.choice_system_id,
            Contract.id != (contract.id or 0),
        )
    )
    return [other for other in rows if _meet(other, contract)]


def _meet(one: Contract, other: Contract) -> bool:
    return (one.end_day is None or one.end_day > other.first_day) and (
        other.end_day is None or other.end_day > one.first_day
    )


def _check_overlap(contract: Contract) -> None:
    for other in _others(contract):
        if other.provider_id == contract.provider_id:
            raise Refused(
                f"Utföraren har redan avtal {other.number} från "
                f"{day_text(other.first_day)} som gäller samma dagar. "
                "Avsluta det först, eller ändra dagarna.",
                "first_day",
            )


def _check_default(contract: Contract) -> None:
    if not contract.is_default:
        return
    if contract.regi != "intern":
        raise Refused(
            "Den som inte väljer får plats hos kommunens egen regi. "
            "Kryssa inte i rutan för en extern utförare.",
            "is_default",
        )
    for other in _others(contract):
        if other.is_default:
            raise Refused(
                f"Avtal {other.number} tar redan emot dem som inte väljer. "
                "Bara en utförare i taget kan göra det.",
                "is_default",
            )


def _check_covered(contract: Contract) -> None:
    for covered in contract.covered:
        if covered.first_day < contract.first_day:
            raise Refused(
                f"{covered.unit.name} ingår från {day_text(covered.first_day)}. "
                "Avtalet kan inte börja senare än så.",
                "first_day",
            )


def open_unit(
    *, contract: Contract, first_day: date, values: Mapping[str, object]
) -> Unit:
    """A new unit under the contract, with its permit."""
    if first_day < contract.first_day:
        raise Refused(
            f"Avtalet gäller från {day_text(contract.first_day)}. "
            "Verksamheten kan inte ingå tidigare.",
            "first_day",
        )
    unit = Unit(
        provider_id=contract.provider_id,
        first_day=first_day,
        sort_key=swedish_key(str(values["name"])),
        **values,
    )
    db.session.add(unit)
    db.session.flush()
    db.session.add(
        ContractUnit(contract_id=contract.id, unit_id=unit.id, first_day=first_day)
    )
    db.session.flush()
    audit.change("unit.open", object=unit.public_id)
    return unit


def change_unit(unit: Unit, values: Mapping[str, object]) -> None:
    maximum = values["permit_maximum"]
    assert isinstance(maximum, int)
    highest = max(
        [*room(unit, today()).ceilings.values(), *coming_ceilings(unit)], default=0
    )
    if maximum < unit.permit_maximum and highest > maximum and has_ceilings(unit):
        raise Refused(
            f"Taket är {highest} platser som mest. "
            "Sänk först taket, sedan tillståndet.",
            "permit_maximum",
        )
    _change("unit.change", unit, values)
    unit.sort_key = swedish_key(unit.name)


def cover(contract: Contract, unit: Unit, *, first_day: date) -> ContractUnit:
    """Let the contract cover a unit that the provider already has."""
    if unit.provider_id != contract.provider_id:
        raise Refused("Verksamheten hör till en annan utförare.", "unit")
    if first_day < contract.first_day:
        raise Refused(
            f"Avtalet gäller från {day_text(contract.first_day)}. Välj en senare dag.",
            "first_day",
        )
    new = ContractUnit(contract_id=contract.id, unit_id=unit.id, first_day=first_day)
    db.session.add(new)
    db.session.flush()
    follow_contract(contract=contract)
    audit.change("contract.cover", object=contract.public_id)
    return new


def end_cover(covered: ContractUnit, *, end_day: date) -> None:
    if end_day <= covered.first_day:
        raise Refused(
            f"Verksamheten ingår från {day_text(covered.first_day)}. "
            "Sista dag kan inte vara före det.",
            "last_day",
        )
    covered.end_day = end_day
    db.session.flush()
    follow_contract(contract=covered.contract)
    audit.change("contract.uncover", object=covered.public_id)


def leave_choice(
    covered: ContractUnit, *, closed_from: date | None, end_day: date | None
) -> None:
    """A unit leaves: closed for choice from a day, covered until another. Or it stays.

    `closed_from` None opens it again.
    """
    before = {"closed_from": covered.closed_from, "end": covered.end_day}
    covered.closed_from, covered.end_day = closed_from, end_day
    db.session.flush()
    follow_contract(contract=covered.contract)
    after = {"closed_from": closed_from, "end": end_day}
    audit.change("contract.leave", object=covered.public_id, before=before, after=after)


def hold_provider(provider: Provider) -> None:
    """One at a time changes what the provider's contracts cover."""
    _lock(db.session, provider)


def _lock(session: Session, provider: Provider) -> None:
    """Contracts of one provider are checked one at a time."""
    session.execute(
        select(Provider.id).where(Provider.id == provider.id).with_for_update()
    )


def _change(action: str, row: Provider | Unit, values: Mapping[str, object]) -> None:
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    audit.change(action, object=row.public_id, before=before, after=values)
